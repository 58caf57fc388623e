"""What waits for a member is asked once a minute, however many rooms have a say."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from network import registry
from network.registry import DeskItem
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    member = make_user()
    client.force_login(member)
    return member


@pytest.fixture
def asked(member):
    """Languages in which a room of the test's own was asked what waits for the member."""
    found = []

    def items(user):
        found.append(user.pk)
        yield DeskItem("Cold starts", gettext_lazy("Search"), "/en/there/", timezone.now())

    registry.desk_items.register("test", items)
    yield found
    del registry.desk_items.providers["test"]
    cache.clear()


def test_pages_ask_the_rooms_once_and_the_desk_always(client, asked):
    for _ in range(3):
        assert "Cold starts" in client.get("/en/").content.decode()
    assert len(asked) == 1
    client.get(reverse("desk"))
    client.get(reverse("desk"))
    assert len(asked) == 3


def test_each_language_has_its_own_words(client, asked):
    assert "<p>Search" in client.get("/en/").content.decode()
    assert "<p>検索" in client.get("/ja/").content.decode()
    assert "<p>Search" in client.get("/en/").content.decode()
    assert len(asked) == 2


def test_an_action_of_ones_own_is_seen_at_once(client, asked):
    client.get("/en/")
    client.post(reverse("choose_language", args=["en"]))
    client.get("/en/")
    assert len(asked) == 2
