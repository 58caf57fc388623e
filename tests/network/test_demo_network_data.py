"""The demo's distributors and people fit the reference tables and the rules of review."""

import re
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from .test_reference_data import AREAS, CAMPAIGNER_COUNTRIES, COUNTRIES, LANGUAGES, load

DISTRIBUTORS = {
    row["code"]: row for row in load("gkc_site/demo/network/distributors.toml")["distributor"]
}
PEOPLE = load("gkc_site/demo/network/people.toml")
CAMPAIGNERS = PEOPLE["campaigner"]
PERSONAE = {row["key"]: row for row in PEOPLE["persona"]}
ROLES = {
    *("reader", "author", "distributor_manager", "translator", "editor", "trainer"),
    *("workshop_coordinator", "executive", "administrator"),
}
ADDRESS = re.compile(r"[a-z-]+\.[a-z-]+@[a-z-]+\.example")


def country_of(code):
    return DISTRIBUTORS[code]["country"]


def area_of(code):
    return COUNTRIES[country_of(code)]["area"]


def region_of(code):
    return COUNTRIES[country_of(code)]["region"]


def is_neutral(campaigner, author):
    """True if the campaigner shares no firm, country, area or home region with the author.

    author is a distributor's code.
    """
    own = campaigner["distributor"]
    return (
        own != author
        and country_of(own) != country_of(author)
        and area_of(own) != area_of(author)
        and not (region_of(own) and region_of(own) == region_of(author))
    )


def free_in(area, author):
    return [c for c in CAMPAIGNERS if c["area"] == area and c["distributor"] != author]


def test_sixty_distributors_with_unique_codes():
    assert len(load("gkc_site/demo/network/distributors.toml")["distributor"]) == 60
    assert len(DISTRIBUTORS) == 60


def test_every_campaigner_country_has_a_distributor_and_saudi_arabia_two():
    countries = Counter(row["country"] for row in DISTRIBUTORS.values())
    assert set(countries) > CAMPAIGNER_COUNTRIES
    assert countries["SA"] == 2


@pytest.mark.parametrize("code", DISTRIBUTORS)
def test_distributor_is_complete(code):
    row = DISTRIBUTORS[code]
    assert row["country"] in COUNTRIES
    assert row["languages"]
    assert set(row["languages"]) <= set(LANGUAGES)
    assert tuple(row["name"]) == LANGUAGES
    assert all(text.strip() for text in row["name"].values())
    ZoneInfo(row["time_zone"])
    for contact in filter(None, (row["manager"], row.get("deputy"))):
        assert ADDRESS.fullmatch(contact["email"])
        assert contact["email"].endswith(f"@{code}.example")


def test_distributor_names_differ_in_every_language():
    for language in LANGUAGES:
        assert len({row["name"][language] for row in DISTRIBUTORS.values()}) == 60, language


def test_twenty_distributors_have_two_to_four_dealers():
    with_dealers = [row for row in DISTRIBUTORS.values() if "dealers" in row]
    assert len(with_dealers) == 20
    for row in with_dealers:
        assert 2 <= len(row["dealers"]) <= 4
        for dealer in row["dealers"]:
            assert dealer["code"].startswith(f"{row['code']}-")
            assert dealer["name"]
            assert dealer["city"]


def test_some_but_few_distributors_are_inactive():
    inactive = {code for code, row in DISTRIBUTORS.items() if not row["active"]}
    assert inactive == {"ec", "ro"}


def test_every_area_has_one_lead_and_eight_have_a_second_campaigner():
    leads = Counter(c["area"] for c in CAMPAIGNERS if c["lead"])
    seconds = Counter(c["area"] for c in CAMPAIGNERS if not c["lead"])
    assert leads == dict.fromkeys(AREAS, 1)
    assert sorted(seconds.values()) == [1] * 8


