"""Who holds what: the predicates under every room's own.

Each reads a person's mandates or memberships, each loaded once for a user object
(a query a request) and kept on it. A visitor holds nothing.
"""

import datetime
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone
from wagtail.models import PagePermissionTester

# What a mandate and a membership are asked for.
OF_MANDATE = ("review_area", "region", "country")
OF_MEMBERSHIP = ("distributor__country__review_area", "distributor__country__region")


class Standing:
    """What a person holds on a day. Made by `standing`; never stored.

    Most pages ask for the one and not the other, so each is read when it is
    asked for, with all that it points at.
    """

    def __init__(self, day: datetime.date, user=None):
        self.day, self._user = day, user

    @cached_property
    def mandates(self) -> tuple:
        """Current mandates, with their scopes.

        One query, and one more for each kind of scope; none for a visitor. Most
        members hold none, and to ask with the scopes' names in twelve languages
        took longer than all else that a page asks of a member.
        """
        if self._user is None:
            return ()
        held = list(self._user.mandates.current())
        prefetch_related_objects(held, *OF_MANDATE)
        return tuple(held)

    @cached_property
    def memberships(self) -> tuple:
        """Current memberships, with distributor and country. One query; none for a visitor."""
        if self._user is None:
            return ()
        return tuple(self._user.memberships.current().select_related(*OF_MEMBERSHIP))

    @cached_property
    def every_area(self) -> tuple:
        """All review areas, for whoever holds a mandate over all of them. One query."""
        area = self._user.mandates.model._meta.get_field("review_area").related_model
        return tuple(area.objects.all())

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.mandates)

    @cached_property
    def distributor_ids(self) -> frozenset[int]:
        """From the memberships where they are loaded; else a query of its own, half as dear."""
        if self._user is None or "memberships" in self.__dict__:
            return frozenset(m.distributor_id for m in self.memberships)
        return frozenset(self._user.memberships.current().values_list("distributor", flat=True))


def standing(user) -> Standing:
    """The person's current mandates and memberships; empty for a visitor."""
    today = timezone.localdate()
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Standing(today)
    kept = getattr(user, "_standing", None)
    if kept is None or kept.day != today:
        kept = user._standing = Standing(today, user)
    return kept


def with_standing(people) -> list:
    """The people with their standing loaded: two queries for all of them, not two for each."""
    people = list(people)
    if not people:
        return people
    today = timezone.localdate()
    owner = type(people[0])
    ids = [person.pk for person in people]
    mandates, memberships = {}, {}
    rows = owner.mandates.rel.related_model.objects.current().filter(user__in=ids)
    for row in rows.select_related(*OF_MANDATE):
        mandates.setdefault(row.user_id, []).append(row)
    rows = owner.memberships.rel.related_model.objects.current().filter(user__in=ids)
    for row in rows.select_related(*OF_MEMBERSHIP):
        memberships.setdefault(row.user_id, []).append(row)
    for person in people:
        held = person._standing = Standing(today, person)
        held.mandates = tuple(mandates.get(person.pk, ()))
        held.memberships = tuple(memberships.get(person.pk, ()))
    return people


def forget_standing(user) -> None:
    """Drop what was loaded, after a mandate or membership of this person changed."""
    user.__dict__.pop("_standing", None)


def is_member(user) -> bool:
    """Anyone who may sign in: reads all that is not public, within its audience."""
    return bool(getattr(user, "is_authenticated", False) and user.is_active)


def holds(user, *roles: str, **scope) -> bool:
    """Whether the person has a current mandate of one of `roles`.

    Keywords narrow it to a scope (`review_area=area`, `language="ja"`); a
    global mandate holds everywhere. Superusers hold 'administrator' and
    'editor', but never a campaigner's mandate: nobody reviews by rank.
    """
    if not is_member(user):
        return False
    if user.is_superuser and {"administrator", "editor"} & set(roles):
        return True
    for mandate in standing(user).mandates:
        if mandate.role not in roles:
            continue
        if not scope or mandate.scope == "global":
            return True
        if all(_same(getattr(mandate, name), value) for name, value in scope.items()):
            return True
    return False


def _same(held, wanted) -> bool:
    return held == wanted and held not in (None, "")


