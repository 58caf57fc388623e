"""Calendar files as two parsers read them, in mails, downloads and the feed.

A third one, ical4j, reads them in test_validators.py; what a language says, test_golden.py.
"""

import datetime
import email
import email.policy
import zoneinfo

import icalendar
import pytest
import vobject
from django.core import mail
from django.urls import reverse

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.calendar_files import BERLIN, CASES, at, by_vobject, on
from touchpoints.sending import send_due
from touchpoints.transitions import make_feed_address, revoke_feed_address
from workshops.calendars import PUBLISH, as_text, entry_of, invitation, uid_of, zone_component
from workshops.transitions import (
    cancel_enrolment,
    cancel_session,
    decline,
    edit_session,
    enrol,
    merge_sessions,
    move_session,
    set_trainers,
)

pytestmark = pytest.mark.django_db


def test_two_parsers_find_every_day_at_its_moment():
    person = make_trainee()
    for name, days in CASES.items():
        session = on(BERLIN, *days)
        made = make_enrolment(session, person)
        text = invitation(session, person, made).content
        wanted = list(session.days.values_list("starts_at", "ends_at"))
        assert by_vobject(text) == wanted, name
        calendar = icalendar.Calendar.from_ical(text)
        events = calendar.events
        assert {str(event["uid"]) for event in events} == {uid_of(session)}, name
        starts = {event.start.astimezone(datetime.UTC) for event in events}
        assert starts <= {start for start, _end in wanted}, name
        assert calendar.get_missing_tzids() == set(), name
        assert not [error for event in events for error in event.errors], name
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), name


def test_a_summer_begins_when_it_does():
    """RFC 5545: the beginning stands in the clock that ends. vobject reads the zone itself."""
    zones = (
        *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
        *("Africa/Casablanca", "America/Santiago", "Africa/Cairo"),
    )
    for name in zones:
        zone = zoneinfo.ZoneInfo(name)
        since, until = (at(datetime.UTC, year, 1, 5) for year in (2027, 2028))
        made = icalendar.Calendar()
        made.add_component(zone_component(zone, since, until))
        read = vobject.readOne(made.to_ical().decode()).vtimezone.gettzinfo()
        day = since
        while day < until:
            local = day.astimezone(zone)
            assert local.replace(tzinfo=read).utcoffset() == local.utcoffset() or local.fold, local
            day += datetime.timedelta(hours=5)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_zone_without_summer_time(zone):
    session = on(zoneinfo.ZoneInfo(zone), (at(zoneinfo.ZoneInfo(zone), 2027, 3, 1, 9), 6))
    text = as_text([entry_of(session, None, stamp=session.created_at)])
    assert by_vobject(text) == list(session.days.values_list("starts_at", "ends_at"))
    assert ("VTIMEZONE" in text) == (zone != "UTC")


def event_of(message) -> tuple[str, icalendar.Event]:
    """Method and event of the file that a mail carries."""
    files = [part for part in message.message_parsed.iter_attachments()]
    (one,) = files
    assert one.get_content_type() == "text/calendar"
    calendar = icalendar.Calendar.from_ical(one.get_content())
    assert str(calendar["method"]) == one.get_param("method")
    return str(calendar["method"]), calendar.events[0]


def sent() -> list:
    """(subject, method, event) of each mail with a calendar entry, in order."""
    send_due()
    found = []
    for message in mail.outbox:
        content = message.message().as_bytes(linesep="\r\n")
        message.message_parsed = email.message_from_bytes(content, policy=email.policy.SMTP)
        if list(message.message_parsed.iter_attachments()):
            found.append((message.subject, message.to[0], *event_of(message)))
    mail.outbox.clear()
    return found


def test_the_entry_comes_with_the_seat_and_goes_with_it():
    session = make_session(seats=1)
    first, second = make_trainee(), make_trainee()
    mine = enrol(session, first, by=first)
    (one,) = sent()
    assert one[2] == "REQUEST"
    assert str(one[3]["status"]) == "CONFIRMED"
    assert str(one[3]["uid"]) == uid_of(session)
    waiting = enrol(session, second, by=second)
    assert sent() == []  # a place in line is no date yet
    cancel_enrolment(mine, by=first)
    gone, offered = sorted(sent(), key=lambda row: row[2])
    assert (gone[1], gone[2], str(gone[3]["status"])) == (first.email, "CANCEL", "CANCELLED")
    assert (offered[1], str(offered[3]["status"])) == (second.email, "TENTATIVE")
    decline(waiting, by=second)
    (one,) = sent()
    assert (one[1], one[2]) == (second.email, "CANCEL")


def test_a_cancelled_session_takes_itself_out_with_the_next_sequence():
    session = make_session()
    person = make_trainee()
    enrol(session, person, by=person)
    sent()
    cancel_session(session, by=make_user("coordinator"), reason="Too few")
    (one,) = sent()
    assert (one[2], one[3]["sequence"], str(one[3]["status"])) == ("CANCEL", 1, "CANCELLED")
    assert str(one[3]["attendee"]).removeprefix("mailto:") == person.email


