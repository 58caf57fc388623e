"""Who cannot come yet: 'tell me', 'ask for an exception', the coordinator's answer, the demand."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.languages import reading_order
from network.tables import csv_file
from network.working_days import local_day
from workshops.demand import KINDS, Demand, demand, fitting
from workshops.eligibility import eligibility
from workshops.exceptions import TransitionRefused
from workshops.forms import AskForm, ExceptionForm
from workshops.models import ExceptionRequest, Programme
from workshops.permissions import can_decide_exception, can_enrol_self, can_view_demand
from workshops.titles import titles_for
from workshops.transitions import (
    ask_exception,
    grant_exception,
    refuse_exception,
    unwatch,
    watch,
    withdraw_exception,
)

# What the demand view calls each of `KINDS`.
LABELS = {
    "waiting": gettext_lazy("In line"),
    "watching": gettext_lazy("Not yet eligible"),
    "asked": gettext_lazy("Exceptions asked for"),
    "granted": gettext_lazy("Exceptions in force"),
    "refused": gettext_lazy("Refused within a year"),
}
GRANTED_FOR = datetime.timedelta(days=365)  # what the form proposes


def _programme(user, key: str) -> Programme:
    """A programme that this person finds in the catalogue. Raises Http404."""
    rows = Programme.objects.in_catalogue().visible_to(user).select_related("distributor")
    return get_object_or_404(rows.prefetch_related("requires"), key=key)


def _page_of(user, programme: Programme) -> str:
    title = titles_for([programme], reading_order(user))[programme.pk]
    return f"{title.url}#yours"


@login_required
@require_POST
def programme_watch(request, key: str):
    """'Tell me when I am eligible', or no longer (`end`)."""
    programme = _programme(request.user, key)
    try:
        if "end" in request.POST:
            unwatch(programme, request.user)
            messages.success(request, _("You are not told about it any more."))
        else:
            watch(programme, request.user)
            messages.success(request, _("You get a mail on the day it opens to you."))
    except TransitionRefused as refusal:
        messages.info(request, str(refusal))
    return redirect(_page_of(request.user, programme))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_exception(request, key: str):
    """Ask to be let in all the same; or take the request back (`end`)."""
    programme, user = _programme(request.user, key), request.user
    if not can_enrol_self(user):
        raise PermissionDenied
    titles = titles_for([programme, *programme.requires.all()], reading_order(user))
    names = {pk: title.title for pk, title in titles.items()}
    asked = user.exception_requests.open().filter(programme=programme).first()
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        if "end" in request.POST:
            return _take_back(request, programme)
        status = 400
        if form.is_valid():
            try:
                ask_exception(programme, user, words=form.cleaned_data["words"])
            except TransitionRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("The coordinator is asked, and answers with a reason."))
                return redirect(_page_of(user, programme))
    context = {
        "programme": programme,
        "title": titles[programme.pk],
        "eligibility": eligibility(user, programme, titles=names),
        "asked": asked,
        "form": form,
        "member": True,
    }
    return render(request, "workshops/exception_ask.html", context, status=status)


def _take_back(request, programme: Programme):
    """One's newest request; who was answered in the meantime reads so."""
    newest = request.user.exception_requests.filter(programme=programme).order_by("pk").last()
    if newest is not None:
        try:
            withdraw_exception(newest, by=request.user)
        except TransitionRefused as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("Your request is taken back."))
    return redirect(_page_of(request.user, programme))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exception(request, pk: int):
    """A request for an exception: the coordinator says yes until a day, or no, and why."""
    rows = ExceptionRequest.objects.select_related(
        "user", "distributor", "decided_by", "programme__distributor", "region", "review_area"
    )
    found = get_object_or_404(rows, pk=pk)
    if not can_decide_exception(request.user, found):
        raise Http404
    proposed = {"until": local_day(timezone.now(), found.user.time_zone) + GRANTED_FOR}
    form, status = ExceptionForm(request.POST or None, initial=proposed), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _decide(found, form.cleaned_data, by=request.user)
            except TransitionRefused as refusal:
                status = 409
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The person is told your answer."))
                return redirect("desk")
    programme = found.programme
    courses = list(found.user.course_records.select_related("programme"))
    named = {programme, *programme.requires.all(), *(record.programme for record in courses)}
    titles = titles_for(named, reading_order(request.user))
    names = {pk: title.title for pk, title in titles.items()}
    context = {
        "asked": found,
        "title": titles[programme.pk],
        "eligibility": eligibility(found.user, programme, nominated=True, titles=names, about=True),
        "courses": [(record, titles[record.programme_id]) for record in courses],
        "form": form,
    }
    return render(request, "workshops/exception.html", context, status=status)


def _decide(found: ExceptionRequest, given: dict, *, by) -> None:
    if given["decision"] == "grant":
        grant_exception(found, by=by, reason=given["reason"], until=given["until"])
    else:
        refuse_exception(found, by=by, reason=given["reason"])


@login_required
@require_safe
@never_cache
def demand_view(request):
    """Who would come, by programme and region."""
    rows, chosen = _demand(request), _chosen(request)
    shown = fitting(rows, **chosen)
    context = {
        "rows": shown,
        "programmes": sorted({(row.programme.key, row.title.title) for row in rows}, key=_label),
        "scopes": sorted({(row.scope, row.place) for row in rows}, key=_label),
        "chosen": chosen,
        "totals": [
            (label, sum(row.counts[kind] for row in shown)) for kind, label in LABELS.items()
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "workshops/demand.html", context)


@login_required
@require_safe
@never_cache
def demand_csv(request):
    """The same rows as a table for other programs."""
    heads = [_("Programme"), _("Key"), _("Region"), *LABELS.values()]
    rows = fitting(_demand(request), **_chosen(request))
    cells = (
        [row.title.title, row.programme.key, row.place, *(row.counts[kind] for kind in KINDS)]
        for row in rows
    )
    return csv_file("demand", [heads, *cells])


def _demand(request) -> list[Demand]:
    if not can_view_demand(request.user):
        raise PermissionDenied
    return demand(request.user, reading_order(request.user))


def _chosen(request) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("programme", "scope")}


def _label(pair: tuple[str, str]) -> str:
    return pair[1]
