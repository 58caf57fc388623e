"""Forms of the responses. What a choice needs beside it is said once, in `bulletins.answers`."""

import datetime

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.answers import MAX_WHO, MAX_WORDS, Answer
from bulletins.exceptions import AnswerIncomplete
from bulletins.models import Choice, Reason
from bulletins.transitions.coaching import MAX_TEXT, MAX_WHOM
from bulletins.transitions.responding import MAX_COACHING, MAX_NOTE, MAX_TRY_NOTE, Measured
from network.localize import typed_number
from network.numbers import parse_number

# Filled in before anybody types: a quarter ahead, which most answers leave as it is.
DAYS_AHEAD = 91


def day_input() -> forms.DateInput:
    """A day as browsers pick it."""
    return forms.DateInput({"type": "date", "class": "input"}, format="%Y-%m-%d")


class AnswerForm(forms.Form):
    """A distributor's word on one story. Without a choice nothing is said and nothing is wrong."""

    choice = forms.ChoiceField(
        label=gettext_lazy("What do you do with it?"),
        choices=Choice.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("By when you adopt it, or until when it waits."),
        required=False,
        widget=day_input(),
    )
    who = forms.CharField(
        label=gettext_lazy("Who adopts it"),
        required=False,
        max_length=MAX_WHO,
        widget=forms.TextInput({"class": "input", "dir": "auto"}),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose a reason")), *Reason.choices],
        required=False,
        widget=forms.Select({"class": "select"}),
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy("What you changed, or why it is not for you."),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea({"class": "area area--s", "rows": 2, "dir": "auto"}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, prefix: str, response=None, name: str = "", **kwargs):
        today = timezone.localdate()
        initial = {"until": today + datetime.timedelta(days=DAYS_AHEAD), "who": name, "seen": 0}
        if response is not None:
            initial |= {
                "choice": response.choice,
                "who": response.who or name,
                "reason": response.reason,
                "words": response.words,
                "seen": response.version,
            }
            if response.until and response.until >= today:
                initial["until"] = response.until
        super().__init__(data, prefix=prefix, initial=initial, auto_id="%s", **kwargs)

    @property
    def is_said(self) -> bool:
        """Whether a choice was made at all."""
        return bool(self.is_bound and self.data.get(self.add_prefix("choice")))

    def clean(self) -> dict:
        cleaned = super().clean()
        self.answer = None
        if cleaned.get("choice") and not self.errors:
            said = {name: cleaned.get(name) for name in ("choice", "until", "who", "reason")}
            try:
                self.answer = Answer(**said, words=cleaned.get("words", "")).checked(Reason.values)
            except AnswerIncomplete as gap:
                self.add_error(gap.field, str(gap))
        return cleaned


class SignatureForm(forms.Form):
    """Who answers by a link: the contact, or somebody to whom it was forwarded."""

    signer = forms.ChoiceField(
        label=gettext_lazy("Who answers?"),
        choices=[("contact", ""), ("other", gettext_lazy("Somebody else"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who you are.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"class": "input", "autocomplete": "name", "dir": "auto"}),
    )
    address = forms.EmailField(
        label=gettext_lazy("Your email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"class": "input", "autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(self, data=None, *, contact):
        super().__init__(data, auto_id="%s")
        self.fields["signer"].choices = [
            ("contact", _("I am %(name)s") % {"name": contact.display_name}),
            ("other", _("Somebody else")),
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("signer") == "other":
            if not cleaned.get("name", "").strip() and "name" not in self.errors:
                self.add_error("name", _("Write your name."))
            if not cleaned.get("address") and "address" not in self.errors:
                self.add_error("address", _("Write your email address."))
        else:
            cleaned["name"] = cleaned["address"] = ""
        return cleaned


class HandOverForm(forms.Form):
    """A colleague, a day and a line."""

    to = forms.ChoiceField(
        label=gettext_lazy("Colleague"), widget=forms.Select({"class": "select"})
    )
    until = forms.DateField(label=gettext_lazy("Answer by"), widget=day_input())
    note = forms.CharField(
        label=gettext_lazy("A line to your colleague"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.TextInput({"class": "input", "dir": "auto"}),
    )

    def __init__(self, data=None, *, colleagues):
        day = timezone.localdate() + datetime.timedelta(days=7)
        super().__init__(data, prefix="hand", initial={"until": day}, auto_id="%s")
        self.people = {str(person.pk): person for person in colleagues}
        self.fields["to"].choices = [
            (pk, person.display_name) for pk, person in self.people.items()
        ]

    def clean_to(self):
        return self.people[self.cleaned_data["to"]]


class ResultsForm(forms.Form):
    """The story's own KPI rows, to be filled by whoever took the practice over.

    A row left empty is not reported. Numbers are read as the page's language writes them.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, changes, known: dict, response):
        """`changes` are the story's rows (figures.Change); `known` its results by key."""
        super().__init__(data, prefix="results", initial={"seen": response.version}, auto_id="%s")
        self.changes = [change for change in changes if change.key in known]
        told = {str(row.measure_key): row for row in response.results.all()}
        for change in self.changes:
            row = told.get(change.key)
            for name in ("before", "after"):
                self.fields[f"{name}-{change.key}"] = forms.CharField(
                    label=_("Before") if name == "before" else _("After"),
                    required=False,
                    max_length=30,
                    initial=typed_number(getattr(row, name)) if row else "",
                    widget=forms.TextInput({"class": "input input--n", "inputmode": "decimal"}),
                )
                self.fields[f"{name}_on-{change.key}"] = forms.DateField(
                    label=_("Day before") if name == "before" else _("Day after"),
                    required=False,
                    initial=getattr(row, f"{name}_on") if row else None,
                    widget=day_input(),
                )

    @property
    def rows(self) -> list[dict]:
        """Each KPI row with its four fields, for the template."""
        names = ("before", "before_on", "after", "after_on")
        return [
            {"change": change, "fields": [self[f"{name}-{change.key}"] for name in names]}
            for change in self.changes
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.measured = []
        for change in self.changes:
            given = {
                name: cleaned.get(f"{name}-{change.key}")
                for name in ("before", "after", "before_on", "after_on")
            }
            if not given["before"] and not given["after"]:
                continue
            numbers = {}
            for name in ("before", "after"):
                try:
                    numbers[name] = parse_number(given[name], translation.get_language())
                except forms.ValidationError as wrong:
                    self.add_error(f"{name}-{change.key}", wrong)
            if not given["after_on"] and f"after_on-{change.key}" not in self.errors:
                self.add_error(f"after_on-{change.key}", _("Say on which day you measured it."))
            if len(numbers) == 2 and given["after_on"]:
                self.measured.append(
                    Measured(
                        measure_key=change.key,
                        before=numbers["before"],
                        after=numbers["after"],
                        before_on=given["before_on"],
                        after_on=given["after_on"],
                    )
                )
        return cleaned


class TryForm(forms.Form):
    """A reader's private note."""

    note = forms.CharField(
        label=gettext_lazy("Note to myself"),
        help_text=gettext_lazy("Only you read it."),
        required=False,
        max_length=MAX_TRY_NOTE,
        widget=forms.Textarea({"class": "area area--s", "rows": 2, "dir": "auto"}),
    )


class CoachingForm(forms.Form):
    """A campaigner's word to a distributor's contacts."""

    text = forms.CharField(
        label=gettext_lazy("What you want to say"),
        max_length=MAX_COACHING,
        widget=forms.Textarea({"class": "area", "rows": 5, "dir": "auto"}),
    )


class CoachingNoteForm(forms.Form):
    """A note in the coaching log; nobody of the distributor reads it."""

    whom = forms.CharField(
        label=gettext_lazy("With whom"),
        max_length=MAX_WHOM,
        widget=forms.TextInput({"class": "input", "dir": "auto", "list": "contacts"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=MAX_TEXT,
        widget=forms.Textarea({"class": "area", "rows": 5, "dir": "auto"}),
    )
    next_on = forms.DateField(
        label=gettext_lazy("Next date"),
        help_text=gettext_lazy("It comes back to your desk a week before."),
        required=False,
        widget=day_input(),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Enter a day, for example 2026-12-31.")},
    )
