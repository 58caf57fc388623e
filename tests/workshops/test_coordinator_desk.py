"""The coordinator's pages: the table, planning, changes with their preview, people, files."""

import csv
import datetime
import io
import re
import zoneinfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from network.registry import desk_items
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from touchpoints.models import Delivery
from workshops.models import Material, SeatOffer, Session
from workshops.transitions import add_material, enrol, renew_material
from workshops.worklist import Lack, table

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TABLE = "/en/desk/workshops/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def coordinator():
    return make_user("coordinator", time_zone="UTC")


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return client


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def mark(response) -> str:
    """The preview's mark."""
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


def confirm(browser, address: str, data: dict):
    """What was typed, then the preview confirmed."""
    preview = browser.post(address, data)
    assert preview.status_code == 200, preview.content.decode()
    return browser.post(address, data | {"seen": mark(preview)})


# --- the table ----------------------------------------------------------------------
def test_the_table_opens_on_what_needs_a_decision(coordinator):
    today, trainer = timezone.localdate(), make_user("trainer")
    whole = {"trainers": [trainer], "venue": "Hall 1"}
    fine = make_session(in_days=5, **whole)
    decide = make_session(in_days=70, **(whole | {"trainers": []}), decide_on=today)
    few = make_session(in_days=60, venue="Hall", minimum=2, decide_on=today + 9 * DAY)
    few.trainers.add(make_user("trainer"))
    early = make_session(in_days=90, venue="Hall", minimum=2, decide_on=today + 30 * DAY)
    early.trainers.add(make_user("trainer"))
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
    ]
    assert found.waiting == 3
    for lack, expected in ((Lack.ROOM, [lapsed]), (Lack.TRAINER, [decide]), (Lack.MINIMUM, [few])):
        lines = table(coordinator, {"lack": lack.value}).lines
        assert [line.session for line in lines] == expected
    assert [line.session.state for line in table(coordinator, {"state": "done"}).lines] == ["done"]
    assert len(table(coordinator, {"state": "x", "lack": "x", "month": "9999-99"}).lines) == 5


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
            items = [item for item in desk_items(coordinator) if "take place" in str(item.what)]
        counts.append(len(captured))
        assert len(items) == number
    assert counts[0] >= counts[1]