def test_an_entry_that_ends_has_a_higher_number_and_ends_only_where_it_was(client):
    coordinator, trainer = make_user("coordinator"), make_trainee()
    session = make_session(seats=1, trainers=[trainer])
    first, second, third = make_trainee(), make_trainee(), make_trainee()
    mine, offered, waiting = (enrol(session, who, by=who) for who in (first, second, third))
    uid = uid_of(session)
    assert files() == [(first.email, "REQUEST", uid, 0)]
    cancel_enrolment(waiting, by=coordinator, reason="Too many")
    assert files() == []  # a place in line was never in the calendar
    cancel_enrolment(mine, by=first)
    ended, begun = files()
    assert ended == (first.email, "CANCEL", uid, 1)
    assert begun == (second.email, "REQUEST", uid, 1)
    decline(offered, by=second)
    assert files() == [(second.email, "CANCEL", uid, 2)]
    edit_session(session, by=coordinator, trainers=[])
    assert files() == [(trainer.email, "CANCEL", uid, 3)]
    enrol(session, first, by=first)
    enrol(session, third, by=third)  # waits
    files()
    cancel_session(session, by=coordinator, reason="Too few")
    assert files() == [(first.email, "CANCEL", uid, 4)]


def files() -> list[tuple]:
    """(to, method, UID, sequence) of every calendar file that went out, in order of both."""
    send_due()
    found = []
    for message in mail.outbox:
        for part in message.attachments:
            calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True).decode())
            event = calendar.events[0]
            row = (str(calendar["method"]), str(event["uid"]), int(event["sequence"]))
            found.append((message.to[0], *row))
    mail.outbox.clear()
    return sorted(found)


def test_a_move_and_a_merger_change_the_entries_of_seats_and_trainers():
    coordinator = make_user("coordinator")
    trainer, person, waiting = make_trainee(), make_trainee(), make_trainee()
    programme = make_programme()
    session = make_session(programme, seats=1)
    other = make_session(programme, seats=5, in_days=50)
    set_trainers(session, [trainer], by=coordinator)
    for one in (person, waiting):
        enrol(session, one, by=one)
    files()
    move_session(session, session.first_day + datetime.timedelta(days=7), by=coordinator)
    uid, uid_other = uid_of(session), uid_of(other)
    assert files() == sorted(
        [(person.email, "REQUEST", uid, 1), (trainer.email, "REQUEST", uid, 1)]
    )
    merge_sessions(session, other, by=coordinator)
    found = files()
    assert (person.email, "CANCEL", uid, 2) in found
    assert (person.email, "REQUEST", uid_other, 0) in found
    assert not [row for row in found if row[:2] == (trainer.email, "REQUEST")]


# --- downloads and the feed ---------------------------------------------------------------
def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response


def test_the_download_shows_the_room_to_who_has_a_seat_only(client):
    session = make_session(place_kind="online", link="https://room.example/42")
    person = make_trainee()
    make_enrolment(session, person)
    address = reverse("session_calendar", args=[session.number])
    text = read(client, address).content.decode()
    assert "room.example" not in text
    assert f"METHOD:{PUBLISH}" in text
    assert "ATTENDEE" not in text
    client.force_login(person)
    assert "room.example" in read(client, address).content.decode()
    planned = make_session(state="planned")
    read(client, reverse("session_calendar", args=[planned.number]), status=404)


def test_the_feed_holds_ones_own_courses_until_it_is_revoked(client, django_assert_num_queries):
    person = make_trainee()
    token, secret = make_feed_address(person)
    address = reverse("my_calendar", args=[secret])
    mine = [make_session(), make_session(state="cancelled"), make_session()]
    for session, state in zip(mine, ("enrolled", "cancelled", "offered"), strict=True):
        make_enrolment(session, person, state=state)
    given_up = make_session()
    make_enrolment(given_up, person, state="cancelled")
    make_enrolment(make_session())  # somebody else's
    response = read(client, address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content.decode())
    found = {str(event["uid"]): str(event["status"]) for event in calendar.events}
    wanted = zip(mine, ("CONFIRMED", "CANCELLED", "TENTATIVE"), strict=True)
    assert found == {uid_of(session): status for session, status in wanted}
    assert "method" not in calendar
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    with django_assert_num_queries(5):
        client.get(address)
    for _ in range(3):
        make_enrolment(make_session(days=2), person)
    with django_assert_num_queries(5):
        client.get(address)
    revoke_feed_address(token, by=person)
    read(client, address, status=410)
    read(client, reverse("my_calendar", args=["guess"]), status=404)


def test_a_closed_account_ends_its_feed(client):
    person = make_trainee()
    _token, secret = make_feed_address(person)
    person.is_active = False
    person.save()
    read(client, reverse("my_calendar", args=[secret]), status=410)


def test_the_address_is_made_on_the_page_of_courses(client):
    person = make_trainee()
    client.force_login(person)
    made = client.post(reverse("my_calendar_address")).content.decode()
    address = made.partition('id="calendar-address"')[2].partition('value="')[2].partition('"')[0]
    assert address.endswith(".ics")
    path = address[address.index("/", 8) :]
    client.logout()
    assert read(client, path).content.startswith(b"BEGIN:VCALENDAR")
