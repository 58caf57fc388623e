"""What waits for editors: home regions that nobody speaks for (R22). And the rooms' directory."""

import datetime
from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Membership, Region, ReviewArea
from network.permissions import is_editor, is_member
from network.registry import DeskItem, Menu, desk_items, desk_places
from review.registry import Askable, register_askable

ASKED_AT = "area"


def missing_regions(user) -> Iterator[DeskItem]:
    """Home regions without member or campaigner, for editors. Two queries; three where one is."""
    if not is_editor(user):
        return
    gaps = [
        (
            Region.objects.without_members(),
            _("This home region has no member. Invite a distributor's people there."),
        ),
        (
            Region.objects.without_campaigners(),
            _("No review area of this home region has a campaigner. Ask for a nomination."),
        ),
    ]
    found = [(region, what) for regions, what in gaps for region in regions]
    since = _ended({region.pk for region, _what in found}) if found else {}
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for region, what in found:
        yield DeskItem(
            title=region.name,
            what=what,
            url=reverse("people"),
            since=since.get(region.pk, midnight),
            minutes=5,
            state="late",
            state_label=_("Region missing"),
            action=_("See the areas"),
        )


def _ended(regions: set[int]) -> dict[int, datetime.datetime]:
    """Region → when its last membership ended, where there was one."""
    rows = Membership.objects.filter(
        distributor__country__region__in=regions, until__isnull=False
    ).values_list("distributor__country__region", "until")
    last: dict[int, datetime.date] = {}
    for region, until in rows:
        last[region] = max(until, last.get(region, until))
    zone = timezone.get_current_timezone()
    return {
        pk: datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
        for pk, day in last.items()
        if day <= timezone.localdate()
    }


def places(user) -> Iterator[Menu]:
    """The directory, for everybody."""
    if is_member(user):
        yield Menu(_("People"), partial(reverse, "people"), 48)


def _seen(user, slugs) -> set[str]:
    if not is_member(user):
        return set()
    found = ReviewArea.objects.filter(slug__in=list(slugs))
    return set(found.values_list("slug", flat=True))


def register() -> None:
    """Called once, when the site starts."""
    desk_items.register("missing_regions", missing_regions)
    desk_places.register("people", places)
    register_askable(
        Askable(
            kind=ASKED_AT,
            label=gettext_lazy("Review area"),
            find=lambda slug, language: ReviewArea.objects.filter(slug=slug).first(),
            may_see=lambda user, area: is_member(user),
            visible=_seen,
            title=str,
            url=lambda area: f"{reverse('people')}#area-{area.slug}",
            places=lambda area: [],
            authors=lambda key: (),
            area=lambda slug, asker: ReviewArea.objects.filter(slug=slug).first(),
        )
    )
