"""Forms of what follows a session."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from network.models import User
from workshops.models import EvaluationForm, QuestionKind, RevokeCategory
from workshops.questions import LEVELS, words_of
from workshops.transitions.evaluating import MAX_WORDS

MAX_REASON = 2000  # characters
MAX_PRACTICE = 10_000


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"class": "area area--s", "rows": rows, "dir": "auto"})


def _day() -> forms.DateInput:
    return forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")


class AnswersForm(forms.Form):
    """An evaluation: a field a question, named by its key."""

    def __init__(self, data=None, *, asked: EvaluationForm):
        super().__init__(data)
        for question in asked.questions.all():
            words = words_of(question)
            if question.kind == QuestionKind.SCALE:
                made = forms.TypedChoiceField(
                    label=words.text,
                    choices=list(LEVELS.items()),
                    coerce=int,
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose one answer.")},
                )
            else:
                made = forms.CharField(
                    label=words.text, required=False, max_length=MAX_WORDS, widget=_area()
                )
            made.kind, made.language = question.kind, words.language
            self.fields[str(question.key)] = made


class ReflectionForm(forms.Form):
    """R35: gap, from what to what by when, owner, action."""

    gap_from = forms.CharField(label=_("How it is"), max_length=2000, widget=_area())
    gap_to = forms.CharField(label=_("How it shall be"), max_length=2000, widget=_area())
    due_on = forms.DateField(label=_("By when"), widget=_day())
    owner = forms.ModelChoiceField(
        label=_("Whose it is"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.Select({"class": "select"}),
    )
    action = forms.CharField(label=_("What will be done"), max_length=2000, widget=_area())

    def __init__(self, data=None, *, people, today: datetime.date, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["owner"].queryset = people
        self.fields["owner"].label_from_instance = lambda one: one.display_name
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()


class FollowUpForm(forms.Form):
    """What came of a reflection; with a day it goes on."""

    words = forms.CharField(label=_("What came of it"), max_length=2000, widget=_area())
    due_on = forms.DateField(
        label=_("Not yet: the new day"),
        help_text=_("Leave it empty where it is done."),
        required=False,
        widget=_day(),
    )


class PracticeForm(forms.Form):
    """What an attendee did with it: words, a file, a story; one of them at least."""

    text = forms.CharField(
        label=_("What you did, and what came of it"),
        required=False,
        max_length=MAX_PRACTICE,
        widget=_area(8),
    )
    story = forms.CharField(
        label=_("Number of your case story"),
        help_text=_("Where a story of yours tells of it, such as 2026-0533."),
        required=False,
        max_length=12,
        widget=forms.TextInput({"class": "input", "dir": "ltr"}),
    )
    file = forms.FileField(
        label=_("A file"),
        help_text=_("A picture, PDF, Word, Excel or PowerPoint file, or a film; at most 25 MB."),
        required=False,
        widget=forms.ClearableFileInput({"class": "input"}),
    )


class JudgeForm(forms.Form):
    """Yes, or what is missing."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("send_back", "")])
    words = forms.CharField(
        label=_("Your words to the attendee"),
        help_text=_("Where you send it back, say what is missing."),
        required=False,
        max_length=MAX_REASON,
        widget=_area(),
    )


class MoreTimeForm(forms.Form):
    """Another last day, and why."""

    due_on = forms.DateField(label=_("The new last day"), widget=_day())
    reason = forms.CharField(label=_("Why"), max_length=MAX_REASON, widget=_area())


class RevokeForm(forms.Form):
    """Why a certificate no longer counts: a kind for everybody, words for the holder."""

    category = forms.ChoiceField(
        label=_("Kind of reason"),
        help_text=_("Whoever checks the certificate reads this."),
        choices=RevokeCategory.choices,
        widget=forms.Select({"class": "select"}),
    )
    reason = forms.CharField(
        label=_("The reason"),
        help_text=_("The holder reads it, nobody else outside."),
        max_length=MAX_REASON,
        widget=_area(),
    )


class ReasonForm(forms.Form):
    """Why something that was done is undone."""

    reason = forms.CharField(label=_("The reason"), max_length=MAX_REASON, widget=_area())
