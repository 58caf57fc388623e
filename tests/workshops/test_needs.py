"""What people need to take part: said whenever they came in, read by the coordinator alone."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.desk_pages import at
from tests.workshops.outbox import mails
from workshops.exceptions import TransitionRefused
from workshops.transitions import enrol_group, set_needs

pytestmark = pytest.mark.django_db


def test_who_was_enrolled_by_a_manager_is_asked_by_mail_and_says_it_on_the_page(client):
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    session = make_session(make_programme(asks=["diet"]))
    (made,) = enrol_group(session, [person], by=manager)
    (mail,) = mails()
    assert "something you do not eat" in " ".join(mail.body.split())
    client.force_login(person)
    page = client.get(at("session", session.number)).content.decode()
    address = at("session_needs", session.number)
    assert f'action="{address}"' in page
    wrong = client.post(address, {"diet": "x" * 301})
    assert wrong.status_code == 400
    assert "x" * 301 in wrong.content.decode()
    done = client.post(address, {"diet": "No nuts", "access": "not asked"}, follow=True)
    assert "No nuts" in done.content.decode()
    made.refresh_from_db()
    assert made.needs == {"diet": "No nuts"}
    event = made.events.last()
    assert (event.verb, event.old, event.new, event.by) == ("needs", "enrolled", "enrolled", person)
    client.post(address, {"diet": "No nuts"})
    assert made.events.count() == 2
    client.force_login(make_user("coordinator"))
    desk = client.get(at("desk_session", session.number)).content.decode()
    assert "No nuts" in desk
    assert "said anew what they need" in desk
    client.force_login(manager)
    assert client.post(address, {"diet": "Everything"}).status_code == 404


def test_needs_are_said_in_every_state_with_a_place_and_in_no_other():
    session = make_session(make_programme(asks=["diet"]))
    places = {
        state: make_enrolment(session, state=state)
        for state in (
            *("requested", "waiting", "offered", "enrolled"),
            *("nominated", "cancelled", "refused", "lapsed"),
        )
    }
    for state, place in places.items():
        if state in ("nominated", "cancelled", "refused", "lapsed"):
            with pytest.raises(TransitionRefused, match="no place"):
                set_needs(place, by=place.user, needs={"diet": "No nuts"})
        else:
            assert set_needs(place, by=place.user, needs={"diet": "No nuts"}).needs
            with pytest.raises(PermissionDenied):
                set_needs(place, by=make_user("coordinator"), needs={})
    with (
        time_machine.travel(session.starts_at, tick=False),
        pytest.raises(TransitionRefused, match="begun"),
    ):
        set_needs(places["enrolled"], by=places["enrolled"].user, needs={})


def test_a_programme_that_asks_nothing_has_no_form(client):
    session, person = make_session(), make_trainee()
    make_enrolment(session, person)
    client.force_login(person)
    page = client.get(at("session", session.number)).content.decode()
    assert at("session_needs", session.number) not in page
