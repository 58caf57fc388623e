"""tell() and tell_once(): who gets a row, due when."""

import contextlib
import datetime
import json

import pytest
import time_machine
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from network.models import Distributor
from tests.factories.network import make_distributor, make_user
from touchpoints.api import reschedule, tell, tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Delivery, DeliveryState, Mailing

pytestmark = pytest.mark.django_db


def test_everybody_in_the_audience_gets_one_row_in_their_language(news):
    distributor = make_distributor()
    make_user(distributor=make_distributor())
    amina = make_user(distributor=distributor, interface_language="ar")
    bruno = make_user(distributor=distributor, interface_language="xx")
    make_user(distributor=distributor, is_active=False)

    mailing = tell("tests.news", distributor, line="Hello")

    assert mailing.object_key == f"network.distributor:{distributor.pk}"
    assert json.loads(json.dumps(mailing.data)) == {"line": "Hello"}
    rows = mailing.deliveries.values_list("user", "address", "language", "state")
    assert set(rows) == {
        (amina.pk, amina.email, "ar", "queued"),
        (bruno.pk, bruno.email, "en", "queued"),
    }


def test_a_person_named_twice_by_the_audience_gets_one_row(register):
    user = make_user()
    register(audience=lambda obj, data: [user, user, None])
    assert tell("tests.news", make_distributor()).deliveries.count() == 1


def test_a_change_whose_telling_failed_is_taken_back_whole(register):
    register(audience=lambda obj, data: 1 / 0)

    @transaction.atomic
    def change():
        make_distributor(code="half-done")
        with contextlib.suppress(ZeroDivisionError):
            tell("tests.news", make_distributor())
        Mailing.objects.exists()

    with pytest.raises(TransactionManagementError):
        change()
    assert not Distributor.objects.filter(code="half-done").exists()


def test_the_system_and_people_without_an_address_get_nothing(register):
    nobody = make_user()
    nobody.email = ""
    system = make_user()
    system.is_system = True
    register(audience=lambda obj, data: [nobody, system])
    assert tell("tests.news", make_distributor()).deliveries.count() == 0


def test_an_unregistered_kind_is_an_error(news):
    with pytest.raises(KeyError):
        tell("tests.mews", make_distributor())
    assert not Mailing.objects.exists()


def test_data_that_is_not_json_is_an_error(news):
    with pytest.raises(TypeError):
        tell("tests.news", make_distributor(), who=object())


@pytest.mark.parametrize("people", [1, 30])
def test_telling_costs_the_same_for_one_and_for_thirty(news, people):
    distributor = make_distributor()
    for _number in range(people):
        make_user(distributor=distributor)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        tell("tests.news", distributor)
    written = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(written) == 3  # mailing, audience, deliveries


def due(user, kind="tests.news"):
    """What the row says, in the person's own wall-clock time."""
    tell(kind, user.memberships.get().distributor)
    row = Delivery.objects.filter(user=user).latest("pk")
    return row


