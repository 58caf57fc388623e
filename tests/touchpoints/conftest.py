"""Kinds of message that exist only in these tests, about a distributor."""

import pytest

from network.models import User
from tests.factories.network import make_distributor
from touchpoints import registry
from touchpoints.registry import Kind, Message


def words(obj, data, user):
    """None once the occasion has passed."""
    if data.get("passed"):
        return None
    return Message(
        subject=f"News of {obj.name}",
        lines=(data.get("line", "Something happened."),),
        url=f"/en/people/{obj.pk}/",
        action="Look",
    )


def audience(obj, data):
    """The distributor's current members."""
    return User.objects.members_of(obj).order_by("pk")


@pytest.fixture
def register(monkeypatch):
    """Register a kind for one test."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def add(name="tests.news", **fields):
        fields = {"audience": audience, "words": words, "audience_label": "Members"} | fields
        return registry.register(Kind(name=name, **fields))

    return add


@pytest.fixture
def news(register):
    """An optional kind for the members of a distributor."""
    return register()


@pytest.fixture
def distributor():
    return make_distributor(name="Gulf Motors")
