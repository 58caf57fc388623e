"""Takes down what is live of the book, in every language that has a section.

Some ten queries for any number of texts, and a few a language for the stories named.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from wagtail.images import get_image_model

from silver_book.blocks import bare
from silver_book.editions.stories import name_stories
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    FrozenPicture,
    TextKind,
)
from silver_book.paragraphs import block_states, image_ids
from translations.api import all_behind
from translations.models import TermText

PICTURE_SPEC = "max-1600x1600"  # sharp on 170 mm of paper


def digest_of(content) -> str:
    """The hash of anything that JSON can say, however its keys are ordered."""
    words = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass
class Taken:
    """One text as it stands now: what an EditionText and its FrozenText will say."""

    language: str
    kind: str
    key: str
    number: int
    title: str
    content: dict
    part_key: str = ""
    chapter_key: str = ""
    states: dict = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)  # stories at its end, by key

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it stands in an edition: once."""
        return (self.language, self.kind, self.part_key, self.key)

    @cached_property
    def digest(self) -> str:
        return digest_of(self.content)


@dataclass
class Collected:
    """The whole live book. `private` counts pictures that not everyone may see: left out."""

    texts: list[Taken]
    private: int = 0
    sources: dict[str, int] = field(default_factory=dict)  # picture's key → image

    @cached_property
    def digest(self) -> str:
        """Of everything that would be frozen."""
        return manifest_digest(
            (*text.place, text.chapter_key, text.number, text.digest, text.states)
            for text in self.texts
        )

    @property
    def languages(self) -> set[str]:
        return {text.language for text in self.texts if text.kind == TextKind.SECTION}


def manifest_digest(lines: Iterable[tuple]) -> str:
    """The hash of an edition's list of texts, in any order."""
    return digest_of(sorted(digest_of(list(line)) for line in lines))


def fingerprint() -> str:
    """Changes whenever a text goes live or off. A query a kind of page, no text read."""
    rows = []
    for model in (BookIndexPage, BookPartPage, BookChapterPage, BookSectionPage):
        live = model.objects.filter(live=True).order_by("pk")
        rows += [
            [pk, revision, str(at)]
            for pk, revision, at in live.values_list("pk", "live_revision_id", "last_published_at")
        ]
    return digest_of(rows)


def collect() -> Collected:
    """Everything that an edition made now would hold."""
    sections = BookSectionPage.objects.filter(live=True)
    languages = set(sections.order_by().values_list("locale__language_code", flat=True).distinct())
    behind = _behind()
    texts = [
        *_pages(BookIndexPage, TextKind.COVER, "introduction", "subtitle"),
        *_pages(BookPartPage, TextKind.PART, "introduction"),
        *_pages(BookChapterPage, TextKind.CHAPTER, "introduction", "part_key"),
        *_pages(
            BookSectionPage,
            TextKind.SECTION,
            "body",
            "part_key",
            "chapter_key",
            "summary",
            "processes",
            "cases",
        ),
    ]
    texts = [(text, key) for text, key in texts if text.language in languages]
    for text, key in texts:
        found = behind.get((key, text.language), {})
        stream = "body" if text.kind == TextKind.SECTION else "introduction"
        text.states = {
            block: [state, since.isoformat() if since else ""]
            for block, (state, since) in block_states(found, stream).items()
        }
    collected = Collected([text for text, _key in texts] + list(_glossaries(languages)))
    _name_pictures(collected)
    name_stories(collected.texts)
    return collected


def _behind() -> dict:
    """States of every live text that is behind its original. A query a kind of page."""
    found = {}
    for model in (BookPartPage, BookChapterPage, BookSectionPage):
        found |= all_behind(model.objects.filter(live=True).values("translation_key"))
    return found


def _pages(model, kind: str, stream: str, *names: str) -> Iterator[tuple[Taken, str]]:
    """(text, translation key) of every live page of a kind. One query."""
    own = [] if model is BookIndexPage else ["key", "number"]
    columns = ["locale__language_code", "translation_key", "title", stream, *own, *names]
    rows = model.objects.filter(live=True).order_by("path").values_list(*columns)
    for row in rows.iterator(chunk_size=500):
        value = dict(zip(columns, row, strict=True))
        content = {"title": value["title"]}
        for name in ("subtitle", "summary", "processes"):
            if name in value:
                content[name] = value[name]
        content["blocks"] = [
            {"id": block["id"], "type": block["type"], "value": bare(block["value"])}
            for block in value[stream].raw_data
        ]
        text = Taken(
            language=value["locale__language_code"],
            kind=kind,
            key=value.get("key", ""),
            number=value.get("number", 0),
            title=value["title"],
            content=content,
            part_key=value.get("part_key", ""),
            chapter_key=value.get("chapter_key", ""),
            cases=value.get("cases", []),
        )
        yield text, str(value["translation_key"])


def _glossaries(languages: set[str]) -> Iterator[Taken]:
    """The terms that have a definition, by language. One query."""
    terms: dict[str, list[dict]] = {}
    rows = TermText.objects.filter(language__in=languages).exclude(definition="")
    for text in rows.select_related("term").order_by("term__key"):
        if text.forms:
            entry = {"key": text.term.key, "term": text.preferred, "definition": text.definition}
            terms.setdefault(text.language, []).append(entry)
    for language, entries in terms.items():
        content = {"terms": entries}
        yield Taken(language, TextKind.GLOSSARY, "", 0, "", content)


# --- pictures ------------------------------------------------------------------------
def _name_pictures(collected: Collected) -> None:
    """In the texts, a picture's row becomes the hash of its file; those not public are left out.

    An edition is read by everyone: a picture for members would be given away.
    """
    wanted = {key for text in collected.texts for key in image_ids(text.content.get("blocks", []))}
    images = {}
    if wanted:
        images = get_image_model().objects.in_bulk(list(wanted))
    for text in collected.texts:
        if not image_ids(text.content.get("blocks", [])):
            continue
        kept = []
        for block in text.content["blocks"]:
            if block["type"] == "picture":
                image = images.get(block["value"]["image"])
                if image is None or image.guard != "public":
                    collected.private += image is not None
                    continue
                key = image.file_hash or image.get_file_hash()
                collected.sources[key] = image.pk
                block = block | {"value": block["value"] | {"image": key}}
            kept.append(block)
        text.content["blocks"] = kept


def keep_pictures(sources: dict[str, int]) -> None:
    """Copy the pictures that no edition holds yet. A file that is written twice costs only disk."""
    known = set(FrozenPicture.objects.filter(key__in=sources).values_list("key", flat=True))
    new = {key: pk for key, pk in sources.items() if key not in known}
    for image in get_image_model().objects.filter(pk__in=new.values()):
        key = next(name for name, pk in new.items() if pk == image.pk)
        rendition = image.get_rendition(PICTURE_SPEC)
        picture = FrozenPicture(key=key, width=rendition.width, height=rendition.height)
        suffix = rendition.file.name.rpartition(".")[2].lower()
        with rendition.file.open("rb") as file:
            picture.file.save(f"{key}.{suffix}", file, save=False)
        FrozenPicture.objects.bulk_create([picture], ignore_conflicts=True)
