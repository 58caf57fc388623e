"""What the templates of the book's pages are given.

Functions take pages and import no model of this room, so that models may call
them. Query cost: each names its own. Lists never read a text.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.core.cache import cache
from django.db.models import Q
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.images import get_image_model

from network.languages import codes, reading_order
from network.models import ProcessStep
from network.permissions import is_member
from network.registry import resolve_references
from silver_book import additions, paragraphs
from silver_book.blocks import PracticeElement
from silver_book.permissions import BASE_LANGUAGES, SOURCE_LANGUAGE
from silver_book.queries import Line, best_of
from translations.api import paragraphs_behind

PICTURE_SPEC = "width-960"
HAS_CONTENT = "silver-book-has-content"
_KEPT_S = 60


def _model(name: str):
    return apps.get_model("silver_book", name)


def has_content() -> bool:
    """Whether any section can be read. A query a minute at most."""
    kept = cache.get(HAS_CONTENT)
    if kept is None:
        kept = _model("BookSectionPage").objects.filter(live=True).exists()
        cache.set(HAS_CONTENT, kept, _KEPT_S)
    return kept


def languages_for(request, own: str) -> list[str]:
    """Languages to show a title in, best first; all the others stand at the end."""
    order = reading_order(request.user, first=own)
    return [*order, *(code for code in codes() if code not in order)]


@dataclass
class Place:
    """A part or chapter in the contents."""

    key: str
    number: int
    title: str
    url_path: str
    language: str
    sections: list[Line] = field(default_factory=list)
    chapters: list["Place"] = field(default_factory=list)
    is_here: bool = False

    @property
    def first(self) -> Line | None:
        """The section one comes to first."""
        lines = self.sections + [line for ch in self.chapters for line in ch.sections]
        return min(lines, key=lambda line: line.number, default=None)


def parts(order: list[str]) -> list[Place]:
    """The parts in the best language there is. One query."""
    rows = _model("BookPartPage").objects.filter(live=True, locale__language_code__in=order)
    return _places(rows, order)


def chapters(order: list[str], **where) -> list[tuple[str, Place]]:
    """(key of the part, chapter) likewise. One query."""
    rows = _model("BookChapterPage").objects.filter(
        live=True, locale__language_code__in=order, **where
    )
    part_of = {}
    found = rows.values_list(
        "key", "number", "title", "url_path", "locale__language_code", "part_key"
    )
    lines = []
    for *values, part_key in found:
        part_of[(part_key, values[0])] = part_key
        lines.append(Line(*_line(values), part_key))
    by_part: dict[str, list[Line]] = {}
    for line in lines:
        by_part.setdefault(line.summary, []).append(line)
    return [
        (part_key, _place(line))
        for part_key, mine in by_part.items()
        for line in best_of(mine, order)
    ]


def _line(values) -> tuple:
    key, number, title, url_path, language = values
    return (key, number, "", "", title, url_path, None, language)


def _place(line: Line) -> Place:
    return Place(line.key, line.number, line.title, line.url_path, line.language)


def _places(rows, order: list[str]) -> list[Place]:
    found = rows.values_list("key", "number", "title", "url_path", "locale__language_code")
    return [_place(line) for line in best_of([Line(*_line(values)) for values in found], order)]


def contents(order: list[str]) -> list[Place]:
    """The whole book: parts, chapters, sections. Three queries for any number of them."""
    sections = _model("BookSectionPage").objects.lines(order)
    found = {part.key: part for part in parts(order)}
    by_chapter: dict[tuple[str, str], Place] = {}
    for part_key, chapter in chapters(order):
        if part_key in found:
            found[part_key].chapters.append(chapter)
            by_chapter[part_key, chapter.key] = chapter
    for line in sections:
        holder = by_chapter.get((line.part_key, line.chapter_key)) or found.get(line.part_key)
        if holder is not None:
            holder.sections.append(line)
    return [part for part in found.values() if part.first]


# --- pages ---------------------------------------------------------------------------
def cover(request, page) -> dict:
    """The cover with the whole table of contents. Queries: three, and a member's place."""
    order = languages_for(request, page.language)
    found = contents(order)
    return {
        "parts": found,
        "introduction": paragraphs.shown(page.introduction.raw_data),
        "total": sum(
            len(part.sections) + sum(len(chapter.sections) for chapter in part.chapters)
            for part in found
        ),
        "left_off": left_off(request),
        "shown_language": page.language,
    }


def left_off(request) -> Line | None:
    """The section this member read last, in their best language. Two queries."""
    if not is_member(request.user):
        return None
    place = (
        _model("ReadingPlace").objects.filter(user=request.user).values_list("section", flat=True)
    )
    section = place.first()
    if section is None:
        return None
    order = languages_for(request, None)
    lines = _model("BookSectionPage").objects.filter(translation_key=section).lines(order)
    return lines[0] if lines else None


