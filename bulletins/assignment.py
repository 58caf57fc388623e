"""Who reviews a story: free of conflicts, present, reading its language, fewest open reviews.

In this order: somebody who is away is passed over unless there is nobody
else; readers of the story's own language come first; of these whoever has the
fewest open reviews, and who joined first where that is equal.

Reviewers' countries and regions are those of their own distributors; a
campaigner without one is never called neutral.
"""

import datetime
from collections.abc import Callable, Iterable

from django.utils import timezone

from bulletins.permissions import has_interest_in, is_neutral_reviewer
from network.calendars import calendars_of
from network.models import ReviewArea, User
from network.permissions import standing, with_standing
from review.api import open_load

# The editors' step belongs to no area; a lead sets the lengths of the others.
EDITING_DAYS = 7


class Pool:
    """People who may take steps, with their calendars and their open reviews.

    Loaded once, with the same eight queries for any number of people; then
    any number of stories is given out from it without another.
    """

    def __init__(self, people: Iterable[User], now: datetime.datetime | None = None):
        self.now = now or timezone.now()
        self.people = with_standing(people)
        ids = [person.pk for person in self.people]
        self.calendars = calendars_of(ids)
        self.load = open_load(ids)
        self._reads = {person.pk: frozenset(person.reading_languages) for person in self.people}
        self._areas = {
            person.pk: frozenset(
                m.review_area_id
                for m in standing(person).mandates
                if m.role in ("campaigner", "lead") and m.review_area_id
            )
            for person in self.people
        }
        self._by_pk = {person.pk: person for person in self.people}
        self._away: dict[tuple[int, int], bool] = {}
        self._ranked: dict[tuple[str, int], list] = {}
        self._known_areas: dict[int, ReviewArea] | None = None

    @classmethod
    def of_campaigners(cls, now: datetime.datetime | None = None) -> "Pool":
        """Campaigners and leads of all areas."""
        people = User.objects.holding("campaigner") | User.objects.holding("lead")
        return cls(people.distinct().order_by("pk"), now)

    @classmethod
    def of_editors(cls, now: datetime.datetime | None = None) -> "Pool":
        """Everybody who holds an editor's mandate."""
        return cls(User.objects.holding("editor").order_by("pk"), now)

    def is_away(self, person: User, days: int) -> bool:
        """Away today by their own calendar, or for most of the next `days` working days."""
        key = (person.pk, days)
        if key not in self._away:
            self._away[key] = is_mostly_away(self.calendars[person.pk], self.now, days)
        return self._away[key]

    def choose(
        self,
        fits: Callable[[User], bool],
        *,
        language: str,
        days: int,
        without: Iterable[int] = (),
        present: bool | None = None,
    ) -> User | None:
        """The first of those whom `fits` lets take it; None where there is nobody.

        `present` True asks only those who are not away, None passes these
        over unless there is nobody else.
        """
        passed = set(without)
        ranked = sorted(
            (is_away, is_strange, self.load[pk], pk)
            for is_away, is_strange, pk in self._ranks(language, days)
        )
        for is_away, _is_strange, _load, pk in ranked:
            if present and is_away:
                return None
            if pk not in passed and fits(self._by_pk[pk]):
                return self._by_pk[pk]
        return None

    def _ranks(self, language: str, days: int) -> list[tuple[bool, bool, int]]:
        """Who is away and who does not read the language: the same for story after story."""
        key = (language, days)
        if key not in self._ranked:
            self._ranked[key] = [
                (self.is_away(person, days), language not in self._reads[person.pk], person.pk)
                for person in self.people
            ]
        return self._ranked[key]

    def take(self, person: User) -> None:
        """Count one more open review of this person."""
        self.load[person.pk] += 1

    def works_in(self, person: User, area: ReviewArea) -> bool:
        """Campaigner or lead of this very area."""
        return area.pk in self._areas[person.pk]

    def area_chain(self, area: ReviewArea | None) -> list[ReviewArea]:
        """The area, its neighbour, that one's neighbour and so on. One query for all stories."""
        if self._known_areas is None:
            self._known_areas = ReviewArea.objects.in_bulk()
        chain: list[ReviewArea] = []
        while area is not None and area not in chain:
            chain.append(area)
            area = self._known_areas.get(area.neighbour_id)
        return chain


