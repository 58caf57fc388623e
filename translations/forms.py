"""The glossary's form: who may write which language, and English always there."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from translations.permissions import can_edit_term, can_edit_term_in


class TermForm(WagtailAdminModelForm):
    """A term. Its key is what others know it by, and stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = self.instance.pk is not None


class TermTextForm(WagtailAdminModelForm):
    """A term in one language; shown but not asked where this person may not write it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_locked = False
        user = self.for_user
        if user is None or can_edit_term(user):
            return
        if self.instance.language:
            self.is_locked = not can_edit_term_in(user, self.instance.language)
            # A text stays in its language: another one would take it out of their hands.
            self.fields["language"].disabled = True
        else:
            field = self.fields["language"]
            field.choices = [
                (code, name)
                for code, name in field.choices
                if not code or can_edit_term_in(user, code)
            ]
        if self.is_locked:
            for field in self.fields.values():
                field.disabled = True


class TermTextFormSet(BaseChildFormSet):
    """A term's languages."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.is_locked and "DELETE" in form.fields:
            form.fields["DELETE"].disabled = True

    def clean(self):
        """Raises ValidationError for a term without English, and for a language given twice."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form not in self.deleted_forms]
        languages = [form.cleaned_data.get("language") for form in kept if form.cleaned_data]
        if "en" not in languages:
            raise ValidationError(
                _("A term needs its preferred English form: add it in English too.")
            )
