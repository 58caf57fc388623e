"""How differently reviewers score: number, mean and spread, by reviewer and by region."""

import statistics
from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.localize import number_text
from network.models import User
from network.permissions import standing, with_standing
from network.tables import csv_file
from review.models import CRITERIA, Review
from review.permissions import can_read_spread
from review.rubric import criteria


@login_required
@never_cache
@require_safe
def spread(request):
    """Tables by reviewer and region; `?form=csv` gives the same as rows. About six queries."""
    if not can_read_spread(request.user):
        raise PermissionDenied
    tables = scores()
    if request.GET.get("form") == "csv":
        return _csv(tables)
    context = {"tables": tables, "criteria": criteria()}
    return render(request, "review/spread.html", context)


def scores() -> list[dict]:
    """Both tables: rows of a name and, by criterion, (n, mean, standard deviation)."""
    given = list(
        Review.objects.exclude(decision="").exclude(rubric={}).values_list("reviewer", "rubric")
    )
    people = with_standing(User.objects.filter(pk__in={pk for pk, _scores in given}))
    names = {person.pk: person.display_name for person in people}
    places = {person.pk: _region(person) for person in people}
    by_person, by_region = defaultdict(list), defaultdict(list)
    for pk, rubric in given:
        by_person[pk].append(rubric)
        by_region[places[pk]].append(rubric)
    return [
        _table(_("By reviewer"), [(names[pk], found) for pk, found in by_person.items()]),
        _table(_("By region"), list(by_region.items())),
    ]


def _region(person) -> str:
    for membership in standing(person).memberships:
        country = membership.distributor.country
        return str((country.region or country.review_area).name)
    return _("no region")


def _table(title: str, groups: list) -> dict:
    rows = [{"name": name, "cells": _cells(found)} for name, found in groups]
    return {"title": title, "rows": sorted(rows, key=lambda row: row["name"].casefold())}


def _cells(found: list[dict]) -> list[dict]:
    cells = []
    for name in CRITERIA:
        values = [rubric[name] for rubric in found if name in rubric]
        mean = statistics.fmean(values) if values else None
        deviation = statistics.pstdev(values) if values else None
        words = ""
        if values:
            words = _("%(mean)s ± %(deviation)s (%(count)s)") % {
                "mean": number_text(round(mean, 2)),
                "deviation": number_text(round(deviation, 2)),
                "count": number_text(len(values)),
            }
        cells.append({"n": len(values), "mean": mean, "deviation": deviation, "words": words})
    return cells


def _csv(tables: list[dict]) -> HttpResponse:
    rows = [
        [
            *(_("Table"), _("Name"), _("Criterion"), _("Number")),
            *(_("Mean"), _("Standard deviation")),
        ]
    ]
    for table in tables:
        for row in table["rows"]:
            for criterion, cell in zip(criteria(), row["cells"], strict=True):
                if cell["n"]:
                    numbers = [f"{cell['mean']:.3f}", f"{cell['deviation']:.3f}"]
                    name = str(criterion.label)
                    rows.append([table["title"], row["name"], name, cell["n"], *numbers])
    return csv_file("scores", rows)
