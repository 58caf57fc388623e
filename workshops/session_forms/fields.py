"""Days, hours and moments as people type them: those of a wall clock, without a zone."""

import datetime
import uuid

from django import forms
from django.utils.translation import gettext as _

from network.localize import zone_choices

LOCAL = "%Y-%m-%dT%H:%M"
DAY = {"class": "input", "type": "date"}
HOUR = {"class": "input", "type": "time"}
MOMENT = {"class": "input", "type": "datetime-local"}
TEXT = {"class": "input"}
NUMBER = {"class": "input input--n"}
SELECT = {"class": "select"}
ZONES = zone_choices()


# Days typed outside of these are slips of the finger, and beyond them clocks cannot be asked.
FIRST_YEAR, LAST_YEAR = 2000, 2200


class DayField(forms.DateField):
    """A day of a session, or about one."""

    def to_python(self, value):
        day = super().to_python(value)
        check_year(day)
        return day


def check_year(day: datetime.date | None) -> None:
    """Raises ValidationError for a year in which nobody plans."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("Check the year of this day."), code="year")


class WallClockField(forms.DateTimeField):
    """A day and hour without a zone: naive, whatever zone is active."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateTimeInput(MOMENT, format=LOCAL))
        super().__init__(input_formats=[LOCAL, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def to_python(self, value):
        try:
            moment = datetime.datetime.fromisoformat(value.strip()).replace(tzinfo=None)
            check_year(moment)
            return moment
        except forms.ValidationError:
            raise
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