def part(request, page, *, part_key: str, chapter_key: str) -> dict:
    """A part or a chapter: its words and its contents. Queries: parts, chapters, sections."""
    order = languages_for(request, page.language)
    sections = _model("BookSectionPage").objects.filter(part_key=part_key)
    if chapter_key:
        sections = sections.filter(chapter_key=chapter_key)
    lines = sections.lines(order, "summary")
    inner = [] if chapter_key else [c for _key, c in chapters(order, part_key=part_key)]
    for chapter in inner:
        chapter.sections = [line for line in lines if line.chapter_key == chapter.key]
    named = {chapter.key for chapter in inner}
    blocks = page.introduction.raw_data
    outline = parts(order)
    for place in outline:
        place.is_here = place.key == part_key
    return {
        "part_key": part_key,
        "is_chapter": bool(chapter_key),
        "part": next((place for place in outline if place.key == part_key), None),
        "parts": outline,
        "chapters": [chapter for chapter in inner if chapter.sections],
        "sections": [line for line in lines if chapter_key or line.chapter_key not in named],
        "introduction": _shown(request, page, "introduction", blocks, order),
        "original_url": original_url(request, page),
    }


def section(request, page) -> dict:
    """A section. Queries: parts, chapters and sections of its part, behind, neighbours at an
    edge; links, stories, workshops and pictures where it has some."""
    order = languages_for(request, page.language)
    blocks, written_in = _text_of(page)
    sections = _model("BookSectionPage").objects
    linked = _section_keys(blocks)
    near = sections.filter(
        Q(part_key=page.part_key)
        | Q(number__in=[page.number - 1, page.number + 1])
        | Q(key__in=linked)
    ).all_lines(order)
    languages = {line.language for line in near if line.key == page.key}
    near = best_of(near, order)
    lines = [line for line in near if line.part_key == page.part_key]
    places = chapters(order, part_key=page.part_key) if any(x.chapter_key for x in lines) else []
    inner = [chapter for _key, chapter in places]
    for chapter in inner:
        chapter.sections = [line for line in lines if line.chapter_key == chapter.key]
        chapter.is_here = chapter.key == page.chapter_key
    outline = parts(order)
    for place in outline:
        place.is_here = place.key == page.part_key
    named = {chapter.key for chapter in inner}
    links = {f"section:{line.key}": address(line) for line in near if line.key in linked}
    other = request.GET.get("beside", "")
    body = _drawn(request, page, "body", blocks, order, links, written_in)
    added = additions.of_section(request, page, blocks, body.language)
    return {
        "beside": (
            _beside(request, page, other, added.put(body.draw()), order, links)
            if other in languages
            else None
        ),
        "text_language": body.language,
        "beside_languages": [c for c in codes() if c in languages and c != page.language],
        "previous": _neighbour(sections, order, near, page, -1),
        "next": _neighbour(sections, order, near, page, +1),
        "part": next((place for place in outline if place.is_here), None),
        "chapter": next((chapter for chapter in inner if chapter.is_here), None),
        "parts": outline,
        "chapters": [chapter for chapter in inner if chapter.sections],
        "loose": [line for line in lines if line.chapter_key not in named],
        "paragraphs": SimpleLazyObject(
            lambda: list(paragraphs.with_notes_beside(added.put(body.draw())))
        ),
        "body_key": body.key + added.key,
        "added": added,
        "original_url": original_url(request, page),
        "stories": list(resolve_references(request, "case", page.cases).values()),
        "taught": list(resolve_references(request, "workshop", page.workshops).values()),
        "steps": [ProcessStep(step) for step in page.processes if step in ProcessStep.values],
        "practices": [
            PracticeElement(one) for one in page.elements if one in PracticeElement.values
        ],
    }


def _text_of(page) -> tuple:
    """A section's raw blocks, and the language they are written in.

    A base text that has a title and no text yet shows the other base text's:
    two queries more, only then.
    """
    blocks = page.body.raw_data
    if len(blocks) or page.language not in BASE_LANGUAGES:
        return blocks, page.language
    twins = type(page).objects.filter(translation_key=page.translation_key, live=True)
    for twin in twins.filter(locale__language_code__in=BASE_LANGUAGES).select_related("locale"):
        if len(twin.body.raw_data):
            return twin.body.raw_data, twin.language
    return blocks, page.language


