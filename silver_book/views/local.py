"""The local edition (R17): read by members, written by a region's campaigners."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.languages import autonym, codes
from network.models import Region, ReviewArea
from network.permissions import region_scopes
from review.difference import difference
from silver_book import paragraphs
from silver_book.additions import best_language, shown_local
from silver_book.exceptions import BookChangeRefused
from silver_book.models import BookSectionPage, LocalText
from silver_book.models.local import MAX_TEXT
from silver_book.page_context import languages_for
from silver_book.permissions import can_view_local, can_write_local, local_scopes
from silver_book.transitions import change_local, confirm_local, remove_local, write_local
from silver_book.transitions.local import standard_of


@dataclass(frozen=True)
class Entry:
    """A paragraph with a region's texts, in a list in the book's order."""

    section: BookSectionPage
    url: str
    standard: paragraphs.Shown | None
    local: list


@login_required
@require_safe
def local_editions(request):
    """Whose local editions there are, one's own first."""
    own = region_scopes(request.user)
    found: dict[str, dict] = {}
    for row in LocalText.objects.visible_to(request.user).with_places():
        entry = found.setdefault(
            row.scope_code,
            {"code": row.scope_code, "place": row.place, "is_own": row.scope in own, "count": 0},
        )
        entry["count"] += 1
    editions = sorted(found.values(), key=lambda one: (not one["is_own"], one["place"].name))
    return render(request, "silver_book/local_editions.html", {"editions": editions})


@login_required
@require_safe
def local_edition(request, code: str):
    """A region's texts in the book's order, each beside its standard. Three queries."""
    scope, place = _scope(code)
    rows = LocalText.objects.visible_to(request.user).of_scopes([scope]).with_places()
    context = {"place": place, "code": code, "entries": _entries(request, rows, code)}
    return render(request, "silver_book/local_edition.html", context)


