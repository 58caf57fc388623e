"""The Elasticsearch engine behind search.engines.base."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.conf import settings

from search.contract import Document
from search.engines.base import (
    Answer,
    Change,
    EngineUnavailable,
    Outcome,
    Question,
    Refusal,
)
from search.engines.elasticsearch import reading
from search.engines.elasticsearch.asking import Asking
from search.engines.elasticsearch.client import Cluster, Connection, ServerBusy, connection
from search.engines.elasticsearch.indices import Indices
from search.engines.elasticsearch.reading import Seen
from search.engines.elasticsearch.schema import Aliases, fits
from search.engines.elasticsearch.spelling import (
    among_seen,
    corrections,
    replacements,
    words_in,
)
from search.engines.elasticsearch.writing import WrongIndex, send
from search.query import Query, respelt

# Spellings of which the best document is looked up, and that are then asked for.
_TRIED = 16
_CORRECTIONS = 1
# A request later in one answer has at least so long (s), whatever the earlier ones took.
_SHORTEST_S = 0.1


class ElasticsearchEngine:
    """See search.engines.base.Engine. `prefix`: for indexes of one's own."""

    name = "elasticsearch"
    is_transactional = False

    def __init__(self, prefix: str | None = None):
        self._prefix = prefix

    @property
    def cluster(self) -> Cluster:
        """Where the server is."""
        return Cluster.from_settings(self._prefix)

    @property
    def _connection(self) -> Connection:
        return connection(self.cluster)

    # --- answering -----------------------------------------------------------
    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """All questions in one request; a second one where words were mistyped."""
        cluster = self.cluster
        deadline = _Deadline(cluster.timeout_s)
        asked = [
            Asking(question, f"{cluster.prefix}{question.query.language}", cluster.plugins)
            for question in questions
        ]
        answerable = [asking for asking in asked if not asking.question.query.is_empty]
        responses = self._search([(a.index, a.first()) for a in answerable], deadline)
        pairs = [(a.question, r) for a, r in zip(answerable, responses, strict=True)]
        tombstones = reading.tombstones_in(pairs)
        seen = {
            id(asking): (Seen(question, response, tombstones), response)
            for asking, (question, response) in zip(answerable, pairs, strict=True)
        }
        found = {key: reading.plain(one) for key, (one, _response) in seen.items()}
        self._correct(answerable, seen, found, deadline)
        return [found.get(id(asking), Answer()) for asking in asked]

    def _correct(self, asked: list[Asking], seen: dict, found: dict, deadline: "_Deadline") -> None:
        """Put better answers to questions of which nothing had all words."""
        wrong = [
            asking
            for asking in asked
            if asking.question.corrects
            and not seen[id(asking)][0].has_all_words
            and "suggest" in seen[id(asking)][1]
        ]
        entries = {id(asking): seen[id(asking)][1]["suggest"]["words"] for asking in wrong}
        typed = dict(found)
        self._try(wrong, entries, corrections, seen, found, deadline)
        # A word that stands in the index need not stand beside the others, nor where this
        # reader may look.
        still = [asking for asking in wrong if found[id(asking)] is typed[id(asking)]]
        if still and not deadline.is_near:
            bodies = [(asking.index, asking.spellings()) for asking in still]
            responses = self._search(bodies, deadline)
            more = {
                id(asking): response["suggest"]["words"]
                for asking, response in zip(still, responses, strict=True)
            }
            for asking in still:
                words = words_in(more[id(asking)])
                if asking.question.access.audiences is None or not words:
                    self._try([asking], more, replacements, seen, found, deadline)
                    continue
                counts = self._seen(asking, words, deadline)
                self._try([asking], more, partial(among_seen, counts), seen, found, deadline)

    def _seen(self, asking: Asking, words: list[str], deadline: "_Deadline") -> dict[str, int]:
        """Word → documents with it that the asker may see."""
        (response,) = self._search([(asking.index, asking.seen(words))], deadline)
        buckets = response["aggregations"]["seen"]["buckets"]
        return {word: bucket["doc_count"] for word, bucket in buckets.items()}

    def _try(
        self,
        asked: list[Asking],
        entries: dict,
        spell: Callable[[Query, list[dict], int], list[str]],
        seen: dict,
        found: dict,
        deadline: "_Deadline",
    ) -> None:
        """Answer with the other spelling that has the best document with all its words."""
        tries = []
        for asking in asked:
            query = asking.question.query
            texts = spell(query, entries[id(asking)], _TRIED)
            tries.append((asking, [respelt(query, text) for text in texts]))
        if deadline.is_near:
            return
        ranked = self._ranked(tries, deadline)
        if deadline.is_near:
            return
        bodies = [(asking.index, asking.second(queries)) for asking, queries in ranked]
        for (asking, queries), response in zip(ranked, self._search(bodies, deadline), strict=True):
            better = reading.corrected(seen[id(asking)][0], response, queries)
            if better is not None:
                found[id(asking)] = better

    def _ranked(
        self, tries: list[tuple[Asking, list[Query]]], deadline: "_Deadline"
    ) -> list[tuple[Asking, list[Query]]]:
        """Of each question the best spellings that some document has; none where none has."""
        bodies = [
            (asking.index, asking.best(query)) for asking, queries in tries for query in queries
        ]
        responses = iter(self._search(bodies, deadline))
        ranked = []
        for asking, queries in tries:
            scored = []
            for query in queries:
                hits = next(responses)["hits"]["hits"]
                if hits:
                    scored.append((hits[0]["_score"], query))
            if len(asking.question.query.terms) > 1:
                # Of a single word the rarest spelling would win, not the likeliest.
                scored.sort(key=lambda pair: -pair[0])
            if scored:
                ranked.append((asking, [query for _score, query in scored[:_CORRECTIONS]]))
        return ranked

    def _search(self, bodies: list[tuple[str, dict]], deadline: "_Deadline") -> list[dict]:
        """Responses in order. Raises EngineUnavailable if any of them failed."""
        if not bodies:
            return []
        searches: list[dict] = []
        for index, body in bodies:
            searches += [{"index": index, "allow_partial_search_results": False}, body]
        with self._connection.asking(deadline.remaining_s()) as client:
            responses = client.msearch(searches=searches)["responses"]
        for response in responses:
            if "error" in response or response.get("timed_out"):
                raise EngineUnavailable(str(response.get("error", "timed out"))[:300])
        return responses

    # --- indexes ---------------------------------------------------------------
    def ensure_schema(self) -> bool:
        """Make indexes that are missing, empty. True where any was made.

        The site itself fills an index before it is read: see search.upkeep.
        """
        with self._connection.telling() as client:
            indices = self._indices(client)
            state = indices.state()
            missing = indices.missing(_languages(), state)
            for language in missing:
                aliases = indices.aliases(language)
                name = indices.behind(aliases.read, state)
                if name is None:
                    indices.make(language, state, aliases.read, aliases.write)
                else:  # only the write alias was lost
                    client.indices.put_alias(index=name, name=aliases.write)
        return bool(missing)

    def wrong_languages(self) -> list[str]:
        """Languages whose index is missing, half made anew, or not as we make it. One request."""
        with self._connection.telling() as client:
            indices = self._indices(client)
            state = indices.state()
            wrong = {*indices.missing(_languages(), state), *indices.unfit(_languages(), state)}
            wrong |= {
                code for code in _languages() if indices.behind(indices.aliases(code).next, state)
            }
        return [code for code in _languages() if code in wrong]

    def needs_rebuild(self) -> bool:
        """Whether any index is missing or not ours."""
        return bool(self.wrong_languages())

    @property
    def pause_s(self) -> float:
        """How long writes will still be refused after a failure."""
        return self._connection.writing.remaining_s

    def _indices(self, client) -> Indices:
        return Indices(client, self.cluster.prefix, self.cluster.plugins)

    # --- rebuilding: fill the next index, swap, finish -----------------------------
    def next_index(self, language: str) -> str:
        """The index that a rebuild fills: one that an earlier rebuild left, or a new one."""
        with self._connection.telling() as client:
            indices = self._indices(client)
            state = indices.state()
            aliases = indices.aliases(language)
            name = indices.behind(aliases.next, state)
            if name and not fits(state[name]["mappings"], language, self.cluster.plugins):
                client.indices.delete(index=name)
                name = None
            return name or indices.make(language, state, aliases.next)

    def index_id(self, name: str) -> str:
        """What tells an index from another that bore its name before."""
        with self._connection.telling() as client:
            found = client.indices.get_settings(index=name, name="index.uuid")
        return found[name]["settings"]["index"]["uuid"]

    def swap(self, language: str, name: str) -> None:
        """From now on this index is read and written."""
        with self._connection.telling() as client:
            indices = self._indices(client)
            client.indices.refresh(index=name)
            indices.swap(language, name, indices.state())

    def finish(self, language: str, name: str) -> None:
        """The rebuild is over: nothing is left to catch up."""
        with self._connection.telling() as client:
            indices = self._indices(client)
            indices.drop_alias(name, indices.aliases(language).next)

    # --- writing ------------------------------------------------------------------
    def write_many(self, changes: Sequence[Change], *, rebuilding: bool = False) -> Outcome:
        """Write in bulk; where `rebuilding`, to the index that is being filled.

        A server that is away is told in the outcome.
        """
        by_language: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_language[change.language].append(change)
        outcome = Outcome()
        for language, some in by_language.items():
            aliases = Aliases.of(self.cluster.prefix, language)
            target = aliases.next if rebuilding else aliases.write
            try:
                with self._connection.telling() as client:
                    sent = send(client, some, target)
                    outcome.done += sent.done
                    if sent.refused and language in self._unfit(client):
                        # Not the documents are wrong, but the index they met.
                        outcome.wrong_index.add(language)
                    else:
                        outcome.refused += sent.refused
                    if sent.wait:
                        raise ServerBusy(sent.wait)
            except WrongIndex:
                outcome.wrong_index.add(language)
            except EngineUnavailable as error:
                outcome.wait = str(error)
                break
        return outcome

    def _unfit(self, client) -> list[str]:
        indices = self._indices(client)
        return indices.unfit(_languages(), indices.state())

    def write(self, document: Document, version: int) -> None:
        self._one(Change(document.key, document.language, version, document))

    def remove(self, key: str, language: str, version: int) -> None:
        self._one(Change(key, language, version, None))

    def _one(self, change: Change) -> None:
        outcome = self.write_many([change])
        if outcome.wrong_index:
            self.ensure_schema()
            outcome = self.write_many([change])
        if outcome.refused:
            raise DocumentRefused(outcome.refused[0])
        if not outcome.done:
            raise EngineUnavailable(outcome.wait or "no index takes it")

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        by_language: dict[str, list[str]] = defaultdict(list)
        for key, language in keys:
            by_language[language].append(key)
        for language, some in by_language.items():
            with self._connection.telling() as client:
                alias = self._indices(client).aliases(language).write
                client.bulk(
                    operations=[
                        {"delete": {"_index": alias, "_id": key, "require_alias": True}}
                        for key in some
                    ],
                )

    def versions(self, language: str | None = None) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        with self._connection.telling() as client:
            indices = self._indices(client)
            missing = indices.missing(_languages(), indices.state())
            for code in [language] if language else _languages():
                if code in missing:
                    continue
                held = indices.versions(indices.aliases(code).read)
                found |= {(key, code): version for key, version in held.items()}
        return found

    def refresh(self) -> None:
        """Let what was written be found at once."""
        with self._connection.telling() as client:
            client.indices.refresh(index=f"{self.cluster.prefix}*")

    def counts(self) -> dict[str, int]:
        """Documents by language. Raises EngineUnavailable."""
        with self._connection.telling() as client:
            indices = self._indices(client)
            return indices.count(_languages(), indices.state())

    def size(self) -> int:
        """Bytes on the server's disks, copies left out."""
        with self._connection.telling() as client:
            stats = client.indices.stats(index=f"{self.cluster.prefix}*", metric="store")
        return stats["_all"]["primaries"]["store"]["size_in_bytes"]

    def empty(self) -> None:
        """Delete every document of this prefix: for throw-away indexes."""
        with self._connection.telling() as client:
            client.delete_by_query(
                index=f"{self.cluster.prefix}*",
                query={"match_all": {}},
                conflicts="proceed",
                refresh=True,
            )

    def drop(self) -> None:
        """Delete every index of this prefix: for throw-away ones."""
        with self._connection.telling() as client:
            for name in self._indices(client).state():
                client.indices.delete(index=name)


class DocumentRefused(Exception):
    """The server will never take this document as it is."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.reason)


class _Deadline:
    """One answer's time, shared by its requests (s)."""

    def __init__(self, seconds: float):
        self._until = time.monotonic() + seconds

    @property
    def is_near(self) -> bool:
        """No time for what the answer can do without: its other spellings."""
        return time.monotonic() > self._until - _SHORTEST_S

    def remaining_s(self) -> float:
        return max(_SHORTEST_S, self._until - time.monotonic())


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
