"""In which languages a page exists, and how current each text is."""

import datetime
from dataclasses import dataclass

from network import languages
from network.models import GkcPage
from translations.api import page_states


@dataclass(frozen=True)
class Edition:
    """A page in one language; `changed_on`: when the original moved on from it, where it did."""

    page: GkcPage
    text_of: datetime.datetime | None = None
    changed_on: datetime.datetime | None = None
    changes_url: str = ""


def editions(page: GkcPage) -> dict[str, Edition]:
    """Live translations by language code, in the site's order. One query, kept on the page.

    How current each one is comes from the translations room: one query more
    for pages that are translated there.
    """
    kept = page.__dict__.get("_editions")
    if kept is not None:
        return kept
    live, states = page.live_translations, page_states(page)
    result = {}
    for code in languages.codes():
        if code in live:
            state = states.get(code)
            result[code] = Edition(
                page=live[code],
                text_of=state.text_of if state else None,
                changed_on=state.changed_on if state else None,
                changes_url=state.changes_url if state else "",
            )
    page.__dict__["_editions"] = result
    return result
