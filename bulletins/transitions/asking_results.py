"""What came of it? A distributor is asked once, ninety days after it took a practice over."""

import datetime

from django.utils import timezone

from bulletins.models import Response
from bulletins.response_queries import MEASURE_AFTER
from network.models import Membership
from touchpoints.api import object_key, tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Mailing

KIND = "bulletins.response_results"
# Whose day passed longer ago (a distributor that was not active then) finds it on its desk alone.
CATCH_UP = datetime.timedelta(days=30)
BATCH = 200  # responses looked at in one go


def ask_for_results(now: datetime.datetime | None = None) -> int:
    """Ask whose day has come, each once. Returns of how many practices was asked.

    Computed from state: killed, the next run goes on; the key makes a second one fail.
    """
    now, asked = now or timezone.now(), 0
    waiting = Response.objects.to_measure(now).filter(adopted_at__gt=now - MEASURE_AFTER - CATCH_UP)
    keys = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        rows = list(Response.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk"))
        told = set(
            Mailing.objects.filter(
                kind=KIND, object_key__in=[object_key(row) for row in rows]
            ).values_list("object_key", flat=True)
        )
        asked += sum(_ask(row) for row in rows if object_key(row) not in told)
    return asked


def _ask(response: Response) -> bool:
    contacts = Membership.objects.current().contacts().filter(distributor=response.distributor_id)
    people = {row.user_id: row.user for row in contacts.select_related("user").order_by("pk")}
    if not people:
        return False  # who is named later is asked then
    try:
        tell_once(
            KIND,
            response,
            f"{KIND}:{response.pk}",
            [(who, None, who.email, who.interface_language, "") for who in people.values()],
        )
    except AlreadyTold:
        return False
    return True
