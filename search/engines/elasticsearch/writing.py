"""Documents into the server, in bulk, each with its version."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from elasticsearch import ApiError, Elasticsearch

from search.analysis import normal
from search.contract import ELSEWHERE, Document
from search.engines.base import Change, Refusal

# A request holds at most so many bytes of text, so that it passes any proxy and heap.
_BYTES_A_REQUEST = 5_000_000
# The server's limit for one document is far above; a longer attachment is cut.
_LONGEST_TEXT = 2_000_000
# Item errors that end by themselves, by the beginning of their type.
_PASSING = ("cluster_block", "unavailable_shards", "es_rejected", "circuit_breaking", "no_shard")


class WrongIndex(Exception):
    """There is no index behind the alias."""


@dataclass
class Sent:
    """What became of changes: written or overtaken, refused for good, or to wait (why)."""

    done: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    wait: str = ""


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
        "words": normal(document.names.partition(ELSEWHERE)[0]),
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


def send(client: Elasticsearch, changes: Sequence[Change], target: str) -> Sent:
    """Write changes of one language. An older version than the index holds counts as written.

    Raises WrongIndex, and what the client raises.
    """
    sent = Sent()
    parts = list(_parts(changes))
    while parts:
        part = parts.pop(0)
        try:
            response = client.bulk(operations=list(operations(part, target)))
        except ApiError as error:
            if error.meta.status not in (400, 413):
                raise
            # One of them spoils the request, or it is too long: find out which.
            if len(part) == 1:
                sent.refused.append(Refusal(part[0], str(error)[:1000]))
            else:
                half = len(part) // 2
                parts[:0] = [part[:half], part[half:]]
            continue
        overtaken: list[Change] = []
        for change, item in zip(part, response["items"], strict=True):
            status, error = item["index"]["status"], item["index"].get("error")
            if error is None:
                sent.done.append(change)
            elif status == 409:
                overtaken.append(change)
            else:
                _sort_out(sent, change, status, error)
        newer = _newer(client, overtaken, target)
        sent.done += newer
        if len(newer) < len(overtaken):
            sent.wait = sent.wait or "a document was forgotten a moment ago"
        if sent.wait:
            break
    return sent


def _sort_out(sent: Sent, change: Change, status: int, error: dict) -> None:
    """Tell what ends by itself from what never will."""
    kind, reason = error.get("type", ""), _reason(error)
    if kind == "index_not_found_exception":
        raise WrongIndex(reason)
    if status in (429, 503) or kind.startswith(_PASSING):
        sent.wait = reason
    else:
        sent.refused.append(Refusal(change, reason))


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
    """An item's error in a line, with its first cause; field values, which it may quote, cut."""
    cause = error
    while cause.get("caused_by"):
        cause = cause["caused_by"]
    parts = [error.get("type"), error.get("reason")]
    if cause is not error:
        parts.append(cause.get("reason"))
    return ": ".join(part[:300] for part in parts if part)


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
