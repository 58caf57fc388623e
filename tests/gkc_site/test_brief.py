"""A country's brief: what stands in it, for whom; the visit logged, and what comes of it."""

import datetime
import io

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from bulletins.exceptions import TransitionRefused
from bulletins.models import BulletinIssue, Case, CoachingNote, DraftInput, IssueProposal
from bulletins.transitions import delete_draft
from gkc_site.measures.brief import brief
from gkc_site.measures.transitions import begin_story_from_visit
from gkc_site.models import VisitNote
from review.models import Flag, Question
from tests.bulletins.responding import in_days, make_response
from tests.factories.network import make_area, make_country, make_distributor, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing

pytestmark = pytest.mark.django_db
WORDS = "The yard is full at seven; nobody calls the customers back."


@pytest.fixture
def country():
    return make_country("QZ", area=make_area("gulf", name="Gulf"))


@pytest.fixture
def firm(country):
    return make_distributor(name="Gulf Motors", country=country)


@pytest.fixture
def executive():
    return make_user("executive")


@pytest.fixture
def lead(country):
    return make_user("lead", review_area=country.review_area)


@pytest.fixture
def note(country, executive):
    return VisitNote.objects.create(
        country=country, visited_on=datetime.date(2026, 9, 3), text=WORDS, by=executive
    )


def ask(country, case, text="How many people?", **fields) -> Question:
    return Question.objects.create(
        kind="story",
        key=case.number,
        language="en",
        title=f"Asked at {case.number}",
        text=text,
        text_language="en",
        by=make_user(),
        country=country,
        **fields,
    )


def mark(case, by) -> Flag:
    return Flag.objects.create(
        kind="story",
        key=case.number,
        language="en",
        title=f"Mark at {case.number}",
        reason="?",
        by=by,
    )


def make_much(country, firm, count: int) -> None:
    """Of everything that a brief shows, so many."""
    for number in range(count):
        told = make_case(firm, published=True, title=f"A story with quite a long title {number}")
        elsewhere = make_case(published=True, title=f"Another story, taken over here {number}")
        make_response(elsewhere, firm)
        make_case(firm, stage="area_review", since=timezone.now() - datetime.timedelta(days=9))
        mark(told, make_user())
        ask(country, told)
        CoachingNote.objects.create(
            distributor=firm, whom="Lina", text=WORDS * 4, by=make_user("lead")
        )
        VisitNote.objects.create(
            country=country, visited_on=in_days(-number), text=WORDS * 30, by=make_user("executive")
        )
    late = make_issue(
        datetime.date(2026, 5, 1),
        cases=tuple(make_case(published=True, title=f"Owed {n}") for n in range(count)),
        released=True,
    )
    long_ago = timezone.now() - datetime.timedelta(days=40)
    BulletinIssue.objects.filter(pk=late.pk).update(released_at=long_ago)


# --- what stands in it -----------------------------------------------------------------
def test_the_brief_holds_what_is_known_of_the_country(country, firm, executive, note):
    own = make_case(firm, published=True, title="From here")
    taken = make_case(published=True, title="Taken over here")
    make_response(taken, firm, choice="adapted")
    old, new = make_case(published=True, title="Owed for long"), make_case(published=True)
    waits = make_case(published=True, title="Put off until a day that passed")
    make_response(waits, firm, choice="on_hold", until=in_days(-20))
    settled = make_case(published=True)
    make_response(settled, firm, choice="already")
    for month, cases, days in ((5, (old, own, taken, settled, waits), 60), (6, (new,), 1)):
        issue = make_issue(datetime.date(2026, month, 1), cases=cases, released=True)
        at = timezone.now() - datetime.timedelta(days=days)
        BulletinIssue.objects.filter(pk=issue.pk).update(released_at=at)
    review = make_case(firm, stage="neutral_review", holder=make_user(first_name="Ingrid"))
    mark(own, make_user())
    ask(country, own)
    ask(make_country(), own)  # from elsewhere
    found = brief(country, executive)
    assert [row.title.title for row in found.told] == ["From here"]
    assert [(row.title.title, row.what) for row in found.taken] == [
        ("Taken over here", "Adopted and adapted")
    ]
    assert [row.title.title for row in found.owed] == [
        "Owed for long",
        "Put off until a day that passed",
    ]
    assert [(row.title, row.who, row.what) for row in found.reviews] == [
        (None, "Ingrid", "In neutral review")
    ]
    assert review.number not in [row.number for row in found.reviews]
    assert [row.title.title for row in found.marks] == [f"Mark at {own.number}"]
    assert [row.title.title for row in found.questions] == [f"Asked at {own.number}"]
    assert found.visits == [note]
    assert not found.is_empty


