"""A session is planned from its programme's template, or changed in the same form."""

import datetime
import re
import zoneinfo

import pytest
from django.utils import timezone

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
)
from tests.workshops.desk_pages import at, confirm, mark
from touchpoints.models import Delivery
from workshops.models import Session
from workshops.transitions import add_material

pytestmark = pytest.mark.django_db


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
    assert page.count(said) == 2  # at the field, and above the form that is longer than a screen
    assert "Look at this first" in page
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