def test_campaigners_work_in_the_lead_country_of_their_area():
    for campaigner in CAMPAIGNERS:
        lead_country = AREAS[campaigner["area"]]["lead_country"]
        assert country_of(campaigner["distributor"]) == lead_country
        assert campaigner["field"] in {"sales", "marketing", "logistics"}
    assert {c["field"] for c in CAMPAIGNERS} == {"sales", "marketing", "logistics"}


@pytest.mark.parametrize("person", CAMPAIGNERS + PEOPLE["persona"], ids=lambda p: p["email"])
def test_person_is_complete(person):
    read = [person["interface_language"], *person["further_languages"]]
    assert len(set(read)) == len(read)
    assert set(read) <= set(LANGUAGES)
    assert ADDRESS.fullmatch(person["email"])
    assert person["email"].endswith(f"@{person['distributor'] or 'gkc'}.example")
    assert person["distributor"] in {"", *DISTRIBUTORS}
    assert person["post"]
    assert person["years"] > 0
    ZoneInfo(person["time_zone"])
    if "dealer" in person:
        dealers = DISTRIBUTORS[person["distributor"]]["dealers"]
        assert person["dealer"] in {dealer["code"] for dealer in dealers}


def test_mandates_name_known_roles_and_targets():
    known = {"distributor": set(DISTRIBUTORS), "language": set(LANGUAGES)}
    for persona in PERSONAE.values():
        assert persona["mandates"]
        for mandate in persona["mandates"]:
            assert mandate["role"] in ROLES
            if mandate["scope"] == "global":
                assert "target" not in mandate
            else:
                assert mandate["target"] in known[mandate["scope"]]


def test_every_role_can_be_played():
    roles = {m["role"] for persona in PERSONAE.values() for m in persona["mandates"]}
    assert roles == ROLES
    assert [c["key"] for c in CAMPAIGNERS if "key" in c] == ["rafael", "anna"]


def test_first_five_languages_have_a_translator_and_a_second_reader():
    translators = Counter(
        m["target"]
        for persona in PERSONAE.values()
        for m in persona["mandates"]
        if m["role"] == "translator"
    )
    assert translators == dict.fromkeys(("en", "ja", "es", "ar", "fa"), 2)


def test_an_address_belongs_to_one_person():
    """Omar alone is listed twice: as a persona and as his distributor's manager."""
    people = [(p["email"], p["first"], p["last"]) for p in CAMPAIGNERS + PEOPLE["persona"]]
    for row in DISTRIBUTORS.values():
        for contact in filter(None, (row["manager"], row.get("deputy"))):
            people.append((contact["email"], contact["first"], contact["last"]))
    twice = [person for person, count in Counter(people).items() if count > 1]
    assert twice == [("omar.al-otaibi@sa-riy.example", "Omar", "Al-Otaibi")]
    assert len({email for email, _, _ in people}) == len(set(people))


@pytest.mark.parametrize("author", DISTRIBUTORS)
def test_every_story_finds_an_area_reviewer_and_a_neutral_one(author):
    home = area_of(author)
    area = home if free_in(home, author) else AREAS[home]["neighbour"]
    assert free_in(area, author)
    neutral = {c["area"] for c in CAMPAIGNERS if is_neutral(c, author)} - {area}
    assert neutral
    assert home not in neutral


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_has_a_neutral_campaigner(code):
    """Also for the countries that have no distributor in the demo."""
    country = COUNTRIES[code]
    neutral = [
        c
        for c in CAMPAIGNERS
        if c["area"] not in {country["area"], AREAS[country["area"]]["neighbour"]}
        and country_of(c["distributor"]) != code
        and not (country["region"] and region_of(c["distributor"]) == country["region"])
    ]
    assert neutral


def test_the_lone_firm_of_a_campaigner_falls_to_the_neighbour():
    """Control: without the neighbour the story of such a firm would have no reviewer."""
    stranded = {code for code in DISTRIBUTORS if not free_in(area_of(code), code)}
    leads = {c["distributor"] for c in CAMPAIGNERS if c["lead"]}
    assert stranded == leads - {"sa-riy"}
