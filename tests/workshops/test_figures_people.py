"""Figures of who was taught: by the region that people come from, and whether practice followed."""

import pytest
from django.urls import reverse

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.models import PracticeProof

pytestmark = pytest.mark.django_db


def test_people_count_in_their_own_region_also_online_with_their_practice(client):
    asia, africa, nowhere = make_home("asia"), make_home("africa"), make_home()
    programme = make_programme()
    online = make_session(programme, in_days=-20, seats=9, state="done", place_kind="online")
    there = make_session(programme, in_days=-10, seats=9, state="done", country=asia.country)
    rows = [
        make_enrolment(session, make_trainee(home), state=state)
        for session, home, state in (
            (online, asia, "attended"),
            (online, africa, "attended"),
            (online, africa, "no_show"),
            (there, africa, "attended"),
            (there, nowhere, "waiting"),
            (there, asia, "cancelled"),
        )
    ]
    for row, state in ((rows[0], "due"), (rows[1], "accepted"), (rows[3], "lapsed")):
        PracticeProof.objects.create(enrolment=row, state=state, due_on=online.first_day)
    client.force_login(make_user("executive"))
    address = reverse("workshop_figures")
    found = client.get(address + "?by=people")
    assert {
        row["label"]: (
            *(row["counts"].sessions, row["counts"].attended, row["counts"].no_show),
            *(row["counts"].waiting, row["counts"].shown, row["counts"].to_show),
        )
        for row in found.context["rows"]
    } == {
        asia.country.region.name: (1, 1, 0, 0, 0, 1),
        africa.country.region.name: (2, 2, 1, 0, 1, 2),
        nowhere.country.review_area.name: (1, 0, 0, 1, 0, 0),
    }
    whole = found.context["whole"]
    assert (whole.sessions, whole.attended, whole.shown, whole.to_show) == (2, 3, 1, 3)
    key = f"region-{africa.country.region_id}"
    behind = client.get(f"{address}?by=people&show={key}")
    lines = behind.context["shown"]["lines"]
    assert {line["session"].pk: line["counts"].attended for line in lines} == {
        online.pk: 1,
        there.pk: 1,
    }
    by_place = client.get(address + "?by=region").context["rows"]
    assert {row["label"]: (row["counts"].shown, row["counts"].to_show) for row in by_place} == {
        "Online": (1, 2),
        asia.country.region.name: (0, 1),
    }
    text = client.get(reverse("workshop_figures_csv") + "?by=people").content.decode()
    assert "Practice accepted,Practice asked for" in text
