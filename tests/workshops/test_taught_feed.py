"""A trainer's subscribed feed holds what they teach."""

import icalendar
import pytest
from django.urls import reverse

from tests.factories.workshops import make_enrolment, make_session
from touchpoints.transitions import make_feed_address
from workshops.calendars import uid_of

pytestmark = pytest.mark.django_db


def test_what_one_teaches_stands_in_the_feed_and_costs_no_more_with_more(
    client, trainer, django_assert_num_queries
):
    taught = {"trainers": [trainer], "place_kind": "online", "link": "https://room.example/42"}
    opened, cancelled = make_session(**taught), make_session(state="cancelled", **taught)
    planned, seat, other = make_session(state="planned", **taught), make_session(), make_session()
    make_enrolment(seat, trainer)
    _token, secret = make_feed_address(trainer)
    address = reverse("my_calendar", args=[secret])
    first = client.get(address)
    calendar = icalendar.Calendar.from_ical(first.content.decode())
    found = {str(event["uid"]): str(event["status"]) for event in calendar.events}
    assert found == {
        uid_of(opened): "CONFIRMED",
        uid_of(cancelled): "CANCELLED",
        uid_of(seat): "CONFIRMED",
    }
    assert uid_of(planned) not in found
    assert uid_of(other) not in found
    assert first.content.decode().count("room.example") >= 1
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    with django_assert_num_queries(6):
        client.get(address)
    for _ in range(2):
        make_session(days=2, **taught)
    with django_assert_num_queries(6):
        client.get(address)
