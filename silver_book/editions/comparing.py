"""What is new, changed and gone between two states of the book."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from silver_book.editions.collecting import Collected, Taken
from silver_book.models import Edition, EditionText, FrozenText, TextKind
from silver_book.text_changes import CHANGED, GONE, NEW, Change, between_contents

# In the order of the book; a glossary is compared term by term.
_ORDER = {kind: rank for rank, kind in enumerate(TextKind.values)}


@dataclass(frozen=True)
class Held:
    """A text of one state: its place's title and number, and the hash of its words."""

    title: str
    number: int
    digest: str


@dataclass
class TextChange:
    """A text that is new, changed or gone; `changes` is filled by `with_changes`."""

    kind: str  # of text: TextKind
    key: str
    state: str  # NEW, CHANGED or GONE
    number: int
    title: str
    old: str  # digests; '' where there is none
    new: str
    changes: list[Change] = field(default_factory=list)

    @property
    def is_section(self) -> bool:
        return self.kind == TextKind.SECTION


Place = tuple[str, str, str]  # kind, part's key, key


def held_by(edition: Edition | None, language: str | None = None) -> dict[str, dict[Place, Held]]:
    """Language → place → text of an edition. One query; nothing for no edition."""
    found: dict[str, dict[Place, Held]] = {}
    if edition is None:
        return found
    rows = EditionText.objects.filter(edition=edition)
    if language:
        rows = rows.filter(language=language)
    for code, kind, part, key, number, title, digest in rows.values_list(
        "language", "kind", "part_key", "key", "number", "title", "text__digest"
    ):
        found.setdefault(code, {})[kind, part, key] = Held(title, number, digest)
    return found


def held_now(texts: Iterable[Taken]) -> dict[str, dict[Place, Held]]:
    """The same of what is live."""
    found: dict[str, dict[Place, Held]] = {}
    for text in texts:
        place = (text.kind, text.part_key, text.key)
        held = Held(text.title, text.number, text.digest)
        found.setdefault(text.language, {})[place] = held
    return found


def text_changes(old: dict[Place, Held], new: dict[Place, Held]) -> list[TextChange]:
    """What became of each text, in the book's order."""
    found = []
    for place in old.keys() | new.keys():
        before, after = old.get(place), new.get(place)
        if before and after and before.digest == after.digest:
            continue
        state = CHANGED if before and after else NEW if after else GONE
        shown = after or before
        found.append(
            TextChange(
                kind=place[0],
                key=place[2],
                state=state,
                number=shown.number,
                title=shown.title,
                old=before.digest if before else "",
                new=after.digest if after else "",
            )
        )
    return sorted(found, key=lambda change: (_ORDER[change.kind], change.number, change.key))


def with_changes(found: list[TextChange], live: Collected | None = None) -> list[TextChange]:
    """Fill in the paragraphs of texts that changed; new and gone ones stand whole elsewhere.

    `live`: where the new words are not frozen yet. One query.
    """
    changed = [change for change in found if change.state == CHANGED]
    wanted = {digest for change in changed for digest in (change.old, change.new)}
    contents = dict(FrozenText.objects.filter(digest__in=wanted).values_list("digest", "content"))
    if live is not None:
        contents |= {text.digest: text.content for text in live.texts if text.digest in wanted}
    for change in changed:
        old, new = as_blocks(contents[change.old]), as_blocks(contents[change.new])
        change.changes = between_contents(old, new, as_read=True)
    return found


def as_blocks(content: dict) -> dict:
    """A glossary as a text whose paragraphs are its terms; any other text as it is."""
    if "terms" not in content:
        return content
    blocks = [
        {
            "id": entry["key"],
            "type": "paragraph",
            "value": f"{entry['term']}: {entry['definition']}",
        }
        for entry in content["terms"]
    ]
    return {"blocks": blocks}


def summary(collected: Collected, previous: Edition | None) -> dict[str, dict[str, int]]:
    """Language → the numbers that `Edition.languages` keeps. One query."""
    old = held_by(previous)
    new = held_now(collected.texts)
    every = {text.key for text in collected.texts if text.kind == TextKind.SECTION}
    behind: dict[str, int] = {}
    for text in collected.texts:
        behind[text.language] = behind.get(text.language, 0) + len(text.states)
    found = {}
    for code in sorted(collected.languages):
        sections = [place for place in new[code] if place[0] == TextKind.SECTION]
        changes = text_changes(old.get(code, {}), new[code]) if previous is not None else []
        count = {state: sum(c.state == state for c in changes) for state in (NEW, CHANGED, GONE)}
        found[code] = {
            "sections": len(sections),
            "of": len(every),
            "behind": behind.get(code, 0),
            **count,
        }
    return found
