"""QuerySets of the bulletins. Whatever a person reads passes `visible_to(user)`."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname, get_language, resolution_order

from network.permissions import (
    areas_held,
    holds,
    is_editor,
    is_member,
    region_scopes,
    standing,
)
from review.queries import reviewed_by

# Stages between submission and the end of editing.
ON_THEIR_WAY = ["submitted", "area_review", "neutral_review", "changes_requested", "editing"]

# Responses of a distributor that takes a practice over, or is about to.
TAKING_OVER = ["adopting", "adopted", "adapted"]

# What a reader's page and its permission ask of a case.
_SHOWN = (
    *("number", "audience", "region", "review_area", "cleared_at", "is_published", "stage"),
    *("author", "holder", "distributor", "source_language", "published_at", "process_steps"),
    *("not_recorded", "is_archive", "is_example", "based_on"),
)


# What happens to a decline: the newest of these says where its appeal stands.
APPEAL_TURNS = ("decline", "appeal", "appeal_given", "appeal_upheld", "appeal_refused", "revive")


class CaseQuerySet(QuerySet):
    """Cases."""

    def appealed(self) -> "CaseQuerySet":
        """Declined ones whose author's appeal waits for an editor's answer."""
        turns = self.model._meta.get_field("events").related_model.objects.filter(
            case=OuterRef("pk"), verb__in=APPEAL_TURNS
        )
        newest = Subquery(turns.order_by("-pk").values("verb")[:1])
        return (
            self.filter(stage="declined")
            .annotate(turn=newest)
            .filter(turn__in=["appeal", "appeal_given"])
        )

    def logged_for(self, user) -> "CaseQuerySet":
        """Those whose log a person may take along: no draft, nothing they wrote themselves."""
        return self.exclude(stage="draft").not_written_by(user)

    def not_written_by(self, user) -> "CaseQuerySet":
        """Nothing this person writes, writes along, or once wrote along (`has_interest_in`)."""
        shared = self.model.co_authors.through.objects.filter(user=user).values("case_id")
        once = self.model.co_authorships.rel.related_model.objects.filter(
            user=user, state__in=["left", "removed"]
        )
        return (
            self.exclude(author=user).exclude(pk__in=shared).exclude(pk__in=once.values("case_id"))
        )

    def with_surroundings(self) -> "CaseQuerySet":
        """With what a story's own page names. One query.

        Topics and co-authors are left to who shows them: a prefetch for one
        case costs twice the query it makes.
        """
        return self.select_related(
            "distributor__country", "review_area", "author", "in_issue__issue"
        )

    def left_by_author(self) -> "CaseQuerySet":
        """Drafts, those on their way and published ones whose author left: a new one is named.

        The author has no membership of the story's distributor now, or no account.
        An archive's story is told by nobody.
        """
        still = self._memberships().filter(
            user=OuterRef("author"), distributor=OuterRef("distributor")
        )
        ended = ["withdrawn", "declined", "archived"]
        return self.filter(~Exists(still), is_archive=False).exclude(stage__in=ended)

    def to_name_by(self, user) -> "CaseQuerySet":
        """Of these, those for which this person names the author: equals `can_name_author`
        (tested)."""
        if not is_member(user):
            return self.none()
        contacts = self._memberships().contacts().filter(distributor=OuterRef("distributor"))
        managed = [
            m.distributor_id for m in standing(user).memberships if m.contact in ("first", "deputy")
        ]
        theirs = Q(distributor__in=managed)
        if is_editor(user) or holds(user, "lead", scope="global"):
            theirs |= ~Exists(contacts)
        elif areas := led_areas(user):
            theirs |= ~Exists(contacts) & Q(distributor__country__review_area__in=areas)
        return self.left_by_author().filter(theirs)

    def _memberships(self):
        firms = self.model._meta.get_field("distributor").related_model
        return firms.memberships.rel.related_model.objects.current()

    def for_readers(self) -> "CaseQuerySet":
        """The same for a published story's readers, with the columns that its page shows.

        The rows round a case have a name in each of twelve languages, and the
        case much that is for its desk: to read all of it took twice as long.
        Whatever else is asked of such a case costs a query. Whether others
        took it over, based a story on it or mean to try it comes with it, so
        that a story of which nobody did costs nothing more.
        """
        names = [
            f"{owner}__{build_localized_fieldname('name', language)}"
            for owner in ("distributor", "review_area")
            for language in resolution_order(get_language())
        ]
        told = self.model.responses.rel.related_model.objects
        tried = self.model.will_try.rel.related_model.objects
        checks = self.model.lasting.related.related_model.objects
        here = OuterRef("pk")
        around = {
            "was_taken_over": Exists(told.filter(case=here, choice__in=TAKING_OVER)),
            "was_followed": Exists(self.model.objects.filter(based_on=here)),
            "was_looked_at_again": Exists(checks.filter(case=here).exclude(answer="")),
            "was_tried": Exists(tried.filter(case=here)),
        }
        return (
            self.with_surroundings()
            .annotate(**around)
            .only(
                *_SHOWN,
                *names,
                *(f"distributor__country__{name}" for name in ("code", "region", "review_area")),
                *(f"author__{name}" for name in ("first_name", "last_name", "email")),
                *(f"in_issue__issue__{name}" for name in ("month", "stage")),
            )
        )

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
        return self.filter(_own(user) | _published(user) | _under_review(user, self.model))

    def readable_by(self, user) -> "CaseQuerySet":
        """Published cases this person may read: what lists, search and feeds show."""
        if not is_member(user):
            return self.visible_to(user)
        published = self.filter(is_published=True)
        if is_editor(user):
            return published
        return published.filter(_published(user) | _own(user))

    def at_desk_of(self, user) -> "CaseQuerySet":
        """Cases this person may open as a reviewer: equals `can_review_case` (tested)."""
        if not is_member(user):
            return self.none()
        found = self.exclude(stage="draft")
        if not is_editor(user):
            areas = _areas(user)
            found = found.filter(
                Q(holder=user)
                | Q(review_area_id__in=areas)
                | Q(deciding_area_id__in=areas)
                | Q(pk__in=reviewed_by(user, self.model))
            )
        return found.not_written_by(user)

    def to_translate_by(self, user) -> "CaseQuerySet":
        """Cases on their way that this person may put into a reviewer's language.

        Equals `can_write_working_translation` within those stages (tested).
        """
        if not is_member(user):
            return self.none()
        found = self.filter(stage__in=ON_THEIR_WAY)
        if holds(user, "translator"):
            return found
        return found.filter(written_by(user) | Q(review_area_id__in=_areas(user)))

    def to_propose_by(self, user) -> "CaseQuerySet":
        """Stories that this person may propose for an issue now: of an area they lead."""
        return (
            self.filter(review_area__in=led_areas(user), in_issue=None)
            .exclude(stage__in=["draft", "withdrawn", "declined", "archived"])
            .exclude(audience="region")
            .exclude(proposals__answer="")
        )

    def by_or_with(self, user) -> "CaseQuerySet":
        """Cases this person writes, alone or with others: equals `is_author` (tested)."""
        return self.filter(written_by(user))

    def told_by(self, user) -> "CaseQuerySet":
        """Cases that name this person, wherever they work by now: equals `wrote`."""
        shared = self.model.co_authors.through.objects.filter(user=user)
        return self.filter(Q(author=user) | Q(pk__in=shared.values("case_id")))


def written_by(user) -> Q:
    """One's own and shared ones, of a distributor one still belongs to."""
    firms = standing(user).distributor_ids
    if not firms:
        return Q(pk__in=[])
    # Not by a join: it would give a case as often as it has authors.
    shared = user.shared_cases.through.objects.filter(user=user)
    mine = Q(author=user) | Q(pk__in=shared.values("case_id"))
    return mine & Q(distributor_id__in=firms)


