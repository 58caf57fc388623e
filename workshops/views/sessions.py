"""A session: its page, coming in, going out, and answering an offer or a nomination."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.languages import reading_order
from network.localize import moment_text, number_text
from network.models import User
from network.numbers import row_keys
from network.permissions import managed_distributors, with_standing
from workshops import page_context
from workshops.clashes import clashes_of
from workshops.eligibility import eligibility, with_courses
from workshops.exceptions import TransitionRefused
from workshops.forms import NeedsForm
from workshops.models import Enrolment, Session
from workshops.permissions import can_view_session
from workshops.responsible import managers_of
from workshops.seats import count_seats
from workshops.titles import titles_for
from workshops.transitions import (
    accept_nomination,
    accept_offer,
    cancel_enrolment,
    decline,
    enrol,
    enrol_group,
    nominate,
    set_needs,
)
from workshops.transitions.core import moved_to


def said_of(made: Enrolment) -> str:
    """What a person is told after they came in, by the state they are in then."""
    if made.state == "enrolled":
        return _("You have a seat.")
    if made.state == "waiting":
        seats = count_seats([made.session])[made.session_id]
        if not seats.kept_from(made.scope):
            return _("All seats are taken. You are on the waiting list.")
        return _(
            "The free seats are kept for other regions until %(moment)s. "
            "You are on the waiting list."
        ) % {"moment": moment_text(seats.kept_until(made.scope))}
    if made.state == "requested":
        if managers_of(made.distributor, but=made.user):
            return _("Your distributor’s manager is asked to approve it.")
        return _("The coordinator is asked to approve it: your distributor has no other manager.")
    return ""


# What a change asks of a session before it is locked: who may see it, what its form asks for.
TO_CHANGE = ("number", "state", "programme__asks", "programme__distributor")


def session_for(user, number: str) -> Session:
    """A session this person may see. Raises Http404."""
    found = Session.objects.visible_to(user).select_related(
        "programme__distributor", "country__region"
    )
    return get_object_or_404(
        found.prefetch_related("days", "trainers", "programme__requires"), number=number
    )


def session_to_change(user, number: str) -> Session:
    """The same without what only its page names: a change reads again under its lock.

    One query; for a session that not everybody sees, what it lacks and the person's standing.
    """
    found = get_object_or_404(
        Session.objects.select_related("programme").only(*TO_CHANGE), number=number
    )
    if not can_view_session(user, found):
        raise Http404
    return found


@require_safe
@never_cache
def session_page(request, number: str):
    """Dates, place, seats, and one's own place."""
    return _page(request, session_for(request.user, number))


def _page(request, session: Session, *, form=None, status: int = 200):
    form = form or NeedsForm(programme=session.programme)
    context = page_context.session(request, session, form=form)
    if context["mine"] is not None and context["mine"].is_live:
        form.initial = context["mine"].needs
    return render(request, "workshops/session.html", context, status=status)


@login_required
@require_POST
def session_enrol(request, number: str):
    """A seat, a place in line, or a request; the second of two clicks."""
    session = session_to_change(request.user, number)
    form = NeedsForm(request.POST, programme=session.programme)
    if not form.is_valid():
        return _page(request, session_for(request.user, number), form=form, status=400)
    try:
        made = enrol(session, request.user, by=request.user, needs=form.cleaned_data)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, session_for(request.user, number), form=form, status=409)
    if said := said_of(made):
        messages.success(request, said)
    return redirect("session", number)


@login_required
@require_POST
def session_needs(request, number: str):
    """Say or correct what one needs; also who was enrolled by their manager."""
    session = session_to_change(request.user, number)
    form = NeedsForm(request.POST, programme=session.programme)
    if not form.is_valid():
        return _page(request, session_for(request.user, number), form=form, status=400)
    try:
        set_needs(_mine(request, session), by=request.user, needs=form.cleaned_data)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, session_for(request.user, number), form=form, status=409)
    messages.success(request, _("The coordinator reads it beside your name."))
    return redirect("session", number)


@login_required
@require_POST
def session_leave(request, number: str):
    """Give up a seat, a place in line or a request."""
    session = session_to_change(request.user, number)
    try:
        cancel_enrolment(_mine(request, session), by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You have given up your place."))
    return redirect("session", number)


@login_required
@require_POST
def session_answer(request, number: str):
    """Yes or no to an offered seat or a nomination."""
    session = session_for(request.user, number)
    wants = request.POST.get("answer") == "accept"
    form = NeedsForm(request.POST, programme=session.programme)
    if wants and not form.is_valid():
        return _page(request, session, form=form, status=400)
    try:
        mine = _mine(request, session)
        if not wants:
            decline(mine, by=request.user)
            messages.success(request, _("The seat goes to the next person in line."))
        elif mine.state == "nominated":
            made = accept_nomination(mine, by=request.user, needs=form.cleaned_data)
            messages.success(request, said_of(made))
        else:
            accept_offer(mine, by=request.user)
            messages.success(request, _("You have a seat."))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("session", number)


def _mine(request, session: Session) -> Enrolment:
    """One's own newest place in the session. Raises PlaceMoved where a merger took it along, else
    Http404."""
    mine = request.user.enrolments.order_by("-pk")
    found = mine.filter(session=session).first()
    if found is None and mine.filter(session=session.merged_into_id).exists():
        raise moved_to(session.merged_into)
    if found is None:
        raise Http404
    found.session = session
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_group(request, number: str):
    """A manager enrols members of their distributor together, or nominates them."""
    session = session_for(request.user, number)
    firms = managed_distributors(request.user)
    if not firms:
        raise PermissionDenied
    chosen = set()
    if request.method == "POST":
        chosen = row_keys(request.POST.getlist("person"))
        people = list(User.objects.members_of(*firms).filter(pk__in=chosen))
        by_nomination = session.programme.entry == "nomination"
        try:
            made = (nominate if by_nomination else enrol_group)(session, people, by=request.user)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext(
                "%(count)s person has been enrolled.",
                "%(count)s people have been enrolled.",
                len(made),
            )
            if by_nomination:
                said = ngettext(
                    "%(count)s person has been nominated.",
                    "%(count)s people have been nominated.",
                    len(made),
                )
            messages.success(request, said % {"count": number_text(len(made))})
            return redirect("session", number)
    context = _group(request, session, firms, chosen)
    return render(
        request, "workshops/group.html", context, status=409 if request.method == "POST" else 200
    )


def _group(request, session: Session, firms, chosen: set[int]) -> dict:
    """Members of the firms with what they lack, and where they are already. Nine queries."""
    people = User.objects.members_of(*firms).order_by("last_name", "first_name", "pk")
    members = with_courses(with_standing(people))
    rows = Enrolment.objects.counting().filter(session=session, user__in=members)
    there = {row.user_id: row for row in rows}
    programme = session.programme
    titles = titles_for([programme, *programme.requires.all()], reading_order(request.user))
    names = {pk: title.title for pk, title in titles.items()}
    clashes = clashes_of(session, members, reading_order(request.user))
    return {
        "session": session,
        "programme": programme,
        "title": titles[programme.pk],
        "rows": [
            {
                "person": person,
                "enrolment": there.get(person.pk),
                "eligibility": eligibility(
                    person, programme, nominated=True, titles=names, about=True
                ),
                "is_chosen": person.pk in chosen,
                "clashes": clashes.get(person.pk, []),
            }
            for person in members
        ],
    }
