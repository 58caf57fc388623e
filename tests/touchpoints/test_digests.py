"""Several messages in one mail, in the receiver's own morning."""

import datetime

import pytest
import time_machine
from django.core import mail

from tests.factories.network import make_user
from touchpoints.api import tell
from touchpoints.batches import PASSED
from touchpoints.models import Delivery
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("rhythm", "quiet", "due"),
    [
        ("daily", "2026-10-25T05:59Z", "2026-10-25T06:00Z"),
        ("weekly", "2026-10-26T05:59Z", "2026-10-26T06:00Z"),
    ],
)
def test_a_digest_is_one_mail_at_seven_local_time(news, distributor, rhythm, quiet, due):
    """Berlin in the night its clocks go back."""
    user = make_user(distributor=distributor, mail_rhythm=rhythm, time_zone="Europe/Berlin")
    with time_machine.travel(at("2026-10-24T10:00Z"), tick=False) as clock:
        for name in ("first", "second", "third"):
            tell("tests.news", distributor, line=name)
        clock.move_to(at(quiet))
        assert send_due() == 0
        clock.move_to(at(due))
        assert send_due() == 1
        assert send_due() == 0
    [sent] = mail.outbox
    assert sent.to == [user.email]
    assert sent.subject == "3 pieces of news for you"
    places = [sent.body.index(name) for name in ("third", "second", "first")]
    assert places == sorted(places)
    assert sent.body.count(f"/en/people/{distributor.pk}/") == 3
    keys = set(Delivery.objects.values_list("state", "digest_key"))
    assert len(keys) == 1
    assert sent.extra_headers["Message-ID"] == Delivery.objects.first().message_id


def test_two_people_in_two_zones_get_theirs_in_their_own_morning(news, distributor):
    lima = make_user(distributor=distributor, mail_rhythm="daily", time_zone="America/Lima")
    tokyo = make_user(distributor=distributor, mail_rhythm="daily", time_zone="Asia/Tokyo")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False) as clock:
        tell("tests.news", distributor)
        tell("tests.news", distributor)
        clock.move_to(at("2026-11-18T12:00Z"))
        send_due()
        assert [m.to for m in mail.outbox] == [[lima.email]]
        clock.move_to(at("2026-11-18T22:00Z"))
        send_due()
        assert [m.to for m in mail.outbox] == [[lima.email], [tokyo.email]]


def test_a_missed_morning_joins_the_next(news, distributor):
    make_user(distributor=distributor, mail_rhythm="daily")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False) as clock:
        tell("tests.news", distributor)
        clock.move_to(at("2026-11-19T10:00Z"))
        tell("tests.news", distributor)
        clock.move_to(at("2026-11-20T08:00Z"))
        assert send_due() == 1
    assert mail.outbox[0].subject == "2 pieces of news for you"


def test_a_digest_of_one_reads_as_that_message(news, distributor):
    make_user(distributor=distributor, mail_rhythm="daily")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False) as clock:
        tell("tests.news", distributor)
        tell("tests.news", distributor, passed=True)
        clock.move_to(at("2026-11-20T08:00Z"))
        assert send_due() == 1
    assert mail.outbox[0].subject == "News of Gulf Motors"
    assert sorted(Delivery.objects.values_list("state", "reason")) == [
        ("sent", ""),
        ("suppressed", PASSED),
    ]


def test_what_comes_after_its_digest_went_out_has_another_message_id(news, distributor):
    make_user(distributor=distributor, mail_rhythm="daily")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False) as clock:
        tell("tests.news", distributor)
        clock.move_to(at("2026-11-19T08:00Z"))
        send_due()
        clock.move_to(at("2026-11-18T11:00Z"))  # said before seven, committed later
        tell("tests.news", distributor)
        clock.move_to(at("2026-11-19T08:01Z"))
        send_due()
    ids = [m.extra_headers["Message-ID"] for m in mail.outbox]
    assert len(ids) == len(set(ids)) == 2


def test_what_must_go_at_once_is_in_no_digest(register, distributor):
    register()
    register("tests.urgent", optional=False)
    make_user(distributor=distributor, mail_rhythm="weekly")
    tell("tests.news", distributor)
    tell("tests.urgent", distributor)
    assert send_due() == 1
