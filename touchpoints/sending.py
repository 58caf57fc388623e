"""Works off the ledger: claim, look again, render, hand over, record. See design.md.

What is recorded after each mail is committed before the next one is handed
over. Killed between the two, a sender leaves one mail that will go out again
with the same Message-ID; killed anywhere else it leaves nothing.
"""

import datetime
import random
import smtplib
import time
from collections.abc import Iterable, Iterator
from itertools import groupby

import structlog
from django.apps import apps
from django.conf import settings
from django.core.mail import get_connection
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from touchpoints import claims
from touchpoints.models import Delivery, DeliveryState
from touchpoints.personal import NOBODYS
from touchpoints.registry import Kind, Message, kind
from touchpoints.rendering import LedgerMail, Parts, filled, render
from touchpoints.rhythm import zone_of

log = structlog.get_logger(__name__)

RUN_S = 60  # a run gives its worker back after this; the next beat goes on
# Waits after the first, second … failure: eight attempts over some 47 hours,
# long enough for a mail server's weekend (s).
RETRY_AFTER_S = (60, 300, 1_200, 3_600, 14_400, 43_200, 108_000)
MAX_ATTEMPTS = len(RETRY_AFTER_S) + 1
JITTER = 0.2  # so that a server that comes back is not met by everything at once
KEPT_CONTENTS = 200  # rendered mails kept for others with the same language and zone

# Reasons in the ledger, stored in English, translated where they are shown.
GONE = gettext_noop("What it was about no longer exists.")
PASSED = gettext_noop("The occasion has passed.")
INACTIVE = gettext_noop("The receiver's account is no longer active.")
NOT_FOR_THEM = gettext_noop("The receiver is no longer among those it is for.")
UNKNOWN_KIND = gettext_noop("The site no longer knows this kind of message.")
REFUSED_ADDRESS = gettext_noop("The mail server refused the address.")
REFUSED_MAIL = gettext_noop("The mail server refused the message.")
BAD_ADDRESS = gettext_noop("The address is not valid.")
GAVE_UP = gettext_noop("Every attempt failed.")


class ServerTrouble(Exception):
    """The mail server, not this mail: the rest of the batch would fare the same."""


class Suppressed(Exception):
    """This delivery must not go out; the argument is the reason."""


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
        except Exception as error:  # a fault in one kind's words must not stop the others
            log.exception("delivery_not_rendered", deliveries=[row.pk for row in rows])
            self._try_later(token, rows, error)
            return
        if not rows:
            return
        ids = [row.pk for row in rows]
        address = _address(rows[0])
        try:
            mail = LedgerMail(parts, address, rows[0].message_id, values)
        except ValueError as error:
            claims.settle(
                token, ids, state=DeliveryState.FAILED, reason=BAD_ADDRESS, last_error=repr(error)
            )
            return
        try:
            self._hand_over(mail)
        except (smtplib.SMTPException, OSError) as error:
            self._record_failure(token, rows, error)
            return
        self.sent += 1
        recorded = claims.record_sent(token, ids, address, parts.language)
        if not recorded:
            log.error("delivery_sent_after_its_lease", deliveries=ids)

    def _contents_for(
        self, token: str, rows: list[Delivery], batch: "Batch"
    ) -> tuple[list[Delivery], Parts | None, dict[str, str]]:
        """The rows that may go out, their mail, and the receiver's own words in it.

        Suppresses the others.
        """
        kept, messages, audiences = [], [], []
        language = _language(rows[0])
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
                        message, values = filled(message, values), {}
            except Suppressed as why:
                claims.settle(token, [row.pk], state=DeliveryState.SUPPRESSED, reason=why.args[0])
            else:
                kept.append(row)
                messages.append(message)
                audiences.append(told.audience_label)
        if not kept:
            return [], None, {}
        with translation.override(language), timezone.override(zone):
            parts = render(messages, audiences, language, has_account=has_account)
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


