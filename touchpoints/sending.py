"""Works off the ledger: claim, look again, render, hand over, record. See design.md.

What is recorded after each mail is committed before the next one is handed
over. Killed between the two, a sender leaves one mail that will go out again
with the same Message-ID; killed anywhere else it leaves nothing.
"""

import datetime
import random
import smtplib
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import structlog
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone, translation

from touchpoints import claims
from touchpoints.batches import (
    BAD_ADDRESS,
    GAVE_UP,
    PASSED,
    REFUSED_ADDRESS,
    REFUSED_MAIL,
    UNKNOWN_KIND,
    Batch,
    Suppressed,
    address_of,
    language_of,
    stop_of,
)
from touchpoints.models import Delivery, DeliveryState
from touchpoints.personal import NOBODYS, fill
from touchpoints.registry import Kind, Message, kind
from touchpoints.rendering import LedgerMail, Parts, filled, render
from touchpoints.returns import is_hard, note_bounce
from touchpoints.rhythm import zone_of
from touchpoints.stopping import STOP

log = structlog.get_logger(__name__)

RUN_S = 60  # a run gives its worker back after this; the next beat goes on
# Waits after the first, second … failure: eight attempts over some 47 hours,
# long enough for a mail server's weekend (s).
RETRY_AFTER_S = (60, 300, 1_200, 3_600, 14_400, 43_200, 108_000)
MAX_ATTEMPTS = len(RETRY_AFTER_S) + 1
JITTER = 0.2  # so that a server that comes back is not met by everything at once
KEPT_CONTENTS = 200  # rendered mails kept for others with the same language and zone


class ServerTrouble(Exception):
    """The mail server, not this mail: the rest of the batch would fare the same."""


def send_due(run_s: float = RUN_S) -> int:
    """Send what is due until nothing is, or `run_s` seconds have passed.

    Returns the number of mails handed over. Safe to run in many processes.
    """
    with Sender() as sender:
        end = time.monotonic() + run_s
        while time.monotonic() < end and sender.work_off_one_batch():
            pass
        return sender.sent


