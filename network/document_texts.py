"""Works off the files whose text is wanted: claim, read, record. See network.models.DocumentText.

The file is read outside any transaction. Killed at any point, a worker leaves
a claim that runs out; then the file is read again, with the same outcome.
"""

import datetime
import os
import socket
import time
import uuid

import structlog
from django.db import transaction
from django.utils import timezone

from network import reading
from network.file_reader import Answer
from network.models import DocumentText, GkcDocument, TextState, UnreadReason
from network.signals import document_changed, document_changing

log = structlog.get_logger(__name__)

RUN_S = 10  # a run gives its worker back after this; the next beat goes on
AT_ONCE = 1  # files read at a time: mails and the index must not wait for a worker
ROWS_A_RUN = 500  # rows made for documents that have none, or asked for again
# A file whose reading ended so often without an outcome took its worker with it.
MAX_ATTEMPTS = 3
RETRY_AFTER_S = 600  # where the storage did not answer
_LEASE_SPARE_S = 60  # for bringing the file from the storage


def read_waiting(run_s: float = RUN_S) -> int:
    """Read what waits until nothing does, or `run_s` seconds have passed.

    Returns how many files were settled. Safe to run in many processes.
    """
    ask_for_unread()
    end, settled = time.monotonic() + run_s, 0
    while time.monotonic() < end:
        token = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"[:64]
        row = claim(token)
        if row is None:
            break
        settled += work_off(row, token)
    return settled


def ask_for_unread(limit: int = ROWS_A_RUN) -> None:
    """Rows for documents that have none (older than this, or loaded past `save`); and again
    for those that another version of the reader read. Their old text stays meanwhile."""
    lacking = GkcDocument.objects.filter(extracted__isnull=True).order_by("pk")[:limit]
    DocumentText.objects.bulk_create(
        [DocumentText(document=document, file_name=document.file.name) for document in lacking],
        ignore_conflicts=True,
    )
    older = DocumentText.objects.read_by_another(reading.VERSION).order_by("pk")[:limit]
    ids = list(older.values_list("pk", flat=True))
    if ids:
        DocumentText.objects.read_by_another(reading.VERSION).filter(pk__in=ids).update(
            state=TextState.WAITING, attempts=0, due_at=timezone.now(), claimed_until=None
        )


def ask_again() -> int:
    """Let every file that could not be read wait again. Returns how many."""
    failed = DocumentText.objects.filter(state=TextState.FAILED)
    return failed.update(
        state=TextState.WAITING, attempts=0, due_at=timezone.now(), claimed_until=None
    )


@transaction.atomic
def claim(token: str) -> DocumentText | None:
    """Take the row that waits longest; None where nothing is due or AT_ONCE are being read."""
    now = timezone.now()
    if DocumentText.objects.filter(claimed_until__gt=now).count() >= AT_ONCE:
        return None
    free = DocumentText.objects.claimable(now).select_for_update(skip_locked=True)
    row = free.defer("text").order_by("due_at", "pk").first()
    if row is None:
        return None
    row.attempts += 1
    row.claimed_by = token
    row.claimed_until = now + datetime.timedelta(seconds=reading.longest_s() + _LEASE_SPARE_S)
    row.save(update_fields=["attempts", "claimed_by", "claimed_until"])
    return row


def work_off(row: DocumentText, token: str) -> bool:
    """Read one claimed file and record the outcome. False where there is none, or no claim more."""
    if row.attempts > MAX_ATTEMPTS:
        return settle(row, token, Answer(TextState.FAILED, UnreadReason.CRASHED))
    if not row.file_name:
        return settle(row, token, Answer(TextState.FAILED, UnreadReason.MISSING))
    try:
        with row.document.file.storage.open(row.file_name) as file:
            answer = reading.read(file)
    except FileNotFoundError:
        answer = Answer(TextState.FAILED, UnreadReason.MISSING)
    except OSError as error:
        log.warning("document_not_read", document=row.pk, error=repr(error))
        if row.attempts < MAX_ATTEMPTS:
            _try_later(row, token)
            return False
        answer = Answer(TextState.FAILED, UnreadReason.STORAGE, type(error).__name__)
    return settle(row, token, answer)


def settle(row: DocumentText, token: str, answer: Answer) -> bool:
    """Record what was read, and let what shows the document know, in one transaction.

    False where the claim is lost: another worker has it, or another file
    stands in the document's place.
    """
    with transaction.atomic():
        document = GkcDocument.objects.filter(pk=row.pk).first()
        if document is None:
            return False
        document_changing.send(sender=GkcDocument, document=document)
        held = DocumentText.objects.select_for_update().filter(
            pk=row.pk, claimed_by=token, state=TextState.WAITING
        )
        found = held.first()
        if found is None:
            return False
        found.state, found.reason, found.detail = answer.state, answer.reason, answer.detail[:200]
        found.text, found.pages, found.is_cut = answer.text, answer.pages, answer.is_cut
        found.reader, found.read_at, found.claimed_until = reading.VERSION, timezone.now(), None
        found.save()
        document_changed.send(sender=GkcDocument, document=document)
    if answer.state == TextState.FAILED:
        log.warning("document_unreadable", document=row.pk, reason=str(answer.reason))
    return True


def _try_later(row: DocumentText, token: str) -> None:
    DocumentText.objects.filter(pk=row.pk, claimed_by=token, state=TextState.WAITING).update(
        claimed_until=None,
        due_at=timezone.now() + datetime.timedelta(seconds=RETRY_AFTER_S),
    )
