"""A lead's page of their review area: clock lengths, who is away, how much each has open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import ModelLogEntry

from network.absences import enter_absence, remove_absence, set_clock_lengths
from network.exceptions import ChangeRefused
from network.forms import AbsenceForm, ClockForm
from network.models import CLOCK_LIMITS, Absence, ReviewArea, User
from network.permissions import can_set_clocks
from review.api import open_load

CHANGES_SHOWN = 10


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review_area(request, slug: str):
    """What was typed and refused is shown again, with the reason at its field."""
    area = get_object_or_404(ReviewArea, slug=slug)
    if not can_set_clocks(request.user, area):
        raise Http404
    clocks, absence, person, status = ClockForm(instance=area), AbsenceForm(), "", 200
    verb = request.POST.get("action", "") if request.method == "POST" else ""
    try:
        if verb == "clocks":
            clocks = ClockForm(request.POST, instance=ReviewArea.objects.get(pk=area.pk))
            if clocks.is_valid():
                set_clock_lengths(area, by=request.user, **clocks.cleaned_data)
                return _done(request, area, _("Saved. It holds for reviews that begin from now."))
            status = 422
        elif verb == "away":
            absence, person = AbsenceForm(request.POST), request.POST.get("person", "")
            if absence.is_valid():
                enter_absence(_campaigner(area, person), by=request.user, **absence.cleaned_data)
                return _done(request, area, _("The days away are entered."))
            status = 422
        elif verb == "back":
            remove_absence(_absence(area, request.POST.get("absence", "")), by=request.user)
            return _done(request, area, _("The days away are removed."))
    except ChangeRefused as refusal:
        (absence if verb == "away" else clocks).add_error(None, str(refusal))
        status = 409
    context = {
        "area": area,
        "clocks": clocks,
        "limits": CLOCK_LIMITS,
        "absence": absence,
        "person": person,
        "rows": _rows(area),
        "changes": _changes(area),
    }
    return render(request, "review/area.html", context, status=status)


def _done(request, area: ReviewArea, words: str):
    messages.success(request, words)
    return redirect("review_area", area.slug)


def _people(area: ReviewArea):
    held = User.objects.holding("campaigner", review_area=area) | User.objects.holding(
        "lead", review_area=area
    )
    return held.distinct().order_by("first_name", "last_name", "pk")


def _campaigner(area: ReviewArea, pk: str) -> User:
    """Raises PermissionDenied for somebody who does not campaign here."""
    found = _people(area).filter(pk=pk).first() if pk.isdecimal() else None
    if found is None:
        raise PermissionDenied
    return found


def _absence(area: ReviewArea, pk: str) -> Absence:
    found = Absence.objects.filter(user__in=_people(area)).select_related("user")
    return get_object_or_404(found, pk=int(pk) if pk.isdecimal() else 0)


def _rows(area: ReviewArea) -> list[dict]:
    """Each campaigner with open reviews and days away to come. Three queries for all."""
    people = list(_people(area))
    load = open_load(person.pk for person in people)
    away: dict[int, list[Absence]] = {}
    for row in Absence.objects.to_come(timezone.localdate()).filter(user__in=people):
        away.setdefault(row.user_id, []).append(row)
    return [
        {"person": person, "open": load[person.pk], "away": away.get(person.pk, [])}
        for person in people
    ]


def _changes(area: ReviewArea) -> list[dict]:
    """The last changes of the lengths: who, when, from what to what. One query."""
    labels = {name: field.label for name, field in ClockForm().fields.items()}
    entries = ModelLogEntry.objects.for_instance(area).filter(action="network.set_clocks")
    return [
        {
            "at": entry.timestamp,
            "by": entry.user.display_name if entry.user else "",
            "lengths": [
                {"label": labels[name], "before": before, "after": entry.data["after"][name]}
                for name, before in entry.data.get("before", {}).items()
                if name in labels
            ],
        }
        for entry in entries.select_related("user").order_by("-timestamp")[:CHANGES_SHOWN]
    ]
