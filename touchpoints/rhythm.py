"""When a message is due: at once, or at 07:00 where the receiver is."""

import datetime
import zoneinfo

DIGEST_HOUR = 7  # local time: read before the day's work begins
MONDAY = 0


def zone_of(user) -> datetime.tzinfo:
    """The person's time zone; UTC for an address without a person or an unknown name."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (AttributeError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return datetime.UTC


def due_at(user, now: datetime.datetime) -> datetime.datetime:
    """When something optional said `now` reaches this person: their own rhythm.

    Strictly later than `now` for a daily or weekly rhythm, so that a digest
    which is due has all its parts.
    """
    if user.mail_rhythm not in ("daily", "weekly"):
        return now
    zone = zone_of(user)
    day = now.astimezone(zone).date()
    while True:
        # Wall-clock time: 07:00 stays 07:00 over a change of the clocks.
        slot = datetime.datetime.combine(day, datetime.time(DIGEST_HOUR), tzinfo=zone)
        if slot > now and (user.mail_rhythm == "daily" or day.weekday() == MONDAY):
            return slot.astimezone(datetime.UTC)
        day += datetime.timedelta(days=1)
