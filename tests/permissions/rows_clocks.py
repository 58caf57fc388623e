"""Rows of days away and of a lead's page of their area."""

import datetime

from django.utils import timezone

from network.models import Absence
from tests.permissions.table import LOGIN, Row

LEADS = "lead administrator superuser"


def the_area(world):
    return [world.area.slug]


def tomorrow() -> str:
    return (timezone.localdate() + datetime.timedelta(days=1)).isoformat()


def of_the_campaigner(world) -> dict:
    day = timezone.localdate() + datetime.timedelta(days=3)
    person = world.users["campaigner"]
    absence = Absence.objects.create(user=person, since=day, until=day)
    return {"action": "back", "absence": absence.pk}


def away(world) -> dict:
    person = world.users["campaigner"].pk
    return {"action": "away", "person": person, "since": tomorrow(), "until": tomorrow()}


CLOCKS = {"action": "clocks", "area_days": 6, "neutral_days": 6, "author_days": 10}
ROWS = [
    Row(
        "review_area",
        args=the_area,
        get={"visitor": LOGIN, LEADS: 200, ...: 404},
        post={"visitor": LOGIN, LEADS: 302, ...: 404},
        data=lambda world: CLOCKS,
    ),
    Row(
        "review_area",
        note="a campaigner's days away",
        args=the_area,
        get={"visitor": LOGIN, LEADS: 200, ...: 404},
        post={"visitor": LOGIN, LEADS: 302, ...: 404},
        data=away,
    ),
    Row(
        "review_area",
        note="days away taken out",
        args=the_area,
        get={"visitor": LOGIN, LEADS: 200, ...: 404},
        post={"visitor": LOGIN, LEADS: 302, ...: 404},
        data=of_the_campaigner,
    ),
    Row(
        "profile_away",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: {"since": tomorrow(), "until": tomorrow(), "note": "Hajj"},
    ),
]
