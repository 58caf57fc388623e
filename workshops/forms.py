"""Forms of the workshops."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.languages import autonym, codes, unique
from network.models import Distributor
from network.permissions import managed_distributors
from network.working_days import local_day
from workshops.models import CourseRecord, Need, Programme
from workshops.permissions import coordinates_any
from workshops.titles import titles_for

MAX_NEED = 300  # characters


class NeedsForm(forms.Form):
    """What a programme asks of who comes; only the coordinator reads it."""

    def __init__(self, data=None, *, programme: Programme):
        super().__init__(data, auto_id="need-%s")
        for need in programme.needs:
            self.fields[need.value] = forms.CharField(
                label=Need(need).label,
                required=False,
                max_length=MAX_NEED,
                widget=forms.Textarea({"class": "area area--s", "rows": 2, "dir": "auto"}),
            )


class DecisionForm(forms.Form):
    """A manager's yes or no to a request; no needs a reason."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    reason = forms.CharField(
        label=_("Reason, where you say no"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )


class TakeOutForm(forms.Form):
    """Why somebody's place is given up for them."""

    reason = forms.CharField(
        label=_("Reason, which the person reads"),
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )


class AskForm(forms.Form):
    """Why a person should come although something is missing."""

    words = forms.CharField(
        label=_("Why you should come all the same"),
        help_text=_("The coordinator reads it, and whoever plans the next dates."),
        max_length=2000,
        widget=forms.Textarea({"class": "area", "rows": 5, "dir": "auto"}),
    )


class ExceptionForm(forms.Form):
    """A coordinator's yes until a day, or no; both with a reason."""

    decision = forms.ChoiceField(choices=[("grant", ""), ("refuse", "")])
    until = forms.DateField(
        label=_("May enrol up to and including"),
        required=False,
        widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason, which the person reads"),
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("decision") == "grant" and not cleaned.get("until"):
            if "until" not in self.errors:
                self.add_error("until", _("Say until when."))
        return cleaned


class CourseForm(forms.ModelForm):
    """A course that one did before."""

    class Meta:
        model = CourseRecord
        fields = ["programme", "done_on"]
        widgets = {
            "programme": forms.Select({"class": "select"}),
            "done_on": forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data=None, *, user, order: list[str]):
        super().__init__(data)
        programmes = list(Programme.objects.in_catalogue().visible_to(user))
        titles = titles_for(programmes, order)
        field = self.fields["programme"]
        field.queryset = Programme.objects.filter(pk__in=[one.pk for one in programmes])
        field.label_from_instance = lambda one: titles[one.pk].title
        field.label, field.empty_label = _("Course"), "–"
        today = local_day(timezone.now(), user.time_zone)
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()


class VersionForm(forms.Form):
    """Of which programme, for which distributor and in which language a version is made."""

    parent = forms.ModelChoiceField(
        Programme.objects.none(),
        label=_("Global programme"),
        widget=forms.Select({"class": "select"}),
    )
    distributor = forms.ModelChoiceField(
        Distributor.objects.none(),
        label=_("Distributor"),
        widget=forms.Select({"class": "select"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("The version is written in one language, and begins as a copy of that page."),
        widget=forms.Select({"class": "select"}),
    )

    def __init__(self, data=None, *, user, order: list[str]):
        super().__init__(data)
        programmes = list(Programme.objects.in_catalogue().filter(parent=None))
        titles = titles_for(programmes, order)
        self.fields["parent"].queryset = Programme.objects.filter(
            pk__in=[one.pk for one in programmes]
        )
        self.fields["parent"].label_from_instance = lambda one: titles[one.pk].title
        firms = Distributor.objects.filter(is_active=True)
        if not coordinates_any(user):
            firms = firms.filter(pk__in=[firm.pk for firm in managed_distributors(user)])
        self.fields["distributor"].queryset = firms.order_by("name")
        written = [code for code in [*order, *codes()] if code in codes()]
        self.fields["language"].choices = [(code, autonym(code)) for code in unique(written)]