def test_the_table_as_csv_is_safe_for_spreadsheets(browser):
    session = make_session(make_programme(name="=HYPERLINK()"), venue="Hall", minimum=2)
    response = browser.get(f"{TABLE}?form=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][:3] == [session.number, "'=HYPERLINK()", "Open"]


# --- planning ---------------------------------------------------------------------------
FORM = {
    "rows": "2",
    "day-0-date": "2030-03-30",
    "day-0-from": "09:00",
    "day-0-to": "17:00",
    "day-1-date": "2030-03-31",
    "time_zone": "Europe/Berlin",
    "place_kind": "person",
    "country": "",
    "city": "Köln",
    "venue": "Hall 1",
    "languages": ["de", "en"],
    "seats": "12",
    "minimum": "4",
    "decide_on": "2030-03-10",
    "enrol_until": "2030-03-20T18:00",
    "cancel_until": "",
    "fee_amount": "120.50",
    "fee_currency": "EUR",
    "fee_share": "50",
}


def test_a_session_is_planned_from_the_programmes_template(browser, coordinator):
    trainer = make_user("trainer")
    programme = make_programme("own", fee_amount=120, fee_currency="EUR", days=2)
    add_material(programme, by=coordinator, kind="section", reference="go-and-see")
    page = browser.get(at("session_new", "own")).content.decode()
    assert 'value="120.00"' in page or 'value="120"' in page
    assert page.count('type="date"') >= 2 + 3 + 1
    response = browser.post(at("session_new", "own"), FORM | {"trainers": [trainer.pk]})
    made = Session.objects.get()
    assert response.url == at("desk_session", made.number)
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert [day.starts_at.astimezone(berlin).isoformat() for day in made.days.all()] == [
        "2030-03-30T09:00:00+01:00",
        "2030-03-31T09:00:00+02:00",  # the clocks went forward that night
    ]
    assert (made.state, made.seats, made.fee_share, made.created_by) == (
        *("planned", 12, 50),
        coordinator,
    )
    assert made.enrol_until.isoformat() == "2030-03-20T17:00:00+00:00"
    assert made.materials.get().reference == "go-and-see"
    assert list(made.trainers.all()) == [trainer]
    again = browser.post(at("session_new", "own"), FORM | {"trainers": [trainer.pk]})
    assert again.status_code == 422
    assert "teaches another session at that time" in again.content.decode()
    assert 'value="Köln"' in again.content.decode()  # what was typed stands there


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day-1-from": "02:30"}, "jump over this hour"),
        ({"day-0-date": "", "day-1-date": ""}, "at least one day"),
        ({"day-0-to": "08:00", "day-1-to": "17:00"}, "ends after it begins"),
        ({"fee_currency": ""}, "A fee has a currency"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"enrol_until": "soon"}, "Enter a valid date/time"),
        ({"seats": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_input_gets_a_clear_error_and_loses_nothing(browser, typed, said):
    make_programme("own")
    response = browser.post(at("session_new", "own"), FORM | typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Hall 1" in page
    assert not Session.objects.exists()


def test_more_days_keeps_what_was_typed(browser):
    make_programme("own")
    page = browser.post(at("session_new", "own"), FORM | {"more": "1", "seats": ""})
    assert page.status_code == 200
    assert 'name="rows" value="5"' in page.content.decode() or "day-4-date" in page.content.decode()
    assert "Hall 1" in page.content.decode()
    assert "error" not in re.findall(r'class="(error)"', page.content.decode())


def edit_data(browser, session) -> dict:
    """What the form of a session holds, as a browser would send it back."""
    form = browser.get(at("session_edit", session.number)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            data[field.html_name] = value
        elif value not in (None, ""):
            widget = field.field.widget
            data[field.html_name] = (
                widget.format_value(value)
                if hasattr(widget, "format_value") and not isinstance(value, str | int)
                else value
            )
    return {name: value[0] if isinstance(value, tuple) else value for name, value in data.items()}


def test_an_edit_that_concerns_nobody_and_one_that_moves_people(browser):
    session = make_session(venue="Hall 1", days=2)
    seat = make_enrolment(session)
    data = edit_data(browser, session)
    response = confirm(browser, at("session_edit", session.number), data | {"minimum": "2"})
    assert response.url == at("desk_session", session.number)
    session.refresh_from_db()
    assert (session.minimum, session.sequence) == (2, 0)
    assert not Delivery.objects.exists()
    data = edit_data(browser, session) | {"venue": "Hall 2"}
    preview = browser.post(at("session_edit", session.number), data)
    page = preview.content.decode()
    assert "1 mail goes out" in page
    assert seat.user.display_name in page
    assert not Delivery.objects.exists()
    browser.post(at("session_edit", session.number), data | {"seen": mark(preview)})
    assert Delivery.objects.get().mailing.kind == "workshops.session_moved"


def test_a_day_past_midnight_is_planned_and_changed(browser, time_machine):
    time_machine.move_to(timezone.now().replace(hour=20, minute=0, second=0))
    session = make_session(venue="Hall 1")
    data = edit_data(browser, session)
    assert (data["day-0-from"], data["day-0-to"]) == ("20:00", "02:00")
    confirm(browser, at("session_edit", session.number), data | {"minimum": "2"})
    session.refresh_from_db()
    assert session.minimum == 2
    assert session.ends_at - session.starts_at == datetime.timedelta(hours=6)


def test_two_coordinators_the_second_form_is_stale_and_loses_nothing(browser):
    session = make_session(venue="Hall 1")
    mine = edit_data(browser, session) | {"city": "Lima"}
    confirm(
        browser,
        at("session_edit", session.number),
        edit_data(browser, session) | {"venue": "Hall 2"},
    )
    response = browser.post(at("session_edit", session.number), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed this session" in page
    assert 'value="Lima"' in page
    session.refresh_from_db()
    assert (session.venue, session.city) == ("Hall 2", "")


# --- changes with their preview -------------------------------------------------------------
def test_move_shows_whom_it_concerns_then_does_it(browser):
    session = make_session(venue="Hall 1")
    seat = make_enrolment(session)
    day = session.first_day + 7 * DAY
    data = {
        "first_day": day.isoformat(),
        "start": session.starts_at.strftime("%H:%M"),
        "time_zone": "UTC",
    }
    address = at("session_move", session.number)
    preview = browser.post(address, data)
    assert seat.user.display_name in preview.content.decode()
    assert "The session then" in preview.content.decode()
    again = browser.post(address, data | {"edit": "1"})
    assert f'value="{day}"' in again.content.decode()
    confirm(browser, address, data)
    session.refresh_from_db()
    assert session.first_day == day
    assert session.sequence == 1


def test_a_preview_that_somebody_overtook_is_shown_anew(browser):
    session = make_session(seats=1, venue="Hall 1")
    make_enrolment(session)
    address, data = at("session_seats", session.number), {"seats": "2", "rows": "0"}
    preview = browser.post(address, data)
    assert "Nobody’s seat or place in line changes." in preview.content.decode()
    person = make_trainee()
    enrol(session, person, by=person)
    stale = browser.post(address, data | {"seen": mark(preview)})
    assert stale.status_code == 409
    assert "Something changed since you saw this" in stale.content.decode()
    assert person.display_name in stale.content.decode()
    session.refresh_from_db()
    assert session.seats == 1
    done = browser.post(address, data | {"seen": mark(stale)})
    assert done.status_code == 302
    assert person.enrolments.get().state == "offered"


def test_merge_names_the_count_that_does_not_fit_and_then_does_it(browser):
    programme = make_programme()
    one, two = make_session(programme, seats=2), make_session(programme, in_days=40, seats=2)
    people = [make_enrolment(session).user for session in (one, two, two)]
    address = at("session_merge", one.number)
    page = browser.get(address).content.decode()
    assert f"{two.number}:" in page
    assert "0 of 2 seats free" in page
    refused = browser.post(address, {"into": two.pk})
    assert refused.status_code == 409
    assert "3 people hold seats in both together" in refused.content.decode()
    # Those who come along may leave within two days: counted from the minute it is done.
    soon = timezone.now() + datetime.timedelta(hours=1)
    Session.objects.filter(pk=two.pk).update(seats=3, cancel_until=soon)
    preview = browser.post(address, {"into": two.pk})
    assert f"<bdi>{two.number}</bdi>" in preview.content.decode()
    confirm(browser, address, {"into": two.pk})
    assert two.enrolments.count() == 3
    assert people[0].enrolments.get().session == two
    page = browser.get(at("desk_session", one.number)).content.decode()
    assert "Its people went to another session" in page


def test_cancel_repeat_open_and_confirm(browser):
    session = make_session(state="planned", venue="Hall 1")
    for step, state in (("open", "open"), ("confirm", "confirmed"), ("confirm", "confirmed")):
        browser.post(at("session_step", session.number, step))
        session.refresh_from_db()
        assert session.state == state
    assert browser.post(at("session_step", session.number, "strange")).status_code == 404
    address = at("session_repeat", session.number)
    preview = browser.post(address, {"every": "week", "times": "2"})
    assert Session.objects.count() == 1
    assert preview.content.decode().count("<li><span><b>") == 2
    confirm(browser, address, {"every": "week", "times": "2"})
    assert Session.objects.filter(repeat_of=session, state="planned").count() == 2
    seat = make_enrolment(session)
    assert browser.post(at("session_cancel", session.number), {"reason": " "}).status_code == 422
    confirm(browser, at("session_cancel", session.number), {"reason": "Too few"})
    seat.refresh_from_db()
    assert seat.state == "cancelled"


def test_one_thing_to_several_sessions(browser):
    planned = [make_session(state="planned"), make_session(state="planned")]
    done = make_session(state="done")
    keys = [session.pk for session in (*planned, done)]
    preview = browser.get(at("session_many", "open"), {"session": keys})
    page = preview.content.decode()
    assert "Only a planned session can be opened." in page
    address = at("session_many", "open")
    response = browser.post(address, {"session": keys, "seen": mark(preview)})
    assert response.url == TABLE
    states = sorted(Session.objects.values_list("state", flat=True))
    assert states == ["done", "open", "open"]
    confirm(browser, at("session_many", "seats"), {"session": keys, "extra": "2"})
    assert sorted(Session.objects.values_list("seats", flat=True)) == [3, 5, 5]
    made = [make_enrolment(session).user for session in planned]
    data = {"session": keys, "to": "enrolled", "once": "7b0d6a3e-52a4-4a8c-a2de-6b64b9a1f0aa"}
    data |= {"subject-en": "Bring", "body-en": "Bring a map."}
    confirm(browser, at("session_many", "message"), data)
    assert {row.user for row in Delivery.objects.all()} == set(made)
    confirm(browser, at("session_many", "cancel"), {"session": keys, "reason": "Flood"})
    assert Session.objects.filter(state="cancelled").count() == 2


def test_only_those_ticked_get_the_message_and_it_stands_in_the_log(browser):
    session = make_session()
    one = make_enrolment(session).user
    make_enrolment(session)
    data = {"to": "chosen", "person": [one.pk], "once": "7b0d6a3e-52a4-4a8c-a2de-6b64b9a1f0ab"}
    half = browser.post(at("session_message", session.number), data | {"subject-en": "Bring"})
    assert half.status_code == 409
    assert 'value="Bring"' in half.content.decode()
    data |= {"subject-en": "Bring", "body-en": "Bring a map."}
    confirm(browser, at("session_message", session.number), data)
    assert [row.user for row in Delivery.objects.all()] == [one]
    assert "Bring a map." in browser.get(at("desk_session", session.number)).content.decode()


# --- files and letters -----------------------------------------------------------------------
def test_the_roster_has_needs_for_the_coordinator_alone_and_no_formula(client, coordinator):
    trainer = make_user("trainer")
    session = make_session(make_programme(asks=["diet"]), trainers=[trainer])
    person = make_trainee(first_name="=cmd|'/c calc'!A1", last_name="")
    make_enrolment(session, person, needs={"diet": "+No fish"})
    make_enrolment(session, state="waiting")
    for who, has_needs in ((coordinator, True), (trainer, False)):
        client.force_login(who)
        for form in ("csv", "xlsx"):
            content = client.get(at("session_roster", session.number, form)).content
            if form == "csv":
                rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            else:
                sheet = load_workbook(io.BytesIO(content)).active
                rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
                assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
            assert rows[1][1] == "'=cmd|'/c calc'!A1"
            assert rows[2][10] == "1"  # place in line
            assert (rows[1][-1] == "'+No fish") is has_needs
    assert client.get(at("session_roster", session.number, "doc")).status_code == 404


def test_a_letter_for_a_visa_is_made_in_two_languages(browser):
    pytest.importorskip("weasyprint")
    from workshops.letters import letter_html

    session = make_session(city="Lima", venue="Hall 1")
    made = make_enrolment(session, make_trainee(first_name="Huda", interface_language="ar"))
    made.session = session
    html = letter_html(
        made, by=made.user, language="ar", passport="X123", born_on=None, pays="firm"
    )
    assert html.count("X123") == 2
    assert 'lang="ar" dir="rtl"' in html
    address = at("session_letter", session.number, made.pk)
    response = browser.post(address, {"language": "ar", "passport": "X123", "pays": "firm"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    waiting = make_enrolment(session, state="waiting")
    assert browser.get(at("session_letter", session.number, waiting.pk)).status_code == 404


def test_materials_stand_in_versions_and_sessions_keep_theirs(browser, client, coordinator):
    programme = make_programme("own")
    address = at("materials", "own")
    file = SimpleUploadedFile("handout.pdf", PDF, "application/pdf")
    assert browser.post(address, {"kind": "file", "upload": file}).status_code == 302
    first = Material.objects.get()
    assert first.title == "handout"
    for data, said in (
        ({"kind": "file"}, "Choose a file"),
        ({"kind": "section"}, "Name the key"),
        ({"kind": "file", "upload": SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")}, "Only"),
        ({"kind": "file", "upload": SimpleUploadedFile("x.pdf", PNG, "application/pdf")}, "PDF"),
    ):
        answer = browser.post(address, data)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    session = make_session(programme)
    session.materials.set([first])
    renewed = SimpleUploadedFile("handout.pdf", PDF, "application/pdf")
    browser.post(at("material_renew", first.pk), {"upload": renewed, "note": "Page 3"})
    second = Material.objects.get(version=2)
    assert second.material_key == first.material_key
    assert list(session.materials.all()) == [first]
    assert browser.post(at("material_renew", first.pk), {"upload": renewed}).status_code == 422
    page = browser.get(at("session_materials", session.number)).content.decode()
    assert "a newer one stands" in page
    browser.post(at("session_materials", session.number), {"material": [second.pk]})
    assert list(session.materials.all()) == [second]
    # Files follow the sessions that name them.
    seat, stranger = make_enrolment(session).user, make_trainee()
    for who, document, status in (
        (seat, second.document, 200),
        (seat, first.document, 404),
        (stranger, second.document, 404),
        (coordinator, first.document, 200),
    ):
        client.force_login(who)
        assert client.get(document.url).status_code == status
    client.force_login(coordinator)
    browser.post(at("material_withdraw", second.pk))
    assert not programme.materials.newest().exists()
    with pytest.raises(Exception, match="changed this material"):
        renew_material(second, by=coordinator, upload=renewed)


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00"
    b"\x00IEND\xaeB`\x82"
)
