"""The journey report: page, file, sheet, and the list behind each number."""

import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from bulletins.figures.journey import STEPS
from gkc_site.measures import journey as report
from gkc_site.measures.choosing import asked
from gkc_site.measures.printing import journey_sheet
from network.exceptions import PrintingUnavailable
from network.localize import date_text
from network.pdf import PACKAGES
from network.tables import csv_file

A_PAGE = 100  # rows of a list
PDF_RATE = "20/m"  # a sheet takes about a second of a processor


@login_required
@never_cache
@require_safe
def journey(request):
    """Submitted to measured, by region and month, with medians between the steps."""
    question = asked(request)
    context = {"asked": question, "journey": report.journey(question)}
    return render(request, "gkc_site/measures/journey.html", context)


@login_required
@never_cache
@require_safe
def journey_csv(request):
    """The same as rows."""
    return csv_file("journey", report.csv_rows(asked(request)))


@login_required
@never_cache
@require_safe
@ratelimit(key="user_or_ip", rate=PDF_RATE, block=False)
def journey_pdf(request):
    """The same on one A4 page; 503 with advice where the machine cannot draw one."""
    question = asked(request)
    if getattr(request, "limited", False):
        return render(request, "429.html", status=429)
    return sheet(request, f"journey-{question.period.since:%Y-%m}", lambda: journey_sheet(question))


def sheet(request, name: str, draw) -> HttpResponse:
    """A drawn sheet as a download, or why there is none."""
    try:
        content = draw()
    except PrintingUnavailable as unavailable:
        context = {"detail": str(unavailable), "packages": PACKAGES}
        return render(request, "gkc_site/measures/unavailable.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}-{get_language()}.pdf"'
    return response


@login_required
@never_cache
@require_safe
def journey_list(request, step: str):
    """What a number counts, `?month=` narrows it; a story by its title for whoever may read it."""
    question = asked(request)
    if step not in STEPS:
        raise Http404
    month = _month(request)
    found = report.in_list(question, step, month)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": question,
        "step": STEPS[step],
        "of_stories": report.is_of_stories(step),
        "month": month,
        "when": date_text(month, "month") if month else question.period_words,
        "count": len(found),
        "page_of_list": page,
        "lines": report.lines(list(page), request.user),
        "more": question.query(month=f"{month:%Y-%m}" if month else ""),
    }
    return render(request, "gkc_site/measures/journey_list.html", context)


def _month(request) -> datetime.date | None:
    """The month of `?month=2026-11`; None without. Raises Http404 for none."""
    text = request.GET.get("month", "")
    if not text:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month
    except ValueError as wrong:
        raise Http404 from wrong
