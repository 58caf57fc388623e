"""People in and out: each change's vetoes, its log line, and what stays."""

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.log_actions import registry

from network.exceptions import TransitionRefused
from network.models import Membership, User
from network.permissions import belongs_to, holds, manages_distributor
from network.signals import member_left
from network.transitions import (
    change_profile,
    close_account,
    confirm_post,
    end_mandate,
    grant_mandate,
    join,
    leave,
    name_contact,
    reopen_account,
)
from tests.factories import make_case, make_distributor, make_mandate, make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_distributor()


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm)


@pytest.fixture
def member(firm):
    return make_user(distributor=firm)


@pytest.fixture
def administrator():
    return make_user("administrator")


def place(user, firm):
    return Membership.objects.get(user=user, distributor=firm)


def fresh(user):
    return User.objects.get(pk=user.pk)


def actions(user):
    return [entry.action for entry in registry.get_logs_for_instance(user)]


def test_a_member_who_leaves_keeps_the_work_and_loses_the_way_in(firm, manager, member):
    case = make_case(firm, member, published=True)
    client = Client()
    client.force_login(member, "gkc_site.accounts.backends.MemberBackend")
    leave(place(member, firm), by=manager)
    case.refresh_from_db()
    assert case.author == member
    assert not fresh(member).is_active
    assert not belongs_to(fresh(member), firm)
    assert Session.objects.count() == 0
    assert client.get("/en/people/profile/").status_code == 302
    assert "network.leave" in actions(member)


def test_a_member_of_two_firms_leaves_only_one(firm, manager, member):
    other = make_distributor()
    make_membership(member, other)
    leave(place(member, firm), by=manager)
    assert fresh(member).is_active
    assert belongs_to(fresh(member), other)


def test_a_mandate_keeps_the_account_open(firm, manager, member):
    make_mandate(member, "trainer")
    leave(place(member, firm), by=manager)
    assert fresh(member).is_active


@pytest.mark.parametrize("who", ["other_manager", "colleague", "lead"])
def test_only_the_firms_manager_ends_memberships(firm, member, who):
    people = {
        "other_manager": lambda: make_user("manager", distributor=make_distributor()),
        "colleague": lambda: make_user(distributor=firm),
        "lead": lambda: make_user("lead", review_area=firm.review_area),
    }
    with pytest.raises(PermissionDenied):
        leave(place(member, firm), by=people[who]())
    assert fresh(member).is_active


def test_the_last_first_contact_must_name_another(firm, manager, member):
    with pytest.raises(TransitionRefused):
        leave(place(manager, firm), by=manager)
    assert fresh(manager).is_active
    leave(place(manager, firm), by=manager, successor=place(member, firm))
    assert manages_distributor(fresh(member), firm)
    assert place(member, firm).contact == "first"


def test_a_successor_of_another_firm_is_refused(firm, manager):
    stranger = make_user(distributor=make_distributor())
    with pytest.raises(PermissionDenied):
        leave(place(manager, firm), by=manager, successor=stranger.memberships.get())
    assert place(manager, firm).until is None


def test_a_second_of_two_stale_departures_is_refused(firm, manager, member):
    first, second = place(member, firm), place(member, firm)
    leave(first, by=manager)
    with pytest.raises(TransitionRefused):
        leave(second, by=manager)


def test_who_listens_stands_in_the_same_transaction(firm, manager, member):
    heard = []

    def on_leave(sender, **kwargs):
        heard.append((kwargs["user"], kwargs["distributor"], kwargs["account_closed"]))
        raise RuntimeError("cannot hand on")

    member_left.connect(on_leave)
    try:
        with pytest.raises(RuntimeError):
            leave(place(member, firm), by=manager)
    finally:
        member_left.disconnect(on_leave)
    assert heard == [(member, firm, True)]
    assert fresh(member).is_active
    assert place(member, firm).until is None


def test_a_new_first_contact_makes_the_former_deputy(firm, manager, member):
    name_contact(place(member, firm), "first", by=manager)
    assert place(manager, firm).contact == "deputy"
    assert place(member, firm).contact == "first"


def test_a_first_contact_cannot_just_step_down(firm, manager):
    with pytest.raises(TransitionRefused):
        name_contact(place(manager, firm), "", by=manager)


def test_a_deputy_manages_and_can_be_unnamed(firm, manager, member):
    name_contact(place(member, firm), "deputy", by=manager)
    assert manages_distributor(fresh(member), firm)
    name_contact(place(member, firm), "", by=manager)
    assert not manages_distributor(fresh(member), firm)


def test_joining_as_a_second_first_contact_makes_a_deputy(firm, manager):
    newcomer = make_user()
    assert join(newcomer, firm, by=manager, contact="first").contact == "deputy"


def test_joining_twice_is_one_membership(firm, manager, member):
    assert join(member, firm, by=manager) == place(member, firm)


def test_a_manager_confirms_a_post_and_a_change_voids_it(firm, manager, member):
    change_profile(member, post="Parts manager", years_of_experience=6)
    confirm_post(member, by=manager)
    assert fresh(member).post_confirmed_by == manager
    change_profile(fresh(member), time_zone="Asia/Riyadh")
    assert fresh(member).post_confirmed_by == manager
    change_profile(fresh(member), years_of_experience=9)
    assert fresh(member).post_confirmed_at is None


def test_nobody_confirms_the_own_post_nor_a_strangers(firm, manager):
    change_profile(manager, post="General manager")
    with pytest.raises(PermissionDenied):
        confirm_post(manager, by=manager)
    stranger = make_user(distributor=make_distributor(), post="Clerk")
    with pytest.raises(PermissionDenied):
        confirm_post(stranger, by=manager)


def test_an_empty_post_cannot_be_confirmed(manager, member):
    with pytest.raises(TransitionRefused):
        confirm_post(member, by=manager)


def test_mandates_put_people_in_the_admins_groups(administrator, member):
    mandate = grant_mandate(member, "editor", by=administrator)
    assert [group.name for group in member.groups.all()] == ["Editors"]
    end_mandate(mandate, by=administrator)
    assert not member.groups.exists()
    assert not holds(fresh(member), "editor")
    assert actions(member)[:2] == ["network.end_mandate", "network.grant_mandate"]


def test_only_administrators_grant_and_end(manager, member):
    with pytest.raises(PermissionDenied):
        grant_mandate(member, "editor", by=manager)
    with pytest.raises(PermissionDenied):
        end_mandate(make_mandate(member, "trainer"), by=manager)


def test_the_last_administrator_stays(administrator):
    with pytest.raises(TransitionRefused):
        end_mandate(administrator.mandates.get(), by=administrator)
    make_user("administrator")
    end_mandate(administrator.mandates.get(), by=administrator)
    assert not holds(fresh(administrator), "administrator")


def test_closing_and_reopening_an_account(firm, administrator, manager, member):
    make_mandate(member, "editor")
    close_account(member, by=administrator)
    assert not fresh(member).is_active
    assert not member.groups.exists()
    reopen_account(member, by=administrator)
    assert fresh(member).is_active
    assert not belongs_to(fresh(member), firm)
    for victim, by, error in [
        (manager, administrator, TransitionRefused),
        (administrator, administrator, TransitionRefused),
        (member, manager, PermissionDenied),
    ]:
        with pytest.raises(error):
            close_account(victim, by=by)
