"""A list of choices in a JSON column."""

from django import forms
from django.db import models


class ChoicesField(models.JSONField):
    """Values of `choices_class` (TextChoices), stored as a list in its order."""

    def __init__(self, *args, choices_class=None, **kwargs):
        self.choices_class = choices_class
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        """Boxes to tick."""
        return forms.MultipleChoiceField(
            choices=self.choices_class.choices,
            required=False,
            label=self.verbose_name.capitalize(),
            widget=forms.CheckboxSelectMultiple,
        )
