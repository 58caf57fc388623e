"""A session is planned from its programme's template, or changed in the same form; copies."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.localize import date_text, list_text
from workshops import when
from workshops.clashes import double_booked
from workshops.exceptions import TransitionRefused
from workshops.models import Programme, Session
from workshops.permissions import can_plan_session, coordinates, coordinates_any
from workshops.session_forms import RepeatForm, SessionForm
from workshops.session_forms.fields import wall
from workshops.titles import titles_for
from workshops.transitions.moving import edit_session
from workshops.transitions.previewing import fingerprint
from workshops.transitions.repeating import repeat_session
from workshops.transitions.sessions import plan_session
from workshops.views.coordinating.preview import Change, answer, session_of

BEGINS, ENDS = datetime.time(9), datetime.time(17)


@login_required
@require_http_methods(["GET", "HEAD"])
@never_cache
def session_choose(request):
    """Of which programme? Those that this person coordinates, and that are still given."""
    if not coordinates_any(request.user):
        raise PermissionDenied
    programmes = [
        one
        for one in Programme.objects.current().select_related("distributor", "parent")
        if coordinates(request.user, one)
    ]
    titles = titles_for(programmes, reading_order(request.user))
    rows = [{"programme": one, "title": titles[one.pk]} for one in programmes]
    return render(request, "workshops/coordinating/choose.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_new(request, key: str):
    """The form, filled with what the programme says; a session that only its team sees."""
    programme = get_object_or_404(Programme.objects.current(), key=key)
    if not can_plan_session(request.user, programme):
        raise Http404
    initial, days = _template(programme, request.user)
    form = SessionForm(request.POST or None, initial=initial, days=days)
    status = 200
    if request.method == "POST":
        status = 422
        if "more" in request.POST:
            form.is_valid()
            form.errors.clear()
            status = 200
        elif form.is_valid():
            try:
                made = plan_session(programme, by=request.user, **form.values())
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Planned. Only its team sees it until you open it."))
                return redirect("desk_session", made.number)
    title = titles_for([programme], reading_order(request.user))[programme.pk]
    context = {"form": form, "programme": programme, "title": title}
    return render(request, "workshops/coordinating/plan.html", context, status=status)


def _template(programme: Programme, user) -> tuple[dict, list]:
    """What the programme says of its sessions: initial values, and rows of days."""
    here = get_language() or "en"
    initial = {
        "place_kind": programme.place_kind,
        "languages": [here],
        "time_zone": user.time_zone,
        "fee_amount": programme.fee_amount,
        "fee_currency": programme.fee_currency,
        "fee_share": programme.fee_share if programme.fee_amount is not None else None,
        "minimum": 0,
        "seats": programme.seats,
    }
    rows = [(None, BEGINS, ENDS), *[(None, None, None)] * (max(programme.days or 1, 1) - 1)]
    return initial, rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_edit(request, number: str):
    """Change anything but seats; another time or place is shown with whom it concerns first.

    A form that was opened before somebody else changed the session is not
    taken: what was typed stays, and may be sent again.
    """
    session = session_of(request, number)
    mark = fingerprint(session)
    data = request.POST.copy() if request.method == "POST" else None
    is_stale = data is not None and data.get("version") not in ("", None, mark)
    if data is not None:
        data["version"] = mark
    form = SessionForm(data, initial=_now(session, mark), days=_days(session), session=session)
    next_url = reverse("desk_session", args=[number])
    what = Change(
        sessions=[session],
        heading=_("Change this session"),
        action=_("Change it"),
        done=_("Changed."),
        change=lambda typed: edit_session(session, by=request.user, **typed.values()),
        form=form,
        describe=lambda made: after_change(made, request.user),
        template="workshops/coordinating/edit.html",
        shown="workshops/coordinating/shown_days.html",
        next_url=next_url,
        context={"programme": session.programme},
    )
    if is_stale:
        form.is_valid()
        form.add_error(
            None,
            _(
                "Somebody changed this session since you opened this page, and nothing was saved. "
                "What you typed still stands here: compare it with the session, then send it."
            ),
        )
        return render(
            request,
            what.template,
            {"form": form, "heading": what.heading, "session": session, "next_url": next_url}
            | _titles(request, session)
            | what.context,
            status=409,
        )
    return answer(request, what)


def _titles(request, session: Session) -> dict:
    titles = titles_for([session.programme], reading_order(request.user))
    return {"title": titles[session.programme_id], "days": when.days_text(session)}


def _now(session: Session, mark: str) -> dict:
    zone = session.zone
    names = ("time_zone", "place_kind", "city", "venue", "link", "languages", "minimum")
    names += ("decide_on", "fee_amount", "fee_currency", "fee_share")
    return {name: getattr(session, name) for name in names} | {
        "version": mark,
        "country": session.country_id or "",
        "trainers": [person.pk for person in session.trainers.all()],
        "enrol_until": wall(session.enrol_until, zone),
        "cancel_until": wall(session.cancel_until, zone),
    }


def _days(session: Session) -> list[tuple]:
    found = []
    for day in session.days.all():
        start, end = wall(day.starts_at, session.zone), wall(day.ends_at, session.zone)
        found.append((start.date(), start.time(), end.time()))
    return found


def after_change(made: Session, user) -> dict:
    """The session as it will be, and who has another seat at that time, for the preview."""
    fresh = Session.objects.select_related("country").get(pk=made.pk)
    return {
        "days": when.days_text(fresh),
        "hours": when.hours_text(fresh),
        "place": when.place_text(fresh),
        "enrol_until": fresh.enrol_until.isoformat(),
        "lines": when.span_lines(fresh),
        "clashes": _clashes(fresh, user),
    }


def _clashes(session: Session, user) -> dict:
    found = double_booked(session, reading_order(user))
    return {
        "people": len({clash.user_id for _name, clash in found}),
        "rows": [
            {
                "person": name,
                "number": clash.session.number,
                "title": clash.title.title,
                "days": clash.days,
            }
            for name, clash in found
        ],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_repeat(request, number: str):
    """Copies every week or month, each shown with its days and who of the team is elsewhere."""
    session = session_of(request, number)
    what = Change(
        sessions=[session],
        heading=_("Repeat this session"),
        action=_("Plan these copies"),
        done=_("Planned. Only their team sees them until you open them."),
        change=lambda typed: repeat_session(session, by=request.user, **typed.cleaned_data),
        form=RepeatForm(request.POST or None, initial={"every": "month", "times": 3}),
        describe=_copies,
        shown="workshops/coordinating/shown_copies.html",
        next_url=reverse("session_table"),
    )
    return answer(request, what)


def _copies(copies) -> list[dict]:
    return [
        {
            "days": when.days_text(one.session),
            "hours": when.hours_text(one.session),
            "weekday": date_text(one.session.first_day, "weekday"),
            "busy": list_text(one.busy),
        }
        for one in copies
    ]
