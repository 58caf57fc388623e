"""QuerySets of what follows a session: evaluation, practice, certificates."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from network.append_only import AppendOnlyQuerySet
from network.permissions import holds, is_member, managed_distributors
from workshops.audience import (
    answers_everywhere,
    campaigned_areas,
    coordinated,
    coordinates_all,
)


class AttendanceMarkQuerySet(AppendOnlyQuerySet):
    """Marks on the list."""

    def standing_of(self, session) -> dict[tuple[int, int], object]:
        """(enrolment, day) → the mark that counts: the newest. One query."""
        rows = self.filter(enrolment__session=session).select_related("by").order_by("pk")
        return {(mark.enrolment_id, mark.day_id): mark for mark in rows}


class EvaluationFormQuerySet(QuerySet):
    """Versions of the questions."""

    def newest(self, programme_id: int | None):
        """The newest version of a programme's own questions, or (None) of the standard ones."""
        return self.filter(programme=programme_id).order_by("-version").first()


class EvaluationBatchQuerySet(QuerySet):
    """Answers that are shown: five and more together, never divided again."""

    def visible_to(self, user) -> "EvaluationBatchQuerySet":
        """Those this person may read: equals `can_read_batch` (tested)."""
        if not is_member(user):
            return self.none()
        if holds(user, "administrator", "executive", "lead") or coordinates_all(user):
            return self
        taught = self.model.trainers.through.objects.filter(user=user)
        seen = Q(pk__in=taught.values("evaluationbatch"))
        return self.filter(seen | coordinated(user, "programme__"))

    def beside(self, user) -> "EvaluationBatchQuerySet":
        """Those of the same programmes that this person may not read: their marks stand beside
        one's own as sums of several trainers, without names and words."""
        seen = self.visible_to(user)
        mine = self.filter(programme__in=seen.order_by().values("programme"))
        return mine.exclude(pk__in=seen.order_by().values("pk"))

    def summed_for(self, user) -> "EvaluationBatchQuerySet":
        """Those whose marks, added up, may enter this person's figures: equals `can_sum_batch`
        (tested). No answer in words, and no batch by itself, is read by that."""
        if not is_member(user):
            return self.none()
        if holds(user, "administrator", "executive") or answers_everywhere(user):
            return self
        seen = coordinated(user, "programme__")
        areas = campaigned_areas(user)
        if not areas:
            return self.filter(seen)
        sheets = self.model.sheets.rel.related_model.objects.filter(batch=OuterRef("pk"))
        elsewhere = sheets.exclude(session__country__review_area__in=areas)
        return self.filter(seen | ~Exists(elsewhere))


class PracticeProofQuerySet(QuerySet):
    """Proofs of practice."""

    def open(self) -> "PracticeProofQuerySet":
        """Those that the attendee still owes."""
        return self.filter(state__in=["due", "returned"])

    def to_judge_by(self, user) -> "PracticeProofQuerySet":
        """Handed in, and this person decides: trainer of the session or coordinator."""
        if not is_member(user):
            return self.none()
        rows = self.filter(state="handed_in").exclude(enrolment__user=user)
        if coordinates_all(user):
            return rows
        mine = coordinated(user, "enrolment__session__programme__")
        taught = user.taught_sessions.through.objects.filter(user=user)
        return rows.filter(mine | Q(enrolment__session__in=taught.values("session")))


class CertificateQuerySet(QuerySet):
    """Certificates."""

    def visible_to(self, user) -> "CertificateQuerySet":
        """Those this person may open: equals `can_view_certificate` (tested)."""
        if not is_member(user):
            return self.none()
        if coordinates_all(user):
            return self
        people = self.model.user.field.related_model.objects
        seen = Q(user=user) | coordinated(user, "programme__")
        if firms := managed_distributors(user):
            seen |= Q(user__in=people.members_of(*firms))
        return self.filter(seen)

    def to_draw(self, now: datetime.datetime | None = None) -> "CertificateQuerySet":
        """Files that somebody asked for, that are not there, and that nobody draws now."""
        now = now or timezone.now()
        free = Q(drawing_until__isnull=True) | Q(drawing_until__lte=now)
        return self.filter(free, asked_at__isnull=False, drawn_at__isnull=True)


def certificates_due(enrolments, certificates, requests, proofs) -> QuerySet:
    """Attended by a closed list, everything asked for is there, and no certificate yet.

    What is asked for was taken down in rows when the list was closed, so that
    a programme that changes later asks nothing more of those who were there.
    Who has no name in the profile waits until there is one.
    """
    mine = {"enrolment": OuterRef("pk")}
    return (
        enrolments.filter(
            state="attended",
            session__attendance_list__isnull=False,
            session__programme__gives_certificate=True,
        )
        .exclude(Exists(certificates.filter(**mine)))
        .exclude(Exists(requests.filter(has_answered=False, **mine)))
        .exclude(Exists(proofs.exclude(state="accepted").filter(**mine)))
        .exclude(user__first_name="", user__last_name="")
    )
