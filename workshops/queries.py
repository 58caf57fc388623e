"""QuerySets of the workshops. Whatever a person reads passes `visible_to(user)`."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from network.permissions import holds, is_member, managed_distributors
from network.working_days import days_anywhere
from workshops.audience import coordinated, coordinates_all, of_whom, sees_all_versions
from workshops.responsible import has_manager
from workshops.vocabulary import ENDED, HOLDING, LIVE


class ProgrammeQuerySet(QuerySet):
    """Programmes."""

    def current(self) -> "ProgrammeQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at__isnull=True)

    def in_catalogue(self) -> "ProgrammeQuerySet":
        """Current ones with a live page, which everybody sees."""
        pages = self.model.pages.rel.related_model.objects.filter(live=True)
        return self.current().filter(pk__in=pages.values("programme"))

    def visible_to(self, user) -> "ProgrammeQuerySet":
        """Those this person may see: equals `can_view_programme` (tested).

        All but distributors' own versions; of these one's distributor's, one's
        area's as its campaigner, and for staff all.
        """
        return self if sees_all_versions(user) else self.filter(of_whom(user))

    def coordinated_by(self, user) -> "ProgrammeQuerySet":
        """Those that this person changes at the programme desk: equals `can_change_programme`."""
        if not is_member(user):
            return self.none()
        if coordinates_all(user):
            return self
        return self.filter(coordinated(user))

    def versions_managed_by(self, user) -> "ProgrammeQuerySet":
        """Current versions that this person keeps: their distributors', a coordinator's all."""
        own = self.current().filter(parent__isnull=False)
        if coordinates_all(user):
            return own
        return own.filter(Q(distributor__in=managed_distributors(user)) | coordinated(user))


class SessionQuerySet(QuerySet):
    """Sessions."""

    def visible_to(self, user) -> "SessionQuerySet":
        """Those this person may see: equals `can_view_session` (tested).

        Whoever sees the programme sees all but planned ones; those are for their team.
        """
        shown = ~Q(state="planned")
        if not sees_all_versions(user):
            shown &= of_whom(user, "programme__")
        if not is_member(user):
            return self.filter(shown)
        if coordinates_all(user):
            return self
        team = Q(pk__in=user.taught_sessions.through.objects.filter(user=user).values("session"))
        return self.filter(shown | team | coordinated(user, "programme__"))

    def coordinated_by(self, user) -> "SessionQuerySet":
        """Those of the programmes that this person coordinates: equals `can_manage_session`."""
        if not is_member(user):
            return self.none()
        if coordinates_all(user):
            return self
        return self.filter(coordinated(user, "programme__"))

    def upcoming(self, now: datetime.datetime | None = None) -> "SessionQuerySet":
        """Open or confirmed, and not begun."""
        return self.filter(state__in=["open", "confirmed"], starts_at__gt=now or timezone.now())

    def overlapping(self, starts_at, ends_at) -> "SessionQuerySet":
        """Those that take place at some moment of the span, cancelled ones left out."""
        days = self.model.days.rel.related_model.objects.filter(
            starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        return self.exclude(state="cancelled").filter(pk__in=days.values("session"))


class EnrolmentQuerySet(QuerySet):
    """Enrolments."""

    def live(self) -> "EnrolmentQuerySet":
        """Those that hold a seat or may lead to one."""
        return self.filter(state__in=LIVE)

    def counting(self) -> "EnrolmentQuerySet":
        """Those that did not end without a seat: one a person and session at most."""
        return self.exclude(state__in=ENDED)

    def holding(self) -> "EnrolmentQuerySet":
        """Those that take a seat away from others."""
        return self.filter(state__in=HOLDING)

    def at_the_time_of(self, session) -> "EnrolmentQuerySet":
        """Seats in other sessions that share an hour with this one; a lab has no hours."""
        if session.place_kind == "lab":
            return self.none()
        days = type(session).days.rel.related_model.objects
        mine = days.filter(
            session=session, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
        )
        shared = days.filter(Exists(mine), session=OuterRef("session"))
        return (
            self.filter(
                Exists(shared),
                state__in=["offered", "enrolled"],
                session__state__in=["open", "confirmed"],
                session__starts_at__lt=session.ends_at,
                session__ends_at__gt=session.starts_at,
            )
            .exclude(session=session.pk)
            .exclude(session__place_kind="lab")
        )

    def in_line(self) -> "EnrolmentQuerySet":
        """The waiting list, first comer first."""
        return self.filter(state="waiting").order_by("pk")

    def to_approve_by(self, user) -> "EnrolmentQuerySet":
        """Requests that this person must answer: those of their distributors; as coordinator those
        that no manager can answer. Never one's own."""
        if not is_member(user):
            return self.none()
        firms = managed_distributors(user)
        coordinates = holds(user, "coordinator", "administrator")
        if not firms and not coordinates:
            return self.none()
        mine = Q(distributor__in=firms)
        if coordinates:
            sessions = self.model.session.field.related_model.objects.coordinated_by(user)
            mine |= ~has_manager() & Q(session__in=sessions.values("pk"))
        return self.filter(mine, state="requested").exclude(user=user)


