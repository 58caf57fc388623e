"""QuerySets of the responses, and which answers a distributor still owes.

Nothing is written before an answer: what is open follows from the stories of
released issues, the active distributors and the responses there are.
"""

import datetime

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from bulletins.response_rules import areas_of, sees_every_grid
from network.permissions import is_member, standing

# The word of a distributor that took a practice over.
TAKEN_OVER = ("adopted", "adapted")
# Answers with a day on which they are asked about again.
UNTIL_A_DAY = ("adopting", "on_hold")
# How long a practice is at work before its figures are asked for: as long as its author waited
# (transitions.lasting).
MEASURE_AFTER = datetime.timedelta(days=90)


def due_again(day: datetime.date | None = None) -> Q:
    """Responses whose day has passed: the promise or the wait is over, a word is owed again."""
    return Q(choice__in=UNTIL_A_DAY, until__lt=day or timezone.localdate())


class ResponseQuerySet(QuerySet):
    """Distributors' words on stories."""

    def visible_to(self, user) -> "ResponseQuerySet":
        """Those this person may read whole: equals `can_view_response` (tested)."""
        if not is_member(user):
            return self.none()
        if sees_every_grid(user):
            return self.all()
        return self.filter(
            Q(distributor_id__in=standing(user).distributor_ids)
            | Q(distributor__country__review_area__in=areas_of(user))
        )

    def taken_over(self) -> "ResponseQuerySet":
        """Adopted, as it is or adapted."""
        return self.filter(choice__in=TAKEN_OVER)

    def to_measure(self, now: datetime.datetime | None = None) -> "ResponseQuerySet":
        """Taken over so long ago that figures may be known, and none are told; of stories that
        readers have and that hold rows to report in. The oldest first."""
        rows = self.model._meta.get_field("case").related_model.results.rel.related_model
        return (
            self.taken_over()
            .filter(
                adopted_at__lte=(now or timezone.now()) - MEASURE_AFTER,
                measured_at=None,
                distributor__is_active=True,
                case__is_published=True,
                case__in=rows.objects.order_by().values("case"),
            )
            .order_by("adopted_at", "pk")
        )

    def settled(self) -> "ResponseQuerySet":
        """Those that owe no other word for now."""
        return self.exclude(due_again())


class HandOverQuerySet(QuerySet):
    """Answers given into a colleague's hands."""

    def open(self) -> "HandOverQuerySet":
        """Those not yet answered, taken back or given to another."""
        return self.filter(ended_at=None)


def asked_cases() -> QuerySet:
    """Stories that every active distributor but the author's own answers.

    Those of released issues that are still there for the whole network, in
    order of release.
    """
    case = apps.get_model("bulletins.Case")
    return (
        case.objects.filter(is_published=True, in_issue__issue__stage="released")
        .exclude(audience="region")
        .order_by("in_issue__issue__month", "in_issue__sort_order", "pk")
    )


def open_cases(distributor) -> QuerySet:
    """The stories on which this distributor still owes a word. Part of one query."""
    response = apps.get_model("bulletins.Response")
    settled = response.objects.filter(distributor=distributor).settled()
    return asked_cases().exclude(distributor=distributor).exclude(pk__in=settled.values("case_id"))
