"""The desk of answers: several at once, two people at once, what was typed is kept."""

import datetime
import re

import pytest
from django.urls import reverse

from bulletins.models import Case, CaseResult, HandOver, Response, WillTry
from bulletins.response_desk import response_items
from network.permissions import managed_distributors
from tests.bulletins.responding import in_days, make_response
from tests.bulletins.stories import make_whole_story
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing

pytestmark = pytest.mark.django_db

DESK = "/en/desk/responses/"


@pytest.fixture
def firm():
    return make_distributor()


@pytest.fixture
def manager(client, firm):
    person = make_user("manager", distributor=firm, first_name="Omar", last_name="Saleh")
    client.force_login(person)
    return person


def released(count: int = 1, month: int = 10) -> list[Case]:
    cases = [make_case(published=True, title=f"Story {month} {n}") for n in range(count)]
    make_issue(datetime.date(2026, month, 1), cases=tuple(cases), released=True)
    return cases


def name(firm, case) -> str:
    return f"{firm.pk}-{case.number}"


def typed(firm, case, choice: str, **more) -> dict:
    return {
        f"{name(firm, case)}-{key}": value for key, value in (more | {"choice": choice}).items()
    }


def test_all_open_ones_stand_there_and_are_saved_together(client, firm, manager):
    one, two, three = released(3)
    page = client.get(DESK).content.decode()
    assert re.findall(r'id="h-([\d-]+)"', page) == [name(firm, case) for case in (one, two, three)]
    data = typed(firm, one, "already") | typed(
        firm, two, "adopting", until=in_days(30).isoformat(), who="Lina"
    )
    answer = client.post(DESK, data)
    assert answer.status_code == 302
    said = Response.objects.order_by("case__number").values_list("choice", "who", "via", "by")
    assert list(said) == [
        ("already", "", "desk", manager.pk),
        ("adopting", "Lina", "desk", manager.pk),
    ]
    page = client.get(DESK).content.decode()
    assert re.findall(r'id="h-([\d-]+)"', page) == [name(firm, three)]
    assert "2 answers saved." in page


def test_what_lacks_something_stays_with_its_words_and_the_rest_is_saved(client, firm, manager):
    one, two = released(2)
    data = typed(firm, one, "not_for_us", words="Too hot here") | typed(firm, two, "already")
    answer = client.post(DESK, data)
    assert answer.status_code == 422
    assert "Too hot here" in answer.content.decode()
    assert "Choose a reason." in answer.content.decode()
    assert [found.case for found in Response.objects.all()] == [two]


def test_several_at_once_with_one_reason(client, firm, manager):
    cases = released(3)
    data = {"pick": [name(firm, case) for case in cases[:2]], "together": "1"}
    missing = client.post(DESK, data)
    assert missing.status_code == 422
    assert missing.content.decode().count(" checked") >= 2
    assert client.post(DESK, {"together": "1", "all-choice": "already"}).status_code == 422
    data |= {"all-choice": "not_for_us", "all-reason": "rules", "all-words": "Import law"}
    assert client.post(DESK, data).status_code == 302
    said = Response.objects.order_by("case__number").values_list("case", "reason", "words")
    assert list(said) == [(case.pk, "rules", "Import law") for case in cases[:2]]


