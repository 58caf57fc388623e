"""QuerySets of the bulletins. Whatever a person reads passes `visible_to(user)`."""

from django.db.models import Q, QuerySet

from network.permissions import holds, is_editor, is_member, region_scopes, standing


class CaseQuerySet(QuerySet):
    """Cases."""

    def in_step(self, step: str) -> "CaseQuerySet":
        """Cases of a process step."""
        # JSON `contains` does not exist on SQLite; the quotes keep 'own' from matching more.
        return self.filter(process_steps__icontains=f'"{step}"')

    def visible_to(self, user) -> "CaseQuerySet":
        """Cases this person may see at all: equals `can_view_case` (tested for all roles)."""
        if not is_member(user):
            return self.filter(is_published=True, audience="public", cleared_at__isnull=False)
        if is_editor(user):
            return self.all()
        return self.filter(_own(user) | _published(user) | _under_review(user)).distinct()

    def readable_by(self, user) -> "CaseQuerySet":
        """Published cases this person may read: what lists, search and feeds show."""
        if not is_member(user):
            return self.visible_to(user)
        published = self.filter(is_published=True)
        if is_editor(user):
            return published
        return published.filter(_published(user) | _own(user)).distinct()

    def by_or_with(self, user) -> "CaseQuerySet":
        """Cases this person wrote, alone or with others."""
        return self.filter(Q(author=user) | Q(co_authors=user)).distinct()


def _own(user) -> Q:
    """One's own, shared ones, and (once submitted) those of the firm one manages."""
    managed = [
        m.distributor_id for m in standing(user).memberships if m.contact in ("first", "deputy")
    ]
    return Q(author=user) | Q(co_authors=user) | (Q(distributor_id__in=managed) & ~Q(stage="draft"))


def _published(user) -> Q:
    """Published, in an audience that holds this person."""
    open_to_all = Q(is_published=True, audience__in=["network", "public"])
    region_only = Q()
    for kind, pk in region_scopes(user):
        if kind == "region":
            region_only |= Q(region_id=pk)
        else:
            region_only |= Q(region_id__isnull=True, review_area_id=pk)
    if not region_only:
        return open_to_all
    return open_to_all | (Q(is_published=True, audience="region") & region_only)


def _under_review(user) -> Q:
    """In the hands of this person, or of the review area this person campaigns in."""
    reviewing = Q(holder=user) & ~Q(stage="draft")
    areas = [
        m.review_area_id
        for m in standing(user).mandates
        if m.role in ("campaigner", "lead") and m.review_area_id
    ]
    if areas:
        reviewing |= Q(review_area_id__in=areas) & ~Q(stage="draft")
    if holds(user, "translator"):
        reviewing |= Q(stage__in=["area_review", "neutral_review", "editing", "ready"])
    return reviewing


class IssueQuerySet(QuerySet):
    """Issues."""

    def released(self) -> "IssueQuerySet":
        """Those that readers see."""
        return self.filter(stage="released")
