"""Who is asked where the first to ask is missing, or asks themself: nobody's request is lost."""

import uuid

import pytest
from django.utils import timezone

from network.models import User
from network.registry import desk_items
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_home, make_programme, make_session, make_trainee
from tests.workshops.desk_pages import at
from tests.workshops.outbox import mails, told
from workshops.models import CourseRecord, Enrolment
from workshops.permissions import can_approve_enrolment, can_confirm_course
from workshops.transitions import approve, ask_exception, enrol, enter_course

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


def test_an_administrator_vouches_where_no_other_manager_can(client):
    administrator = make_user("administrator")
    home, led, closed = make_home(), make_home(), make_home()
    sole = make_user("manager", distributor=home, post="Head of service")
    leader = make_user("manager", distributor=led, post_confirmed_at=timezone.now())
    make_user("manager", distributor=closed, is_active=False)
    member, alone = make_trainee(led), make_trainee(closed, post_confirmed_at=None)
    records = [
        enter_course(person, make_programme(), timezone.localdate())
        for person in (sole, member, alone)
    ]
    assert set(User.objects.unmanaged()) == {sole, leader, alone}
    found = CourseRecord.objects.to_confirm_by(administrator)
    assert set(found) == {records[0], records[2]}
    assert all(can_confirm_course(administrator, one) for one in found)
    items = {item.url: item for item in desk_items(administrator)}
    assert at("courses_to_confirm") in items
    posts = at("people_members") + "?unvouched=1"
    assert posts in items
    assert not any("confirm" in str(item.what) for item in desk_items(sole))
    # Nobody vouches for themself: not even whom nobody else can.
    assert not any(can_confirm_course(sole, one) for one in records)
    client.force_login(sole)
    assert client.post(at("course_change", records[0].pk, "confirm")).status_code == 403
    client.force_login(administrator)
    page = client.get(at("courses_to_confirm")).content.decode()
    assert sole.display_name in page
    assert member.display_name not in page
    page = client.get(posts).content.decode()
    assert at("people_confirm", sole.pk) in page
    assert at("people_confirm", alone.pk) in page
    assert led.name not in page
    client.post(at("course_change", records[0].pk, "confirm"))
    for person in (sole, alone):
        client.post(at("people_confirm", person.pk))
    assert list(CourseRecord.objects.to_confirm_by(administrator)) == [records[2]]
    assert posts not in {item.url for item in desk_items(administrator)}


def test_who_coordinates_alone_asks_an_administrator_for_an_exception():
    programme = make_programme(min_years=9)
    own = make_user("coordinator", distributor=make_home(), years_of_experience=1)
    administrator = make_user("administrator")
    ask_exception(programme, own, words="I have taught it.")
    assert told(administrator) == ["exception_asked"]
    other = make_user("coordinator")
    ask_exception(programme, make_trainee(), words="Please.")
    assert told(administrator) == ["exception_asked"]
    assert told(other) == told(own) == ["exception_asked"]
