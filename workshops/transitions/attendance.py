"""Who was there: marks by day, people who came without a seat, the list closed and corrected."""

import datetime
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import list_text, number_text
from network.models import User
from network.working_days import local_day
from touchpoints.api import tell, tell_each
from workshops.eligibility import eligibility, forget_courses
from workshops.exceptions import KeptOut, TransitionRefused
from workshops.models import (
    AttendanceList,
    AttendanceMark,
    Certificate,
    CourseRecord,
    Enrolment,
    EnrolmentState,
    EvaluationRequest,
    PracticeProof,
    ProofState,
    Session,
    SessionDay,
)
from workshops.permissions import can_take_attendance, coordinates
from workshops.seats import count_seats
from workshops.transitions.core import changing, need_reason, new_enrolment, record
from workshops.transitions.questions import form_for
from workshops.transitions.refusing import noting_refusals
from workshops.vocabulary import Hindrance

# Who was there on four of five days attended; one or two days are all of them.
SHARE_NEEDED = 0.8
LISTED = (EnrolmentState.ENROLLED, EnrolmentState.ATTENDED, EnrolmentState.NO_SHOW)
NAMES_SHOWN = 5
_shuffle = random.SystemRandom().shuffle


@dataclass(frozen=True)
class Mark:
    """What somebody tapped: `seen` is what the list showed them before (None: nothing)."""

    enrolment: int
    day: int
    is_present: bool
    seen: bool | None = None


def days_needed(days: int) -> int:
    """On how many of the days one must have been there."""
    return math.ceil(days * SHARE_NEEDED)


def mark(session: Session, marks: Iterable[Mark], *, by, reason: str = "") -> list[Mark]:
    """Take down who was there. Returns those not taken, since somebody else has marked the
    person otherwise meanwhile: they are shown again, nothing is lost.

    Marks that say what stands already, or what the list showed, change nothing: who saves
    a list has not marked everybody on it. Once the list is closed
    each is a correction: it needs a reason, the person is told, and whether
    they attended is decided anew. Raises PermissionDenied, or TransitionRefused
    for a day that has not come, or a correction that a certificate forbids.
    """
    with changing(session) as locked:
        if not can_take_attendance(by, locked):
            raise PermissionDenied
        _refuse_unless_given(locked)
        is_closed = AttendanceList.objects.filter(session=locked).exists()
        days = {day.pk: day for day in locked.days.all()}
        rows = Enrolment.objects.filter(session=locked, state__in=LISTED).select_related("user")
        listed = {row.pk: row for row in rows}
        standing = AttendanceMark.objects.standing_of(locked)
        now, new, conflicts = timezone.now(), [], []
        for one in marks:
            if one.enrolment not in listed or one.day not in days:
                raise TransitionRefused(_("This person is no longer on the list. Look again."))
            present = standing.get((one.enrolment, one.day))
            was = present.is_present if present else None
            if one.is_present in (was, one.seen):
                continue
            if was != one.seen:
                conflicts.append(one)
                continue
            _refuse_early(locked, days[one.day], now)
            new.append(one)
        if is_closed and new:
            reason = need_reason(reason)
        AttendanceMark.objects.bulk_create(
            [
                AttendanceMark(
                    enrolment_id=one.enrolment,
                    day_id=one.day,
                    is_present=one.is_present,
                    at=now,
                    by=by,
                    reason=reason if is_closed else "",
                )
                for one in new
            ]
        )
        if is_closed:
            for pk in dict.fromkeys(one.enrolment for one in new):
                listed[pk].session = locked
                _decide_again(locked, listed[pk], len(days), by=by, reason=reason, now=now)
        return conflicts


