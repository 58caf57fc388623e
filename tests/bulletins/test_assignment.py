"""Who gets a story: never with an interest, not who is away, readers first, the load even."""

import datetime
import random
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletins import assignment
from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, Stage
from bulletins.transitions import (
    assign_review,
    decide_case,
    give_out_waiting,
    hand_on,
    replace_reviewers,
    turn_down,
)
from network.models import Absence, Country, Distributor, Mandate, Membership, ReviewArea, User
from network.permissions import forget_standing
from network.registry import desk_items
from review.api import open_load, open_review
from review.models import Clock, Review
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case
from tests.review.conftest import Stories, submit
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
NOW = "2026-02-02 09:00Z"  # a Monday


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


@pytest.fixture
def system():
    return User.objects.get(is_system=True)


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(mailing__kind=kind).values_list("user__email", flat=True)
    return sorted(rows)


def away(person, first: int, last: int) -> None:
    """Away on days of February."""
    Absence.objects.create(
        user=person, since=date(2026, 2, first), until=date(2026, 2, last), note="Leave"
    )


def colleague(area: ReviewArea, **fields) -> User:
    """A campaigner of the area, of a firm of its own in the area's country."""
    country = area.countries.first() or make_country(area=area)
    return make_user(
        "campaigner", review_area=area, distributor=make_distributor(country=country), **fields
    )


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


# --- nobody, and then somebody --------------------------------------------------------------
def test_a_story_that_nobody_can_take_stands_on_the_leads_desk_until_somebody_has_it(
    stories, system
):
    reviewer = stories.net["leads"]["south-africa"]
    Mandate.objects.filter(role="lead").update(since=date(2027, 1, 1))  # nobody campaigns yet
    case = stories.submitted("KE")
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    titles = [item.what for item in desk_items(lead) if "Nobody can take" in str(item.what)]
    assert len(titles) == 1
    assert give_out_waiting(by=system) == []  # the lead is of the author's own firm
    Mandate.objects.filter(user=reviewer).update(since=date(2026, 1, 1))
    assert [given.pk for given in give_out_waiting(by=system)] == [case.pk]
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.AREA_REVIEW, reviewer)
    assert not [item for item in desk_items(lead) if "Nobody can take" in str(item.what)]


# --- given back -----------------------------------------------------------------------------
def test_who_turns_a_story_down_says_why_and_never_gets_it_again(stories):
    case = stories.submitted("KE")
    reviewer = case.holder
    other = colleague(case.review_area)
    with pytest.raises(TransitionRefused):
        turn_down(case, by=reviewer, reason=" ")
    with pytest.raises(PermissionDenied):
        turn_down(case, by=other, reason="Not mine")
    turn_down(case, by=reviewer, reason="I know too little of parts.")
    case.refresh_from_db()
    assert case.holder == other
    review = Review.objects.of(case).get(reviewer=reviewer)
    assert (review.decision, review.reason) == ("turned_down", "I know too little of parts.")
    assert case.events.last().verb == "turn_down"
    turn_down(case, by=other, reason="Nor do I.")
    case.refresh_from_db()
    # Both are out; the nearest area's lead is not asked at this step: the lead names somebody.
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    assert told("bulletins.nobody_eligible") == [reviewer.email]


def test_handing_on_does_not_come_back_in_the_same_round(stories):
    case = stories.submitted("KE")
    first = case.holder
    second = colleague(case.review_area)
    hand_on(case, by=first, reason="No time")
    with pytest.raises(TransitionRefused):
        hand_on(case, by=second, reason="Nor I")
    case.refresh_from_db()
    assert case.holder == second


def test_the_author_does_not_read_why_a_reviewer_gave_it_away(client, stories):
    case = stories.submitted("KE")
    colleague(case.review_area)
    turn_down(case, by=case.holder, reason="The author is a rival of mine.")
    client.force_login(case.author)
    page = client.get(reverse("case_follow", args=[case.number]))
    assert page.status_code == 200
    assert "rival" not in page.content.decode()


def test_a_lead_overrides_with_a_reason_in_the_log(stories):
    case = stories.submitted("KE")
    lead, other = case.holder, colleague(case.review_area)
    with pytest.raises(TransitionRefused):
        assign_review(case, to=other, by=lead, reason="")
    assign_review(case, to=other, by=lead, reason="She knows the trade.")
    event = case.events.last()
    assert (event.verb, event.reason, event.holder) == ("assign", "She knows the trade.", other)


# --- gone or away -----------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["closed", "ended"])
def test_a_closed_account_or_an_ended_mandate_hands_the_review_on(stories, system, how):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    if how == "closed":
        User.objects.filter(pk=reviewer.pk).update(is_active=False)
    else:
        Mandate.objects.filter(user=reviewer).update(until=date(2026, 2, 1))
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other
    assert Review.objects.of(case).open().get().reviewer == other
    assert "can no longer review it" in case.events.last().reason
    assert replace_reviewers(by=system) == 0


def test_the_lead_hears_who_was_replaced(stories, system):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    User.objects.filter(pk=case.holder_id).update(is_active=False)
    replace_reviewers(by=system)
    assert told("bulletins.review_moved") == [lead.email]
    assert other.email in told("bulletins.review_assigned")


def test_control_who_is_still_there_keeps_the_review(stories, system):
    case = stories.submitted("KE")
    colleague(case.review_area)
    before = case.holder
    assert replace_reviewers(by=system) == 0
    case.refresh_from_db()
    assert case.holder == before


def test_who_joined_the_authors_firm_is_replaced(stories, system):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    Membership.objects.create(
        user=case.holder, distributor=case.distributor, since=date(2026, 1, 1)
    )
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other


@pytest.mark.parametrize(
    ("first", "last", "moves"),
    [
        (2, 3, False),  # a day or two of seven
        (2, 12, True),  # nearly all that is left
        (9, 20, False),  # next week: not yet
    ],
)
def test_who_goes_away_for_most_of_the_rest_is_replaced(stories, system, first, last, moves):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    away(reviewer, first, last)
    assert replace_reviewers(by=system) == int(moves)
    case.refresh_from_db()
    assert case.holder == (other if moves else reviewer)


def test_it_moves_on_the_first_day_away(stories, system, time_machine):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    away(reviewer, 5, 20)
    assert replace_reviewers(by=system) == 0
    time_machine.move_to("2026-02-05 09:00Z", tick=False)
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other
    assert "is away" in case.events.last().reason


def test_where_nobody_stands_in_the_review_stays_and_the_lead_is_told_once(stories, system):
    case = stories.submitted("KE")
    reviewer = case.holder
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    away(reviewer, 1, 20)
    for _beat in range(3):
        assert replace_reviewers(by=system) == 0
    case.refresh_from_db()
    assert case.holder == reviewer
    assert told("review.reviewer_away") == [lead.email]


def test_a_late_review_of_somebody_away_is_handed_on(stories, system, time_machine):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    time_machine.move_to("2026-02-16 09:00Z", tick=False)
    away(case.holder, 16, 16)
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other


def test_a_returned_story_goes_to_another_while_its_reviewer_is_away(stories, time_machine):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    decide_case(case, decision="request_changes", by=reviewer, reason="Dates?")
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1), tick=False)
    away(reviewer, 3, 20)
    submit(case)
    case.refresh_from_db()
    assert case.holder == other
