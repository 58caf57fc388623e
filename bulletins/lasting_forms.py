"""The form of 'does it last?'."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy

from bulletins.models import Lasts
from bulletins.response_forms import day_input
from bulletins.transitions.lasting import MAX_WORDS
from network.numbers import parse_number


class LastingForm(forms.Form):
    """What became of the results, with the story's own KPI rows as they are now."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What became of the results?"),
        choices=Lasts.choices,
        widget=forms.RadioSelect,
    )
    measured_on = forms.DateField(
        label=gettext_lazy("Measured on"), required=False, widget=day_input()
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy("Readers see it with the date. A worse figure helps them too."),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )

    def __init__(self, data=None, *, changes, known):
        """`changes` are the story's rows (figures.Change), `known` the keys of its results."""
        super().__init__(data, auto_id="%s")
        self.changes = [change for change in changes if change.key in known]
        for change in self.changes:
            self.fields[f"now-{change.key}"] = forms.CharField(
                label=change.label,
                required=False,
                max_length=30,
                widget=forms.TextInput({"class": "input input--n", "inputmode": "decimal"}),
            )

    @property
    def rows(self) -> list[dict]:
        """Each KPI row with its field."""
        return [{"change": c, "field": self[f"now-{c.key}"]} for c in self.changes]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.figures = {}
        for change in self.changes:
            typed = cleaned.get(f"now-{change.key}")
            if typed:
                try:
                    self.figures[change.key] = parse_number(typed, translation.get_language())
                except forms.ValidationError as wrong:
                    self.add_error(f"now-{change.key}", wrong)
        return cleaned
