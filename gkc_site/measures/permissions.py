"""Who reads the network's figures and a country's brief, and who logs a visit."""

from network.permissions import areas_held, holds, is_editor, leads_area


def sees_whole_network(user) -> bool:
    """Figures of every region: executives and editors."""
    return is_editor(user) or holds(user, "executive")


def can_see_measures(user) -> bool:
    """Open the figures at all: who sees the whole network, and leads their own areas'."""
    return sees_whole_network(user) or holds(user, "lead")


def seen_areas(user) -> list | None:
    """The review areas whose figures a lead sees; None for the whole network."""
    if sees_whole_network(user):
        return None
    return areas_held(user, "lead")


def can_see_brief(user, country) -> bool:
    """Read a country's brief: who sees the whole network, and its area's leads."""
    return sees_whole_network(user) or leads_area(user, country.review_area)


def can_log_visit(user, country) -> bool:
    """Write down what was seen there: executives, and editors who went."""
    return sees_whole_network(user)


def can_begin_story(user, country) -> bool:
    """Begin a draft out of a visit note, for an author there: whoever reads the brief."""
    return can_see_brief(user, country)
