"""Who cannot come yet: they wish to be told, or ask the coordinator for an exception."""

import contextlib
import datetime
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from network.permissions import with_standing
from network.working_days import local_day
from touchpoints.api import tell, tell_each
from workshops.eligibility import (
    NOMINATION,
    Eligibility,
    eligibility,
    forget_courses,
    with_courses,
)
from workshops.exceptions import TransitionRefused
from workshops.models import EligibilityWatch, ExceptionRequest, ExceptionState, Programme
from workshops.permissions import (
    can_decide_exception,
    can_enrol_self,
    can_withdraw_exception,
)
from workshops.seats import place_of
from workshops.transitions.core import MAX_REASON, need_reason

LONGEST_EXCEPTION = datetime.timedelta(days=731)
CHECK_AGAIN = datetime.timedelta(minutes=10)
AT_ONCE = 500  # wishes looked at in one go
# Where a person stood when they wished, in both kinds of rows.
_PLACE = ("distributor_id", "region_id", "review_area_id")


def watch(programme: Programme, user) -> EligibilityWatch:
    """'Tell me when I am eligible.' Twice changes nothing.

    Raises PermissionDenied, or TransitionRefused where it is open to them already.
    """
    with transaction.atomic():
        person = _person(user)
        if _is_open(eligibility(person, programme)):
            raise TransitionRefused(_("This programme is open to you now."))
        found = EligibilityWatch.objects.open().filter(user=person, programme=programme).first()
        if found is not None:
            return found
        return EligibilityWatch.objects.create(
            user=person, programme=programme, **_place(person, programme)
        )


def unwatch(programme: Programme, user) -> None:
    """Take the wish back. Without one nothing happens."""
    rows = EligibilityWatch.objects.open().filter(user=user, programme=programme)
    rows.update(ended_at=timezone.now())


def tell_eligible(now: datetime.datetime | None = None) -> int:
    """Tell those who wished it and to whom the programme is open by now; returns how many.

    Each wish is asked at most every ten minutes. Safe to be killed and to run twice.
    """
    now = now or timezone.now()
    due = EligibilityWatch.objects.open().due(now - CHECK_AGAIN)
    rows = list(
        due.select_related("user").order_by(F("checked_at").asc(nulls_first=True), "pk")[:AT_ONCE]
    )
    if not rows:
        return 0
    # One object a person, whatever they wish for.
    people = {row.user_id: row.user for row in rows}
    with_courses(with_standing(people.values()))
    programmes = Programme.objects.select_related("distributor").prefetch_related("requires")
    programmes = programmes.in_bulk({row.programme_id for row in rows})
    told, closed = 0, []
    for row in rows:
        person, programme = people[row.user_id], programmes[row.programme_id]
        if person.is_active and _is_open(eligibility(person, programme)):
            told += _tell(row, now)
        else:
            closed.append(row.pk)
    EligibilityWatch.objects.filter(pk__in=closed).update(checked_at=now)
    return told


def _tell(row: EligibilityWatch, now: datetime.datetime) -> int:
    with transaction.atomic():
        # The one of two sweeps that comes first tells.
        mine = EligibilityWatch.objects.open().filter(pk=row.pk).update(told_at=now)
        if mine:
            tell("workshops.now_eligible", row)
        return mine


def ask_again(user) -> None:
    """Something of this person was confirmed or granted: the next sweep looks at once."""
    EligibilityWatch.objects.open().filter(user=user).update(checked_at=None)


def look_again(programme: Programme, *, at: datetime.datetime) -> None:
    """The programme asks for something else now. Who wished to be told is looked at by the next
    sweep; who asked for an exception that is not needed any more is told in the same way.

    Queries do not grow with the number of people but for those whom it opened to.
    """
    asked = ExceptionRequest.objects.open().filter(programme=programme)
    rows = list(asked.select_related("user").order_by("pk"))
    with_courses(with_standing({row.user_id: row.user for row in rows}.values()))
    for row in rows:
        if not (row.user.is_active and _is_open(eligibility(row.user, programme))):
            continue
        mine = ExceptionRequest.objects.open().filter(pk=row.pk)
        if mine.update(state=ExceptionState.NEEDLESS, decided_at=at):
            place = {name: getattr(row, name) for name in _PLACE}
            EligibilityWatch.objects.open().get_or_create(
                user=row.user, programme=programme, defaults=place
            )
    EligibilityWatch.objects.open().filter(programme=programme).update(checked_at=None)


