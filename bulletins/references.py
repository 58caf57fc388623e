"""Where a story's key leads: its number, or the translation key of its pages."""

import re
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bulletins import page_context
from bulletins.models import Case, CaseStoryPage
from network.registry import Reference, register_reference

_NUMBER = re.compile(r"\d{4}-\d{4,}")


class _Row(NamedTuple):
    """A story's page."""

    case: int
    number: str
    translation_key: uuid.UUID
    title: str
    url_path: str
    language: str
    source_language: str


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
    )
    # Values, not pages: to compile and make those took an eighth of a section's page.
    names = ("case_id", "case__number", "translation_key", "title", "url_path")
    order = page_context.reading_order(request.user)
    best: dict[int, _Row] = {}
    for row in map(
        _Row._make,
        rows.order_by().values_list(*names, "locale__language_code", "case__source_language"),
    ):
        held = best.get(row.case)
        if held is None or _rank(row, order) < _rank(held, order):
            best[row.case] = row
    here = get_language()
    found: dict[str, Reference] = {}
    for row in best.values():
        _root, _home, path = row.url_path.split("/", 2)
        url = f"/{here or row.language}/{path}"
        reference = Reference(row.title, url, row.language, _("Case story"), row.number)
        found[row.number] = found[str(row.translation_key)] = reference
    return {
        key: found[str(page or key)] for key, page in wanted.items() if str(page or key) in found
    }


def _rank(row: _Row, order: list[str]) -> tuple:
    """The reader's languages first, then the story's own."""
    at = order.index(row.language) if row.language in order else len(order)
    return at, row.language != row.source_language


def _as_uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
