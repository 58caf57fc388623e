"""Who may judge a story, read its log, and put it into another language."""

from django.utils.translation import gettext as _

from bulletins.permissions.stories import can_view_case, is_author, wrote
from network.permissions import (
    belongs_to,
    campaigns_in,
    holds,
    is_editor,
    is_member,
    leads_area,
    manages_distributor,
    standing,
)
from review.api import had_turn
from translations.permissions import can_read_second, can_translate


def can_answer_appeal(user, case, judges) -> bool:
    """An editor without an interest, of no region or area that was involved before.

    `judges` are all who had a turn at it: never one of them, nor anybody of
    their countries' regions and areas or of the story's own.
    """
    if not is_editor(user) or has_interest_in(user, case) or user in judges:
        return False
    countries = [case.distributor.country]
    areas = {case.review_area_id, case.deciding_area_id}
    for person in judges:
        countries += [m.distributor.country for m in standing(person).memberships]
        areas |= {m.review_area_id for m in standing(person).mandates}
    areas |= {country.review_area_id for country in countries}
    regions = {country.region_id for country in countries} - {None}
    areas -= {None}
    own = [m.distributor.country for m in standing(user).memberships]
    if any(c.region_id in regions or c.review_area_id in areas for c in own):
        return False
    return not any(m.review_area_id in areas for m in standing(user).mandates)


def has_interest_in(user, case) -> bool:
    """Wrote it, now or once, began it for its author, or belongs to the distributor that told
    it (R4, R5): never approves."""
    return (
        wrote(user, case)
        or belongs_to(user, case.distributor)
        or began(user, case)
        or wrote_once(user, case)
    )


def began(user, case) -> bool:
    """Began it in the author's name: its first words are theirs."""
    return case.begun_by_id is not None and case.begun_by_id == user.pk


def wrote_once(user, case) -> bool:
    """A co-author who left the story or was taken off it."""
    rows = case.co_authorships.all()
    return any(row.user_id == user.pk and row.state in ("left", "removed") for row in rows)


def is_neutral_to(case, country) -> bool:
    """Whether someone of `country` is neutral to the case.

    Neutral = another distributor, another country, another review area, and
    not the same home region where both have one (design.md).
    """
    own = case.distributor.country
    if country.pk == own.pk or country.review_area_id == own.review_area_id:
        return False
    return not (country.region_id and own.region_id and country.region_id == own.region_id)


def is_neutral_reviewer(user, case) -> bool:
    """A campaigner of a third area whose every firm is neutral to the case (R4)."""
    if not holds(user, "campaigner", "lead") or has_interest_in(user, case):
        return False
    barred = {case.review_area_id, case.deciding_area_id} - {None}
    if any(
        m.review_area_id in barred
        for m in standing(user).mandates
        if m.role in ("campaigner", "lead")
    ):
        return False
    countries = [m.distributor.country for m in standing(user).memberships]
    return bool(countries) and all(is_neutral_to(case, country) for country in countries)


def can_decide_case(user, case, step: str) -> bool:
    """Approve or decline at a review step: the holder alone, and without an interest (R4, R5)."""
    if not is_member(user) or case.holder_id != user.pk or has_interest_in(user, case):
        return False
    if step == "editing":
        return is_editor(user)
    if step == "area":
        return campaigns_in(user, case.deciding_area or case.review_area)
    return is_neutral_reviewer(user, case)


def why_not_decide(user, case, step: str) -> str:
    """Why this person cannot approve here, in a sentence; empty where they can."""
    if can_decide_case(user, case, step):
        return ""
    if wrote(user, case) or wrote_once(user, case):
        return _("Nobody approves a story they wrote themselves.")
    if began(user, case):
        return _("Nobody approves a story that they began for its author.")
    if belongs_to(user, case.distributor):
        return _("Nobody approves a story of their own distributor. You can comment and return it.")
    if case.holder_id != user.pk:
        return _("This story waits for somebody else.")
    if step == "neutral":
        return _("The neutral reviewer comes from another region than the story.")
    return _("Your mandate does not cover this step.")


def can_return_case(user, case, step: str) -> bool:
    """Ask for changes. The area's own campaigner may, even of the author's distributor, but
    for whoever wrote or began it."""
    own_words = wrote(user, case) or wrote_once(user, case) or began(user, case)
    if step == "area" and is_member(user) and not own_words:
        return case.holder_id == user.pk or campaigns_in(user, case.review_area)
    return can_decide_case(user, case, step)


def can_review_case(user, case) -> bool:
    """Open it at the review desk: equals `CaseQuerySet.at_desk_of` (tested).

    Never its authors: they would read the notes meant for reviewers.
    """
    if not is_member(user) or case.stage == "draft":
        return False
    if wrote(user, case) or wrote_once(user, case):
        return False
    if is_editor(user) or case.holder_id == user.pk:
        return True
    if campaigns_in(user, case.review_area) or campaigns_in(user, case.deciding_area):
        return True
    return had_turn(user, case)


def can_read_case_log(user, case) -> bool:
    """All events with their reasons: editors and the area's leads."""
    if case.stage == "draft" or wrote(user, case) or wrote_once(user, case):
        return False
    return is_editor(user) or leads_area(user, case.review_area)


# Why a reviewer did not take a story is for leads and editors, not for its author.
AMONG_REVIEWERS = {"hand_on", "turn_down", "assign"}


def can_export_log(user, area) -> bool:
    """The log of an area: its leads, editors, executives; of a region (`area` None) the latter."""
    return is_editor(user) or holds(user, "executive") or leads_area(user, area)


def reads_internal_reasons(user) -> bool:
    """Why stories went from reviewer to reviewer: editors and leads, not executives."""
    return is_editor(user) or holds(user, "lead")


def can_assign_review(user, case) -> bool:
    """Override an assignment: the area's lead, or an editor."""
    return leads_area(user, case.review_area) or is_editor(user)


def can_consent_public(user, case) -> bool:
    """The distributor manager's consent to publish for everyone (R7)."""
    return manages_distributor(user, case.distributor)


def can_clear_public(user, case) -> bool:
    """The editor's clearance for everyone (R7)."""
    return is_editor(user)


def can_write_working_translation(user, case) -> bool:
    """The author, the area's campaigner, or a translator."""
    return (
        is_author(user, case) or campaigns_in(user, case.review_area) or holds(user, "translator")
    )


def can_translate_case(user, case, language: str) -> bool:
    """Write the story in a language that is not its own: a translator of that language
    who may see the story, or an editor."""
    return (
        language != case.source_language
        and can_translate(user, language)
        and can_view_case(user, case)
    )


def can_read_second_case(user, case, language: str) -> bool:
    """Read a translation as second person; never one's own words (translations.api asks)."""
    return (
        language != case.source_language
        and can_read_second(user, language)
        and can_view_case(user, case)
    )
