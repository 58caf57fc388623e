"""What changed since a reviewer last judged: item by item, part by part."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from review.difference import difference
from review.models import Decision, Review, WorkingTranslation
from review.registry import Item, Part

_JUDGED = (Decision.REQUEST_CHANGES, Decision.APPROVE)


@dataclass
class ShownItem:
    """An item with what is said about it. `runs` is empty where nothing changed."""

    item: Item
    runs: list[tuple[str, str]] = field(default_factory=list)
    is_gone: bool = False
    notes: list = field(default_factory=list)
    working: object = None  # a WorkingTranslation in the reviewer's language
    number: int = 0  # of the first note here, in reading order


@dataclass
class ShownPart:
    """A part with its items."""

    part: Part
    items: list[ShownItem]


def last_judged_revision(obj, step: str, now):
    """The revision judged last at this step, voided or not; None where it is the present one."""
    review = (
        Review.objects.of(obj)
        .filter(step=step, decision__in=_JUDGED, revision__isnull=False)
        .select_related("revision")
        .order_by("-decided_at", "-pk")
        .first()
    )
    if review is None or now is None or review.revision_id == now.pk:
        return None
    return review.revision


def compare(before: Iterable[Part] | None, after: Iterable[Part]) -> list[ShownPart]:
    """The parts as they are, with what changed; parts of the same order and titles.

    An item is found again by its anchor, else by its words, else by its place
    among those that were not found: a form may have given it a new id.
    """
    after = list(after)
    if before is None:
        return [ShownPart(part, [ShownItem(item) for item in part.items]) for part in after]
    old_parts = {str(part.title): part for part in before}
    return [_compare_part(old_parts.get(str(part.title)), part) for part in after]


def _compare_part(old: Part | None, new: Part) -> ShownPart:
    left = list(old.items) if old else []
    found: dict[int, Item] = {}
    for same in (_same_anchor, _same_text, _same_kind):
        for place, item in enumerate(new.items):
            if place in found:
                continue
            match = next((candidate for candidate in left if same(candidate, item)), None)
            if match is not None:
                left.remove(match)
                found[place] = match
    shown = []
    for place, item in enumerate(new.items):
        former = found.get(place)
        runs = difference(former.text if former else "", item.text)
        changed = any(verb for verb, _text in runs)
        shown.append(ShownItem(item, runs if changed else []))
    shown += [ShownItem(item, [("del", item.text)], is_gone=True) for item in left]
    return ShownPart(new, shown)


def _same_anchor(old: Item, new: Item) -> bool:
    return old.anchor == new.anchor


def _same_text(old: Item, new: Item) -> bool:
    return old.text == new.text and old.template == new.template


def _same_kind(old: Item, new: Item) -> bool:
    return old.template == new.template and old.label == new.label


def source_hash(text: str) -> str:
    """Identifies the text a working translation was made from."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


@dataclass
class Thread:
    """A note with its answers, and both in the reader's language where somebody put them so."""

    note: object
    answers: list = field(default_factory=list)
    number: int = 0


def threads(notes: Iterable, translations: dict | None = None) -> dict[str, list[Thread]]:
    """Anchor → its threads, oldest first. `translations` are those of `translations_for`."""
    translations = translations or {}
    by_note: dict[int, Thread] = {}
    found: dict[str, list[Thread]] = {}
    for note in notes:
        note.working = translations.get(f"note:{note.pk}")
        if note.working is not None:
            note.working.is_stale = note.working.source_hash != source_hash(note.text)
        if note.in_reply_to_id is None:
            by_note[note.pk] = Thread(note)
            found.setdefault(note.anchor, []).append(by_note[note.pk])
        elif note.in_reply_to_id in by_note:
            by_note[note.in_reply_to_id].answers.append(note)
    return found


def translations_for(obj, user) -> dict[str, WorkingTranslation]:
    """Anchor → the working translation in the first language this person reads. One query."""
    order = {code: place for place, code in enumerate(user.reading_languages)}
    found: dict[str, WorkingTranslation] = {}
    rows = WorkingTranslation.objects.of(obj).filter(language__in=order).select_related("by")
    for row in sorted(rows, key=lambda row: -order[row.language]):
        found[row.anchor] = row
    return found


def place_notes(
    parts: list[ShownPart], by_anchor: dict[str, list[Thread]], translations: dict
) -> list[Thread]:
    """Put threads and working translations beside their items; numbers in reading order.

    Returns the threads that stand beside nothing: on the whole, or on a text that is gone.
    """
    number, left = 0, dict(by_anchor)
    for part in parts:
        for shown in part.items:
            shown.working = translations.get(shown.item.anchor)
            if shown.working is not None:
                made_from = shown.working.source_hash
                shown.working.is_stale = made_from != source_hash(shown.item.source)
            if shown.is_gone:
                continue
            shown.notes = left.pop(shown.item.anchor, [])
            for thread in shown.notes:
                number += 1
                thread.number = number
    rest = [thread for threads_here in left.values() for thread in threads_here]
    return sorted(rest, key=lambda thread: thread.note.pk)
