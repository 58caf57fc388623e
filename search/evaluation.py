"""How good search is, told by any corpus and its questions (see the command search_eval).

Questions take the way of readers' searches (`answers.ask`): corrections,
highlights, and labelled hits from other languages included. The index is a
throw-away one; the real index and the database are never asked.
"""

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from search.answers import ask
from search.contract import Document, SearchRequest
from search.engines.base import Access, Change, Engine, EngineUnavailable

#: Of so many hits the ranks count.
CUTOFF = 10
# Documents written at a time.
BATCH = 1_000
_TYPE = "section"
_EVERYBODY = Access(audiences=None, visible=lambda keys: set(keys))


class BadLine(ValueError):
    """A line that is no document or no question; says which and why."""


@dataclass(frozen=True)
class Asked:
    """A question with its right answers (ids of the corpus)."""

    language: str
    text: str
    relevant: frozenset[str]
    kind: str


@dataclass(frozen=True)
class Outcome:
    """What came of a question: 1/rank of the first right hit (0 where none), and the time."""

    asked: Asked
    reciprocal_rank: float
    seconds: float


# --- reading -------------------------------------------------------------------------
def read_corpus(path: Path) -> Iterator[Document]:
    """The documents of a corpus. Raises BadLine."""
    seen: dict[tuple[str, str], int] = {}
    for number, row in _lines(path, {"id": str, "lang": str, "title": str, "body": str}):
        pair = (row["id"], row["lang"])
        if pair in seen:
            raise BadLine(_at(path, number, f"id {row['id']!r} stands in line {seen[pair]} too"))
        seen[pair] = number
        yield Document(
            key=f"{_TYPE}:{row['id']}",
            language=row["lang"],
            title=row["title"],
            body=row["body"],
            url="",
            values={},
        )


def read_questions(path: Path) -> list[Asked]:
    """The questions of a file. Raises BadLine."""
    found = []
    for number, row in _lines(path, {"lang": str, "q": str, "relevant": list, "class": str}):
        relevant = row["relevant"]
        if not relevant or not all(isinstance(name, str) for name in relevant):
            raise BadLine(_at(path, number, '"relevant" must be a list of one or more ids'))
        found.append(Asked(row["lang"], row["q"], frozenset(relevant), row["class"]))
    return found


def _lines(path: Path, fields: dict[str, type]) -> Iterator[tuple[int, dict]]:
    """(line number, object) of each line that is not blank, its fields and language checked."""
    languages = dict(settings.LANGUAGES)
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                row = json.loads(raw.decode("utf-8-sig"))
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
                raise BadLine(_at(path, number, f"no JSON: {error}")) from error
            if not isinstance(row, dict):
                raise BadLine(_at(path, number, "no JSON object"))
            for name, kind in fields.items():
                if not isinstance(row.get(name), kind):
                    wanted = "a list" if kind is list else "a text"
                    raise BadLine(_at(path, number, f'"{name}" must be {wanted}'))
            if row["lang"] not in languages:
                known = ", ".join(languages)
                raise BadLine(_at(path, number, f"unknown language {row['lang']!r} (not {known})"))
            yield number, {name: _encodable(row[name]) for name in fields}


def _encodable(value: str | list) -> str | list:
    """Halves of surrogate pairs, which JSON can name and no index can hold, as '?'."""
    if isinstance(value, list):
        return [_encodable(each) if isinstance(each, str) else each for each in value]
    return value.encode(errors="replace").decode()


def _at(path: Path, number: int, problem: str) -> str:
    return f"{path}, line {number}: {problem}"


