"""Refusals are written down: whoever is kept out leaves a row with the reason, and who asked."""

import contextlib
import datetime
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from network.tree import writing_in_turn
from workshops.exceptions import KeptOut
from workshops.models import EntryRefusal, Programme, Session
from workshops.seats import place_of


@contextlib.contextmanager
def noting_refusals(session: Session, people: Iterable, verb: str, *, by) -> Iterator[None]:
    """Round `changing`, by every way in: a refusal takes back all that was begun, and only then
    is it written down. It is raised on.

    In a transaction of the caller's own the row shares its fate.
    """
    try:
        yield
    except KeptOut as refusal:
        _note(session, list(people), verb, refusal, by=by)
        raise


def _note(session: Session, people: list, verb: str, refusal: KeptOut, *, by) -> None:
    """A row for each person whom it is about, unless today's stands already. Four queries or so."""
    about = people
    if refusal.lacks is not None:
        about = [person for person in people if person.pk in refusal.lacks]
    now, programme = timezone.now(), Programme.objects.get(sessions=session.pk)
    rows = [
        EntryRefusal(
            session=session,
            user=person,
            distributor=place_of(person, programme)[0],
            at=now,
            day=now.astimezone(datetime.UTC).date(),
            verb=verb,
            why=refusal.why,
            lacks=[_plain(one) for one in _missing(refusal, person)],
            by=by,
        )
        for person in {person.pk: person for person in about}.values()
    ]
    with writing_in_turn(), transaction.atomic():
        EntryRefusal.objects.bulk_create(rows, ignore_conflicts=True)


def _missing(refusal: KeptOut, person) -> tuple:
    found = (refusal.lacks or {}).get(person.pk, ())
    return found or getattr(refusal, "missing", ())


def _plain(missing) -> dict:
    """A `Missing` as it is stored: without words, which are the reader's."""
    found = {"what": missing.what}
    if missing.by is not None:
        found["by"] = missing.by
    if missing.programme is not None:
        found["course"] = missing.programme.key
    return found
