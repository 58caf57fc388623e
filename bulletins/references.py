"""Where a story's key leads: its number, or the translation key of its pages."""

import re
import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bulletins import page_context
from bulletins.models import Case, CaseStoryPage
from network.registry import Reference, register_reference

_NUMBER = re.compile(r"\d{4}-\d{4,}")


def register() -> None:
    """Called once, when the room starts."""
    register_reference("case", "bulletins", resolve_cases)


def resolve_cases(request, keys: Iterable[str]) -> dict[str, Reference]:
    """Those of the keys whose story this person may read, in their best language. One query."""
    wanted = {key: _as_uuid(key) for key in keys}
    pages = {found for found in wanted.values() if found}
    numbers = {key for key in wanted if _NUMBER.fullmatch(key)}
    if not pages and not numbers:
        return {}
    rows = CaseStoryPage.objects.filter(
        Q(case__number__in=numbers) | Q(translation_key__in=pages),
        live=True,
        case__in=Case.objects.readable_by(request.user).order_by().values("pk"),
    ).select_related("locale", "case")
    order = page_context.reading_order(request.user)
    best: dict[int, CaseStoryPage] = {}
    for page in rows.defer_streamfields():
        held = best.get(page.case_id)
        if held is None or _rank(page, order) < _rank(held, order):
            best[page.case_id] = page
    found: dict[str, Reference] = {}
    for page in best.values():
        reference = Reference(page.title, page.reading_url(request), page.language, _("Case story"))
        found[page.case.number] = found[str(page.translation_key)] = reference
    return {
        key: found[str(page or key)] for key, page in wanted.items() if str(page or key) in found
    }


def _rank(page: CaseStoryPage, order: list[str]) -> tuple:
    """The reader's languages first, then the story's own."""
    at = order.index(page.language) if page.language in order else len(order)
    return at, not page.is_source


def _as_uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
