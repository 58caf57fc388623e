"""The list on a tablet: one day at a time, a tap a person; closing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.languages import reading_order
from network.localize import number_text
from workshops.exceptions import TransitionRefused
from workshops.models import AttendanceList, AttendanceMark, Enrolment, Session
from workshops.permissions import can_take_attendance
from workshops.titles import titles_for
from workshops.transitions import Mark, close_list, days_needed, mark
from workshops.transitions.attendance import LISTED
from workshops.views.sessions import session_for

SEEN = {"1": True, "0": False}


def session_of_team(request, number: str) -> Session:
    """The session, for its trainers and the coordinator. Raises Http404, PermissionDenied."""
    session = session_for(request.user, number)
    if not can_take_attendance(request.user, session):
        raise PermissionDenied
    return session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_attendance(request, number: str):
    """One day's list; saving a tap or the whole of it. What somebody else marked otherwise
    meanwhile is shown with both words."""
    session = session_of_team(request, number)
    day = _day(session, request.POST.get("day") or request.GET.get("day"))
    typed, reason, status = {}, "", 200
    if request.method == "POST":
        typed, reason = _typed(request.POST), request.POST.get("reason", "")
        marks = [
            Mark(pk, day.pk, there, SEEN.get(request.POST.get(f"seen-{pk}", "")))
            for pk, there in typed.items()
        ]
        try:
            conflicts = mark(session, marks, by=request.user, reason=reason)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            if not conflicts:
                messages.success(request, _("The list is saved."))
                return redirect(f"{reverse('session_attendance', args=[number])}?day={day.pk}")
            messages.error(
                request,
                _("Somebody else has marked these people otherwise meanwhile. Look at them again."),
            )
            typed = {one.enrolment: one.is_present for one in conflicts}
            status = 409
    context = _list(session, day, typed, reason, request)
    return render(request, "workshops/attendance.html", context, status=status)


def _typed(data) -> dict[int, bool]:
    """Enrolment → what was tapped."""
    found = {}
    everybody = data.get("all") == "1"
    for name in data:
        kind, _dash, pk = name.partition("-")
        if not pk.isdecimal() or len(pk) > 9:
            continue
        if kind == "mark" and data[name] in SEEN:
            found[int(pk)] = SEEN[data[name]]
        elif kind == "seen" and everybody and data[name] == "":
            found.setdefault(int(pk), True)
    return found


def _day(session: Session, asked: str | None):
    """The day asked for; else today's, else the last that has come, else the first."""
    days = list(session.days.all())
    chosen = next((day for day in days if str(day.pk) == asked), None)
    if chosen is not None:
        return chosen
    today = timezone.now().astimezone(session.zone).date()
    come = [day for day in days if day.starts_at.astimezone(session.zone).date() <= today]
    return come[-1] if come else days[0]


def _list(session: Session, day, typed: dict[int, bool], reason: str, request) -> dict:
    """What the page shows. Queries: places, marks, whether it is closed, title."""
    rows = Enrolment.objects.filter(session=session, state__in=LISTED)
    people = list(
        rows.select_related("user", "distributor").order_by(
            "user__last_name", "user__first_name", "pk"
        )
    )
    standing = AttendanceMark.objects.standing_of(session)
    days = list(session.days.all())
    lines = []
    for row in people:
        found = standing.get((row.pk, day.pk))
        was = found.is_present if found else None
        lines.append(
            {
                "enrolment": row,
                "mark": found,
                "seen": "" if was is None else str(int(was)),
                "chosen": typed.get(row.pk, was),
                "is_changed": row.pk in typed and typed[row.pk] != was,
                "count": sum(
                    bool((m := standing.get((row.pk, one.pk))) and m.is_present) for one in days
                ),
            }
        )
    here = sum(bool(line["mark"] and line["mark"].is_present) for line in lines)
    return {
        "session": session,
        "title": titles_for([session.programme], reading_order(request.user))[session.programme_id],
        "day": day,
        "days": [
            {
                "day": one,
                "date": one.starts_at.astimezone(session.zone).date(),
                "open": sum((row.pk, one.pk) not in standing for row in people),
            }
            for one in days
        ],
        "date": day.starts_at.astimezone(session.zone).date(),
        "lines": lines,
        "here": here,
        "open": sum(line["mark"] is None for line in lines),
        "needed": days_needed(len(days)),
        "closed": AttendanceList.objects.filter(session=session)
        .select_related("closed_by")
        .first(),
        "reason": reason,
    }


@login_required
@require_POST
def session_attendance_close(request, number: str):
    """Who attended stands from now on."""
    session = session_of_team(request, number)
    try:
        close_list(session, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        came = session.enrolments.filter(state="attended").count()
        messages.success(
            request,
            ngettext(
                "The list is closed: %(count)s person attended.",
                "The list is closed: %(count)s people attended.",
                came,
            )
            % {"count": number_text(came)},
        )
    return redirect("session_attendance", number)
