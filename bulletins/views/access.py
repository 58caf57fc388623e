"""How views of the author's desk find a case: 404 for whoever may not know of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from bulletins.models import Case
from bulletins.permissions import can_edit_case, is_author
from network.permissions import manages_distributor

SHOWN = (
    "author",
    "holder",
    "distributor__country__review_area",
    "review_area",
)


def case_to_edit(user, number: str) -> Case:
    """A case this person may write. Raises Http404."""
    case = _visible(user, number)
    if not can_edit_case(user, case):
        raise Http404
    return case


def case_to_follow(user, number: str) -> Case:
    """A case whose way this person may follow: authors, their manager, editors. Raises Http404."""
    case = _visible(user, number)
    if not (can_edit_case(user, case) or manages_distributor(user, case.distributor)):
        raise Http404
    return case


def case_of_author(user, number: str) -> Case:
    """A case this person wrote, alone or with others. Raises Http404."""
    case = _visible(user, number)
    if not is_author(user, case):
        raise Http404
    return case


def _visible(user, number: str) -> Case:
    return get_object_or_404(
        Case.objects.visible_to(user).select_related(*SHOWN).prefetch_related("co_authors"),
        number=number,
    )
