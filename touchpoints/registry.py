"""Kinds of message: each names its audience and its words (R18)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from network.registry import Text


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a mail. `kind` is its type with parameters,
    e.g. 'text/calendar; method=REQUEST'; the charset is UTF-8."""

    name: str
    content: str
    kind: str = "text/plain"


@dataclass(frozen=True)
class Message:
    """Words of one mail in the active language."""

    subject: str
    lines: tuple[str, ...]  # paragraphs of plain text
    url: str = ""  # path on the site; sign-in returns to it
    action: str = ""  # the button's words
    html: str = ""  # a whole HTML part where a kind has its own (the bulletin)
    text: str = ""  # its plain twin
    reply_to: str = ""  # address of a person who waits for an answer by mail
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if self.html and not self.text:
            raise ValueError("A message with its own HTML needs its plain twin (R18).")


@dataclass(frozen=True)
class Kind:
    """A touch-point. `audience(obj, data)` yields the people it is for and nobody else.

    `words(obj, data, user)` is called in the receiver's language at sending;
    None means that the occasion has passed, and the delivery is suppressed.
    `optional` ones follow the person's mail rhythm (at once, daily, weekly; with
    `at_once` they do not) and may be switched off, by kind or all together; an
    `opt_in` one goes only to those who asked for it. Others always go at once.
    `label` is what the mail settings call it, e.g. 'A story of mine moves on'.

    At sending the audience is asked again, so that nobody gets what they may
    no longer see. `still_for(obj, user, data)` answers instead where the
    audience at the time of telling would be wrong by then, or costly.
    `per_person=False` promises that the words are the same for everybody with
    one language: `words` then gets None for the user, once for thousands.
    What must differ all the same stands there as `touchpoints.personal.placeholder(name)`,
    and `personal(obj, delivery)` gives this receiver's values by name: called for each
    row just before it goes out, so it must not ask the database. `delivery` has its
    mailing, user (None for a bare address) and distributor; a person who is contact of
    two distributors gets one mail, for the first of them.
    """

    name: str
    audience: Callable[..., Iterable]
    audience_label: str
    words: Callable[..., Message | None]
    optional: bool = True
    still_for: Callable[..., bool] | None = None
    per_person: bool = True
    personal: Callable[..., dict[str, str]] | None = None
    at_once: bool = False
    opt_in: bool = False
    label: Text = ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind. Names are 'room.event'."""
    _kinds[kind.name] = kind
    return kind


def kind(name: str) -> Kind:
    """Raises KeyError for an unregistered kind: a typo must not pass silently."""
    return _kinds[name]


def kinds() -> list[Kind]:
    """All kinds, for the ledger and the tests that prove each audience."""
    return list(_kinds.values())


_labels: dict[str, Text] = {}


def name_kinds(labels: dict[str, Text]) -> None:
    """What the mail settings call kinds that do not say it themselves."""
    _labels.update(labels)


def has_label(name: str) -> bool:
    """Whether a person can be asked about this kind by a name of its own."""
    return bool(_labels.get(name) or (name in _kinds and _kinds[name].label))


def label_of(name: str) -> str:
    """What the mail settings call a kind, in the active language; empty for an unknown one."""
    told = _kinds.get(name)
    if told is None:
        return ""
    label = told.label or _labels.get(name)
    return str(label or _("Messages for: %(audience)s") % {"audience": told.audience_label})
