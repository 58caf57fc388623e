"""The training record: one's own, one's staff's; as a page, PDF, CSV and JSON."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_ratelimit.core import is_ratelimited

from network.exceptions import PrintingUnavailable
from network.languages import reading_order
from network.models import User
from network.pdf import PACKAGES
from network.permissions import managed_distributors
from network.tables import csv_file
from network.working_days import local_day
from workshops import history
from workshops.permissions import can_read_record
from workshops.printing import draw_record

PDF_RATE = "20/m"
FORMS = ("csv", "json", "pdf")


def _person(request, pk: int | None) -> User:
    """Oneself, or a member of one's staff. Raises Http404."""
    if pk is None:
        return request.user
    found = get_object_or_404(User, pk=pk, is_system=False)
    if not can_read_record(request.user, found):
        raise Http404
    return found


@login_required
@require_safe
@never_cache
def training_record(request, pk: int | None = None):
    """Courses with who vouches for them, practice and certificates."""
    person = _person(request, pk)
    context = _context(request, person) | {
        "is_own": person.pk == request.user.pk,
        "manages": bool(managed_distributors(request.user)),
        "forms": FORMS,
    }
    return render(request, "workshops/record.html", context)


def _context(request, person: User) -> dict:
    lines = history.record_of(person, reading_order(request.user))
    return {
        "person": person,
        "lines": lines,
        "confirmed": [line for line in lines if line.is_confirmed],
        "open": [line for line in lines if not line.is_confirmed],
        "today": local_day(timezone.now(), request.user.time_zone),
    }


@login_required
@require_safe
@never_cache
def training_record_file(request, form: str, pk: int | None = None):
    """The same as a file: CSV, JSON or PDF."""
    person = _person(request, pk)
    if form not in FORMS:
        raise Http404
    context = _context(request, person)
    name = f"training-record-{person.pk}"
    if form == "csv":
        rows = [line.cells() for line in context["lines"]]
        return csv_file(name, [map(str, history.COLUMNS.values()), *rows])
    if form == "json":
        content = {
            "name": person.display_name,
            "on": context["today"].isoformat(),
            "courses": history.as_objects(context["lines"]),
        }
        response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return response
    return _pdf(request, context, name)


def _pdf(request, context: dict, name: str) -> HttpResponse:
    if is_ratelimited(request, group="record", key="user", rate=PDF_RATE, increment=True):
        return render(request, "429.html", status=429)
    try:
        content = draw_record(context, get_language())
    except PrintingUnavailable as missing:
        advice = {"detail": str(missing), "packages": PACKAGES}
        return render(request, "network/pdf_unavailable.html", advice, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


@login_required
@require_safe
@never_cache
def staff_records(request):
    """A manager's members, each with what they did; as CSV too."""
    firms = managed_distributors(request.user)
    if not firms:
        raise PermissionDenied
    people = history.staff_of(firms)
    if request.GET.get("form") == "csv":
        head = [_("Name"), _("Courses"), _("Last course"), _("Certificates")]
        rows = [
            [one.display_name, one.courses, one.newest.isoformat() if one.newest else "", one.valid]
            for one in people
        ]
        return csv_file("training-records", [head, *rows])
    return render(request, "workshops/staff_records.html", {"people": people, "firms": firms})