def walk_in(session: Session, user: User, *, by, reason: str = "") -> Enrolment:
    """Take somebody in who came without a seat. Twice changes nothing.

    Whoever lacks what the programme asks for comes in by the coordinator's
    word alone, with a reason. Raises PermissionDenied, or TransitionRefused
    before the day of the beginning, once the list is closed, or without a free seat.
    """
    with noting_refusals(session, [user], "walk_in", by=by), changing(session) as locked:
        if not can_take_attendance(by, locked):
            raise PermissionDenied
        now, person = timezone.now(), User.objects.get(pk=user.pk)
        refuse_walk_ins(locked, now)
        if any(one.pk == person.pk for one in locked.trainers.all()):
            why = Hindrance.TEACHES
            raise KeptOut(str(why.label), why)
        rows = Enrolment.objects.counting().filter(session=locked, user=person)
        found = rows.select_related("user", "distributor").first()
        if found is not None and found.state in LISTED:
            return found
        open_to = eligibility(person, locked.programme, nominated=True, about=True)
        if not open_to.open:
            if not coordinates(by, locked.programme):
                # What is missing stands in the profile: not for whoever teaches one day.
                raise KeptOut(
                    _("The programme is not open to this person; the coordinator decides."),
                    Hindrance.NOT_ELIGIBLE,
                    {person.pk: open_to.missing},
                )
            reason = need_reason(reason)
        holds_seat = found is not None and found.state == EnrolmentState.OFFERED
        if not holds_seat and count_seats([locked], now)[locked.pk].open <= 0:
            raise KeptOut(
                _("All seats are taken. The coordinator can give the session more seats."),
                Hindrance.NO_SEAT,
            )
        made = found or new_enrolment(locked, person, by=by)
        made.session = locked
        record(made, EnrolmentState.ENROLLED, verb="walk_in", by=by, reason=reason, at=now)
        return made


def close_list(session: Session, *, by) -> AttendanceList:
    """Who attended stands from now on: courses count, evaluation and practice are asked for.

    Twice changes nothing. Raises PermissionDenied, or TransitionRefused before
    the last day, or while somebody is not marked.
    """
    with changing(session) as locked:
        if not can_take_attendance(by, locked):
            raise PermissionDenied
        _refuse_unless_given(locked)
        closed = AttendanceList.objects.filter(session=locked).first()
        if closed is not None:
            return closed
        now, days = timezone.now(), list(locked.days.all())
        _refuse_early(locked, days[-1], now)
        people = list(
            Enrolment.objects.filter(session=locked, state=EnrolmentState.ENROLLED).select_related(
                "user"
            )
        )
        standing = AttendanceMark.objects.standing_of(locked)
        _refuse_gaps(people, days, standing)
        attended = []
        for row in people:
            row.session = locked
            count = sum(standing[row.pk, day.pk].is_present for day in days)
            came = count >= days_needed(len(days))
            state = EnrolmentState.ATTENDED if came else EnrolmentState.NO_SHOW
            record(row, state, verb="attend" if came else "no_show", by=by, at=now)
            if came:
                attended.append(row)
        _ask_for_what_follows(locked, attended, by=by, now=now)
        return AttendanceList.objects.create(session=locked, closed_at=now, closed_by=by)


def refuse_walk_ins(session: Session, now: datetime.datetime) -> None:
    """Raises TransitionRefused while nobody can be taken in: before the day of the beginning,
    once the list is closed, or where the session is not given."""
    _refuse_unless_given(session)
    _refuse_early(session, session.days.first(), now)
    if AttendanceList.objects.filter(session=session).exists():
        raise TransitionRefused(_("The list is closed. Correct it instead."))


# --- parts -------------------------------------------------------------------------------
def _refuse_unless_given(session: Session) -> None:
    if session.state in ("planned", "cancelled"):
        raise TransitionRefused(_("This session is not given: it has no list."))


def _refuse_early(session: Session, day: SessionDay, now: datetime.datetime) -> None:
    """Raises TransitionRefused before the day, where it happens."""
    if now.astimezone(session.zone).date() < day.starts_at.astimezone(session.zone).date():
        raise TransitionRefused(_("This day has not come yet."))


