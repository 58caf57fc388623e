"""How an area's distributors answer: the campaigner's grid, its CSV, a word to a contact;
and the yearly list of stories that were taken over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.figures.grid import grid, issue_cases
from bulletins.figures.recognition import recognised, recognised_years
from bulletins.figures.titles import titles_of
from bulletins.flow.rules import can_read_coaching
from bulletins.models import BulletinIssue, Case, Response
from bulletins.response_forms import CoachingForm
from bulletins.response_queries import open_cases
from bulletins.response_rules import areas_of, can_coach, sees_every_grid
from bulletins.transitions import coach
from network.models import Distributor, Membership, ReviewArea, User
from network.tables import csv_file
from touchpoints.api import object_key
from touchpoints.models import Mailing

COACHING = "bulletins.response_coaching"


def _seen_areas(user) -> list[ReviewArea]:
    """The areas whose grids this person sees, by name. Raises PermissionDenied for none."""
    areas = list(ReviewArea.objects.all()) if sees_every_grid(user) else areas_of(user)
    if not areas:
        raise PermissionDenied
    return sorted(areas, key=lambda area: area.name)


def _chosen(request, areas) -> tuple[list[ReviewArea], ReviewArea | None]:
    """The areas asked for: one by ?area=, all that the person sees without it."""
    slug = request.GET.get("area", "")
    found = next((area for area in areas if area.slug == slug), None)
    if slug and found is None:
        raise Http404
    return ([found] if found else areas), found


def _issue(request, issues) -> BulletinIssue | None:
    """The issue of ?issue=2026-11, else the newest; None where none is out."""
    asked = request.GET.get("issue", "")
    if not asked:
        return issues[0] if issues else None
    for issue in issues:
        if f"{issue.month:%Y-%m}" == asked:
            return issue
    raise Http404


def _grid(request):
    """What page and CSV share. Seven queries."""
    areas = _seen_areas(request.user)
    chosen, one = _chosen(request, areas)
    issues = list(BulletinIssue.objects.released().order_by("-month"))
    issue = _issue(request, issues)
    cases = issue_cases(issue) if issue else []
    everything = len(chosen) == len(areas) and sees_every_grid(request.user)
    found = grid(cases, None if everything else chosen, request.user)
    return {
        "areas": areas,
        "area": one,
        "issues": issues,
        "issue": issue,
        "grid": found,
        "year": timezone.localdate().year,
    }


@login_required
@never_cache
@require_safe
def response_grid(request):
    """Distributor × story of one issue, for campaigners of the area, editors and executives."""
    return render(request, "bulletins/response_grid.html", _grid(request))


@login_required
@never_cache
@require_safe
def response_grid_csv(request):
    """The same as rows, one an answer or open place."""
    context = _grid(request)
    found, issue = context["grid"], context["issue"]
    rows = [
        [
            *(_("Distributor"), _("Country"), _("Story"), _("Title"), _("Response")),
            *(_("Day"), _("Who adopts it"), _("Reason"), _("In words"), _("Answered on")),
        ]
    ]
    said = {
        (row.distributor_id, row.case_id): row
        for row in Response.objects.filter(
            case__in=found.cases, distributor__in=[row.distributor.pk for row in found.rows]
        )
    }
    for row in found.rows:
        for case, cell in zip(found.cases, row.cells, strict=True):
            answer = said.get((row.distributor.pk, case.pk))
            title = found.titles[case.pk].title if case.pk in found.titles else ""
            line = [row.distributor.name, row.distributor.country.name, case.number, title]
            line.append(cell.label)
            if answer is not None:
                line += [
                    answer.until.isoformat() if answer.until else "",
                    answer.who,
                    answer.get_reason_display(),
                    answer.words,
                    timezone.localtime(answer.at).date().isoformat(),
                ]
            rows.append(line)
    return csv_file(f"responses-{issue.month:%Y-%m}" if issue else "responses", rows)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def response_coach(request, distributor: int):
    """One distributor: its contacts, what waits, what was written to it, and a form to write."""
    firm = get_object_or_404(
        Distributor.objects.select_related("country__review_area"), pk=distributor
    )
    if not can_coach(request.user, firm):
        raise PermissionDenied
    form = CoachingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                coach(firm, by=request.user, text=form.cleaned_data["text"])
                messages.success(request, _("Sent to the contacts."))
                return redirect("response_coach", firm.pk)
        except AnswerIncomplete as gap:
            form.add_error(gap.field, str(gap))
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        status = 422
    cases = list(open_cases(firm).select_related("in_issue__issue"))
    titles = titles_of(cases, request.user)
    mailings = list(
        Mailing.objects.filter(kind=COACHING, object_key=object_key(firm)).order_by("-pk")[:30]
    )
    writers = User.objects.in_bulk({mailing.data.get("by") for mailing in mailings} - {None})
    context = {
        "firm": firm,
        "form": form,
        "may_read_log": can_read_coaching(request.user, firm),
        "contacts": Membership.objects.current()
        .contacts()
        .filter(distributor=firm)
        .select_related("user")
        .order_by("-contact", "pk"),
        "open": [{"case": case} | titles[case.pk]._asdict() for case in cases if case.pk in titles],
        "log": [
            {
                "at": mailing.created_at,
                "by": writers.get(mailing.data.get("by")),
                "text": mailing.data.get("text", ""),
            }
            for mailing in mailings
        ],
    }
    return render(request, "bulletins/response_coach.html", context, status=status)


@login_required
@require_safe
def recognition(request, year: int):
    """The year's stories that others took over, with who told them."""
    if not 2000 <= year <= timezone.localdate().year:
        raise Http404
    cases = Case.objects.readable_by(request.user)
    context = {
        "year": year,
        "years": recognised_years(),
        "found": recognised(cases, year, request.user),
    }
    return render(request, "bulletins/recognition.html", context)
