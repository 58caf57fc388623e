"""A session is opened, confirmed, moved, merged, resized, cancelled: shown before it is done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.localize import number_text
from workshops import when
from workshops.exceptions import TransitionRefused
from workshops.models import Session
from workshops.seats import count_seats
from workshops.session_forms import MergeForm, MoveForm, ReasonForm, SeatsForm
from workshops.session_forms.fields import wall
from workshops.transitions import (
    arrange_seats,
    cancel_session,
    confirm_session,
    merge_sessions,
    move_session,
    open_session,
)
from workshops.views.coordinating.planning import after_change
from workshops.views.coordinating.preview import Change, answer, session_of

STEPS = {"open": open_session, "confirm": confirm_session}


@login_required
@require_POST
def session_step(request, number: str, step: str):
    """Open it for enrolment, or confirm that it takes place: nobody's place changes."""
    session = session_of(request, number)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](session, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = {
            "open": _("Open: people can enrol from now on."),
            "confirm": _("Confirmed: it takes place."),
        }
        messages.success(request, said[step])
    return redirect("desk_session", number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_move(request, number: str):
    """Another first day, hour or zone; its other days and deadlines move along."""
    session = session_of(request, number)
    start = wall(session.starts_at, session.zone)
    initial = {
        "first_day": start.date(),
        "start": start.time(),
        "time_zone": session.time_zone,
    }
    what = Change(
        sessions=[session],
        heading=_("Move this session"),
        action=_("Move it"),
        done=_("Moved."),
        change=lambda typed: move_session(session, by=request.user, **_move(typed, initial)),
        form=MoveForm(request.POST or None, initial=initial),
        describe=lambda made: after_change(made, request.user),
        shown="workshops/coordinating/shown_days.html",
        next_url=reverse("desk_session", args=[number]),
    )
    return answer(request, what)


def _move(form: MoveForm, before: dict) -> dict:
    """What was typed; an hour left as it was is not typed: forms show no seconds."""
    given = form.cleaned_data
    minute = before["start"].replace(second=0, microsecond=0)
    return {
        "first_day": given["first_day"],
        "start": None if given["start"] in (None, minute) else given["start"],
        "time_zone": given["time_zone"] if given["time_zone"] != before["time_zone"] else None,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_merge(request, number: str):
    """Everybody goes over to another session of the programme; this one is cancelled."""
    session = session_of(request, number)
    others = (
        Session.objects.upcoming()
        .filter(programme=session.programme_id)
        .exclude(pk=session.pk)
        .select_related("country")
        .order_by("starts_at", "pk")
    )
    seats = count_seats(others)

    def label(other: Session) -> str:
        return _("%(number)s: %(days)s, %(place)s; %(free)s of %(seats)s seats free") % {
            "number": other.number,
            "days": when.days_text(other),
            "place": when.place_text(other),
            "free": number_text(seats[other.pk].open),
            "seats": number_text(other.seats),
        }

    what = Change(
        sessions=[session],
        heading=_("Merge this session with another"),
        action=_("Merge them"),
        done=_("Merged. This session is cancelled, its people are in the other one."),
        change=lambda typed: merge_sessions(session, typed.cleaned_data["into"], by=request.user),
        form=MergeForm(request.POST or None, sessions=others, label=label),
        involved=lambda typed: [typed.cleaned_data["into"]],
        describe=lambda into: {
            **after_change(into, request.user),
            "number": into.number,
            "kept": _kept(into),
        },
        shown="workshops/coordinating/shown_merged.html",
        is_grave=True,
        next_url=reverse("desk_session", args=[number]),
        context={"has_others": bool(seats)},
    )
    return answer(request, what)


def _kept(session: Session) -> list[tuple[str, int]]:
    quotas = session.quotas.select_related("region", "review_area")
    return [((quota.region or quota.review_area).name, quota.seats) for quota in quotas.all()]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_seats(request, number: str):
    """How many seats, and for which regions they are kept until when."""
    session = session_of(request, number)
    what = Change(
        sessions=[session],
        heading=_("Seats of this session"),
        action=_("Change the seats"),
        done=_("The seats are changed."),
        change=lambda typed: arrange_seats(
            session, by=request.user, seats=typed.cleaned_data["seats"], kept=typed.kept
        ),
        form=SeatsForm(request.POST or None, session=session),
        describe=lambda made: {"seats": made.seats, "kept": _kept(made)},
        template="workshops/coordinating/seats.html",
        shown="workshops/coordinating/shown_seats.html",
        next_url=reverse("desk_session", args=[number]),
    )
    return answer(request, what)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_cancel(request, number: str):
    """It does not take place: everybody is told why."""
    session = session_of(request, number)
    what = Change(
        sessions=[session],
        heading=_("Cancel this session"),
        action=_("Cancel the session"),
        done=_("Cancelled. Everybody is told."),
        change=lambda typed: cancel_session(
            session, by=request.user, reason=typed.cleaned_data["reason"]
        ),
        form=ReasonForm(request.POST or None),
        is_grave=True,
        next_url=reverse("desk_session", args=[number]),
    )
    return answer(request, what)
