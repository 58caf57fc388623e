"""The stories that a frozen section names: number, title and address.

An edition is read by everyone, on paper too: it names what everyone could read
on its day, and says no more of a story than that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation
from django.utils.encoding import iri_to_uri

from network.models.pages import site_root
from network.registry import resolve_references
from silver_book.models import EditionText
from silver_book.paragraphs import own_links

if TYPE_CHECKING:
    from silver_book.editions.collecting import Taken

KIND = "case"


@dataclass(frozen=True)
class Story:
    """A story as an edition names it. `path` stands below the language's prefix."""

    key: str  # as the text names it
    number: str
    title: str
    language: str  # of the title
    path: str

    def address(self, language: str) -> str:
        """On this site, for readers of a language."""
        return f"/{language}/{self.path}"

    def printed(self, language: str) -> str:
        """Its whole address, as people read it."""
        return f"{site_root()}{self.address(language)}"

    def full_url(self, language: str) -> str:
        """The same as files carry it."""
        return iri_to_uri(self.printed(language))


def name_stories(texts: Iterable["Taken"]) -> None:
    """Write into each text which stories it names. A few queries a language that names any."""
    request = HttpRequest()
    request.user = AnonymousUser()
    by_language: dict[str, list[Taken]] = {}
    for text in texts:
        if text.cases or "blocks" in text.content:
            by_language.setdefault(text.language, []).append(text)
    for language, mine in by_language.items():
        named = {id(text): _keys(text) for text in mine}
        with translation.override(language):
            keys = list(dict.fromkeys(key for some in named.values() for key in some))
            found = resolve_references(request, KIND, keys)
        for text in mine:
            if rows := [_row(key, found[key], language) for key in named[id(text)] if key in found]:
                text.content["stories"] = rows


def _keys(text: "Taken") -> list[str]:
    """Those at its end first, then those that its words lead to."""
    links = sorted(own_links(text.content.get("blocks", ())))
    inside = [key for kind, _colon, key in (link.partition(":") for link in links) if kind == KIND]
    return list(dict.fromkeys([*text.cases, *inside]))


def _row(key: str, reference, language: str) -> dict[str, str]:
    return {
        "key": key,
        "number": reference.number,
        "title": reference.title,
        "language": reference.language,
        "path": reference.url.removeprefix(f"/{language}/"),
    }


def stories_of(row: EditionText) -> list[Story]:
    """The stories that a text (with `text` loaded) names, each once."""
    rows = [Story(**named) for named in row.text.content.get("stories", ())]
    return list({story.path: story for story in rows}.values())


def story_links(row: EditionText, address) -> dict[str, str]:
    """'case:<key>' → address(story), for the links in a text."""
    rows = (Story(**named) for named in row.text.content.get("stories", ()))
    return {f"{KIND}:{story.key}": address(story) for story in rows}
