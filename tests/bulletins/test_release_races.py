"""Two release one issue, somebody edits meanwhile: each with a control without the guard."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from bulletins.models import BulletinIssue, IssueEvent
from bulletins.transitions import make_ready, release_issue
from tests.bulletins.test_release_night import frozen
from tests.bulletins.ways_around import edit_data, pages_url
from tests.factories.network import make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case
from tests.races import kinds, together, while_inside
from tests.review.conftest import Stories
from touchpoints.models import Delivery, Mailing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


# --- released twice at once -----------------------------------------------------------------
def release_twice() -> list:
    """Two editors have the frozen issue before them, and release it at the same moment."""
    editors = [make_user("editor") for _ in range(2)]
    make_user("manager", distributor=make_distributor())
    issue = frozen(editors[0], timezone.now())
    seen = [(BulletinIssue.objects.get(pk=issue.pk), editor) for editor in editors]
    return together(lambda one=one, by=by: release_issue(one, by=by) for one, by in seen)


def outcome() -> tuple[int, int, int]:
    """How often it was released, told, and mailed to the one contact."""
    mails = Delivery.objects.filter(mailing__kind="bulletins.issue", state="queued")
    return (
        IssueEvent.objects.filter(verb="release").count(),
        Mailing.objects.filter(kind="bulletins.issue").count(),
        mails.count(),
    )


def test_released_twice_at_once_it_goes_out_once():
    answers = release_twice()
    assert kinds(answers) == ["NoneType", "TransitionRefused"]
    [refusal] = [answer for answer in answers if answer]
    assert str(refusal) == "This issue is released already."
    assert outcome() == (1, 1, 1)


@pytest.mark.parametrize(("key_too", "came_of_it"), [(False, (1, 1, 1)), (True, (2, 2, 2))])
def test_control_without_the_second_look_it_is_the_ledger_that_refuses(
    monkeypatch, key_too, came_of_it
):
    """Both act on what they saw. The mailing's key alone holds still; without it all is doubled."""
    release = "bulletins.transitions.release"
    monkeypatch.setattr(f"{release}.locked_issue", lambda issue, **_stages: issue)
    if key_too:
        monkeypatch.setattr(f"{release}.once_key", lambda pk: str(uuid.uuid4()))
    answers = release_twice()
    assert kinds(answers) == (["NoneType"] * 2 if key_too else ["AlreadyTold", "NoneType"])
    assert outcome() == came_of_it


# --- edited while releasing -------------------------------------------------------------------
WORDS = "Nobody agreed to these words."


class Release:
    """An issue with a ready story at its minute, and an editor who has the story's form open."""

    def __init__(self):
        stories = Stories(make_reviewing_network())
        self.case = stories.at_editing()
        self.editor = self.case.holder
        make_ready(self.case, by=self.editor)
        self.issue = frozen(self.editor, timezone.now(), self.case)
        page = self.case.source_page()
        self.client = Client()
        self.client.force_login(self.editor)
        self.form = pages_url("edit", page.pk), edit_data(page, summary=WORDS)

    def edit(self):
        return self.client.post(*self.form)

    def release(self):
        release_issue(self.issue, by=self.editor)

    def run(self, monkeypatch, first: str) -> None:
        """`first` is inside its transaction when the other begins; it is kept out."""
        path, work, then = {
            "edit": ("bulletins.transitions.publishing.judged_changes", self.edit, self.release),
            "release": ("bulletins.transitions.release.check_approved", self.release, self.edit),
        }[first]
        answers, came_between = while_inside(monkeypatch, path, work, then)
        assert not [one for one in answers if isinstance(one, Exception)], answers
        assert not came_between
        self.case.refresh_from_db()

    def live_words(self) -> str | None:
        page = self.case.source_page()
        return page.summary if page.live else None


def test_words_saved_before_the_release_keep_the_story_out_of_it(monkeypatch):
    world = Release()
    others = make_case(published=True, number="2026-9001")
    world.issue.stories.create(case=others, sort_order=9)
    world.run(monkeypatch, "edit")
    assert (world.case.stage, world.live_words()) == ("editing", None)
    assert [row.case for row in world.issue.stories.all()] == [others]
    told = Mailing.objects.filter(kind="bulletins.story_left_issue")
    assert told.get().object_key == f"bulletins.case:{world.case.pk}"


def test_words_saved_during_the_release_wait_for_their_author(monkeypatch):
    world = Release()
    before = world.case.source_page().get_latest_revision().content["summary"]
    world.run(monkeypatch, "release")
    # Nothing typed is lost: it is the next version, and readers have what was approved.
    assert (world.case.stage, world.live_words()) == ("editing", before)
    assert world.case.author_confirm_until is not None
    assert world.case.source_page().get_latest_revision().content["summary"] == WORDS
    assert world.case.is_published


def test_control_where_nobody_notes_the_edit_it_goes_out_unasked(monkeypatch):
    world = Release()
    monkeypatch.setattr("bulletins.transitions.note_edit", lambda *args, **kwargs: None)
    world.edit()
    world.release()
    assert world.live_words() == WORDS
