"""Builds the files of editions that wait: one at a time, claimed by compare-and-set.

The truth is the file's row. A builder holds it by a lease that it renews; the
row of a killed builder is free again when its lease runs out. What is written
into storage before the row says so is written again under the same name.
"""

import contextlib
import datetime
import hashlib
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from network.exceptions import PrintingUnavailable
from silver_book.editions import epub, pdf
from silver_book.editions.drawing import draw
from silver_book.exceptions import LettersMissing
from silver_book.models import BuildStep, EditionFile, FileFormat, FileState

log = structlog.get_logger(__name__)

RUN_S = 60  # a run gives its worker back after this; the next beat goes on
# Waits after the first, second … failure (s).
RETRY_AFTER_S = (10, 60, 600)
MAX_ATTEMPTS = len(RETRY_AFTER_S) + 1
MAX_KILLED = 6  # builders that were ended over one file
ENDED = "every builder was ended over it"
SAID_EVERY_S = 1.0  # how often progress is written down

# Files that this process has found out it cannot draw: not tried again until it
# is started anew, as after an installation.
_blocked: set[int] = set()


class ClaimLost(Exception):
    """The lease ran out and another builder took the row: this one must write nothing."""


def build_waiting(run_s: float = RUN_S) -> int:
    """Build what waits until nothing does, or `run_s` seconds have passed. Returns how many.

    Safe to run in many processes: while one builds, the others return at once.
    """
    end, built = time.monotonic() + run_s, 0
    while time.monotonic() < end:
        file = _claim()
        if file is None:
            break
        built += _build(file)
    return built


def _claim() -> EditionFile | None:
    """The next file, held by this builder; none where nothing waits or somebody builds."""
    now = timezone.now()
    with transaction.atomic():
        rows = EditionFile.objects.open()
        if rows.filter(state=FileState.BUILDING, claimed_until__gt=now).exists():
            return None
        # What ends its builders again and again (memory, most likely) is not for us.
        rows.filter(
            state=FileState.BUILDING, claimed_until__lte=now, attempts__gte=MAX_KILLED
        ).update(state=FileState.FAILED, last_error=ENDED, step="")
        due = Q(state__in=[FileState.WAITING, FileState.BLOCKED], try_at__lte=now)
        dead = Q(state=FileState.BUILDING, claimed_until__lte=now)
        file = (
            rows.filter(due | dead).exclude(pk__in=_blocked).order_by("-edition_id", "pk").first()
        )
        if file is None:
            return None
        token = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"[:64]
        mine = EditionFile.objects.filter(pk=file.pk, state=file.state, claim=file.claim)
        taken = mine.update(
            state=FileState.BUILDING,
            claim=token,
            claimed_until=_lease_end(),
            attempts=F("attempts") + 1,
            step=BuildStep.READING,
            count=0,
        )
    if not taken:
        return None
    file.claim, file.attempts = token, file.attempts + 1
    return file


def _lease_end() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(seconds=settings.EDITION_LEASE_S)


def _held(file: EditionFile):
    """The row, while this builder holds it."""
    return EditionFile.objects.filter(pk=file.pk, claim=file.claim, state=FileState.BUILDING)


def _build(file: EditionFile) -> bool:
    """Make the file and record it; a failure is recorded as well. Whether it is ready."""
    try:
        with _renewed(file):
            content, pages = _content(file)
            _store(file, content, pages)
    except ClaimLost:
        log.warning("edition_file_claim_lost", file=str(file))
        return False
    except (PrintingUnavailable, LettersMissing) as unavailable:
        _blocked.add(file.pk)
        _held(file).update(
            state=FileState.BLOCKED, attempts=0, last_error=str(unavailable), step=""
        )
        return False
    except Exception as error:  # one text's fault must not stop the other languages
        log.exception("edition_file_not_built", file=str(file))
        _fail(file, error)
        return False
    return True


def _content(file: EditionFile) -> tuple[bytes, int]:
    """The file's bytes, and how many pages it has (0 for an EPUB)."""
    progress = _progress(file)
    is_pdf = file.format == FileFormat.PDF
    if is_pdf:
        pdf.prepare()
    with translation.override(file.language):
        book = draw(
            file.edition,
            file.language,
            is_one_page=is_pdf,
            on_progress=lambda count: progress(BuildStep.READING, count),
        )
    if not is_pdf:
        progress(BuildStep.WRITING, 0)
        return epub.make(book), 0
    document = pdf.layout(
        book, pdf.html_of(book), on_page=lambda number: progress(BuildStep.LAYOUT, number)
    )
    progress(BuildStep.WRITING, len(document.pages))
    return pdf.write(document, book), len(document.pages)


def _progress(file: EditionFile) -> Callable[[str, int], None]:
    """Writes down how far the builder is; not more often than anybody looks."""
    said = [BuildStep.READING, time.monotonic()]

    def say(step: str, count: int) -> None:
        if step == said[0] and time.monotonic() - said[1] < SAID_EVERY_S:
            return
        said[:] = [step, time.monotonic()]
        if not _held(file).update(step=step, count=count):
            raise ClaimLost

    return say


def _store(file: EditionFile, content: bytes, pages: int) -> None:
    """Put the bytes into storage, then say so. Raises ClaimLost."""
    if not _held(file).update(claimed_until=_lease_end()):
        raise ClaimLost
    field = EditionFile._meta.get_field("file")
    name = f"{field.upload_to}/{file.content_hash[:2]}/{file.content_hash}.{file.format}"
    if field.storage.exists(name):  # a killed builder's
        field.storage.delete(name)
    stored = field.storage.save(name, ContentFile(content))
    recorded = _held(file).update(
        state=FileState.DONE,
        file=stored,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=pages,
        built_at=timezone.now(),
        claim="",
        claimed_until=None,
        step="",
        last_error="",
    )
    if not recorded:
        raise ClaimLost


def _fail(file: EditionFile, error: Exception) -> None:
    is_last = file.attempts >= MAX_ATTEMPTS
    wait = RETRY_AFTER_S[min(file.attempts, len(RETRY_AFTER_S)) - 1]
    _held(file).update(
        state=FileState.FAILED if is_last else FileState.WAITING,
        try_at=timezone.now() + datetime.timedelta(seconds=wait),
        last_error=repr(error)[:2000],
        step="",
    )


@contextlib.contextmanager
def _renewed(file: EditionFile) -> Iterator[None]:
    """Renew the lease from a thread of its own: laying out a large book says nothing for long."""
    ended = threading.Event()

    def renew():
        try:
            while not ended.wait(settings.EDITION_LEASE_S / 3):
                if not _held(file).update(claimed_until=_lease_end()):
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name="edition-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
