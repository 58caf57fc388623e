"""What the templates of the book's pages are given.

Functions take pages and import no model of this room, so that models may call
them. Query cost: each names its own. Lists never read a text.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.apps import apps
from django.core.cache import cache
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.images import get_image_model

from network.languages import codes, reading_order
from network.models import ProcessStep
from network.permissions import is_member
from network.registry import resolve_references, taught_in
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
    return {
        "part_key": part_key,
        "is_chapter": bool(chapter_key),
        "part": here,
        "parts": found.parts,
        "chapters": [chapter for chapter in inner if chapter.sections],
        "sections": [line for line in lines if chapter_key or line.chapter_key not in named],
        "introduction": _shown(request, page, "introduction", order),
        "original_url": original_url(request, page),
    }


def section(request, page) -> dict:
    """A section. Queries: the outline's, behind; stories, workshops and pictures where it
    has some."""
    order = languages_for(request, page.language)
    name = ("section", get_language(), tuple(order))
    frame = page.shared(request, name, lambda: _frame(request, page, order))
    # Stories stand in the text and below it: asked for once.
    told = _resolved(request, "case", frame.cases)
    links = frame.links | {f"case:{key}": reference.url for key, reference in told.items()}
    other = request.GET.get("beside", "")
    body = _drawn(request, page, frame.text, order, links, explains="")
    added = additions.of_section(request, page, frame.text.anchors, body.language)
    beside = _beside(request, page, other, body, added, order, links) if other else None
    stories = [told[key] for key in dict.fromkeys(page.cases) if key in told]
    taught = frame.taught
    return frame.shown | {
        "beside": beside,
        "text_language": body.language,
        "paragraphs": SimpleLazyObject(
            lambda: list(paragraphs.with_notes_beside(added.put(body.draw())))
        ),
        "body_key": body.key + added.key,
        "added": added,
        "stories": stories,
        "taught": taught,
        # Everything that stands between the site's head and its foot.
        "page_key": _key(
            *(frame.key, body.key, added.key, added.editions, request.user.is_authenticated),
            [(one.title, one.url, one.language) for one in (*stories, *taught)],
            len(stories),
        ),
    }


@dataclass(frozen=True)
class Frame:
    """What a section's page shows all readers of one order of languages alike."""

    shown: dict  # for the template
    text: "Text"
    links: dict[str, str]  # 'section:key' → address
    cases: list[str]  # stories below the text and in it
    taught: list  # workshops: the catalogue is everyone's
    key: str


def _frame(request, page, order: list[str]) -> Frame:
    text = _text(request, page, "body", *_text_of(page))
    book = outline(request)
    found = book.contents(order)
    here = found.by_part.get(page.part_key)
    chapters = here.chapters if here else []
    linked = [found.by_key[key] for key in text.keys("section") if key in found.by_key]
    languages = set(book.paths.get(page.translation_key, {}))
    key = nav_key(book, order, page.language, page.key)
    return Frame(
        shown={
            "beside_languages": [c for c in codes() if c in languages and c != page.language],
            "previous": found.neighbour(page.key, -1),
            "next": found.neighbour(page.key, +1),
            "part": here,
            "part_key": page.part_key,
            "chapter": next((one for one in chapters if one.key == page.chapter_key), None),
            "parts": found.parts,
            "chapters": [chapter for chapter in chapters if chapter.sections],
            "loose": here.sections if here else [],
            "nav_key": key,
            "original_url": original_url(request, page),
            "steps": [ProcessStep(step) for step in page.processes if step in ProcessStep.values],
            "practices": [
                PracticeElement(one) for one in page.elements if one in PracticeElement.values
            ],
        },
        text=text,
        links={f"section:{line.key}": address(line) for line in linked},
        taught=_taught(request, page),
        cases=list(dict.fromkeys([*page.cases, *sorted(text.keys("case"))])),
        key=_key(
            *(key, text.key, page.title, page.summary, page.number),
            *(page.processes, page.elements),
        ),
    )


