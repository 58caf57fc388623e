"""What is typed after a visit: what was seen, and what becomes of it."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletins.regional_forms import DayField, LanguageForm, ProposalForm

__all__ = ["BeginForm", "ProposalForm", "VisitForm"]
MAX_NOTE = 3000  # characters: it is printed on one page with all else


class VisitForm(forms.Form):
    """When, and what was seen."""

    visited_on = DayField(label=_("Visited on"))
    text = forms.CharField(
        label=_("What you saw"),
        help_text=_("What works, what does not, whom you spoke with. No names of customers."),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_visited_on(self):
        """Not a day to come."""
        day = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class BeginForm(LanguageForm):
    """For whom a story is begun, in which language."""

    member = forms.ChoiceField(label=_("Author"), widget=forms.Select(attrs={"class": "select"}))
    field_order = ["member", "language"]

    def __init__(self, *args, members=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [
            (one.pk, f"{one.user.display_name}, {one.distributor.name}") for one in members
        ]
