"""What a campaigner types about a delivery by other means."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HandDeliveryForm(forms.Form):
    """When, to whom, how."""

    given_on = forms.DateField(
        label=_("Delivered on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Enter a day, for example 2026-12-31.")},
    )
    given_to = forms.CharField(
        label=_("To whom"), max_length=120, widget=forms.TextInput(attrs={"class": "input"})
    )
    way = forms.CharField(
        label=_("How"),
        help_text=_("For example: printed and handed over, or by another address."),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
