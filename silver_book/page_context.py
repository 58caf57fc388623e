"""What the templates of the book's pages are given.

Functions take pages and import no model of this room, so that models may call
them. Query cost: each names its own. Lists never read a text.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.apps import apps
from django.core.cache import cache
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.images import get_image_model

from network.languages import codes, reading_order
from network.models import ProcessStep
from network.permissions import is_member
from network.registry import resolve_references
from silver_book import additions, paragraphs
from silver_book.blocks import PracticeElement
from silver_book.explaining import Explaining
from silver_book.outline import Outline, outline
from silver_book.permissions import BASE_LANGUAGES, SOURCE_LANGUAGE
from silver_book.queries import Line
from translations.aids.naming import names_in, stamp
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


def nav_key(book: Outline, order: list[str], *more: str) -> str:
    """Names what a drawn list of the contents depends on, for the template's cache."""
    return " ".join([book.stamp, get_language() or "", *order, *more])


def languages_for(request, own: str) -> list[str]:
    """Languages to show a title in, best first; all the others stand at the end."""
    order = reading_order(request.user, first=own)
    return [*order, *(code for code in codes() if code not in order)]


# --- pages ---------------------------------------------------------------------------
def cover(request, page) -> dict:
    """The cover with the whole table of contents. Queries: the outline's, a member's place."""
    order = languages_for(request, page.language)
    book = outline(request)
    found = book.contents(order).filled()
    return {
        "parts": found,
        "contents_key": nav_key(book, order),
        "introduction": paragraphs.shown(page.introduction.raw_data),
        "total": sum(
            len(part.sections) + sum(len(chapter.sections) for chapter in part.chapters)
            for part in found
        ),
        "left_off": left_off(request),
        "shown_language": page.language,
    }


def left_off(request) -> Line | None:
    """The section this member read last, in their best language. A query for a member."""
    if not is_member(request.user):
        return None
    place = (
        _model("ReadingPlace").objects.filter(user=request.user).values_list("section", flat=True)
    )
    section = place.first()
    if section is None:
        return None
    book = outline(request).contents(languages_for(request, None))
    return next((line for line in book.sections if line.translation_key == section), None)


def part(request, page, *, part_key: str, chapter_key: str) -> dict:
    """A part or a chapter: its words and its contents. Queries: the outline's, summaries."""
    order = languages_for(request, page.language)
    sections = _model("BookSectionPage").objects.filter(part_key=part_key)
    if chapter_key:
        sections = sections.filter(chapter_key=chapter_key)
    lines = sections.lines(order, "summary")
    book = outline(request)
    found = book.contents(order)
    here = found.by_part.get(part_key)
    # The contents' own lines have no summary.
    inner = [] if chapter_key or here is None else [replace(c, sections=[]) for c in here.chapters]
    for chapter in inner:
        chapter.sections = [line for line in lines if line.chapter_key == chapter.key]
    named = {chapter.key for chapter in inner}
    blocks = page.introduction.raw_data
    return {
        "part_key": part_key,
        "is_chapter": bool(chapter_key),
        "part": here,
        "parts": found.parts,
        "chapters": [chapter for chapter in inner if chapter.sections],
        "sections": [line for line in lines if chapter_key or line.chapter_key not in named],
        "introduction": _shown(request, page, "introduction", blocks, order),
        "original_url": original_url(request, page),
    }