def _entries(request, rows, code: str) -> list[Entry]:
    order = languages_for(request, None)
    by_section: dict[object, list[LocalText]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    pages: dict[object, BookSectionPage] = {}
    live = BookSectionPage.objects.filter(translation_key__in=by_section, live=True)
    rank = {language: place for place, language in enumerate(order)}
    for page in live.select_related("locale"):
        held = pages.get(page.translation_key)
        if held is None or rank[page.language] < rank[held.language]:
            pages[page.translation_key] = page
    found = []
    for page in sorted(pages.values(), key=lambda page: (page.number, page.key)):
        texts = by_section[page.translation_key]
        standing = paragraphs.shown(page.body.raw_data)
        known = {one.anchor: one for one in standing}
        places = list(known)
        anchors = {paragraphs.anchor(row.block_id) for row in texts}
        for anchor in sorted(anchors, key=lambda a: places.index(a) if a in known else len(places)):
            mine = [row for row in texts if paragraphs.anchor(row.block_id) == anchor]
            url = f"{page.reading_url(request)}?local={code}#{anchor}"
            shown = [shown_local(row) for row in best_language(mine, order)]
            found.append(Entry(page, url, known.get(anchor), shown))
    return found


def _scope(code: str) -> tuple[tuple[str, int], Region | ReviewArea]:
    """Raises Http404 for a code that names nothing."""
    kind, _dash, slug = code.partition("-")
    if kind not in ("region", "area"):
        raise Http404
    place = get_object_or_404(Region if kind == "region" else ReviewArea, slug=slug)
    return (kind, place.pk), place


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def local_write(request, section, anchor: str):
    """Add a note or a version to a paragraph, for a region this person campaigns in."""
    scopes = local_scopes(request.user)
    if not scopes:
        raise PermissionDenied
    page = _section(request, section)
    block_id = paragraphs.block_at(page.body.raw_data, anchor)
    if block_id is None:
        raise Http404
    places = _places(scopes)
    typed = {
        "kind": request.POST.get("kind", LocalText.Kind.NOTE),
        "language": request.POST.get("language", get_language()),
        "scope": request.POST.get("scope", places[0][0]),
        "text": request.POST.get("text", ""),
    }
    error, status = "", 200
    if request.method == "POST":
        try:
            scope = next((held for code, _place, held in places if code == typed["scope"]), None)
            if scope is None:
                raise PermissionDenied
            local = write_local(
                section,
                block_id,
                scope=scope,
                kind=typed["kind"],
                language=typed["language"],
                text=typed["text"],
                by=request.user,
            )
        except BookChangeRefused as refusal:
            error, status = str(refusal), 400
        else:
            messages.success(request, _("Added to the local edition."))
            return redirect(_at(request, page, local))
    context = {
        "section": page,
        "anchor": anchor,
        "standard": _paragraph(page, anchor),
        "places": places,
        "kinds": LocalText.Kind.choices,
        "languages": [(code, autonym(code)) for code in codes()],
        "typed": typed,
        "error": error,
        "longest": MAX_TEXT,
    }
    return render(request, "silver_book/local_write.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def local_text(request, pk: int):
    """A local text with its history; campaigners see what changed in the standard, and write."""
    local = get_object_or_404(LocalText.objects.with_places(), pk=pk)
    may_write = can_write_local(request.user, local.scope)
    if not (can_view_local(request.user, local) or may_write):
        raise Http404
    text, error, status = request.POST.get("text", local.text), "", 200
    if request.method == "POST":
        try:
            _act(request, local, text)
        except BookChangeRefused as refusal:
            error, status = str(refusal), 409
            local.refresh_from_db()
        else:
            return redirect("local_text", pk=pk)
    events = list(local.events.select_related("by"))
    page = _section(request, local.section, or_none=True)
    now = standard_of(local)
    context = {
        "local": local,
        "shown": shown_local(local),
        "events": events,
        "section": page,
        "url": _at(request, page, local) if page else "",
        "standard": now,
        "runs": difference(local.standard, now or "") if local.standard != (now or "") else [],
        "may_write": may_write and local.removed_at is None,
        "kinds": LocalText.Kind.choices,
        "kind": request.POST.get("kind", local.kind),
        "text": text,
        "seen": events[0].pk,
        "error": error,
        "longest": MAX_TEXT,
    }
    return render(request, "silver_book/local_text.html", context, status=status)


def _act(request, local: LocalText, text: str) -> None:
    action = request.POST.get("action", "")
    if action == "confirm":
        confirm_local(local, by=request.user)
        messages.success(request, _("Marked as still right."))
    elif action == "remove":
        remove_local(local, by=request.user)
        messages.success(request, _("Removed. Its history stays."))
    else:
        seen = request.POST.get("seen", "")
        change_local(
            local,
            text=text,
            kind=request.POST.get("kind", local.kind),
            seen=int(seen) if seen.isdigit() else 0,
            by=request.user,
        )
        messages.success(request, _("Changed."))


def _section(request, key, *, or_none: bool = False) -> BookSectionPage | None:
    """The live section in the reader's best language."""
    order = languages_for(request, None)
    pages = BookSectionPage.objects.filter(translation_key=key, live=True)
    found = sorted(pages.select_related("locale"), key=lambda page: order.index(page.language))
    if not found and not or_none:
        raise Http404
    return found[0] if found else None


def _paragraph(page: BookSectionPage, anchor: str) -> paragraphs.Shown | None:
    return next((p for p in paragraphs.shown(page.body.raw_data) if p.anchor == anchor), None)


def _places(scopes) -> list[tuple[str, str, tuple[str, int]]]:
    """(code, name, scope) of what a campaigner may choose. Two queries."""
    regions = Region.objects.filter(pk__in=[pk for kind, pk in scopes if kind == "region"])
    areas = ReviewArea.objects.filter(pk__in=[pk for kind, pk in scopes if kind == "area"])
    return [
        *((f"region-{one.slug}", one.name, ("region", one.pk)) for one in regions),
        *((f"area-{one.slug}", one.name, ("area", one.pk)) for one in areas),
    ]


def _at(request, page: BookSectionPage, local: LocalText) -> str:
    """The paragraph, with this region's texts shown."""
    anchor = paragraphs.anchor(local.block_id)
    return f"{page.reading_url(request)}?local={local.scope_code}#{anchor}"
