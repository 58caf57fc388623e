"""Who reviews a story: free of conflicts, fewest open reviews first.

Reviewers' countries and regions are those of their own distributors; a
campaigner without one is never called neutral.
"""

from bulletins.permissions import has_interest_in, is_neutral_reviewer
from network.models import ReviewArea, User
from network.permissions import with_standing
from review.api import fewest_open


def area_reviewer(case) -> tuple[ReviewArea, User | None]:
    """The area that decides, and its reviewer.

    That is the story's own area where a campaigner of it is free of the
    author's distributor, else the nearest neighbour that has one (R23).
    """
    area = case.review_area
    seen: set[int] = set()
    while area is not None and area.pk not in seen:
        seen.add(area.pk)
        free = [person for person in campaigners(area) if not has_interest_in(person, case)]
        chosen = fewest_open(free)
        if chosen:
            return area, chosen
        area = area.neighbour
    return case.review_area, None


def neutral_reviewer(case, *, without: tuple = ()) -> User | None:
    """A campaigner of a third area without an interest (R4); None if there is none."""
    people = User.objects.holding("campaigner") | User.objects.holding("lead")
    return fewest_open(
        [
            person
            for person in with_standing(people.distinct())
            if person not in without and is_neutral_reviewer(person, case)
        ]
    )


def editor_for(case, *, without: tuple = ()) -> User | None:
    """The editor who holds the fewest stories."""
    from django.db.models import Count

    return (
        User.objects.holding("editor")
        .exclude(pk__in=[person.pk for person in without])
        .exclude(pk__in=[p.pk for p in User.objects.members_of(case.distributor)])
        .annotate(held=Count("held_cases", distinct=True))
        .order_by("held", "pk")
        .first()
    )


def campaigners(area: ReviewArea) -> list[User]:
    """Campaigners and leads of an area, in order of joining."""
    people = User.objects.holding("campaigner", review_area=area) | User.objects.holding(
        "lead", review_area=area
    )
    return list(people.distinct().order_by("pk"))


def candidates(case, step: str) -> list[User]:
    """Everybody who may take a step of the case. Four queries, whatever their number."""
    if step == "editing":
        people = User.objects.holding("editor")
    elif step == "neutral":
        people = User.objects.holding("campaigner") | User.objects.holding("lead")
    else:
        area = case.deciding_area or case.review_area
        people = User.objects.holding("campaigner", review_area=area) | User.objects.holding(
            "lead", review_area=area
        )
    people = with_standing(people.distinct().order_by("first_name", "last_name", "pk"))
    if step == "neutral":
        return [person for person in people if is_neutral_reviewer(person, case)]
    return [person for person in people if not has_interest_in(person, case)]


def leads(area: ReviewArea | None) -> list[User]:
    """The lead campaigners of an area."""
    if area is None:
        return []
    return list(User.objects.holding("lead", review_area=area).order_by("pk"))
