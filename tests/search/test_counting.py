"""Searches are counted when they are sent, never their words."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from network.registry import Figure, Period
from search.counting import count, without_result
from search.models import SearchDay
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db


def tally() -> list[tuple]:
    rows = SearchDay.objects.order_by("language")
    return list(rows.values_list("language", "sent", "without_result"))


def test_a_search_that_is_sent_counts_and_typing_does_not(client):
    make_case(published=True, audience="public", title="Forklift")
    client.get("/en/search/?q=qqqqzzzz")
    client.get("/en/search/?q=qqqqzzzz", headers={"HX-Request": "true"})  # while one types
    client.get("/en/search/")
    client.get("/en/search/?q=%20")
    client.get("/ar/search/?q=qqqqzzzz")
    assert tally() == [("ar", 1, 1), ("en", 1, 1)]


def test_the_share_is_of_the_period():
    for found in (True, True, False):
        count("en", found=found)
    count("ja", found=False)
    today = timezone.localdate()
    SearchDay.objects.create(
        day=today - datetime.timedelta(days=2), language="en", sent=9, without_result=9
    )
    tomorrow = today + datetime.timedelta(days=1)
    assert without_result(Period(today, tomorrow), None) == {None: Figure(50, of=4)}
    later = Period(tomorrow, tomorrow + datetime.timedelta(days=1))
    assert without_result(later, None) == {None: Figure(None, of=0)}


def test_one_query_but_for_a_days_first(django_assert_num_queries):
    count("en", found=True)
    # With the savepoint round it, and what PostgreSQL is told of its patience.
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 3):
        count("en", found=False)
