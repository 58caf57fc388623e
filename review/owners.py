"""Who is asked (R6): the author, else a campaigner of the area, else an editor.

Whoever is away is passed over while somebody else is there; among equals the
one who reads the question's language, and has the fewest to answer.
"""

from collections.abc import Iterable

from django.db.models import Count
from django.utils import timezone

from network.calendars import calendars_of
from network.models import ReviewArea, User
from network.permissions import with_standing
from review.models import Question
from review.registry import Askable, askable_of

CAMPAIGNERS = ("campaigner", "lead")


def groups(askable: Askable, key: str, area: ReviewArea | None, asker) -> list[list[User]]:
    """Those who may answer, in order of preference; nobody twice, never the asker."""
    found = [list(askable.authors(key))]
    if area is not None:
        found.append(_holding(CAMPAIGNERS, area))
        if area.neighbour_id:
            found.append(_holding(("lead",), area.neighbour_id))
    found.append(list(User.objects.holding("editor").order_by("pk")))
    seen, result = {asker.pk}, []
    for people in found:
        fresh = [person for person in people if person.pk not in seen and _is_there(person)]
        seen.update(person.pk for person in fresh)
        result.append(_who_may_see(askable, key, fresh))
    return result


def choose(
    askable: Askable, key: str, area: ReviewArea | None, asker, *, language: str, without=()
) -> User | None:
    """Whom a question is given to; None where there is nobody. About ten queries."""
    kept = [
        [person for person in people if person.pk not in without]
        for people in groups(askable, key, area, asker)
    ]
    people = [person for group in kept for person in group]
    away = _away(people)
    load = _load(people)
    for present in (True, False):
        for group in kept:
            fit = [person for person in group if (person.pk not in away) is present]
            if fit:
                return min(
                    fit,
                    key=lambda one: (language not in one.reading_languages, load[one.pk], one.pk),
                )
    return None


def candidates(question: Question, user) -> list[User]:
    """To whom a question can be handed on, by name."""
    askable = askable_of(question.kind)
    if askable is None:
        return []
    people = [
        person
        for group in groups(askable, question.key, question.area, question.by)
        for person in group
        if person.pk not in (question.owner_id, user.pk)
    ]
    return sorted(people, key=lambda person: person.display_name)


def lead_above(question: Question) -> User | None:
    """Who takes a late question: the area's lead, else its neighbour's, else an editor."""
    askable = askable_of(question.kind)
    if askable is None:
        return None
    found = []
    if question.area is not None:
        found.append(_holding(("lead",), question.area))
        if question.area.neighbour_id:
            found.append(_holding(("lead",), question.area.neighbour_id))
    found.append(list(User.objects.holding("editor").order_by("pk")))
    not_these = {question.owner_id, question.by_id}
    people = [
        [one for one in group if one.pk not in not_these and _is_there(one)] for group in found
    ]
    people = [_who_may_see(askable, question.key, group) for group in people]
    away = _away([person for group in people for person in group])
    for present in (True, False):
        for group in people:
            fit = [person for person in group if (person.pk not in away) is present]
            if fit:
                return fit[0]
    return None


def _holding(roles: Iterable[str], area) -> list[User]:
    found = User.objects.none()
    for role in roles:
        found |= User.objects.holding(role, review_area=area)
    return list(found.distinct().order_by("pk"))


def _is_there(person: User) -> bool:
    return person.is_active and not person.is_system


def _who_may_see(askable: Askable, key: str, people: list[User]) -> list[User]:
    """Those who see the text. Whoever is asked at an unfinished one answers without."""
    if askable.is_private:
        return people
    return [person for person in with_standing(people) if key in askable.visible(person, [key])]


def _away(people: list[User]) -> set[int]:
    now = timezone.now()
    calendars = calendars_of(person.pk for person in people)
    return {pk for pk, calendar in calendars.items() if calendar.is_away(calendar.day(now))}


def _load(people: list[User]) -> dict[int, int]:
    ids = [person.pk for person in people]
    rows = Question.objects.open().filter(owner__in=ids).values_list("owner").annotate(Count("pk"))
    return dict.fromkeys(ids, 0) | dict(rows.order_by("owner"))
