"""Days away and clock lengths: who enters them, what is refused, what stands in the log."""

import datetime
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import ModelLogEntry

from network.absences import enter_absence, remove_absence, set_clock_lengths
from network.calendars import calendar_of, calendars_of, reading_calendar
from network.exceptions import TransitionRefused
from network.models import Absence, Country, ReviewArea, User
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_mandate,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = "2026-11-22 12:00Z"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(TODAY, tick=False)


@pytest.fixture
def area():
    return make_area(lead_country=make_country("SA", weekend="fri-sat"))


@pytest.fixture
def campaigner(area):
    return make_user("campaigner", review_area=area)


def test_who_enters_a_campaigners_days_away(area, campaigner):
    days = {"since": date(2026, 12, 1), "until": date(2026, 12, 4)}
    for allowed in (campaigner, make_user("lead", review_area=area), make_user("administrator")):
        enter_absence(campaigner, by=allowed, **days)
    colleague = make_user("campaigner", review_area=area)
    for other in (colleague, make_user("lead", review_area=make_area()), make_user("editor")):
        with pytest.raises(PermissionDenied):
            enter_absence(campaigner, by=other, **days)
        with pytest.raises(PermissionDenied):
            remove_absence(Absence.objects.first(), by=other)
    assert Absence.objects.count() == 3


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 12, 4), date(2026, 12, 1)),  # the wrong way round
        (date(2026, 11, 1), date(2026, 11, 21)),  # over
        (date(2026, 12, 1), date(2028, 12, 1)),  # two years
    ],
)
def test_days_that_cannot_be_are_refused(campaigner, since, until):
    with pytest.raises(TransitionRefused):
        enter_absence(campaigner, since=since, until=until, by=campaigner)
    assert not Absence.objects.exists()


def test_every_change_stands_in_the_log_without_its_note(campaigner):
    days = {"since": date(2026, 12, 1), "until": date(2026, 12, 4)}
    remove_absence(enter_absence(campaigner, by=campaigner, note="Clinic", **days), by=campaigner)
    entries = ModelLogEntry.objects.for_instance(campaigner).order_by("pk")
    assert [entry.action for entry in entries] == [
        "network.enter_absence",
        "network.remove_absence",
    ]
    assert "Clinic" not in str([entry.data for entry in entries])


def test_calendars_are_of_the_firms_country_or_the_areas(area, django_assert_num_queries):
    japan = make_distributor(country=make_country("JP", weekend="sat-sun"))
    member = make_user(distributor=japan, time_zone="Asia/Tokyo")
    make_mandate(member, "campaigner", review_area=area)
    alone = make_user("campaigner", review_area=area, time_zone="Asia/Riyadh")
    nowhere = make_user()
    Absence.objects.create(user=member, since=date(2026, 11, 30), until=date(2026, 12, 1))
    people = [member, alone, nowhere, *(make_user(distributor=japan) for _n in range(5))]
    with django_assert_num_queries(4):
        found = calendars_of(person.pk for person in people)
    shown = {pk: (c.code, c.weekend, c.zone) for pk, c in found.items()}
    assert shown[member.pk] == ("JP", "sat-sun", "Asia/Tokyo")
    assert shown[alone.pk] == ("SA", "fri-sat", "Asia/Riyadh")
    assert shown[nowhere.pk] == ("", "sat-sun", "UTC")
    assert found[member.pk].away == {date(2026, 11, 30), date(2026, 12, 1)}
    for person in (member, alone, nowhere):
        fresh = User.objects.get(pk=person.pk)
        assert reading_calendar(fresh) == calendar_of(person)


def test_a_lead_sets_lengths_within_the_networks_limits(area):
    lead = make_user("lead", review_area=area)
    set_clock_lengths(area, by=lead, area_days=5, neutral_days=7, author_days=10)
    area.refresh_from_db()
    assert (area.area_days, area.neutral_days, area.author_days) == (5, 7, 10)
    entry = ModelLogEntry.objects.for_instance(area).get(action="network.set_clocks")
    assert entry.user == lead
    assert entry.data == {
        "before": {"area_days": 7, "author_days": 14},
        "after": {"area_days": 5, "author_days": 10},
    }
    for value in (2, 15):
        with pytest.raises(TransitionRefused):
            set_clock_lengths(area, by=lead, area_days=value)
    with pytest.raises(PermissionDenied):
        set_clock_lengths(area, by=make_user("lead", review_area=make_area()), area_days=6)
    set_clock_lengths(area, by=lead, area_days=5)  # nothing new: no line
    assert ModelLogEntry.objects.filter(action="network.set_clocks").count() == 1


