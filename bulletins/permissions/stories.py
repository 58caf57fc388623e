"""Who may read, write, withdraw and revive a story."""

from network.permissions import (
    belongs_to,
    campaigns_in,
    holds,
    is_editor,
    is_member,
    leads_area,
    manages_distributor,
    region_scope,
    region_scopes,
    standing,
)
from review.api import had_turn


def is_author(user, case) -> bool:
    """The author or a co-author, while they belong to the story's distributor.

    Equals `CaseQuerySet.by_or_with` (tested). Who left is named, and `wrote` it,
    but changes nothing: their distributor names a new author.
    """
    return case.distributor_id in standing(user).distributor_ids and wrote(user, case)


def wrote(user, case) -> bool:
    """The author or a co-author, whichever firm they work for by now: never a judge of it."""
    if not is_member(user):
        return False
    if case.author_id == user.pk:
        return True
    return any(person.pk == user.pk for person in case.co_authors.all())


def can_view_case(user, case) -> bool:
    """Read the story in its present state."""
    if not is_member(user):
        return case.is_published and case.audience == "public" and case.cleared_at is not None
    if can_read_published(user, case):  # first: most readers need no other question
        return True
    if is_editor(user) or is_author(user, case):
        return True
    draft = case.stage == "draft"
    if not draft and manages_distributor(user, case.distributor):
        return True
    if not draft and (case.holder_id == user.pk or campaigns_in(user, case.review_area)):
        return True
    if not draft and had_turn(user, case):
        return True
    return holds(user, "translator") and case.stage in (
        "area_review",
        "neutral_review",
        "editing",
        "ready",
    )


def can_read_published(user, case) -> bool:
    """Belong to the audience of a published story."""
    if not case.is_published:
        return False
    if case.audience == "public" and case.cleared_at is not None:
        return True
    if not is_member(user):
        return False
    if case.audience in ("network", "public"):
        return True
    return case_scope(case) in region_scopes(user)


def case_scope(case) -> tuple[str, int | None]:
    """The region scope a region-only story belongs to: as taken down, else the country's."""
    if case.region_id:
        return ("region", case.region_id)
    if case.review_area_id:
        return ("area", case.review_area_id)
    return region_scope(case.distributor.country)


def may_see_case_media(user, number: str) -> bool:
    """A picture or file of a story: whoever may see the story (network.registry guard)."""
    from django.apps import apps

    case = apps.get_model("bulletins.Case").objects.filter(number=number).first()
    return case is not None and can_view_case(user, case)


def readers_may_fetch(case, document) -> bool:
    """Whether everyone who may read the published story may fetch this file of it, too.

    Only then may its words be found with the story.
    """
    if document.guard == "bulletins.case":
        return document.guard_key == case.number
    if document.guard == "members":
        return not (case.audience == "public" and case.cleared_at is not None)
    return document.guard == "public"


def can_share_case(user, distributor) -> bool:
    """Write a story for this distributor."""
    return belongs_to(user, distributor)


def can_begin_for(user, distributor) -> bool:
    """Begin a draft in the name of one of its members, who may throw it away: the area's lead,
    editors and executives, for what they saw there."""
    return is_editor(user) or holds(user, "executive") or leads_area(user, distributor.review_area)


def can_edit_case(user, case) -> bool:
    """Write its text at the share form: the authors; editors for the language of the story."""
    return is_author(user, case) or is_editor(user)


def can_delete_draft(user, case) -> bool:
    """The author alone, while of its distributor."""
    return case.author_id == user.pk and is_author(user, case)


def can_withdraw_case(user, case) -> bool:
    """The author, while of its distributor, or an editor."""
    return is_editor(user) or (case.author_id == user.pk and is_author(user, case))


def can_choose_co_authors(user, case) -> bool:
    """Ask colleagues to write along, and take them off: the author, while of its distributor."""
    return is_member(user) and case.author_id == user.pk and belongs_to(user, case.distributor)


def can_answer_co_authorship(user, co_authorship) -> bool:
    """Accept or decline: whoever is asked."""
    return is_member(user) and co_authorship.user_id == user.pk


def can_name_author(user, case) -> bool:
    """Name who follows an author that left: the distributor's manager; where there is none,
    the area's lead or an editor. Equals `CaseQuerySet.to_name_by` (tested)."""
    if manages_distributor(user, case.distributor):
        return True
    if not (leads_area(user, case.distributor.review_area) or is_editor(user)):
        return False
    return not case.distributor.memberships.current().contacts().exists()


def can_archive_case(user, case) -> bool:
    """An editor."""
    return is_editor(user)


def can_revive_case(user, case) -> bool:
    """Bring an ended story back: its author, or an editor; an archived one an editor alone."""
    return can_withdraw_case(user, case)
