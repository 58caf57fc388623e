"""What a programme is called for a reader: its page's title in their best language.

Takes programmes and imports no model of this room.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation


@dataclass(frozen=True)
class Title:
    """A programme's title and summary, with where its page is; '' where none is live."""

    title: str
    language: str
    path: str = ""  # below the language prefix: workshops/<key>/
    summary: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether the words are in another language than the page round them."""
        return self.language != translation.get_language()

    @property
    def url(self) -> str:
        """The programme's page under the reader's own prefix; '' where it has none."""
        return f"/{translation.get_language()}/{self.path}" if self.path else ""


def titles_for(programmes: Iterable, order: list[str]) -> dict[int, Title]:
    """Programme id → its title in the first of the languages that has a live page, English, or
    any; the working name where there is no page. One query."""
    programmes = list(programmes)
    if not programmes:
        return {}
    pages = type(programmes[0]).pages.rel.related_model.objects
    rows = pages.filter(live=True, programme__in=[one.pk for one in programmes]).order_by("pk")
    found: dict[int, dict[str, Title]] = {}
    for pk, title, summary, code, url_path in rows.values_list(
        "programme", "title", "summary", "locale__language_code", "url_path"
    ):
        _root, _home, path = url_path.split("/", 2)
        found.setdefault(pk, {})[code] = Title(title, code, path, summary)
    return {
        one.pk: _best(found.get(one.pk, {}), [*order, "en"]) or Title(one.name, "en")
        for one in programmes
    }


def _best(by_language: dict[str, Title], order: list[str]) -> Title | None:
    best = next((by_language[code] for code in order if code in by_language), None)
    return best or next(iter(by_language.values()), None)
