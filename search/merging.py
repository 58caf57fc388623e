"""Answers of several languages made into one list: turn by turn, each language its next best."""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from search.contract import Hit
from search.engines.base import Answer


def turns(totals: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(index of the answer, rank in it) of every hit of the merged list, in order.

    The first of each, then the second of each, while they last: scores of
    different languages' indexes cannot be compared.
    """
    rank = 0
    left = [index for index, total in enumerate(totals) if total]
    while left:
        for index in left:
            yield index, rank
        rank += 1
        left = [index for index in left if totals[index] > rank]


def windows(totals: Sequence[int], first: int, size: int) -> dict[int, tuple[int, int]]:
    """Which hits of which answer stand on a page: index → (first, size)."""
    ranks: dict[int, list[int]] = {}
    for index, rank in islice(turns(totals), first, first + size):
        ranks.setdefault(index, []).append(rank)
    return {index: (held[0], len(held)) for index, held in ranks.items()}


def in_turns(answers: Sequence[Answer]) -> list[Hit]:
    """The hits of the answers, turn by turn."""
    return [answers[i].hits[rank] for i, rank in turns([len(a.hits) for a in answers])]


def by_date(answers: Sequence[Answer]) -> list[Hit]:
    """The hits of the answers, newest first, those without a date last."""
    hits = in_turns(answers)
    return sorted(hits, key=lambda hit: hit.date or datetime.date.min, reverse=True)


def summed(answers: Sequence[Answer]) -> dict[str, dict[str, int]]:
    """Counts of all answers together: each counts texts of its own language."""
    made: dict[str, Counter[str]] = {}
    for answer in answers:
        for facet, counts in answer.counts.items():
            made.setdefault(facet, Counter()).update(counts)
    return {facet: dict(counts) for facet, counts in made.items()}


def best_objects(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The hits on the first `limit` objects, in whatever languages these were found."""
    kept: dict[str, None] = {}
    for hit in hits:
        if len(kept) < limit:
            kept.setdefault(hit.key)
    return tuple(hit for hit in hits if hit.key in kept)
