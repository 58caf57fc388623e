"""What changed between two revisions of a story."""

import datetime
import json
from decimal import Decimal, InvalidOperation

from bulletins.models import CaseStoryPage


def latest(page):
    """The page's newest revision; None before the first save."""
    return page.get_latest_revision()


def changed_fields(old, new, fields=None) -> list[str]:
    """Names of the story's fields that differ between two revisions, in the sheet's order.

    A missing revision counts as empty. Block ids do not count: only what a
    reader would see.
    """
    names = fields or ["title", "summary", *sum(CaseStoryPage.PART_FIELDS.values(), [])] + [
        "pictures",
        "files",
    ]
    before = old.content if old else {}
    after = new.content if new else {}
    return [name for name in names if _seen(before.get(name)) != _seen(after.get(name))]


def judged_changes(old, new) -> list[str]:
    """Those of cause, countermeasure, result or a figure: they void a neutral approval."""
    return changed_fields(old, new, CaseStoryPage.JUDGED_FIELDS)


# Keys of a block's value that a reader does not see, and those that hold a number.
_UNSEEN = ("id", "cause", "measure_key")
_NUMBERS = ("start", "goal", "target", "before", "after", "value")


def _seen(value):
    """A field's value as a reader sees it; StreamFields are JSON text in a revision.

    The share form and the admin write the same text in two ways (a list's rows
    bare or with ids, '31' or 31.0, an empty field as None, '' or left out): a
    save that changes nothing must not look like a change.
    """
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    plain = _plain(value)
    return None if plain in ("", [], {}, False) else plain


def _plain(value, name: str = ""):
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        if value.get("type") == "item":
            return _plain(value.get("value"))
        kept = {k: _plain(v, k) for k, v in value.items() if k not in _UNSEEN}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {}, False)}
    if name in _NUMBERS and isinstance(value, str | int | float):
        return _number(value)
    if isinstance(value, datetime.date):
        return value.isoformat()  # a revision just made holds it as a date, one read as text
    return value.strip() if isinstance(value, str) else value


def _number(value):
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value
