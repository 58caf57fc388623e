"""What stories are called in lists of figures, without loading their pages."""

from collections.abc import Iterable
from typing import NamedTuple

from bulletins.models import CaseStoryPage
from network.languages import reading_order


class Title(NamedTuple):
    """What a story is called in a list, without its page."""

    title: str
    language: str
    url: str  # in the address of the active language


def titles_of(cases: Iterable, user) -> dict[int, Title]:
    """Case's key → its title in the reader's best language. One query."""
    cases = list(cases)
    found: dict[int, dict[str, tuple[str, str]]] = {}
    pages = CaseStoryPage.objects.filter(case__in=cases, live=True)
    columns = ("case", "locale__language_code", "title", "slug")
    for case, code, title, slug in pages.values_list(*columns):
        found.setdefault(case, {})[code] = (title, slug)
    order = reading_order(user)
    titles = {}
    for case in cases:
        here = found.get(case.pk, {})
        code = next((c for c in [*order, case.source_language] if c in here), None)
        if code is not None:
            title, slug = here[code]
            url = f"/{order[0]}/stories/{case.number[:4]}/{slug}/"
            titles[case.pk] = Title(title, code, url)
    return titles