def at(text):
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "rhythm", "now", "expected"),
    [
        ("Asia/Tokyo", "at_once", "2026-11-18T10:00Z", "2026-11-18T10:00Z"),
        # 19:00 in Tokyo: tomorrow at 07:00, which is 22:00 UTC.
        ("Asia/Tokyo", "daily", "2026-11-18T10:00Z", "2026-11-18T22:00Z"),
        # 06:59 and 07:00 in Lima (UTC-5).
        ("America/Lima", "daily", "2026-11-18T11:59Z", "2026-11-18T12:00Z"),
        ("America/Lima", "daily", "2026-11-18T12:00Z", "2026-11-19T12:00Z"),
        # Wednesday to Monday.
        ("America/Lima", "weekly", "2026-11-18T10:00Z", "2026-11-23T12:00Z"),
        # Monday in Tokyo has begun while it is Sunday in UTC.
        ("Asia/Tokyo", "weekly", "2026-11-22T21:00Z", "2026-11-22T22:00Z"),
        # Berlin's clocks go back on 25 October 2026, forward on 28 March 2027.
        ("Europe/Berlin", "daily", "2026-10-24T12:00Z", "2026-10-25T06:00Z"),
        ("Europe/Berlin", "daily", "2026-10-23T12:00Z", "2026-10-24T05:00Z"),
        ("Europe/Berlin", "daily", "2027-03-27T12:00Z", "2027-03-28T05:00Z"),
        ("Europe/Berlin", "weekly", "2026-10-23T12:00Z", "2026-10-26T06:00Z"),
        ("No/Such", "daily", "2026-11-18T10:00Z", "2026-11-19T07:00Z"),
    ],
)
def test_rhythm_and_time_zone_say_when_a_message_is_due(news, zone, rhythm, now, expected):
    user = make_user(distributor=make_distributor(), time_zone=zone, mail_rhythm=rhythm)
    with time_machine.travel(at(now), tick=False):
        row = due(user)
    assert row.due_at == at(expected)
    assert (row.digest_key is None) is (rhythm == "at_once")


def test_what_is_not_optional_goes_at_once(register):
    register(optional=False)
    user = make_user(distributor=make_distributor(), mail_rhythm="weekly")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False):
        row = due(user)
    assert row.due_at == at("2026-11-18T10:00Z")
    assert row.digest_key is None


def test_a_new_rhythm_moves_what_waits(news):
    user = make_user(distributor=make_distributor(), mail_rhythm="weekly")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False):
        row = due(user)
        user.mail_rhythm = "at_once"
        user.save()
        reschedule(user)
    row.refresh_from_db()
    assert row.due_at == at("2026-11-18T10:00Z")
    assert row.digest_key is None


def test_rows_of_one_person_due_together_share_a_digest(news):
    user = make_user(distributor=make_distributor(), mail_rhythm="daily")
    with time_machine.travel(at("2026-11-18T10:00Z"), tick=False):
        first, second = due(user), due(user)
    with time_machine.travel(at("2026-11-19T10:00Z"), tick=False):
        third = due(user)
    assert first.digest_key == second.digest_key != third.digest_key


def test_told_once_names_everyone_and_refuses_a_second_time(news):
    first, second = make_distributor(), make_distributor()
    user = make_user(mail_rhythm="weekly")
    recipients = [
        (user, first, user.email, "ja", ""),
        (None, second, "", "en", "No contact has an address."),
    ]
    mailing = tell_once("tests.news", first, "issue:7", recipients, number=7)
    assert list(mailing.deliveries.values_list("distributor", "state", "reason")) == [
        (first.pk, "queued", ""),
        (second.pk, "unreachable", "No contact has an address."),
    ]
    with pytest.raises(AlreadyTold):
        tell_once("tests.news", first, "issue:7", recipients, number=7)
    assert Delivery.objects.count() == 2


def test_a_contact_of_two_distributors_gets_one_mail(news):
    first, second = make_distributor(), make_distributor()
    user = make_user()
    mailing = tell_once(
        "tests.news",
        first,
        "issue:8",
        [(user, first, user.email, "en", ""), (user, second, user.email, "en", "")],
    )
    assert list(mailing.deliveries.values_list("distributor", "state")) == [
        (first.pk, DeliveryState.QUEUED),
        (second.pk, DeliveryState.SUPPRESSED),
    ]


def test_thousands_of_recipients_are_few_statements(news):
    distributor = make_distributor()
    recipients = [(None, None, f"r{n}@gkc.example", "en", "") for n in range(2000)]
    with CaptureQueriesContext(connection) as queries:
        tell_once("tests.news", distributor, "issue:9", recipients)
    inserts = [q["sql"] for q in queries if q["sql"].startswith("INSERT")]
    assert len(inserts) <= 40  # Django gives SQLite 999 variables a statement
    assert Delivery.objects.count() == 2000