class MaterialQuerySet(QuerySet):
    """Versions of materials."""

    def newest(self) -> "MaterialQuerySet":
        """Of each material that was not withdrawn, its newest version."""
        later = self.model.objects.filter(
            material_key=OuterRef("material_key"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later), withdrawn_at__isnull=True)

    def visible_to(self, user) -> "MaterialQuerySet":
        """Those this person may read: the coordinator's of the programme, a trainer's and a
        participant's of the sessions that name them, but for what is for trainers only."""
        if not is_member(user):
            return self.none()
        if coordinates_all(user):
            return self
        sessions = self.model.sessions.rel.related_model
        taught = sessions.objects.filter(trainers=user)
        joined = sessions.objects.filter(
            enrolments__user=user, enrolments__state__in=["enrolled", "attended"]
        )
        return self.filter(
            coordinated(user, "programme__")
            | Q(pk__in=_named_by(self.model, taught))
            | Q(for_trainers=False, pk__in=_named_by(self.model, joined))
        )


def _named_by(model, sessions):
    """Keys of the materials that sessions name."""
    through = model.sessions.through.objects
    return through.filter(session__in=sessions.values("pk")).values("material")


class CourseRecordQuerySet(QuerySet):
    """Courses done."""

    def confirmed(self) -> "CourseRecordQuerySet":
        """Those that count."""
        return self.filter(confirmed_at__isnull=False)

    def to_confirm_by(self, user) -> "CourseRecordQuerySet":
        """Entries of members of this person's distributors that nobody confirmed; for an
        administrator of members whom no manager can vouch for. Never one's own."""
        if not is_member(user):
            return self.none()
        firms, people = managed_distributors(user), self.model.user.field.related_model.objects
        mine = Q(user__in=people.members_of(*firms)) if firms else Q(pk__in=[])
        if holds(user, "administrator"):
            mine |= Q(user__in=people.unmanaged())
        return self.filter(mine, confirmed_at__isnull=True).exclude(user=user)


class WatchQuerySet(QuerySet):
    """Wishes to be told when a programme opens to the person."""

    def open(self) -> "WatchQuerySet":
        """Those that were not answered yet."""
        return self.filter(told_at__isnull=True, ended_at__isnull=True)

    def due(self, before: datetime.datetime) -> "WatchQuerySet":
        """Those not asked since a moment, or never."""
        return self.filter(Q(checked_at__isnull=True) | Q(checked_at__lte=before))


class ExceptionQuerySet(QuerySet):
    """Requests for exceptions."""

    def open(self) -> "ExceptionQuerySet":
        """Those that wait for an answer."""
        return self.filter(state="open")

    def in_force(self, now: datetime.datetime | None = None) -> "ExceptionQuerySet":
        """Granted, and not over yet: its last day is today or later somewhere."""
        first, _last = days_anywhere(now or timezone.now())
        return self.filter(state="granted", until__gte=first)

    def to_decide_by(self, user) -> "ExceptionQuerySet":
        """Open ones that this person answers as coordinator; never one's own."""
        if not is_member(user):
            return self.none()
        rows = self.open().exclude(user=user)
        if coordinates_all(user):
            return rows
        return rows.filter(coordinated(user, "programme__"))
