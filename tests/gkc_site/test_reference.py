"""Every installation begins with the network's reference data, and keeps an editor's changes."""

import pytest
from django.db import connection
from django.utils import translation

from gkc_site.reference import load_reference
from network.models import Country, Measure, Region, ReviewArea, Topic
from translations.models import Term, TermText

pytestmark = pytest.mark.django_db


def counts():
    models = (Region, ReviewArea, Country, Topic, Measure, Term, TermText)
    return [model.objects.count() for model in models]


def test_bootstrap_loaded_it_all():
    regions, areas, countries, topics, measures, terms, texts = counts()
    assert (regions, areas) == (8, 15)
    assert countries > 230
    assert min(topics, measures) >= 10
    assert texts == terms * 12


def test_names_stand_in_every_language():
    region = Region.objects.get(slug="middle-east")
    with translation.override("ar"):
        assert region.name == "الشرق الأوسط"
    with translation.override("pt-br"):
        assert region.name == "Oriente Médio"
    with connection.cursor() as cursor:  # the column that other tools read
        cursor.execute("SELECT name FROM network_region WHERE slug = 'middle-east'")
        assert cursor.fetchone() == ("Middle East",)


def test_every_area_has_a_neighbour_and_every_country_an_area():
    assert not ReviewArea.objects.filter(neighbour=None).exists()
    assert Country.objects.get(pk="JP").review_area.slug == "taiwan"
    assert Country.objects.get(pk="BR").region is None


def test_every_weekend_is_a_known_choice():
    held = set(Country.objects.values_list("weekend", flat=True))
    assert held <= set(Country.Weekend.values)


def test_a_second_load_adds_nothing_and_keeps_changes(django_assert_max_num_queries):
    Topic.objects.filter(slug="parts-supply").update(name_en="Spare parts")
    before = counts()
    with django_assert_max_num_queries(16):
        load_reference()
    assert counts() == before
    assert Topic.objects.get(slug="parts-supply").name_en == "Spare parts"


def test_what_is_missing_comes_back():
    Topic.objects.filter(slug="parts-supply").delete()
    load_reference()
    assert Topic.objects.get(slug="parts-supply").name_ja == "部品供給"
