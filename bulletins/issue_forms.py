"""The issue desk's forms."""

import datetime
import zoneinfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.languages import autonym, direction, tag
from network.localize import zone_choices

# What is typed in English stays so on a page of any language.
IN_ENGLISH = {"lang": "en", "dir": "ltr"}


def is_of_this_century(day: datetime.date) -> bool:
    """Whether a date is one that an issue may have."""
    return 2000 <= day.year < 2100


class ThemeForm(forms.Form):
    """What the month is about, in the editors' own words, and the day meant for its release."""

    theme = forms.CharField(
        label=_("Theme"),
        help_text=_("The editors' own word for the month. Readers see the title."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "dir": "auto"}),
    )
    planned_on = forms.DateField(
        label=_("Release planned on"),
        help_text=_("Translations are due before this day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )

    def clean_planned_on(self):
        """A day of this century."""
        day = self.cleaned_data["planned_on"]
        if day and not is_of_this_century(day):
            raise forms.ValidationError(_("Enter a date of this century."))
        return day


class PlanForm(ThemeForm):
    """A month and a title."""

    field_order = ["month", "title", "theme", "planned_on"]

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
    """The minute of the release, in any time zone; the editor's own at first."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    which = forms.ChoiceField(
        label=_("Which of the two?"),
        required=False,
        choices=[("", "–"), ("first", _("The first time")), ("second", _("The second time"))],
        widget=forms.Select(attrs={"class": "input"}),
    )
    release_at = forms.CharField(
        label=_("Release at"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "class": "input"}),
    )

    def __init__(self, *args, time_zone: str = "UTC", **kwargs):
        super().__init__(*args, **kwargs)
        self.own_zone = time_zone
        self.fields["zone"].choices = zone_choices(time_zone)
        self.fields["zone"].initial = time_zone
        self.is_repeated = False  # the clock shows the hour twice: the page asks which

    def clean_zone(self):
        """The zone; the editor's own where none was sent."""
        return zoneinfo.ZoneInfo(self.cleaned_data["zone"] or self.own_zone)

    def clean_release_at(self):
        """The moment. An hour that the clock skips is refused by name; of one that it shows twice
        the form asks which."""
        zone = self.cleaned_data.get("zone") or zoneinfo.ZoneInfo(self.own_zone)
        typed = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        with timezone.override(None):
            naive = typed.to_python(self.cleaned_data["release_at"])
        if timezone.is_aware(naive):
            naive = timezone.make_naive(naive)
        if not is_of_this_century(naive):  # the ends of the calendar have no other zone's hour
            raise forms.ValidationError(_("Enter a date and a time of this century."))
        moment = naive.replace(tzinfo=zone)
        there_and_back = moment.astimezone(zoneinfo.ZoneInfo("UTC")).astimezone(zone)
        if there_and_back.replace(tzinfo=None) != naive:
            raise forms.ValidationError(_("The clock skips this hour that night. Choose another."))
        later = moment.replace(fold=1)
        if moment.utcoffset() != later.utcoffset():
            self.is_repeated = True
            which = self.cleaned_data.get("which")
            if not which:
                raise forms.ValidationError(
                    _("The clock shows this hour twice that night. Say which, or choose another.")
                )
            moment = moment if which == "first" else later
        return moment.astimezone(datetime.UTC)


class RequestForm(forms.Form):
    """Languages that the issue's texts are asked for, each with its translator or nobody."""

    def __init__(self, *args, languages=(), translators=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = list(languages)
        for code in self.codes:
            self.fields[f"ask_{code}"] = forms.BooleanField(required=False)
            people = (translators or {}).get(code, [])
            self.fields[f"to_{code}"] = forms.ChoiceField(
                required=False,
                choices=[("", _("Whoever is free"))]
                + [(str(person.pk), person.display_name) for person in people],
                widget=forms.Select(attrs={"class": "select"}),
            )

    def clean(self):
        """At least one language."""
        data = super().clean()
        if not any(data.get(f"ask_{code}") for code in self.codes):
            raise forms.ValidationError(_("Choose the languages that you ask for."))
        return data

    def wanted(self) -> dict[str, int | None]:
        """Language → the translator's key, or None for whoever is free."""
        data = self.cleaned_data
        return {
            code: int(data[f"to_{code}"]) if data.get(f"to_{code}") else None
            for code in self.codes
            if data.get(f"ask_{code}")
        }

    def rows(self) -> list[tuple]:
        """(language, its tick, its translator) for the template."""
        return [(code, self[f"ask_{code}"], self[f"to_{code}"]) for code in self.codes]


class CorrectionForm(forms.Form):
    """A correction in English, and in other languages where the editor has them."""

    case = forms.ChoiceField(
        label=_("What is corrected"),
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )
    words_en = forms.CharField(
        label=_("Correction, in English"),
        help_text=_("Say what stood there and what is right. It is shown with today's date."),
        max_length=1000,
        widget=forms.Textarea(attrs=IN_ENGLISH | {"class": "area area--s", "rows": 3}),
    )
    is_material = forms.BooleanField(
        label=_("It is material: mail it to every contact"),
        required=False,
    )

    def __init__(self, *args, stories=(), languages=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [("", _("The issue or its letter")), *stories]
        self.others = [code for code in languages if code != "en"]
        for code in self.others:
            self.fields[f"words_{code}"] = forms.CharField(
                label=autonym(code),
                required=False,
                max_length=1000,
                widget=forms.Textarea(
                    attrs={
                        "class": "area area--s",
                        "rows": 2,
                        "lang": tag(code),
                        "dir": direction(code),
                    }
                ),
            )

    def words(self) -> dict[str, str]:
        """Language → note."""
        return {code: self.cleaned_data.get(f"words_{code}", "") for code in ["en", *self.others]}

    def other_fields(self) -> list:
        """The fields of the other languages, for the template."""
        return [self[f"words_{code}"] for code in self.others]
