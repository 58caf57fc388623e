"""The book of one edition and language, drawn: what its PDF and its EPUB are made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

from silver_book import inline, paragraphs
from silver_book.editions.frozen import Contents, Place, contents, pictures, shown, steps
from silver_book.editions.stories import Story, stories_of, story_links
from silver_book.models import Edition, EditionText, FrozenPicture
from silver_book.paragraphs import Shown

BATCH = 200  # texts read at a time
LOWEST = 6  # HTML's deepest heading


@dataclass(frozen=True)
class Named:
    """A story that a section names: `printed` is its address as one types it."""

    story: Story
    url: str
    printed: str


@dataclass
class Drawn:
    """A text to be shown. `name` is its address inside the file: '#s-1', or 's-0001.xhtml'."""

    place: Place
    name: str
    anchor: str
    level: int  # of its own heading
    summary: str = ""
    steps: list = field(default_factory=list)
    paragraphs: list[Shown] = field(default_factory=list)
    stories: list["Named"] = field(default_factory=list)
    children: list["Drawn"] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.place.title

    @property
    def number(self) -> int:
        return self.place.number

    @property
    def is_here(self) -> bool:
        return self.place.is_here

    @property
    def has_texts(self) -> bool:
        """Whether anything below it has words here."""
        return any(child.is_here for child in self.walk())

    def walk(self):
        """Itself and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Book:
    """Everything of one file."""

    edition: Edition
    language: str
    contents: Contents
    introduction: list[Shown]
    parts: list[Drawn]
    terms: list[dict]
    pictures: dict[str, FrozenPicture]  # address in the file → row

    @property
    def title(self) -> str:
        return self.contents.title or str(settings.SITE_NAME)

    @property
    def subtitle(self) -> str:
        cover = self.contents.cover
        return cover.text.content.get("subtitle", "") if cover else ""

    @property
    def numbers(self) -> dict[str, int]:
        """What the edition's row says of this language."""
        return self.edition.languages[self.language]

    @property
    def missing(self) -> int:
        """Sections that are not in this language."""
        return self.numbers["of"] - self.numbers["sections"]

    def texts(self):
        """Parts, chapters and sections that have words here, in reading order."""
        for part in self.parts:
            for drawn in part.walk():
                if drawn.is_here:
                    yield drawn


class _Links(dict):
    """'section:<key>' and 'section:<key>#p-…' → address in the file, where it leads somewhere."""

    def __init__(self, names: dict[str, str], anchors: dict[str, set[str]], inside: Callable):
        super().__init__({f"section:{key}": name for key, name in names.items()})
        self.anchors, self.inside = anchors, inside

    def get(self, address, default=None):
        target, _hash, anchor = address.partition("#")
        name = super().get(target, default)
        if not anchor or not name:
            return name
        key = target.partition(":")[2]
        # A paragraph that is not there any more: its section is the nearest place.
        return self.inside(name, anchor) if anchor in self.anchors.get(key, ()) else name


def draw(
    edition: Edition, language: str, *, is_one_page: bool, on_progress: Callable[[int], None]
) -> Book:
    """Read and draw the texts in the language's own words; `on_progress` hears how many sections.

    `is_one_page`: one document, as for print; else a file a text, as in an EPUB.
    Call it with the language active.
    """
    found = contents(edition, language)
    parts = [_outline(part, 2) for part in found.parts]
    flat = [drawn for part in parts for drawn in part.walk()]
    for number, drawn in enumerate(flat, 1):
        drawn.anchor = f"t-{number}"
        drawn.name = f"#{drawn.anchor}" if is_one_page else f"t-{number:04}.xhtml"
    rows = _rows(flat)
    names, anchors, wanted = {}, {}, set()
    for drawn in flat:
        if drawn.is_here:
            blocks = rows[drawn.place.row.pk].text.content["blocks"]
            wanted |= set(paragraphs.image_ids(blocks))
            if drawn.place.row.kind == "section":
                names[drawn.place.key] = drawn.name
                anchors[drawn.place.key] = {paragraphs.anchor(block["id"]) for block in blocks}

    def inside(name: str, anchor: str) -> str:
        return f"{name}-{anchor}" if is_one_page else f"{name}#{anchor}"

    links = _Links(names, anchors, inside)
    shown_pictures = pictures(sorted(wanted), _picture_name)
    kept = {_picture_name(row): row for row in FrozenPicture.objects.filter(key__in=wanted)}
    done = 0
    for drawn in flat:
        if drawn.is_here:
            row = rows[drawn.place.row.pk]
            links.update(story_links(row, lambda story: story.full_url(language)))
            _fill(drawn, row, links, shown_pictures, is_one_page)
            drawn.stories = [
                Named(story, story.full_url(language), story.printed(language))
                for story in stories_of(row)
            ]
            done += 1
            on_progress(done)
    cover = found.cover
    return Book(
        edition=edition,
        language=language,
        contents=found,
        introduction=shown(cover, links, shown_pictures) if cover else [],
        parts=parts,
        terms=_terms(found.glossary),
        pictures=kept,
    )


def _outline(place: Place, level: int) -> Drawn:
    """A part or chapter with what is below it, in the order of its first section."""
    drawn = Drawn(place, "", "", level)
    inner = [(line.number, line.key, _outline(line, level + 1)) for line in place.sections]
    for chapter in place.chapters:
        first = chapter.sections[0]
        inner.append((first.number, first.key, _outline(chapter, level + 1)))
    drawn.children = [child for *_order, child in sorted(inner, key=lambda entry: entry[:2])]
    return drawn


def _rows(flat: list[Drawn]) -> dict[int, EditionText]:
    wanted = [drawn.place.row.pk for drawn in flat if drawn.is_here]
    found: dict[int, EditionText] = {}
    for start in range(0, len(wanted), BATCH):
        rows = EditionText.objects.filter(pk__in=wanted[start : start + BATCH])
        found |= {row.pk: row for row in rows.select_related("text")}
    return found


def _fill(drawn: Drawn, row: EditionText, links, found, is_one_page: bool) -> None:
    drawn.summary = row.text.content.get("summary", "")
    drawn.steps = steps(row)
    drawn.paragraphs = shown(row, links, found)
    level = drawn.level
    for paragraph in drawn.paragraphs:
        if is_one_page:  # an anchor stands once in the file
            paragraph.anchor = f"{drawn.anchor}-{paragraph.anchor}"
        if paragraph.kind == "heading":
            # One step down at most: a document for all readers skips no level.
            wanted = drawn.level + paragraph.level - 1
            level = paragraph.level = min(wanted, level + 1, LOWEST)


def _picture_name(row: FrozenPicture) -> str:
    return f"pictures/{row.key}.{row.file.name.rpartition('.')[2]}"


def _terms(row: EditionText | None) -> list[dict]:
    """The glossary by the letters of its language, as far as code points tell."""
    if row is None:
        return []
    entries = [
        {"term": entry["term"], "definition": inline.render(entry["definition"])}
        for entry in row.text.content["terms"]
    ]
    return sorted(entries, key=lambda entry: entry["term"].casefold())


_VOID = re.compile(r"<(img|br|hr|meta|link|col)\b([^<>]*?)\s*/?>")


def as_xhtml(html: str) -> str:
    """The same with every empty element closed, as XML asks."""
    return _VOID.sub(r"<\1\2/>", html)


def fingerprint_words(edition: Edition) -> str:
    """The edition's digest as people compare it: groups of eight."""
    short = edition.digest[:32]
    return " ".join(short[n : n + 8] for n in range(0, len(short), 8))
