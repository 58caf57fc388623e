"""Proof of practice: handed in, accepted or sent back, lapsed, given more time."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import GkcDocument, GkcImage
from network.uploads import take_upload
from network.working_days import days_anywhere, local_day
from touchpoints.api import tell
from workshops.exceptions import TransitionRefused
from workshops.models import PracticeProof, ProofEvent, ProofState
from workshops.models.proof import GUARD
from workshops.permissions import can_hand_in, can_judge_proof
from workshops.transitions.core import need_reason, system

MAX_TEXT = 10_000  # characters
# Who gets it back has at least so many days, however late it was.
AGAIN_DAYS = 14
MOST_DAYS_MORE = 366
# Days before the last one on which reminders go out: the first, the second.
REMIND_DAYS = (14, 3)
MOST_A_RUN = 200


def hand_in(proof: PracticeProof, *, by, text: str = "", story: str = "", upload=None):
    """Show what one did, in words, as a file, or by a story; trainers and coordinator are told.

    `upload` is a file that a person sent; the one before stays when there is
    none. Raises PermissionDenied, UploadRefused for a file that is not taken, or
    TransitionRefused for nothing at all, when it waits for an answer, or when
    the time is over.
    """
    with transaction.atomic():
        found = _locked(proof)
        if not can_hand_in(by, found):
            raise PermissionDenied
        _refuse_unless_open(found)
        text, story = (text or "").strip(), (story or "").strip()
        if len(text) > MAX_TEXT:
            raise TransitionRefused(_("This text is too long. Shorten it, then send."))
        if upload is not None:
            _take_file(found, upload, by=by)
        if not text and not story and found.file is None:
            raise TransitionRefused(
                _("Say what you did, send a file, or name the story that tells of it.")
            )
        found.text, found.story = text, story
        _set(found, ProofState.HANDED_IN)
        words = "\n".join(filter(None, [text, story, found.file.title if found.file else ""]))
        ProofEvent.objects.create(proof=found, verb="hand_in", by=by, words=words)
        tell("workshops.practice_handed_in", found)
        return found


def accept_proof(proof: PracticeProof, *, by, words: str = "") -> PracticeProof:
    """It counts. Twice changes nothing. Raises PermissionDenied, or TransitionRefused where
    nothing waits."""
    with transaction.atomic():
        found = _locked(proof)
        if not can_judge_proof(by, found):
            raise PermissionDenied
        if found.state == ProofState.ACCEPTED:
            return found
        _refuse_unless_handed_in(found)
        _set(found, ProofState.ACCEPTED)
        words = (words or "").strip()
        ProofEvent.objects.create(proof=found, verb="accept", by=by, words=words)
        tell("workshops.practice_accepted", found, words=words)
        return found


def send_back(proof: PracticeProof, *, by, words: str) -> PracticeProof:
    """It does not count yet, and why; there are two weeks at least to show more.

    Raises PermissionDenied, or TransitionRefused without words or where nothing waits.
    """
    with transaction.atomic():
        found = _locked(proof)
        if not can_judge_proof(by, found):
            raise PermissionDenied
        _refuse_unless_handed_in(found)
        words = need_reason(words)
        least = _today(found) + datetime.timedelta(days=AGAIN_DAYS)
        moved = least if found.due_on < least else None
        found.due_on = moved or found.due_on
        _set(found, ProofState.RETURNED)
        ProofEvent.objects.create(proof=found, verb="send_back", by=by, words=words, due_on=moved)
        tell("workshops.practice_returned", found, words=words)
        return found


def extend_proof(proof: PracticeProof, due_on: datetime.date, *, by, reason: str) -> PracticeProof:
    """Give more time, with a reason; one that lapsed may be handed in again.

    Raises PermissionDenied, or TransitionRefused without a reason, for a day
    that is no later, or where nothing is owed.
    """
    with transaction.atomic():
        found = _locked(proof)
        if not can_judge_proof(by, found):
            raise PermissionDenied
        if found.state in (ProofState.HANDED_IN, ProofState.ACCEPTED):
            raise TransitionRefused(_("Nothing is owed here: it has been handed in."))
        today = _today(found)
        if due_on <= max(found.due_on, today):
            raise TransitionRefused(_("Name a day that is later than the one that stands."))
        if due_on > today + datetime.timedelta(days=MOST_DAYS_MORE):
            raise TransitionRefused(_("More than a year is no practice of this course any more."))
        reason = need_reason(reason)
        found.due_on, found.reminders = due_on, 0
        _set(found, ProofState.DUE if found.state == ProofState.LAPSED else found.state)
        ProofEvent.objects.create(proof=found, verb="extend", by=by, words=reason, due_on=due_on)
        tell("workshops.practice_extended", found, reason=reason)
        return found


def lapse_proofs(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """End those whose last day is over where the attendee is. Returns how many."""
    now = now or timezone.now()
    due = PracticeProof.objects.open().filter(due_on__lt=days_anywhere(now)[1])
    held = PracticeProof.objects.open().select_for_update(of=("self",))
    ended = 0
    for pk in list(due.order_by("due_on", "pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            found = held.select_related("enrolment__user").filter(pk=pk).first()
            if found is None or found.due_on >= _today(found, now):
                continue
            _set(found, ProofState.LAPSED)
            ProofEvent.objects.create(proof=found, verb="lapse", by=system())
            tell("workshops.practice_lapsed", found)
            ended += 1
    return ended


def remind_of_practice(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Remind two weeks and three days before the last day, the nearest one only. Returns how many
    were told."""
    now = now or timezone.now()
    first, last = days_anywhere(now)
    told = 0
    for number, days in reversed(list(enumerate(REMIND_DAYS, start=1))):
        due = PracticeProof.objects.open().filter(
            due_on__gte=first,
            due_on__lte=last + datetime.timedelta(days=days),
            reminders__lt=number,
        )
        for found in due.select_related("enrolment__user").order_by("due_on", "pk"):
            if told == most or not 0 <= (found.due_on - _today(found, now)).days <= days:
                continue
            with transaction.atomic():
                if due.filter(pk=found.pk, due_on=found.due_on).update(reminders=number):
                    tell("workshops.practice_reminder", found, due_on=found.due_on.isoformat())
                    told += 1
    return told


