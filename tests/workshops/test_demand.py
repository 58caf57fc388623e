"""The demand view: who would come, by programme and region."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.network import (
    make_mandate,
    make_user,
)
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.demand import REFUSED_WITHIN
from workshops.models import EligibilityWatch
from workshops.transitions import (
    ask_exception,
    grant_exception,
    refuse_exception,
    unwatch,
    watch,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def wanted():
    """Two programmes, two regions, one of each kind of wish, and some that do not count."""
    asia = make_home("asia", code="demand-asia")
    europe = make_home("europe", code="demand-europe")
    first = make_programme("first", name="First")
    second = make_programme("second", name="Second", min_years=9)
    line = make_session(first, seats=1)
    for firm, state in ((asia, "enrolled"), (asia, "waiting"), (europe, "waiting")):
        make_enrolment(line, make_trainee(firm), state=state)
    make_enrolment(make_session(first, in_days=-3), make_trainee(asia), state="waiting")
    make_enrolment(line, make_trainee(europe), state="refused")
    watch(second, make_trainee(asia))
    watch(second, make_trainee(asia))
    unwatch(second, EligibilityWatch.objects.last().user)
    ask_exception(second, make_trainee(europe), words="Please")
    coordinator = make_user("coordinator")
    granted = ask_exception(second, make_trainee(europe), words="Please")
    grant_exception(granted, by=coordinator, reason="Yes", until=timezone.localdate())
    refused = ask_exception(second, make_trainee(asia), words="Please")
    refuse_exception(refused, by=coordinator, reason="No")
    long_ago = ask_exception(second, make_trainee(asia), words="Please")
    refuse_exception(long_ago, by=coordinator, reason="No")
    over = {"decided_at": timezone.now() - REFUSED_WITHIN - DAY}
    type(long_ago).objects.filter(pk=long_ago.pk).update(**over)
    return {"coordinator": coordinator, "asia": asia, "europe": europe, "second": second}


def table(client, user, query="") -> set[tuple]:
    client.force_login(user)
    response = client.get(reverse("workshop_demand_csv") + query)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    return {(row[1], row[2], *map(int, row[3:])) for row in rows[1:]}


def test_all_of_it_counts_by_programme_and_region(client, wanted):
    asia, europe = (wanted[name].country.region.name for name in ("asia", "europe"))
    everything = {
        ("first", asia, 1, 0, 0, 0, 0),
        ("first", europe, 1, 0, 0, 0, 1),
        ("second", asia, 0, 1, 0, 0, 1),
        ("second", europe, 0, 0, 1, 1, 0),
    }
    assert table(client, wanted["coordinator"]) == everything
    assert table(client, make_user("executive")) == everything
    assert table(client, make_user("executive"), "?programme=first&scope=region-asia") == {
        ("first", asia, 1, 0, 0, 0, 0)
    }
    own = make_user()
    key = wanted["second"].programme_key
    make_mandate(own, "coordinator", scope="programme", programme_key=key)
    assert table(client, own) == {row for row in everything if row[0] == "second"}
    campaigner = make_user()
    make_mandate(campaigner, "campaigner", review_area=wanted["asia"].country.review_area)
    assert table(client, campaigner) == {row for row in everything if row[1] == asia}
    shown = client.get(reverse("workshop_demand")).content.decode()
    assert asia in shown
    assert europe not in shown


def test_the_demand_costs_the_same_for_more_rows(client, wanted, django_assert_num_queries):
    client.force_login(wanted["coordinator"])
    address = reverse("workshop_demand")
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
    for _ in range(3):
        watch(make_programme(min_years=9), make_trainee())
    client.get(address)
    with django_assert_num_queries(13):  # areas, beside regions
        client.get(address)
