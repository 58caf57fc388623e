"""Responses: what a distributor does with another's story, and what came of it.

Each locks the story's row: of two people who answer for one firm at once the
later sees the newer word instead of writing over it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.answers import Answer
from bulletins.exceptions import AnswerIncomplete, NewerResponse, TransitionRefused
from bulletins.models import (
    Case,
    HandOver,
    Reason,
    Response,
    ResponseChange,
    ResponseResult,
    Via,
    WillTry,
)
from bulletins.permissions import can_read_published, can_view_case
from bulletins.response_rules import can_answer_for, can_coach, can_respond
from bulletins.transitions.drafts import start_case
from network.permissions import belongs_to, is_member
from touchpoints.api import tell

MAX_NOTE = 300  # characters beside a hand-over
MAX_TRY_NOTE = 2000
MAX_COACHING = 3000


@dataclass(frozen=True)
class Measured:
    """One KPI row as a distributor fills it: before → after, with the day of each."""

    measure_key: str
    before: Decimal
    after: Decimal
    after_on: datetime.date
    before_on: datetime.date | None = None


def respond(
    case: Case,
    distributor,
    answer: Answer,
    *,
    by,
    seen: int = 0,
    via: str = Via.DESK,
    typed_name: str = "",
    typed_address: str = "",
) -> Response:
    """Say a distributor's word on a story, or change it; its history is kept.

    `seen` is the version that the person looked at, 0 for none. The same word
    again changes nothing, so that a form sent twice is one answer. By a link,
    `by` is the contact whose link was used, and what is answered stays. Raises PermissionDenied,
    AnswerIncomplete, NewerResponse where somebody answered since, and
    TransitionRefused where the story is gone.
    """
    answer = answer.checked(Reason.values)
    with transaction.atomic():
        locked = _locked(case)
        current = Response.objects.filter(case=locked, distributor=distributor).first()
        _check_may(by, distributor, locked)
        if current is not None and answer.same_as(current):
            return current
        # Whoever holds a link may be anybody: it adds a word and takes none back.
        settled = current is not None and not current.is_due_again
        _check_seen(current, 0 if via == Via.LINK and settled else seen)
        now = timezone.now()
        response = current or Response(case=locked, distributor=distributor, first_at=now)
        was_taken_over = response.adopted_at is not None
        for name in ("choice", "until", "who", "reason", "words"):
            setattr(response, name, getattr(answer, name))
        response.by, response.at, response.via = by, now, via
        response.typed_name, response.typed_address = typed_name, typed_address
        response.adopted_at = (response.adopted_at or now) if response.is_taken_over else None
        response.version = current.version + 1 if current else 1
        response.save()
        _write_change(response)
        HandOver.objects.open().filter(case=locked, distributor=distributor).update(ended_at=now)
        if response.is_taken_over and not was_taken_over:
            tell("bulletins.response_adopted", response)
        return response


def tell_link_owner(responses: list[Response], *, contact, name: str, address: str) -> None:
    """The contact learns what was answered with the link from their mail, by whom it says it was.

    One message for all of it; none where nothing was answered.
    """
    if responses:
        tell(
            "bulletins.response_by_link",
            responses[0],
            contact=contact.pk,
            responses=[response.pk for response in responses],
            name=name,
            address=address,
        )


def report_results(response: Response, rows: Iterable[Measured], *, by, seen: int) -> Response:
    """What was measured after taking the practice over, in the story's own KPI rows.

    The rows replace those reported before; units are the story's. Raises as
    `respond`, and TransitionRefused where the practice is not taken over or a
    row is not the story's.
    """
    rows = list(rows)
    with transaction.atomic():
        locked = _locked(response.case)
        current = Response.objects.select_related("distributor").get(pk=response.pk)
        _check_may(by, current.distributor, locked)
        if not current.is_taken_over:
            raise TransitionRefused(_("Results belong to a practice that you took over."))
        known = {str(row.measure_key): row for row in locked.results.all()}
        _check_rows(rows, known)
        if _same_rows(rows, current):
            return current
        _check_seen(current, seen)
        now = timezone.now()
        current.results.all().delete()
        ResponseResult.objects.bulk_create(
            ResponseResult(
                response=current,
                measure_key=row.measure_key,
                measure_id=known[row.measure_key].measure_id,
                unit=known[row.measure_key].unit,
                before=row.before,
                after=row.after,
                before_on=row.before_on,
                after_on=row.after_on,
                by=by,
                at=now,
            )
            for row in rows
        )
        current.measured_at = (current.measured_at or now) if rows else None
        current.version += 1
        current.by, current.at, current.via = by, now, Via.DESK
        current.typed_name = current.typed_address = ""
        current.save()
        _write_change(current)
        return current


def hand_over(case: Case, distributor, *, to, until: datetime.date, by, note: str = "") -> HandOver:
    """Give the answer to a colleague, by a day; what was given to another before ends.

    Raises PermissionDenied for anybody but the distributor's managers,
    AnswerIncomplete for a past day or somebody who is not of the firm.
    """
    if until < timezone.localdate():
        raise AnswerIncomplete("until", _("This day is past. Choose a later one."))
    if len(note) > MAX_NOTE:
        raise AnswerIncomplete("note", _("This is too long: 300 characters at most."))
    with transaction.atomic():
        locked = _locked(case)
        if not can_answer_for(by, distributor) or not can_respond(by, distributor, locked):
            _check_there(locked)
            raise PermissionDenied
        if not belongs_to(to, distributor) or to.is_system or not can_read_published(to, locked):
            raise AnswerIncomplete("to", _("Choose a colleague of your distributor."))
        now = timezone.now()
        open_ones = HandOver.objects.open().filter(case=locked, distributor=distributor)
        held = open_ones.first()
        if held is not None and held.to_id == to.pk and held.until == until and held.note == note:
            return held
        open_ones.update(ended_at=now)
        handed = HandOver.objects.create(
            case=locked, distributor=distributor, to=to, until=until, note=note, by=by, at=now
        )
        tell("bulletins.response_handed", handed)
        return handed


def take_back(handed: HandOver, *, by) -> None:
    """The manager answers after all. Raises PermissionDenied; twice changes nothing."""
    with transaction.atomic():
        found = HandOver.objects.select_for_update().get(pk=handed.pk)
        if not can_answer_for(by, found.distributor):
            raise PermissionDenied
        if found.ended_at is None:
            found.ended_at = timezone.now()
            found.save(update_fields=["ended_at"])


def will_try(case: Case, *, by, note: str = "") -> WillTry:
    """A reader means to try it; saying so again changes the note.

    Raises PermissionDenied for whoever may not read the story, TransitionRefused
    for a note that is too long.
    """
    if not is_member(by) or not case.is_published or not can_view_case(by, case):
        raise PermissionDenied
    if len(note) > MAX_TRY_NOTE:
        raise TransitionRefused(_("The note is too long: 2,000 characters at most."))
    row, _made = WillTry.objects.update_or_create(user=by, case=case, defaults={"note": note})
    return row


def will_not_try(case: Case, *, by) -> None:
    """Take the mark and its note away; without one nothing happens."""
    WillTry.objects.filter(user_id=by.pk, case=case).delete()


def start_story_from(response: Response, *, by, language: str) -> Case:
    """A new story out of a practice that was taken over, linked to its origin (R8).

    Raises PermissionDenied for whoever may not write for the distributor,
    TransitionRefused where the practice is not taken over.
    """
    if not response.is_taken_over:
        raise TransitionRefused(_("Tell a story of a practice once you took it over."))
    return start_case(
        by=by, distributor=response.distributor, language=language, based_on=response.case
    )


def coach(distributor, *, by, text: str) -> None:
    """A campaigner's word to a distributor's contacts about its answers; kept in the ledger.

    Raises PermissionDenied, AnswerIncomplete for an empty or too long text,
    and TransitionRefused where the distributor has no contact.
    """
    if not can_coach(by, distributor):
        raise PermissionDenied
    text = text.strip()
    if not text:
        raise AnswerIncomplete("text", _("Write what you want to say."))
    if len(text) > MAX_COACHING:
        raise AnswerIncomplete("text", _("This is too long: 3,000 characters at most."))
    with transaction.atomic():
        mailing = tell("bulletins.response_coaching", distributor, by=by.pk, text=text)
        if not mailing.deliveries.exists():
            raise TransitionRefused(_("This distributor has no contact to write to."))


# --- what they share ------------------------------------------------------------
def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _check_there(case: Case) -> None:
    if not case.is_published:
        raise TransitionRefused(
            _("This story was taken back meanwhile. It needs no answer any more.")
        )


def _check_may(by, distributor, case: Case) -> None:
    if not can_respond(by, distributor, case):
        _check_there(case)
        raise PermissionDenied


def _check_seen(current: Response | None, seen: int) -> None:
    if current is not None and current.version != seen:
        raise NewerResponse(
            _("Somebody answered for your distributor meanwhile. Look at it, then save again."),
            current,
        )


def _write_change(response: Response) -> None:
    ResponseChange.objects.create(
        response=response,
        results=[
            {
                "measure_key": str(row.measure_key),
                "unit": row.unit,
                "before": f"{row.before.normalize():f}",
                "after": f"{row.after.normalize():f}",
                "before_on": row.before_on.isoformat() if row.before_on else None,
                "after_on": row.after_on.isoformat(),
            }
            for row in response.results.all()
        ],
        **{
            name: getattr(response, name)
            for name in (
                *("choice", "until", "who", "reason", "words", "by", "at", "via"),
                *("typed_name", "typed_address", "version"),
            )
        },
    )


def _check_rows(rows: list[Measured], known: dict) -> None:
    today = timezone.localdate()
    for row in rows:
        if row.measure_key not in known:
            raise TransitionRefused(_("The story no longer has this measure. Load the page again."))
        if row.after_on > today:
            raise AnswerIncomplete("after_on", _("This day is still to come."))
        if row.before_on is not None and row.before_on > row.after_on:
            raise AnswerIncomplete("before_on", _("The first day lies after the second."))


def _same_rows(rows: list[Measured], current: Response) -> bool:
    kept = {
        (str(row.measure_key), row.before, row.after, row.before_on, row.after_on)
        for row in current.results.all()
    }
    return kept == {
        (row.measure_key, row.before, row.after, row.before_on, row.after_on) for row in rows
    }
