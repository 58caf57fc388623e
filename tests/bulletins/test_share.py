"""The share form in a browser without script: from start to submitted, nothing lost."""

import pytest
from django.urls import reverse
from django.utils import translation

from bulletins.models import Case, DraftInput, Stage
from bulletins.parts import PARTS
from bulletins.parts.draft import Draft
from bulletins.transitions import start_case
from tests.bulletins.sharing import part_url, post, write_all
from tests.bulletins.typed import WHOLE
from tests.factories.network import make_membership, make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network

pytestmark = pytest.mark.django_db
TICKS = {"people_agreed": "on", "no_customer_data": "on"}


@pytest.fixture
def net():
    return make_reviewing_network()


@pytest.fixture
def case(net):
    author, firm = make_author("KE")
    return start_case(by=author, distributor=firm, language="en")


@pytest.fixture
def author(client, case):
    client.force_login(case.author)
    return client


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_start_to_submitted_without_script(client, net, language):
    author, firm = make_author("SA")
    client.force_login(author)
    with translation.override(language):
        start = reverse("share_start")
    page = client.get(start)
    assert f'lang="{language}"' in page.text
    answer = client.post(
        start, {"distributor": firm.pk, "language": language, "audience": "network"}
    )
    case = Case.objects.get()
    assert answer.url == part_url(case, "title", language)
    assert (case.source_language, case.audience, case.distributor) == (language, "network", firm)
    for part, following in zip(PARTS, [*PARTS[1:], None], strict=True):
        assert client.get(part_url(case, part, language)).status_code == 200
        if following:
            answer = post(client, case, part, language=language, **WHOLE[part])
            assert (answer.status_code, answer.get("Location")) == (
                302,
                part_url(case, following, language),
            )
    answer = post(client, case, "check", "submit", language=language, **WHOLE["check"], **TICKS)
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.AREA_REVIEW, net["leads"]["saudi-arabia"])
    assert client.get(answer.url).status_code == 200


def test_a_story_is_never_public_from_the_start(author, case):
    firm = case.distributor
    data = {"distributor": firm.pk, "language": "en", "audience": "public"}
    answer = author.post(reverse("share_start"), data)
    assert answer.status_code == 422
    assert Case.objects.count() == 1


def test_one_starts_for_ones_own_firms_only(author, case, net):
    other = net["leads"]["germany"].memberships.get().distributor
    data = {"distributor": other.pk, "language": "en", "audience": "network"}
    assert author.post(reverse("share_start"), data).status_code == 422
    make_membership(case.author, other)
    assert author.post(reverse("share_start"), data).status_code == 302


def test_who_belongs_to_no_firm_is_told_so(client):
    client.force_login(make_user())
    assert "You belong to no distributor yet" in client.get(reverse("share_start")).text


def test_fields_are_in_the_storys_language_and_labels_in_the_readers(client, net):
    person, firm = make_author("SA")
    case = start_case(by=person, distributor=firm, language="ar")
    client.force_login(person)
    page = client.get(part_url(case, "title", "en")).text
    assert '<html lang="en" dir="ltr">' in page
    assert 'lang="ar" dir="rtl"' in page.split('id="title"')[0].rsplit("<input", 1)[1] or (
        'lang="ar" dir="rtl"' in page.split('id="title"')[1].split(">")[0]
    )


def test_an_error_stands_at_its_field_and_in_the_summary(author, case):
    answer = post(author, case, "target", **WHOLE["target"] | {"gap-0-start": "thirty"})
    page = answer.text
    assert answer.status_code == 422
    assert '<a href="#gap-0-start">' in page
    control = page.split('id="gap-0-start"')[0].rsplit("<input", 1)[1]
    control += page.split('id="gap-0-start"')[1].split(">")[0]
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="gap-0-start_error"' in control
    assert 'id="gap-0-start_error"' in page
    assert 'value="thirty"' in page  # as typed


