"""The issue's PDF, for whoever may read the issue: with the stories that they may read."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from bulletins.issue_printing import issue_pdf as draw
from bulletins.models import BulletinIssue
from network.exceptions import PrintingUnavailable
from network.languages import codes, reading_order
from network.pdf import PACKAGES

# A new file takes some seconds of a processor; one that is kept, nothing.
PDF_RATE = "20/m"


@require_safe
@ratelimit(key="user_or_ip", rate=PDF_RATE, block=False)
def issue_pdf(request, year: int, month: int):
    """Every story whole (R41); 503 with advice where the machine cannot draw one."""
    issue = get_object_or_404(
        BulletinIssue.objects.released(), month__year=year, month__month=month
    )
    if getattr(request, "limited", False):
        return render(request, "429.html", status=429)
    language = request.GET.get("lang", "")
    language = language if language in codes() else get_language()
    live = {
        page.locale.language_code: page
        for page in issue.pages.filter(live=True).select_related("locale")
    }
    order = reading_order(request.user, first=language)
    page = next((live[code] for code in [*order, *live] if code in live), None)
    if page is None:
        raise Http404
    try:
        content = draw(issue, page, request.user, language)
    except PrintingUnavailable as unavailable:
        context = {"issue": issue, "detail": str(unavailable), "packages": PACKAGES}
        return render(request, "bulletins/issue_pdf_unavailable.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"bulletin-{issue.month:%Y-%m}-{language}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response
