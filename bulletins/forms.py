"""Forms of single views; those of a story's parts are in bulletins.parts."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from bulletins.completeness import RECORDABLE
from bulletins.flow.board import COLUMNS
from bulletins.models import Audience
from bulletins.models.flow import MOST_LIMIT
from network.languages import codes
from network.permissions import standing

# What an editor may mark as not recorded, by name.
UNRECORDED = {
    "seen": gettext_lazy("Place and date"),
    "gap": gettext_lazy("Gap"),
    "causes": gettext_lazy("Causes"),
    "countermeasures": gettext_lazy("Countermeasures"),
    "results": gettext_lazy("Results"),
    "learned": gettext_lazy("What we learned"),
}


class StartForm(forms.Form):
    """Firm, language and audience of a new story; never public (R7)."""

    distributor = forms.ChoiceField(
        label=gettext_lazy("Distributor"), widget=forms.Select({"class": "select"})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the story"),
        help_text=gettext_lazy("Write in the language you write best; others translate."),
        widget=forms.Select({"class": "select"}),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=[
            (Audience.NETWORK, Audience.NETWORK.label),
            (Audience.REGION, Audience.REGION.label),
        ],
        widget=forms.RadioSelect,
        initial=Audience.NETWORK,
        help_text=gettext_lazy(
            "A story for your region only cannot enter the bulletin. You can change this later."
        ),
    )

    def __init__(self, data=None, *, user, language: str):
        firms = {m.distributor_id: m.distributor for m in standing(user).memberships}
        first = next(iter(firms), None)
        super().__init__(data, auto_id="%s", initial={"distributor": first, "language": language})
        self.firms = {str(pk): firm for pk, firm in firms.items()}
        self.fields["distributor"].choices = [(pk, firm.name) for pk, firm in self.firms.items()]
        if len(self.firms) == 1:
            self.fields["distributor"].widget = forms.HiddenInput()
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names[code]) for code in codes()]

    def clean_distributor(self):
        return self.firms[self.cleaned_data["distributor"]]


class SubmitForm(forms.Form):
    """The two ticks that every submission asks anew."""

    people_agreed = forms.BooleanField(
        required=False,
        label=gettext_lazy("The people in the pictures agreed, or cannot be recognised."),
    )
    no_customer_data = forms.BooleanField(
        required=False,
        label=gettext_lazy("No customer’s name or number plate stands in text, pictures or files."),
    )


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3}),
    )


class ArchiveForm(forms.Form):
    """What the source of an archive case does not record; for editors."""

    is_archive = forms.BooleanField(
        required=False, label=gettext_lazy("This story is told from an archive")
    )
    parts = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Not recorded in the source"),
        choices=[(name, UNRECORDED[name]) for name in RECORDABLE],
        widget=forms.CheckboxSelectMultiple,
    )


class LimitsForm(forms.Form):
    """How many stories stand in each stage at most; empty for no limit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for stage in COLUMNS:
            self.fields[stage.value] = forms.IntegerField(
                label=stage.label,
                required=False,
                min_value=1,
                max_value=MOST_LIMIT,
                widget=forms.NumberInput({"class": "input input--n"}),
            )


class CoAuthorForm(forms.Form):
    """Which colleague is asked to write along, with a word."""

    person = forms.ChoiceField(
        label=gettext_lazy("Colleague"), widget=forms.Select({"class": "select"})
    )
    words = forms.CharField(
        label=gettext_lazy("What about"),
        required=False,
        max_length=400,
        widget=forms.TextInput({"class": "input", "dir": "auto"}),
    )

    def __init__(self, data=None, *, colleagues):
        super().__init__(data)
        self.people = {str(person.pk): person for person in colleagues}
        self.fields["person"].choices = [("", gettext_lazy("Choose a colleague"))] + [
            (pk, person.display_name) for pk, person in self.people.items()
        ]

    def clean_person(self):
        return self.people[self.cleaned_data["person"]]


class NewAuthorForm(forms.Form):
    """Which stories of somebody who left get which author, and why."""

    stories = forms.MultipleChoiceField(
        label=gettext_lazy("Stories"), widget=forms.CheckboxSelectMultiple
    )
    author = forms.ChoiceField(
        label=gettext_lazy("New author"), widget=forms.Select({"class": "select"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("It stands in the stories’ log."),
        widget=forms.TextInput({"class": "input", "dir": "auto"}),
    )

    def __init__(self, data=None, *, group, members):
        """`group` is a prefix of its own; `members` those of the distributor."""
        rows = [(row.case.number, row.title) for row in group.rows]
        super().__init__(
            data, prefix=group.key, initial={"stories": [number for number, _title in rows]}
        )
        self.cases = {row.case.number: row.case for row in group.rows}
        self.people = {str(person.pk): person for person in members}
        self.fields["stories"].choices = rows
        self.fields["author"].choices = [("", gettext_lazy("Choose a member"))] + [
            (pk, person.display_name) for pk, person in self.people.items()
        ]

    def clean_author(self):
        return self.people[self.cleaned_data["author"]]
