"""Who is asked (R6): the author, else a campaigner of the area, else an editor.

Whoever is away is passed over while somebody else is there; among equals the
one who reads the question's language, and has the fewest to answer.
"""

from collections.abc import Iterable

from django.db.models import Count
from django.utils import timezone

from network.calendars import calendars_of
from network.models import User
from network.permissions import with_standing
from review.models import Question
from review.registry import Askable, askable_of

CAMPAIGNERS = ("campaigner", "lead")


def groups(question: Question) -> list[list[User]]:
    """Those who may answer, in order of preference; nobody twice, never the asker.

    About eight queries, whatever the number of people.
    """
    askable = askable_of(question.kind)
    if askable is None:
        return []
    area = question.area
    found = [list(askable.authors(question.key))]
    if area is not None:
        found.append(_holding(CAMPAIGNERS, area))
        if area.neighbour_id:
            found.append(_holding(("lead",), area.neighbour_id))
    found.append(list(User.objects.holding("editor").order_by("pk")))
    seen, people = {question.by_id}, []
    for group in found:
        fresh = [person for person in group if person.pk not in seen and _is_there(person)]
        seen.update(person.pk for person in fresh)
        people.append(fresh)
    return _who_may_see(askable, question, people)


def choose(question: Question) -> User | None:
    """Whom a question is given to, saved or not; None where there is nobody."""
    kept, language = groups(question), question.text_language
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
    people = [
        person
        for group in groups(question)
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
    people = _who_may_see(askable, question, people)
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


def _who_may_see(
    askable: Askable, question: Question, groups: list[list[User]]
) -> list[list[User]]:
    """Those who see the text. Whoever is asked at an unfinished one answers without."""
    if askable.is_private:
        return groups
    thing = askable.find(question.key, question.language)
    if thing is None:
        return [[] for _group in groups]
    with_standing(person for group in groups for person in group)
    return [[one for one in group if askable.may_see(one, thing)] for group in groups]


def _away(people: list[User]) -> set[int]:
    now = timezone.now()
    calendars = calendars_of(person.pk for person in people)
    return {pk for pk, calendar in calendars.items() if calendar.is_away(calendar.day(now))}


def _load(people: list[User]) -> dict[int, int]:
    ids = [person.pk for person in people]
    rows = Question.objects.open().filter(owner__in=ids).values_list("owner").annotate(Count("pk"))
    return dict.fromkeys(ids, 0) | dict(rows.order_by("owner"))
