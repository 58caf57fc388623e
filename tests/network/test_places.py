"""Countries without a home region are chosen by their review area wherever regions are (R23)."""

import re

import pytest
from django.urls import reverse

from network.models import Country
from network.places import place_of, places, rows_of
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.regional import make_news
from tests.factories.stories import make_case
from tests.factories.workshops import make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """A country of a region, and one of an area that has the region's own name."""
    region, area = make_region("usa", name="USA"), make_area("usa", name="USA and Mexico")
    inside = make_country(region=region, area=area)
    alone = make_country(area=area)
    Country.objects.filter(pk=alone.pk).update(region=None)
    alone.refresh_from_db()
    return make_distributor(country=inside), make_distributor(country=alone)


def test_each_country_is_of_one_place(two):
    inside, alone = (firm.country for firm in two)
    assert {place.word for place in places()} >= {"usa", "area-usa"}
    assert inside in Country.objects.filter(rows_of("usa"))
    assert alone not in Country.objects.filter(rows_of("usa"))
    assert alone in Country.objects.filter(rows_of("area-usa"))
    assert inside not in Country.objects.filter(rows_of("area-usa"))
    assert place_of("area-usa").key == ("area", alone.review_area_id)
    assert place_of("area-nowhere") is None
    assert not Country.objects.filter(rows_of("area-nowhere")).exists()


def test_catalogue_and_desk_offer_it(client, two):
    inside, alone = (firm.country for firm in two)
    here, there = make_session(country=inside), make_session(country=alone)
    client.force_login(make_user("coordinator"))
    for word, shown, hidden in (("area-usa", there, here), ("usa", here, there)):
        for name in ("session_table", None):
            address = reverse(name) if name else "/en/workshops/"
            page = client.get(f"{address}?region={word}").content.decode()
            assert f'value="{word}" selected' in page
            assert shown.number in page
            assert hidden.number not in page


def test_news_are_written_and_read_for_it(client, two):
    inside, alone = two
    area = alone.country.review_area
    make_news("Of the region", region=inside.country.region)
    make_news("Of the area", review_area=area)
    client.force_login(make_user("editor"))
    page = client.get("/en/news/?region=area-usa").content.decode()
    assert "Of the area" in page
    assert "Of the region" not in page
    assert f'value="area-{area.pk}"' in client.get(reverse("news_new")).content.decode()


def test_a_feed_address_is_given_for_a_place(client, two):
    inside, alone = two
    make_case(inside, published=True, title="Inside")
    make_case(alone, published=True, title="Alone")
    reader = make_user()
    client.force_login(reader)
    refused = client.post(reverse("mail_feeds"), {"label": "My reader", "region": "nowhere"})
    assert refused.status_code == 404
    assert not reader.feed_tokens.exists()
    page = client.post(reverse("mail_feeds"), {"label": "My reader", "region": "area-usa"})
    [address] = re.findall(
        r"/en/feeds/[^\s\"<]+/stories\.atom\?region=area-usa", page.content.decode()
    )
    found = client.get(address).content.decode()
    assert "Alone" in found
    assert "Inside" not in found
