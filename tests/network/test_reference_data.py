"""The reference tables hold together: no Django, only the TOML files themselves."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "ja", "es", "ar", "fa", "fr", "de", "it", "pt-br", "zh-hans", "id", "th")
CAMPAIGNER_COUNTRIES = {
    *("US", "CA", "BR", "FR", "DE", "IT", "GB", "AU"),
    *("ZA", "SA", "TW", "CN", "IN", "ID", "TH"),
}
HOME_REGIONS = {
    *("japan", "usa", "europe", "oceania"),
    *("china", "africa", "asia", "middle-east"),
}
UNITS = {"percent", "days", "hours", "minutes", "cars", "count", "usd", "per_100"}
DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


@cache
def load(path):
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def rows(name, kind):
    return {row["slug"]: row for row in load(f"network/reference/{name}.toml")[kind]}


REGIONS = rows("regions", "region")
AREAS = rows("areas", "area")
COUNTRIES = load("network/reference/countries.toml")
TOPICS = rows("topics", "topic")
MEASURES = rows("measures", "measure")


def test_there_are_the_eight_home_regions():
    assert set(REGIONS) == HOME_REGIONS


def test_every_campaigner_country_leads_one_area():
    leads = [area["lead_country"] for area in AREAS.values()]
    assert sorted(leads) == sorted(CAMPAIGNER_COUNTRIES)
    for slug, area in AREAS.items():
        assert COUNTRIES[area["lead_country"]]["area"] == slug


@pytest.mark.parametrize(
    ("name", "kind"),
    [("regions", "region"), ("areas", "area"), ("topics", "topic"), ("measures", "measure")],
)
def test_slugs_are_unique_and_names_complete(name, kind):
    listed = load(f"network/reference/{name}.toml")[kind]
    assert len({row["slug"] for row in listed}) == len(listed)
    for row in listed:
        assert tuple(row["name"]) == LANGUAGES, row["slug"]
        for language, text in row["name"].items():
            assert text == text.strip() != "", (row["slug"], language)
    for language in LANGUAGES:
        names = [row["name"][language] for row in listed]
        assert len(set(names)) == len(names), f"two {name} share a name in {language}"


def test_a_neighbour_is_another_known_area():
    for slug, area in AREAS.items():
        assert area["neighbour"] in AREAS
        assert area["neighbour"] != slug


def test_every_country_has_a_known_area_region_weekend_and_languages():
    assert len(COUNTRIES) >= 170
    for code, country in COUNTRIES.items():
        assert set(country) == {"area", "region", "weekend", "languages"}, code
        assert country["area"] in AREAS, code
        assert country["region"] in HOME_REGIONS | {""}, code
        assert set(country["weekend"].split("-")) <= DAYS, code
        assert len(set(country["languages"])) == len(country["languages"]) > 0, code
        assert set(country["languages"]) <= set(LANGUAGES), code
        assert "en" in country["languages"], code


def test_no_home_region_is_empty():
    assert {c["region"] for c in COUNTRIES.values()} == HOME_REGIONS | {""}


@pytest.mark.parametrize(
    ("code", "area", "region", "weekend"),
    [
        ("JP", "taiwan", "japan", "sat-sun"),
        ("TW", "taiwan", "asia", "sat-sun"),
        ("HK", "china", "china", "sat-sun"),
        ("KE", "south-africa", "africa", "sat-sun"),
        ("SA", "saudi-arabia", "middle-east", "fri-sat"),
        ("BR", "brazil", "", "sat-sun"),
        ("CA", "canada", "", "sat-sun"),
        ("MX", "usa", "", "sat-sun"),
        ("JM", "usa", "", "sat-sun"),
    ],
)
def test_decided_countries(code, area, region, weekend):
    country = COUNTRIES[code]
    assert (country["area"], country["region"], country["weekend"]) == (area, region, weekend)


def test_topics_are_the_agreed_sixteen():
    assert set(TOPICS) == {
        *("parts-supply", "customer-retention", "service-quality", "dealer-network"),
        *("dealer-relations", "brand-image", "advertising", "stock-turn", "supply-demand"),
        *("customer-data", "recall", "training", "market-research", "pricing"),
        *("communication", "crm"),
    }


def test_measures_have_a_unit_and_a_direction():
    assert len(MEASURES) >= 15
    for slug, measure in MEASURES.items():
        assert measure["better"] in {"lower", "higher"}, slug
    assert {measure["unit"] for measure in MEASURES.values()} == UNITS
