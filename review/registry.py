"""Rooms register what can be reviewed; this room knows none of them by name."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Item:
    """A paragraph, KPI row or field: what a note can point at.

    `text` is what is compared between rounds, in the active language; `words`
    are the author's own, to be put into another language (None: the text
    itself; empty: nothing to translate). The template shows the item as
    readers will see it.
    """

    anchor: str  # block id, measure_key or field name
    text: str
    template: str = "review/items/text.html"
    context: dict = field(default_factory=dict)
    label: Text = ""  # what it is, where its text alone does not say
    words: str | None = None

    @property
    def source(self) -> str:
        """What a working translation is made from."""
        return (self.text if self.words is None else self.words).strip()


@dataclass(frozen=True)
class Part:
    """A section of the thing, with its number on the sheet (None for none)."""

    title: Text
    items: tuple[Item, ...]
    number: int | None = None


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue, or of the desk."""

    key: str  # what the address carries, e.g. a story's number
    title: str
    language: str  # of the title
    place: str  # e.g. the country
    since: datetime.datetime
    state: str  # a `.state[data-s]`
    state_label: Text
    kind: str = "review"  # 'review', 'assign', 'appeal' or 'translate': what this person is to do
    holder: str = ""  # the name of who has it
    due: datetime.datetime | None = None
    waits: bool = False  # its clock begins when the reviewer can read it
    minutes: int | None = None
    to_language: str = ""  # for 'translate': a language the reviewer reads


@dataclass(frozen=True)
class HistoryRow:
    """One thing that happened, for the log."""

    at: datetime.datetime
    what: Text
    by: str
    reason: str = ""
    holder: str = ""


@dataclass(frozen=True)
class Action:
    """A button of the review desk. `why_not` disables it and says why.

    `run(by=…, reason=…, choice=…, rubric=…, step=…, seen_revision=…)` calls
    the room's transition, which decides for itself and may still refuse.
    """

    name: str
    label: Text
    run: Callable[..., None]
    done: Text  # said afterwards
    why_not: str = ""
    needs_reason: bool = False
    choices: tuple[tuple[str, Text], ...] = ()  # (value, label)
    choice_label: Text = ""
    group: str = "decide"  # 'decide': main buttons; 'more': under 'Other ways'


@dataclass(frozen=True)
class Reviewable:
    """What a room gives for one of its models."""

    model: type[Model]
    key_field: str  # unique; stands in the address
    title: Callable[[Model], str]
    language: Callable[[Model], str]
    # state of the thing: (data-s, words)
    state: Callable[[Model], tuple[str, Text]]
    # facts under the title, each a sentence or a name
    facts: Callable[[Model], list[Text]]
    holder: Callable[[Model], object]
    step: Callable[[Model], str]  # '' where it waits for no decision
    # the revision a reviewer looks at, and the parts of a revision
    revision: Callable[[Model], object]
    render: Callable[[Model, object, object], list[Part]]  # obj, revision, user
    at_desk: Callable[[object], QuerySet]  # what a person may open as a reviewer
    for_authors: Callable[[object], QuerySet]  # what a person wrote
    to_translate: Callable[[object], QuerySet]  # what a person may put into another language
    may_review: Callable[[object, Model, str], bool]
    why_not: Callable[[object, Model, str], str]
    decide: Callable[..., None]
    actions: Callable[[Model, object], list[Action]]
    queue: Callable[[object, str], list[QueueRow]]  # user, review.views.SHOWS
    waiting: Callable[[object], list[QueueRow]]  # for the desk: few queries, whoever asks
    history: Callable[[Model], Iterable[HistoryRow]]
    may_see_log: Callable[[object, Model], bool]
    notes_sent: Callable[..., None]  # (obj, by): tell the authors
    note_answered: Callable[..., None]  # (obj, by, to): tell whoever asked
    follow_url: Callable[[Model], str]  # where its author follows it
    # who hears that a step is late: (obj, step, the person who is late)
    overseers: Callable[[Model, str, object], Iterable] = lambda obj, step, late: ()
    # where its log can be taken along as a file: (kind of file, address)
    log_files: Callable[[Model], list[tuple[str, str]]] = lambda obj: []
    # of (obj, reviewer) pairs: the id of each that its reviewer can read → since when
    readable_since: Callable[[Iterable[tuple]], dict[int, datetime.datetime]] = lambda pairs: {}


