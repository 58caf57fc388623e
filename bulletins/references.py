"""Where a story's key leads: its number, or the translation key of its pages."""

import datetime
import re
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bulletins import page_context
from bulletins.models import Audience, Case, CaseStoryPage
from bulletins.permissions import can_read_published
from network.permissions import is_member
from network.registry import Reference, register_reference

_NUMBER = re.compile(r"\d{4}-\d{4,}")


class _Row(NamedTuple):
    """A published story's page, and what `can_read_published` asks of its case."""

    case: int
    is_published: bool
    audience: str
    cleared_at: datetime.datetime | None
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
    """Those of the keys whose story this person may read, in their best language.

    One query, and another for a member where a story is for one region only:
    most are for all members, which takes no question.
    """
    wanted = {key: _as_uuid(key) for key in keys}
    pages = {found for found in wanted.values() if found}
    numbers = {key for key in wanted if _NUMBER.fullmatch(key)}
    if not pages and not numbers:
        return {}
    rows = CaseStoryPage.objects.filter(
        Q(case__number__in=numbers) | Q(translation_key__in=pages),
        live=True,
        case__is_published=True,
    )
    # Values, not pages: to compile and make those took an eighth of a section's page.
    names = ("case_id", "case__is_published", "case__audience", "case__cleared_at")
    names += ("case__number", "translation_key", "title", "url_path")
    order = page_context.reading_order(request.user)
    best: dict[int, _Row] = {}
    values = rows.order_by().values_list(*names, "locale__language_code", "case__source_language")
    for row in _readable(request.user, [_Row._make(value) for value in values]):
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


def _readable(user, rows: list[_Row]) -> list[_Row]:
    """Those whose story this person may read: equals `Case.objects.readable_by` (tested)."""
    to_all = {
        row.case
        for row in rows
        if row.audience != Audience.REGION and can_read_published(user, row)
    }
    rest = {row.case for row in rows} - to_all
    if rest and is_member(user):
        mine = Case.objects.readable_by(user).filter(pk__in=rest).order_by()
        to_all |= set(mine.values_list("pk", flat=True))
    return [row for row in rows if row.case in to_all]


def _rank(row: _Row, order: list[str]) -> tuple:
    """The reader's languages first, then the story's own."""
    at = order.index(row.language) if row.language in order else len(order)
    return at, row.language != row.source_language


def _as_uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
