"""The parts of the A3 sheet, one form each, in the order of guide.md 'Form'."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bulletins.blocks import MAX_CAUSES, MAX_RESULTS
from bulletins.completeness import untitled
from bulletins.parts.base import PartForm
from bulletins.parts.fields import LineField, PartialDateField, ProseField, TextField
from bulletins.parts.rows import (
    CauseRow,
    CountermeasureRow,
    FileRow,
    GapRow,
    PictureRow,
    ResultRow,
)
from network.models import ProcessStep

MAX_PICTURES = 6
MAX_FILES = 6
MAX_COUNTERMEASURES = 12


class TitleForm(PartForm):
    """Title and summary."""

    part = "title"
    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("What changed, in a few words: “First reply before noon”."),
    )
    summary = TextField(
        label=gettext_lazy("Summary"),
        small=True,
        max_length=500,
        help_text=gettext_lazy("One or two sentences. Readers see them in lists and in the mail."),
    )

    def plain_values(self) -> dict:
        values = super().plain_values()
        if "title" in values:
            values["title"] = values["title"] or untitled()
        return values


class BackgroundForm(PartForm):
    """Where and when it was seen, and what the firm is."""

    part = "background"
    ASKED_AS = {"seen_on": "seen"}
    place_seen = LineField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Where this was seen: a dealer, a workshop, a warehouse."),
    )
    seen = PartialDateField(
        label=gettext_lazy("Date"),
        help_text=gettext_lazy("As exactly as you know it. The year alone is enough."),
    )
    background = ProseField(
        label=gettext_lazy("Background"),
        help_text=gettext_lazy(
            "What a reader in another country must know. Part paragraphs by an empty line."
        ),
    )

    def plain_values(self) -> dict:
        values = super().plain_values()
        if "seen" in values:
            seen = values.pop("seen")
            values |= {
                "seen_on": seen.day if seen else None,
                "seen_precision": seen.precision if seen else "day",
            }
        return values


class SituationForm(PartForm):
    """What was so before."""

    part = "situation"
    situation = ProseField(
        label=gettext_lazy("Current situation"),
        help_text=gettext_lazy("What one could see before you began: facts and figures."),
    )


class TargetForm(PartForm):
    """From what to what, by when."""

    part = "target"
    target = ProseField(
        label=gettext_lazy("Target"),
        small=True,
        help_text=gettext_lazy("What you wanted to reach, in a sentence or two."),
    )
    ROWS = {"gap": GapRow}
    MAX_ROWS = {"gap": 6}


class CausesForm(PartForm):
    """One to six causes, each with one to five whys (R2)."""

    part = "causes"
    causes_text = ProseField(
        label=gettext_lazy("Why it happened"),
        small=True,
        help_text=gettext_lazy("In a sentence or two; the whys below say it exactly."),
    )
    ROWS = {"causes": CauseRow}
    MAX_ROWS = {"causes": MAX_CAUSES}


class DidForm(PartForm):
    """What was changed, and what was tried that did not work."""

    part = "did"
    did = ProseField(
        label=gettext_lazy("Describe the change so that another team could repeat it"),
        help_text=gettext_lazy("Who does what differently, from when. Leave results for part 6."),
    )
    tried = ProseField(
        label=gettext_lazy("What did you try that did not work?"),
        small=True,
        help_text=gettext_lazy("Readers learn most from this. Two sentences are enough."),
    )
    nothing_tried = forms.BooleanField(label=gettext_lazy("Nothing else was tried"), required=False)
    ROWS = {"countermeasures": CountermeasureRow}
    MAX_ROWS = {"countermeasures": MAX_COUNTERMEASURES}

    def clean(self):
        cleaned = super().clean()
        asked = "countermeasures" not in self.sheet.unrecorded
        if asked and not cleaned.get("tried") and not cleaned.get("nothing_tried"):
            self.miss("tried", _("Write at least one sentence, or tick “Nothing else was tried”."))
        return cleaned


class HappenedForm(PartForm):
    """Before → after, or not measured (R3)."""

    part = "happened"
    happened = ProseField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("Also what got worse, and what you cannot explain."),
    )
    not_measured = forms.BooleanField(label=gettext_lazy("Not measured"), required=False)
    ROWS = {"results": ResultRow}
    MAX_ROWS = {"results": MAX_RESULTS}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("not_measured") and self.filled("results"):
            self.miss("not_measured", _("Either give figures, or tick “Not measured”."))
        return cleaned

    def accepted(self) -> dict:
        values = super().accepted()
        taken: set[str] = set()
        for row in values["results"]:
            if row["value"]["measure_key"] in taken:
                row["value"]["measure_key"] = row["id"]  # a copied row is a measure of its own
            taken.add(row["value"]["measure_key"])
        return values


class LearnedForm(PartForm):
    """What one keeps, and what others must adapt."""

    part = "learned"
    learned = ProseField(
        label=gettext_lazy("What we learned"),
        help_text=gettext_lazy("What you would tell a colleague before they begin."),
    )
    adapt = ProseField(
        label=gettext_lazy("What another distributor should adapt"),
        small=True,
        help_text=gettext_lazy("What is so only in your country or firm."),
    )


class CheckForm(PartForm):
    """Steps, topics, pictures and files, co-authors. The ticks are asked at submission only."""

    part = "check"
    steps = forms.MultipleChoiceField(
        label=gettext_lazy("Process steps"),
        required=False,
        choices=ProcessStep.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ROWS = {"pictures": PictureRow, "files": FileRow}
    MAX_ROWS = {"pictures": MAX_PICTURES, "files": MAX_FILES}

    def prepare(self) -> None:
        self.fields["topics"].choices = [(t.slug, t.name) for t in self.sheet.topics]

    def clean(self):
        cleaned = super().clean()
        if "steps" in cleaned and not cleaned["steps"]:
            self.miss("steps", _("Choose at least one process step."))
        return cleaned


FORMS: dict[str, type[PartForm]] = {
    form.part: form
    for form in (
        TitleForm,
        BackgroundForm,
        SituationForm,
        TargetForm,
        CausesForm,
        DidForm,
        HappenedForm,
        LearnedForm,
        CheckForm,
    )
}
PARTS = list(FORMS)
# Heads of the parts; those between title and check are numbered 1 to 7 on the sheet.
HEADS = {
    "title": pgettext_lazy("part", "Title and summary"),
    "background": pgettext_lazy("part", "Background"),
    "situation": pgettext_lazy("part", "Current situation"),
    "target": pgettext_lazy("part", "Target"),
    "causes": pgettext_lazy("part", "Why it happened"),
    "did": pgettext_lazy("part", "What you did"),
    "happened": pgettext_lazy("part", "What happened"),
    "learned": pgettext_lazy("part", "What you keep"),
    "check": pgettext_lazy("part", "Check and submit"),
}


def number_of(part: str) -> int | None:
    """1 to 7 as on the sheet; None for title and check."""
    return PARTS.index(part) if 0 < PARTS.index(part) < 8 else None


def part_names() -> list[tuple[str, str]]:
    """(part, head) of the seven parts of the sheet."""
    return [(part, str(HEADS[part])) for part in PARTS if number_of(part)]
