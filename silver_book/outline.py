"""The book's contents in every language, kept in memory while they stay as they are.

A row of one word (`BookStamp`) changes with every publication; who reads it
and finds another word reads the contents anew. Asking costs one query, and
four more after a change. 2,000 sections in twelve languages take some 15 MB.
"""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps

from silver_book.queries import LINE, Line, best_of

# A large book that is being taken in changes many times a second: who reads
# meanwhile has the contents of a moment ago.
_SLOW_S, _REST = 0.1, 3
# What is made of the contents once for all readers: how many things, and for how
# long, since what stands at a paragraph may change without a publication.
_SHARED_MOST, _SHARED_S = 2000, 60


@dataclass
class Place:
    """A part or chapter in the contents. Shared by all who read: never changed."""

    key: str
    number: int
    title: str
    url_path: str
    language: str
    sections: list[Line] = field(default_factory=list)
    chapters: list["Place"] = field(default_factory=list)

    @property
    def first(self) -> Line | None:
        """The section one comes to first."""
        lines = self.sections + [line for ch in self.chapters for line in ch.sections]
        return min(lines, key=lambda line: line.number, default=None)


@dataclass
class Contents:
    """The contents for one order of languages: each text in the first that it exists in."""

    parts: list[Place]  # all of them, also those without sections
    sections: list[Line]  # by number
    by_key: dict[str, Line]
    by_part: dict[str, Place]
    _place: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        self._place = {line.key: at for at, line in enumerate(self.sections)}

    def neighbour(self, key: str, step: int) -> Line | None:
        """The section before (-1) or after (+1)."""
        at = self._place.get(key)
        if at is None or not 0 <= at + step < len(self.sections):
            return None
        return self.sections[at + step]

    def filled(self) -> list[Place]:
        """The parts that hold something."""
        return [part for part in self.parts if part.first]


class Outline:
    """Every live text's line in every language."""

    def __init__(self, stamp: str):
        self.stamp = stamp
        self._orders: dict[tuple[str, ...], Contents] = {}
        self._shared: dict[tuple, tuple[float, object]] = {}
        sections = _live("BookSectionPage").values_list(*LINE, "locale__language_code")
        self.sections = [Line(*row) for row in sections]
        chapters = _live("BookChapterPage").values_list(
            "key", "number", "part_key", "title", "url_path", "translation_key", _LANGUAGE
        )
        self.chapters = [Line(k, n, part, k, *rest) for k, n, part, *rest in chapters]
        parts = _live("BookPartPage").values_list(
            "key", "number", "title", "url_path", "translation_key", _LANGUAGE
        )
        self.parts = [Line(k, n, k, "", *rest) for k, n, *rest in parts]
        # Most sections have no local text: nobody asks for those.
        local = apps.get_model("silver_book", "LocalText").objects.filter(removed_at=None)
        self.with_local_text = set(local.values_list("section", flat=True))
        self.paths: dict[object, dict[str, str]] = {}
        for line in (*self.parts, *self.chapters, *self.sections):
            self.paths.setdefault(line.translation_key, {})[line.language] = line.url_path

    def contents(self, order: list[str]) -> Contents:
        """For languages, best first. Made once for each order."""
        key = tuple(order)
        found = self._orders.get(key)
        if found is None:
            found = self._made(order)
            if len(self._orders) > 100:
                self._orders.clear()
            self._orders[key] = found
        return found

    def shared(self, name: tuple, make: Callable):
        """What `make` gives, made once for all readers until a publication, or for a minute."""
        now = time.monotonic()
        held = self._shared.get(name)
        if held is not None and held[0] > now:
            return held[1]
        made = make()
        if len(self._shared) >= _SHARED_MOST:
            self._shared.clear()
        self._shared[name] = (now + _SHARED_S, made)
        return made

    def _made(self, order: list[str]) -> Contents:
        sections = best_of([x for x in self.sections if x.language in order], order)
        parts = [
            _place(line) for line in best_of([x for x in self.parts if x.language in order], order)
        ]
        by_part = {part.key: part for part in parts}
        chapters: dict[tuple[str, str], Place] = {}
        of_part: dict[str, list[Line]] = {}
        for line in self.chapters:
            if line.language in order:
                of_part.setdefault(line.part_key, []).append(line)
        for part_key, lines in of_part.items():
            for line in best_of(lines, order):
                if part_key in by_part:
                    chapters[part_key, line.key] = made = _place(line)
                    by_part[part_key].chapters.append(made)
        for line in sections:
            holder = chapters.get((line.part_key, line.chapter_key)) or by_part.get(line.part_key)
            if holder is not None:
                holder.sections.append(line)
        return Contents(parts, sections, {line.key: line for line in sections}, by_part)


_LANGUAGE = "locale__language_code"


def _live(name: str):
    return apps.get_model("silver_book", name).objects.filter(live=True).order_by()


def _place(line: Line) -> Place:
    return Place(line.key, line.number, line.title, line.url_path, line.language)


# --- kept ----------------------------------------------------------------------------
_lock = threading.Lock()
_kept: tuple[Outline, float, float] | None = None  # outline, when it was read, how long it took


def outline(request=None) -> Outline:
    """The contents as they are now. One query a request, four more after a change."""
    held = getattr(request, "_book_outline", None)
    if held is None:
        held = _current()
        if request is not None:
            request._book_outline = held
    return held


def _current() -> Outline:
    global _kept
    stamp = apps.get_model("silver_book", "BookStamp").current()
    kept = _kept
    if kept is not None and stamp:
        found, read_at, took = kept
        if found.stamp == stamp:
            return found
        if took > _SLOW_S and time.monotonic() - read_at < took * _REST:
            return found
    with _lock:
        kept = _kept
        if kept is not None and stamp and kept[0].stamp == stamp:
            return kept[0]
        begin = time.monotonic()
        found = Outline(stamp or uuid.uuid4().hex)
        end = time.monotonic()
        _kept = (found, end, end - begin)
    return found
