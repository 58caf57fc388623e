"""What comes back: by a mail service's webhook, by a returned mail, by hand."""

import datetime
import io
import sys

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories.network import make_distributor, make_user
from touchpoints.api import tell
from touchpoints.exceptions import ReturnRefused
from touchpoints.models import Delivery, DeliveryState, Suppression
from touchpoints.returns import is_hard, note_bounce
from touchpoints.sending import send_due
from touchpoints.transitions import record_return, restore_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(news):
    firm = make_distributor()
    make_user(distributor=firm)
    mailing = tell("tests.news", firm)
    send_due()
    return mailing.deliveries.get()


def event(kind, row, **fields):
    fields = {"message_id": row.message_id, "recipient": row.address} | fields
    made = AnymailTrackingEvent(event_type=kind, timestamp=timezone.now(), **fields)
    tracking.send(sender=None, event=made, esp_name="Test")


@pytest.mark.parametrize(
    ("code", "words", "hard"),
    [
        (550, "5.1.1 no such user", True),
        (550, "No such user", True),
        (550, "5.7.1 blocked for policy", False),
        (552, "5.2.2 mailbox full", False),
        (552, "mailbox full", False),
        (None, "5.1.10", True),
        (None, "4.1.1", False),
        (None, "", False),
    ],
)
def test_what_ends_an_address(code, words, hard):
    assert is_hard(code, words) is hard


@pytest.mark.parametrize(
    ("kind", "fields", "state", "why"),
    [
        (EventType.BOUNCED, {"reject_reason": RejectReason.INVALID}, "bounced", "bounced"),
        (EventType.BOUNCED, {"mta_response": "550 5.1.1 unknown"}, "bounced", "bounced"),
        (EventType.BOUNCED, {"reject_reason": RejectReason.OTHER}, "bounced", None),
        (EventType.REJECTED, {"reject_reason": RejectReason.BLOCKED}, "bounced", None),
        (EventType.COMPLAINED, {}, "complained", "complained"),
        (EventType.REJECTED, {"reject_reason": RejectReason.SPAM}, "complained", "complained"),
        (EventType.OPENED, {}, "sent", None),
        (EventType.DELIVERED, {}, "sent", None),
    ],
)
def test_an_event_is_written_at_the_row_and_the_address(row, kind, fields, state, why):
    for _twice in range(2):  # services repeat themselves
        event(kind, row, **fields)
    row.refresh_from_db()
    assert row.state == state
    assert bool(row.returned_at) is (state != "sent")
    assert [found.why for found in Suppression.objects.all()] == ([why] if why else [])


def test_an_event_is_matched_by_what_the_service_calls_the_mail(row):
    Delivery.objects.update(provider_id="esp-17")
    event(EventType.BOUNCED, row, message_id="esp-17", reject_reason=RejectReason.INVALID)
    row.refresh_from_db()
    assert row.state == "bounced"


def test_an_event_about_another_address_leaves_the_row(row):
    event(EventType.BOUNCED, row, recipient="old@x.example", reject_reason=RejectReason.INVALID)
    row.refresh_from_db()
    assert row.state == "sent"
    assert Suppression.objects.get().address == "old@x.example"


def test_an_unknown_event_changes_no_row(row):
    event(EventType.BOUNCED, row, message_id="<nobody@x.example>", metadata={"delivery": "x"})
    row.refresh_from_db()
    assert row.state == "sent"


def test_unsubscribing_at_the_service_ends_the_kind(row, news):
    event(EventType.UNSUBSCRIBED, row)
    later = tell("tests.news", row.user.memberships.get().distributor)
    assert send_due() == 0
    assert later.deliveries.get().state == "suppressed"
    assert row.user.mail_choices.get().kind == "tests.news"
    assert not Suppression.objects.exists()


DSN = """\
From: MAILER-DAEMON@mx.example
To: gkc@gkc.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Hello

--b--
"""


