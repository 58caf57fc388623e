"""Distributors that an issue did not reach, on their campaigner's desk until it has."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.models import BulletinIssue
from bulletins.reach import reports
from network.localize import list_text, number_text
from network.models import Membership
from network.permissions import areas_held
from network.registry import DeskItem, desk_items
from touchpoints.models import Suppression

MINUTES = 5
LOOKS_BACK = datetime.timedelta(days=365)


def unreached_items(user):
    """One item a distributor of the person's areas, for all issues together; and one for each
    contact whose address is out of use. No query for others; ten for a campaigner."""
    areas = [area.pk for area in areas_held(user, "campaigner", "lead")]
    if not areas:
        return
    since = timezone.now() - LOOKS_BACK
    issues = list(BulletinIssue.objects.released().filter(released_at__gt=since).order_by("month"))
    if not issues:
        return
    missed: dict = {}
    for found in reports(issues, areas, reading=False):
        for row in found.of_state("unreached"):
            missed.setdefault(row.distributor, []).append((found.issue, row))
    for firm, rows in sorted(missed.items(), key=lambda pair: pair[0].name):
        first, row = rows[0]
        names = {
            "numbers": list_text([number_text(issue.number) for issue, _row in rows]),
            "why": " ".join(_(reason) for reason in row.reasons),
            "steps": " ".join(_(step) for step in row.to_do),
        }
        yield DeskItem(
            title=firm.name,
            what=_("Not reached by Bulletin %(numbers)s. %(why)s %(steps)s") % names,
            url=reverse("reach_distributor", args=[first.pk, firm.code]),
            since=first.released_at,
            minutes=MINUTES,
            state="late",
            state_label=_("Not reached"),
            action=_("See what to do"),
        )
    yield from _out_of_use(areas, issues[-1], set(missed))


def _out_of_use(areas, issue, listed):
    """Contacts whose mail comes back although somebody else of the firm gets it."""
    contacts = [
        contact
        for contact in Membership.objects.current()
        .contacts()
        .filter(distributor__country__review_area__in=areas, distributor__is_active=True)
        .select_related("user", "distributor")
        .order_by("distributor__name", "pk")
        if contact.distributor not in listed
    ]
    out = dict(
        Suppression.objects.in_force()
        .filter(address__in=[contact.user.email for contact in contacts])
        .values_list("address", "since")
    )
    for contact in contacts:
        if contact.user.email in out:
            yield DeskItem(
                title=contact.distributor.name,
                what=_("Mail to %(person)s comes back. Have the address corrected.")
                % {"person": contact.user.display_name},
                url=reverse("reach_distributor", args=[issue.pk, contact.distributor.code]),
                since=out[contact.user.email],
                minutes=MINUTES,
                state="late",
                state_label=_("Address out of use"),
                action=_("See what to do"),
            )


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("bulletins.unreached", unreached_items)
