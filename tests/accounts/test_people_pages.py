"""The firm's members and one's own profile, through the browser's eyes."""

import pytest
from django.urls import reverse

from gkc_site.accounts.models import Invitation
from gkc_site.accounts.transitions import invite
from network.models import Membership, User
from tests.factories import make_distributor, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make_distributor()


@pytest.fixture
def manager(firm, client):
    made = make_user("manager", distributor=firm)
    client.force_login(made, "gkc_site.accounts.backends.MemberBackend")
    return made


def test_a_manager_sees_own_members_only(client, firm, manager):
    mine = make_user(distributor=firm, first_name="Mine")
    other = make_user(distributor=make_distributor(), first_name="Other")
    content = client.get(reverse("people_members")).content.decode()
    assert mine.first_name in content
    assert other.first_name not in content


@pytest.mark.parametrize("size", [1, 3, 30])
def test_the_page_costs_the_same_for_any_size(
    client, firm, manager, size, django_assert_num_queries
):
    for n in range(size):
        make_user(distributor=firm)
        invite(firm, f"{n}@firm.test", by=manager)
    client.get(reverse("people_members"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("people_members"))


PAGE_QUERIES = 7  # the desk count is kept for a minute


def test_a_lead_sees_the_areas_firms_but_ends_nothing(client, firm):
    member = make_user(distributor=firm, first_name="Mine")
    lead = make_user("lead", review_area=firm.review_area)
    client.force_login(lead, "gkc_site.accounts.backends.MemberBackend")
    assert "Mine" in client.get(reverse("people_members")).content.decode()
    place = member.memberships.get()
    assert client.post(reverse("people_leave", args=[place.pk])).status_code == 403
    assert client.get(reverse("people_invite", args=[firm.code])).status_code == 200


def test_inviting_resending_revoking(client, firm, manager):
    url = reverse("people_invite", args=[firm.code])
    response = client.post(url, {"email": "new@firm.test", "first_name": "N", "language": "en"})
    assert response.status_code == 302
    made = Invitation.objects.get()
    client.post(reverse("people_resend", args=[made.pk]))
    client.post(reverse("people_revoke", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == "revoked"


def test_the_first_contact_is_asked_for_a_successor(client, firm, manager):
    member = make_user(distributor=firm)
    url = reverse("people_leave", args=[manager.memberships.get().pk])
    refused = client.post(url)
    assert refused.status_code == 200
    assert refused.context["form"].errors
    client.post(url, {"successor": member.memberships.get().pk})
    assert Membership.objects.current().get(contact="first").user == member


def test_confirming_and_naming_through_the_page(client, firm, manager):
    member = make_user(distributor=firm, post="Clerk")
    client.post(reverse("people_confirm", args=[member.pk]))
    client.post(
        reverse("people_contact", args=[member.memberships.get().pk]), {"contact": "deputy"}
    )
    member.refresh_from_db()
    assert member.post_confirmed_by == manager
    assert member.memberships.get().contact == "deputy"


def test_a_profile_is_saved_and_the_page_follows_the_language(client, manager):
    data = {
        "first_name": "Omar",
        "last_name": "",
        "interface_language": "ar",
        "time_zone": "Asia/Riyadh",
        "mail_rhythm": "daily",
        "post": "Manager",
        "years_of_experience": "12",
    }
    response = client.post(reverse("profile"), data)
    assert response.headers["Location"] == "/ar/people/profile/"
    assert client.cookies["django_language"].value == "ar"
    user = User.objects.get(pk=manager.pk)
    assert (user.time_zone, user.mail_rhythm, user.years_of_experience) == (
        "Asia/Riyadh",
        "daily",
        12,
    )
    assert client.post(reverse("profile"), data | {"time_zone": "Mars/Base"}).status_code == 200


def test_further_languages_are_added_moved_and_dropped(client, manager):
    url = reverse("profile_languages")
    for step in ({"add": "ja"}, {"add": "de"}, {"add": "es"}, {"up": "es"}, {"down": "ja"}):
        client.post(url, step)
    assert User.objects.get(pk=manager.pk).further_languages == ["es", "ja", "de"]
    for step in ({"drop": "ja"}, {"add": "es"}, {"add": "xx"}, {"up": "es"}, {"down": "de"}):
        client.post(url, step)
    assert User.objects.get(pk=manager.pk).further_languages == ["es", "de"]


def test_password_change_and_second_factor_are_reached_from_the_profile(client, manager):
    content = client.get(reverse("profile")).content.decode()
    assert reverse("account_change_password") in content
    assert reverse("people_members") in content
    assert client.get(reverse("mfa_index")).status_code == 200