def _refuse_gaps(people: list[Enrolment], days: list[SessionDay], standing: dict) -> None:
    gaps = [
        row.user.display_name
        for row in people
        if any((row.pk, day.pk) not in standing for day in days)
    ]
    if not gaps:
        return
    more = len(gaps) - NAMES_SHOWN
    names = gaps[:NAMES_SHOWN]
    if more > 0:
        names.append(
            ngettext("%(count)s other", "%(count)s others", more) % {"count": number_text(more)}
        )
    raise TransitionRefused(
        _("Say for every day whether these people were there: %(names)s.")
        % {"names": list_text(names)}
    )


def _ask_for_what_follows(session: Session, attended: list[Enrolment], *, by, now) -> None:
    """Courses count; evaluation and practice are asked for by rows, so that a programme that
    changes later asks nothing else of these people."""
    programme = session.programme
    for row in attended:
        _count_course(session, row, by=by, now=now)
    if programme.has_evaluation and attended:
        asked = list(attended)
        _shuffle(asked)  # the order of these rows tells nothing
        form = form_for(programme)
        EvaluationRequest.objects.bulk_create(
            [EvaluationRequest(enrolment=row, form=form, asked_at=now) for row in asked],
            ignore_conflicts=True,  # asked before a correction and after the next
        )
        tell_each("workshops.evaluation_asked", [(row, {}) for row in attended])
    if programme.proof_days is not None and attended:
        due_on = max(session.last_day, local_day(now, session.time_zone)) + datetime.timedelta(
            days=programme.proof_days
        )
        lapsed = PracticeProof.objects.filter(enrolment__in=attended, state=ProofState.LAPSED)
        lapsed.update(state=ProofState.DUE, due_on=due_on, since=now, reminders=0)
        PracticeProof.objects.bulk_create(
            [PracticeProof(enrolment=row, due_on=due_on, since=now) for row in attended],
            ignore_conflicts=True,
        )
        tell_each("workshops.practice_asked", [(row, {}) for row in attended])


def _count_course(session: Session, enrolment: Enrolment, *, by, now) -> None:
    """The course stands in the person's history; an entry of their own for that day is confirmed
    by it."""
    CourseRecord.objects.update_or_create(
        user=enrolment.user,
        programme=session.programme,
        done_on=session.last_day,
        defaults={"session": session, "confirmed_by": by, "confirmed_at": now},
    )
    forget_courses(enrolment.user)


def _decide_again(
    session: Session, enrolment: Enrolment, days: int, *, by, reason: str, now
) -> None:
    """Whether the person attended, after a correction."""
    # A certificate is given under this lock (certifying): asked before, or seen below.
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    standing = AttendanceMark.objects.standing_of(session)
    count = sum(m.is_present for (pk, _day), m in standing.items() if pk == enrolment.pk)
    came = count >= days_needed(days)
    state = EnrolmentState.ATTENDED if came else EnrolmentState.NO_SHOW
    if state != enrolment.state:
        if came:
            _ask_for_what_follows(session, [enrolment], by=by, now=now)
        else:
            _take_back(session, enrolment)
        record(enrolment, state, verb="correct", by=by, reason=reason, at=now)
    tell("workshops.attendance_corrected", enrolment, reason=reason)


def _take_back(session: Session, enrolment: Enrolment) -> None:
    """What followed from an attendance that was none. Raises TransitionRefused where a
    certificate stands."""
    if Certificate.objects.filter(enrolment=enrolment, revoked_at=None).exists():
        raise TransitionRefused(
            _("%(person)s has a certificate. The coordinator revokes it first.")
            % {"person": enrolment.user.display_name}
        )
    CourseRecord.objects.filter(user=enrolment.user, session=session).delete()
    forget_courses(enrolment.user)
    EvaluationRequest.objects.filter(enrolment=enrolment, has_answered=False).delete()
    proofs = PracticeProof.objects.filter(enrolment=enrolment)
    proofs.filter(events__isnull=True).delete()
    proofs.open().update(state=ProofState.LAPSED)
