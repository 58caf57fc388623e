"""How useful readers find a text (R11): one word a reader, by region for editors."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from review.asking import rate
from review.models import Rating
from review.views.ratings import by_region
from tests.factories import make_case, make_country, make_distributor, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    cache.clear()
    return make_case(published=True)


def reader(region: str = "", **fields):
    country = make_country(region=make_region(region) if region else None)
    return make_user(distributor=make_distributor(country=country), **fields)


def say(case, by, score: int = 3, reason: str = "We use it.") -> Rating:
    return rate("story", case.number, language="en", score=score, reason=reason, by=by)


def address(case) -> str:
    return reverse("rate", args=["story", case.number]) + "?in=en"


def test_a_reader_rates_once_and_may_say_something_else_later(client, case):
    user = reader("here")
    client.force_login(user)
    data = {"score": "4", "reason": "We saved a day."}
    assert client.post(address(case), data).url == case.source_page().get_url()
    shown = client.get(address(case)).text
    assert ("We saved a day." in shown, 'value="4" required checked' in shown) == (True, True)
    client.post(address(case), {"score": "2", "reason": "It did not last."})
    rating = Rating.objects.get()
    assert (rating.score, rating.reason, rating.by) == (2, "It did not last.", user)
    assert rating.country == user.memberships.get().distributor.country


@pytest.mark.parametrize(
    "data",
    [
        {"score": "", "reason": "Words kept."},
        {"score": "5", "reason": "Words kept."},
        {"score": "²", "reason": "Words kept."},
        {"score": "3", "reason": " "},
        {"score": "3", "reason": "x" * 501},
    ],
)
def test_what_cannot_be_taken_is_refused_and_kept(client, case, data):
    client.force_login(reader())
    response = client.post(address(case), data)
    assert response.status_code == 400
    assert f">{data['reason']}</textarea>" in response.text
    assert not Rating.objects.exists()


def test_nobody_rates_what_they_may_not_read():
    case = make_case(published=True, audience="region")
    with pytest.raises(PermissionDenied):
        say(case, reader("elsewhere"))


def test_other_readers_see_neither_words_nor_names(client, case):
    say(case, reader(first_name="Quokka"), reason="Numbatwords")
    client.force_login(reader())
    for url in (case.source_page().get_url(), address(case), "/en/", reverse("desk")):
        text = client.get(url).text
        assert ("Quokka" in text, "Numbatwords" in text) == (False, False)
    client.force_login(make_user("editor"))
    text = client.get(reverse("ratings_about", args=["story", case.number])).text
    assert ("Quokka" in text, "Numbatwords" in text) == (True, True)


def test_editors_see_it_by_region_or_area(client, case):
    for score in (4, 3, 3):
        say(case, reader("here"), score)
    say(case, reader("there"), 1)
    alone = reader()  # a country without a home region
    say(case, alone, 2)
    say(case, make_user("editor"), 4)  # no firm
    table = [(str(row["place"]), row["n"], row["mean"]) for row in by_region(Rating.objects.all())]
    area = str(alone.memberships.get().distributor.review_area)
    assert table[0] == ("Here", 3, 3.3)
    assert sorted(table[1:]) == sorted([("There", 1, 1.0), (area, 1, 2.0), ("None", 1, 4.0)])
    client.force_login(make_user("editor"))
    text = client.get(reverse("ratings")).text
    assert case.source_page().title in text
    assert "2.8" in text  # of all six


def test_the_editors_pages_cost_the_same_with_one_rating_and_with_three(client, case):
    client.force_login(make_user("editor"))
    urls = [reverse("ratings"), reverse("ratings_about", args=["story", case.number])]

    def cost() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    say(case, reader("here"))
    one = cost()
    say(case, reader("there"))
    say(case, reader())
    say(make_case(published=True, title="Another"), reader())
    assert cost() == one
