"""Who sees the board, who sets its limits, who keeps the coaching log."""

from network.permissions import (
    areas_held,
    belongs_to,
    campaigns_in,
    holds,
    is_editor,
    is_member,
    leads_area,
)


def board_areas(user) -> list | None:
    """The review areas whose board a person sees; None: all of them, for editors."""
    if is_editor(user):
        return None
    return areas_held(user, "campaigner", "lead")


def can_see_board(user) -> bool:
    """Campaigners and leads of an area, and editors."""
    return is_member(user) and board_areas(user) != []


def can_set_limits(user, area) -> bool:
    """How many stories may stand in a stage of an area: its lead."""
    return leads_area(user, area)


def coaching_areas(user) -> list | None:
    """The areas whose coaching log a person reads; None: all, for editors and executives."""
    if is_editor(user) or holds(user, "executive"):
        return None
    return areas_held(user, "campaigner", "lead")


def can_see_coaching(user) -> bool:
    """Campaigners and leads of an area, editors, executives."""
    return is_member(user) and coaching_areas(user) != []


def can_read_coaching(user, distributor) -> bool:
    """The log of a distributor: never its own members, whatever else they are."""
    if not is_member(user) or belongs_to(user, distributor):
        return False
    return (
        is_editor(user)
        or holds(user, "executive")
        or campaigns_in(user, distributor.country.review_area)
    )


def can_write_coaching(user, distributor) -> bool:
    """Add to it: campaigners and leads of its area."""
    return can_read_coaching(user, distributor) and campaigns_in(
        user, distributor.country.review_area
    )
