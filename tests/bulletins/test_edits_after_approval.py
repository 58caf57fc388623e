"""What an editor saves in the admin once a story was approved: never past its reviewer (R4)."""

import pytest
from django.utils import timezone
from wagtail.models import Page

from bulletins.models import Stage
from bulletins.tasks import release_due_issues
from bulletins.transitions import decide_case, make_ready
from network.permissions import forget_standing
from review.models import Review
from tests.bulletins.test_release_night import frozen
from tests.bulletins.ways_around import edit_data, pages_url
from tests.factories.network import make_mandate
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case
from tests.review.conftest import Stories
from touchpoints.models import Mailing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OTHER = [("paragraph", "All replies came before noon.")]


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def save(case, by, **changes):
    """A draft saved in the admin: its revision."""
    page = case.source_page().get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    revision = page.save_revision(user=by)
    case.refresh_from_db()
    return revision


def test_the_approved_text_is_never_written_over(client, stories):
    """Wagtail saves over the newest revision of the same editor where the form asks for it: here
    that is the very text the neutral reviewer judged."""
    case = stories.at_editing()
    editor = case.holder
    mine = save(case, editor, happened=OTHER)  # a judged part: back to the neutral reviewer
    decide_case(case, decision="approve", by=case.holder)
    assert (case.stage, case.approved_revision) == (Stage.EDITING, mine)
    mine.refresh_from_db()
    approved = mine.content
    client.force_login(editor)
    page = case.source_page()
    form = client.get(pages_url("edit", page.pk))
    assert form.context["autosave_enabled"] is False  # every save is somebody's act
    data = edit_data(page, overwrite_revision_id=mine.pk, title="Another title")
    assert client.post(pages_url("edit", page.pk), data).status_code in (200, 302)
    mine.refresh_from_db()
    assert mine.content == approved
    newest = page.revisions.order_by("-pk").first()
    assert newest.pk != mine.pk
    assert newest.content["title"] == "Another title"
    case.refresh_from_db()
    assert case.author_confirm_until is not None  # and the author is asked
    # Control: Wagtail's own way keeps nothing of what was approved.
    page = case.source_page()
    page.title = "A third"
    Page.save_revision(page, user=editor, overwrite_revision=newest)
    newest.refresh_from_db()
    assert newest.content["title"] == "A third"


def as_editor(person):
    """The author becomes an editor, too."""
    make_mandate(person, "editor")
    forget_standing(person)
    return person


def test_an_author_who_edits_judges_nothing_of_it(stories):
    case = stories.at_editing()
    make_ready(case, by=case.holder)
    neutral = Review.objects.of(case).get(step="neutral").reviewer
    author = as_editor(case.author)
    save(case, author, summary="Shorter.")
    assert case.stage == Stage.READY  # their own words need nobody's leave
    assert case.author_confirm_until is None
    save(case, author, happened=OTHER)
    assert (case.stage, case.holder) == (Stage.NEUTRAL_REVIEW, neutral)
    assert "void_approval" in case.events.values_list("verb", flat=True)


def test_a_live_story_of_theirs_waits_to_be_submitted(stories):
    case = stories.published()
    save(case, as_editor(case.author), happened=OTHER)
    assert case.stage == Stage.PUBLISHED
    assert case.source_page().live_revision != case.source_page().latest_revision


@pytest.mark.parametrize("more", [True, False])
def test_a_text_that_nobody_approved_leaves_the_issue_and_holds_up_nobody(stories, more):
    """However it came to be so: the sweep would else be refused at each beat, and say nothing."""
    case = stories.at_editing()
    editor = case.holder
    make_ready(case, by=editor)
    others = [make_case(published=True, number="2026-9001")] if more else []
    issue = frozen(editor, timezone.now(), case, *others)
    page = case.source_page().get_latest_revision_as_object()
    page.happened = OTHER
    revision = page.save_revision()  # by nobody: not noted
    assert revision.user is None
    for _beat in range(2):
        release_due_issues()
    issue.refresh_from_db()
    case.refresh_from_db()
    assert (issue.stage, case.stage) == ("released" if more else "held", "ready")
    assert [row.case for row in issue.stories.all()] == others if more else True
    told = Mailing.objects.filter(kind="bulletins.story_left_issue")
    assert told.count() == (1 if more else 0)
    left = issue.events.filter(verb="left") if more else issue.events.filter(verb="hold")
    assert left.count() == 1
