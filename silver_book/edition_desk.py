"""The editor's desk for editions: what the next one changes, freezing, how far its files are."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network import languages
from silver_book.edition_views import changes_page
from silver_book.editions.collecting import collect
from silver_book.editions.comparing import held_by, held_now, summary, text_changes
from silver_book.exceptions import EditionRefused
from silver_book.models import Edition, EditionFile, FileState
from silver_book.permissions import can_freeze_edition
from silver_book.transitions.freezing import build_again, freeze_edition


@login_required
@require_safe
def edition_desk(request):
    """The editions, and how far the files of each are. htmx asks for the list again and again."""
    _editors_only(request)
    editions = list(Edition.objects.visible_to(request.user).prefetch_related("files"))
    rows = [_row(edition) for edition in editions]
    context = {"rows": rows, "is_building": any(row["open"] for row in rows)}
    template = "edition_progress" if request.headers.get("HX-Request") else "edition_desk"
    return render(request, f"silver_book/{template}.html", context)


def _row(edition: Edition) -> dict:
    files = list(edition.files.all())
    for file in files:
        file.edition = edition
    return {
        "edition": edition,
        "total": len(files),
        "done": sum(file.is_ready for file in files),
        "open": [f for f in files if f.state in (FileState.WAITING, FileState.BUILDING)],
        "stuck": [f for f in files if f.state in (FileState.BLOCKED, FileState.FAILED)],
        "now": next((f for f in files if f.state == FileState.BUILDING), None),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edition_new(request):
    """What an edition made now would hold and change; made by POST."""
    _editors_only(request)
    if request.method == "POST":
        try:
            edition = freeze_edition(by=request.user, seen=request.POST.get("seen") or None)
        except EditionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("edition_new")
        messages.success(
            request,
            _("Edition %(number)s is frozen. Its files are being built.")
            % {"number": edition.number},
        )
        return redirect("edition_desk")
    collected, last = collect(), Edition.objects.first()
    numbers = summary(collected, last)
    context = {
        "last": last,
        "number": last.number + 1 if last else 1,
        "seen": collected.digest,
        "is_changed": last is None or last.digest != collected.digest,
        "private": collected.private,
        "rows": [(code, numbers[code]) for code in languages.codes() if code in numbers],
    }
    return render(request, "silver_book/edition_new.html", context)


@login_required
@require_safe
def edition_new_changes(request, language: str):
    """What the next edition would change in one language, paragraph by paragraph."""
    _editors_only(request)
    collected, last = collect(), Edition.objects.first()
    if language not in collected.languages or last is None:
        raise Http404
    old, new = held_by(last, language).get(language, {}), held_now(collected.texts)[language]
    context = changes_page(request, text_changes(old, new), collected) | {
        "language": language,
        "tag": languages.tag(language),
        "text_direction": languages.direction(language),
        "last": last,
    }
    return render(request, "silver_book/edition_new_changes.html", context)


@login_required
@require_POST
def edition_build_again(request, pk: int):
    """A file that failed is built once more."""
    _editors_only(request)
    if build_again(get_object_or_404(EditionFile, pk=pk), by=request.user):
        messages.success(request, _("The file will be built again."))
    else:
        messages.info(request, _("The file has not failed."))
    return redirect("edition_desk")


def _editors_only(request) -> None:
    if not can_freeze_edition(request.user):
        raise PermissionDenied