def section(request, page) -> dict:
    """A section. Queries: the outline's, behind; stories, workshops and pictures where it
    has some."""
    order = languages_for(request, page.language)
    blocks, written_in = _text_of(page)
    book = outline(request)
    found = book.contents(order)
    languages = set(book.paths.get(page.translation_key, {}))
    here = found.by_part.get(page.part_key)
    chapters = here.chapters if here else []
    linked = [found.by_key[key] for key in _keys(blocks, "section") if key in found.by_key]
    links = {f"section:{line.key}": address(line) for line in linked}
    # Stories stand in the text and below it: asked for once.
    told = _resolved(request, "case", [*page.cases, *_keys(blocks, "case")])
    links |= {f"case:{key}": reference.url for key, reference in told.items()}
    other = request.GET.get("beside", "")
    body = _drawn(request, page, "body", blocks, order, links, written_in, explains=not other)
    added = additions.of_section(request, page, blocks, body.language)
    return {
        "beside": (
            _beside(request, page, other, body, added, order, links) if other in languages else None
        ),
        "text_language": body.language,
        "beside_languages": [c for c in codes() if c in languages and c != page.language],
        "previous": found.neighbour(page.key, -1),
        "next": found.neighbour(page.key, +1),
        "part": here,
        "part_key": page.part_key,
        "chapter": next((one for one in chapters if one.key == page.chapter_key), None),
        "parts": found.parts,
        "chapters": [chapter for chapter in chapters if chapter.sections],
        "loose": here.sections if here else [],
        "nav_key": nav_key(book, order, page.language, page.key),
        "paragraphs": SimpleLazyObject(
            lambda: list(paragraphs.with_notes_beside(added.put(body.draw())))
        ),
        "body_key": body.key + added.key,
        "added": added,
        "original_url": original_url(request, page),
        "stories": [told[key] for key in dict.fromkeys(page.cases) if key in told],
        "taught": list(_resolved(request, "workshop", page.workshops).values()),
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


def _beside(request, page, language: str, one: "Drawn", added, order, links) -> dict | None:
    """The text in another language, paragraph beside paragraph: drawn once, like a single text."""
    if language == page.language:
        return None
    pages = type(page).objects.filter(translation_key=page.translation_key, live=True)
    other = pages.select_related("locale").filter(locale__language_code=language).first()
    if other is None:
        return None
    blocks = other.body.raw_data
    # Most often both languages link to the same sections.
    is_same = paragraphs.own_links(blocks) <= set(links)
    body = _drawn(request, other, "body", blocks, order, links if is_same else None)
    return {
        "page": other,
        "text_language": body.language,
        "key": " ".join([one.key, body.key, added.key, get_language() or ""]),
        "rows": SimpleLazyObject(
            lambda: paragraphs.side_by_side(added.put(one.draw()), body.draw(), language)
        ),
    }


def original_url(request, page) -> str:
    """Where the English text of a translation is read; '' for a base text. No query.

    A text's address is the same in every language, but for the prefix.
    """
    if page.language in BASE_LANGUAGES:
        return ""
    return (page.get_url(request) or "").replace(f"/{page.language}/", "/en/", 1)


def _keys(blocks, kind: str) -> set[str]:
    """What a text links to of a kind: 'section', 'case', 'workshop'."""
    return {
        link.partition(":")[2]
        for link in paragraphs.own_links(blocks)
        if link.startswith(f"{kind}:")
    }


def _resolved(request, kind: str, keys) -> dict:
    """Where keys of a kind lead. No query where there are none."""
    return resolve_references(request, kind, keys) if keys else {}


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
    request, page, name: str, blocks, order: list[str], links=None, written_in="", explains=False
) -> Drawn:
    """The text is drawn once for all readers (the template keeps it under the key): any
    change of it, of an address or of a state is another key.

    A translation that has no words yet is the original's text as a whole, and
    says so once; `written_in` names the language where the caller knows.
    `explains`: terms are explained in place.
    """
    states, language = {}, written_in or page.language
    if page.language not in BASE_LANGUAGES:
        states = paragraphs.block_states(_behind(request, page), name)
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
        stamp() if explains else "",
    ]
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def draw() -> list:
        explaining = Explaining(names_in(language)) if explains else None
        return paragraphs.shown(
            blocks, links=links, states=states, pictures=shown, explaining=explaining
        )

    return Drawn(draw, key, language)


def _behind(request, page) -> dict:
    """How far each place is behind: what readers see of it changes with a publication."""
    key = f"paragraphs-behind-{page.pk}-{outline(request).stamp}"
    kept = cache.get(key)
    if kept is None:
        kept = paragraphs_behind(page)
        cache.set(key, kept, _KEPT_S)
    return kept


def links_of(request, blocks, order: list[str], known=None) -> dict[str, str]:
    """'kind:key' → address of everything of ours that a text leads to. A query a kind at most.

    `known`: those of sections and stories, where the caller has them already.
    """
    wanted: dict[str, list[str]] = {}
    for link in paragraphs.own_links(blocks):
        kind, _colon, key = link.partition(":")
        wanted.setdefault(kind, []).append(key)
    if known is not None:
        found = dict(known)
        wanted.pop("section", None)
        wanted.pop("case", None)
    else:
        found = {}
    if keys := wanted.pop("section", None):
        lines = outline(request).contents(order).by_key
        found = {f"section:{key}": address(lines[key]) for key in keys if key in lines}
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
