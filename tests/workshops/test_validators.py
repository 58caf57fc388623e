"""ical4j reads calendar files as they are meant, veraPDF finds PDF/UA-1 (make test-validators)."""

import json
from datetime import UTC, date

import icalendar
import pytest
from django.urls import reverse
from django.utils import translation

from network.models import Country
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_session,
    make_trainee,
)
from tests.validators import check
from tests.workshops.after import attend, make_past
from tests.workshops.calendar_files import BERLIN, CASES, on
from tests.workshops.test_golden import GOLDEN
from touchpoints.transitions import make_feed_address
from workshops.calendars import invitation, uid_of
from workshops.letters import letter_pdf
from workshops.models import Certificate
from workshops.printing import draw_certificate
from workshops.transitions import give_certificates

pytestmark = [pytest.mark.django_db, pytest.mark.validators, pytest.mark.slow]
# A title, a holder's name and a place in each script that a sheet may stand in.
WORDS = {
    "en": ("Go and see", "Inês d’Ávila", "Nagoya"),
    "ja": ("現地現物", "佐藤 美咲", "名古屋"),
    "ar": ("اذهب وانظر", "نورة الحربي", "الرياض"),
    "fa": ("برو و ببین", "آرش کیانی", "تهران"),
    "th": ("ไปดูที่หน้างาน", "สมชาย ใจดี", "กรุงเทพ"),
    "zh-hans": ("现地现物", "王 小明", "北京"),
}


# --- calendar files ---------------------------------------------------------------------
def by_ical4j(*paths) -> dict[str, dict]:
    """Path → what ical4j read, for files that it finds no fault with."""
    found = check("ics", *map(str, paths))
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert [row for row in rows if row["faults"]] == [], found.stdout + found.stderr
    assert (found.returncode, len(rows)) == (0, len(paths)), found.stdout + found.stderr
    return {row["path"]: row for row in rows}


def days_of(session) -> list[list[str]]:
    spans = session.days.values_list("starts_at", "ends_at")
    return [[f"{one.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for one in span] for span in spans]


def test_every_golden_file_says_the_same_to_two_parsers():
    paths = sorted(GOLDEN.glob("*/*.ics"))
    assert len(paths) == 45
    for path, read in by_ical4j(*paths).items():
        with open(path, encoding="utf-8") as file:
            calendar = icalendar.Calendar.from_ical(file.read())
        (event,), (theirs,) = calendar.events, read["events"]
        assert read["method"] == str(calendar["method"]), path
        assert theirs["uid"] == str(event["uid"]), path
        assert theirs["sequence"] == int(event["sequence"]), path
        assert theirs["status"] == str(event["status"]), path
        assert theirs["summary"] == str(event["summary"]), path
        assert len(theirs["days"]) == 2, path
        assert theirs["days"][0][0] == f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", path


def test_days_of_every_kind_and_the_subscribed_feed(client, tmp_path):
    person = make_trainee()
    wanted, all_days = {}, {}
    for number, days in enumerate(CASES.values()):
        session = on(BERLIN, *days)
        made = make_enrolment(session, person)
        all_days[uid_of(session)] = days_of(session)
        path = tmp_path / f"{number}.ics"
        path.write_bytes(invitation(session, person, made).content.encode())
        wanted[str(path)] = {uid_of(session): days_of(session)}
        # What anybody downloads: without people, and published.
        path = tmp_path / f"{number}-published.ics"
        path.write_bytes(client.get(reverse("session_calendar", args=[session.number])).content)
        wanted[str(path)] = {uid_of(session): days_of(session)}
    _token, secret = make_feed_address(person)
    feed = tmp_path / "feed.ics"
    feed.write_bytes(client.get(reverse("my_calendar", args=[secret])).content)
    wanted[str(feed)] = all_days
    for path, read in by_ical4j(*wanted).items():
        found = {event["uid"]: event["days"] for event in read["events"]}
        assert found == wanted[path], path
    assert {event["status"] for event in read["events"]} == {"CONFIRMED"}


def test_control_a_wrong_calendar_file_is_found(tmp_path):
    path = tmp_path / "wrong.ics"
    right = (GOLDEN / "en" / "given_up.ics").read_bytes()
    for old, new in (
        (b"SEQUENCE:3\r\n", b""),  # a cancellation has one
        (b"BEGIN:VEVENT", b"BEGIN:EVENT"),
        (b"FREQ=DAILY", b"FREQ=OFTEN"),
    ):
        assert old in right
        path.write_bytes(right.replace(old, new))
        assert check("ics", str(path)).returncode != 0, new


# --- PDF -------------------------------------------------------------------------------
@pytest.mark.pango
def test_certificates_letters_and_records_are_for_everybody(client, tmp_path):
    programme = make_programme("go-and-see", name="Go and see", has_evaluation=False)
    trainer = make_user("trainer", first_name="Mei", last_name="Lin")
    coordinator = make_user("coordinator", first_name="Ana", last_name="Ruiz")
    for code, (title, _name, _city) in WORDS.items():
        if code != "en":
            make_programme_page(programme, code, title=title)
    paths = []

    def keep(name: str, content: bytes) -> None:
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        paths.append(str(path))

    for code, (_title, name, city) in WORDS.items():
        first, last = name.split(" ", 1)
        person = make_trainee(
            make_home(), first_name=first, last_name=last, interface_language=code
        )
        session = make_past(programme, trainers=[trainer], days=2)
        attend(session, [make_enrolment(session, person)], by=trainer)
        assert give_certificates() == 1
        keep(f"certificate-{code}", draw_certificate(Certificate.objects.get(user=person)))
        ahead = make_session(programme, city=city, venue="2", country=Country.objects.get(pk="JP"))
        made = make_enrolment(ahead, person)
        said = {"passport": "X1234567", "born_on": date(1990, 5, 4), "pays": "travel"}
        keep(f"letter-{code}", letter_pdf(made, by=coordinator, language=code, **said))
        client.force_login(person)
        with translation.override(code):
            address = reverse("training_record_file", args=["pdf"])
        response = client.get(address)
        assert response["Content-Type"] == "application/pdf", response
        keep(f"record-{code}", response.content)
    found = check("pdf", *paths)
    assert (found.returncode, found.stdout.count("PASS")) == (0, len(paths)), found.stdout
