"""Who gets a story: never with an interest, not who is away, readers first, the load even."""

import random
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins import assignment
from bulletins.models import Case, Stage
from bulletins.transitions import (
    decide_case,
    give_out_waiting,
)
from network.models import Absence, Country, Distributor, Mandate, Membership, User
from network.permissions import forget_standing
from review.api import open_load, open_review
from review.models import Clock, Review
from tests.bulletins import assigning
from tests.bulletins.assigning import away, colleague, told
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db
# Fixtures of both files.
monday, stories, system = assigning.monday, assigning.stories, assigning.system


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def waiting(area):
    """Makes stories of the area that nobody has."""
    firm = make_distributor(country=make_country(area=area))

    def make(n: int = 1, **fields) -> list[Case]:
        return [make_case(firm, stage="submitted", **fields) for _n in range(n)]

    return make


# --- no interest, ever --------------------------------------------------------------------
def conflicted(person: User, case: Case, *, neutral: bool) -> bool:
    """The rules R4 and R5 told once more from the bare rows, for comparison."""
    if person.pk == case.author_id or person.pk in case.co_authors.values_list("pk", flat=True):
        return True
    firms = Distributor.objects.filter(
        pk__in=Membership.objects.filter(user=person).values("distributor")
    ).select_related("country")
    if case.distributor_id in {firm.pk for firm in firms}:
        return True
    if not neutral:
        return False
    own = case.distributor.country
    areas = set(Mandate.objects.filter(user=person).values_list("review_area", flat=True))
    if areas & {case.review_area_id, case.deciding_area_id}:
        return True
    return not firms or any(
        firm.country_id == own.pk
        or firm.country.review_area_id == own.review_area_id
        or (own.region_id is not None and firm.country.region_id == own.region_id)
        for firm in firms
    )


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False))
def test_nobody_with_an_interest_is_ever_chosen(chance: random.Random):
    with transaction.atomic():
        firms = network_by_chance(chance)
        chosen = 0
        for _n in range(12):
            case = case_by_chance(chance, firms)
            case.deciding_area, person = assignment.area_reviewer(case)
            if person is not None:
                assert not conflicted(person, case, neutral=False)
                chosen += 1
            neutral = assignment.neutral_reviewer(case)
            if neutral is not None:
                assert not conflicted(neutral, case, neutral=True)
                chosen += 1
        transaction.set_rollback(True)


def network_by_chance(chance: random.Random) -> list[Distributor]:
    """Areas, countries with and without a region, firms, and campaigners of one firm or two."""
    regions = [make_region() for _n in range(2)]
    areas = [make_area() for _n in range(4)]
    for place, area in enumerate(areas):
        area.neighbour = areas[place - 1]
        area.save()
    countries = [
        make_country(area=area, region=chance.choice([None, *regions]))
        for area in areas
        for _n in range(2)
    ]
    firms = [make_distributor(country=chance.choice(countries)) for _n in range(8)]
    for _n in range(10):
        person = make_user("campaigner", review_area=chance.choice(areas))
        for firm in chance.sample(firms, chance.randint(0, 2)):
            Membership.objects.create(user=person, distributor=firm, since=date(2020, 1, 1))
        if chance.random() < 0.3:
            away(person, 1, 27)
        forget_standing(person)
    return firms


def case_by_chance(chance: random.Random, firms: list[Distributor]) -> Case:
    """A story whose co-authors may be campaigners."""
    firm = chance.choice(firms)
    campaigners = list(User.objects.holding("campaigner"))
    case = make_case(firm, chance.choice([None, *campaigners]), stage="submitted")
    case.co_authors.set(chance.sample(campaigners, chance.randint(0, 3)))
    return case


# --- who comes first ----------------------------------------------------------------------
def test_who_is_away_is_passed_over_unless_there_is_nobody_else(area, waiting):
    case = waiting()[0]
    first, second = colleague(area), colleague(area)
    away(first, 1, 3)  # today
    assert assignment.area_reviewer(case) == (area, second)
    away(second, 4, 10)  # five of the seven days
    assert assignment.area_reviewer(case) == (area, first)
    Absence.objects.filter(user=first).delete()
    away(first, 9, 10)  # two of the seven days: not most of them
    assert assignment.area_reviewer(case) == (area, first)


