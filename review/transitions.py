"""One function a change of a note, a working translation or a judgement being written."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.languages import codes
from review.exceptions import ReviewRefused
from review.models import NoteAudience, Review, ReviewNote, WorkingTranslation, clean_rubric
from review.permissions import (
    can_answer_note,
    can_change_note,
    can_settle_note,
    is_at_desk,
    may_translate,
)
from review.registry import reviewable_for
from review.rounds import source_hash


@transaction.atomic
def write_note(
    obj, *, by, text: str, anchor: str = "", quoted: str = "", audience: str = "author"
) -> ReviewNote:
    """Keep a note beside a paragraph; it is its writer's own until it is sent.

    Raises PermissionDenied for anybody not at the desk, ReviewRefused for an empty one.
    """
    if not is_at_desk(by, obj):
        raise PermissionDenied
    return ReviewNote.objects.create(
        subject=obj,
        anchor=anchor[:64],
        quoted=quoted[:500],
        text=_filled(text),
        language=by.interface_language,
        audience=_audience(audience),
        author=by,
        review=_own_review(obj, by),
    )


@transaction.atomic
def rewrite_note(note: ReviewNote, *, by, text: str, audience: str = "") -> None:
    """Change an unsent note. Raises PermissionDenied, or ReviewRefused once it is sent."""
    note = _own_unsent(note, by)
    note.text = _filled(text)
    note.audience = _audience(audience or note.audience)
    note.save(update_fields=["text", "audience"])


@transaction.atomic
def delete_note(note: ReviewNote, *, by) -> None:
    """Throw an unsent note away. Raises as `rewrite_note`."""
    _own_unsent(note, by).delete()


@transaction.atomic
def answer_note(note: ReviewNote, *, by, text: str) -> ReviewNote:
    """Answer a sent note; the answer is sent at once and read by whoever reads the note.

    Raises PermissionDenied, or ReviewRefused for an empty answer.
    """
    note = note.in_reply_to or note
    if not can_answer_note(by, note):
        raise PermissionDenied
    answer = ReviewNote.objects.create(
        subject=note.subject,
        review=note.review,
        anchor=note.anchor,
        quoted=note.quoted,
        text=_filled(text),
        language=by.interface_language,
        audience=note.audience,
        author=by,
        in_reply_to=note,
        sent_at=timezone.now(),
    )
    if by.pk != note.author_id:
        reviewable_for(note.subject).note_answered(note.subject, by=by, to=note.author)
    return answer


@transaction.atomic
def settle_note(note: ReviewNote, *, by, settled: bool = True) -> None:
    """Whoever asked says that the answer is enough, or asks again."""
    if not can_settle_note(by, note):
        raise PermissionDenied
    note.settled_at = timezone.now() if settled else None
    note.settled_by = by if settled else None
    note.save(update_fields=["settled_at", "settled_by"])


@transaction.atomic
def keep_judgement(obj, *, by, reason: str, rubric: dict) -> None:
    """Keep what a reviewer has typed and not decided yet, on their own open review."""
    review = _own_review(obj, by)
    if review is None:
        return
    review.reason = reason
    review.rubric = clean_rubric(rubric)
    review.save(update_fields=["reason", "rubric"])


@transaction.atomic
def write_working_translation(
    obj, *, by, anchor: str, source: str, language: str, text: str
) -> WorkingTranslation | None:
    """Put one paragraph or note into a reviewer's or author's language; never published.

    An empty text takes the translation away. Raises PermissionDenied, or
    ReviewRefused for an unknown language.
    """
    if not (may_translate(by, obj) or (anchor.startswith("note:") and is_at_desk(by, obj))):
        raise PermissionDenied
    if language not in codes():
        raise ReviewRefused(_("Choose one of the twelve languages."))
    place = {"anchor": anchor[:64], "language": language}
    rows = WorkingTranslation.objects.of(obj).filter(**place)
    if not text.strip():
        rows.delete()
        return None
    row = rows.first() or WorkingTranslation(subject=obj, **place)
    row.text, row.by, row.source_hash = text.strip(), by, source_hash(source)
    row.save()
    return row


def _filled(text: str) -> str:
    if not (text or "").strip():
        raise ReviewRefused(_("The note is empty."))
    return text.strip()


def _audience(value: str) -> str:
    return value if value in NoteAudience.values else NoteAudience.AUTHOR


def _own_review(obj, by):
    return Review.objects.of(obj).open().filter(reviewer=by).first()


def _own_unsent(note: ReviewNote, by) -> ReviewNote:
    note = ReviewNote.objects.select_for_update().get(pk=note.pk)
    if note.author_id != by.pk:
        raise PermissionDenied
    if not can_change_note(by, note):
        raise ReviewRefused(_("This note is sent already: write another one."))
    return note
