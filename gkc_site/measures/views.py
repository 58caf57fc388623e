"""The figures of all rooms, and two regions on one shared measure."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bulletins.figures.shared import Shared, shared
from gkc_site.measures import rooms
from gkc_site.measures.choosing import Asked, asked
from network.localize import number_text, percent_sign, quantity_text, signed_text
from network.models import Measure, Unit
from network.registry import measure_sections
from network.tables import csv_file


@login_required
@never_cache
@require_safe
def measures(request):
    """Executives and editors: every region; leads: their areas. `?region=` and `?beside=` set
    two side by side, `?measure=` on one shared measure as well."""
    question = asked(request)
    every = list(Measure.objects.all())
    chosen = _measure(request, every)
    question = replace(question, measure=chosen.slug if chosen else "")
    context = {
        "asked": question,
        "columns": [head for head, _key in question.columns()],
        "lines": rooms.lines(question),
        "measures": sorted(every, key=lambda one: str(one.name)),
        "measure": chosen,
        "shared": _side_by_side(chosen, question, request.user) if chosen else [],
        "sections": [
            render_to_string(section["template"], section["context"], request)
            for section in measure_sections(request.user, question.period)
        ]
        if question.areas is None
        else [],
    }
    return render(request, "gkc_site/measures/measures.html", context)


@login_required
@never_cache
@require_safe
def measures_csv(request):
    """Every key figure of every region that this person sees."""
    question = asked(request)
    heads = [
        *(_("Key"), _("Measure"), _("Region"), _("Value"), _("Unit"), _("Counted over")),
        *(_("From"), _("Until")),
    ]
    return csv_file("measures", rooms.csv_rows(question, heads))


def _measure(request, every: list[Measure]) -> Measure | None:
    """The shared measure of `?measure=`; Http404 for none of them."""
    slug = request.GET.get("measure", "")
    found = next((one for one in every if one.slug == slug), None)
    if slug and found is None:
        raise Http404
    return found


def _side_by_side(measure: Measure, question: Asked, user) -> list[dict]:
    """Each column of the page with its rows in words."""
    found = shared(measure, question.period, user, question.areas)
    return [
        {"head": head, "rows": [_words(row) for row in found.get(key, [])]}
        for head, key in question.columns()
    ]


def _words(row: Shared) -> dict:
    unit = str(Unit(row.unit).label) if row.unit in Unit.values else row.unit
    change = signed_text(round(row.change, 2))
    return {
        "unit": unit,
        "stories": number_text(row.stories),
        "takers": number_text(row.takers),
        "before": quantity_text(round(row.before, 2), unit),
        "after": quantity_text(round(row.after, 2), unit),
        "change": percent_sign(change, get_language() or "en")
        if unit == "%"
        else f"{change} {unit}".strip(),
        "is_average": row.is_average,
    }