def test_nothing_is_validated_before_the_part_is_left(author, case):
    post(author, case, "target", "save", **{"gap-0-start": "thirty"})
    page = author.get(part_url(case, "target")).text
    assert 'value="thirty"' in page
    assert "aria-invalid" not in page


def test_a_part_left_with_errors_is_saved_all_the_same(author, case):
    post(author, case, "causes", **{"causes-0-name": "Nobody owns it"})
    page = Draft(case).page
    assert page.causes[0].value["name"] == "Nobody owns it"


def test_rows_are_added_and_taken_away_by_buttons(author, case):
    name = {"causes-0-name": "First"}
    answer = author.post(part_url(case, "causes"), name | {"version": 0, "add": "causes"})
    assert answer.url == f"{part_url(case, 'causes')}#causes-1"
    page = author.get(part_url(case, "causes")).text
    assert 'name="causes-1-name"' in page
    row_id = DraftInput.objects.get().data["causes-0-id"]
    data = name | {"causes-0-id": row_id, "causes-1-name": "Second"}
    author.post(part_url(case, "causes"), data | {"version": 1, "remove": "causes-0"})
    assert DraftInput.objects.get().data["causes-1-name"] == "Second"
    assert "causes-0-name" not in DraftInput.objects.get().data


def test_an_older_window_is_shown_both_texts_and_loses_none(author, case):
    post(author, case, "title", "save", title="Written in the first window")
    answer = post(author, case, "title", "save", seen=0, title="Written in the second")
    page = answer.text
    assert answer.status_code == 409
    assert page.count("Written in the first window") == 1
    assert page.count("Written in the second") == 2  # in the comparison and in the field
    assert DraftInput.objects.get().data == {"title": "Written in the first window"}
    # Saving again from that page keeps its text.
    assert 'name="version" value="1"' in page
    post(author, case, "title", "save", seen=1, title="Written in the second")
    assert DraftInput.objects.get().data == {"title": "Written in the second"}


def save(client, case, part, seen, **data):
    address = reverse("share_save", args=[case.number, part])
    return client.post(address, data | {"version": seen})


def test_autosave_says_what_became_of_it(author, case):
    answer = save(author, case, "title", 0, title="One")
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    # A device that sends what a button has sent before is told that nothing was new.
    again = save(author, case, "title", 0, title="One")
    assert (answer.json()["new"], again.json()["new"], again.json()["version"]) == (True, False, 1)
    stale = save(author, case, "title", 0, title="Two")
    assert (stale.status_code, stale.json()["version"]) == (409, 1)
    assert "One" in stale.json()["html"]
    assert "Two" in stale.json()["html"]
    assert save(author, case, "nothing", 0).status_code == 404


@pytest.mark.slow
def test_autosave_is_refused_while_a_reviewer_has_it(author, case):
    write_all(author, case)
    post(author, case, "check", "submit", **WHOLE["check"], **TICKS)
    assert save(author, case, "title", 1, title="Late").status_code == 423
    assert save(author, case, "title", 0, **WHOLE["title"]).json()["new"] is False


def test_autosave_of_somebody_signed_out_asks_to_sign_in(client, case):
    assert save(client, case, "title", 0, title="One").status_code == 401
    assert not DraftInput.objects.exists()


def test_words_posted_after_the_sign_in_expired_come_back(client, case):
    answer = post(client, case, "title", title="Typed for an hour")
    assert answer.url == f"{reverse('account_login')}?next={part_url(case, 'title')}"
    password = "correct horse battery staple"
    signed_in = client.post(answer.url, {"login": case.author.email, "password": password})
    assert signed_in.url == part_url(case, "title")
    assert "Typed for an hour" in client.get(signed_in.url).text
    assert DraftInput.objects.get().data == {"title": "Typed for an hour"}


