"""What of the figures somebody asked for in the address: period, and one or two regions."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulletins.models import Case
from bulletins.months import shift
from gkc_site.measures.permissions import can_see_measures, seen_areas
from network.localize import date_text, number_text
from network.places import Place, places
from network.registry import Period, ScopeKey

LENGTHS = (3, 12, 36)  # months, the present one included
USUAL = 12


@dataclass(frozen=True)
class Asked:
    """A member's question to the figures. `region` and `beside` are None for all they see."""

    areas: list | None  # a lead's; None: the whole network
    months: int
    places: list[Place]
    region: Place | None = None
    beside: Place | None = None
    measure: str = ""  # the slug of the shared measure

    @cached_property
    def period(self) -> Period:
        """Whole months up to and including today."""
        today = timezone.localdate()
        first = shift(today.replace(day=1), 1 - self.months)
        return Period(first, today + datetime.timedelta(days=1))

    @property
    def period_words(self) -> str:
        """'December 2025 to November 2026'."""
        return _("%(first)s to %(last)s") % {
            "first": date_text(self.period.since, "month"),
            "last": date_text(self.period.until - datetime.timedelta(days=1), "month"),
        }

    @property
    def scope(self) -> ScopeKey:
        return self.region.key if self.region else None

    @property
    def whole_words(self) -> str:
        """What the figures without a chosen region are of."""
        if self.areas is None:
            return _("The whole network")
        if len(self.areas) == 1:
            return self.areas[0].name
        return ngettext("%(count)s area", "%(count)s areas", len(self.areas)) % {
            "count": number_text(len(self.areas))
        }

    @property
    def place_words(self) -> str:
        """The chosen region, or all of them."""
        return self.region.name if self.region else self.whole_words

    def columns(self) -> list[tuple[str, ScopeKey]]:
        """(head, scope): all, and what is set beside it; two regions stand alone."""
        chosen = [one for one in (self.region, self.beside) if one is not None]
        whole = [] if len(chosen) == 2 else [(self.whole_words, None)]
        return whole + [(one.name, one.key) for one in chosen]

    def query(self, **changes) -> str:
        """The address's query with these values instead; '' for what is usual."""
        values = {
            "months": self.months if self.months != USUAL else "",
            "region": self.region.slug if self.region else "",
            "beside": self.beside.slug if self.beside else "",
            "measure": self.measure,
        } | changes
        kept = {name: value for name, value in values.items() if value not in ("", None)}
        return f"?{urlencode(kept)}" if kept else ""

    def periods(self) -> list[dict]:
        """The lengths to choose from, with the address of each."""
        return [
            {
                "words": ngettext("%(count)s month", "%(count)s months", length)
                % {"count": number_text(length)},
                "query": self.query(months=length if length != USUAL else "") or "?",
                "chosen": length == self.months,
            }
            for length in LENGTHS
        ]


def asked(request) -> Asked:
    """What the address asks for. Raises PermissionDenied, and Http404 for a region, period or
    area that is none or not theirs. Three queries."""
    if not can_see_measures(request.user):
        raise PermissionDenied
    areas = seen_areas(request.user)
    found = places(areas, _of_stories(areas))
    by_slug = {one.slug: one for one in found}
    chosen = []
    for name in ("region", "beside"):
        slug = request.GET.get(name, "")
        if slug and slug not in by_slug:
            raise Http404
        if slug and by_slug[slug] not in chosen:
            chosen.append(by_slug[slug])
    months = request.GET.get("months", "") or str(USUAL)
    if months not in {str(length) for length in LENGTHS}:
        raise Http404
    region, beside = [*chosen, None, None][:2]
    return Asked(areas, int(months), found, region, beside)


def _of_stories(areas: list | None):
    """(region, area) of stories: one keeps the scope that it was reviewed for, and counts there,
    where the scope has lost its countries since."""
    cases = Case.objects.order_by().exclude(region=None, review_area=None)
    if areas is not None:
        cases = cases.filter(review_area__in=areas)
    return cases.values_list("region_id", "review_area_id")
