"""The figures of the flow: page and file, for whoever reads the other figures."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bulletins.flow.rules import can_see_board
from gkc_site.measures import flow as report
from gkc_site.measures.choosing import asked
from network.tables import csv_file


@login_required
@never_cache
@require_safe
def flow(request):
    """Lead time, throughput, time in each stage, ageing work. Eight queries."""
    question = asked(request)
    found = report.flow(question, with_board=can_see_board(request.user))
    context = {"asked": question, "flow": found}
    return render(request, "gkc_site/measures/flow.html", context)


@login_required
@never_cache
@require_safe
def flow_csv(request):
    """The stories that the figures are made of, a row each."""
    question = asked(request)
    return csv_file(f"flow-{question.period.since:%Y-%m}", report.csv_rows(question, request.user))