# --- parts ---------------------------------------------------------------------------------
def _today(proof: PracticeProof, now: datetime.datetime | None = None) -> datetime.date:
    """The day that it is where the attendee is."""
    return local_day(now or timezone.now(), proof.enrolment.user.time_zone)


def _locked(proof: PracticeProof) -> PracticeProof:
    PracticeProof.objects.select_for_update().get(pk=proof.pk)
    rows = PracticeProof.objects.select_related(
        "enrolment__user", "enrolment__session__programme", "document", "image"
    )
    return rows.get(pk=proof.pk)


def _set(proof: PracticeProof, state: ProofState) -> None:
    if proof.state != state:
        proof.state, proof.since = state, timezone.now()
    proof.save()


def _refuse_unless_open(proof: PracticeProof) -> None:
    """One whose day is over is refused even where no sweep came by yet."""
    if proof.state == ProofState.ACCEPTED:
        raise TransitionRefused(_("Your proof of practice has been accepted already."))
    if proof.state == ProofState.HANDED_IN:
        raise TransitionRefused(_("It has been handed in, and waits for an answer."))
    if proof.state == ProofState.LAPSED or proof.due_on < _today(proof):
        raise TransitionRefused(
            _("The time for it is over. Ask the coordinator for more, and say why.")
        )


def _refuse_unless_handed_in(proof: PracticeProof) -> None:
    if proof.state != ProofState.HANDED_IN:
        raise TransitionRefused(_("Nothing waits for an answer here."))


def _take_file(proof: PracticeProof, upload, *, by) -> None:
    """The new file in the place of the one before, which goes."""
    old = proof.file
    taken = take_upload(upload, guard=GUARD, guard_key=str(proof.pk), by=by)
    proof.document = taken if isinstance(taken, GkcDocument) else None
    proof.image = taken if isinstance(taken, GkcImage) else None
    proof.save(update_fields=["document", "image"])
    if old is not None:
        old.delete()
