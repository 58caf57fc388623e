"""What a coordinator says of a programme."""

import uuid
from collections.abc import Sequence

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.languages import autonym, direction, tag
from network.models import ProcessStep, Topic
from workshops.models import Audience, Entry, Level, Need, PlaceKind, Programme
from workshops.session_forms.fields import NUMBER, SELECT, TEXT
from workshops.transitions.sessions import MAX_SEATS
from workshops.transitions.wording import TEXTS

MAX_YEARS, MAX_DAYS, MAX_PROOF_DAYS = 60, 100, 1000
MAX_SUMMARY = 600  # characters: two lines of the catalogue
# English whatever the page's language: the source that translators begin from.
IN_ENGLISH = {"lang": "en", "dir": "ltr"}


def _number(label, help_text, *, least: int = 1, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(NUMBER),
    )


def _ticks(label, help_text, choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _one_of(label, help_text, choices) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=choices, widget=forms.Select(SELECT)
    )


def _rows(label, help_text, queryset) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        help_text=help_text,
        queryset=queryset,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _words_in(code: str) -> dict[str, forms.CharField]:
    """Name and summary in another language than English."""
    shown = {"lang": tag(code), "dir": direction(code)}
    names = {"language": autonym(code)}
    help_text = _(
        "Readers see it once all of the page is translated and a second person has read it. "
        "Empty: translators write it."
    )
    return {
        f"title_{code}": forms.CharField(
            label=gettext("Name in %(language)s") % names,
            help_text=help_text,
            max_length=255,
            required=False,
            widget=forms.TextInput(TEXT | shown),
        ),
        f"summary_{code}": forms.CharField(
            label=gettext("Summary in %(language)s") % names,
            help_text=help_text,
            max_length=MAX_SUMMARY,
            required=False,
            widget=forms.Textarea({"class": "area area--s", "rows": 3} | shown),
        ),
    }


