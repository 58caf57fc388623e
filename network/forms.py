"""What people type about days away and clocks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network.models import Absence, ReviewArea


class AbsenceForm(forms.ModelForm):
    """From, until, and why."""

    class Meta:
        model = Absence
        fields = ["since", "until", "note"]
        labels = {
            "since": _("First day away"),
            "until": _("Last day away"),
            "note": _("Note"),
        }
        help_texts = {"note": _("Read by you and by the leads of your review area only.")}
        widgets = {
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return cleaned


class ClockForm(forms.ModelForm):
    """How many working days an area gives, within the network's limits."""

    class Meta:
        model = ReviewArea
        fields = ["area_days", "neutral_days", "author_days"]
        labels = {
            "area_days": _("Working days for the area review"),
            "neutral_days": _("Working days for the neutral review"),
            "author_days": _("Working days for the author’s changes"),
        }
