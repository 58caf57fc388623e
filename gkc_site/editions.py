"""In which languages a page exists, and how current each text is."""

import datetime
from dataclasses import dataclass

from django.utils.translation import get_language

from network import languages
from network.models import GkcPage
from translations.api import languages_behind


@dataclass(frozen=True)
class Edition:
    """A page in one language.

    `changed_on`: when the original moved on from it, where it did; `is_whole`:
    every place has words in the language; `first_only`: nobody but its
    translator has read all of it.
    """

    url: str
    full_url: str
    text_of: datetime.datetime | None = None
    changed_on: datetime.datetime | None = None
    changes_url: str = ""
    is_whole: bool = True
    first_only: bool = False


def editions(page: GkcPage, request) -> dict[str, Edition]:
    """Live translations by language code, in the site's order. One query, kept on the page.

    How current each one is comes from the translations room: one query more
    where there is another language than this page's, for pages that are
    translated there.
    """
    kept = page.__dict__.get("_editions")
    if kept is None:
        name = ("editions", get_language())
        kept = page.__dict__["_editions"] = page.shared(request, name, lambda: _read(page, request))
    return kept


def _read(page: GkcPage, request) -> dict[str, Edition]:
    live = page.live_addresses(request)
    behind = languages_behind(page) if len(live) > 1 else {}
    result = {}
    for code in languages.codes():
        if code in live:
            late = behind.get(code)
            result[code] = Edition(
                url=live[code].url,
                full_url=live[code].full_url,
                text_of=late.text_of if late else None,
                changed_on=late.changed_on if late else None,
                changes_url=late.changes_url if late else "",
                is_whole=not (late and late.missing),
                first_only=late.first_only if late else False,
            )
    return result