@pytest.mark.slow
@pytest.mark.parametrize("ticks", [{}, {"people_agreed": "on"}, {"no_customer_data": "on"}])
def test_submission_asks_both_ticks(author, case, ticks):
    write_all(author, case)
    answer = post(author, case, "check", "submit", **WHOLE["check"], **ticks)
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.stage == Stage.DRAFT


@pytest.mark.slow
def test_an_incomplete_story_is_not_submitted_and_says_where(author, case):
    write_all(author, case)
    post(author, case, "learned", "save", learned="")
    answer = post(author, case, "check", "submit", **WHOLE["check"], **TICKS)
    assert answer.status_code == 422
    assert f"{part_url(case, 'learned')}?check=1" in answer.text
    assert "Say what you learned." in author.get(f"{part_url(case, 'learned')}?check=1").text


def test_strangers_find_nothing(client, case, net):
    for person in (
        make_user(distributor=case.distributor),
        net["leads"]["south-africa"],
        make_user("manager", distributor=case.distributor),
    ):
        client.force_login(person)
        assert client.get(part_url(case, "title")).status_code == 404
        assert post(client, case, "title", seen=0, title="x").status_code == 404
        assert save(client, case, "title", 0, title="x").status_code == 404
        assert client.get(reverse("case_follow", args=[case.number])).status_code == 404
    assert not DraftInput.objects.exists()


def test_a_co_author_writes_along(client, case):
    person = make_user(distributor=case.distributor)
    case.co_authors.add(person)
    client.force_login(person)
    assert post(client, case, "title", title="Ours").status_code == 422  # the summary is missing
    assert DraftInput.objects.get().by == person


@pytest.mark.slow
def test_submissions_are_limited(author, case, settings):
    settings.SUBMIT_RATE = "1/h"
    write_all(author, case)
    assert post(author, case, "check", "submit", **WHOLE["check"]).status_code == 422
    answer = post(author, case, "check", "submit", **WHOLE["check"], **TICKS)
    assert answer.status_code == 429
    case.refresh_from_db()
    assert case.stage == Stage.DRAFT


def test_only_editors_mark_what_the_source_does_not_record(client, case, net):
    address = reverse("share_archive", args=[case.number])
    data = {"is_archive": "on", "parts": ["learned", "gap"]}
    client.force_login(case.author)
    assert client.post(address, data).status_code == 403
    assert 'name="is_archive"' not in client.get(part_url(case, "check")).text
    client.force_login(net["editors"][0])
    assert 'name="is_archive"' in client.get(part_url(case, "check")).text
    assert client.post(address, data).status_code == 302
    case.refresh_from_db()
    assert (case.is_archive, case.not_recorded) == (True, ["gap", "learned"])
    assert client.post(address, {}).status_code == 302
    case.refresh_from_db()
    assert (case.is_archive, case.not_recorded) == (False, [])


def test_a_part_that_is_too_long_for_the_sheet_is_warned_of(author, case):
    post(author, case, "situation", "save", situation="word " * 200)
    page = author.get(part_url(case, "situation")).text
    assert "200 of about 90 words" in page
    assert '<p class="hint warn" data-over="situation">' in page


@pytest.mark.slow
def test_what_the_print_would_cut_is_told_at_its_part_and_at_the_check(author, case):
    write_all(author, case)
    told = "too long for the one A3 page"
    assert told not in author.get(part_url(case, "did")).text
    post(author, case, "did", "save", **WHOLE["did"] | {"did": "One list, one owner. " * 500})
    assert told in author.get(part_url(case, "did")).text
    assert told not in author.get(part_url(case, "learned")).text
    assert "Too long for the one A3 page" in author.get(part_url(case, "check")).text


def test_the_first_unfinished_part_opens(author, case):
    assert author.get(reverse("share_case", args=[case.number])).url == part_url(case, "title")
    post(author, case, "title", **WHOLE["title"])
    assert author.get(reverse("share_case", args=[case.number])).url == part_url(case, "background")