def is_mostly_away(calendar, now: datetime.datetime, days: int) -> bool:
    """Whether somebody is away today, or for most of the `days` working days from now."""
    today = calendar.day(now)
    if calendar.is_away(today):
        return True
    if not calendar.away:
        return False
    last = calendar.at_home().add(today, days)
    return calendar.between(today, last) * 2 < days


def clock_days(case, step: str) -> int:
    """The working days that a step of the case has, as its area sets them now."""
    if step == "editing":
        return EDITING_DAYS
    area = case.review_area or case.distributor.review_area
    return {"area": area.area_days, "neutral": area.neutral_days, "author": area.author_days}[step]


def area_reviewer(
    case, *, without: Iterable[int] = (), pool: Pool | None = None
) -> tuple[ReviewArea, User | None]:
    """The area that decides, and its reviewer.

    That is the story's own area where a campaigner of it is free of the
    author's distributor and present, else the nearest neighbour that has one
    (R23); where everybody is away, the nearest that has somebody at all.
    """
    pool = pool or Pool.of_campaigners()
    days = clock_days(case, "area")
    for present in (True, None):
        for area in pool.area_chain(case.review_area):
            chosen = pool.choose(
                lambda person, area=area: (
                    pool.works_in(person, area) and not has_interest_in(person, case)
                ),
                language=case.source_language,
                days=days,
                without=without,
                present=present,
            )
            if chosen:
                return area, chosen
    return case.review_area, None


def neutral_reviewer(
    case, *, without: Iterable[int] = (), pool: Pool | None = None, present: bool | None = None
) -> User | None:
    """A campaigner of a third area without an interest (R4); None if there is none."""
    pool = pool or Pool.of_campaigners()
    return pool.choose(
        lambda person: is_neutral_reviewer(person, case),
        language=case.source_language,
        days=clock_days(case, "neutral"),
        without=without,
        present=present,
    )


def editor_for(
    case, *, without: Iterable[int] = (), pool: Pool | None = None, present: bool | None = None
) -> User | None:
    """The editor with the fewest open reviews, of no firm that has an interest."""
    pool = pool or Pool.of_editors()
    return pool.choose(
        lambda person: not has_interest_in(person, case),
        language=case.source_language,
        days=EDITING_DAYS,
        without=without,
        present=present,
    )


def pool_for(step: str, now: datetime.datetime | None = None) -> Pool:
    """Everybody who takes steps of this kind."""
    return Pool.of_editors(now) if step == "editing" else Pool.of_campaigners(now)


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


def overseers(case, step: str, late: User) -> list[User]:
    """Who hears that a step is late: the area's leads, the editors for their own step.

    Never the late person alone: where the area has no other lead, the editors hear.
    """
    found = [] if step == "editing" else leads(case.review_area)
    found = [person for person in found if person.pk != late.pk]
    if found:
        return found
    return list(User.objects.holding("editor").exclude(pk=late.pk).order_by("pk"))


def namers(case, step: str) -> list[User]:
    """Who names a reviewer where nobody is eligible: the area's leads; the editors at their own
    step and where an area has no lead; administrators where there is no editor either."""
    found = [] if step == "editing" else leads(case.review_area)
    for role in ("editor", "administrator"):
        found = found or list(User.objects.holding(role).order_by("pk"))
    return found


def leads(area: ReviewArea | None) -> list[User]:
    """The lead campaigners of an area."""
    if area is None:
        return []
    return list(User.objects.holding("lead", review_area=area).order_by("pk"))
