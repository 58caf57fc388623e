"""The log of stories as CSV or JSON: of one story, of a review area, of a region."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bulletins.log_rows import as_csv, as_json, rows
from bulletins.models import Case
from bulletins.permissions import can_export_log, can_read_case_log, reads_internal_reasons
from network.models import Region, ReviewArea

FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json; charset=utf-8"),
}


@login_required
@never_cache
@require_safe
def case_log_file(request, number: str, form: str):
    """Of one story: whoever reads its log at the review desk. Raises Http404 for others."""
    case = get_object_or_404(Case.objects.prefetch_related("co_authors"), number=number)
    if form not in FORMS or not can_read_case_log(request.user, case):
        raise Http404
    return _file(f"log-{case.number}", form, Case.objects.filter(pk=case.pk), request.user)


@login_required
@never_cache
@require_safe
def log_file(request, kind: str, key: str, form: str):
    """Of an area (its leads, editors, executives) or a region (editors, executives).

    Without drafts, and without stories that this person wrote.
    """
    if form not in FORMS or kind not in ("area", "region"):
        raise Http404
    place = get_object_or_404(ReviewArea if kind == "area" else Region, slug=key)
    area = place if kind == "area" else None
    if not can_export_log(request.user, area):
        raise Http404
    cases = Case.objects.logged_for(request.user)
    cases = cases.filter(**{"review_area" if area else "region": place})
    return _file(f"log-{key}", form, cases, request.user)


def _file(name: str, form: str, cases, user) -> StreamingHttpResponse:
    write, kind = FORMS[form]
    found = rows(cases, with_internal=reads_internal_reasons(user))
    response = StreamingHttpResponse(write(found), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