class Sender:
    """One connection to the mail server and what was rendered while it is open."""

    def __init__(self):
        self.sent = 0
        self._connection = None
        self._contents: dict[tuple, Parts] = {}

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *args) -> None:
        self._close()

    def work_off_one_batch(self) -> bool:
        """Claim and deliver a batch. False when nothing was due or the server has trouble."""
        token = claims.new_token()
        until = claims.lease_end()
        rows = claims.claim(token)
        if not rows:
            return False
        batch = Batch(rows)
        try:
            left = len(rows)
            for part in _mails(rows):
                if _needs_renewal(until):
                    until = claims.renew(token, left)
                    if until is None:
                        log.warning("delivery_claim_lost", claim=token)
                        return True
                self._deliver(token, part, batch)
                left -= len(part)
        except ServerTrouble:
            return False
        finally:
            claims.release(token)  # nothing to do after a whole batch
        return True

    # --- one mail -----------------------------------------------------------
    def _deliver(self, token: str, rows: list[Delivery], batch: "Batch") -> None:
        """Send one mail: a single row, or the rows of a digest."""
        try:
            rows, parts, values = self._contents_for(token, rows, batch)
            stop = stop_of(rows)
            own = values | {STOP: stop} if stop else values
        except Exception as error:  # a fault in one kind's words must not stop the others
            log.exception("delivery_not_rendered", deliveries=[row.pk for row in rows])
            self._try_later(token, rows, error)
            return
        if not rows:
            return
        ids = [row.pk for row in rows]
        address = address_of(rows[0])
        try:
            mail = LedgerMail(parts, address, rows[0].message_id, own, stop_url=stop)
        except ValueError as error:
            claims.settle(
                token, ids, state=DeliveryState.FAILED, reason=BAD_ADDRESS, last_error=repr(error)
            )
            return
        try:
            self._hand_over(mail)
        except (smtplib.SMTPException, OSError, AnymailError) as error:
            self._record_failure(token, rows, error)
            return
        self.sent += 1
        recorded = claims.record_sent(token, ids, address, parts.language, _provider_id(mail))
        if not recorded:
            log.error("delivery_sent_after_its_lease", deliveries=ids)

    def _contents_for(
        self, token: str, rows: list[Delivery], batch: "Batch"
    ) -> tuple[list[Delivery], Parts | None, dict[str, str]]:
        """The rows that may go out, their mail, and the receiver's own words in it.

        Suppresses the others.
        """
        kept, messages, audiences = [], [], []
        language = language_of(rows[0])
        zone = zone_of(rows[0].user)
        has_account = rows[0].user is not None
        shared_key = (rows[0].mailing_id, language, str(zone), has_account)
        for row in rows:
            try:
                told = batch.check(row)
                obj = batch.object_of(row)
                shared = not told.per_person and len(rows) == 1
                values = told.personal(obj, row) if told.personal else {}
                if shared and shared_key in self._contents:
                    return rows, self._contents[shared_key], values
                with translation.override(language), timezone.override(zone):
                    user = None if shared else row.user
                    message = _words(told, obj, row.mailing.data, user)
                    if not shared:
                        message = filled(message, values | {STOP: stop_of([row])})
                        values = {}
            except Suppressed as why:
                claims.settle(token, [row.pk], state=DeliveryState.SUPPRESSED, reason=why.args[0])
            else:
                kept.append(row)
                messages.append(message)
                audiences.append(told.audience_label)
        if not kept:
            return [], None, {}
        with translation.override(language), timezone.override(zone):
            parts = render(
                messages,
                audiences,
                language,
                has_account=has_account,
                may_stop=bool(stop_of(kept)),
            )
        if shared:
            if len(self._contents) >= KEPT_CONTENTS:
                self._contents.clear()
            self._contents[shared_key] = parts
        return kept, parts, values

    # --- the mail server ----------------------------------------------------
    def _hand_over(self, mail: LedgerMail) -> None:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        self._connection.send_messages([mail])

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (smtplib.SMTPException, OSError):
                log.info("mail_server_gone_at_goodbye")

    def _record_failure(self, token: str, rows: list[Delivery], error: Exception) -> None:
        """Give up, wait, or tell that the server itself has trouble."""
        ids = [row.pk for row in rows]
        log.warning("delivery_failed", deliveries=ids, error=repr(error))
        permanent = _permanent(error)
        if permanent is not None:
            state, reason = permanent
            claims.settle(
                token,
                ids,
                state=state,
                reason=reason,
                attempts=F("attempts") + 1,
                last_error=repr(error),
            )
            if state == DeliveryState.BOUNCED:
                note_bounce([], address_of(rows[0]), hard=_is_hard(error), words=_answer(error)[1])
            return
        self._try_later(token, rows, error)
        if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
            self._close()
            raise ServerTrouble from error

    def _try_later(self, token: str, rows: list[Delivery], error: Exception) -> None:
        attempts = max(row.attempts for row in rows) + 1
        ids = [row.pk for row in rows]
        fields = {"attempts": attempts, "last_error": repr(error)}
        if attempts >= MAX_ATTEMPTS:
            claims.settle(token, ids, state=DeliveryState.FAILED, reason=GAVE_UP, **fields)
            return
        wait_s = RETRY_AFTER_S[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
        due_at = timezone.now() + datetime.timedelta(seconds=wait_s)
        claims.settle(token, ids, due_at=due_at, **fields)


def contents(row: Delivery) -> Parts:
    """The mail of one row as it would be made now, in its receiver's language; for the ledger.

    A receiver's own links are left out: whoever reads the ledger must not act for them.
    Raises Suppressed where the object, the kind or the occasion is gone.
    """
    batch = Batch([row])
    language = language_of(row)
    with translation.override(language), timezone.override(zone_of(row.user)):
        try:
            told = kind(row.mailing.kind)
        except KeyError:
            raise Suppressed(UNKNOWN_KIND) from None
        user = row.user if told.per_person else None
        message = _words(told, batch.object_of(row), row.mailing.data, user)
        parts = render(
            [filled(message, NOBODYS)],
            [told.audience_label],
            language,
            has_account=row.user is not None,
            may_stop=bool(stop_of([row])),
        )
        return replace(
            parts,
            text=fill(parts.text, NOBODYS),
            html=fill(parts.html, NOBODYS, html=True),
        )


def _provider_id(mail: LedgerMail) -> str:
    """What the mail service calls the mail, where it is one that answers with a name."""
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")[:200]


def _mails(rows: list[Delivery]) -> Iterator[list[Delivery]]:
    """The batch as mails: single rows in order, then digests, each newest first."""
    yield from ([row] for row in rows if row.digest_key is None)
    digests = [row for row in rows if row.digest_key is not None]
    digests.sort(key=lambda row: (row.digest_key, -row.mailing_id))
    for _key, part in groupby(digests, key=lambda row: row.digest_key):
        yield list(part)


def _words(told: Kind, obj, data: dict, user) -> Message:
    message = told.words(obj, data, user)
    if message is None:
        raise Suppressed(PASSED)
    return message


def _needs_renewal(until: datetime.datetime) -> bool:
    """Whether the lease could run out while the next mail is being handed over."""
    left_s = (until - timezone.now()).total_seconds()
    return left_s < claims.ANSWERS_A_MAIL * settings.EMAIL_TIMEOUT


def _permanent(error: Exception) -> tuple[str, str] | None:
    """State and reason where trying again is useless; None where it is not."""
    if isinstance(error, AnymailRecipientsRefused):
        return DeliveryState.BOUNCED, REFUSED_ADDRESS
    if isinstance(error, smtplib.SMTPRecipientsRefused) and _answer(error)[0] >= 500:
        return DeliveryState.BOUNCED, REFUSED_ADDRESS
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return DeliveryState.FAILED, REFUSED_MAIL
    return None


def _is_hard(error: Exception) -> bool:
    """Whether the server says that there is no such mailbox."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and is_hard(*_answer(error))


def _answer(error: Exception) -> tuple[int, str]:
    """Code and words of a refused receiver; 0 where there are none."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return 0, repr(error)
    code, words = min(error.recipients.values())
    return code, words.decode(errors="replace") if isinstance(words, bytes) else str(words)
