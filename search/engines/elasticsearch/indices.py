"""Making, swapping and comparing indexes."""

import re
from collections import defaultdict
from collections.abc import Iterator

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from search.engines.elasticsearch.schema import NUMBERED, Aliases, fits, index_body

# Keys and versions read at once.
_PAGE = 5_000
# How long the server keeps one view of an index while it is read through.
_KEEP = "2m"


class Indices:
    """The indexes of one prefix, through one client."""

    def __init__(self, client: Elasticsearch, prefix: str, plugins: tuple[str, ...] = ()):
        self.client = client
        self.prefix = prefix
        self.plugins = plugins

    def aliases(self, language: str) -> Aliases:
        """A language's names."""
        return Aliases.of(self.prefix, language)

    def state(self) -> dict[str, dict]:
        """Every index of the prefix → its aliases and mapping. One request."""
        found = self.client.indices.get(
            index=f"{self.prefix}*",
            features="aliases,mappings",
            ignore_unavailable=True,
            allow_no_indices=True,
        )
        return dict(found)

    def behind(self, alias: str, state: dict[str, dict]) -> str | None:
        """The index that an alias names."""
        found = [name for name, index in state.items() if alias in index["aliases"]]
        return max(found, default=None)

    def missing(self, languages: list[str], state: dict[str, dict]) -> list[str]:
        """Languages whose read or write alias names nothing."""
        return [
            language
            for language in languages
            if not all(
                self.behind(alias, state)
                for alias in (self.aliases(language).read, self.aliases(language).write)
            )
        ]

    def unfit(self, languages: list[str], state: dict[str, dict]) -> list[str]:
        """Languages whose index has another mapping or other analysers than ours."""
        found = []
        for language in languages:
            name = self.behind(self.aliases(language).read, state)
            if name and not fits(state[name]["mappings"], language, self.plugins):
                found.append(language)
        return found

    def make(self, language: str, state: dict[str, dict], *aliases: str) -> str:
        """A new, empty index with these aliases; its name.

        Two processes that make one at once get the same: the name is the next number.
        """
        name = self._next_name(language, state)
        try:
            self.client.indices.create(
                index=name,
                aliases={alias: {} for alias in aliases},
                **index_body(language, self.plugins),
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        return name

    def _next_name(self, language: str, state: dict[str, dict]) -> str:
        alias = self.aliases(language).read
        pattern = re.compile(re.escape(alias) + r"-(\d{6})")
        numbers = [int(m.group(1)) for name in state if (m := pattern.fullmatch(name))]
        return NUMBERED.format(alias=alias, number=max(numbers, default=0) + 1)

    def swap(self, language: str, name: str, state: dict[str, dict]) -> None:
        """Let both aliases name this index, and drop the others: one step for readers."""
        aliases = self.aliases(language)
        pattern = re.compile(re.escape(aliases.read) + r"-\d{6}")
        actions = [
            {"add": {"index": name, "alias": alias}} for alias in (aliases.read, aliases.write)
        ]
        for other, index in state.items():
            if other == name:
                continue
            if pattern.fullmatch(other) or {aliases.read, aliases.write} & set(index["aliases"]):
                actions.append({"remove_index": {"index": other}})
        if aliases.read in state:  # an index bears the alias's own name
            actions.append({"remove_index": {"index": aliases.read}})
        self.client.indices.update_aliases(actions=actions)

    def drop_alias(self, name: str, alias: str) -> None:
        """Take an alias off, if it is there."""
        try:
            self.client.indices.delete_alias(index=name, name=alias)
        except NotFoundError:
            return

    def versions(self, index: str, *, with_tombstones: bool = False) -> dict[str, int]:
        """Version of each document that the index holds now, by key."""
        self.client.indices.refresh(index=index)
        return dict(self._scan(index, with_tombstones))

    def _scan(self, index: str, with_tombstones: bool) -> Iterator[tuple[str, int]]:
        view = self.client.open_point_in_time(index=index, keep_alive=_KEEP)["id"]
        after = None
        query = {"match_all": {}} if with_tombstones else {"term": {"deleted": False}}
        try:
            while True:
                response = self.client.search(
                    size=_PAGE,
                    pit={"id": view, "keep_alive": _KEEP},
                    query=query,
                    sort=["_shard_doc"],
                    search_after=after,
                    source=False,
                    version=True,
                    track_total_hits=False,
                )
                hits = response["hits"]["hits"]
                if not hits:
                    return
                for hit in hits:
                    yield hit["_id"], hit["_version"]
                after = hits[-1]["sort"]
        finally:
            self.client.close_point_in_time(id=view)

    def count(self, languages: list[str], state: dict[str, dict]) -> dict[str, int]:
        """Documents by language, tombstones left out."""
        counts: dict[str, int] = defaultdict(int)
        for language in languages:
            if self.behind(self.aliases(language).read, state):
                answer = self.client.count(
                    index=self.aliases(language).read, query={"term": {"deleted": False}}
                )
                counts[language] = answer["count"]
        return dict(counts)
