"""Who may do what with a story or an issue. State is asked in transitions, not here.

Predicates take objects and import no model of this room. `can_view_case`
equals `CaseQuerySet.visible_to` (tested for all roles).
"""

from django.utils.translation import gettext as _

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
from search.contract import EVERYONE
from translations.permissions import can_read_second, can_translate


def is_author(user, case) -> bool:
    """The author, or a co-author who still belongs to the story's distributor."""
    if not wrote(user, case):
        return False
    return case.author_id == user.pk or belongs_to(user, case.distributor)


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
    """The author alone."""
    return is_member(user) and case.author_id == user.pk


def can_withdraw_case(user, case) -> bool:
    """The author, or an editor."""
    return is_member(user) and (case.author_id == user.pk or is_editor(user))


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
    """Wrote it, now or once, or belongs to the distributor that did (R4, R5): never approves."""
    return wrote(user, case) or belongs_to(user, case.distributor) or wrote_once(user, case)


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
    if wrote(user, case):
        return _("Nobody approves a story they wrote themselves.")
    if belongs_to(user, case.distributor):
        return _("Nobody approves a story of their own distributor. You can comment and return it.")
    if case.holder_id != user.pk:
        return _("This story waits for somebody else.")
    if step == "neutral":
        return _("The neutral reviewer comes from another region than the story.")
    return _("Your mandate does not cover this step.")


def can_return_case(user, case, step: str) -> bool:
    """Ask for changes. The area's own campaigner may, even of the author's distributor."""
    if step == "area" and is_member(user) and not (wrote(user, case) or wrote_once(user, case)):
        return case.holder_id == user.pk or campaigns_in(user, case.review_area)
    return can_decide_case(user, case, step)


def can_review_case(user, case) -> bool:
    """Open it at the review desk: equals `CaseQuerySet.at_desk_of` (tested).

    Never its authors: they would read the notes meant for reviewers.
    """
    if not is_member(user) or case.stage == "draft" or wrote(user, case):
        return False
    if is_editor(user) or case.holder_id == user.pk:
        return True
    if campaigns_in(user, case.review_area) or campaigns_in(user, case.deciding_area):
        return True
    return had_turn(user, case)


def can_read_case_log(user, case) -> bool:
    """All events with their reasons: editors and the area's leads."""
    if case.stage == "draft" or wrote(user, case):
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


def can_manage_issues(user) -> bool:
    """Make, order, freeze and release issues: an editor, or the site at the planned minute."""
    return is_editor(user) or bool(getattr(user, "is_system", False))


def can_view_issue(user, issue) -> bool:
    """A released issue's title is public; what is in it follows each story."""
    return issue.stage == "released" or can_manage_issues(user)


# --- run by the region ----------------------------------------------------------------
def led_scopes(user) -> set[tuple[str, int]]:
    """The region scopes of the countries of the areas this person leads. A query an area."""
    return {
        region_scope(country)
        for mandate in standing(user).mandates
        if mandate.role == "lead" and mandate.review_area_id
        for country in mandate.review_area.countries.all()
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


# --- who finds a published story: the same rule in tokens, for indexes that count by them -----
def story_audience(case) -> tuple[str, ...]:
    """Tokens of a published story's readers; see `reader_tokens`."""
    tokens = ["editors", f"author:{case.author_id}", f"firm:{case.distributor_id}"]
    tokens += [f"co-author:{person.pk}:{case.distributor_id}" for person in case.co_authors.all()]
    if case.audience == "region":
        if case.region_id:
            tokens.append(f"region:{case.region_id}")
        else:
            tokens.append(f"area:{case.review_area_id}")
    else:
        tokens.append("members")
    if case.audience == "public" and case.cleared_at:
        tokens.append(EVERYONE)
    return tuple(tokens)


def reader_tokens(user) -> set[str]:
    """Tokens this person holds; sharing one with `story_audience` equals `readable_by` (tested)."""
    tokens = {EVERYONE}
    if not is_member(user):
        return tokens
    tokens |= {"members", f"author:{user.pk}"}
    if is_editor(user):
        tokens.add("editors")
    for membership in standing(user).memberships:
        tokens.add(f"co-author:{user.pk}:{membership.distributor_id}")
        if membership.contact in ("first", "deputy"):
            tokens.add(f"firm:{membership.distributor_id}")
    tokens |= {f"{kind}:{pk}" for kind, pk in region_scopes(user)}
    return tokens


def can_view_reach(user) -> bool:
    """Whom each issue reached: editors and administrators answer for it, executives ask."""
    return holds(user, "editor", "executive", "administrator")


def can_record_delivery(user, distributor) -> bool:
    """That an issue was delivered by other means: the distributor's campaigners, or an editor."""
    return is_editor(user) or campaigns_in(user, distributor.review_area)


def can_view_reach_of(user, distributor) -> bool:
    """How an issue went to one distributor."""
    return can_view_reach(user) or can_record_delivery(user, distributor)
