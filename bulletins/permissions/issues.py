"""Who may plan an issue, write news and supplements, and see whom it reached."""

from bulletins.permissions.stories import can_view_case
from network.permissions import (
    areas_held,
    campaigns_in,
    holds,
    is_editor,
    is_member,
    leads_area,
    region_scope,
    region_scopes,
)
from translations.permissions import can_translate


def can_manage_issues(user) -> bool:
    """Make, order, freeze and release issues: an editor, or the site at the planned minute."""
    return is_editor(user) or bool(getattr(user, "is_system", False))


def can_view_issue(user, issue) -> bool:
    """A released issue's title is public; what is in it follows each story."""
    return issue.stage == "released" or can_manage_issues(user)


def led_scopes(user) -> set[tuple[str, int]]:
    """The region scopes of the countries of the areas this person leads. A query an area."""
    return {
        region_scope(country)
        for area in areas_held(user, "lead")
        for country in area.countries.all()
    }


def leads_anywhere(user) -> bool:
    """Holds a lead campaigner's mandate: has the region's desk."""
    return holds(user, "lead")


def can_propose_case(user, case) -> bool:
    """Propose a story for an issue: the lead of its area."""
    return leads_area(user, case.review_area) and can_view_case(user, case)


def can_invite_author(user, distributor) -> bool:
    """Ask a member of a distributor to write: the lead of its area."""
    return leads_area(user, distributor.review_area)


def can_answer_invitation(user, invitation) -> bool:
    """Begin the story, or decline: whoever is invited."""
    return is_member(user) and invitation.author_id == user.pk


def can_write_supplement(user, scope: tuple[str, int]) -> bool:
    """Write and publish a region's supplement: its leads; editors may help."""
    return is_editor(user) or scope in led_scopes(user)


def can_view_supplement(user, supplement) -> bool:
    """Belong to its scope, once it and its issue are out."""
    if not is_member(user):
        return False
    if is_editor(user):
        return True
    is_out = supplement.published_at is not None and supplement.issue.stage == "released"
    return is_out and supplement.scope in region_scopes(user)


def can_write_news(user, scope: tuple[str, int] | None) -> bool:
    """Editors for everybody or any region, leads for their own region's readers."""
    return is_editor(user) or (scope is not None and scope in led_scopes(user))


def can_translate_news(user, news, language: str) -> bool:
    """Its writers, and translators of the language."""
    return can_translate(user, language) or can_write_news(user, news.scope)


def can_view_news(user, news) -> bool:
    """Members of its scope, while it is shown."""
    if not is_member(user) or not news.is_out:
        return False
    return is_editor(user) or news.scope is None or news.scope in region_scopes(user)


def can_view_reach(user) -> bool:
    """Whom each issue reached: editors and administrators answer for it, executives ask."""
    return holds(user, "editor", "executive", "administrator")


def can_record_delivery(user, distributor) -> bool:
    """That an issue was delivered by other means: the distributor's campaigners, or an editor."""
    return is_editor(user) or campaigns_in(user, distributor.review_area)


def can_view_reach_of(user, distributor) -> bool:
    """How an issue went to one distributor."""
    return can_view_reach(user) or can_record_delivery(user, distributor)
