"""Reads a frozen edition in one language: its contents, and what a text shows."""

import datetime
from dataclasses import dataclass, field

from django.urls import reverse

from network.models import ProcessStep
from silver_book import paragraphs
from silver_book.models import Edition, EditionText, FrozenPicture, TextKind
from silver_book.paragraphs import Shown
from silver_book.permissions import BASE_LANGUAGES


@dataclass
class Place:
    """A part, chapter or section in an edition's contents.

    `language` is another than the edition's where this text is not in it yet:
    its title then stands in a base language and there are no words.
    """

    key: str
    number: int
    title: str
    language: str
    row: EditionText | None = None
    sections: list["Place"] = field(default_factory=list)
    chapters: list["Place"] = field(default_factory=list)

    @property
    def is_here(self) -> bool:
        """Whether the edition has it in the language asked for."""
        return self.row is not None

    def all_sections(self) -> list["Place"]:
        """Its own and its chapters', in order."""
        lines = self.sections + [line for ch in self.chapters for line in ch.sections]
        return sorted(lines, key=lambda line: (line.number, line.key))


@dataclass
class Contents:
    """An edition in one language, without the texts."""

    edition: Edition
    language: str
    cover: EditionText | None
    glossary: EditionText | None
    parts: list[Place]

    def sections(self) -> list[Place]:
        """All of them, also those that are not in this language, in order."""
        found = [line for part in self.parts for line in part.all_sections()]
        return sorted(found, key=lambda line: (line.number, line.key))

    @property
    def title(self) -> str:
        """The book's name in this language."""
        return self.cover.title if self.cover else ""


def contents(edition: Edition, language: str) -> Contents:
    """One query for any number of sections."""
    order = [language, *(code for code in BASE_LANGUAGES if code != language)]
    rows = list(
        EditionText.objects.filter(edition=edition, language__in=order)
        .order_by("number", "pk")
        .defer("states")
    )
    best: dict[tuple, EditionText] = {}
    for row in rows:
        place = (row.kind, row.part_key, row.key)
        held = best.get(place)
        if held is None or order.index(row.language) < order.index(held.language):
            best[place] = row
    parts = {p.key: _place(p, language) for p in best.values() if p.kind == TextKind.PART}
    chapters = {}
    for row in best.values():
        if row.kind == TextKind.CHAPTER and row.part_key in parts:
            chapters[row.part_key, row.key] = _place(row, language)
            parts[row.part_key].chapters.append(chapters[row.part_key, row.key])
    for row in best.values():
        if row.kind == TextKind.SECTION:
            holder = chapters.get((row.part_key, row.chapter_key)) or parts.get(row.part_key)
            if holder is not None:
                holder.sections.append(_place(row, language))
    own = {row.kind: row for row in rows if row.language == language}
    cover = best.get((TextKind.COVER, "", ""))
    found = sorted(parts.values(), key=lambda part: (part.number, part.key))
    return Contents(edition, language, cover, own.get(TextKind.GLOSSARY), _filled(found))


def _place(row: EditionText, language: str) -> Place:
    is_here = row.language == language
    return Place(row.key, row.number, row.title, row.language, row if is_here else None)


def _filled(parts: list[Place]) -> list[Place]:
    """Parts and chapters that hold a section, in order."""
    for part in parts:
        part.chapters = sorted(
            (chapter for chapter in part.chapters if chapter.sections),
            key=lambda chapter: (chapter.sections[0].number, chapter.number),
        )
    return [part for part in parts if part.sections or part.chapters]


@dataclass(frozen=True)
class Picture:
    """A frozen picture as templates show it."""

    url: str
    width: int
    height: int


def pictures(keys: list[str], address=None) -> dict[str, Picture]:
    """Key → picture; `address` gives its address by the row. A query where there are any."""
    if not keys:
        return {}
    where = address or (lambda row: reverse("edition_picture", args=[row.key]))
    return {
        row.key: Picture(where(row), row.width, row.height)
        for row in FrozenPicture.objects.filter(key__in=keys)
    }


def shown(row: EditionText, links=None, found: dict[str, Picture] | None = None) -> list[Shown]:
    """The paragraphs of a text (with `text` loaded), as they were."""
    blocks = row.text.content.get("blocks", [])
    if found is None:
        found = pictures(paragraphs.image_ids(blocks))
    states = {
        block: (state, datetime.datetime.fromisoformat(since) if since else None)
        for block, (state, since) in row.states.items()
    }
    return paragraphs.shown(blocks, links=links, states=states, pictures=found)


def steps(row: EditionText) -> list[ProcessStep]:
    """The process steps that a section is about."""
    named = row.text.content.get("processes", [])
    return [ProcessStep(step) for step in named if step in ProcessStep.values]
