"""The directory of people: areas, campaigners, who stands in; and regions nobody speaks for."""

import datetime
import io

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gkc_site.people.directory import areas
from network.checks import check_home_regions
from network.models import Absence, Mandate, Membership, Region
from network.registry import desk_items
from review.models import Question
from tests.factories import (
    make_area,
    make_country,
    make_distributor,
    make_mandate,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def area():
    cache.clear()
    found = make_area("gulf", name="Gulf area")
    make_country("X0", area=found, region=make_region("gulf", name="Gulf states"))
    return found


@pytest.fixture
def member(client, area):
    firm = make_distributor(country=area.countries.get())
    user = make_user(distributor=firm)
    client.force_login(user)
    return user


def campaigner(area, role="campaigner", **fields):
    user = make_user(distributor=make_distributor(country=area.countries.get()), **fields)
    return user, make_mandate(user, role, review_area=area)


def entry(area):
    [found] = [one for one in areas() if one.area == area]
    return found


def test_a_campaigner_stands_there_with_all_that_was_noted(client, member, area):
    user, mandate = campaigner(
        area, first_name="Huda", last_name="Saleh", further_languages=["ar"], post="Sales manager"
    )
    mandate.field, mandate.nomination_note = "logistics", "Led the parts kaizen of 40 outlets."
    mandate.save()
    page = client.get(reverse("people")).text
    for words in (
        "Gulf area",
        "Gulf States",
        "Huda Saleh",
        "logistics",
        "Sales manager",
        "English",
        "العربية",
        "Led the parts kaizen of 40 outlets.",
        "Your area",
        reverse("question_ask", args=["area", "gulf"]),
    ):
        assert words.lower() in page.lower(), words


def test_a_countrys_campaigner_is_one_tap_away(client, member, area):
    campaigner(area, first_name="Huda")
    other = make_area("other", name="Other area")
    make_country("Y0", area=other)
    mine = client.get(reverse("people_mine"))
    assert mine.url == reverse("people") + "?country=X0"
    page = client.get(mine.url).text
    assert ("Huda" in page, 'id="area-other"' in page) == (True, False)
    assert 'id="area-other"' in client.get(reverse("people")).text
    assert reverse("people_mine") in client.get("/en/").text  # every footer


def test_who_has_no_firm_comes_to_the_area_they_campaign_in_or_to_all(client, area):
    lead = make_user("lead", review_area=area)
    client.force_login(lead)
    assert client.get(reverse("people_mine")).url == reverse("people") + "#area-gulf"
    client.force_login(make_user("editor"))
    assert client.get(reverse("people_mine")).url == reverse("people")


@pytest.mark.parametrize("code", ["ZZ", "<b>", "x" * 500, "‮"])
def test_an_unknown_country_is_said_and_all_are_shown(client, member, area, code):
    response = client.get(reverse("people"), {"country": code})
    assert response.status_code == 200
    assert 'id="area-gulf"' in response.text
    assert "<b>" not in response.text.split("No country of the network")[1][:200]


def test_days_away_are_shown_without_their_reason_and_who_stands_in(client, member, area):
    lead, _mandate = campaigner(area, "lead", first_name="Amal")
    user, mandate = campaigner(area, first_name="Huda")
    today = timezone.localdate()
    Absence.objects.create(user=user, since=today - DAY, until=today + 3 * DAY, note="Surgery")
    Absence.objects.create(user=lead, since=today + 20 * DAY, until=today + 21 * DAY)
    Absence.objects.create(user=lead, since=today - 9 * DAY, until=today - 5 * DAY)
    first, second = entry(area).campaigners
    assert (first.user, first.is_lead, first.is_away, len(first.away)) == (lead, True, False, 1)
    assert (second.user, second.is_away, second.deputy) == (user, True, lead)
    assert first.deputy is None  # the only other one is away
    deputy = make_user(first_name="Sami")
    mandate.deputy = deputy
    mandate.save()
    assert entry(area).campaigners[1].deputy == deputy
    page = client.get(reverse("people")).text
    assert ("Deputy: <bdi>Sami</bdi>" in page, "Surgery" in page) == (True, False)


def test_countries_stand_by_their_letters_whatever_their_accents(client, member):
    page = client.get(reverse("people")).text
    assert page.index(">Chile<") < page.index(">Côte d’Ivoire<") < page.index(">Cuba<")


def test_alone_in_an_area_the_neighbours_lead_stands_in(area):
    campaigner(area)
    neighbour = make_area("near")
    make_country("Y1", area=neighbour)
    lead, _mandate = campaigner(neighbour, "lead")
    area.neighbour = neighbour
    area.save()
    assert entry(area).campaigners[0].deputy == lead
    # The same where only one area is asked for.
    [only] = areas("X0")
    assert only.campaigners[0].deputy == lead


def test_who_left_stands_there_no_more(client, member, area):
    user, mandate = campaigner(area, first_name="Huda")
    Mandate.objects.filter(pk=mandate.pk).update(until=timezone.localdate() - DAY)
    assert entry(area).campaigners == []
    assert "Nobody campaigns here yet" in client.get(reverse("people") + "?country=X0").text
    gone, _mandate = campaigner(area, first_name="Gone")
    gone.is_active = False
    gone.save()
    assert entry(area).campaigners == []


def test_the_list_costs_the_same_with_one_campaigner_and_with_three(client, member, area):
    def cost() -> int:
        client.get(reverse("people"))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("people")).status_code == 200
        return len(found)

    today = timezone.localdate()
    for count in (1, 2):
        for _number in range(count):
            user, _mandate = campaigner(area, "lead" if count == 1 else "campaigner")
            Absence.objects.create(user=user, since=today, until=today)
        if count == 1:
            one = cost()
    assert len(entry(area).campaigners) == 3
    assert cost() == one