def test_every_area_has_its_lead_country():
    assert not ReviewArea.objects.filter(
        slug__in=["saudi-arabia", "usa"], lead_country=None
    ).exists()
    assert ReviewArea.objects.get(slug="saudi-arabia").lead_country == Country.objects.get(pk="SA")


# --- the pages ------------------------------------------------------------------------
def test_the_profile_takes_days_and_gives_them_back(client, campaigner):
    client.force_login(campaigner)
    url = reverse("profile_away")
    typed = {"since": "2026-12-01", "until": "2026-12-04", "note": "Leave"}
    assert client.post(url, typed).status_code == 302
    page = client.get(url).content.decode()
    assert "December 1, 2026 to December 4, 2026" in page
    other = Absence.objects.create(
        user=make_user(), since=date(2026, 12, 1), until=date(2026, 12, 2)
    )
    assert client.post(url, {"remove": other.pk}).status_code == 404
    mine = Absence.objects.get(user=campaigner)
    assert client.post(url, {"remove": mine.pk}).status_code == 302
    assert list(Absence.objects.all()) == [other]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"since": "2026-12-04", "until": "2026-12-01", "note": "Leave"}, 422),
        ({"since": "soon", "until": "", "note": "Leave"}, 422),
        ({"since": "2026-11-01", "until": "2026-11-02", "note": "Leave"}, 409),
    ],
)
def test_what_is_refused_is_shown_again(client, campaigner, typed, status):
    client.force_login(campaigner)
    answer = client.post(reverse("profile_away"), typed)
    assert answer.status_code == status
    form = answer.context["form"]
    assert form.errors
    assert (form["since"].value(), form["note"].value()) == (typed["since"], "Leave")
    assert not Absence.objects.exists()


def test_the_leads_page_shows_who_is_away_and_keeps_what_was_typed(client, area, campaigner):
    lead = make_user("lead", review_area=area)
    enter_absence(
        campaigner,
        since=date(2026, 12, 1),
        until=date(2026, 12, 1),
        by=campaigner,
        note="Trade fair",
    )
    client.force_login(lead)
    url = reverse("review_area", args=[area.slug])
    assert "Trade fair" in client.get(url).content.decode()
    lengths = {"action": "clocks", "area_days": "99", "neutral_days": "7", "author_days": "14"}
    answer = client.post(url, lengths)
    assert answer.status_code == 422
    assert answer.context["clocks"]["area_days"].value() == "99"
    assert client.post(url, lengths | {"area_days": "6"}).status_code == 302
    shown = client.get(url).context["changes"]
    assert [
        (row["by"], row["lengths"][0]["before"], row["lengths"][0]["after"]) for row in shown
    ] == [(lead.display_name, 7, 6)]
    stranger = make_user("campaigner", review_area=make_area())
    days = {"action": "away", "since": "2026-12-07", "until": "2026-12-08"}
    assert client.post(url, days | {"person": stranger.pk}).status_code == 403
    assert client.post(url, days | {"person": campaigner.pk}).status_code == 302
    assert Absence.objects.filter(user=campaigner).count() == 2


def test_the_leads_page_costs_the_same_for_any_number_of_campaigners(
    client, area, django_assert_max_num_queries
):
    client.force_login(make_user("lead", review_area=area))
    url = reverse("review_area", args=[area.slug])
    client.get(url)
    counts = []
    for more in (1, 3):
        for _n in range(more):
            person = make_user("campaigner", review_area=area)
            Absence.objects.create(user=person, since=date(2026, 12, 1), until=date(2026, 12, 2))
        with django_assert_max_num_queries(40) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_yesterday_in_tokyo_is_over_though_it_is_today_in_utc(time_machine):
    time_machine.move_to("2026-11-22 20:00Z", tick=False)
    person = make_user(time_zone="Asia/Tokyo")
    day = datetime.date(2026, 11, 22)
    with pytest.raises(TransitionRefused):
        enter_absence(person, since=day, until=day, by=person)
    enter_absence(make_user(), since=day, until=day, by=make_user("administrator"))
