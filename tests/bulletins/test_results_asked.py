"""What came of it: who took a practice over is asked once for figures, and finds it on the desk."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Response
from bulletins.transitions import ask_for_results
from network.models import User
from network.registry import desk_items
from tests.bulletins.responding import make_adoption
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db


def asked() -> list[str]:
    rows = Delivery.objects.filter(mailing__kind="bulletins.response_results")
    return sorted(rows.values_list("address", flat=True))


def on_desk_of(user) -> list[str]:
    user = User.objects.get(pk=user.pk)
    return [item.what for item in desk_items(user) if item.url.endswith("#to-report")]


def test_the_contacts_are_asked_once_on_the_day(django_assert_max_num_queries):
    response = make_adoption(days_ago=89)
    firm = response.distributor
    contact = make_user("manager", distributor=firm)
    deputy = make_user(distributor=firm, contact="deputy")
    make_user(distributor=firm)
    now = timezone.now()
    assert ask_for_results(now) == 0
    assert on_desk_of(contact) == []
    later = now + datetime.timedelta(days=1, seconds=1)
    assert ask_for_results(later) == 1
    assert ask_for_results(later) == 0
    assert asked() == sorted([contact.email, deputy.email])


@pytest.mark.parametrize(
    "change",
    [
        {"measured_at": timezone.now()},
        {"choice": "not_for_us", "adopted_at": None, "reason": "no_need"},
    ],
)
def test_whoever_told_or_gave_up_is_not_asked(change):
    response = make_adoption()
    contact = make_user("manager", distributor=response.distributor)
    Response.objects.filter(pk=response.pk).update(**change)
    assert ask_for_results() == 0
    assert on_desk_of(contact) == []


def test_nobody_is_asked_of_a_story_without_rows_or_taken_off_or_for_a_firm_that_ended():
    bare = make_adoption(make_case(published=True))
    off, ended, old = make_adoption(), make_adoption(), make_adoption(days_ago=400)
    for row in (bare, off, ended, old):
        make_user("manager", distributor=row.distributor)
    off.case.__class__.objects.filter(pk=off.case.pk).update(is_published=False)
    ended.distributor.__class__.objects.filter(pk=ended.distributor.pk).update(is_active=False)
    assert ask_for_results() == 0
    # One whose day passed long ago stands on the desk alone.
    assert len(on_desk_of(old.distributor.memberships.first().user)) == 1


def test_the_desk_and_the_page_name_them_until_figures_are_there(client):
    firm = make_distributor()
    contact = make_user("manager", distributor=firm)
    first, second = (make_adoption(distributor=firm) for _ in range(2))
    [what] = on_desk_of(contact)
    assert what == "What came of 2 practices that your distributor took over?"
    client.force_login(contact)
    page = client.get("/en/desk/responses/").content.decode()
    assert "Taken over, without results yet" in page
    for row in (first, second):
        there = reverse("response", args=[firm.pk, row.case.number]) + "#results"
        assert there.removeprefix("/en") in page
    Response.objects.filter(pk__in=[first.pk, second.pk]).update(measured_at=timezone.now())
    assert on_desk_of(contact) == []
    assert "without results yet" not in client.get("/en/desk/responses/").content.decode()