# --- measuring -----------------------------------------------------------------------
def load(
    engine: Engine, documents: Iterable[Document], progress: Callable[[int], None]
) -> tuple[dict[str, frozenset[str]], int, float]:
    """Write all documents; (languages of each id, how many documents, seconds it took).

    Reading the file is not part of the seconds, analysing is.
    """
    languages: dict[str, set[str]] = defaultdict(set)
    count, seconds = 0, 0.0
    for batch in _batches(documents):
        begin = time.perf_counter()
        outcome = engine.write_many([Change(d.key, d.language, 1, d) for d in batch])
        seconds += time.perf_counter() - begin
        if len(outcome.done) < len(batch):
            reasons = [refusal.reason for refusal in outcome.refused] or [outcome.wait]
            raise EngineUnavailable(f"not all documents were taken: {reasons[0]}")
        for document in batch:
            languages[document.key.removeprefix(f"{_TYPE}:")].add(document.language)
        count += len(batch)
        progress(count)
    return {name: frozenset(codes) for name, codes in languages.items()}, count, seconds


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def outcomes(
    engine: Engine, questions: Sequence[Asked], languages: dict[str, frozenset[str]]
) -> Iterator[Outcome]:
    """Ask each question as a reader of every language would.

    Where no right answer is in the question's language, the labelled hits
    from other languages are what is ranked.
    """
    every = [code for code, _name in settings.LANGUAGES]
    for asked in questions:
        request = SearchRequest(
            text=asked.text,
            language=asked.language,
            viewer=None,
            facets=("type", "year"),
            page_size=CUTOFF,
        )
        others = [code for code in every if code != asked.language]
        begin = time.perf_counter()
        page = ask(engine, request, _EVERYBODY, others)
        seconds = time.perf_counter() - begin
        is_own = any(asked.language in languages.get(name, ()) for name in asked.relevant)
        hits = page.hits if is_own else page.other_languages
        ranked = [hit.key.removeprefix(f"{_TYPE}:") for hit in hits[:CUTOFF]]
        ranks = [rank for rank, name in enumerate(ranked, 1) if name in asked.relevant]
        yield Outcome(asked, 1 / ranks[0] if ranks else 0.0, seconds)


# --- telling -------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """All that is told of a run."""

    engine: str
    documents: int
    index_bytes: int
    documents_per_s: float
    outcomes: tuple[Outcome, ...]

    def groups(self) -> dict[tuple[str, str], list[Outcome]]:
        """Outcomes by (class, language), in the order they were first asked."""
        found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            found[outcome.asked.kind, outcome.asked.language].append(outcome)
        return found

    def as_json(self) -> dict:
        """The object of --json. A class's figures are the mean over its languages."""
        by_language: dict[str, dict[str, dict]] = defaultdict(dict)
        by_class: dict[str, list[dict]] = defaultdict(list)
        for (kind, language), some in self.groups().items():
            by_language[language][kind] = quality(some)
            by_class[kind].append(quality(some))
        return {
            "engine": self.engine,
            "documents": self.documents,
            "index_bytes": self.index_bytes,
            "documents_per_s": round(self.documents_per_s, 1),
            "latency_ms": latency(self.outcomes),
            "classes": {kind: mean(some) for kind, some in by_class.items()},
            "languages": dict(by_language),
        }


def quality(some: Sequence[Outcome]) -> dict:
    """n, MRR@10 and recall@10 (a question counts as found with one right hit among the ten)."""
    ranks = [outcome.reciprocal_rank for outcome in some]
    return {
        "n": len(ranks),
        "mrr@10": round(statistics.fmean(ranks), 4),
        "recall@10": round(sum(rank > 0 for rank in ranks) / len(ranks), 4),
    }


def mean(languages: Sequence[dict]) -> dict:
    """A class's figures from those of its languages."""
    return {
        "n": sum(figures["n"] for figures in languages),
        "mrr@10": round(statistics.fmean(figures["mrr@10"] for figures in languages), 4),
        "recall@10": round(statistics.fmean(figures["recall@10"] for figures in languages), 4),
    }


def latency(some: Sequence[Outcome]) -> dict:
    """p50 and p95 in milliseconds; 0 where nothing was asked."""
    times = sorted(outcome.seconds * 1_000 for outcome in some)
    if not times:
        return {"p50": 0.0, "p95": 0.0}
    return {
        "p50": round(statistics.median(times), 2),
        "p95": round(times[min(len(times) - 1, int(len(times) * 0.95))], 2),
    }
