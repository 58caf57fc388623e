"""What stands at the paragraphs of a section beside the standard text.

Takes pages and imports no model of this room. The text is drawn once for all
readers and kept; `Additions.key` names what differs.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.urls import reverse
from django.utils.safestring import SafeString

from network.languages import reading_order
from network.permissions import is_member, region_scopes
from review.api import Asked, Mark, marks_by_place, marks_on, questions_on
from silver_book import inline
from silver_book.outline import outline
from silver_book.paragraphs import Shown, anchor
from silver_book.permissions import BASE_LANGUAGES, writes_locally

FLAGGED_AS = "section"
STANDARD_ONLY = "none"


@dataclass(frozen=True)
class Local:
    """A region's note to a paragraph, or its version of it, as it is shown."""

    pk: int
    place: str
    kind: str
    language: str
    paragraphs: tuple[SafeString, ...]
    by: str
    changed_at: datetime.datetime
    review_since: datetime.datetime | None


@dataclass(frozen=True)
class Edition:
    """A region's local edition, where this section has something of it."""

    code: str  # as in an address
    name: str
    is_shown: bool


@dataclass
class Additions:
    """Readers' marks and local texts, by the paragraph's anchor."""

    flag_url: str
    flags_url: str
    marks: Mapping[str, list[Mark]] = field(default_factory=dict)
    whole: list[Mark] = field(default_factory=list)  # marks at no paragraph of this text
    local: dict[str, list[Local]] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)
    asked: Asked | None = None  # questions and answers, at the foot
    write_url: str = ""  # for a campaigner; a paragraph's anchor and '/' are put after it

    @property
    def key(self) -> str:
        """Changes with anything of it that is drawn in the text."""
        drawn = [self.flag_url, self.write_url, self.whole, sorted(self.marks.items())]
        drawn.append(sorted(self.local.items()))
        return hashlib.blake2b(repr(drawn).encode(), digest_size=8).hexdigest()

    @property
    def shown_editions(self) -> list[Edition]:
        """Those whose texts stand in the page."""
        return [edition for edition in self.editions if edition.is_shown]

    def share_with(self, other: "Additions", language: str, other_language: str) -> None:
        """Two languages of a text side by side: each thing stands once.

        A mark stands where it was seen, and one that was seen in neither on
        this side; a local text on the other side is one in its language.
        """
        self._drop(lambda mark: mark.elsewhere == other_language)
        here = {mark.pk for marks in (self.whole, *self.marks.values()) for mark in marks}
        other._drop(lambda mark: mark.pk in here or mark.elsewhere == language)
        told = {one.pk for rows in self.local.values() for one in rows}
        other.local = {
            place: [one for one in rows if one.language == other_language and one.pk not in told]
            for place, rows in other.local.items()
        }

    def _drop(self, is_dropped: Callable[[Mark], bool]) -> None:
        self.whole = [mark for mark in self.whole if not is_dropped(mark)]
        self.marks = {
            place: [mark for mark in marks if not is_dropped(mark)]
            for place, marks in self.marks.items()
        }

    def put(self, shown: list[Shown]) -> list[Shown]:
        """Give each paragraph what stands at it."""
        for paragraph in shown:
            paragraph.marks = self.marks.get(paragraph.anchor, [])
            paragraph.local = self.local.get(paragraph.anchor, [])
        return shown


def of_section(request, page, anchors: Iterable[str], language: str) -> Additions:
    """What this reader finds at the paragraphs (`anchors`) of a text in `language`.

    Two queries for a member, none for a visitor.
    """
    key = str(page.translation_key)
    own = f"?in={language}"
    marks = marks_on(FLAGGED_AS, key, languages_marked(language), request.user)
    placed, whole = marks_by_place(marks, anchors)
    found = Additions(
        flag_url=reverse("flag_raise", args=[FLAGGED_AS, key]) + own,
        flags_url=reverse("flags_about", args=[FLAGGED_AS, key]) + own,
        marks=placed,
        whole=whole,
    )
    if is_member(request.user):
        found.asked = questions_on(FLAGGED_AS, key, language, request.user)
        _add_local(found, request, page, language)
        if writes_locally(request.user):
            address = reverse("local_write", args=[page.translation_key, "-"])
            found.write_url = address.removesuffix("-/")
    return found


def _add_local(found: Additions, request, page, language: str) -> None:
    """The reader's own region's texts, or those of the region asked for. One query where the
    section has any."""
    if page.translation_key not in outline(request).with_local_text:
        return
    texts = apps.get_model("silver_book", "LocalText").objects.visible_to(request.user)
    rows = list(texts.filter(section=page.translation_key).with_places())
    if not rows:
        return
    own = region_scopes(request.user)
    places = {row.scope_code: row for row in rows}
    asked = request.GET.get("local", "")
    if asked in places:
        wanted = {asked}
    elif asked == STANDARD_ONLY:
        wanted = set()
    else:
        wanted = {code for code, row in places.items() if row.scope in own}
    found.editions = sorted(
        (Edition(code, row.place.name, code in wanted) for code, row in places.items()),
        key=lambda edition: (places[edition.code].scope not in own, edition.name),
    )
    chosen = [row for row in rows if row.scope_code in wanted]
    order = reading_order(request.user, first=language)
    for row in best_language(chosen, order):
        found.local.setdefault(anchor(row.block_id), []).append(shown_local(row))


def best_language(rows: Iterable, order: list[str]) -> list:
    """Of a region's text in several languages, the one that this reader reads best."""
    best: dict[tuple, object] = {}
    for row in rows:
        key = (row.block_id, row.scope, row.kind)
        held = best.get(key)
        if held is None or _rank(row, order) < _rank(held, order):
            best[key] = row
    return list(best.values())


def _rank(row, order: list[str]) -> int:
    return order.index(row.language) if row.language in order else len(order)


def shown_local(row) -> Local:
    """A local text, ready to be drawn."""
    parts = [part for part in row.text.split("\n\n") if part.strip()]
    return Local(
        pk=row.pk,
        place=row.place.name,
        kind=row.kind,
        language=row.language,
        paragraphs=tuple(inline.render(part) for part in parts),
        by=row.by.display_name,
        changed_at=row.changed_at,
        review_since=row.review_since,
    )


def languages_marked(language: str) -> list[str]:
    """The languages whose defects a text shares: its own, and what it is translated from."""
    return [language] if language in BASE_LANGUAGES else [language, "en"]
