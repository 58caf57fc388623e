"""Where rooms of one row meet: each registers here what it offers the others.

A registry is a plain list or mapping filled at start-up, in the room's
`AppConfig.ready()` or a module it imports. Nothing here knows a room by name.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class DeskItem:
    """One line of 'Waiting for you' (design.md: later rooms add to this list and to no other)."""

    title: Text  # the thing's own words, e.g. a story's title
    what: Text  # what is to be done, a whole sentence
    url: str
    since: datetime.datetime
    due: datetime.datetime | None = None
    minutes: int | None = None  # about how long it takes
    state: str = ""  # a `.state[data-s]` of gkc.css
    state_label: Text = ""
    action: Text = ""  # the button's words
    language: str = ""  # of `title`, where it differs from the page's


@dataclass(frozen=True)
class HomeBlock:
    """A section of the home page, rendered from a template; absent where `context` is None."""

    template: str
    context: dict
    order: int = 100


@dataclass(frozen=True)
class Menu:
    """An entry of the main navigation."""

    label: Text
    url: Callable[[], str]
    order: int
    active_prefix: str = ""


@dataclass
class Registry:
    """Named providers, called in order of registration."""

    providers: dict[str, Callable] = field(default_factory=dict)

    def register(self, name: str, provider: Callable) -> None:
        """Add or replace (a reload registers again)."""
        self.providers[name] = provider

    def __call__(self, *args, **kwargs) -> Iterable:
        for provider in self.providers.values():
            yield from provider(*args, **kwargs)


# provider(user) -> iterable of DeskItem
desk_items = Registry()
# provider(user) -> iterable of dict(template=…, context=…): sections under the list on the desk,
# above it with is_first=True: a role's first screen
desk_sections = Registry()
# provider(user) -> iterable of Menu: the rooms this person works in, linked from the desk
desk_places = Registry()
# provider(request) -> iterable of HomeBlock
home_blocks = Registry()
# provider(user) -> iterable of Menu
menus = Registry()
# provider(user, topics, exclude) -> iterable of dict(title, url, kind, language): 'related'
related = Registry()


# --- figures of all rooms at /<lang>/measures/ ---------------------------------------
#: ('region', id), or ('area', id) where a country has no home region (`permissions.
#: region_scope`); None: all that was asked for, which a median is not the sum of.
ScopeKey = tuple[str, int] | None


def by_scope(rows: Iterable[tuple]) -> dict[ScopeKey, list]:
    """(home region, review area, value) as scope → values, and None → all values.

    A row without either is nowhere, and among all.
    """
    found: dict[ScopeKey, list] = {None: []}
    for region, area, value in rows:
        found[None].append(value)
        if region or area:
            scope = ("region", region) if region else ("area", area)
            found.setdefault(scope, []).append(value)
    return found


@dataclass(frozen=True)
class Period:
    """Whole days by the site's clock: `since` is the first, `until` the first one after it."""

    since: datetime.date
    until: datetime.date

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Its first moment, and the first one after it."""
        days = (self.since, self.until)
        midnights = (datetime.datetime.combine(day, datetime.time()) for day in days)
        since, until = (timezone.make_aware(midnight) for midnight in midnights)
        return since, until


@dataclass(frozen=True)
class Figure:
    """A key figure of one region scope in a period; `value` None: nothing to measure."""

    value: int | float | Decimal | None
    of: int | None = None  # over how many things it was taken, where it is no plain count


@dataclass(frozen=True)
class RoomMeasure:
    """A key figure that a room knows by region scope and period.

    `figures(period, areas)` gives scope → Figure, and None → the figure of all
    of them; in the countries of some review areas only where `areas` (a list of
    ReviewArea) are given, as leads ask. Scopes without anything may be left
    out. The same few queries whatever the numbers. One that is not
    `by_region` gives None alone, and only to those who see the whole network.
    """

    name: str  # unique: 'workshops.fill'
    label: Text  # 'Seats taken', without the unit
    unit: str  # '%', 'days', '' for a plain number: as `localize.quantity_text` takes it
    figures: Callable[[Period, list | None], Mapping[ScopeKey, Figure]]
    hint: Text = ""  # how it is counted, a whole sentence
    by_region: bool = True
    url: Callable[[], str] | None = None  # the page with what was counted
    order: int = 100


_measures: dict[str, RoomMeasure] = {}


def register_measure(measure: RoomMeasure) -> None:
    """Add or replace a key figure (a reload registers again)."""
    _measures[measure.name] = measure


def measures() -> list[RoomMeasure]:
    """All of them, by their order."""
    return sorted(_measures.values(), key=lambda one: (one.order, one.name))


# provider(user, period) -> iterable of dict(template=…, context=…): under the figures,
# for those who see the whole network
measure_sections = Registry()


# --- a story begun for an author, out of what somebody noted elsewhere ------------------
# start(author=…, by=…, distributor=…, language=…, words=…) -> the story's row
_story_starts: list[Callable] = []


def register_story_start(start: Callable) -> None:
    """Say how a story begins; the room of the stories does."""
    _story_starts[:] = [start]


def start_story(*, author, by, distributor, language: str, words: str):
    """A draft in the author's name that begins with `words`; the author is told by whom.

    Raises PermissionDenied, or the room's refusal where this person cannot
    write for the distributor.
    """
    [start] = _story_starts
    return start(author=author, by=by, distributor=distributor, language=language, words=words)


@dataclass(frozen=True)
class Reference:
    """Where a key that a text names leads this reader: a story, a workshop."""

    title: str
    url: str
    language: str  # of `title`
    what: Text = ""  # 'Case story'
    number: str = ""  # what people call it by, where it has one


# kind -> resolvers(request, keys) -> {key: Reference}, of what this person may read
_references: dict[str, dict[str, Callable]] = {}


def register_reference(kind: str, name: str, resolve: Callable) -> None:
    """Say where keys of a kind ('case', 'workshop') lead. Several rooms may know keys of one."""
    _references.setdefault(kind, {})[name] = resolve


def resolve_references(request, kind: str, keys: Iterable[str]) -> dict[str, Reference]:
    """Key → where it leads; keys that nobody knows or the person may not read are left out."""
    wanted, found = list(dict.fromkeys(keys)), {}
    for resolve in _references.get(kind, {}).values() if wanted else ():
        found |= resolve(request, wanted)
    return {key: found[key] for key in wanted if key in found}


# name -> provider(kind, key): keys of workshops that are taught with this section or story
_taught: dict[str, Callable[[str, str], Iterable[str]]] = {}


def register_teaching(name: str, provider: Callable[[str, str], Iterable[str]]) -> None:
    """Say which workshops teach a text. The provider costs no query, but for once a minute."""
    _taught[name] = provider


def taught_in(kind: str, key: str) -> list[str]:
    """Keys of the workshops that are taught with a text, for `resolve_references`."""
    return list(dict.fromkeys(found for one in _taught.values() for found in one(kind, key)))


# guard name -> predicate(user, guard_key) -> bool, for media
_guards: dict[str, Callable[[object, str], bool]] = {}


def register_guard(name: str, may_see: Callable[[object, str], bool]) -> None:
    """Let media name `name` as the thing whose permission they follow."""
    _guards[name] = may_see


def may_see_media(user, media) -> bool:
    """Whether the person may fetch this picture or document; an unknown guard refuses."""
    from network.permissions import is_member

    if media.guard == "public":
        return True
    if media.guard == "members":
        return is_member(user)
    check = _guards.get(media.guard)
    return bool(check and check(user, media.guard_key))