class ProgrammeForm(forms.Form):
    """All that a programme says of itself but its text.

    `seen` is the mark of what the form began from; `once` makes a second click
    add nothing; the address is chosen once, and never changes.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    title = forms.CharField(
        label=_("Name"),
        help_text=_("In English; translators bring it into the other languages."),
        max_length=255,
        widget=forms.TextInput(TEXT | IN_ENGLISH),
    )
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences in English, shown in the catalogue."),
        max_length=MAX_SUMMARY,
        required=False,
        widget=forms.Textarea({"class": "area area--s", "rows": 3} | IN_ENGLISH),
    )
    name = forms.CharField(
        label=_("Short name"),
        help_text=_("In English, for desks and logs; empty: the name."),
        max_length=120,
        required=False,
        widget=forms.TextInput(TEXT | IN_ENGLISH),
    )
    key = forms.SlugField(
        label=_("Address"),
        help_text=_(
            "Small letters, digits and hyphens, such as parts-basics; empty: made of the name. "
            "It never changes."
        ),
        max_length=60,
        required=False,
        widget=forms.TextInput(TEXT | {"dir": "ltr"}),
    )

    audience = _ticks(
        _("For whom"),
        _("Shown in the catalogue, and to filter by; nobody is kept out by it."),
        Audience.choices,
    )
    level = _one_of(
        _("Level"),
        _("How much knowledge and skill it builds on."),
        Level.choices,
    )
    process_steps = _ticks(
        _("Process steps"),
        _("The steps of the Silver Book that it is about."),
        ProcessStep.choices,
    )
    topics = _rows(
        _("Topics"),
        _("They lead from sections and stories of the same topic to this programme."),
        Topic.objects.all(),
    )

    min_years = _number(
        _("Years of experience"),
        _("Whoever has fewer, or none confirmed, reads how many are missing; empty: none."),
        least=0,
        most=MAX_YEARS,
    )
    requires = _rows(
        _("Comes after"),
        _("Programmes that one must have done, and have confirmed, before this one."),
        Programme.objects.none(),
    )
    entry = _one_of(
        _("Entry"),
        _("Who says yes before a seat is given."),
        Entry.choices,
    )
    asks = _ticks(
        _("Asked of who comes"),
        _("Only the coordinator reads the answers, and they are erased after the session."),
        Need.choices,
    )

    place_kind = _one_of(
        _("Kind"),
        _("Where one takes part; a session may say otherwise."),
        PlaceKind.choices,
    )
    days = _number(_("Days"), _("A new session begins with so many days."), most=MAX_DAYS)
    seats = _number(_("Seats"), _("A new session begins with so many seats."), most=MAX_SEATS)

    fee_amount = forms.DecimalField(
        label=_("Fee a person"),
        help_text=_("Empty: it costs nothing. Sessions that are open already keep their fee."),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput({"class": "input input--n", "step": "0.01"}),
    )
    fee_currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        help_text=_("Three letters, such as EUR."),
        required=False,
        widget=forms.TextInput({"class": "input input--n", "maxlength": 3, "dir": "ltr"}),
        error_messages={"invalid": _("A currency has three capital letters, such as EUR.")},
    )
    fee_share = _number(
        _("The distributor bears, per cent"),
        _("The rest is the dealer’s or the person’s; half each unless you say otherwise."),
        least=0,
        most=100,
    )

    has_evaluation = forms.BooleanField(
        label=_("Ask those who came what they think of it"),
        help_text=_("The questions have a page of their own."),
        required=False,
    )
    proof_days = _number(
        _("Days to show practice"),
        _("The certificate waits until practice is shown within so many days; empty: none asked."),
        most=MAX_PROOF_DAYS,
    )
    gives_certificate = forms.BooleanField(
        label=_("Give a certificate"),
        help_text=_("To whoever attended and, where it is asked, showed practice."),
        required=False,
    )
    pass_mark = _number(
        _("Pass mark, per cent"),
        _("So many of the quiz’s answers must be right; empty: 80."),
        most=100,
    )
    is_yearly_duty = forms.BooleanField(
        label=_("A duty of every year"),
        help_text=_("Everybody who works at a dealer owes it once a calendar year, from today on."),
        required=False,
    )

    GROUPS = (
        ("name", _("Name and summary"), ("title", "summary", "name", "key")),
        ("for", _("In the catalogue"), ("audience", "level", "process_steps", "topics")),
        ("asks", _("What it asks"), ("min_years", "requires", "entry", "asks")),
        ("sessions", _("Kind and sessions"), ("place_kind", "days", "seats")),
        ("fee", _("Fee"), ("fee_amount", "fee_currency", "fee_share")),
        ("after", _("Afterwards"), ("has_evaluation", "proof_days", "gives_certificate")),
        ("lab", _("Online lab"), ("pass_mark", "is_yearly_duty")),
    )
    #: What a new programme begins with.
    BEGIN = {
        "level": Level.PRACTICE,
        "entry": Entry.OPEN,
        "place_kind": PlaceKind.PERSON,
        "fee_share": 50,
        "pass_mark": 80,
        "has_evaluation": True,
        "gives_certificate": True,
    }

    def __init__(
        self,
        data=None,
        *,
        initial=None,
        programme: Programme | None = None,
        titles=None,
        languages: Sequence[str] = (),
    ):
        """`languages` besides English are those in which this person may name it as well."""
        initial = self.BEGIN | {"once": uuid.uuid4()} if programme is None else initial
        super().__init__(data, initial=initial, auto_id="programme-%s")
        self.programme = programme
        if programme is not None:
            del self.fields["key"], self.fields["once"]
            if programme.parent_id is not None:
                del self.fields["title"], self.fields["summary"]
        self.languages = languages if "title" in self.fields else ()
        for code in self.languages:
            self.fields |= _words_in(code)
        field = self.fields["requires"]
        field.queryset = candidates(programme)
        names = titles or {}
        field.label_from_instance = lambda one: names[one.pk].title if one.pk in names else one.name

    @property
    def groups(self) -> list[dict]:
        """Headings with their fields, in the order of the page."""
        further = [f"{name}_{code}" for code in self.languages for name in TEXTS]
        members = {key: names for key, _label, names in self.GROUPS}
        members["name"] = (*members["name"], *further)
        return [
            {
                "id": key,
                "label": label,
                "fields": [self[n] for n in members[key] if n in self.fields],
            }
            for key, label, _names in self.GROUPS
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("fee_amount") and not cleaned.get("fee_currency"):
            if "fee_currency" not in self.errors:
                self.add_error("fee_currency", _("A fee has a currency."))
        if "key" in self.fields and "key" not in self.errors and "title" in cleaned:
            cleaned["key"] = cleaned["key"].lower() or slugify(cleaned["title"])[:60].strip("-")
            if not cleaned["key"]:
                self.add_error("key", _("The name gives no address. Choose one."))
        return cleaned

    def values(self) -> dict:
        """As `make_programme` and `change_programme` take them."""
        given = {n: v for n, v in self.cleaned_data.items() if n not in ("seen", "once", "key")}
        if not given["name"]:
            same = self.programme.name if self.programme is not None else ""
            given["name"] = given.get("title", same)[:120].strip()
        given["words"] = {
            code: {name: given.pop(f"{name}_{code}") for name in TEXTS} for code in self.languages
        }
        given["fee_currency"] = given["fee_currency"] if given["fee_amount"] else ""
        given["fee_share"] = 50 if given["fee_share"] is None else given["fee_share"]
        given["pass_mark"] = 80 if given["pass_mark"] is None else given["pass_mark"]
        return given


class ArchiveForm(forms.Form):
    """Why a programme is no longer given."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever wished to be told, or asked for an exception, reads it."),
        max_length=2000,
        widget=forms.Textarea({"class": "area area--s", "rows": 3, "dir": "auto"}),
    )


def candidates(programme: Programme | None):
    """What a programme may come after: current global ones, and what it asks for as it is."""
    rows = Programme.objects.filter(archived_at__isnull=True, parent__isnull=True)
    if programme is None:
        return rows
    mine = programme.requires.values_list("pk", flat=True)
    return (rows | Programme.objects.filter(pk__in=list(mine))).exclude(pk=programme.pk)
