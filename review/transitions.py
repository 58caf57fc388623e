"""One function a change of a note, a working translation, a judgement or a reader's mark."""

from functools import partial

import structlog
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.languages import codes
from review.exceptions import ReviewRefused
from review.models import (
    Flag,
    NoteAudience,
    Outcome,
    Review,
    ReviewNote,
    WorkingTranslation,
    clean_rubric,
)
from review.models.flags import MAX_REASON, OPEN_PLACES
from review.permissions import (
    can_answer_flag,
    can_answer_note,
    can_change_note,
    can_raise_flag,
    can_settle_note,
    can_tick_note,
    is_at_desk,
    may_translate,
)
from review.registry import flaggable_of, reviewable_for
from review.rounds import source_hash
from touchpoints.api import tell

MAX_TEXT = 20_000  # characters of a note, an answer, a reason or a paragraph's translation

log = structlog.get_logger(__name__)


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
def tick_note(note: ReviewNote, *, by, ticked: bool = True, words: str = "") -> None:
    """The author says that a requested change is made, with a word where it needs one; or not.

    Raises PermissionDenied for anybody else, ReviewRefused where it is settled or too long.
    """
    note = ReviewNote.objects.select_for_update().get(pk=note.pk)
    if not can_tick_note(by, note):
        raise PermissionDenied
    if note.settled_at is not None:
        raise ReviewRefused(_("Whoever asked has settled this already."))
    words = " ".join(words.split())
    longest = ReviewNote._meta.get_field("tick_words").max_length
    if len(words) > longest:
        raise ReviewRefused(
            ngettext(
                "At most %(n)s character, please.", "At most %(n)s characters, please.", longest
            )
            % {"n": longest}
        )
    note.ticked_at = timezone.now() if ticked else None
    note.ticked_by = by if ticked else None
    note.tick_words = words if ticked else ""
    note.save(update_fields=["ticked_at", "ticked_by", "tick_words"])


@transaction.atomic
def keep_judgement(obj, *, by, reason: str, rubric: dict) -> None:
    """Keep what a reviewer has typed and not decided yet, on their own open review."""
    review = _own_review(obj, by)
    if review is None:
        return
    if len(reason) > MAX_TEXT:
        raise ReviewRefused(_("This text is too long. Shorten it, then save."))
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
    row.text, row.by, row.source_hash = _filled(text), by, source_hash(source)
    row.save()
    return row


# --- stop the line (R9) -----------------------------------------------------------------
@transaction.atomic
def raise_flag(kind: str, key: str, *, language: str, anchor: str, reason: str, by) -> Flag:
    """A reader marks a defect at a place of a text, or at the whole (`anchor` empty).

    Whoever keeps the text is told. Raises PermissionDenied, or ReviewRefused
    for an empty or long reason, a place that is not there, or a second mark at one.
    """
    flaggable = flaggable_of(kind)
    text = flaggable.find(key, language) if flaggable else None
    if text is None or not can_raise_flag(by, kind, text):
        raise PermissionDenied
    reason = _said(reason, empty=_("Say in a few words what is wrong."))
    place = next((place for place in flaggable.places(text) if place.anchor == anchor), None)
    if anchor and place is None:
        raise ReviewRefused(_("This paragraph is no longer in the text. Choose another place."))
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                kind=kind,
                key=key,
                language=language,
                anchor=anchor,
                title=flaggable.title(text)[:255],
                quoted=place.words if place else "",
                reason=reason,
                by=by,
            )
    except IntegrityError as error:
        raise ReviewRefused(_("Your mark stands here already and waits for an answer.")) from error
    _forget_open_places()
    tell("review.flag_raised", flag)
    log.info("flag_raised", flag=flag.pk, kind=kind, key=key, language=language, by=by.pk)
    return flag


@transaction.atomic
def answer_flag(flag: Flag, *, outcome: str, answer: str, by) -> None:
    """The defect is mended, or the text stands, and why. The mark goes; its reader is told.

    Raises PermissionDenied, or ReviewRefused where it is answered already or
    something is missing.
    """
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    if not can_answer_flag(by, flag):
        raise PermissionDenied
    if not flag.is_open:
        raise ReviewRefused(_("Somebody has answered this already."))
    if outcome not in Outcome.values:
        raise ReviewRefused(_("Choose whether it is mended or the text stands."))
    flag.answer = _said(answer, empty=_("Say why, in a sentence."))
    flag.outcome, flag.answered_by, flag.answered_at = outcome, by, timezone.now()
    flag.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    _forget_open_places()
    tell("review.flag_answered", flag)
    log.info("flag_answered", flag=flag.pk, outcome=outcome, by=by.pk)


def _forget_open_places() -> None:
    """Now, and again when others can read the change: one of them may ask in between."""
    cache.delete(OPEN_PLACES)
    transaction.on_commit(partial(cache.delete, OPEN_PLACES))


def _said(text: str, *, empty: str) -> str:
    text = (text or "").replace("\r\n", "\n").strip()
    if not text:
        raise ReviewRefused(empty)
    if len(text) > MAX_REASON:
        raise ReviewRefused(
            ngettext(
                "At most %(n)s character, please.", "At most %(n)s characters, please.", MAX_REASON
            )
            % {"n": MAX_REASON}
        )
    return text


def _filled(text: str) -> str:
    if not (text or "").strip():
        raise ReviewRefused(_("The note is empty."))
    if len(text) > MAX_TEXT:
        raise ReviewRefused(_("This text is too long. Shorten it, then save."))
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
