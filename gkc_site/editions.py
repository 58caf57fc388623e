"""In which languages a page exists, and how current each text is."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.module_loading import import_string

from network import languages
from network.models import GkcPage


@dataclass(frozen=True)
class Edition:
    """A page in one language. `stale_since`: the day of its text, where the original moved on."""

    page: GkcPage
    stale_since: datetime.date | None = None
    changes_url: str = ""


def editions(page: GkcPage) -> dict[str, Edition]:
    """Live translations by language code, in the site's order. One query, kept on the page.

    How current each one is comes from the translations room: its
    `page_states(page)` answers a mapping of language code to an object with
    `stale_since` and `changes_url`.
    """
    kept = page.__dict__.get("_editions")
    if kept is not None:
        return kept
    live, states = page.live_translations, _page_states()(page)
    result = {}
    for code in languages.codes():
        if code in live:
            state = states.get(code)
            result[code] = Edition(
                page=live[code],
                stale_since=getattr(state, "stale_since", None),
                changes_url=getattr(state, "changes_url", ""),
            )
    page.__dict__["_editions"] = result
    return result


@cache
def _page_states() -> Callable[[GkcPage], dict]:
    """The translations room's answer; while it gives none, every text counts as current."""
    try:
        return import_string("translations.api.page_states")
    except ImportError:
        return lambda page: {}