def test_a_question_at_an_area_goes_to_its_campaigner(client, member, area):
    user, _mandate = campaigner(area)
    url = reverse("question_ask", args=["area", "gulf"]) + "?in=en"
    client.post(url, {"text": "Who helps us?", "written_in": "en"})
    assert Question.objects.get().owner == user
    assert client.get(reverse("question_ask", args=["area", "moon"]) + "?in=en").status_code == 404


# --- R22 ------------------------------------------------------------------------------
def gaps(user) -> list[str]:
    return [
        str(item.title) for item in desk_items(user) if str(item.state_label) == "Region missing"
    ]


@pytest.fixture
def whole(area):
    """Every home region has a member and a campaigner."""
    for region in Region.objects.all():
        country = region.countries.first() or make_country(region=region)
        make_user(distributor=make_distributor(country=country))
        make_user("lead", review_area=country.review_area)


def test_a_region_without_member_or_campaigner_is_on_the_editors_desk(whole, area):
    editor, reader = make_user("editor"), make_user()
    assert gaps(editor) == []
    ended = timezone.localdate() - 3 * DAY
    held = Membership.objects.filter(distributor__country__region__slug="gulf")
    held.update(until=ended)
    assert gaps(editor) == ["Gulf states"]
    [item] = [item for item in desk_items(editor) if str(item.state_label) == "Region missing"]
    assert timezone.localtime(item.since).date() == ended
    held.update(until=None)
    area.mandates.update(until=ended)
    assert gaps(editor) == ["Gulf states"]
    assert gaps(reader) == []


def test_a_firm_that_is_not_active_speaks_for_nobody(whole, area):
    editor = make_user("editor")
    area.countries.get().distributors.update(is_active=False)
    assert gaps(editor) == ["Gulf states"]


def test_the_desk_asks_two_queries_for_it_and_a_third_for_gaps(whole, django_assert_num_queries):
    from gkc_site.people.desk import missing_regions

    editor = make_user("editor")
    list(missing_regions(editor))
    with django_assert_num_queries(2):
        assert list(missing_regions(editor)) == []
    Membership.objects.update(until=timezone.localdate() - DAY)
    regions = Region.objects.count()
    with django_assert_num_queries(3):
        assert len(list(missing_regions(editor))) == regions


def found() -> list[str]:
    return [warning.id for warning in check_home_regions(databases=["default"])]


def test_the_check_of_the_database_names_the_region(whole, area):
    assert found() == []
    held = Membership.objects.filter(distributor__country__region__slug="gulf")
    held.update(until=timezone.localdate() - DAY)
    area.mandates.update(until=timezone.localdate() - DAY)
    assert found() == ["network.W001", "network.W002"]
    said = io.StringIO()
    call_command("check", databases=["default"], stderr=said)
    assert "'gulf' has no member" in said.getvalue()
    assert check_home_regions(databases=None) == []  # an ordinary check asks no database
    Membership.objects.all().delete()
    assert found() == []  # an installation without members is not warned of their absence
