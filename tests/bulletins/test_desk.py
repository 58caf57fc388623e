"""The author's desk: what waits, the stories below, the page of one story."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins.desk import consent_items, own_items
from bulletins.models import Case, Stage
from bulletins.timeline import EVENT_WORDS, track
from bulletins.transitions import (
    answer_edit,
    ask_public,
    consent_public,
    decide_case,
    note_edit,
    refuse_public,
    start_case,
    submit_case,
)
from review.models import ReviewNote, WorkingTranslation
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import (
    make_author,
    make_reviewing_network,
    write_story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def net():
    return make_reviewing_network()


@pytest.fixture
def case(net):
    author, firm = make_author("KE")
    case = start_case(by=author, distributor=firm, language="en")
    write_story(case)
    return case


@pytest.fixture
def author(client, case):
    client.force_login(case.author)
    return client


def submit(case):
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)


def publish(case):
    submit(case)
    for _step in range(3):
        decide_case(case, decision="approve", by=case.holder)


def follow(case):
    return reverse("case_follow", args=[case.number])


def whats(user):
    user.__dict__.pop("_standing", None)
    return [
        (str(item.title), str(item.action)) for item in [*own_items(user), *consent_items(user)]
    ]


def test_a_draft_waits_for_its_author_and_co_authors(case):
    other = make_user(distributor=case.distributor)
    case.co_authors.add(other)
    assert whats(case.author) == whats(other) == [("First reply before noon", "Go on writing")]
    assert whats(make_user(distributor=case.distributor)) == []


def test_requested_changes_wait_and_what_a_reviewer_has_does_not(case):
    submit(case)
    assert whats(case.author) == []
    decide_case(case, decision="request_changes", by=case.holder, reason="Which date?")
    assert whats(case.author) == [("First reply before noon", "See the notes")]


def edited(case, net):
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Web enquiries now get a reply the same morning."
    page.save_revision(user=case.holder)
    note_edit(case, page, by=case.holder)


def test_an_edit_waits_until_it_is_answered(case, net, author):
    edited(case, net)
    assert whats(case.author) == [("First reply before noon", "See the change")]
    page = author.get(follow(case)).text
    assert "Web enquiries now get <del>an answer</del> the same morning." in page
    assert "Web enquiries now get <ins>a reply</ins> the same morning." in page
    address = reverse("case_answer_edit", args=[case.number])
    assert author.post(address, {"object": "1", "reason": ""}).status_code == 422
    assert author.post(address, {"agree": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.author_confirm_until is None
    assert whats(case.author) == []


def test_an_objection_needs_no_more_of_the_author(case, net, author):
    edited(case, net)
    answer_edit(case, by=case.author, agrees=False, reason="This is not what we did.")
    assert whats(case.author) == []
    assert "You objected." in author.get(follow(case)).text


def test_consent_waits_for_the_manager_from_the_question_to_the_answer(case, client):
    publish(case)
    manager = make_user("manager", distributor=case.distributor)
    assert whats(manager) == []
    ask_public(case, by=case.author)
    assert whats(manager) == [("First reply before noon", "Read it and decide")]
    assert whats(case.author) == []
    client.force_login(manager)
    assert client.post(reverse("case_public", args=[case.number]), {"answer": "consent"}).url
    case.refresh_from_db()
    assert case.consent_by == manager
    assert whats(manager) == []


def test_a_manager_who_refuses_is_not_asked_again(case):
    publish(case)
    manager = make_user("manager", distributor=case.distributor)
    ask_public(case, by=case.author)
    refuse_public(case, by=manager)
    assert whats(manager) == []
    ask_public(case, by=case.author)
    assert len(whats(manager)) == 1
    consent_public(case, by=manager)
    assert whats(manager) == []


def test_only_the_manager_consents(case, author):
    publish(case)
    for answer in ("consent", "refuse"):
        address = reverse("case_public", args=[case.number])
        assert author.post(address, {"answer": answer}).status_code == 403


@pytest.mark.slow
def test_the_desk_asks_no_more_for_more_stories(client, net):
    author, firm = make_author("KE")
    client.force_login(author)
    until = timezone.now() + timezone.timedelta(days=3)
    ways = [
        {"stage": Stage.DRAFT},
        {"stage": Stage.CHANGES_REQUESTED},
        {"stage": Stage.EDITING, "author_confirm_until": until},
        {"stage": Stage.PUBLISHED, "is_published": True, "author_confirm_until": None},
    ]
    counts = []
    for wanted in (1, 3, 30):
        while Case.objects.count() < wanted:
            start_case(by=author, distributor=firm, language="en")
        asked = []
        for way in ways:
            Case.objects.update(**{"is_published": False} | way)
            client.get(reverse("desk"))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("desk")).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]


def test_what_is_due_comes_first_then_what_waits_longest(client, net):
    author, firm = make_author("KE")
    cases = [start_case(by=author, distributor=firm, language="en") for _n in range(3)]
    day = timezone.timedelta(days=1)
    for place, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(since=timezone.now() - place * day)
    Case.objects.filter(pk=cases[0].pk).update(
        stage=Stage.EDITING, holder=None, author_confirm_until=timezone.now() + day
    )
    client.force_login(author)
    shown = client.get(reverse("desk")).context["items"]
    order = [cases[0], cases[2], cases[1]]
    assert [row["item"].url.split("#")[0].rstrip("/").split("/")[-1] for row in shown] == [
        case.number for case in order
    ]


def test_the_track_says_what_is_done_and_what_comes(case):
    def states():
        return [(s.label, s.state) for s in track(case, list(case.events.all()))]

    assert [state for _l, state in states()] == ["now"] + ["later"] * 5
    submit(case)
    assert [state for _l, state in states()] == ["done", "done", "now", "later", "later", "later"]
    decide_case(case, decision="request_changes", by=case.holder, reason="Why?")
    assert states()[2] == ("Changes requested", "now")
    publish(case)
    assert [state for _l, state in states()] == ["done"] * 5 + ["now"]


def test_every_event_has_its_sentence(case, net):
    """Verbs written by transitions are all known here."""
    import re
    from pathlib import Path

    written = set()
    for path in Path("bulletins/transitions").glob("*.py"):
        written |= set(re.findall(r'verb="(\w+)"', path.read_text()))
    assert written - set(EVENT_WORDS) == set()


def note(case, text, *, anchor="", language="en", sent=True, **fields):
    return ReviewNote.objects.create(
        subject=case,
        text=text,
        anchor=anchor,
        language=language,
        author=fields.pop("author", None) or case.holder or case.author,
        sent_at=timezone.now() if sent else None,
        **fields,
    )


def test_notes_to_the_author_stand_beside_part_and_field(case, net, author):
    lead = net["leads"]["south-africa"]
    page = case.source_page().get_latest_revision_as_object()
    note(case, "Which mailboxes?", anchor=page.background[0].id, author=lead)
    note(case, "Same month?", anchor=page.results[0].value["measure_key"], author=lead)
    note(case, "A fine story.", author=lead)
    note(case, "Between us.", audience="reviewers", author=lead)
    note(case, "Not sent.", sent=False, author=lead)
    shown = author.get(follow(case)).text
    assert [w in shown for w in ("Which mailboxes?", "Same month?", "A fine story.")] == [True] * 3
    assert "Between us." not in shown
    assert "Not sent." not in shown
    background = author.get(reverse("share_part", args=[case.number, "background"])).text
    assert "Which mailboxes?" in background
    assert "Same month?" not in background
    results = author.get(reverse("share_part", args=[case.number, "happened"])).text
    assert "Same month?" in results.split('id="results-0"')[1].split("</fieldset>", 8)[0] + results


def test_a_note_is_shown_in_a_language_the_author_reads(client, net):
    person, firm = make_author("TH", interface_language="th")
    case = start_case(by=person, distributor=firm, language="th")
    write_story(case)
    question = note(case, "Welches Datum?", language="de", author=net["leads"]["germany"])
    WorkingTranslation.objects.create(
        subject=case,
        anchor=f"note:{question.pk}",
        language="th",
        text="วันที่เท่าไร",
        by=net["leads"]["germany"],
        source_hash="x",
    )
    client.force_login(person)
    page = client.get(follow(case)).text
    assert '<div lang="th" dir="ltr"><p>วันที่เท่าไร</p></div>' in page
    assert '<div lang="de" dir="ltr"><p>Welches Datum?</p></div>' in page


def test_withdrawing_needs_a_reason(case, author):
    submit(case)
    address = reverse("case_withdraw", args=[case.number])
    assert author.post(address, {"reason": ""}).status_code == 422
    assert author.post(address, {"reason": "Wrong figures"}).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.WITHDRAWN


def test_the_audience_changes_but_never_to_public(case, author):
    address = reverse("case_audience", args=[case.number])
    author.post(address, {"audience": "region"})
    case.refresh_from_db()
    assert case.audience == "region"
    author.post(address, {"audience": "public"})
    case.refresh_from_db()
    assert case.audience == "region"


def test_a_manager_follows_what_is_submitted_and_cannot_write_it(case, client):
    manager = make_user("manager", distributor=case.distributor)
    client.force_login(manager)
    submit(case)
    page = client.get(follow(case))
    assert page.status_code == 200
    assert "/questions/draft/" not in page.text


def test_visitors_are_sent_to_sign_in(client, case):
    for address in (reverse("desk"), follow(case), reverse("share_start")):
        assert client.get(address).url == f"{reverse('account_login')}?next={address}"
