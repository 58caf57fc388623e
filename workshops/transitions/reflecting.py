"""A trainer's reflection after a session (R35), and what came of it."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from network.working_days import local_day
from touchpoints.api import tell
from workshops.exceptions import TransitionRefused
from workshops.models import Reflection, ReflectionStep, Session
from workshops.permissions import can_reflect, can_settle_reflection

MAX_WORDS = 2000  # characters a field


def write_reflection(
    session: Session,
    *,
    by,
    gap_from: str,
    gap_to: str,
    due_on: datetime.date,
    owner: User,
    action: str,
) -> Reflection:
    """Note a gap, from what to what by when, whose it is and what they do; the owner is told.

    The same again changes nothing. Raises PermissionDenied, or TransitionRefused
    before the beginning, for a part that is missing, or a day that is over.
    """
    if not can_reflect(by, session):
        raise PermissionDenied
    if timezone.now() < session.starts_at:
        raise TransitionRefused(_("Reflect once the session has begun."))
    texts = [_words(text) for text in (gap_from, gap_to, action)]
    if due_on < local_day(timezone.now(), by.time_zone):
        raise TransitionRefused(_("This day is over. Name one that is ahead."))
    if not owner.is_active:
        raise TransitionRefused(_("This person can no longer sign in. Name another."))
    with transaction.atomic():
        made, is_new = Reflection.objects.get_or_create(
            session=session,
            author=by,
            gap_from=texts[0],
            gap_to=texts[1],
            action=texts[2],
            due_on=due_on,
            owner=owner,
        )
        if is_new and owner.pk != by.pk:
            tell("workshops.reflection_given", made)
        return made


def follow_up(
    reflection: Reflection, *, by, words: str, due_on: datetime.date | None = None
) -> Reflection:
    """Say what came of it: settled, or (with a new day) not yet.

    Raises PermissionDenied, or TransitionRefused without words, once it is
    settled, or for a day that is over.
    """
    with transaction.atomic():
        found = Reflection.objects.select_for_update().get(pk=reflection.pk)
        if not can_settle_reflection(by, found):
            raise PermissionDenied
        if found.is_settled:
            raise TransitionRefused(_("This reflection is settled already."))
        words = _words(words)
        if due_on is not None and due_on <= local_day(timezone.now(), by.time_zone):
            raise TransitionRefused(_("This day is over. Name one that is ahead."))
        ReflectionStep.objects.create(reflection=found, by=by, words=words, due_on=due_on)
        if due_on is None:
            found.is_settled = True
        else:
            found.due_on = due_on
        found.save(update_fields=["is_settled", "due_on"])
        return found


def _words(text: str) -> str:
    text = (text or "").strip()
    if not text:
        raise TransitionRefused(
            _("Say how it is, how it shall be, by when, whose it is and what will be done.")
        )
    if len(text) > MAX_WORDS:
        raise TransitionRefused(_("This text is too long. Shorten it."))
    return text