class Batch:
    """What the rows of one claim are about, and who may still get it; loaded together."""

    def __init__(self, rows: Iterable[Delivery]):
        self._rows = list(rows)
        self._objects = _objects({row.mailing.object_key for row in self._rows})
        self._audiences: dict[int, set[int]] = {}

    def object_of(self, row: Delivery):
        """The row's object; Suppressed where it is gone."""
        try:
            return self._objects[row.mailing.object_key]
        except KeyError:
            raise Suppressed(GONE) from None

    def check(self, row: Delivery) -> Kind:
        """The row's kind, after looking again whether the receiver may get it."""
        try:
            told = kind(row.mailing.kind)
        except KeyError:
            raise Suppressed(UNKNOWN_KIND) from None
        obj = self.object_of(row)
        if row.user is None:
            # An address without a person stands for its distributor.
            if row.distributor is None or not row.distributor.is_active:
                raise Suppressed(INACTIVE)
            return told
        if not row.user.is_active or not row.user.email:
            raise Suppressed(INACTIVE)
        if told.still_for is not None:
            still = told.still_for(obj, row.user, row.mailing.data)
        else:
            still = row.user_id in self._audience(row, told, obj)
        if not still:
            raise Suppressed(NOT_FOR_THEM)
        return told

    def _audience(self, row: Delivery, told: Kind, obj) -> set[int]:
        """The keys of the batch's receivers who are in the mailing's audience now."""
        if row.mailing_id not in self._audiences:
            people = told.audience(obj, row.mailing.data)
            if isinstance(people, QuerySet) and not (
                people.query.is_sliced or people.query.combinator
            ):
                receivers = [r.user_id for r in self._rows if r.mailing_id == row.mailing_id]
                keys = set(people.filter(pk__in=receivers).values_list("pk", flat=True))
            else:
                keys = {user.pk for user in people if user is not None}
            self._audiences[row.mailing_id] = keys
        return self._audiences[row.mailing_id]


def contents(row: Delivery) -> Parts:
    """The mail of one row as it would be made now, in its receiver's language; for the ledger.

    A receiver's own links are left out: whoever reads the ledger must not act for them.
    Raises Suppressed where the object, the kind or the occasion is gone.
    """
    batch = Batch([row])
    language = _language(row)
    with translation.override(language), timezone.override(zone_of(row.user)):
        try:
            told = kind(row.mailing.kind)
        except KeyError:
            raise Suppressed(UNKNOWN_KIND) from None
        user = row.user if told.per_person else None
        message = _words(told, batch.object_of(row), row.mailing.data, user)
        message = filled(message, NOBODYS)
        return render([message], [told.audience_label], language, has_account=row.user is not None)


def _mails(rows: list[Delivery]) -> Iterator[list[Delivery]]:
    """The batch as mails: single rows in order, then digests, each newest first."""
    yield from ([row] for row in rows if row.digest_key is None)
    digests = [row for row in rows if row.digest_key is not None]
    digests.sort(key=lambda row: (row.digest_key, -row.mailing_id))
    for _key, part in groupby(digests, key=lambda row: row.digest_key):
        yield list(part)


def _objects(keys: set[str]) -> dict[str, object]:
    """The objects behind 'app.model:pk' keys that exist; one query a model."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        label, _colon, pk = key.partition(":")
        wanted.setdefault(label, []).append(pk)
    found = {}
    for label, pks in wanted.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        for obj in model._base_manager.filter(pk__in=pks):
            found[f"{label}:{obj.pk}"] = obj
    return found


def _words(told: Kind, obj, data: dict, user) -> Message:
    message = told.words(obj, data, user)
    if message is None:
        raise Suppressed(PASSED)
    return message


def _language(row: Delivery) -> str:
    """An issue's row keeps the language chosen for its distributor; a person's is their own now."""
    if row.distributor_id is None and row.user is not None:
        language = row.user.interface_language
        return language if language in dict(settings.LANGUAGES) else "en"
    return row.language


def _address(row: Delivery) -> str:
    """A person's present address, for it may have changed since."""
    return row.user.email if row.user is not None else row.address


def _needs_renewal(until: datetime.datetime) -> bool:
    """Whether the lease could run out while the next mail is being handed over."""
    left_s = (until - timezone.now()).total_seconds()
    return left_s < claims.ANSWERS_A_MAIL * settings.EMAIL_TIMEOUT


def _permanent(error: Exception) -> tuple[str, str] | None:
    """State and reason where trying again is useless; None where it is not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        if codes and min(codes) >= 500:
            return DeliveryState.BOUNCED, REFUSED_ADDRESS
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return DeliveryState.FAILED, REFUSED_MAIL
    return None
