"""Lets members ask at stories, issues and form parts (`review.registry.Askable`)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy

from bulletins.flaggable import find_issue, find_story
from bulletins.models import BulletinIssuePage, Case
from bulletins.page_context import DRAFT_ASKED_AT, ISSUE_FLAGGED_AS, STORY_FLAGGED_AS
from bulletins.parts import HEADS, PARTS
from bulletins.permissions import can_edit_case, is_author
from bulletins.story_parts import part_names
from network.permissions import home_areas, is_member
from review.registry import Askable, Place, register_askable


def tellers(number: str) -> list:
    """Author and co-authors who are still there; an archive's story has none."""
    case = Case.objects.filter(number=number).select_related("author", "distributor").first()
    if case is None or case.is_archive:
        return []
    return [one for one in [case.author, *case.co_authors.all()] if can_edit_case(one, case)]


def area_of(number: str, asker=None):
    """The story's review area; before its submission that of its distributor."""
    cases = Case.objects.filter(number=number)
    case = cases.select_related("review_area", "distributor__country__review_area").first()
    return (case.review_area or case.distributor.review_area) if case else None


def stories_seen(user, numbers: Iterable[str]) -> set[str]:
    """Published ones that this person reads. One query."""
    cases = Case.objects.readable_by(user).filter(number__in=list(numbers))
    return set(cases.values_list("number", flat=True)) if is_member(user) else set()


def issues_seen(user, keys: Iterable[str]) -> set[str]:
    """Released ones. One query."""
    wanted = [key for key in keys if key.isdecimal() and len(key) < 19]
    pages = BulletinIssuePage.objects.filter(issue__in=wanted, issue__stage="released", live=True)
    found = {str(key) for key in pages.values_list("issue", flat=True)}
    return found if is_member(user) else set()


def find_draft(number: str, language: str) -> Case | None:
    """A story at its authors' form, in whatever language the question is asked."""
    return Case.objects.filter(number=number).select_related("distributor").first()


def draft_title(case: Case) -> str:
    """As its authors see it; a new one is called by its number."""
    return case.source_page().title or case.number


def register() -> None:
    """Called once, when the room starts."""
    register_askable(
        Askable(
            kind=STORY_FLAGGED_AS,
            label=gettext_lazy("Case story"),
            find=find_story,
            may_see=lambda user, page: page.may_be_read_by(user),
            visible=stories_seen,
            title=lambda page: page.title,
            url=lambda page: page.get_url() or "",
            places=lambda page: [Place(part, name) for part, name in part_names().items()],
            authors=tellers,
            area=area_of,
            is_rated=True,
        )
    )
    register_askable(
        Askable(
            kind=ISSUE_FLAGGED_AS,
            label=gettext_lazy("Best Practice Bulletin"),
            find=find_issue,
            may_see=lambda user, page: page.may_be_read_by(user),
            visible=issues_seen,
            title=lambda page: page.title,
            url=lambda page: page.get_url() or "",
            places=lambda page: [],
            authors=lambda key: (),
            area=lambda key, asker: next(iter(home_areas(asker)), None),
            is_rated=True,
        )
    )
    register_askable(
        Askable(
            kind=DRAFT_ASKED_AT,
            label=gettext_lazy("A story being written"),
            find=find_draft,
            may_see=is_author,
            visible=lambda user, keys: set(),  # for whoever is in the question alone
            title=draft_title,
            url=lambda case: reverse("case_follow", args=[case.number]),
            places=lambda case: [Place(part, HEADS[part]) for part in PARTS],
            authors=lambda key: (),
            area=area_of,
            is_private=True,
        )
    )
