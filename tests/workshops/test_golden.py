"""What a trainee is told from the first request to the last cancellation, word by word.

One way through a session in each language. Mails (subject, text and HTML) and
calendar files stand in golden/<language>/; GKC_WRITE_GOLDEN=1 writes them anew.
"""

import datetime
import os
import re
import zoneinfo
from decimal import Decimal
from pathlib import Path

import icalendar
import pytest
import time_machine
from django.core import mail

from network.models import Country
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_programme_page,
    make_trainee,
)
from tests.workshops.calendar_files import BERLIN, at, by_vobject, on
from touchpoints.sending import send_due
from workshops.models import Enrolment
from workshops.transitions import (
    accept_offer,
    approve,
    cancel_enrolment,
    cancel_session,
    confirm_session,
    edit_session,
    enrol,
    refuse,
    remind,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GOLDEN = Path(__file__).parent / "golden"
TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")
BEGINNING = at(datetime.UTC, 2027, 1, 4, 8)
# Language → the programme's title, the reader's time zone, and why a person says no.
READERS = {
    "en": ("Genchi genbutsu: go and see", "Europe/London", "The workshop has to close that day."),
    "ja": ("現地現物", "Asia/Tokyo", "その日は工場を閉められません。"),
    "ar": ("اذهب وانظر", "Asia/Riyadh", "لا يمكن إغلاق الورشة في ذلك اليوم."),
    "es": ("Vaya y vea", "America/Mexico_City", "Ese día no se puede cerrar el taller."),
    "fa": ("برو و ببین", "Asia/Tehran", "آن روز نمی‌توان تعمیرگاه را بست."),
}
# Occasion → method and status of the calendar file that comes with the mail.
OCCASIONS = {
    "approval_asked": None,
    "waiting": None,
    "offered": ("REQUEST", "TENTATIVE"),
    "enrolled": ("REQUEST", "CONFIRMED"),
    "changed": ("REQUEST", "CONFIRMED"),
    "reminder": ("REQUEST", "CONFIRMED"),
    "given_up": ("CANCEL", "CANCELLED"),
    "refused": None,
    "enrolled_again": ("REQUEST", "CONFIRMED"),
    "taken_out": ("CANCEL", "CANCELLED"),
    "enrolled_by_coordinator": ("REQUEST", "CONFIRMED"),
    "session_cancelled": ("CANCEL", "CANCELLED"),
}
# The same words as `enrolled`, but for approval and dates: of these the calendar file is kept.
SAME_WORDS = ("enrolled_again", "enrolled_by_coordinator")


def golden(language: str, name: str, text: str) -> None:
    """Equal to the file; written where GKC_WRITE_GOLDEN is set. Keys of rows are any number: not
    every database begins them anew."""
    text = re.sub(r"(/enrolments/)\d+/", r"\g<1>0/", text)
    path = GOLDEN / language / name
    if os.environ.get("GKC_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    kept = path.read_bytes().decode()
    assert text == kept, f"{language}/{name} differs: look, then GKC_WRITE_GOLDEN=1 writes it anew"


def told(person):
    """The one mail that the person has got since the last time."""
    send_due()
    (message,) = [message for message in mail.outbox if message.to == [person.email]]
    mail.outbox.clear()
    return message


def programme_in_all_languages(**fields):
    programme = make_programme("genchi", name="Genchi genbutsu", languages=(), **fields)
    for code, (title, _zone, _reason) in READERS.items():
        make_programme_page(programme, code, title=title)
    return programme


def way_through(language: str, programme, coordinator, clock):
    """(occasion, mail, days as they were then) of one trainee's way, from BEGINNING on."""
    clock.move_to(BEGINNING)
    _title, zone, reason = READERS[language]
    home = make_distributor()
    people = {"interface_language": language, "time_zone": zone, "distributor": home}
    manager = make_user("manager", email=f"{language}@manager.example", **people)
    person = make_user(
        email=f"{language}@trainee.example", first_name="Lucas", last_name="Prado", **people
    )
    session = on(
        TOKYO,
        (at(TOKYO, 2027, 4, 1, 9), 7),
        (at(TOKYO, 2027, 4, 2, 9), 7),
        programme=programme,
        country=Country.objects.get(pk="JP"),
        city="Nagoya",
        languages=["en", "ja"],
        seats=1,
    )
    session.number = f"W-{language}"
    session.cancel_until = at(TOKYO, 2027, 3, 25, 12)
    session.save()
    first = make_enrolment(session)

    def days():
        return list(session.days.values_list("starts_at", "ends_at"))

    def mine() -> Enrolment:
        return session.enrolments.filter(user=person).latest("pk")

    def asks():
        enrol(session, person, by=person)
        return told(manager)

    yield "approval_asked", asks(), days()
    clock.shift(datetime.timedelta(days=1))
    approve(mine(), by=manager)
    yield "waiting", told(person), days()
    clock.shift(datetime.timedelta(days=1))
    cancel_enrolment(first, by=first.user)
    yield "offered", told(person), days()
    clock.shift(datetime.timedelta(days=1))
    accept_offer(mine(), by=person)
    yield "enrolled", told(person), days()
    clock.shift(datetime.timedelta(days=1))
    # To another place and time zone, over a weekend and the beginning of summer time.
    spans = [(at(BERLIN, 2027, 3, day, 9), at(BERLIN, 2027, 3, day, 16)) for day in (26, 29)]
    edit_session(
        session,
        by=coordinator,
        days=spans,
        time_zone="Europe/Berlin",
        country_id="DE",
        city="Köln",
        cancel_until=at(BERLIN, 2027, 3, 25, 12),
        enrol_until=at(BERLIN, 2027, 3, 26, 8),
    )
    session.refresh_from_db()
    yield "changed", told(person), days()
    clock.move_to(at(datetime.UTC, 2027, 3, 22, 8))
    assert remind() == 1
    yield "reminder", told(person), days()
    clock.shift(datetime.timedelta(days=1))
    cancel_enrolment(mine(), by=person)
    yield "given_up", told(person), days()
    clock.shift(datetime.timedelta(hours=1))
    asks()
    refuse(mine(), by=manager, reason=reason)
    yield "refused", told(person), days()
    clock.shift(datetime.timedelta(hours=1))
    asks()
    approve(mine(), by=manager)
    yield "enrolled_again", told(person), days()
    clock.shift(datetime.timedelta(hours=1))
    cancel_enrolment(mine(), by=coordinator, reason=reason)
    yield "taken_out", told(person), days()
    clock.shift(datetime.timedelta(hours=1))
    enrol(session, person, by=coordinator)
    yield "enrolled_by_coordinator", told(person), days()
    clock.shift(datetime.timedelta(hours=1))
    cancel_session(session, by=coordinator, reason=reason)
    yield "session_cancelled", told(person), days()


def test_every_mail_and_calendar_file_reads_as_it_did(settings):
    settings.SITE_ADDRESS = "https://gkc.example"
    settings.GKC_MAIL_DOMAIN = "gkc.example"
    with time_machine.travel(BEGINNING, tick=False) as clock:
        programme = programme_in_all_languages(entry="approval")
        coordinator = make_user("coordinator")
        for language in READERS:
            way = list(way_through(language, programme, coordinator, clock))
            assert [occasion for occasion, _mail, _days in way] == list(OCCASIONS)
            found = (check_mail(language, *step) for step in way)
            check_line([row for row in found if row])


def told_of_terms(language: str, programme, coordinator):
    """(occasion, mail) for somebody whose seat stays at the same time and place: other terms, then
    none, then that it takes place, also for who waits for a seat."""
    _title, zone, _reason = READERS[language]
    people = {"interface_language": language, "time_zone": zone}
    person = make_trainee(email=f"{language}@seat.example", **people)
    waits = make_trainee(email=f"{language}@waits.example", **people)
    session = on(
        TOKYO,
        (at(TOKYO, 2027, 4, 1, 9), 7),
        programme=programme,
        country=Country.objects.get(pk="JP"),
        city="Nagoya",
        languages=["en"],
        seats=1,
    )
    session.number = f"T-{language}"
    session.save()
    make_enrolment(session, person)
    make_enrolment(session, waits, state="waiting")
    edit_session(
        session,
        by=coordinator,
        languages=["en", "ja", language] if language not in ("en", "ja") else ["en", "ja"],
        fee_amount=Decimal("1250.50"),
        fee_currency="EUR",
        cancel_until=at(TOKYO, 2027, 3, 25, 12),
    )
    yield "other_terms", told(person)
    edit_session(session, by=coordinator, fee_amount=0, cancel_until=None)
    yield "no_terms", told(person)
    confirm_session(session, by=coordinator)
    send_due()
    by_address = {message.to[0]: message for message in mail.outbox}
    mail.outbox.clear()
    yield "takes_place", by_address[person.email]
    yield "takes_place_waiting", by_address[waits.email]


def test_other_terms_and_that_it_takes_place_read_as_they_did(settings):
    settings.SITE_ADDRESS = "https://gkc.example"
    settings.GKC_MAIL_DOMAIN = "gkc.example"
    with time_machine.travel(BEGINNING, tick=False):
        programme, coordinator = programme_in_all_languages(), make_user("coordinator")
        for language in READERS:
            for occasion, message in told_of_terms(language, programme, coordinator):
                check_words(language, occasion, message)
                assert message.attachments == []  # the calendar entry stays as it is


def check_words(language: str, occasion: str, message) -> None:
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    golden(language, f"{occasion}.txt", f"{message.subject}\n\n{message.body}")
    golden(language, f"{occasion}.html", html)


def check_mail(language: str, occasion: str, message, days) -> tuple | None:
    """Its words and its file are the golden ones. Returns (occasion, calendar) where it has one."""
    if occasion not in SAME_WORDS:
        check_words(language, occasion, message)
    attached = [part.get_payload(decode=True).decode() for part in message.attachments]
    assert len(attached) == bool(OCCASIONS[occasion]), f"{language} {occasion}"
    for text in attached:
        golden(language, f"{occasion}.ics", text)
        assert message.attachments[0].get_param("method") in text
        assert by_vobject(text) == days, f"{language} {occasion}"
        return occasion, icalendar.Calendar.from_ical(text)
    return None


def check_line(files: list[tuple]) -> None:
    """One entry through all its changes: a calendar that reads them in any order ends right."""
    before = (-1, None)
    for occasion, calendar in files:
        (event,) = calendar.events
        method, status = OCCASIONS[occasion]
        assert (str(calendar["method"]), str(event["status"])) == (method, status), occasion
        assert str(event["uid"]) == str(files[0][1].events[0]["uid"]), occasion
        assert calendar.get_missing_tzids() == set(), occasion
        number, stamp = int(event["sequence"]), event["dtstamp"].dt
        if occasion == "changed" or method == "CANCEL":
            assert number > before[0], occasion
        assert number >= before[0], occasion
        # RFC 5546, 2.1.5: of two with one number the later stamp holds.
        assert before[1] is None or stamp > before[1], occasion
        before = (number, stamp)
