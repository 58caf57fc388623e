"""Coming in: one's own enrolment, a group's, a nomination, and the manager's answer."""

import uuid
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from network.localize import list_text, number_text
from network.models import User
from touchpoints.api import tell
from workshops.eligibility import eligibility
from workshops.exceptions import GroupTooLarge, KeptOut, NotEligible, TransitionRefused
from workshops.models import Enrolment, EnrolmentState, Session
from workshops.permissions import (
    can_answer_offer,
    can_approve_enrolment,
    can_enrol_person,
    can_enrol_self,
    can_say_needs,
    coordinates,
)
from workshops.transitions.core import (
    GONE,
    SEAT_FREE,
    again,
    asked_needs,
    changing,
    fresh,
    give_place,
    need_reason,
    new_enrolment,
    promote,
    record,
    refuse_closed,
)
from workshops.transitions.refusing import noting_refusals
from workshops.vocabulary import Hindrance

MAX_GROUP = 100  # people a group enrolment


def enrol(
    session: Session,
    user,
    *,
    by,
    needs: Mapping[str, str] | None = None,
    once: uuid.UUID | None = None,
) -> Enrolment:
    """Give `user` a seat, a place in line, or (where it is asked for) a request to approve.

    A second time changes nothing and returns the first. The person themself
    enrols, or the coordinator (approval is then given). `needs` are kept where
    the programme asks for them. `once` is the form's own key: sent twice, it
    gives the first place, whatever became of it. Raises PermissionDenied, NotEligible, or
    TransitionRefused where nobody may come in.
    """
    with noting_refusals(session, [user], "enrol", by=by), changing(session, [user]) as locked:
        now, person = timezone.now(), fresh(user, locked)
        is_own = by.pk == person.pk
        if is_own and not can_enrol_self(person):
            raise PermissionDenied
        if not is_own and not coordinates(by, locked.programme):
            raise PermissionDenied
        if once is not None and (first := _made_by(locked, person, once)) is not None:
            return first
        if not person.is_active:
            raise TransitionRefused(_(GONE))
        refuse_closed(locked, now)
        found = _counting(locked, person)
        if found is not None:
            if is_own and found.state == EnrolmentState.NOMINATED:
                _take_up(locked, found, by=person, needs=needs, now=now)
            return found
        _refuse_team([person], by)
        check_eligible(person, locked.programme, nominated=not is_own, about=not is_own)
        made = new_enrolment(locked, person, by=by, needs=needs, group_key=once)
        if locked.programme.entry == "approval" and is_own:
            record(made, EnrolmentState.REQUESTED, verb="request", by=by, at=now)
            tell("workshops.approval_asked", made)
            return made
        seats = promote(locked, why=SEAT_FREE, at=now)
        give_place(locked, made, seats, verb="enrol", by=by, at=now)
        return made


def enrol_group(session: Session, people: Iterable, *, by) -> list[Enrolment]:
    """A manager enrols several members at once: all of them get a seat, or none.

    Their approval is given with it. The same people twice change nothing, and
    the first places are returned. Raises PermissionDenied; NotEligible or
    SeatsRefused with the names of who keeps the others out, or how many seats
    there are.
    """
    people = list(people)
    with (
        noting_refusals(session, people, "enrol_group", by=by),
        changing(session, people) as locked,
    ):
        now, members = timezone.now(), _members(locked, people, by)
        refuse_closed(locked, now)
        if locked.programme.entry == "nomination":
            why = Hindrance.NOMINATION
            raise KeptOut(str(why.label), why)
        if locked.programme.entry == "approval" and any(p.pk == by.pk for p in members):
            said = _("Another manager of your distributor approves your own.")
            raise KeptOut(said, Hindrance.OWN, {by.pk: ()})
        if (there := _same_group(locked, members, by)) is not None:
            return there
        _check_group(locked, members, by)
        seats, key = promote(locked, why=SEAT_FREE, at=now), uuid.uuid4()
        made = [new_enrolment(locked, person, by=by, group_key=key) for person in members]
        _check_room(seats, made)
        for enrolment in made:
            give_place(locked, enrolment, seats, verb="enrol_group", by=by, at=now)
        return made


