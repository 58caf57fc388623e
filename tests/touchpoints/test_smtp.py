"""The sender against a real SMTP server in this process: refusals, breaks, one connection."""

import datetime
import socket

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.factories.network import make_distributor, make_user
from touchpoints.api import tell
from touchpoints.batches import GAVE_UP, REFUSED_ADDRESS, REFUSED_MAIL
from touchpoints.models import Delivery, Suppression
from touchpoints.sending import JITTER, MAX_ATTEMPTS, RETRY_AFTER_S, send_due

pytestmark = pytest.mark.django_db


class Server:
    """Keeps what it is given, and answers as it is told to."""

    def __init__(self):
        self.messages, self.connections = [], 0
        self.rcpt_answers, self.data_answer = {}, "250 OK"
        self.pipelining = False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        if self.pipelining:
            responses.insert(1, "250-PIPELINING")
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.rcpt_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer.startswith("250"):
            self.messages.append((envelope.rcpt_tos, envelope.content))
        return self.data_answer


class QuietController(Controller):
    def factory(self):
        return SMTP(self.handler)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(
    params=[
        ("django.core.mail.backends.smtp.EmailBackend", False),
        ("touchpoints.backends.SMTPBackend", False),
        ("touchpoints.backends.SMTPBackend", True),
    ],
    ids=["django", "ours", "pipelining"],
)
def server(request, settings):
    settings.EMAIL_BACKEND, pipelining = request.param
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    handler = Server()
    handler.pipelining = pipelining
    controller = QuietController(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def distributor(news):
    return make_distributor()


def rows(*fields):
    return list(Delivery.objects.order_by("pk").values_list(*fields))


def test_a_batch_goes_over_one_connection(server, distributor):
    people = [make_user(distributor=distributor) for _number in range(5)]
    tell("tests.news", distributor)
    assert send_due() == 5
    assert server.connections == 1
    assert [to for to, _content in server.messages] == [[user.email] for user in people]
    keys = rows("key")
    for (key,), (_to, content) in zip(keys, server.messages, strict=True):
        assert f"Message-ID: <{key}@gkc.example>\r\n".encode() in content


def test_a_line_that_begins_with_a_dot_arrives_whole(server, distributor):
    make_user(distributor=distributor)
    tell("tests.news", distributor, line=".hidden\n.\nQUIT")
    send_due()
    assert b"\r\n.hidden . QUIT\r\n" in server.messages[0][1]


def test_a_refused_address_bounces_and_the_next_goes_out(server, distributor):
    refused, fine = make_user(distributor=distributor), make_user(distributor=distributor)
    server.rcpt_answers[refused.email] = "550 No such mailbox"
    tell("tests.news", distributor)
    assert send_due() == 1
    assert rows("user", "state", "reason") == [
        (refused.pk, "bounced", REFUSED_ADDRESS),
        (fine.pk, "sent", ""),
    ]


def test_an_address_that_does_not_exist_is_tried_once_and_never_again(server, distributor):
    gone, blocked = make_user(distributor=distributor), make_user(distributor=distributor)
    server.rcpt_answers[gone.email] = "550 5.1.1 No such mailbox"
    server.rcpt_answers[blocked.email] = "550 5.7.1 We do not like your network"
    for _month in range(2):
        tell("tests.news", distributor)
        send_due()
    assert [row.address for row in Suppression.objects.all()] == [gone.email]
    assert Suppression.objects.get().words == "5.1.1 No such mailbox"
    assert rows("user", "state") == [
        (gone.pk, "bounced"),
        (blocked.pk, "bounced"),
        (gone.pk, "suppressed"),
        (blocked.pk, "bounced"),
    ]
    tell("tests.news", distributor)
    send_due()
    assert Suppression.objects.filter(address=blocked.email).exists()  # three in a row


def test_a_refused_message_fails_at_once(server, distributor):
    make_user(distributor=distributor)
    server.data_answer = "554 Looks like spam"
    tell("tests.news", distributor)
    send_due()
    assert rows("state", "reason", "attempts") == [("failed", REFUSED_MAIL, 1)]


def test_a_busy_mailbox_is_tried_again_with_the_same_message_id(server, distributor):
    user = make_user(distributor=distributor)
    server.rcpt_answers[user.email] = "450 Mailbox busy"
    row = tell("tests.news", distributor).deliveries.get()
    now = datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        Delivery.objects.update(due_at=now)
        send_due()
        first = Delivery.objects.get()
        assert (first.state, first.attempts) == ("queued", 1)
        wait_s = (first.due_at - now).total_seconds()
        assert RETRY_AFTER_S[0] * (1 - JITTER) <= wait_s <= RETRY_AFTER_S[0] * (1 + JITTER)
        assert send_due() == 0
        server.rcpt_answers.clear()
        clock.shift(RETRY_AFTER_S[0] * 2)
        assert send_due() == 1
    assert Delivery.objects.get().state == "sent"
    assert row.message_id.encode() in server.messages[0][1]


def test_eight_attempts_in_about_two_days_then_failed(server, distributor):
    user = make_user(distributor=distributor)
    server.rcpt_answers[user.email] = "450 Mailbox busy"
    begin = datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.UTC)
    with time_machine.travel(begin, tick=False) as clock:
        tell("tests.news", distributor)
        for _attempt in range(MAX_ATTEMPTS):
            row = Delivery.objects.get()
            clock.move_to(row.due_at)
            send_due()
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.attempts) == ("failed", GAVE_UP, 8)
    hours = (row.due_at - begin).total_seconds() / 3600
    assert 36 < hours < 60


def test_no_server_costs_one_row_an_attempt_and_frees_the_others(settings, distributor):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    for _number in range(3):
        make_user(distributor=distributor)
    tell("tests.news", distributor)
    assert send_due() == 0
    assert sorted(rows("attempts", "state", "claimed_until")) == [
        (0, "queued", None),
        (0, "queued", None),
        (1, "queued", None),
    ]
