"""What an engine is to the rest of the room."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search.contract import Document, Hit, Suggestion
from search.query import Query


class EngineUnavailable(Exception):
    """The engine does not answer now, or is not asked because it lately did not."""


@dataclass(frozen=True)
class Access:
    """What the asker may find.

    `audiences` are tokens 'type:token', one of which a document must bear to be
    counted; None where all may be (an evaluation). `visible(keys)` gives those that
    the database lets this person see now: an engine shows nothing else, and an
    engine that holds no tokens counts nothing else either.
    """

    audiences: frozenset[str] | None
    visible: Callable[[Sequence[str]], set[str]]


@dataclass(frozen=True)
class Question:
    """A query put to one language's index, and what is wanted of the answer.

    `size` 0 asks for counts only.
    """

    query: Query
    access: Access
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: str = "relevance"  # or "date"
    first: int = 0
    size: int = 10
    every_word: bool = False
    corrects: bool = True  # whether another spelling may be tried


@dataclass(frozen=True)
class Answer:
    """Hits from `first` on, and counts over all that matches and may be seen.

    `counts` maps a facet to {value: count}, each facet's unaffected by its own
    filter. With a `suggestion` the hits of the other spelling stand in front.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    suggestion: Suggestion | None = None
    has_all_words: bool = False


class Candidate(NamedTuple):
    """A document that the index offers. The database decides whether it is shown."""

    key: str
    score: float  # higher is better
    values: dict[str, tuple[str, ...]]
    date: datetime.date | None
    has_all_words: bool
    needs_files: bool = False  # title and body alone do not hold all the words


@dataclass(frozen=True, slots=True)
class Stored:
    """What a hit is drawn from."""

    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """A document in its present version; None where it must no longer be found."""

    key: str
    language: str
    version: int
    document: Document | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that the engine will never take as it is."""

    change: Change
    reason: str


@dataclass
class Outcome:
    """What became of many changes. Those in neither list wait; `wait` says for what."""

    done: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    wait: str = ""
    wrong_index: set[str] = field(default_factory=set)  # languages without a usable index


class Engine(Protocol):
    """An index of documents by (key, language), each with the version it was made from.

    A write or removal with an older version than the stored one is ignored:
    two drains may overtake each other.
    """

    name: str

    @property
    def is_transactional(self) -> bool:
        """Whether its writes belong to the database's transaction."""

    def ensure_schema(self) -> bool:
        """Make what is missing; drop what another analyzer made. True where anything was made."""

    def write(self, document: Document, version: int) -> None:
        """Add or replace a document."""

    def write_many(self, changes: Sequence[Change]) -> Outcome:
        """Write and remove in bulk, each as `write` and `remove` would.

        A pair of key and language stands once among the changes.
        """

    def remove(self, key: str, language: str, version: int) -> None:
        """Leave a tombstone, so that an overtaken older write stays out."""

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        """Drop (key, language) pairs and their tombstones, whatever their version."""

    def versions(self, language: str | None = None) -> dict[tuple[str, str], int]:
        """Version of every document in the index, tombstones left out."""

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """An answer to each question. Raises EngineUnavailable."""
