"""A distributor's version of a programme: made, written, and compared with its parent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.languages import reading_order
from network.numbers import row_key
from network.permissions import managed_distributors
from workshops.exceptions import TransitionRefused
from workshops.forms import VersionForm
from workshops.models import Programme
from workshops.page_text import WRITABLE, fingerprint, texts_of, units_of
from workshops.permissions import can_edit_version, can_view_programme, coordinates_any
from workshops.titles import titles_for
from workshops.transitions import (
    settle_version,
    tailor,
    take_over,
    withdraw_version,
    write_version,
)
from workshops.transitions.programmes import state_of
from workshops.transitions.tailoring import COMPARED, last_change_of, parent_page, version_page
from workshops.versions import beside
from workshops.views.coordinating.programme_words import conflicts

NAMES = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("Summary"),
    "body": gettext_lazy("Text"),
    "happens": gettext_lazy("What happens"),
    "before_after": gettext_lazy("Before and after"),
    "lessons": gettext_lazy("Lessons of the online lab"),
}
STATES = {
    "same": pgettext_lazy("place in a version", "The same"),
    "changed": pgettext_lazy("place in a version", "Changed here"),
    "left_out": pgettext_lazy("place in a version", "Left out here"),
    "added": pgettext_lazy("place in a version", "Only here"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def versions(request):
    """The versions that one keeps, and a form for another."""
    user = request.user
    if not managed_distributors(user) and not coordinates_any(user):
        raise PermissionDenied
    form = VersionForm(request.POST or None, user=user, order=reading_order(user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = tailor(**form.cleaned_data, by=user)
            except TransitionRefused as refusal:
                form.add_error("language", str(refusal))
            else:
                messages.success(request, _("The version is a draft until you publish it."))
                return redirect("version_edit", made.key)
    kept = Programme.objects.versions_managed_by(user).select_related(
        "parent", "distributor", "tailoring"
    )
    kept = list(kept.prefetch_related("pages").order_by("distributor__name", "key"))
    titles = titles_for({one for row in kept for one in (row, row.parent)}, reading_order(user))
    context = {
        "rows": [
            {
                "version": one,
                "title": titles[one.pk],
                "parent": titles[one.parent_id],
                "is_live": any(page.live for page in one.pages.all()),
            }
            for one in kept
        ],
        "form": form,
    }
    return render(request, "workshops/versions.html", context, status=status)


def _version(request, key: str) -> Programme:
    """A version that this person may see. Raises Http404."""
    found = get_object_or_404(
        Programme.objects.current().select_related(
            "parent", "distributor__country__review_area", "tailoring"
        ),
        key=key,
        tailoring__isnull=False,
    )
    if not can_view_programme(request.user, found):
        raise Http404
    return found


def _own_version(request, key: str) -> Programme:
    """One that this person may write. Raises Http404, PermissionDenied."""
    found = _version(request, key)
    if not can_edit_version(request.user, found):
        raise PermissionDenied
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def version_edit(request, key: str):
    """Every paragraph in a field of its own; what is emptied is left out."""
    version = _own_version(request, key)
    page, refused = version_page(version), ""
    texts, added = {}, {}
    if request.method == "POST":
        texts = {
            unit.anchor: request.POST[f"text-{unit.anchor}"]
            for unit in units_of(page)
            if f"text-{unit.anchor}" in request.POST
        }
        added = {name: request.POST.get(f"added-{name}", "") for name in WRITABLE}
        publish = request.POST.get("do") == "publish"
        try:
            write_version(
                version,
                texts,
                added,
                by=request.user,
                seen=request.POST.get("seen", ""),
                publish=publish,
            )
        except TransitionRefused as refusal:
            refused = str(refusal)
        else:
            said = _("Shown to your members.") if publish else _("Kept as a draft.")
            messages.success(request, said)
            return redirect("version_edit", key)
    context = {
        "version": version,
        "page": page,
        "title": page.title,
        "language": version.tailoring.language,
        "seen": fingerprint(texts_of(page)),
        "parts": _parts(page, texts, added),
        "refused": refused,
        "is_live": page.live,
        "has_draft": page.has_unpublished_changes,
    }
    return render(request, "workshops/version_edit.html", context, status=409 if refused else 200)


def _parts(page, texts: dict[str, str], added: dict[str, str]) -> list[dict]:
    """The page's fields and streams with their units; what was typed stands in place of what is
    stored."""
    units = units_of(page)
    return [
        {
            "name": name,
            "label": NAMES[name],
            "units": [
                {"unit": unit, "text": texts.get(unit.anchor, unit.text)}
                for unit in units
                if name in (unit.stream, unit.anchor)
            ],
            "takes_more": name in WRITABLE,
            "added": added.get(name, ""),
        }
        for name in NAMES
        if name in WRITABLE or any(name in (unit.stream, unit.anchor) for unit in units)
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def version_compare(request, key: str):
    """What differs from the parent, place by place; POST says that it was compared."""
    version = _version(request, key)
    may_edit = can_edit_version(request.user, version)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        try:
            settle_version(
                version,
                by=request.user,
                seen=request.POST.get("seen", ""),
                last_change=row_key(request.POST.get("last_change", "")),
            )
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Compared. It is marked again when the global text changes.")
            )
        return redirect("version_compare", key)
    page, parent = version_page(version) if may_edit else _shown(version), parent_page(version)
    rows = beside(parent, page, version.tailoring.base) if parent else []
    titles = titles_for([version, version.parent], reading_order(request.user))
    context = {
        "version": version,
        "title": titles[version.pk],
        "parent": titles[version.parent_id],
        "has_parent": parent is not None,
        "language": version.tailoring.language,
        "rows": [
            {
                "place": row,
                "label": NAMES[row.unit.stream or row.unit.anchor],
                "state": STATES[row.state],
            }
            for row in rows
            if row.state != "same" or row.to_compare
        ],
        "same": sum(row.state == "same" for row in rows),
        "to_compare": version.tailoring.compare_since,
        "may_edit": may_edit,
        "seen": fingerprint(texts_of(parent)) if parent else fingerprint({}),
        "last_change": last_change_of(version.parent),
        "asked": _asked(version, request.user),
    }
    return render(request, "workshops/version_compare.html", context)


def _asked(version: Programme, user) -> list[dict]:
    """What the version asks for and holds otherwise than its parent, in words."""
    there, here = state_of(version.parent), state_of(version)
    return conflicts(
        {name: there[name] for name in COMPARED}, {name: here[name] for name in COMPARED}, user
    )


def _shown(version: Programme):
    """What readers see. Raises Http404 while nothing is published."""
    page = version.pages.filter(live=True).select_related("locale").first()
    if page is None:
        raise Http404
    return page


@login_required
@require_POST
def version_change(request, key: str, action: str):
    """Take the parent's words at one place, or take the version out of the catalogue."""
    version = _own_version(request, key)
    if action not in ("take", "withdraw"):
        raise Http404
    try:
        if action == "take":
            take_over(version, request.POST.get("anchor", ""), by=request.user)
            messages.success(request, _("Taken over into the draft."))
            return redirect("version_compare", key)
        withdraw_version(version, by=request.user)
        messages.success(request, _("The version is out of the catalogue."))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("version_compare", key)
    return redirect("versions")
