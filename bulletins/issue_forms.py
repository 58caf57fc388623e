"""The issue desk's forms."""

import datetime
import zoneinfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# What is typed in English stays so on a page of any language.
IN_ENGLISH = {"lang": "en", "dir": "ltr"}


def is_of_this_century(day: datetime.date) -> bool:
    """Whether a date is one that an issue may have."""
    return 2000 <= day.year < 2100


class PlanForm(forms.Form):
    """A month and a title."""

    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month", "class": "input"}, format="%Y-%m"),
        error_messages={"invalid": _("Enter a month, for example 2026-12.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        widget=forms.TextInput(attrs=IN_ENGLISH | {"class": "input"}),
    )

    def clean_month(self):
        """A month of this century: it stands in the issue's address."""
        month = self.cleaned_data["month"]
        if not is_of_this_century(month):
            raise forms.ValidationError(_("Enter a month, for example 2026-12."))
        return month


class LetterForm(forms.Form):
    """Title, mail subject and letter of the issue, in English."""

    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        widget=forms.TextInput(attrs=IN_ENGLISH | {"class": "input"}),
    )
    subject = forms.CharField(
        label=_("Mail subject"),
        help_text=_("Left empty, the number, month and title of the issue stand there."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs=IN_ENGLISH | {"class": "input"}),
    )
    letter = forms.CharField(
        label=_("Letter"),
        help_text=_("An empty line begins a new paragraph."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs=IN_ENGLISH | {"class": "area", "rows": 8}),
    )

    def paragraphs(self) -> list[str]:
        """The letter, cut at empty lines."""
        text = self.cleaned_data["letter"].replace("\r\n", "\n")
        return [part.strip() for part in text.split("\n\n") if part.strip()]


class IntroductionForm(forms.Form):
    """The line above a story, in English."""

    introduction = forms.CharField(required=False, max_length=400)


class ReleaseForm(forms.Form):
    """The minute of the release, in the editor's own time zone."""

    release_at = forms.CharField(
        label=_("Release at"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "class": "input"}),
    )

    def __init__(self, *args, time_zone: str = "UTC", **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zoneinfo.ZoneInfo(time_zone)

    def clean_release_at(self):
        """The moment in UTC. An hour that the clock skips or repeats is refused by name."""
        typed = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        with timezone.override(None):
            naive = typed.to_python(self.cleaned_data["release_at"])
        if timezone.is_aware(naive):
            naive = timezone.make_naive(naive)
        if not is_of_this_century(naive):  # the ends of the calendar have no other zone's hour
            raise forms.ValidationError(_("Enter a date and a time of this century."))
        moment = naive.replace(tzinfo=self.zone)
        there_and_back = moment.astimezone(zoneinfo.ZoneInfo("UTC")).astimezone(self.zone)
        if there_and_back.replace(tzinfo=None) != naive:
            raise forms.ValidationError(_("The clock skips this hour that night. Choose another."))
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise forms.ValidationError(
                _("The clock shows this hour twice that night. Choose another.")
            )
        return moment