def test_the_later_of_two_sees_the_newer_and_may_save_over_it(client, firm, manager):
    [case] = released()
    make_response(case, firm, choice="adopted", by=make_user(first_name="Lina"))
    data = typed(firm, case, "on_hold", until=in_days(9).isoformat(), seen="0")
    answer = client.post(DESK, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Adopted as it is" in page
    assert "Lina" in page
    assert Response.objects.get().choice == "adopted"
    seen = re.search(rf'name="{name(firm, case)}-seen" value="(\d+)"', page)[1]
    client.post(DESK, data | {f"{name(firm, case)}-seen": seen})
    assert Response.objects.get().choice == "on_hold"


def test_a_story_taken_back_and_one_of_nobody_are_told_calmly(client, firm, manager):
    [case] = released()
    draft = make_case(title="Secret draft")
    Case.objects.filter(pk=case.pk).update(is_published=False, stage="withdrawn")
    data = typed(firm, case, "adopted") | typed(firm, draft, "adopted")
    data |= {f"{firm.pk}-2026-9999-choice": "adopted", "nonsense-choice": "adopted"}
    page = client.post(DESK, data, follow=True).content.decode()
    assert "3 stories need no answer of yours any more" in page
    assert "Secret draft" not in page
    assert not Response.objects.exists()


def test_answers_for_a_firm_of_others_are_passed_over(client, firm, manager):
    [case] = released()
    other = make_distributor()
    client.post(DESK, typed(other, case, "adopted"))
    assert not Response.objects.exists()


def test_whoever_answers_sees_how_many_will_try(client, firm, manager):
    [case] = released()
    for person in (make_user(distributor=firm), make_user(distributor=make_distributor())):
        WillTry.objects.create(user=person, case=case, note="private words")
    page = client.get(DESK).content.decode()
    assert "2 readers will try it" in page
    assert "1 of them at your distributor" in page
    assert "private words" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_desk_do_not_grow(
    client, firm, manager, count, django_assert_max_num_queries
):
    released(count)
    client.get(DESK)
    with django_assert_max_num_queries(29):
        client.get(DESK)


def test_one_story_answer_change_history_and_hand_over(client, firm, manager):
    [case] = released()
    url = reverse("response", args=[firm.pk, case.number])
    assert client.post(url, {}).status_code == 422
    client.post(url, typed(firm, case, "already", seen="0") | {"answer": "1"})
    changed = typed(firm, case, "adapted", seen="1", words="Two looks") | {"answer": "1"}
    assert client.post(url, changed).status_code == 302
    page = client.get(url).content.decode()
    assert page.count("Two looks") >= 2
    assert page.index("Adopted and adapted") < page.rindex("We already do it")
    colleague = make_user(distributor=firm, first_name="Lina", last_name="Haddad")
    hand = {"hand": "1", "hand-to": colleague.pk, "hand-until": in_days(4).isoformat()}
    assert "Handed to Lina Haddad." in client.post(url, hand, follow=True).content.decode()
    assert HandOver.objects.open().get().to == colleague
    assert client.post(url, hand | {"hand-until": "2020-01-01"}).status_code == 422
    client.post(url, {"back": "1"})
    assert not HandOver.objects.open().exists()


def test_results_are_typed_as_the_language_writes_them(client, firm, manager):
    case = make_whole_story("en", audience="network")
    make_issue(cases=(case,), released=True)
    key = str(case.source_page().results[0].value["measure_key"])
    CaseResult.objects.create(case=case, measure_key=key, unit="%", before=61, after=93)
    make_response(case, firm, by=manager)
    data = {
        "report": "1",
        "results-seen": "1",
        f"results-before-{key}": "1.200,5",
        f"results-after-{key}": "x",
        f"results-after_on-{key}": in_days(-3).isoformat(),
    }
    url = f"/de/desk/responses/{firm.pk}/{case.number}/"
    wrong = client.post(url, data)
    assert wrong.status_code == 422
    assert "1.200,5" in wrong.content.decode()
    assert client.post(url, data | {f"results-after-{key}": "1.000"}).status_code == 302
    result = Response.objects.get().results.get()
    assert (result.before, result.after, result.unit) == (1200.5, 1000, "%")


def test_the_firm_reads_and_strangers_find_nothing(client, firm):
    [case] = released()
    make_response(case, firm, choice="not_for_us", reason="market", words="our secret reason")
    url = reverse("response", args=[firm.pk, case.number])
    client.force_login(make_user(distributor=firm))
    page = client.get(url).content.decode()
    assert "our secret reason" in page
    assert 'name="answer"' not in page
    client.force_login(make_user("manager", distributor=make_distributor()))
    assert client.get(url).status_code == 404
    assert client.post(url, typed(firm, case, "adopted") | {"answer": "1"}).status_code == 404


def test_the_desk_counts_what_waits(client, firm, manager):
    released(3)
    page = client.get("/en/desk/").content.decode()
    assert "3 stories wait for your distributor’s answer." in page


def test_a_reader_marks_and_keeps_a_note(client, firm):
    [case] = released()
    reader = make_user(distributor=firm)
    client.force_login(reader)
    url = reverse("story_try", args=[case.number])
    page = client.post(url, {"note": "After the summer"}, follow=True).content.decode()
    assert "After the summer" in page
    assert "1 reader will try it." in page
    client.force_login(make_user(distributor=firm))
    assert "After the summer" not in client.get(case.source_page().url).content.decode()
    client.force_login(reader)
    # Browsers count a line's end as one character, and send two.
    long = "Line\r\n" * 334
    refused = client.post(url, {"note": long})
    assert refused.status_code == 422
    assert refused.context["form"]["note"].value() == long
    assert WillTry.objects.get().note == "After the summer"
    client.post(url, {"drop": "1", "note": long})
    assert not WillTry.objects.exists()
    assert not Mailing.objects.exists()


def test_own_tries_stand_with_their_notes_for_oneself_alone(client):
    case, other = make_case(published=True, title="Two looks"), make_case(published=True)
    reader, colleague = make_user(), make_user()
    WillTry.objects.create(user=reader, case=case, note="Ask the parts counter first")
    WillTry.objects.create(user=colleague, case=other, note="Mine alone")
    client.force_login(reader)
    page = client.get("/en/desk/responses/").content.decode()
    assert "Two looks" in page
    assert "Ask the parts counter first" in page
    assert "Mine alone" not in page
    Case.objects.filter(pk=case.pk).update(audience="region")
    assert "Two looks" not in client.get("/en/desk/responses/").content.decode()
    Case.objects.filter(pk=case.pk).update(audience="network", is_published=False)
    assert "Two looks" not in client.get("/en/desk/responses/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_managers_desk_line_takes_two_queries(firm, manager, count, django_assert_num_queries):
    released(count)
    assert managed_distributors(manager) == [firm]
    with django_assert_num_queries(2):
        [line] = response_items(manager)
    assert (line.title, line.minutes) == (firm.name, count)
