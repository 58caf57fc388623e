"""The coaching log: a note after speaking with a distributor, and its next date."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.flow.rules import can_write_coaching
from bulletins.models import CoachingNote
from network.models import Distributor

MAX_WHOM = 120  # characters
MAX_TEXT = 3000
FURTHEST = datetime.timedelta(days=731)
AT_ONCE = datetime.timedelta(minutes=10)  # a form sent twice; later the same words are news


def write_coaching(
    distributor: Distributor,
    *,
    by,
    whom: str,
    text: str,
    next_on: datetime.date | None = None,
) -> CoachingNote:
    """Note with whom of a distributor one spoke, what about, and when again.

    An earlier next date is settled: a distributor has one. The same words once
    more at once are the same note, so that a form sent twice is one. Raises
    PermissionDenied, AnswerIncomplete (which field, and why), and
    TransitionRefused for a distributor that is no longer active.
    """
    whom, text = whom.strip(), text.strip()
    if not can_write_coaching(by, distributor):
        raise PermissionDenied
    _check(whom, text, next_on)
    with transaction.atomic():
        firm = Distributor.objects.select_for_update().get(pk=distributor.pk)
        if not firm.is_active:
            raise TransitionRefused(_("This distributor is no longer active."))
        notes = CoachingNote.objects.filter(distributor=firm)
        newest = notes.first()
        said, now = (by.pk, whom, text, next_on), timezone.now()
        is_new = newest is None or now - newest.at > AT_ONCE
        if not is_new and said == (newest.by_id, newest.whom, newest.text, newest.next_on):
            return newest
        notes.open().update(settled_at=now, settled_by=by)
        return CoachingNote.objects.create(
            distributor=firm, whom=whom, text=text, next_on=next_on, by=by, at=now
        )


def settle_coaching(note: CoachingNote, *, by) -> None:
    """The next date is kept, or falls away. Raises PermissionDenied; twice changes nothing."""
    with transaction.atomic():
        found = CoachingNote.objects.select_for_update().get(pk=note.pk)
        if not can_write_coaching(by, found.distributor):
            raise PermissionDenied
        if found.next_on is not None and found.settled_at is None:
            found.settled_at, found.settled_by = timezone.now(), by
            found.save(update_fields=["settled_at", "settled_by"])


def _check(whom: str, text: str, next_on: datetime.date | None) -> None:
    if not whom:
        raise AnswerIncomplete("whom", _("Say with whom you spoke."))
    if len(whom) > MAX_WHOM:
        raise AnswerIncomplete("whom", _("This is too long: 120 characters at most."))
    if not text:
        raise AnswerIncomplete("text", _("Say what it was about."))
    if len(text) > MAX_TEXT:
        raise AnswerIncomplete("text", _("This is too long: 3,000 characters at most."))
    today = timezone.localdate()
    if next_on is not None and next_on < today:
        raise AnswerIncomplete("next_on", _("This day is past. Choose a later one."))
    if next_on is not None and next_on > today + FURTHEST:
        raise AnswerIncomplete("next_on", _("This day is too far away. Choose an earlier one."))
