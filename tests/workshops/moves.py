"""Sessions over a change of clocks."""

import datetime
import zoneinfo

from tests.factories.workshops import make_programme
from workshops.transitions import plan_session

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def in_berlin(day: int, hour: int = 9, *, programme=None, coordinator, days: int = 1, **fields):
    """A session in March 2030, whose clocks go forward on the 31st."""
    spans = []
    for number in range(days):
        start = datetime.datetime(2030, 3, day + number, hour, tzinfo=BERLIN)
        spans.append((start, start + datetime.timedelta(hours=8)))
    fields = {"seats": 3, "languages": ["de"], "time_zone": "Europe/Berlin"} | fields
    return plan_session(programme or make_programme(), by=coordinator, days=spans, **fields)


def local(moment) -> str:
    return moment.astimezone(BERLIN).strftime("%m-%d %H:%M")
