"""The desk links the rooms that a person works in, and no other."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories.network import make_area, make_distributor, make_user

pytestmark = pytest.mark.django_db


def places(client, user) -> list[str]:
    client.force_login(user)
    with translation.override("en"):
        return [str(place.label) for place in client.get(reverse("desk")).context["places"]]


def test_each_role_finds_its_rooms(client):
    firm = make_distributor()
    assert places(client, make_user(distributor=firm)) == [
        "Share a story",
        "Responses",
        "My courses",
        "My training record",
        "Questions",
        "People",
        "Profile",
    ]
    manager = make_user("manager", distributor=firm)
    assert places(client, manager) == [
        "Share a story",
        "Responses",
        "My courses",
        "Courses to confirm",
        "Yearly duties",
        "My training record",
        "Versions of programmes",
        "Training records of your staff",
        "Questions",
        "People",
        "Members",
        "Profile",
    ]
    lead = make_user("lead", review_area=make_area(), distributor=firm)
    area = lead.mandates.get().review_area.name
    assert places(client, lead) == [
        "Share a story",
        "Responses",
        "Review desk",
        "Board",
        "The region's desk",
        area,
        "Responses by distributor",
        "Coaching log",
        "News",
        "My courses",
        "Yearly duties",
        "My training record",
        "Demand for workshops",
        "Figures of the workshops",
        "Evaluations of workshops",
        "Questions",
        "Measures",
        "People",
        "Members",
        "Profile",
    ]
    editor = make_user("editor")
    assert places(client, editor) == [
        "Review desk",
        "Board",
        "Responses by distributor",
        "Coaching log",
        "Bulletin issues",
        "Whom the issues reached",
        "Silver Book",
        "News",
        "Texts to translate and read",
        "Figures of the workshops",
        "How reviewers score",
        "Questions",
        "Measures",
        "Usefulness",
        "People",
        "Profile",
        "Administration",
    ]