def test_a_neighbour_who_is_there_goes_before_the_own_area_that_is_away(area, waiting):
    case = waiting()[0]
    own, other = colleague(area), make_area()
    area.neighbour = other
    area.save()
    neighbour = colleague(other)
    case.refresh_from_db()
    assert assignment.area_reviewer(case) == (area, own)
    away(own, 1, 20)
    case = Case.objects.get(pk=case.pk)
    assert assignment.area_reviewer(case) == (other, neighbour)
    away(neighbour, 1, 20)
    assert assignment.area_reviewer(Case.objects.get(pk=case.pk)) == (area, own)


def test_readers_of_the_storys_language_come_before_the_less_busy(area, waiting):
    english = colleague(area)
    arabic = colleague(area, further_languages=["ar"])
    make_open(arabic, 3)
    assert assignment.area_reviewer(waiting(language="ar")[0])[1] == arabic
    assert assignment.area_reviewer(waiting(language="en")[0])[1] == english
    assert assignment.area_reviewer(waiting(language="th")[0])[1] == english


def make_open(person: User, n: int) -> None:
    for _n in range(n):
        case = make_case(stage="area_review", holder=person)
        open_review(case, step="area", reviewer=person, by=person)


def test_a_campaigner_of_a_country_without_a_home_region_is_neutral(stories):
    """R23: Brazil fits none of the eight regions."""
    assert Country.objects.get(pk="BR").region is None
    brazil = stories.net["leads"]["brazil"]
    for slug, person in stories.net["leads"].items():
        if slug not in ("brazil", "south-africa"):
            away(person, 1, 20)
    case = stories.at_neutral("KE")
    assert case.holder == brazil
    decide_case(case, decision="approve", by=brazil)


def test_loads_are_counted_once_for_all_candidates(area, waiting, django_assert_max_num_queries):
    counts = []
    for more in (1, 8):
        for _n in range(more):
            colleague(area)
        case = Case.objects.select_related("review_area", "distributor").get(pk=waiting()[0].pk)
        with django_assert_max_num_queries(30) as captured:
            assignment.area_reviewer(case)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- even, and once -----------------------------------------------------------------------
def test_many_stories_at_once_are_spread_within_one(area, waiting, system):
    people = [colleague(area) for _n in range(4)]
    make_open(people[0], 2)
    cases = waiting(18)
    given = give_out_waiting(by=system)
    assert len(given) == 18
    assert sorted(open_load(p.pk for p in people).values()) == [5, 5, 5, 5]
    for case in cases:
        case.refresh_from_db()
        review = Review.objects.of(case).open().get()
        clock = Clock.objects.get(review=review)
        event = case.events.last()
        assert (case.stage, case.holder_id) == (Stage.AREA_REVIEW, review.reviewer_id)
        assert (clock.person_id, clock.due) == (case.holder_id, review.due)
        assert (event.verb, event.old, event.new, event.by) == (
            "assign",
            "submitted",
            "area_review",
            system,
        )
    assert len(told("bulletins.review_assigned")) == 18
    assert give_out_waiting(by=system) == []


def test_giving_out_costs_no_query_a_story(area, waiting, system, django_assert_max_num_queries):
    counts = []
    for n in (1, 6):
        colleague(area)
        waiting(n)
        with django_assert_max_num_queries(60) as captured:
            assert len(give_out_waiting(by=system)) == n
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_control_chosen_before_the_other_is_written_both_go_to_one(area, waiting):
    """Without the lock around choice and rows two stories would count the same load."""
    colleague(area), colleague(area)
    first, second = waiting(2)
    assert assignment.area_reviewer(first) == assignment.area_reviewer(second)


def test_control_a_second_open_review_is_refused_by_the_database(area, waiting):
    case, people = waiting()[0], [colleague(area), colleague(area)]
    open_review(case, step="area", reviewer=people[0], by=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        open_review(case, step="area", reviewer=people[1], by=people[1])