def test_what_is_not_for_the_reader_is_neither_named_nor_counted(client, country, firm, executive):
    """Region-only stories, private questions, marks at what one may not read; a lead of the area
    reads the region's own."""
    hidden = make_case(firm, published=True, audience="region", title="Only for the Gulf")
    shared = make_case(firm, published=True, title="For all")
    kept_back = make_case(published=True, audience="region", title="Kept back since")
    make_response(kept_back, firm)
    make_case(firm, stage="area_review", title="Not out yet")
    mark(hidden, make_user(distributor=firm))
    ask(country, hidden)
    ask(country, shared, "A private question", is_private=True)
    client.force_login(executive)
    page = client.get(reverse("country_brief", args=["qz"])).content.decode()
    assert "For all" in page
    for words in ("Only for the Gulf", "Kept back since", "Not out yet", "private question"):
        assert words not in page
    assert f"Mark at {hidden.number}" not in page
    found = brief(country, executive)
    assert (len(found.told), len(found.taken), len(found.marks), len(found.questions)) == (
        1,
        0,
        0,
        0,
    )
    near = make_user("lead", review_area=country.review_area)
    own = brief(country, near)
    assert {row.title.title for row in own.told} == {"Only for the Gulf", "For all"}
    assert [row.title.title for row in own.reviews] == ["Not out yet"]
    assert len(own.marks) == len(own.questions) == 1


