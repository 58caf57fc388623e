"""QuerySets of the network. A period includes both its days."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone


def current(day: datetime.date | None = None) -> Q:
    """Rows whose period holds `day` (today where None)."""
    day = day or timezone.localdate()
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


class MandateQuerySet(QuerySet):
    """Mandates, as predicates read them."""

    def current(self, day: datetime.date | None = None) -> "MandateQuerySet":
        """Those in force on a day, of people who are still active."""
        return self.filter(current(day), user__is_active=True)


class MembershipQuerySet(QuerySet):
    """Memberships, as predicates read them."""

    def current(self, day: datetime.date | None = None) -> "MembershipQuerySet":
        """Those in force on a day, of people who are still active."""
        return self.filter(current(day), user__is_active=True)

    def contacts(self) -> "MembershipQuerySet":
        """First contacts and deputies."""
        return self.exclude(contact="")


class UserQuerySet(QuerySet):
    """People."""

    def holding(self, role: str, **scope) -> "UserQuerySet":
        """Active people with a current mandate of `role`; `scope` narrows it, e.g. review_area=…"""
        held = self.model.mandates.rel.related_model.objects.current().filter(role=role, **scope)
        return self.filter(is_active=True, pk__in=held.values("user_id"))

    def members_of(self, *distributors) -> "UserQuerySet":
        """Active current members of any of the distributors."""
        rows = self.model.memberships.rel.related_model.objects.current().filter(
            distributor__in=distributors
        )
        return self.filter(is_active=True, pk__in=rows.values("user_id"))

    def unmanaged(self) -> "UserQuerySet":
        """Active current members of distributors, none of which has another active person as
        first contact or deputy."""
        rows = self.model.memberships.rel.related_model.objects.current()
        others = rows.contacts().filter(distributor=OuterRef("distributor"), user__is_active=True)
        managed = rows.filter(Exists(others.exclude(user=OuterRef("user"))))
        return self.filter(is_active=True, pk__in=rows.values("user_id")).exclude(
            pk__in=managed.values("user_id")
        )


class DistributorQuerySet(QuerySet):
    """Distributors."""

    def active(self) -> "DistributorQuerySet":
        """Those that every issue must reach (R13)."""
        return self.filter(is_active=True)


class RegionQuerySet(QuerySet):
    """Home regions."""

    def without_members(self) -> "RegionQuerySet":
        """Those that nobody works in (R22): no current member of an active distributor."""
        from django.apps import apps

        held = apps.get_model("network.Membership").objects.current()
        held = held.filter(distributor__is_active=True, distributor__country__region__isnull=False)
        return self.exclude(pk__in=held.values("distributor__country__region"))

    def without_campaigners(self) -> "RegionQuerySet":
        """Those whose countries are in no review area that has a campaigner."""
        from django.apps import apps

        held = apps.get_model("network.Mandate").objects.current()
        held = held.filter(role__in=("campaigner", "lead"), review_area__isnull=False)
        return self.exclude(countries__review_area__in=held.values("review_area"))


class AbsenceQuerySet(QuerySet):
    """Days away."""

    def within(self, since: datetime.date, until: datetime.date | None) -> "AbsenceQuerySet":
        """Those with a day between two days; without an end where `until` is None."""
        found = self.filter(until__gte=since)
        return found if until is None else found.filter(since__lte=until)

    def to_come(self, day: datetime.date | None = None) -> "AbsenceQuerySet":
        """Those that are not over on a day (today where None)."""
        return self.filter(until__gte=day or timezone.localdate())


class DocumentTextQuerySet(QuerySet):
    """Texts of files."""

    def claimable(self, now: datetime.datetime) -> "DocumentTextQuerySet":
        """Those that are due and that nobody works on (or did until the lease ran out)."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
        return self.filter(free, state="waiting", due_at__lte=now)

    def read_by_another(self, version: int) -> "DocumentTextQuerySet":
        """Those that an older reader settled."""
        return self.exclude(state="waiting").exclude(reader=version)