def end_wishes(programme: Programme, *, by, reason: str, at: datetime.datetime) -> None:
    """The programme is no longer given: whoever wished for it is told why."""
    open_to_tell = EligibilityWatch.objects.open().filter(programme=programme)
    rows = list(open_to_tell.select_related("user").order_by("pk"))
    EligibilityWatch.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    tell_each("workshops.programme_archived", [(row, {"reason": reason}) for row in rows])
    asked = ExceptionRequest.objects.open().filter(programme=programme)
    for request in asked.select_for_update(of=("self",)).select_related("user").order_by("pk"):
        _decide(request, ExceptionState.REFUSED, by=by, reason=reason)


# --- exceptions ------------------------------------------------------------------------------
def ask_exception(programme: Programme, user, *, words: str) -> ExceptionRequest:
    """Ask to be let in all the same. Twice changes nothing and returns the first.

    Raises PermissionDenied; TransitionRefused without words, where nothing is
    missing, or where what is missing is not the coordinator's to give.
    """
    with transaction.atomic():
        person = _person(user)
        found = ExceptionRequest.objects.open().filter(user=person, programme=programme).first()
        if found is not None:
            return found
        lacks = eligibility(person, programme)
        if not lacks.may_ask:
            raise TransitionRefused(
                _("This programme is open to you now.")
                if _is_open(lacks)
                else _("The coordinator cannot make an exception here.")
            )
        words = (words or "").strip()
        if not words:
            raise TransitionRefused(
                _("Say why you should come all the same: the coordinator reads it.")
            )
        if len(words) > MAX_REASON:
            raise TransitionRefused(_("This reason is too long. Shorten it, then send."))
        made = ExceptionRequest.objects.create(
            user=person,
            programme=programme,
            words=words,
            lacks=[one.what for one in lacks.missing if one.what != NOMINATION],
            **_place(person, programme),
        )
        tell("workshops.exception_asked", made)
        return made


def withdraw_exception(request: ExceptionRequest, *, by) -> None:
    """Take one's own request back. Twice changes nothing. Raises PermissionDenied, or
    TransitionRefused for one that was answered: it stays."""
    if not can_withdraw_exception(by, request):
        raise PermissionDenied
    mine = ExceptionRequest.objects.filter(pk=request.pk)
    if mine.open().update(state=ExceptionState.WITHDRAWN, decided_at=timezone.now()):
        return
    if not mine.filter(state=ExceptionState.WITHDRAWN).exists():
        raise TransitionRefused(_("This request has been answered."))


def grant_exception(
    request: ExceptionRequest, *, by, reason: str, until: datetime.date
) -> ExceptionRequest:
    """Let the person in all the same, up to and including a day; they are told why.

    Raises PermissionDenied; TransitionRefused without a reason, for a day that
    is over or more than two years ahead, or where it was answered before.
    """
    with _deciding(request, by) as found:
        today = local_day(timezone.now(), found.user.time_zone)
        if not today <= until <= today + LONGEST_EXCEPTION:
            raise TransitionRefused(_("Choose a day from today on, two years ahead at most."))
        found.until = until
        _decide(found, ExceptionState.GRANTED, by=by, reason=reason)
        ask_again(found.user)
    forget_courses(request.user)
    return found


def refuse_exception(request: ExceptionRequest, *, by, reason: str) -> ExceptionRequest:
    """Say no, and why. Raises as `grant_exception` does."""
    with _deciding(request, by) as found:
        _decide(found, ExceptionState.REFUSED, by=by, reason=reason)
    return found


@contextlib.contextmanager
def _deciding(request: ExceptionRequest, by) -> Iterator[ExceptionRequest]:
    """The request as it stands now, alone to us, in one transaction."""
    with transaction.atomic():
        rows = ExceptionRequest.objects.select_for_update(of=("self",))
        found = rows.select_related("programme", "user").get(pk=request.pk)
        if not can_decide_exception(by, found):
            raise PermissionDenied
        if found.state != ExceptionState.OPEN:
            raise TransitionRefused(_("This request has been answered."))
        yield found


def _decide(found: ExceptionRequest, state: ExceptionState, *, by, reason: str) -> None:
    found.reason = need_reason(reason)
    found.state, found.decided_by, found.decided_at = state, by, timezone.now()
    found.save(update_fields=["state", "reason", "until", "decided_by", "decided_at"])
    tell("workshops.exception_answered", found)


# --- parts -------------------------------------------------------------------------------------
def _person(user):
    """The person as they stand now, alone to us: two clicks become one row."""
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not can_enrol_self(person):
        raise PermissionDenied
    return person


def _is_open(found: Eligibility) -> bool:
    return found.open or found.nominated_only


def _place(person, programme) -> dict:
    distributor, region, area = place_of(person, programme)
    return {"distributor": distributor, "region_id": region, "review_area_id": area}
