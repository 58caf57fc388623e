"""The board of open stories, and a lead's limits on work in progress."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import ModelLogEntry

from bulletins.exceptions import TransitionRefused
from bulletins.flow.board import COLUMNS, Filters, cards, columns, stories
from bulletins.flow.rules import board_areas, can_see_board, can_set_limits
from bulletins.forms import LimitsForm
from bulletins.models import Stage, StageLimit
from bulletins.permissions import can_export_log
from bulletins.transitions import set_limits
from network.models import Country, ProcessStep, Region, ReviewArea
from network.permissions import is_editor, leads_area

PAGE = 50  # stories of one column's own list
CHANGES_SHOWN = 10


@login_required
@never_cache
@require_safe
def board(request):
    """A column for each stage; with ?stage= one stage whole, by pages.

    Ten queries at most over those of any page, whatever the stories.
    """
    if not can_see_board(request.user):
        raise PermissionDenied
    areas = board_areas(request.user)
    areas = list(ReviewArea.objects.all()) if areas is None else areas
    regions = Region.objects.all()
    if not is_editor(request.user):
        regions = regions.filter(
            pk__in=Country.objects.filter(review_area__in=areas).values("region")
        )
    regions = list(regions)
    filters = _filters(request.GET, areas, regions)
    found = stories(request.user, filters)
    context = {
        "areas": sorted(areas, key=lambda area: area.name),
        "regions": regions,
        "steps": ProcessStep,
        "filters": filters,
        "query": _without(request.GET, "stage", "page"),
        "logs": _logs(request.user, filters, areas),
        "limited": [area for area in areas if can_set_limits(request.user, area)],
    }
    stage = request.GET.get("stage", "")
    if not stage:
        context["columns"] = columns(found, [filters.area] if filters.area else areas)
        context["total"] = sum(column.count for column in context["columns"])
        return render(request, "bulletins/board.html", context)
    if stage not in COLUMNS:
        raise Http404
    page = Paginator(found.filter(stage=stage).order_by("since", "pk"), PAGE)
    page = page.get_page(request.GET.get("page"))
    context |= {
        "stage": Stage(stage),
        "page": page,
        "cards": cards(found.filter(pk__in=[case.pk for case in page.object_list])),
    }
    return render(request, "bulletins/board_stage.html", context)


def _filters(given, areas: list, regions: list) -> Filters:
    """Raises Http404 for what this person cannot choose."""
    return Filters(
        area=_chosen(given.get("area", ""), areas),
        region=_chosen(given.get("region", ""), regions),
        step=_step(given.get("step", "")),
        late=given.get("late") == "1",
    )


def _chosen(slug: str, some: list):
    if not slug:
        return None
    found = next((one for one in some if one.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _step(value: str) -> str:
    if value and value not in ProcessStep.values:
        raise Http404
    return value


def _without(given, *names: str) -> str:
    """What is asked for, as an address carries it; '' or with its '&' before more."""
    kept = {name: value for name, value in given.items() if value and name not in names}
    return f"{urlencode(kept)}&" if kept else ""


def _logs(user, filters: Filters, areas: list) -> list[tuple[str, ReviewArea | Region]]:
    """Whose log may be taken out: of what was chosen, else of the areas that one leads."""
    if filters.area is None and filters.region:
        return [("region", filters.region)] if can_export_log(user, None) else []
    some = [filters.area] if filters.area else [a for a in areas if leads_area(user, a)]
    return [("area", area) for area in some if can_export_log(user, area)]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def board_limits(request, slug: str):
    """How many stories may stand in a stage of an area, with the last changes."""
    area = get_object_or_404(ReviewArea, slug=slug)
    if not can_set_limits(request.user, area):
        raise PermissionDenied
    kept = dict(StageLimit.objects.filter(area=area).values_list("stage", "most"))
    form = LimitsForm(request.POST or None, initial=kept)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_limits(area, by=request.user, limits=form.cleaned_data)
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The limits are saved."))
                return redirect(f"{reverse('board')}?area={area.slug}")
    context = {"area": area, "form": form, "changes": _changes(area)}
    return render(request, "bulletins/board_limits.html", context, status=status)


def _changes(area: ReviewArea) -> list[dict]:
    """The last changes: who, when, which stage, from what to what. One query."""
    entries = ModelLogEntry.objects.for_instance(area).filter(action="bulletins.set_limits")
    return [
        {
            "at": entry.timestamp,
            "by": entry.user.display_name if entry.user else "",
            "limits": [
                {
                    "label": Stage(stage).label,
                    "before": before,
                    "after": entry.data["after"].get(stage),
                }
                for stage, before in entry.data.get("before", {}).items()
            ],
        }
        for entry in entries.select_related("user").order_by("-timestamp", "-pk")[:CHANGES_SHOWN]
    ]