def nominate(session: Session, people: Iterable, *, by) -> list[Enrolment]:
    """A manager names members for a programme that is entered by nomination: all, or none.

    Each then says yes or no. Raises as `enrol_group` does, but for seats:
    a nomination holds none.
    """
    people = list(people)
    with noting_refusals(session, people, "nominate", by=by), changing(session, people) as locked:
        now, members = timezone.now(), _members(locked, people, by)
        refuse_closed(locked, now)
        if locked.programme.entry != "nomination":
            raise TransitionRefused(_("This programme is not entered by nomination."))
        if any(person.pk == by.pk for person in members):
            said = _("Another manager of your distributor nominates you.")
            raise KeptOut(said, Hindrance.OWN, {by.pk: ()})
        if (there := _same_group(locked, members, by)) is not None:
            return there
        _check_group(locked, members, by)
        key, made = uuid.uuid4(), []
        for person in members:
            enrolment = new_enrolment(locked, person, by=by, group_key=key)
            record(enrolment, EnrolmentState.NOMINATED, verb="nominate", by=by, at=now)
            tell("workshops.nominated", enrolment)
            made.append(enrolment)
        return made


def accept_nomination(
    enrolment: Enrolment, *, by, needs: Mapping[str, str] | None = None
) -> Enrolment:
    """The nominee says yes: a seat, or a place in line. Raises PermissionDenied, NotEligible or
    TransitionRefused."""
    session, person = enrolment.session, User.objects.filter(pk=enrolment.user_id)
    with noting_refusals(session, person, "accept_nomination", by=by), changing(session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_answer_offer(by, found):
            raise PermissionDenied
        _refuse_unless(found, EnrolmentState.NOMINATED, _("This nomination has been answered."))
        refuse_closed(locked, now)
        _take_up(locked, found, by=by, needs=needs, now=now)
        return found


def _take_up(locked: Session, found: Enrolment, *, by, needs, now) -> None:
    check_eligible(fresh(found.user), locked.programme, nominated=True)
    found.needs = asked_needs(locked.programme, needs)
    seats = promote(locked, why=SEAT_FREE, at=now)
    give_place(locked, found, seats, verb="accept_nomination", by=by, at=now)


def approve(enrolment: Enrolment, *, by) -> Enrolment:
    """Answer a request with yes: a seat, or the place in line of the day it was asked for.

    Raises PermissionDenied, NotEligible, or TransitionRefused where it was
    answered before or enrolment has closed.
    """
    session, person = enrolment.session, User.objects.filter(pk=enrolment.user_id)
    with noting_refusals(session, person, "approve", by=by), changing(session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_approve_enrolment(by, found):
            raise PermissionDenied
        _refuse_unless(found, EnrolmentState.REQUESTED, _("This request has been answered."))
        refuse_closed(locked, now)
        check_eligible(fresh(found.user), locked.programme, nominated=True, about=True)
        seats = promote(locked, why=SEAT_FREE, at=now)
        give_place(locked, found, seats, verb="approve", by=by, at=now)
        return found


def refuse(enrolment: Enrolment, *, by, reason: str) -> Enrolment:
    """Answer a request with no. Raises PermissionDenied, or TransitionRefused without a reason or
    where it was answered before."""
    with changing(enrolment.session) as locked:
        found = again(locked, enrolment)
        if not can_approve_enrolment(by, found):
            raise PermissionDenied
        _refuse_unless(found, EnrolmentState.REQUESTED, _("This request has been answered."))
        reason = need_reason(reason)
        record(found, EnrolmentState.REFUSED, verb="refuse", by=by, reason=reason)
        tell("workshops.refused", found, reason=reason)
        return found


# States in which one may say what one needs; a nominee says it with their yes.
NEEDS_SAID_IN = (
    EnrolmentState.REQUESTED,
    EnrolmentState.WAITING,
    EnrolmentState.OFFERED,
    EnrolmentState.ENROLLED,
)
NEEDS_CHANGED = gettext_noop("The person said anew what they need.")


def set_needs(enrolment: Enrolment, *, by, needs: Mapping[str, str]) -> Enrolment:
    """Say or correct what one needs, until the session begins; also whoever was enrolled by others.

    Nothing changes where nothing is different. Raises PermissionDenied, or
    TransitionRefused where the place has ended or the session has begun.
    """
    with changing(enrolment.session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_say_needs(by, found):
            raise PermissionDenied
        if found.state not in NEEDS_SAID_IN:
            raise TransitionRefused(_("You have no place in this session."))
        if now >= locked.starts_at:
            raise TransitionRefused(_("This session has begun."))
        said = asked_needs(locked.programme, needs)
        if said != found.needs:
            found.needs = said
            found.save(update_fields=["needs"])
            record(found, found.state, verb="needs", by=by, reason=NEEDS_CHANGED, at=now)
        return found


# --- checks ---------------------------------------------------------------------------
def check_eligible(person, programme, *, nominated: bool = False, about: bool = False) -> None:
    """Raises NotEligible with what is missing, by how much; `about` them where another asks."""
    found = eligibility(person, programme, nominated=nominated, about=about)
    if not found.open:
        raise NotEligible(found)


def _refuse_unless(enrolment: Enrolment, state: EnrolmentState, sentence: str) -> None:
    if enrolment.state != state:
        raise TransitionRefused(sentence)


def _counting(session: Session, person) -> Enrolment | None:
    found = Enrolment.objects.counting().filter(session=session, user=person).first()
    if found is not None:
        found.session, found.user = session, person
    return found


def _made_by(session: Session, person, once: uuid.UUID) -> Enrolment | None:
    """What the first of two clicks made."""
    found = Enrolment.objects.filter(session=session, user=person, group_key=once).last()
    if found is not None:
        found.session, found.user = session, person
    return found


def _members(locked: Session, people: Iterable, by) -> list:
    """The people as they stand now, each once. Raises PermissionDenied for one who is not `by`'s,
    TransitionRefused for nobody, or too many."""
    members = [fresh(one, locked) for one in {person.pk: person for person in people}.values()]
    if not members:
        raise TransitionRefused(_("Choose at least one person."))
    if len(members) > MAX_GROUP:
        raise TransitionRefused(
            _("At most %(most)s people can be enrolled at once.") % {"most": number_text(MAX_GROUP)}
        )
    if not all(can_enrol_person(by, person) for person in members):
        raise PermissionDenied
    return members


def _same_group(locked: Session, members: list, by) -> list[Enrolment] | None:
    """The places that the same manager took for exactly these people at once: the second of two
    clicks. None where there is no such group."""
    rows = Enrolment.objects.counting().filter(session=locked, user__in=members)
    there = list(rows.select_related("user"))
    groups = {(row.group_key, row.created_by_id) for row in there}
    if len(there) != len(members) or len(groups) != 1 or groups == {(None, by.pk)}:
        return None
    (key, author) = groups.pop()
    whole = Enrolment.objects.filter(session=locked, group_key=key).count()
    return there if author == by.pk and whole == len(there) else None


def _refuse_team(people: list, by) -> None:
    """Raises KeptOut for who teaches it (they come from `fresh`): nobody marks, judges
    or evaluates themself."""
    team = {person.pk: () for person in people if person.teaches_it}
    if not team:
        return
    if [person.pk for person in people] == [by.pk]:
        raise KeptOut(_("You teach this session."), Hindrance.TEACHES, team)
    names = [person.display_name for person in people if person.teaches_it]
    said = ngettext("%(names)s teaches this session.", "%(names)s teach this session.", len(names))
    raise KeptOut(said % {"names": list_text(names)}, Hindrance.TEACHES, team)


def _check_group(locked: Session, members: list, by) -> None:
    _refuse_team(members, by)
    closed = [
        (person, found)
        for person in members
        if not (found := eligibility(person, locked.programme, nominated=True, about=True)).open
    ]
    if closed:
        names = [f"{person.display_name}: {found.sentence}" for person, found in closed]
        raise KeptOut(
            _("Nobody has been enrolled. %(reasons)s") % {"reasons": " ".join(names)},
            Hindrance.NOT_ELIGIBLE,
            {person.pk: found.missing for person, found in closed},
        )
    there = Enrolment.objects.counting().filter(session=locked, user__in=members)
    if names := [row.user.display_name for row in there.select_related("user")]:
        raise TransitionRefused(
            _("Nobody has been enrolled. These people are there already: %(names)s.")
            % {"names": list_text(names)}
        )


def _check_room(seats, made: list[Enrolment]) -> None:
    """Raises GroupTooLarge unless all get a seat."""
    held, kept = seats.held.copy(), seats.kept
    trial = type(seats)(seats.total, held, kept)
    for number, enrolment in enumerate(made):
        if trial.free_for(enrolment.scope) <= 0:
            raise GroupTooLarge(
                ngettext(
                    "Nobody has been enrolled. %(free)s seat is free, you chose %(wanted)s people.",
                    "Nobody has been enrolled. %(free)s seats are free, "
                    "you chose %(wanted)s people.",
                    number,
                )
                % {"free": number_text(number), "wanted": number_text(len(made))},
                Hindrance.NO_SEAT,
            )
        trial.take(enrolment.scope)
