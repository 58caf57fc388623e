"""What feeds tell: registered here by whoever has something to tell, written out in feeds.py."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from network.registry import Text

ITEMS = 50  # newest; a feed is a window, the site is the archive


@dataclass(frozen=True)
class FeedItem:
    """One entry, in the best language there is for the feed's reader."""

    key: str  # names the thing for ever, whatever its address or title: 'story:2026-0533'
    title: str
    url: str  # whole
    summary: str
    language: str  # of the words
    published: datetime.datetime
    updated: datetime.datetime
    author: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeedSource:
    """`items(user, language, region)` yields at most ITEMS entries, newest first, of what the
    person may read; `user` may be nobody, `region` a `network.places.Place` or None."""

    name: str
    title: Text
    items: Callable[..., list[FeedItem]]


_sources: dict[str, FeedSource] = {}


def register_feed(source: FeedSource) -> None:
    """Add or replace a feed, by its name in the address."""
    _sources[source.name] = source


def feed_source(name: str) -> FeedSource | None:
    """The feed of that name, or None."""
    return _sources.get(name)


def feed_sources() -> list[FeedSource]:
    """All feeds, in order of registration."""
    return list(_sources.values())
