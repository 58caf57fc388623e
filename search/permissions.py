"""Who looks after the indexes."""

from network.permissions import is_administrator


def can_view_refusals(user) -> bool:
    """Administrators: what an index refused is a matter of settings, or of a single document."""
    return is_administrator(user)


def can_retry_refusal(user) -> bool:
    """The same: they know whether the reason is gone."""
    return is_administrator(user)
