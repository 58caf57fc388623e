"""Lets members ask at programmes and dates (`review.registry.Askable`)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from network.permissions import home_areas, is_member
from review.registry import Askable, register_askable
from workshops.flaggable import (
    coordinators_of,
    find_programme,
    find_session,
    keepers_of_session,
    programme_of,
    session_address,
    session_title,
)
from workshops.models import Programme, Session
from workshops.page_context import PROGRAMME_FLAGGED_AS, SESSION_FLAGGED_AS
from workshops.permissions import can_view_session


def programmes_seen(user, keys: Iterable[str]) -> set[str]:
    """Those of the catalogue that this person sees. One query."""
    if not is_member(user):
        return set()
    rows = Programme.objects.in_catalogue().visible_to(user).filter(key__in=list(keys))
    return set(rows.values_list("key", flat=True))


def sessions_seen(user, numbers: Iterable[str]) -> set[str]:
    """Dates that this person sees. One query."""
    if not is_member(user):
        return set()
    rows = Session.objects.visible_to(user).filter(number__in=list(numbers))
    return set(rows.values_list("number", flat=True))


def register() -> None:
    """Called once, when the room starts."""
    register_askable(
        Askable(
            kind=PROGRAMME_FLAGGED_AS,
            label=gettext_lazy("Workshop programme"),
            find=find_programme,
            may_see=lambda user, page: page.may_be_read_by(user),
            visible=programmes_seen,
            title=lambda page: page.title,
            url=lambda page: page.get_url() or "",
            places=lambda page: [],
            authors=lambda key: coordinators_of(programme_of(key)),
            area=lambda key, asker: next(iter(home_areas(asker)), None),
        )
    )
    register_askable(
        Askable(
            kind=SESSION_FLAGGED_AS,
            label=gettext_lazy("Workshop date"),
            find=find_session,
            may_see=can_view_session,
            visible=sessions_seen,
            title=session_title,
            url=session_address,
            places=lambda session: [],
            authors=keepers_of_session,
            area=lambda number, asker: next(iter(home_areas(asker)), None),
        )
    )
