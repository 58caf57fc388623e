"""A trainer's reflection after a session (R35), what came of it, and who is reminded of either.

Reminders are computed from state, each told once by a key of its own: safe to
be killed and to run twice, also in two processes.
"""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from network.calendars import calendars_of
from network.models import User
from network.working_days import days_anywhere, local_day
from touchpoints.api import tell, tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Mailing
from workshops.exceptions import TransitionRefused
from workshops.models import Reflection, ReflectionStep, Session
from workshops.permissions import can_reflect, can_settle_reflection

MAX_WORDS = 2000  # characters a field
# So long after a session one still remembers what to change; of what is overdue for longer
# nobody is reminded by mail any more.
REFLECT_WITHIN = datetime.timedelta(days=30)
OVERDUE_WITHIN = datetime.timedelta(days=90)
MOST_A_RUN = 200
AWAITED, OVERDUE = "workshops.reflection_awaited", "workshops.reflection_overdue"


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
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second click waits here
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
    """Say what came of it: settled, or (with a new day) not yet. The same again changes nothing.

    Raises PermissionDenied, or TransitionRefused without words, once it is
    settled, or for a day that is over.
    """
    with transaction.atomic():
        found = Reflection.objects.select_for_update().get(pk=reflection.pk)
        if not can_settle_reflection(by, found):
            raise PermissionDenied
        words = _words(words)
        last = found.steps.order_by("-pk").first()
        if last and (last.by_id, last.words, last.due_on) == (by.pk, words, due_on):
            return found  # the second of two clicks
        if found.is_settled:
            raise TransitionRefused(_("This reflection is settled already."))
        if due_on is not None and due_on <= local_day(timezone.now(), by.time_zone):
            raise TransitionRefused(_("This day is over. Name one that is ahead."))
        ReflectionStep.objects.create(reflection=found, by=by, words=words, due_on=due_on)
        if due_on is None:
            found.is_settled = True
        else:
            found.due_on = due_on
        found.save(update_fields=["is_settled", "due_on"])
        return found


# --- reminders --------------------------------------------------------------------------------
def remind_to_reflect(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Remind trainers who noted nothing REFLECTION_REMIND_AFTER_DAYS working days after a list was
    closed, on a working day of theirs, once a session. Returns how many were told."""
    now = now or timezone.now()
    wait = settings.REFLECTION_REMIND_AFTER_DAYS
    own = Reflection.objects.filter(session=OuterRef("session"), author=OuterRef("user"))
    rows = (
        Session.trainers.through.objects.filter(
            ~Exists(own),
            session__attendance_list__closed_at__gte=now - REFLECT_WITHIN,
            session__attendance_list__closed_at__lte=now - datetime.timedelta(days=wait),
        )
        .annotate(closed_at=F("session__attendance_list__closed_at"))
        .select_related("session", "user")
        .order_by("closed_at", "pk")
    )
    waiting = {f"{AWAITED}:{row.session_id}:{row.user_id}": row for row in rows}
    told = 0
    for key, row, calendar in _untold(waiting, now, lambda row: row.user):
        if calendar.between(calendar.day(row.closed_at), calendar.day(now)) >= wait and told < most:
            told += _tell(AWAITED, row.session, key, row.user, people=[row.user_id])
    return told


def remind_of_actions(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Remind owners of reflections whose day is over where they are, on a working day of theirs,
    once a day named. Returns how many were told."""
    now = now or timezone.now()
    first, last = days_anywhere(now)
    rows = Reflection.objects.filter(
        is_settled=False, due_on__lt=last, due_on__gte=first - OVERDUE_WITHIN
    ).select_related("owner")
    overdue = {f"{OVERDUE}:{row.pk}:{row.due_on}": row for row in rows.order_by("due_on", "pk")}
    told = 0
    for key, row, calendar in _untold(overdue, now, lambda row: row.owner):
        if row.due_on < calendar.day(now) and told < most:
            told += _tell(OVERDUE, row, key, row.owner, due_on=row.due_on.isoformat())
    return told


def _untold(rows: dict[str, object], now: datetime.datetime, whose) -> Iterator[tuple]:
    """(key, row, the person's calendar) of what nobody was told yet, where today is a working
    day of whom it concerns. No query where there is nothing."""
    if not rows:
        return
    done = set(Mailing.objects.filter(once_key__in=list(rows)).values_list("once_key", flat=True))
    left = {
        key: row
        for key, row in rows.items()
        if key not in done and whose(row).is_active and whose(row).email
    }
    calendars = calendars_of({whose(row).pk for row in left.values()}, now.date())
    for key, row in left.items():
        calendar = calendars[whose(row).pk]
        if calendar.is_working(calendar.day(now)):
            yield key, row, calendar


def _tell(kind: str, about, key: str, person: User, **data) -> int:
    recipients = [(person, None, person.email, person.interface_language, "")]
    try:
        tell_once(kind, about, key, recipients, **data)
    except AlreadyTold:  # another worker came first
        return 0
    return 1


def _words(text: str) -> str:
    text = (text or "").strip()
    if not text:
        raise TransitionRefused(
            _("Say how it is, how it shall be, by when, whose it is and what will be done.")
        )
    if len(text) > MAX_WORDS:
        raise TransitionRefused(_("This text is too long. Shorten it."))
    return text
