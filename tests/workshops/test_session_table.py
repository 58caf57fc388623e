"""The coordinator's table of sessions: what needs a decision first."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.registry import desk_items
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
)
from tests.workshops.desk_pages import TABLE, at
from workshops.models import SeatOffer, Session
from workshops.worklist import Lack, table

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_the_table_opens_on_what_needs_a_decision(coordinator):
    today, trainer = timezone.localdate(), make_user("trainer")
    whole = {"trainers": [trainer], "venue": "Hall 1"}
    fine = make_session(in_days=5, **whole)
    decide = make_session(in_days=70, **(whole | {"trainers": []}), decide_on=today)
    few = make_session(in_days=60, venue="Hall", minimum=2, decide_on=today + 9 * DAY)
    few.trainers.add(make_user("trainer"))
    early = make_session(in_days=90, venue="Hall", minimum=2, decide_on=today + 30 * DAY)
    early.trainers.add(make_user("trainer"))
    far = make_session(in_days=120)  # there is time to find trainer and room
    lapsed = make_session(in_days=50, place_kind="online")
    lapsed.trainers.add(make_user("trainer"))
    offer = make_enrolment(lapsed, state="lapsed")
    SeatOffer.objects.create(
        enrolment=offer, expires_at=timezone.now(), state="lapsed", settled_at=timezone.now()
    )
    make_session(state="done", in_days=-20)
    found = table(coordinator, {})
    assert [(line.session.pk, line.lacks) for line in found.lines] == [
        (decide.pk, [Lack.DECIDE, Lack.TRAINER]),
        (lapsed.pk, [Lack.OFFER, Lack.ROOM]),
        (few.pk, [Lack.MINIMUM]),
        (fine.pk, []),
        (early.pk, []),
        (far.pk, []),
    ]
    assert found.waiting == 3
    for lack, expected in ((Lack.ROOM, [lapsed]), (Lack.TRAINER, [decide]), (Lack.MINIMUM, [few])):
        lines = table(coordinator, {"lack": lack.value}).lines
        assert [line.session for line in lines] == expected
    assert [line.session.state for line in table(coordinator, {"state": "done"}).lines] == ["done"]
    assert len(table(coordinator, {"state": "x", "lack": "x", "month": "9999-99"}).lines) == 6


def test_a_coordinator_of_one_programme_sees_and_changes_its_sessions_only(client):
    mine, other = make_session(), make_session()
    who = make_user()
    make_mandate(who, "coordinator", scope="programme", programme_key=mine.programme.programme_key)
    client.force_login(who)
    page = client.get(TABLE).content.decode()
    assert (mine.number in page, other.number in page) == (True, False)
    assert client.get(at("desk_session", mine.number)).status_code == 200
    assert client.get(at("desk_session", other.number)).status_code == 404
    several = client.get(at("session_many", "open"), {"session": [other.pk]})
    assert several.status_code == 302


def test_queries_of_table_and_session_do_not_grow_with_rows(browser, coordinator):
    counts = []
    session = make_session(venue="Hall", trainers=[make_user("trainer")])
    for _round in range(2):
        make_enrolment(session)
        make_enrolment(session, state="waiting")
        asked = []
        for address in (TABLE, f"{TABLE}?form=csv", at("desk_session", session.number)):
            browser.get(address)  # what is kept for a minute is there
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
        for _more in range(2):
            other = make_session(trainers=[make_user("trainer")], decide_on=timezone.localdate())
            make_enrolment(other)
    assert counts[0] == counts[1]


def test_the_desk_asks_on_the_day_and_its_queries_do_not_grow(coordinator):
    counts = []
    for number in (1, 3):
        while Session.objects.count() < number:
            make_session(decide_on=timezone.localdate())
        with CaptureQueriesContext(connection) as captured:
            items = [
                item for item in desk_items(coordinator) if "wanted at least" in str(item.what)
            ]
        counts.append(len(captured))
        assert len(items) == number
    assert counts[0] >= counts[1]


def test_the_table_as_csv_is_safe_for_spreadsheets(browser):
    session = make_session(make_programme(name="=HYPERLINK()"), venue="Hall", minimum=2)
    response = browser.get(f"{TABLE}?form=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][:3] == [session.number, "'=HYPERLINK()", "Open"]
