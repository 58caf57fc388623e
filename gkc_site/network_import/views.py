"""People and courses from a sheet, in the browser: looked through, then loaded whole or not."""

import tempfile
from collections import Counter
from pathlib import Path

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gkc_site.models import SheetDraft
from gkc_site.network_import import drafts
from gkc_site.network_import.files import FileRefused, Problem, SheetRow, read
from gkc_site.network_import.rows import import_rows
from network.languages import codes
from network.localize import number_text
from network.permissions import is_administrator, managed_distributors

SHOWN = 100  # changes on the page
PROBLEMS_SHOWN = 2_000  # each with its line: whoever mends the sheet needs all of them


class SheetForm(forms.Form):
    """A sheet of people and courses."""

    file = forms.FileField(
        label=gettext_lazy("CSV or Excel file"),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".csv,.xlsx"}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def people_import(request):
    """Managers load posts, years and courses of their members; administrators the network."""
    firms = _firms(request.user)
    if request.method == "POST" and request.POST.get("draft"):
        return _load(request, firms)
    form, context, status = SheetForm(), {}, 200
    if request.method == "POST":
        form, status = SheetForm(request.POST, request.FILES), 400
        if form.is_valid():
            try:
                context = _look_through(request.user, firms, form.cleaned_data["file"])
                status = 200 if context["draft"] else 400
            except FileRefused as refusal:
                form.add_error("file", str(refusal))
    return _page(request, firms, form, context, status)


def _page(request, firms, form, context: dict, status: int = 200):
    everything = {"form": form, "firms": firms, "languages": codes()} | context
    return render(request, "gkc_site/people_import.html", everything, status=status)


def _firms(user) -> list | None:
    """The firms whose people one loads; None for all. Raises PermissionDenied."""
    if is_administrator(user):
        return None
    firms = managed_distributors(user)
    if not firms:
        raise PermissionDenied
    return firms


def _look_through(user, firms, upload) -> dict:
    """What the sheet would change, kept for `SHEET_KEPT_H`; or what is wrong in which line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{Path(upload.name).suffix.lower()}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        rows, problems = read(path, codes())
    changes, more = import_rows(rows, by=user, languages=codes(), dry_run=True, firms=firms)
    problems = sorted([*problems, *more], key=lambda one: (one.sheet, one.line))
    if problems:
        return _refused(upload.name, rows, problems)
    SheetDraft.objects.filter(user=user).delete()
    draft = SheetDraft.objects.create(
        user=user,
        name=Path(upload.name).name[:200],
        rows=[[row.sheet, row.line, row.values] for row in rows],
    )
    return {
        "draft": draft,
        "lines": len(rows),
        "changes": changes[:SHOWN],
        "more": max(0, len(changes) - SHOWN),
        "counts": sorted(Counter((one.kind, one.is_new) for one in changes).items()),
        "total": len(changes),
    }


def _refused(name: str, rows, problems: list[Problem]) -> dict:
    return {
        "draft": None,
        "name": name,
        "lines": len(rows),
        "problems": problems[:PROBLEMS_SHOWN],
        "total": len(problems),
        "more": max(0, len(problems) - PROBLEMS_SHOWN),
    }


def _load(request, firms):
    """Load a sheet that was looked through: once, and as things stand now."""
    pk = request.POST["draft"]
    with transaction.atomic():
        mine = drafts.fresh().select_for_update().filter(user=request.user)
        draft = mine.filter(pk=pk if pk.isdecimal() and len(pk) < 19 else 0).first()
        if draft is None:
            messages.info(request, _("This sheet has been loaded, or is too old. Send it again."))
            return redirect(reverse("people_import"))
        rows = [SheetRow(sheet, line, values) for sheet, line, values in draft.rows]
        changes, problems = import_rows(rows, by=request.user, languages=codes(), firms=firms)
        draft.delete()
    if problems:
        messages.error(request, _("Things changed meanwhile: nothing has been loaded."))
        context = _refused(draft.name, rows, problems)
        return _page(request, firms, SheetForm(), context, 409)
    messages.success(
        request,
        ngettext(
            "%(count)s change has been loaded.", "%(count)s changes have been loaded.", len(changes)
        )
        % {"count": number_text(len(changes))},
    )
    return redirect(reverse("people_import"))