def _key(*parts) -> str:
    """A short name of what something is drawn from."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


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
    text = other.shared(
        request, ("text", "body"), lambda: _text(request, other, "body", *_text_of(other))
    )
    # Most often both languages link to the same sections and stories.
    is_same = text.links <= set(links)
    body = _drawn(request, other, text, order, links if is_same else None, explains=language)
    theirs = additions.of_section(request, other, text.anchors, body.language)
    added.share_with(theirs, one.language, body.language)
    return {
        "page": other,
        "text_language": body.language,
        "added": theirs,
        "key": " ".join([one.key, body.key, added.key, theirs.key, get_language() or ""]),
        "rows": SimpleLazyObject(
            lambda: paragraphs.side_by_side(
                added.put(one.draw()), theirs.put(body.draw()), language
            )
        ),
    }


def original_url(request, page) -> str:
    """Where the English text of a translation is read; '' for a base text. No query.

    A text's address is the same in every language, but for the prefix.
    """
    if page.language in BASE_LANGUAGES:
        return ""
    return (page.get_url(request) or "").replace(f"/{page.language}/", "/en/", 1)


def _taught(request, page) -> list:
    """Workshops that the section names, and those that are taught with it; each once."""
    keys = [*page.workshops, *taught_in("section", page.key)]
    return list({one.url: one for one in _resolved(request, "workshop", keys).values()}.values())


def _resolved(request, kind: str, keys) -> dict:
    """Where keys of a kind lead. No query where there are none."""
    return resolve_references(request, kind, keys) if keys else {}


def _shown(request, page, name: str, order: list[str]) -> list:
    """The page's paragraphs with links, pictures and how far each is behind its original."""
    text = _text(request, page, name, getattr(page, name).raw_data, page.language)
    return _drawn(request, page, text, order).draw()


@dataclass(frozen=True)
class Text:
    """A text as it stands, for all readers: what drawing it takes, and what it names."""

    blocks: list[dict]
    states: dict[str, tuple]  # block id → how far behind
    language: str  # that it is read in
    links: frozenset[str]  # 'kind:key' of everything of ours
    images: list[int]
    anchors: list[str]
    key: str  # names all of it

    def keys(self, kind: str) -> set[str]:
        """What it links to of a kind: 'section', 'case', 'workshop'."""
        return {link.partition(":")[2] for link in self.links if link.startswith(f"{kind}:")}


def _text(request, page, name: str, blocks, written_in: str) -> Text:
    """A translation that has no words yet is the original's text as a whole, and says so once."""
    states: dict[str, tuple] = {}
    if page.language not in BASE_LANGUAGES:
        states = paragraphs.block_states(paragraphs_behind(page), name)
        if paragraphs.has_no_words(blocks, states):
            states, written_in = {}, SOURCE_LANGUAGE
    blocks = [dict(block) for block in blocks]
    return Text(
        blocks=blocks,
        states=states,
        language=written_in,
        links=frozenset(paragraphs.own_links(blocks)),
        images=paragraphs.image_ids(blocks),
        anchors=[paragraphs.anchor(block["id"]) for block in blocks],
        key=_key(written_in, page.url_path, blocks, sorted(states.items())),
    )


@dataclass(frozen=True)
class Drawn:
    """A text to draw: how, a key that names everything it is drawn from, and its language."""

    draw: Callable[[], list]
    key: str
    language: str


def _drawn(
    request, page, text: Text, order: list[str], links=None, *, explains: str | None = None
) -> Drawn:
    """The text is drawn once for all readers (the template keeps it under the key): any
    change of it, of an address or of a state is another key.

    `explains`: terms are explained in place; '' or what tells their ids from
    those of another text on the page.
    """
    links = links_of(request, text.links, order, links)
    shown = pictures(text.images)
    key = _key(
        text.key,
        sorted(links.items()),
        sorted((image, picture.url) for image, picture in shown.items()),
        "" if explains is None else [stamp(), explains],
    )

    def draw() -> list:
        explaining = None
        if explains is not None:
            explaining = Explaining(names_in(text.language), explains)
        return paragraphs.shown(
            text.blocks, links=links, states=text.states, pictures=shown, explaining=explaining
        )

    return Drawn(draw, key, text.language)


def links_of(request, leading: Iterable[str], order: list[str], known=None) -> dict[str, str]:
    """'kind:key' → address, of those that this person can read. A query a kind at most.

    `leading`: the 'kind:key' of everything of ours that a text leads to.
    `known`: those of sections and stories, where the caller has them already.
    """
    wanted: dict[str, list[str]] = {}
    for link in leading:
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
