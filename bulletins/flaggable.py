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
from review.registry import Place, page_flaggable, register_flaggable

#: A story's mark that its authors left unanswered for so long is the editors' too.
AUTHORS_DAYS = 7


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
    left = Case.objects.filter(Q(is_archive=True) | Q(author__is_active=False)).values("number")
    old = timezone.now() - datetime.timedelta(days=AUTHORS_DAYS)
    return mine | Q(key__in=left) | Q(raised_at__lte=old)


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
