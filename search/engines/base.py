"""What an engine is to the rest of the room."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from search.contract import Document
from search.query import Query


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that the index offers. The database decides whether it is shown."""

    key: str
    score: float  # higher is better
    values: dict[str, tuple[str, ...]]
    date: datetime.date | None
    has_all_words: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """What a hit is drawn from."""

    title: str
    body: str
    url: str


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

    def remove(self, key: str, language: str, version: int) -> None:
        """Leave a tombstone, so that an overtaken older write stays out."""

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        """Drop (key, language) pairs and their tombstones, whatever their version."""

    def versions(self, language: str | None = None) -> dict[tuple[str, str], int]:
        """Version of every document in the index, tombstones left out."""

    def find(self, query: Query, limit: int, *, every_word: bool = False) -> list[Candidate]:
        """The best `limit` documents of the query's language, best first."""

    def stored(self, language: str, keys: Iterable[str]) -> dict[str, Stored]:
        """Texts of hits by key."""

    def corrections(self, query: Query, limit: int) -> list[str]:
        """Other spellings of the whole query, likeliest first; none where nothing is near."""
