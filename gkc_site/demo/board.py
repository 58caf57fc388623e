"""Limits on the demo's board, and what its campaigners noted after speaking with distributors."""

import datetime

from django.db import transaction
from django.utils import timezone

from bulletins.models import CoachingNote, Stage, StageLimit
from bulletins.transitions import set_limits, write_coaching
from network.models import Distributor, Mandate, Membership
from network.permissions import standing

LIMITS = {Stage.AREA_REVIEW: 2, Stage.NEUTRAL_REVIEW: 2, Stage.CHANGES_REQUESTED: 1}
COACHED = 2  # distributors of an area; the others have been silent
# (words, days until the next date), in turn; invented, and marked so.
NOTES = (
    ("Example: two stories of the workshop wait for figures. They send those of May.", 4),
    ("Example: twelve answers are open. We went through three together.", 18),
    ("Example: nobody has time for a story before the model change; the parts team may.", 40),
)


@transaction.atomic
def load_board() -> int:
    """Make what is not there yet. Returns how many things were new."""
    if StageLimit.objects.exists() or CoachingNote.objects.exists():
        return 0
    made = 0
    leads = Mandate.objects.current().filter(role="lead", review_area__isnull=False)
    for mandate in leads.select_related("user", "review_area").order_by("pk"):
        area, lead = mandate.review_area, mandate.user
        if StageLimit.objects.filter(area=area).exists():
            continue
        set_limits(area, by=lead, limits=LIMITS)
        made += len(LIMITS) + coach(area, lead)
    return made


def coach(area, lead) -> int:
    """Notes on the first distributors of an area; never on the lead's own."""
    firms = Distributor.objects.active().filter(country__review_area=area)
    firms = firms.exclude(pk__in=standing(lead).distributor_ids).order_by("code")
    contacts = Membership.objects.current().filter(contact="first").select_related("user")
    names = {row.distributor_id: row.user.display_name for row in contacts}
    made, today = 0, timezone.localdate()
    for place, firm in enumerate(firms[:COACHED]):
        text, days = NOTES[(area.pk + place) % len(NOTES)]
        write_coaching(
            firm,
            by=lead,
            whom=names.get(firm.pk, firm.name)[:120],
            text=text,
            next_on=today + datetime.timedelta(days=days),
        )
        made += 1
    return made