def _own(user) -> Q:
    """One's own, shared ones, and (once submitted) those of the firm one manages."""
    managed = [
        m.distributor_id for m in standing(user).memberships if m.contact in ("first", "deputy")
    ]
    return written_by(user) | (Q(distributor_id__in=managed) & ~Q(stage="draft"))


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


def _under_review(user, case_model) -> Q:
    """In the hands of this person, or of the review area this person campaigns in."""
    reviewing = Q(holder=user) & ~Q(stage="draft")
    reviewing |= Q(pk__in=reviewed_by(user, case_model)) & ~Q(stage="draft")
    areas = _areas(user)
    if areas:
        reviewing |= Q(review_area_id__in=areas) & ~Q(stage="draft")
    if holds(user, "translator"):
        reviewing |= Q(stage__in=["area_review", "neutral_review", "editing", "ready"])
    return reviewing


def _areas(user) -> list[int]:
    """The review areas this person campaigns in."""
    return [area.pk for area in areas_held(user, "campaigner", "lead")]


class IssueQuerySet(QuerySet):
    """Issues."""

    def released(self) -> "IssueQuerySet":
        """Those that readers see."""
        return self.filter(stage="released")

    def with_story_count(self) -> "IssueQuerySet":
        """Each with `story_count`."""
        return self.annotate(story_count=Count("stories"))


