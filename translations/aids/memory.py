"""The translation memory: what was finished before for the same words, and for nearly the same.

Nearness is rapidfuzz's ratio over letters, in percent: it needs no word
borders, so it serves Japanese and Thai too. Only texts of a length that can
reach `NEAR` are read.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from math import ceil, floor

from rapidfuzz import fuzz, process

from translations.aids.paragraphs import difference
from translations.models import MemoryUnit
from translations.registry import translatables

NEAR = 70  # percent: below it, to correct takes longer than to write
OFFERED = 3
# Looked at, best first: some stand in texts that this person may not open.
CANDIDATES = 12


@dataclass(frozen=True)
class Suggestion:
    """Words of another place. `difference`: this original against the one they were made for."""

    pk: int
    percent: int
    is_exact: bool
    source: str
    target: str
    difference: list[tuple[str, str]]
    by: object
    at: datetime.datetime


class Memory:
    """The memory of a pair of languages, as far as it can be near to some texts.

    It is read once for all of them: one query, that grows with the memory.
    """

    def __init__(self, user, source_language: str, language: str, sources: Collection[str]):
        self._user = user
        share = NEAR / (200 - NEAR)  # ratio = 2 × common / (both lengths)
        sizes = [len(source) for source in sources if source.strip()]
        self._choices = {}
        if sizes:
            lengths = (floor(min(sizes) * share), ceil(max(sizes) / share))
            units = MemoryUnit.objects.of_pair(source_language, language, lengths)
            self._choices = dict(units.values_list("pk", "source"))

    def suggestions(self, source: str, *, present: str = "") -> list[Suggestion]:
        """The best matches, exact ones first, those that are the `present` words left out.

        Only of texts that this person may open (R18). A query, and one a
        registered page type, where anything is near.
        """
        near = process.extract(
            source,
            self._choices,
            scorer=fuzz.ratio,
            score_cutoff=NEAR,
            limit=CANDIDATES,
            processor=None,
        )
        if not near or not source.strip():
            return []
        units = MemoryUnit.objects.select_related("by").in_bulk([pk for _text, _score, pk in near])
        open_keys = _open_to(self._user, {unit.object_key for unit in units.values()})
        found: dict[str, Suggestion] = {}
        for _text, score, pk in near:
            unit = units.get(pk)
            if unit is None or unit.object_key not in open_keys or unit.target == present:
                continue
            is_exact = unit.source == source
            offered = Suggestion(
                pk=unit.pk,
                percent=100 if is_exact else min(floor(score), 99),
                is_exact=is_exact,
                source=unit.source,
                target=unit.target,
                difference=[] if is_exact else difference(unit.source, source),
                by=unit.by,
                at=unit.at,
            )
            found.setdefault(unit.target, offered)
        return sorted(found.values(), key=lambda s: (-s.percent, -s.at.timestamp()))[:OFFERED]


def _open_to(user, keys: set) -> set:
    found = set()
    for entry in translatables() if keys else ():
        pages = entry.open_to(user).filter(translation_key__in=keys)
        found |= set(pages.values_list("translation_key", flat=True))
    return found
