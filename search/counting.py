"""How many searches are sent, and how many find nothing: for the figures of all rooms."""

from django.db import DatabaseError, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.registry import Figure, Period, RoomMeasure, ScopeKey, register_measure
from search.models import SearchDay


def count(language: str, *, found: bool) -> None:
    """One more search of today. One query, three for a day's first in a language.

    A database that takes no write now loses the count, never the answer.
    """
    row = {"day": timezone.localdate(), "language": language}
    more = {"sent": F("sent") + 1, "without_result": F("without_result") + int(not found)}
    try:
        with transaction.atomic():
            if not SearchDay.objects.filter(**row).update(**more):
                SearchDay.objects.bulk_create([SearchDay(**row)], ignore_conflicts=True)
                SearchDay.objects.filter(**row).update(**more)
    except DatabaseError:
        return


def without_result(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """The share of searches that found nothing in the language they were sent in. One query."""
    found = SearchDay.objects.filter(day__gte=period.since, day__lt=period.until).aggregate(
        sent=Sum("sent"), empty=Sum("without_result")
    )
    sent = found["sent"]
    return {None: Figure(found["empty"] / sent * 100 if sent else None, of=sent or 0)}


def register() -> None:
    """Called once, when the room starts."""
    register_measure(
        RoomMeasure(
            "search.without_result",
            _("Searches without a result"),
            "%",
            without_result,
            hint=_("Of those that were sent; not what is asked while one types."),
            by_region=False,
            order=40,
        )
    )
