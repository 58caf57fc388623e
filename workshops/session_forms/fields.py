"""Days, hours and moments as people type them: those of a wall clock, without a zone."""

import datetime
import uuid
import zoneinfo

from django import forms
from django.utils.translation import gettext as _

LOCAL = "%Y-%m-%dT%H:%M"
DAY = {"class": "input", "type": "date"}
HOUR = {"class": "input", "type": "time"}
MOMENT = {"class": "input", "type": "datetime-local"}
TEXT = {"class": "input"}
NUMBER = {"class": "input input--n"}
SELECT = {"class": "select"}
ZONES = [(name, name) for name in sorted(zoneinfo.available_timezones())]


class WallClockField(forms.DateTimeField):
    """A day and hour without a zone: naive, whatever zone is active."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateTimeInput(MOMENT, format=LOCAL))
        super().__init__(input_formats=[LOCAL, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def to_python(self, value):
        try:
            return datetime.datetime.fromisoformat(value.strip()).replace(tzinfo=None)
        except (AttributeError, ValueError):
            if not value or not value.strip():
                return None
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value):
        return value.strftime(LOCAL) if isinstance(value, datetime.datetime) else value


def click_key(once: uuid.UUID | None, *typed) -> uuid.UUID | None:
    """Names one sending of a form: the same twice is a double click; other words typed into the
    same page, after the browser's Back, are another."""
    return once and uuid.uuid5(once, repr(typed))


def wall(moment: datetime.datetime | None, zone) -> datetime.datetime | None:
    """A moment as the wall clock shows it: naive, for a form."""
    return moment and moment.astimezone(zone).replace(tzinfo=None)


def say_gap(form, name: str) -> None:
    form.add_error(name, _("On that day the clocks there jump over this hour. Choose another."))
