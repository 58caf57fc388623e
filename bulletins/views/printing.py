"""The A3 sheet of a case: a preview and the PDF, for whoever may read the story."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from bulletins.models import Case
from bulletins.permissions import can_edit_case, can_view_case
from bulletins.printing import (
    a3_overflow,
    a3_pdf,
    fit_page,
    picture_context,
    sheet_context,
    sheet_pictures,
)
from bulletins.story_parts import part_names
from network.exceptions import PrintingUnavailable
from network.languages import reading_order
from network.pdf import PACKAGES
from network.permissions import is_member

# A sheet costs one to two seconds of a processor: nobody needs more than these.
PDF_RATE = "20/m"


@require_safe
def case_a3(request, number: str):
    """The sheet on the screen, as it prints."""
    page = _page(request, number)
    if page is None:
        return redirect_to_login(request.get_full_path())
    # The sheet is in the story's language; the page round it in the reader's.
    with translation.override(page.language):
        sheet = sheet_context(page)
    try:
        fit = fit_page(page)
    except PrintingUnavailable:
        fit = None
    too_long = a3_overflow(page) if fit is None or fit.cut_mm else []
    names = part_names()
    row = sheet_pictures(page) if fit and fit.pictures_in else []
    context = (
        sheet
        | picture_context(fit, row, src=lambda rendition: rendition.url)
        | {
            "fit": fit,
            "too_long": [names[part] for part in too_long],
            "may_edit": can_edit_case(request.user, page.case),
            "story_url": page.reading_url(request) if page.live else "",
            "story": page,
        }
    )
    # `page` stays out of the frame: the language menu would leave this address.
    return render(request, "bulletins/a3.html", context | {"sheet_page": page, "page": None})


@require_safe
@ratelimit(key="user_or_ip", rate=PDF_RATE, block=False)
def case_a3_pdf(request, number: str):
    """The sheet as a tagged PDF; 503 with advice where the machine cannot draw one."""
    page = _page(request, number)
    if page is None:
        return redirect_to_login(request.get_full_path())
    if getattr(request, "limited", False):
        return render(request, "429.html", status=429)
    try:
        content = a3_pdf(page)
    except PrintingUnavailable as unavailable:
        context = {
            "case": page.case,
            "language": page.language,
            "detail": str(unavailable),
            "packages": PACKAGES,
        }
        return render(request, "bulletins/a3_unavailable.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{page.case.number}-{page.language}-a3.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _page(request, number: str):
    """The page to print; None for a visitor who must sign in first. Raises Http404.

    A published story prints as its readers see it; before that, those who may
    see the case print its newest revision.
    """
    case = get_object_or_404(Case.objects.with_surroundings(), number=number)
    if not can_view_case(request.user, case):
        if is_member(request.user):
            raise Http404
        return None
    pages = case.pages.select_related("locale")
    if case.is_published:
        pages = pages.filter(live=True)
    found = {page.locale.language_code: page for page in pages}
    order = [request.GET.get("lang", ""), *reading_order(request.user), case.source_language]
    page = next((found[code] for code in order if code in found), None)
    if page is None:
        raise Http404
    if not case.is_published:
        page = page.get_latest_revision_as_object()
    page.case = case
    return page
