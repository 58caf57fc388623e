"""Two senders never hold a row at once; a killed one's rows come free again."""

import datetime
import threading

import pytest
import time_machine
from django.core import mail
from django.db import close_old_connections, connection

from tests.factories.network import make_distributor, make_user
from touchpoints import claims
from touchpoints.api import tell, tell_once
from touchpoints.models import Delivery
from touchpoints.sending import Sender, send_due


def queue(number: int) -> None:
    """An issue's rows to `number` addresses."""
    distributor = make_distributor()
    recipients = [(None, distributor, f"r{n}@gkc.example", "en", "") for n in range(number)]
    tell_once("tests.news", distributor, "issue:1", recipients)


def at_once(work, times: int = 2) -> list:
    """Run `work(n)` in `times` threads that start together; their results in order."""
    barrier = threading.Barrier(times)
    results: list = [None] * times

    def run(number):
        try:
            close_old_connections()
            barrier.wait(timeout=90)
            results[number] = work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_claimers_get_different_rows(news):
    queue(60)
    first, second = at_once(lambda n: [row.pk for row in claims.claim(f"claim-{n}", 40)])
    assert set(first).isdisjoint(second)
    # PostgreSQL passes over rows being claimed, so the later may get fewer; none is lost.
    rest = {row.pk for row in claims.claim("claim-3", 60)}
    assert set(first) | set(second) | rest == set(Delivery.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_control_reading_then_writing_gives_both_the_same_rows(news):
    queue(10)
    both_have_read = threading.Barrier(2)

    def naive(number):
        rows = list(Delivery.objects.filter(state="queued", claimed_by=""))
        both_have_read.wait(timeout=90)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_by=f"n{number}")
        return [row.pk for row in rows]

    first, second = at_once(naive)
    assert first == second != []  # if this fails, the test above proves nothing


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_each_row_once(news):
    queue(150)
    sent = at_once(lambda n: send_due())
    send_due()  # what neither got, when they met
    assert sum(sent) >= 1
    assert Delivery.objects.filter(state="sent").count() == 150
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) == 150


@pytest.mark.django_db(transaction=True)
def test_two_senders_make_one_digest(news):
    distributor = make_distributor()
    make_user(distributor=distributor, mail_rhythm="daily")
    for _number in range(4):
        tell("tests.news", distributor)
    past = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Delivery.objects.update(due_at=past)
    at_once(lambda n: send_due())
    send_due()
    assert [message.subject for message in mail.outbox] == ["4 pieces of news for you"]


@pytest.mark.django_db
def test_a_lease_that_ran_out_frees_the_rows_and_binds_the_old_claim(news, settings):
    queue(3)
    rows = claims.claim("dead")
    assert claims.claim("early") == []
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as clock:
        clock.shift(settings.DELIVERY_LEASE_S + 1)
        assert len(claims.claim("next")) == 3
        assert claims.settle("dead", [rows[0].pk], state="failed") is False
        assert claims.renew("dead", 3) is None
    assert set(Delivery.objects.values_list("state", "claimed_by")) == {("queued", "next")}


@pytest.mark.django_db
def test_a_slow_batch_keeps_its_lease(news, settings):
    """With a lease that one mail could outlast, each mail renews it first."""
    settings.DELIVERY_LEASE_S = 4 * settings.EMAIL_TIMEOUT - 1
    queue(3)
    assert send_due() == 3


@pytest.mark.django_db
def test_a_sender_that_lost_its_claim_sends_nothing_more(register, settings):
    from touchpoints.registry import Message

    seen = []

    def words(obj, data, user):
        if not seen:
            # Another sender takes over while this mail is being rendered.
            Delivery.objects.exclude(pk=first.pk).update(claimed_by="other")
        seen.append(obj)
        return Message(subject="News", lines=())

    register(words=words)
    settings.DELIVERY_LEASE_S = 1  # so that each mail renews
    queue(3)
    first = Delivery.objects.first()
    with Sender() as sender:
        sender.work_off_one_batch()
    assert sender.sent == len(mail.outbox) == 1


@pytest.mark.django_db
def test_single_messages_overtake_an_issue(news):
    queue(5)
    distributor = make_distributor()
    user = make_user(distributor=distributor)
    tell("tests.news", distributor)
    assert [row.user for row in claims.claim("one", 1)] == [user]
