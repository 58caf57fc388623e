"""What changed between two revisions of a story."""

import json

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


def _seen(value):
    """A field's value without block ids; StreamFields are JSON text in a revision."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return _without_ids(value)


def _without_ids(value):
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in ("id", "cause", "measure_key")}
        return {key: _without_ids(item) for key, item in kept.items()}
    return value