def take(monkeypatch, content: str) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(content))
    call_command("take_bounce", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(("status", "ended"), [("5.1.1", True), ("5.2.2", False)])
def test_a_returned_mail_is_taken_in(row, monkeypatch, kind, status, ended):
    fields = {"address": row.address, "message_id": row.message_id, "kind": kind}
    take(monkeypatch, DSN.format(action="failed", status=status, **fields))
    row.refresh_from_db()
    assert row.state == "bounced"
    assert Suppression.objects.in_force().exists() is ended


def test_what_is_no_bounce_is_refused(row, monkeypatch):
    fields = {"address": row.address, "message_id": row.message_id, "kind": "message/rfc822"}
    for content in (
        DSN.format(action="delayed", status="4.4.1", **fields),
        "Subject: On holiday\n\nBack on Monday.\n",
        "",
    ):
        with pytest.raises(CommandError):
            take(monkeypatch, content)
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_bounce_is_recorded_by_hand_where_one_looks_after_the_ledger(row):
    with pytest.raises(PermissionDenied):
        record_return(row, by=make_user(), hard=True, words="")
    record_return(row, by=make_user("editor"), hard=True, words="No such user")
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("bounced", "No such user")
    assert Suppression.objects.get().address == row.address
    Delivery.objects.update(state=DeliveryState.QUEUED)
    with pytest.raises(ReturnRefused):
        record_return(row, by=make_user("editor"), hard=True, words="")


def test_the_ledgers_page_records_a_bounce(client, row):
    editor = make_user("editor")
    from gkc_site.bootstrap import sync_editor_group

    sync_editor_group(editor)
    client.force_login(editor)
    client.post(
        reverse("touchpoints_delivery_returned", args=[row.pk]), {"hard": "on", "words": "gone"}
    )
    row.refresh_from_db()
    assert row.state == "bounced"
    page = client.get(reverse("touchpoints_addresses")).content.decode()
    assert row.address in page
    assert "Mail to it came back." in page


def test_a_run_of_soft_bounces_ends_an_address_and_a_digest_is_one_of_them(row):
    firm = make_distributor()
    user = row.user
    digest = "7d0c5f4e-6d9e-4a53-9f0a-0d3a5f2c9b11"
    for number in range(2):
        mailing = tell("tests.news", firm)
        Delivery.objects.create(
            mailing=mailing,
            user=user,
            address=user.email,
            language="en",
            state="sent",
            due_at=timezone.now() + datetime.timedelta(seconds=number),
            digest_key=digest,
        )
    rows = list(Delivery.objects.filter(digest_key=digest))
    note_bounce([row], user.email, hard=False)
    assert note_bounce(rows, user.email, hard=False) is None
    mailing = tell("tests.news", firm)
    last = Delivery.objects.create(
        mailing=mailing, user=user, address=user.email, language="en", state="sent",
        due_at=timezone.now() + datetime.timedelta(hours=1),
    )  # fmt: skip
    assert note_bounce([last], user.email, hard=False) is not None


def test_a_restored_address_gets_mail_and_its_history_stays(row, news):
    firm = row.user.memberships.get().distributor
    note_bounce([row], row.address, hard=True)
    tell("tests.news", firm)
    assert send_due() == 0
    with pytest.raises(PermissionDenied):
        restore_address(row.address, by=make_user())
    keeper = make_user("campaigner", review_area=firm.review_area)
    restore_address(row.address, by=keeper)
    tell("tests.news", firm)
    assert send_due() == 1
    lifted = Suppression.objects.get()
    assert (lifted.lifted_by, lifted.lifted_at is not None) == (keeper, True)
    note_bounce([row], row.address, hard=True)
    assert Suppression.objects.count() == 2


def test_the_button_restores(client, row):
    note_bounce([row], row.address, hard=True)
    client.force_login(row.user)
    found = Suppression.objects.get()
    url = reverse("mail_address_restore", args=[found.pk])
    answer = client.post(url, {"next": "https://evil.example/"})
    assert answer["Location"] == "/en/desk/"
    assert not Suppression.objects.in_force().exists()


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_make_one_row(row):
    """Stale readers: both see no suppression; the constraint lets one in."""
    import threading

    from django.db import connection

    gate = threading.Barrier(2)

    def report():
        gate.wait()
        note_bounce([row], row.address, hard=True)
        connection.close()

    both = [threading.Thread(target=report) for _ in range(2)]
    [thread.start() for thread in both]
    [thread.join() for thread in both]
    assert Suppression.objects.count() == 1


def test_control_an_address_is_out_of_use_once_by_the_databases_own_word(row):
    """Without the constraint two reports would leave a row that no restoring lifts."""
    fields = {"address": row.address, "why": "bounced"}
    Suppression.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suppression.objects.create(**fields)
    Suppression.objects.update(lifted_at=timezone.now())
    Suppression.objects.create(**fields)  # once more after it was restored
