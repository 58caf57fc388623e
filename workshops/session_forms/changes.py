"""What changes a session: another day, copies, a merger, seats, an end."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Region, ReviewArea
from workshops import when
from workshops.models import Session
from workshops.session_forms.fields import (
    DAY,
    HOUR,
    NUMBER,
    SELECT,
    ZONES,
    DayField,
    WallClockField,
    say_gap,
    wall,
)
from workshops.transitions.repeating import MAX_COPIES, Every
from workshops.transitions.sessions import MAX_SEATS


class MoveForm(forms.Form):
    """Another first day, at the same hours unless said otherwise."""

    first_day = DayField(
        label=gettext_lazy("New first day"),
        help_text=gettext_lazy("Its other days, deadlines and kept seats move along."),
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
    )
    start = forms.TimeField(
        label=gettext_lazy("Begins at"),
        required=False,
        widget=forms.TimeInput(HOUR, format="%H:%M"),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), choices=ZONES, widget=forms.Select(SELECT)
    )


class RepeatForm(forms.Form):
    """How often, and how far apart."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Every.choices, widget=forms.Select(SELECT)
    )
    times = forms.IntegerField(
        label=gettext_lazy("How many copies"),
        min_value=1,
        max_value=MAX_COPIES,
        widget=forms.NumberInput(NUMBER),
    )


class MergeForm(forms.Form):
    """The session that everybody goes to."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Merge it into"),
        queryset=Session.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, sessions, label):
        super().__init__(data)
        self.fields["into"].queryset = sessions
        self.fields["into"].label_from_instance = label


class ReasonForm(forms.Form):
    """Why: those it concerns read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody who had or awaited a seat reads it."),
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )


class MoreSeatsForm(forms.Form):
    """Seats for each of several sessions."""

    extra = forms.IntegerField(
        label=gettext_lazy("Seats more"),
        min_value=1,
        max_value=MAX_SEATS,
        widget=forms.NumberInput(NUMBER),
    )


class SeatsForm(forms.Form):
    """Seats, and how many are kept for which region until when, on the session's clocks."""

    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=MAX_SEATS,
        widget=forms.NumberInput(NUMBER),
    )

    EMPTY = 2

    def __init__(self, data=None, *, session: Session):
        super().__init__(data, initial={"seats": session.seats}, auto_id="seats-%s")
        self.session = session
        scopes = [
            ("", _("Nobody")),
            *((f"region-{region.pk}", region.name) for region in Region.objects.all()),
            *((f"area-{area.pk}", area.name) for area in _areas_without_region()),
        ]
        quotas = list(session.quotas.all())
        asked = str(data.get("rows", "")) if data is not None else ""
        is_count = asked.isdecimal() and len(asked) < 3
        self.count = int(asked) if is_count else len(quotas) + self.EMPTY
        for number in range(self.count):
            quota = quotas[number] if number < len(quotas) else None
            until = wall(quota.held_until if quota else session.enrol_until, session.zone)
            self.fields[f"kept-{number}-scope"] = forms.ChoiceField(
                label=_("Kept for"),
                choices=scopes,
                required=False,
                initial="-".join(map(str, quota.scope)) if quota else "",
                widget=forms.Select(SELECT),
            )
            self.fields[f"kept-{number}-seats"] = forms.IntegerField(
                label=_("Seats"),
                required=False,
                min_value=0,
                max_value=MAX_SEATS,
                initial=quota.seats if quota else None,
                widget=forms.NumberInput(NUMBER),
            )
            self.fields[f"kept-{number}-until"] = WallClockField(
                label=_("Until"), required=False, initial=until
            )

    @property
    def kept_rows(self) -> list[dict]:
        """Bound fields of each region."""
        return [
            {name: self[f"kept-{number}-{name}"] for name in ("scope", "seats", "until")}
            for number in range(self.count)
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.kept = {}
        for number in range(self.count):
            scope = cleaned.get(f"kept-{number}-scope")
            seats = cleaned.get(f"kept-{number}-seats")
            until = cleaned.get(f"kept-{number}-until")
            if not scope or not seats:
                continue
            kind, _dash, pk = scope.partition("-")
            if (kind, int(pk)) in self.kept:
                self.add_error(f"kept-{number}-scope", _("This region stands here twice."))
                continue
            try:
                moment = (
                    when.moment_at(until.date(), until.time(), self.session.zone)
                    if until
                    else self.session.enrol_until
                )
            except when.NoSuchHour:
                say_gap(self, f"kept-{number}-until")
                continue
            if until == wall(self.session.enrol_until, self.session.zone):
                moment = self.session.enrol_until  # its seconds are not in the form
            self.kept[(kind, int(pk))] = (seats, moment)
        return cleaned


def _areas_without_region():
    """Review areas with a country that has no home region: a scope of their own."""
    return ReviewArea.objects.filter(countries__region__isnull=True).distinct().order_by("name")
