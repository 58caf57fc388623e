"""For whom a distributor's own version of a programme is: its members, its area's campaigners,
and staff. One rule as predicate, as a database's condition, and as search's tokens. And whose
programmes a coordinator's are.

Takes objects and imports no model of this room.
"""

from django.db.models import Q

from network.permissions import holds, is_member, standing

# Who sees every distributor's version of a programme.
STAFF = ("coordinator", "trainer", "editor", "administrator", "executive")


def coordinates_all(user) -> bool:
    """A coordinator of everything, or an administrator."""
    return holds(user, "administrator") or any(
        mandate.role == "coordinator" and mandate.scope == "global"
        for mandate in (standing(user).mandates if is_member(user) else ())
    )


def coordinated(user, path: str = "") -> Q:
    """Programmes that the person coordinates by name, and distributors' versions of them; `path`
    leads to the programme. Those of everything `coordinates_all` tells.

    Equals `can_plan_session` (tested). Queries: none beside the person's standing.
    """
    held = standing(user).mandates if is_member(user) else ()
    keys = [m.programme_key for m in held if m.role == "coordinator" and m.programme_key]
    if not keys:
        return Q(pk__in=[])
    own = Q(**{f"{path}programme_key__in": keys})
    return own | Q(**{f"{path}parent__programme_key__in": keys})


def sees_all_versions(user) -> bool:
    """Staff of the workshops, editors, administrators, executives, campaigners of everything."""
    return holds(user, *STAFF) or any(
        mandate.role in ("campaigner", "lead") and mandate.scope == "global"
        for mandate in (standing(user).mandates if is_member(user) else ())
    )


def campaigned_areas(user) -> set[int]:
    """Review areas that one is a campaigner or lead of by name; whose areas are all of them,
    `answers_everywhere` tells."""
    return {
        mandate.review_area_id
        for mandate in standing(user).mandates
        if mandate.role in ("campaigner", "lead") and mandate.review_area_id
    }


def of_whom(user, path: str = "") -> Q:
    """Programmes that somebody who is no staff sees; `path` leads to the programme ('programme__').

    Queries: none beside the person's standing.
    """
    seen = Q(**{f"{path}distributor__isnull": True})
    if not is_member(user):
        return seen
    held = standing(user)
    if held.distributor_ids:
        seen |= Q(**{f"{path}distributor__in": held.distributor_ids})
    if areas := campaigned_areas(user):
        seen |= Q(**{f"{path}distributor__country__review_area__in": areas})
    return seen


def version_audience(programme) -> tuple[str, ...]:
    """Who finds a distributor's version, as tokens of `viewer_tokens`."""
    firm = programme.distributor
    return (f"firm:{firm.pk}", f"campaigns:{firm.review_area.pk}", "staff")


def viewer_tokens(user) -> set[str]:
    """Tokens that a person holds: sharing one equals `can_view_programme` (tested)."""
    if not is_member(user):
        return set()
    held = standing(user)
    tokens = {f"firm:{pk}" for pk in held.distributor_ids}
    tokens |= {f"campaigns:{pk}" for pk in campaigned_areas(user)}
    if sees_all_versions(user):
        tokens.add("staff")
    return tokens


def answers_everywhere(user) -> bool:
    """A coordinator of all programmes, a campaigner or lead of all areas."""
    return any(
        mandate.scope == "global" and mandate.role in ("coordinator", "campaigner", "lead")
        for mandate in standing(user).mandates
    )
