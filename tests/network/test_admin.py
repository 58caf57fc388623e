"""The network in the admin: who edits what, and no way to a higher rank."""

import pytest
from django.urls import reverse

from network.models import Mandate, Region, Topic, User
from tests.factories import make_country, make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    made = make_user("administrator")
    client.force_login(made, "gkc_site.accounts.backends.MemberBackend")
    return made


def form_of(user, **changes):
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": "Name",
        "interface_language": "en",
        "time_zone": "UTC",
        "is_active": "on",
    } | changes


def test_an_administrator_cannot_make_a_superuser(client, administrator):
    person = make_user()
    url = reverse("wagtailusers_users:edit", args=[person.pk])
    response = client.post(url, form_of(person, is_superuser="on", groups=["1"]))
    assert response.status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.last_name, person.is_superuser, person.groups.count()) == ("Name", False, 0)


def test_an_administrator_cannot_change_a_superusers_address(client, administrator):
    boss = make_user(is_superuser=True, is_staff=True)
    url = reverse("wagtailusers_users:edit", args=[boss.pk])
    client.post(url, form_of(boss, email="mine@evil.test"))
    assert User.objects.get(pk=boss.pk).email == boss.email


def test_closing_an_account_in_the_admin_ends_memberships(client, administrator):
    person = make_user(distributor=make_distributor())
    url = reverse("wagtailusers_users:edit", args=[person.pk])
    data = form_of(person)
    del data["is_active"]
    assert client.post(url, data).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert not person.is_active
    assert not person.memberships.filter(until=None).exists()


def test_a_first_contacts_account_is_not_closed_in_the_admin(client, administrator):
    person = make_user("manager", distributor=make_distributor())
    data = form_of(person)
    del data["is_active"]
    response = client.post(reverse("wagtailusers_users:edit", args=[person.pk]), data)
    assert response.status_code == 200
    assert User.objects.get(pk=person.pk).is_active


def test_an_administrator_grants_a_mandate_and_its_group_follows(client, administrator):
    person = make_user()
    data = {"user": person.pk, "role": "editor", "scope": "global", "since": "2026-01-01"}
    assert client.post(reverse("mandate:add"), data).status_code == 302
    assert Mandate.objects.get(user=person).role == "editor"
    assert [g.name for g in person.groups.all()] == ["Editors"]


def test_editors_name_topics_in_every_language_but_no_regions(client):
    client.force_login(make_user("editor"), "gkc_site.accounts.backends.MemberBackend")
    url = reverse("topic:edit", args=[Topic.objects.get(slug="parts-supply").pk])
    content = client.get(url).content.decode()
    for column in ("name_en", "name_ja", "name_pt_br", "name_zh_hans", "name_ind"):
        assert f'name="{column}"' in content
    assert client.get(reverse("region:index")).status_code == 302
    assert client.get(reverse("mandate:index")).status_code == 302


def test_a_home_region_without_a_member_is_named(client, administrator):
    japan = Region.objects.get(slug="japan")
    content = client.get("/admin/").content.decode()
    assert "Home regions without a member" in content
    for region in Region.objects.all():
        make_user(distributor=make_distributor(country=make_country(region=region)))
    assert japan.name in content
    assert "Home regions without a member" not in client.get("/admin/").content.decode()


def test_what_is_in_use_is_not_deleted_and_the_admin_says_what_uses_it(client):
    """Not a server error: Wagtail's reference index, which it would ask, holds none of ours."""
    boss = make_user(is_superuser=True, is_staff=True)
    client.force_login(boss, "gkc_site.accounts.backends.MemberBackend")
    country = make_country()
    firm = make_distributor(country=country)
    member = make_user(distributor=firm)
    make_enrolment(make_session(), member)
    for name, kept, user in (
        ("country", country, "distributors"),
        ("reviewarea", country.review_area, "countries"),
        ("distributor", firm, "memberships"),
        ("wagtailusers_users", member, "enrolments"),
    ):
        address = reverse(f"{name}:delete", args=[kept.pk])
        answer = client.post(address, follow=True)
        assert answer.redirect_chain == [(address, 302)], name
        said = [str(message) for message in answer.context["messages"]]
        assert user in said[0], said
        assert type(kept).objects.filter(pk=kept.pk).exists(), name
    unused = make_country()
    client.post(reverse("country:delete", args=[unused.pk]))
    assert not type(unused).objects.filter(pk=unused.pk).exists()
