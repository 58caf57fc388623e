"""Requested changes as a checklist, and the two kinds of notes: internal, and to the author."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bulletins.exceptions import TransitionRefused
from bulletins.models import Stage
from bulletins.transitions import decide_case
from review.api import checklist_of
from review.exceptions import ReviewRefused
from review.models import ReviewNote
from review.registry import reviewable_for
from review.rubric import criteria
from review.transitions import answer_note, settle_note, tick_note, write_note
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import write_story
from tests.review.conftest import submit

INTERNAL = "Between us: the branch exaggerates."


def returned(stories, *texts):
    """A story sent back with notes to its author, and one internal note."""
    case = stories.submitted()
    asker = case.holder
    for text in texts:
        write_note(case, by=asker, text=text, anchor="summary")
    write_note(case, by=asker, text=INTERNAL, anchor="summary", audience="reviewers")
    decide_case(case, decision="request_changes", by=asker, reason="Two dates are missing.")
    return case, asker


def test_the_author_ticks_and_the_reviewer_sees_it_beside_the_difference(client, stories):
    case, asker = returned(stories, "Which branch?", "Since when?")
    first, second = checklist_of(case).notes
    client.force_login(case.author)
    follow = reverse("case_follow", args=[case.number])
    page = client.get(follow).content.decode()
    assert page.count("Tick as done") == 2
    tick = reverse("note_tick", args=[first.pk])
    given = {"ticked": "yes", "words": " The main\nbranch ", "next": follow}
    assert client.post(tick, given).status_code == 302
    first.refresh_from_db()
    assert (first.ticked_by, first.tick_words) == (case.author, "The main branch")
    assert [note.pk for note in checklist_of(case).open] == [second.pk]
    check = client.get(reverse("share_part", args=[case.number, "check"])).content.decode()
    assert "Requested changes that are not ticked" in check
    assert "Since when?" in check.split("Requested changes that are not ticked")[1][:600]
    write_story(case, summary="The main branch.")
    submit(case)  # one open: shown, never in the way
    assert case.stage == Stage.AREA_REVIEW
    client.force_login(asker)
    desk = client.get(reverse("review_case", args=[case.number])).content.decode()
    assert "Ticked as done by" in desk
    assert "The main branch" in desk
    assert "The author has not ticked this change." in desk


def test_nothing_ticked_nothing_answered_is_not_submitted_again(stories):
    case, asker = returned(stories, "Which branch?")
    note = checklist_of(case).notes[0]
    with pytest.raises(TransitionRefused, match="at least one of the requested changes"):
        submit(case)
    assert case.stage == Stage.CHANGES_REQUESTED
    answer_note(note, by=case.author, text="There is only one.")
    submit(case)
    assert case.stage == Stage.AREA_REVIEW


def test_control_a_return_without_notes_needs_no_tick(stories):
    case, _asker = returned(stories)
    assert checklist_of(case).notes == ()
    submit(case)
    assert case.stage == Stage.AREA_REVIEW


def test_only_an_author_ticks_and_only_what_was_asked(stories):
    case, asker = returned(stories, "Which branch?")
    note = checklist_of(case).notes[0]
    inner = ReviewNote.objects.of(case).get(audience="reviewers")
    for person in (asker, stories.net["editors"][0], make_user(distributor=case.distributor)):
        with pytest.raises(PermissionDenied):
            tick_note(note, by=person)
    with pytest.raises(PermissionDenied):
        tick_note(inner, by=case.author)
    with pytest.raises(ReviewRefused):
        tick_note(note, by=case.author, words="x" * 301)
    tick_note(note, by=case.author)
    tick_note(note, by=case.author, ticked=False)
    note.refresh_from_db()
    assert (note.ticked_at, note.ticked_by, note.tick_words) == (None, None, "")
    settle_note(note, by=asker)
    with pytest.raises(ReviewRefused):
        tick_note(note, by=case.author)


def test_what_was_ticked_leaves_the_next_rounds_list_what_is_open_stays(stories):
    case, asker = returned(stories, "Which branch?", "Since when?")
    done, left = checklist_of(case).notes
    tick_note(done, by=case.author)
    write_story(case, summary="The main branch.")
    submit(case)
    write_note(case, by=case.holder, text="Who counts?", anchor="results")
    decide_case(case, decision="request_changes", by=case.holder, reason="One more.")
    assert [note.text for note in checklist_of(case).notes] == ["Since when?", "Who counts?"]


def test_no_internal_note_reaches_the_author(client, stories, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        case, asker = returned(stories, "Which branch?")
        inner = ReviewNote.objects.of(case).get(audience="reviewers")
        answer_note(inner, by=stories.net["editors"][0], text=INTERNAL)
    assert all(INTERNAL not in str(message.message()) for message in mail.outbox)
    assert all(INTERNAL not in row.reason for row in reviewable_for(case).history(case))
    client.force_login(case.author)
    for address in (
        reverse("case_follow", args=[case.number]),
        reverse("share_part", args=[case.number, "title"]),
        reverse("share_part", args=[case.number, "check"]),
        reverse("desk"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert INTERNAL not in answer.content.decode()
    for name in ("note_reply", "note_settle", "note_tick"):
        answer = client.post(reverse(name, args=[inner.pk]), {"text": "x", "ticked": "yes"})
        assert answer.status_code == 404
    assert client.get(reverse("case_log", args=[case.number])).status_code == 404
    # Control: the reviewer reads it, and sees that it is internal.
    client.force_login(asker)
    desk = client.get(reverse("review_case", args=[case.number])).content.decode()
    assert INTERNAL in desk
    assert "Internal: the author never reads this." in desk
    assert "thread--inner" in desk


def test_every_score_says_what_it_means(client, stories):
    assert all([score for score, _w in c.levels] == [1, 2, 3, 4] for c in criteria())
    case = stories.submitted()
    client.force_login(case.holder)
    desk = client.get(reverse("review_case", args=[case.number])).content.decode()
    for criterion in criteria():
        for _score, words in criterion.levels:
            assert str(words) in desk