_reviewables: dict[type[Model], Reviewable] = {}


def register(reviewable: Reviewable) -> None:
    """Add a model that can be reviewed."""
    _reviewables[reviewable.model] = reviewable


def reviewable_for(obj_or_model) -> Reviewable:
    """The registration of an object's model. Raises KeyError where there is none."""
    model = obj_or_model if isinstance(obj_or_model, type) else type(obj_or_model)
    return _reviewables[model]


def reviewables() -> list[Reviewable]:
    """All of them, in order of registration."""
    return list(_reviewables.values())


# --- what a reader may stop the line at (R9) -----------------------------------------
@dataclass(frozen=True)
class Place:
    """A place in a text that a mark can stand at."""

    anchor: str  # also its place in the page's address; '' for the whole
    label: Text
    words: str = ""


@dataclass(frozen=True)
class Flaggable:
    """A kind of text that readers read, each by a key that all its languages share.

    `find` gives what readers see in one language, None where nothing is
    there; the others take what it gives. `answerers` and `may_answer` take
    the key: a text may be gone when its mark is answered.
    """

    kind: str
    label: Text  # 'Section of the Silver Book'
    find: Callable[[str, str], object | None]  # key, language
    may_see: Callable[[object, object], bool]  # user, text
    title: Callable[[object], str]
    url: Callable[[object], str]  # under the reader's own prefix
    places: Callable[[object], list[Place]]  # without the whole
    answerers: Callable[[str], Iterable]  # who is told of a new mark
    may_answer: Callable[[object, str], bool]  # user, key
    waiting: Callable[[object], Q | None]  # which open marks of this kind wait for a person


_flaggables: dict[str, Flaggable] = {}


def register_flaggable(flaggable: Flaggable) -> None:
    """Let readers mark defects in a kind of text."""
    _flaggables[flaggable.kind] = flaggable


def page_flaggable(kind: str, label: Text, find, **rest) -> Flaggable:
    """A kind of text whose texts are pages: seen, named and found as pages are.

    `rest`: the other fields of `Flaggable`; without `places` a mark stands at the whole.
    """
    rest.setdefault("places", lambda page: [])
    return Flaggable(
        kind=kind,
        label=label,
        find=find,
        may_see=lambda user, page: page.may_be_read_by(user),
        title=lambda page: page.title,
        url=lambda page: page.get_url() or "",
        **rest,
    )


def flaggable_of(kind: str) -> Flaggable | None:
    """The registration of a kind; None where there is none."""
    return _flaggables.get(kind)


def flaggables() -> list[Flaggable]:
    """All of them, in order of registration."""
    return list(_flaggables.values())


# --- what a member may ask at (R6), and rate (R11) ------------------------------------
@dataclass(frozen=True)
class Askable:
    """A kind of thing at which members ask: a story, a section, an issue, a form part, an area.

    `find`, `may_see`, `title`, `url` and `places` are as a `Flaggable`'s. `visible`
    says of many keys which a person may see at all: whoever may not sees none
    of the questions there but their own. `authors` are asked first; then the
    campaigners of `area`, which takes the asker too; then the editors.
    """

    kind: str
    label: Text
    find: Callable[[str, str], object | None]  # key, language
    may_see: Callable[[object, object], bool]  # user, thing
    visible: Callable[[object, Iterable[str]], set[str]]  # user, keys
    title: Callable[[object], str]
    url: Callable[[object], str]
    places: Callable[[object], list[Place]]
    authors: Callable[[str], Iterable]  # key
    area: Callable[[str, object], Model | None]  # key, asker: a ReviewArea
    is_private: bool = False  # nothing asked here is for other readers: an unfinished text
    is_rated: bool = False  # readers say how useful it was


_askables: dict[str, Askable] = {}


def register_askable(askable: Askable) -> None:
    """Let members ask at a kind of thing."""
    _askables[askable.kind] = askable


def askable_of(kind: str) -> Askable | None:
    """The registration of a kind; None where there is none."""
    return _askables.get(kind)
