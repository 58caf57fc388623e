"""Who answers for a distributor, and who may read what it answered.

State (released, published, open) is asked in transitions. `can_view_response`
equals `ResponseQuerySet.visible_to` (tested for all roles).
"""

from bulletins.permissions import can_read_published
from network.permissions import (
    areas_held,
    belongs_to,
    campaigns_in,
    holds,
    is_editor,
    is_member,
    manages_distributor,
)


def can_answer_for(user, distributor) -> bool:
    """The distributor's word on any story: first contact and deputy, while it is active."""
    return is_member(user) and distributor.is_active and manages_distributor(user, distributor)


def can_respond(user, distributor, case) -> bool:
    """Say the distributor's word on this story: its managers, and the named colleague.

    Never on a story of one's own firm, and never on one that the person may
    not read. One query more for somebody who is no manager.
    """
    if not is_member(user) or not distributor.is_active or case.distributor_id == distributor.pk:
        return False
    if not can_read_published(user, case):
        return False
    if manages_distributor(user, distributor):
        return True
    return belongs_to(user, distributor) and (
        user.handed_over.filter(distributor=distributor, case=case, ended_at=None).exists()
    )


def can_view_response(user, response) -> bool:
    """One's own distributor's; the area's campaigners; editors and executives."""
    if not is_member(user):
        return False
    return belongs_to(user, response.distributor) or can_see_answers_of(user, response.distributor)


def can_see_answers_of(user, distributor) -> bool:
    """See how a distributor answers: whoever sees its area's grid."""
    return can_see_grid(user, distributor.country.review_area)


def can_see_grid(user, area) -> bool:
    """Distributor by story: campaigners of the area, editors and executives."""
    return campaigns_in(user, area) or sees_every_grid(user)


def sees_every_grid(user) -> bool:
    """Editors and executives."""
    return is_editor(user) or holds(user, "executive")


def can_coach(user, distributor) -> bool:
    """Write to a distributor's contact about its answers: the area's campaigners, editors."""
    return campaigns_in(user, distributor.country.review_area) or is_editor(user)


def areas_of(user) -> list:
    """The review areas this person campaigns in."""
    return areas_held(user, "campaigner", "lead")
