"""Dates of a distributor's version: planned by who coordinates what it was made from."""

import pytest

from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_enrolment, make_home, make_programme, make_session
from tests.workshops.desk_pages import at
from workshops.models import Certificate, Material, Programme, Session
from workshops.permissions import (
    can_change_programme,
    can_manage_session,
    can_plan_session,
    can_view_session,
)
from workshops.responsible import coordinators_of

pytestmark = pytest.mark.django_db


def test_the_parents_coordinator_plans_a_versions_dates_and_nobody_elses(client):
    home = make_home()
    parent, other = make_programme(), make_programme()
    version = make_programme(parent=parent, distributor=home)
    foreign = make_programme(parent=other, distributor=home)
    person = make_user()
    make_mandate(person, "coordinator", scope="programme", programme_key=parent.programme_key)
    sessions = [make_session(one, state="planned") for one in (parent, version, other, foreign)]
    for one in (parent, version, other, foreign):
        is_theirs = one in (parent, version)
        assert can_plan_session(person, one) == is_theirs
        assert can_change_programme(person, one) == is_theirs
        assert (one in Programme.objects.coordinated_by(person)) == is_theirs
        assert (person in coordinators_of(one)) == is_theirs
    for one in sessions:
        seen = Session.objects.filter(pk=one.pk)
        assert seen.visible_to(person).exists() == can_view_session(person, one)
        assert seen.coordinated_by(person).exists() == can_manage_session(person, one)
    assert set(Session.objects.coordinated_by(person)) == set(sessions[:2])
    assert not Certificate.objects.visible_to(person).exists()
    assert not Material.objects.visible_to(person).exists()
    make_enrolment(sessions[1])
    client.force_login(person)
    assert client.get(at("session_new", version.key)).status_code == 200
    assert client.get(at("desk_session", sessions[1].number)).status_code == 200
    assert client.get(at("session_new", foreign.key)).status_code == 404
    chosen = client.get(at("session_choose")).content.decode()
    assert at("session_new", version.key) in chosen
    assert at("session_new", foreign.key) not in chosen
