"""All that is said of a session: the form that plans it and changes it."""

import datetime
import uuid

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network.languages import autonym, codes
from network.models import Country, User
from network.models.places import country_name
from workshops import when
from workshops.models import PlaceKind, Session
from workshops.session_forms.fields import (
    DAY,
    HOUR,
    NUMBER,
    SELECT,
    TEXT,
    ZONES,
    DayField,
    WallClockField,
    click_key,
    say_gap,
)
from workshops.transitions.sessions import MAX_SEATS

ROWS = 3  # empty days in the form
MAX_ROWS = 60
# More is a slip of the hour, not a night.
LONGEST_DAY = datetime.timedelta(hours=16)


class SessionForm(forms.Form):
    """All that is said of a session but its seats, which stand here only when it is planned.

    Days are rows of date, from, to; hours left empty are those of the row
    above. `more` asks for more rows. `version` is what the coordinator saw;
    `once` makes a second click plan nothing.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)
    rows = forms.IntegerField(required=False, widget=forms.HiddenInput)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Where it happens. All days and hours here are of its clocks."),
        choices=ZONES,
        widget=forms.Select(SELECT),
    )
    place_kind = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=PlaceKind.choices, widget=forms.Select(SELECT)
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"), required=False, widget=forms.Select(SELECT)
    )
    city = forms.CharField(
        label=gettext_lazy("City"), required=False, max_length=80, widget=forms.TextInput(TEXT)
    )
    venue = forms.CharField(
        label=gettext_lazy("Venue and room"),
        required=False,
        max_length=200,
        widget=forms.TextInput(TEXT),
    )
    link = forms.URLField(
        label=gettext_lazy("Link of the online room"),
        help_text=gettext_lazy("Only those with a seat, the trainers and you see it."),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(TEXT),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages taught"), widget=forms.CheckboxSelectMultiple
    )
    trainers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Trainers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=MAX_SEATS,
        widget=forms.NumberInput(NUMBER),
    )
    minimum = forms.IntegerField(
        label=gettext_lazy("People wanted at least"),
        min_value=0,
        max_value=MAX_SEATS,
        required=False,
        widget=forms.NumberInput(NUMBER),
    )
    decide_on = DayField(
        label=gettext_lazy("Go or no-go on"),
        help_text=gettext_lazy("On this day you are asked whether it takes place."),
        required=False,
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    enrol_until = WallClockField(
        label=gettext_lazy("Enrolment closes"),
        help_text=gettext_lazy("Empty: when it begins."),
        required=False,
    )
    cancel_until = WallClockField(
        label=gettext_lazy("Last moment to cancel"),
        help_text=gettext_lazy("After it one no longer gives a seat up by oneself."),
        required=False,
    )
    fee_amount = forms.DecimalField(
        label=gettext_lazy("Fee a person"),
        help_text=gettext_lazy("Empty: as the programme says. 0: it costs nothing."),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput({"class": "input input--n", "step": "0.01"}),
    )
    fee_currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Three letters, such as EUR."),
        required=False,
        widget=forms.TextInput({"class": "input input--n", "maxlength": 3}),
    )
    fee_share = forms.IntegerField(
        label=gettext_lazy("The distributor bears, per cent"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(NUMBER),
    )

    def __init__(self, data=None, *, initial=None, days=(), session: Session | None = None):
        super().__init__(data, initial=initial or {}, auto_id="session-%s")
        self.session, self._spans = session, []
        here = get_language() or "en"
        countries = sorted(
            ((code, country_name(code, here)) for code in _country_codes()),
            key=lambda pair: pair[1].casefold(),
        )
        self.fields["country"].choices = [("", _("None")), *countries]
        self.fields["languages"].choices = [(code, autonym(code)) for code in codes()]
        known = User.objects.holding("trainer")
        if session is not None:
            known = User.objects.filter(
                pk__in=[*known.values_list("pk", flat=True), *_team(session)]
            )
            del self.fields["seats"], self.fields["once"]
        self.fields["trainers"].queryset = known.order_by("last_name", "first_name", "pk")
        self.fields["trainers"].label_from_instance = lambda person: person.display_name
        self.count = self._count(data, days)
        self.initial["rows"] = self.count
        self.initial["once"] = uuid.uuid4()
        for number in range(self.count):
            row = days[number] if number < len(days) else (None, None, None)
            for name, value, kind, attrs in zip(
                ("date", "from", "to"),
                row,
                (DayField, forms.TimeField, forms.TimeField),
                (DAY, HOUR, HOUR),
                strict=True,
            ):
                widget = (forms.DateInput if kind is DayField else forms.TimeInput)(
                    attrs, format="%Y-%m-%d" if kind is DayField else "%H:%M"
                )
                self.fields[f"day-{number}-{name}"] = kind(
                    label=_LABELS[name], required=False, initial=value, widget=widget
                )

    @staticmethod
    def _count(data, days) -> int:
        asked = str(data.get("rows", "")) if data is not None else ""
        count = int(asked) if asked.isdecimal() and len(asked) < 4 else len(days) + ROWS
        if data is not None and "more" in data:
            count += ROWS
        return max(1, min(count, MAX_ROWS))

    @property
    def day_rows(self) -> list[dict]:
        """Bound fields of each day."""
        return [
            {name: self[f"day-{number}-{name}"] for name in ("date", "from", "to")}
            for number in range(self.count)
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if "time_zone" not in cleaned:
            return cleaned
        zone = when.zone_of(cleaned["time_zone"])
        start = end = None
        for number in range(self.count):
            day = cleaned.get(f"day-{number}-date")
            start = cleaned.get(f"day-{number}-from") or start
            end = cleaned.get(f"day-{number}-to") or end
            if day is None:
                continue
            if start is None or end is None:
                self.add_error(f"day-{number}-from", _("Say from when to when."))
                continue
            # A day that ends after midnight, or at it, ends on the next date.
            last = day if end > start else day + datetime.timedelta(days=1)
            try:
                span = when.moment_at(day, start, zone), when.moment_at(last, end, zone)
                if span[1] - span[0] > LONGEST_DAY:
                    self.add_error(f"day-{number}-to", _("A day ends after it begins."))
                else:
                    self._spans.append(span)
            except when.NoSuchHour:
                say_gap(self, f"day-{number}-from")
        if not self._spans and not self.errors:
            self.add_error("day-0-date", _("A session has at least one day."))
        for name in ("enrol_until", "cancel_until"):
            if cleaned.get(name) is not None:
                try:
                    moment = cleaned[name]
                    cleaned[name] = when.moment_at(moment.date(), moment.time(), zone)
                except when.NoSuchHour:
                    say_gap(self, name)
        if cleaned.get("fee_amount") is not None and not cleaned.get("fee_currency"):
            if "fee_currency" not in self.errors:
                self.add_error("fee_currency", _("A fee has a currency."))
        return cleaned

    def _exact(self) -> dict:
        """Moments of the session by their minute: forms show no seconds, and lose none."""
        if self.session is None:
            return {}
        found = [self.session.enrol_until, self.session.cancel_until]
        for day in self.session.days.all():
            found += [day.starts_at, day.ends_at]
        return {one.replace(second=0, microsecond=0): one for one in found if one is not None}

    def values(self) -> dict:
        """Arguments of `plan_session` or `edit_session`."""
        given = self.cleaned_data
        names = ("time_zone", "place_kind", "city", "venue", "link", "languages", "trainers")
        values = {name: given[name] for name in names}
        exact = self._exact()
        values["days"] = sorted(
            (exact.get(start, start), exact.get(end, end)) for start, end in self._spans
        )
        values["country_id"] = given["country"] or None
        values["minimum"] = given["minimum"] or 0
        values["decide_on"] = given["decide_on"]
        closes, cancels = given["enrol_until"], given["cancel_until"]
        values["enrol_until"] = exact.get(closes, closes) or values["days"][0][0]
        values["cancel_until"] = exact.get(cancels, cancels)
        values["fee_amount"] = given["fee_amount"]
        has_fee = given["fee_amount"] is not None
        values["fee_currency"] = given["fee_currency"] if has_fee else ""
        values["fee_share"] = given["fee_share"] if has_fee else None
        if "seats" in given:
            values["seats"] = given["seats"]
            team = sorted(person.pk for person in values["trainers"])
            typed = sorted(
                (name, str(value)) for name, value in values.items() if name != "trainers"
            )
            values["once"] = click_key(given["once"], typed, team)
        return values


_LABELS = {
    "date": gettext_lazy("Day"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
}


def _country_codes():
    return Country.objects.values_list("pk", flat=True)


def _team(session: Session):
    return session.trainers.values_list("pk", flat=True)
