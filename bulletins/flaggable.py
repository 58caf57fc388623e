"""Lets readers mark defects in stories and issues (`review.registry.Flaggable`)."""

import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bulletins.models import BulletinIssuePage, Case, CaseStoryPage
from bulletins.page_context import ISSUE_FLAGGED_AS, STORY_FLAGGED_AS
from bulletins.permissions import can_edit_case, can_manage_issues
from bulletins.story_parts import part_names
from network.models import User
from network.permissions import is_editor, is_member
from network.working_days import WEEKDAYS, Calendar
from review.models import Flag
from review.registry import Place, page_flaggable, register_flaggable

#: Working days, of the author's country, after which an unanswered mark is the editors' too.
AUTHORS_DAYS = 5


def find_story(number: str, language: str) -> CaseStoryPage | None:
    """The live page of a published story in a language."""
    pages = CaseStoryPage.objects.filter(case__number=number, case__is_published=True, live=True)
    return pages.filter(locale__language_code=language).select_related("case", "locale").first()


def tellers(number: str) -> list[User]:
    """Whoever may mend the story's words: its authors; the editors where nobody is left."""
    case = Case.objects.filter(number=number).select_related("author", "distributor").first()
    people = [case.author, *case.co_authors.all()] if case and not case.is_archive else []
    people = [person for person in people if person.is_active and can_edit_case(person, case)]
    return people or list(User.objects.holding("editor"))


def may_answer_story(user, number: str) -> bool:
    """Its authors, or an editor."""
    case = Case.objects.filter(number=number).first()
    return case is not None and can_edit_case(user, case)


def stories_waiting(user) -> Q | None:
    """Marks at one's own stories; for editors also those that are left to them."""
    if not is_member(user):
        return None
    mine = Q(key__in=Case.objects.by_or_with(user).filter(is_archive=False).values("number"))
    if not is_editor(user):
        return mine
    nobodys = Case.objects.filter(Q(is_archive=True) | Q(author__is_active=False))
    left = Q(key__in=nobodys.values("number"))
    left |= Q(key__in=Case.objects.left_by_author().values("number"))
    return mine | left | Q(pk__in=overdue())


def overdue(now: datetime.datetime | None = None) -> list[int]:
    """Ids of open marks at stories whose author's days are over. Two queries, or one.

    The days are those of the country the story is told from, by its author's clock.
    """
    now = now or timezone.now()
    # No country works faster than every day: the others are read and counted.
    possible = now - datetime.timedelta(days=AUTHORS_DAYS)
    rows = Flag.objects.open().filter(kind=STORY_FLAGGED_AS, raised_at__lte=possible)
    marks = list(rows.order_by("pk").values_list("pk", "key", "raised_at"))
    if not marks:
        return []
    cases = Case.objects.filter(number__in={key for _pk, key, _at in marks})
    place = ("distributor__country_id", "distributor__country__weekend", "author__time_zone")
    calendars = {
        number: Calendar(code, weekend, zone)
        for number, code, weekend, zone in cases.values_list("number", *place)
    }
    return [
        pk
        for pk, key, at in marks
        if calendars.get(key, WEEKDAYS).end_after(at, AUTHORS_DAYS) < now
    ]


def find_issue(key: str, language: str) -> BulletinIssuePage | None:
    """The live page of a released issue in a language."""
    if not key.isdecimal() or len(key) > 18:  # what no database takes as a key
        return None
    pages = BulletinIssuePage.objects.filter(issue=key, issue__stage="released", live=True)
    return pages.filter(locale__language_code=language).select_related("issue", "locale").first()


def register() -> None:
    """Called once, when the room starts."""
    register_flaggable(
        page_flaggable(
            kind=STORY_FLAGGED_AS,
            label=gettext_lazy("Case story"),
            find=find_story,
            places=lambda page: [Place(part, name) for part, name in part_names().items()],
            answerers=tellers,
            may_answer=may_answer_story,
            waiting=stories_waiting,
        )
    )
    register_flaggable(
        page_flaggable(
            kind=ISSUE_FLAGGED_AS,
            label=gettext_lazy("Best Practice Bulletin"),
            find=find_issue,
            answerers=lambda key: User.objects.holding("editor"),
            may_answer=lambda user, key: can_manage_issues(user),
            waiting=lambda user: Q() if can_manage_issues(user) else None,
        )
    )