def _beside(request, page, language: str, text: list, order: list[str], links) -> dict | None:
    """The text in another language, paragraph beside paragraph. The page and what it shows."""
    if language == page.language:
        return None
    pages = type(page).objects.filter(translation_key=page.translation_key, live=True)
    other = pages.select_related("locale").filter(locale__language_code=language).first()
    if other is None:
        return None
    blocks = other.body.raw_data
    # Most often both languages link to the same sections.
    is_same = {f"section:{key}" for key in _section_keys(blocks)} <= set(links)
    body = _drawn(request, other, "body", blocks, order, links if is_same else None)
    return {
        "page": other,
        "text_language": body.language,
        "rows": paragraphs.side_by_side(text, body.draw(), language),
    }


def original_url(request, page) -> str:
    """Where the English text of a translation is read; '' for a base text. No query.

    A text's address is the same in every language, but for the prefix.
    """
    if page.language in BASE_LANGUAGES:
        return ""
    return (page.get_url(request) or "").replace(f"/{page.language}/", "/en/", 1)


def _section_keys(blocks) -> set[str]:
    """The sections that a text links to."""
    links = paragraphs.own_links(blocks)
    return {link.partition(":")[2] for link in links if link.startswith("section:")}


def _neighbour(sections, order: list[str], near: list[Line], page, step: int) -> Line | None:
    """The section before (-1) or after (+1). A query only where the numbers have a gap."""
    found = [line for line in near if (line.number - page.number) * step > 0]
    best = min(found, key=lambda line: abs(line.number - page.number), default=None)
    if best is not None and best.number == page.number + step:
        return best
    if step < 0 and page.number <= 1:
        return None
    if step < 0:
        rows = sections.filter(number__lt=page.number).order_by("-number")
    else:
        rows = sections.filter(number__gt=page.number).order_by("number")
    lines = rows.lines(order, limit=len(order))
    return min(lines, key=lambda line: abs(line.number - page.number), default=None)


def _shown(request, page, name: str, blocks, order: list[str], links=None) -> list:
    """The page's paragraphs with links, pictures and how far each is behind its original."""
    return _drawn(request, page, name, blocks, order, links).draw()


@dataclass(frozen=True)
class Drawn:
    """A text to draw: how, a key that names everything it is drawn from, and its language."""

    draw: Callable[[], list]
    key: str
    language: str


def _drawn(
    request, page, name: str, blocks, order: list[str], links=None, written_in: str = ""
) -> Drawn:
    """The text is drawn once for all readers (the template keeps it under the key): any
    change of it, of an address or of a state is another key.

    A translation that has no words yet is the original's text as a whole, and
    says so once; `written_in` names the language where the caller knows.
    """
    states, language = {}, written_in or page.language
    if page.language not in BASE_LANGUAGES:
        states = paragraphs.block_states(paragraphs_behind(page), name)
        if paragraphs.has_no_words(blocks, states):
            states, language = {}, SOURCE_LANGUAGE
    links = links_of(request, blocks, order, links)
    shown = pictures(paragraphs.image_ids(blocks))
    parts = [
        language,
        page.url_path,
        json.dumps([dict(block) for block in blocks]),
        repr(sorted(links.items())),
        repr(sorted(states.items())),
        repr(sorted((key, picture.url) for key, picture in shown.items())),
    ]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def draw() -> list:
        return paragraphs.shown(blocks, links=links, states=states, pictures=shown)

    return Drawn(draw, key, language)


def links_of(request, blocks, order: list[str], known=None) -> dict[str, str]:
    """'kind:key' → address of everything of ours that a text leads to. A query a kind at most.

    `known`: those of sections, where the caller has them already.
    """
    wanted: dict[str, list[str]] = {}
    for link in paragraphs.own_links(blocks):
        kind, _colon, key = link.partition(":")
        wanted.setdefault(kind, []).append(key)
    found = dict(known or {})
    keys = wanted.pop("section", None)
    if keys and known is None:
        lines = _model("BookSectionPage").objects.filter(key__in=keys).lines(order)
        found = {f"section:{line.key}": address(line) for line in lines}
    for kind, keys in wanted.items():
        for key, reference in resolve_references(request, kind, keys).items():
            found[f"{kind}:{key}"] = reference.url
    return found


def address(line) -> str:
    """A line's address under the reader's own prefix: a missing language is answered there."""
    home, _slash, rest = line.url_path.lstrip("/").partition("/")
    return f"/{get_language() or home.removeprefix('home-')}/{rest}"


def pictures(keys: list[int]) -> dict[int, object]:
    """Image id → rendition; two queries however many, none without pictures."""
    if not keys:
        return {}
    images = get_image_model().objects.filter(pk__in=keys).prefetch_renditions(PICTURE_SPEC)
    return {image.pk: image.get_rendition(PICTURE_SPEC) for image in images}