def test_the_brief_of_a_country_with_nothing_says_so(client, executive):
    make_country("QA")
    client.force_login(executive)
    page = client.get(reverse("country_brief", args=["qa"]))
    assert page.context["brief"].is_empty
    assert "Nothing is known of this country yet" in page.content.decode()
    assert client.get(reverse("country_brief", args=["xx"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_brief_do_not_grow(
    client, country, firm, executive, count, django_assert_num_queries
):
    make_much(country, firm, count)
    client.force_login(executive)
    address = reverse("country_brief", args=["qz"])
    client.get(address)
    with django_assert_num_queries(24):
        client.get(address)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "count"), [("en", 0), ("ar", 14)])
def test_the_sheet_is_one_page_with_nothing_and_with_much(
    client, country, firm, executive, language, count
):
    make_much(country, firm, count) if count else None
    client.force_login(executive)
    answer = client.get(f"/{language}/measures/brief/qz.pdf")
    assert answer["Content-Type"] == "application/pdf"
    read = PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == 1
    if language == "en":
        assert "Nothing is known of this country yet" in read.pages[0].extract_text()


# --- the visit -------------------------------------------------------------------------
def test_a_visit_is_logged_and_the_leads_are_told(client, country, firm, executive, lead):
    client.force_login(executive)
    address = reverse("country_brief", args=["qz"])
    answer = client.post(address, {"visited_on": in_days(-1).isoformat(), "text": f" {WORDS} "})
    [note] = VisitNote.objects.all()
    assert answer["Location"] == f"{address}#visit-{note.pk}"
    assert (note.text, note.by, note.visited_on) == (WORDS, executive, in_days(-1))
    [mailing] = Mailing.objects.filter(kind="gkc_site.visit_logged")
    assert [row.user for row in mailing.deliveries.all()] == [lead]
    assert WORDS in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"visited_on": "", "text": "Seen."}, "visited_on"),
        ({"visited_on": "tomorrow", "text": "Seen."}, "visited_on"),
        ({"visited_on": "2999-01-01", "text": "Seen."}, "visited_on"),
        ({"visited_on": "2026-01-01", "text": "   "}, "text"),
        ({"visited_on": "2026-01-01", "text": "a" * 3001}, "text"),
    ],
)
def test_a_bad_note_is_refused_and_shown_again(client, country, executive, data, field):
    client.force_login(executive)
    answer = client.post(reverse("country_brief", args=["qz"]), data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert data["text"].strip() in answer.content.decode()
    assert not VisitNote.objects.exists()


def test_a_lead_proposes_a_story_because_of_a_note(client, country, firm, lead, note):
    case = make_case(firm, published=True, title="From here")
    make_case(published=True, title="From elsewhere")
    client.force_login(lead)
    page = client.get(reverse("country_brief", args=["qz"]))
    [shown] = page.context["brief"].visits
    form = shown.proposal_form
    assert form.initial["sentence"] == WORDS
    assert [number for number, _title in form.fields["case"].choices] == [case.number]
    month = form.fields["month"].choices[0][0]
    key = f"propose-{note.pk}"
    data = {f"{key}-case": case.number, f"{key}-month": month, f"{key}-sentence": "Worth it."}
    answer = client.post(reverse("visit_propose", args=[note.pk]), data)
    assert answer["Location"].endswith(f"/measures/brief/qz/#visit-{note.pk}")
    proposal = IssueProposal.objects.get()
    note.refresh_from_db()
    assert note.proposal == proposal
    assert (proposal.case, proposal.sentence, proposal.by) == (case, "Worth it.", lead)
    again = client.post(reverse("visit_propose", args=[note.pk]), data)
    assert again.status_code == 422
    assert IssueProposal.objects.count() == 1


def test_a_story_begins_with_the_note_in_the_authors_name(client, country, firm, executive, note):
    author = make_user(distributor=firm, first_name="Omar")
    member = author.memberships.get()
    client.force_login(executive)
    key = f"begin-{note.pk}"
    data = {f"{key}-member": member.pk, f"{key}-language": "ar"}
    answer = client.post(reverse("visit_begin", args=[note.pk]), data)
    assert answer.status_code == 302
    case = Case.objects.get()
    note.refresh_from_db()
    assert note.case == case
    assert (case.author, case.holder, case.stage) == (author, author, "draft")
    assert (case.distributor, case.source_language) == (firm, "ar")
    event = case.events.get()
    assert (event.verb, event.by, event.on_behalf_of) == ("start", executive, author)
    assert DraftInput.objects.get(case=case).data["background"] == WORDS
    [mailing] = Mailing.objects.filter(kind="bulletins.begun_for_author")
    assert [row.user for row in mailing.deliveries.all()] == [author]
    assert mail.outbox == []  # what goes out goes through the ledger
    # The draft is its author's: whoever began it does not read it.
    assert not Case.objects.visible_to(executive).exists()
    client.force_login(author)
    assert (
        WORDS
        in client.get(reverse("share_part", args=[case.number, "background"])).content.decode()
    )
    with pytest.raises(TransitionRefused):
        begin_story_from_visit(note, by=executive, member=member, language="ar")
    delete_draft(case, by=author)
    note.refresh_from_db()
    assert note.case is None


def test_a_story_begins_for_nobody_of_another_country(country, executive, note):
    stranger = make_user(distributor=make_distributor()).memberships.get()
    with pytest.raises(TransitionRefused):
        begin_story_from_visit(note, by=executive, member=stranger, language="en")
    assert not Case.objects.exists()
