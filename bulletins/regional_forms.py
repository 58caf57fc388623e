"""Forms of the region's desk, of invited authors, and of news."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from bulletins.issue_forms import is_of_this_century
from bulletins.models import Answer
from network.languages import autonym, codes
from network.localize import date_text

SENTENCE = {"class": "input", "dir": "auto"}


def cut(text: str) -> list[str]:
    """Paragraphs, cut at empty lines."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _languages() -> list[tuple[str, str]]:
    return [(code, autonym(code)) for code in codes()]


class DayField(forms.DateField):
    """A day of this century, as the browser's own field gives it."""

    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")

    def clean(self, value):
        """Raises ValidationError for the ends of the calendar."""
        day = super().clean(value)
        if day and not is_of_this_century(day):
            raise forms.ValidationError(_("Enter a date of this century."))
        return day


class ProposalForm(forms.Form):
    """A story of the area, a month, one sentence."""

    case = forms.ChoiceField(label=_("Story"), widget=forms.Select(attrs={"class": "select"}))
    month = forms.ChoiceField(label=_("For the issue of"))
    sentence = forms.CharField(
        label=_("Why this story"),
        help_text=_("One sentence: what other regions gain from it."),
        max_length=300,
        widget=forms.TextInput(attrs=SENTENCE),
    )

    def __init__(self, *args, stories=(), months=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = list(stories)
        self.fields["month"].widget.attrs["class"] = "select"
        self.fields["month"].choices = [
            (
                first.isoformat(),
                f"{date_text(first, 'month')}: {theme}" if theme else date_text(first, "month"),
            )
            for first, theme in months
        ]

    def clean_month(self) -> datetime.date:
        """Its first day."""
        return datetime.date.fromisoformat(self.cleaned_data["month"])


class AnswerForm(forms.Form):
    """An editor's answer to a proposal."""

    answer = forms.ChoiceField(choices=Answer.choices)
    reason = forms.CharField(required=False, max_length=1000)
    seen = forms.CharField(required=False, max_length=8)


class InvitationForm(forms.Form):
    """Whom, what about, by when."""

    member = forms.ChoiceField(label=_("Author"), widget=forms.Select(attrs={"class": "select"}))
    topic = forms.ChoiceField(
        label=_("Topic"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    sentence = forms.CharField(
        label=_("What about"),
        help_text=_("One sentence that the author reads in the mail."),
        max_length=400,
        widget=forms.TextInput(attrs=SENTENCE),
    )
    wished_on = DayField(label=_("Wished by"), required=False)

    def __init__(self, *args, members=(), topics=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [(m.pk, _member(m)) for m in members]
        self.fields["topic"].choices = [("", _("Any topic")), *((t.pk, str(t)) for t in topics)]


def _member(membership) -> str:
    return f"{membership.user.display_name} · {membership.distributor.name}"


class SupplementForm(forms.Form):
    """A region's page of an issue, in one language."""

    title = forms.CharField(
        label=_("Title"), max_length=150, widget=forms.TextInput(attrs=SENTENCE)
    )
    body = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a new paragraph."),
        max_length=8000,
        widget=forms.Textarea(attrs={"class": "area", "rows": 12, "dir": "auto"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def paragraphs(self) -> list[str]:
        """The text, cut at empty lines."""
        return cut(self.cleaned_data["body"])


class NewsTextForm(forms.Form):
    """Title and text of an item in one language."""

    title = forms.CharField(
        label=_("Title"), max_length=150, widget=forms.TextInput(attrs=SENTENCE)
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("A few lines. An empty line begins a new paragraph."),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "area", "rows": 6, "dir": "auto"}),
    )


class NewsForm(NewsTextForm):
    """An item: for whom, in which language, until when."""

    scope = forms.ChoiceField(
        label=_("For"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    language = forms.ChoiceField(
        label=_("Written in"), widget=forms.Select(attrs={"class": "select"})
    )
    expires_on = DayField(
        label=_("Shown until"), help_text=_("Left empty, it stays."), required=False
    )
    field_order = ["scope", "language", "title", "text", "expires_on"]

    def __init__(self, *args, scopes=(), is_new=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = list(scopes)
        if is_new:
            self.fields["language"].choices = _languages()
        else:
            del self.fields["language"]

    def clean_scope(self) -> tuple[str, int] | None:
        """('region', id), ('area', id), or None for everybody."""
        return parse_scope(self.cleaned_data["scope"])


def parse_scope(text: str) -> tuple[str, int] | None:
    """'region-3' → ('region', 3); '' → None.

    >>> parse_scope("area-12"), parse_scope("")
    (('area', 12), None)
    """
    kind, _dash, pk = text.partition("-")
    return (kind, int(pk)) if kind in ("region", "area") and pk.isdigit() else None


class LanguageForm(forms.Form):
    """The language in which an invited author writes."""

    language = forms.ChoiceField(
        label=_("Written in"), widget=forms.Select(attrs={"class": "select"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = _languages()


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not"),
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "area area--s", "rows": 3, "dir": "auto"}),
    )
