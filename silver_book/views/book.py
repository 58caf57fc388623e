"""The practice matrix for readers; for editors, drafts to publish and pairs to compare."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Page

from network.models import ProcessStep
from silver_book.blocks import PracticeElement
from silver_book.exceptions import BookChangeRefused
from silver_book.matrix import cell, matrix
from silver_book.models import BookPage, PairMark
from silver_book.permissions import BASE_LANGUAGES, can_publish_book
from silver_book.revisions import changes
from silver_book.transitions import publish_text, settle_pair
from silver_book.waiting import drafts, pairs


@require_safe
def practice_matrix(request):
    """Five process steps × the areas of work; each number is the length of its list."""
    return render(request, "silver_book/matrix.html", matrix(request))


@require_safe
def practice_cell(request, step: str, element: str):
    """The sections of one field, and the stories they name. 'all' stands for every one."""
    if step not in (*ProcessStep.values, "all") or element not in (*PracticeElement.values, "all"):
        raise Http404
    return render(request, "silver_book/matrix_cell.html", cell(request, step, element))


@login_required
@require_safe
def book_desk(request):
    """Base texts with an unpublished draft, and paragraphs to compare."""
    _editors_only(request)
    return render(request, "silver_book/desk.html", {"drafts": drafts(), "pairs": pairs()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book_publish(request, pk: int):
    """What a draft changes; published with a word on each change: meaning or wording."""
    _editors_only(request)
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, BookPage) or page.language not in BASE_LANGUAGES:
        raise Http404
    found = changes(page)
    if request.method == "POST":
        wording = {c.place for c in found if request.POST.get(f"kind-{c.place}") == "wording"}
        try:
            seen = int(request.POST.get("seen") or 0)
            publish_text(page, by=request.user, seen_revision=seen, wording=wording)
        except (BookChangeRefused, ValueError) as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("book_publish", args=[pk]))
        messages.success(request, _("Published."))
        return redirect("book_desk")
    context = {"text": page, "changes": found, "seen": page.latest_revision_id}
    return render(request, "silver_book/publish.html", context)


@login_required
@require_POST
def book_settle(request, pk: int):
    """An editor compared the two texts of a paragraph: they say the same."""
    _editors_only(request)
    mark = get_object_or_404(PairMark, pk=pk)
    if settle_pair(mark, by=request.user):
        messages.success(request, _("Compared: both texts say the same."))
    else:
        messages.info(request, _("Somebody has settled this already."))
    return redirect("book_desk")


def _editors_only(request) -> None:
    if not can_publish_book(request.user):
        raise PermissionDenied
