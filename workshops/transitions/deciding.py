"""The coordinator is asked whether a session takes place, once; others, when no answer comes."""

import datetime

from django.utils import timezone

from network.models import User
from touchpoints.api import tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Mailing
from workshops.models import Session, SessionState
from workshops.responsible import deciders_of

ESCALATES_AFTER = datetime.timedelta(days=2)
ASKED, LATE = "workshops.decision_asked", "workshops.decision_late"


def ask_decisions(now: datetime.datetime | None = None) -> int:
    """Ask on the day of go or no-go, once a session and day; two days later whoever may decide.

    Computed from state: a day that no beat saw is caught up until the session
    begins. Returns how many mailings were made.
    """
    now = now or timezone.now()
    asked = 0
    for session in sessions_to_decide(now):
        kinds = [ASKED]
        if session.decide_on + ESCALATES_AFTER <= now.astimezone(session.zone).date():
            kinds.append(LATE)
        for kind in kinds:
            asked += _ask(kind, session)
    return asked


def sessions_to_decide(now: datetime.datetime) -> list[Session]:
    """Open sessions whose day of go or no-go has come where they happen. One query."""
    soon = (now + datetime.timedelta(days=1)).date()  # some zone's today at the latest
    rows = Session.objects.filter(
        state=SessionState.OPEN, decide_on__lte=soon, starts_at__gt=now
    ).select_related("programme")
    return [
        session
        for session in rows.order_by("decide_on", "pk")
        if session.decide_on <= now.astimezone(session.zone).date()
    ]


def _ask(kind: str, session: Session) -> int:
    once = f"{kind}:{session.pk}:{session.decide_on}"
    if Mailing.objects.filter(once_key=once).exists():
        return 0
    people = {person.pk: person for person in deciders_of(session.programme)}
    if kind == LATE:
        people |= {person.pk: person for person in User.objects.holding("administrator")}
    recipients = [
        (person, None, person.email, person.interface_language, "")
        for person in people.values()
        if person.email and not person.is_system
    ]
    try:
        tell_once(kind, session, once, recipients, people=sorted(people))
    except AlreadyTold:  # another worker came first
        return 0
    return 1