class CoAuthorshipQuerySet(QuerySet):
    """Co-authorships."""

    def open(self) -> "CoAuthorshipQuerySet":
        """Those that wait for an answer."""
        return self.filter(state="asked")

    def current(self) -> "CoAuthorshipQuerySet":
        """Asked, or writing along."""
        return self.filter(state__in=["asked", "accepted"])


# --- run by the region ------------------------------------------------------------------
def in_scopes(user) -> Q:
    """Rows with `region` or `review_area` that are for this person's region scopes."""
    return of_scopes(region_scopes(user))


def of_scopes(scopes: set[tuple[str, int]]) -> Q:
    """Rows with `region` or `review_area` that are for one of these region scopes."""
    regions = [pk for kind, pk in scopes if kind == "region"]
    areas = [pk for kind, pk in scopes if kind == "area"]
    return Q(region_id__in=regions) | Q(review_area_id__in=areas)


def led_areas(user) -> list[int]:
    """The review areas this person leads."""
    return [area.pk for area in areas_held(user, "lead")]


class ProposalQuerySet(QuerySet):
    """Proposals of stories for an issue."""

    def open(self) -> "ProposalQuerySet":
        """Those that wait for an editor's answer."""
        return self.filter(answer="")

    def visible_to(self, user) -> "ProposalQuerySet":
        """An area's leads see their area's; editors all."""
        if is_editor(user):
            return self.all()
        return self.filter(area__in=led_areas(user))


class InvitationQuerySet(QuerySet):
    """Invitations to write."""

    def open(self) -> "InvitationQuerySet":
        """Neither begun, declined nor taken back."""
        return self.filter(case=None, declined_at=None, withdrawn_at=None)

    def visible_to(self, user) -> "InvitationQuerySet":
        """Whoever is invited, and the area's leads; editors all."""
        if not is_member(user):
            return self.none()
        if is_editor(user):
            return self.all()
        return self.filter(Q(author=user) | Q(area__in=led_areas(user)))


class SupplementQuerySet(QuerySet):
    """Regional supplements."""

    def out(self) -> "SupplementQuerySet":
        """Those that readers of their scope see."""
        return self.filter(published_at__isnull=False, issue__stage="released")

    def visible_to(self, user) -> "SupplementQuerySet":
        """Published ones of a released issue, by scope: equals `can_view_supplement` (tested)."""
        if not is_member(user):
            return self.none()
        if is_editor(user):
            return self.all()
        return self.out().filter(in_scopes(user))


class NewsQuerySet(QuerySet):
    """News."""

    def out(self) -> "NewsQuerySet":
        """Shown now: published and not past its last day."""
        today = timezone.now().astimezone(datetime.UTC).date()
        return self.filter(published_at__lte=timezone.now()).filter(
            Q(expires_on=None) | Q(expires_on__gte=today)
        )

    def visible_to(self, user) -> "NewsQuerySet":
        """Shown now, for this person's scopes: equals `can_view_news` (tested)."""
        if not is_member(user):
            return self.none()
        found = self.out()
        if is_editor(user):
            return found
        everybodys = Q(region=None, review_area=None)
        return found.filter(everybodys | in_scopes(user))

    def with_texts(self) -> "NewsQuerySet":
        """With all that a list shows: two queries more, whatever the number."""
        return self.select_related("region", "review_area").prefetch_related("texts")


class CoachingQuerySet(QuerySet):
    """Coaching notes."""

    def visible_to(self, user) -> "CoachingQuerySet":
        """Of the areas one campaigns in, all for editors and executives; never of one's own
        distributor: equals `flow.rules.can_read_coaching` (tested)."""
        if not is_member(user):
            return self.none()
        found = self.exclude(distributor__in=standing(user).distributor_ids)
        if is_editor(user) or holds(user, "executive"):
            return found
        return found.filter(distributor__country__review_area__in=_areas(user))

    def open(self) -> "CoachingQuerySet":
        """Those with a next date that is still to be kept."""
        return self.filter(next_on__isnull=False, settled_at=None)
