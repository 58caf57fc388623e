"""What a change would do to people, found out by doing it: then undone, or kept.

The preview and the change are the same function in the same transaction; only
its end differs. A preview has a mark of all that it showed; the change is
kept only where doing it again has the same mark, else nothing happened and
the new preview is shown.
"""

import contextlib
import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from network.tree import writing_in_turn
from touchpoints.api import object_key
from touchpoints.models import Delivery
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, Session

# An enrolment's place: (session id, state).
Place = tuple[int, str]
# Not among what two previews are compared by: who made a row and when says nothing of people.
_UNSEEN = {"id", "created_at", "created_by_id", "number"}
# What a change counts from its own minute: a preview and its confirmation never agree on it.
_OF_THE_MINUTE = {"cancel_until"}


class PreviewStale(TransitionRefused):
    """Things changed since the preview was shown; `effects` is what it would do now."""

    def __init__(self, effects: "Effects"):
        super().__init__(
            _("Something changed since you saw this. Nothing was done: look again, then confirm.")
        )
        self.effects = effects


@dataclass(frozen=True)
class Effect:
    """What happens to one enrolled person. `before` and `after` are places; `told` kinds."""

    enrolment: Enrolment
    before: Place
    after: Place
    told: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether seat, place in line or session is another afterwards."""
        return self.before != self.after


@dataclass
class Effects:
    """What a change does. `shown` is what `describe` gave; `refused` names each session that the
    change cannot be made to, with the sentence why."""

    people: list[Effect] = field(default_factory=list)
    mails: int = 0
    shown: object = None
    refused: list[tuple[Session, str]] = field(default_factory=list)
    mark: str = ""

    @property
    def moved(self) -> list[Effect]:
        """Those whose place changes."""
        return [one for one in self.people if one.changes]


def foresee(sessions: Iterable[Session], change: Callable, *, describe=None) -> Effects:
    """What `change()` would do to those of the sessions; it is done and undone.

    Raises what `change` raises.
    """
    with _alone(sessions) as held:
        effects = _effects(held, change, describe)
        transaction.set_rollback(True)
    return effects


def carry_out(sessions: Iterable[Session], change: Callable, *, seen: str, describe=None):
    """Do it, where its effects are those that were `seen` (`Effects.mark`). Returns the effects.

    Raises PreviewStale with the present effects, nothing done; and what
    `change` raises.
    """
    with _alone(sessions) as held:
        effects = _effects(held, change, describe)
        if effects.mark != seen:
            transaction.set_rollback(True)
    if effects.mark != seen:
        raise PreviewStale(effects)
    return effects


class Refusals(list):
    """(session, sentence) for each session that a change of several could not be made to."""


def each(sessions: Iterable[Session], change: Callable) -> Refusals:
    """`change(session)` to each; one that is refused stays as it was and is returned."""
    refused = Refusals()
    for session in sorted(sessions, key=lambda one: one.pk):
        try:
            with transaction.atomic():
                change(session)
        except TransitionRefused as refusal:
            refused.append((session, str(refusal)))
    return refused


def fingerprint(session: Session) -> str:
    """A mark of all that a session's form shows: another one means that somebody changed it."""
    return _hash(_facts([session.pk]))


# --- parts ----------------------------------------------------------------------------
@contextlib.contextmanager
def _alone(sessions: Iterable[Session]) -> Iterator[list[int]]:
    """One transaction that holds the sessions' rows, in one order everywhere: no two previews
    wait for each other."""
    keys = sorted({session.pk for session in sessions})
    with writing_in_turn(), transaction.atomic():
        list(Session.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
        yield keys


def _effects(keys: list[int], change: Callable, describe) -> Effects:
    facts, before = _facts(keys), _places(keys)
    last = Delivery.objects.aggregate(last=Max("pk"))["last"] or 0
    effects, done = Effects(), change()
    if isinstance(done, Refusals):
        effects.refused = done
    effects.shown = describe(done) if describe else None
    after = {row.pk: row for row in Enrolment.objects.filter(pk__in=before).select_related("user")}
    told, effects.mails = _told(last, keys, before)
    for pk, (place, user) in before.items():
        row = after[pk]
        effect = Effect(row, place, (row.session_id, row.state), tuple(sorted(told[user])))
        if effect.changes or effect.told:
            effects.people.append(effect)
    effects.mark = _hash(
        facts,
        _facts(keys, _OF_THE_MINUTE),
        [(pk, before[pk][0], row.session_id, row.state) for pk, row in sorted(after.items())],
        sorted((user, sorted(kinds)) for user, kinds in told.items()),
        sorted((session.pk, why) for session, why in effects.refused),
        effects.shown,
    )
    return effects


def _places(keys: list[int]) -> dict[int, tuple[Place, int]]:
    """Enrolment → (place, person), for those that have or may get a seat."""
    rows = Enrolment.objects.counting().filter(session__in=keys).order_by("pk")
    return {
        pk: ((session, state), user)
        for pk, session, state, user in rows.values_list("pk", "session", "state", "user")
    }


def _told(last: int, keys: list[int], before: dict) -> tuple[dict[int, set[str]], int]:
    """(person → kinds of message, number of mails) that were queued after delivery `last`."""
    session, enrolment = Session._meta.label_lower, Enrolment._meta.label_lower
    about = [f"{session}:{pk}" for pk in keys] + [f"{enrolment}:{pk}" for pk in before]
    rows = Delivery.objects.filter(pk__gt=last, mailing__object_key__in=about)
    told: dict[int, set[str]] = defaultdict(set)
    mails = 0
    for user, kind in rows.values_list("user", "mailing__kind"):
        told[user].add(kind)
        mails += 1
    return told, mails


def _facts(keys: list[int], but: frozenset[str] | set[str] = frozenset()) -> list:
    """All that stands in the sessions' rows and beside them, `but` these columns."""
    sessions = Session.objects.filter(pk__in=keys).order_by("pk")
    rows = [
        {name: value for name, value in row.items() if name not in _UNSEEN | but}
        for row in sessions.values()
    ]
    beside = [
        sorted(sessions.order_by().values_list("pk", *names))
        for names in (
            ("days__starts_at", "days__ends_at"),
            ("trainers", "trainers__is_active"),
            ("materials",),
        )
    ]
    quotas = Session.quotas.rel.related_model.objects.filter(session__in=keys)
    kept = quotas.order_by("pk").values_list(
        "session", "region", "review_area", "seats", "held_until"
    )
    return [rows, beside, list(kept)]


def _hash(*parts) -> str:
    text = json.dumps(parts, default=_as_text, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _as_text(value) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return object_key(value) if hasattr(value, "_meta") else str(value)