def is_administrator(user) -> bool:
    """Keeps accounts, mandates and settings."""
    return holds(user, "administrator")


def is_editor(user) -> bool:
    """Owns the issue and the book."""
    return holds(user, "editor")


def can_enter_admin(user) -> bool:
    """Works in the Wagtail admin; what they may do there follows their groups."""
    return holds(user, "editor", "administrator", "translator")


def belongs_to(user, distributor) -> bool:
    """A current member of the distributor."""
    return distributor is not None and distributor.pk in standing(user).distributor_ids


def manages_distributor(user, distributor) -> bool:
    """First contact or deputy: the distributor manager (domain.md section 1)."""
    return any(
        m.distributor_id == distributor.pk and m.contact in ("first", "deputy")
        for m in standing(user).memberships
    )


def managed_distributors(user) -> list:
    """The distributors this person is first contact or deputy of."""
    return [m.distributor for m in standing(user).memberships if m.contact in ("first", "deputy")]


def can_manage_members(user, distributor) -> bool:
    """Name contacts and end memberships: the distributor's manager, or an administrator."""
    return manages_distributor(user, distributor) or is_administrator(user)


def can_invite_to(user, distributor) -> bool:
    """Invite members, and see who they are: also the lead campaigner of the distributor's area."""
    return can_manage_members(user, distributor) or leads_area(user, distributor.review_area)


def can_confirm_post(user, person) -> bool:
    """Vouch for post and experience: the person's manager or an administrator, never oneself."""
    if user.pk == person.pk:
        return False
    return is_administrator(user) or any(
        manages_distributor(user, m.distributor) for m in standing(person).memberships
    )


def campaigns_in(user, area) -> bool:
    """Campaigner or lead of the review area."""
    return area is not None and holds(user, "campaigner", "lead", review_area=area)


def areas_held(user, *roles: str) -> list:
    """The review areas over which a person holds one of these roles: those in which
    `holds(user, *roles, review_area=area)` is true. A global mandate costs a query."""
    mandates = [m for m in standing(user).mandates if m.role in roles]
    if any(m.scope == "global" for m in mandates):
        return list(standing(user).every_area)
    return list({m.review_area_id: m.review_area for m in mandates if m.review_area_id}.values())


def leads_area(user, area) -> bool:
    """Lead campaigner of the review area."""
    return area is not None and holds(user, "lead", review_area=area)


def can_enter_absence(user, person) -> bool:
    """Enter or take out a person's days away, and read why: the person, or a lead of an area
    that they campaign in; an administrator."""
    if not is_member(user):
        return False
    if user.pk == person.pk or is_administrator(user):
        return True
    return any(
        leads_area(user, mandate.review_area)
        for mandate in standing(person).mandates
        if mandate.role in ("campaigner", "lead")
    )


def can_set_clocks(user, area) -> bool:
    """Set how many working days a review takes in the area: its lead, or an administrator."""
    return leads_area(user, area) or is_administrator(user)


def home_areas(user) -> list:
    """The review areas a person belongs to: their firm's first, then those they campaign in."""
    found = [m.distributor.country.review_area for m in standing(user).memberships]
    for mandate in standing(user).mandates:
        if mandate.role in ("campaigner", "lead") and mandate.review_area_id:
            found.append(mandate.review_area)
    return list({area.pk: area for area in found}.values())


def region_scopes(user) -> set[tuple[str, int]]:
    """Region scopes a person belongs to: ('region', id), or ('area', id) where a
    country has no home region. A region-only text reaches those who share one."""
    scopes = {region_scope(m.distributor.country) for m in standing(user).memberships}
    for mandate in standing(user).mandates:
        if mandate.role in ("campaigner", "lead") and mandate.review_area_id:
            scopes.add(("area", mandate.review_area_id))
    return scopes


def region_scope(country) -> tuple[str, int]:
    """Home region, or the review area where that is empty (design.md 'Region scope')."""
    if country.region_id:
        return ("region", country.region_id)
    return ("area", country.review_area_id)


class TransitionOnlyTester(PagePermissionTester):
    """What nobody does from Wagtail's page tree, superusers included: a room's transitions do it.

    Rooms add who edits.
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk=False) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_copy_to(self, destination, recursive=False) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        """A page's privacy would not reach its translations."""
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return False
