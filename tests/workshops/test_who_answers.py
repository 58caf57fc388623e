"""Who is asked where the first to ask is missing, or asks themself: nobody's request is lost."""

import uuid

import pytest

from network.registry import desk_items
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_home, make_programme, make_session, make_trainee
from tests.workshops.desk_pages import at
from tests.workshops.outbox import mails, told
from workshops.models import Enrolment
from workshops.permissions import can_approve_enrolment
from workshops.transitions import approve, enrol

pytestmark = pytest.mark.django_db


def approvals(user) -> list[str]:
    """Addresses of the requests on the person's desk."""
    return [item.url for item in desk_items(user) if "asks for a seat" in str(item.what)]


def test_a_request_that_no_manager_can_answer_goes_to_the_coordinator(client, coordinator):
    session = make_session(make_programme(entry="approval"))
    elsewhere = make_user()
    make_mandate(elsewhere, "coordinator", scope="programme", programme_key=uuid.uuid4())
    home, closed = make_home(), make_home()
    sole = make_user("manager", distributor=home)
    make_user("manager", distributor=closed, is_active=False)
    alone, under_closed = enrol(session, sole, by=sole), make_trainee(closed)
    second = enrol(session, under_closed, by=under_closed)
    assert told(coordinator) == ["approval_asked"] * 2
    assert told(elsewhere) == [] == approvals(elsewhere)
    assert at("enrolment", alone.pk) in mails()[0].body
    assert approvals(coordinator) == [at("enrolment", one.pk) for one in (alone, second)]
    found = list(Enrolment.objects.to_approve_by(coordinator))
    assert found == [alone, second]
    assert all(can_approve_enrolment(coordinator, one) for one in found)
    assert not Enrolment.objects.to_approve_by(sole).exists()
    client.force_login(sole)
    page = client.get(at("session", session.number)).content.decode()
    assert "The coordinator is asked." in page
    client.force_login(coordinator)
    page = client.get(at("desk_session", session.number)).content.decode()
    assert at("enrolment", alone.pk) in page
    assert approve(alone, by=coordinator).state == "enrolled"


def test_a_manager_who_can_answer_is_asked_and_nobody_else(client, coordinator):
    session, home = make_session(make_programme(entry="approval")), make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    made = enrol(session, person, by=person)
    assert told(manager) == ["approval_asked"]
    assert told(coordinator) == [] == approvals(coordinator)
    # The manager leaves: what they did not answer waits for the coordinator.
    manager.memberships.all().delete()
    assert approvals(coordinator) == [at("enrolment", made.pk)]


def test_who_coordinates_alone_asks_an_administrator():
    session, home = make_session(make_programme(entry="approval")), make_home()
    own = make_user("coordinator", distributor=home)
    administrator = make_user("administrator")
    made = enrol(session, own, by=own)
    assert told(administrator) == ["approval_asked"]
    assert approvals(administrator) == [at("enrolment", made.pk)]
    assert approvals(own) == []
