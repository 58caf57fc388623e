"""Documents into the server, in bulk, each with its version."""

from collections.abc import Iterable, Iterator, Sequence

from elasticsearch import Elasticsearch

from search.analysis import normal
from search.contract import Document
from search.engines.base import Change, Refusal

# A request holds at most so many bytes of text, so that it passes any proxy and heap.
_BYTES_A_REQUEST = 5_000_000
# The server's limit for one document is far above; a longer attachment is cut.
_LONGEST_TEXT = 2_000_000
# Item errors that end by themselves, by the beginning of their type.
_PASSING = ("cluster_block", "unavailable_shards", "es_rejected", "circuit_breaking", "no_shard")


class TryLater(Exception):
    """The server took part of the changes, or none: it is blocked or busy for now."""


class WrongIndex(Exception):
    """The index of these languages is missing, or has another mapping than ours."""

    def __init__(self, languages: Iterable[str], reason: str):
        super().__init__(reason)
        self.languages = sorted(set(languages))


def source_of(document: Document) -> dict:
    """What the index keeps of a document."""
    name = document.key.partition(":")[0]
    return {
        "key": document.key,
        "type": name,
        "audience": [f"{name}:{token}" for token in document.audience],
        "title": normal(document.title),
        "body": normal(document.body)[:_LONGEST_TEXT],
        "names": normal(document.names),
        "attachments": normal(document.attachments)[:_LONGEST_TEXT],
        "values": {facet: list(values) for facet, values in document.values.items()},
        "url": document.url,
        "date": document.date.isoformat() if document.date else None,
        "deleted": False,
    }


def operations(changes: Iterable[Change], target: str) -> Iterator[dict]:
    """Bulk lines. A removal leaves a tombstone, which keeps an overtaken older write out."""
    for change in changes:
        yield {
            "index": {
                "_index": target,
                "_id": change.key,
                "version": change.version,
                "version_type": "external_gte",
                "require_alias": True,
            }
        }
        if change.document is None:
            yield {"key": change.key, "deleted": True}
        else:
            yield source_of(change.document)


def send(
    client: Elasticsearch, changes: Sequence[Change], target: str
) -> tuple[list[Change], list[Refusal], str]:
    """Write changes of one language: (written or overtaken, refused for good, reason to wait).

    An older version than the index holds counts as written. Changes that are in
    neither list wait.
    """
    done: list[Change] = []
    refused: list[Refusal] = []
    wait = ""
    for part in _parts(changes):
        response = client.bulk(operations=list(operations(part, target)))
        overtaken: list[Change] = []
        for change, item in zip(part, response["items"], strict=True):
            status, error = item["index"]["status"], item["index"].get("error")
            if error is None:
                done.append(change)
                continue
            if status == 409:
                overtaken.append(change)
                continue
            kind = error.get("type", "")
            reason = _reason(error)
            if kind == "index_not_found_exception" or "require_alias" in reason:
                raise WrongIndex([change.language], reason)
            if status in (429, 503) or kind.startswith(_PASSING):
                wait = reason
            else:
                refused.append(Refusal(change, reason))
        newer = _newer(client, overtaken, target)
        done += newer
        if len(newer) < len(overtaken):
            wait = wait or "a document was forgotten a moment ago"
        if wait:
            break
    return done, refused, wait


def _newer(client: Elasticsearch, changes: list[Change], target: str) -> list[Change]:
    """Those that the index holds as new or newer.

    The others met the memory of a deletion, which the server loses within a second.
    """
    if not changes:
        return []
    found = client.mget(index=target, ids=[change.key for change in changes], source=False)
    held = {doc["_id"]: doc["_version"] for doc in found["docs"] if doc.get("found")}
    return [change for change in changes if held.get(change.key, -1) >= change.version]


def _reason(error: dict) -> str:
    """An item's error in a line, with its cause."""
    cause = error.get("caused_by") or {}
    parts = (error.get("type"), error.get("reason"), cause.get("reason"))
    return ": ".join(part for part in parts if part)[:1000]


def _parts(changes: Sequence[Change]) -> Iterator[list[Change]]:
    part: list[Change] = []
    size = 0
    for change in changes:
        document = change.document
        length = len(document.body) + len(document.attachments) if document else 0
        if part and size + length > _BYTES_A_REQUEST // 3:
            yield part
            part, size = [], 0
        part.append(change)
        size += length
    if part:
        yield part
