"""The rows of the sheet: gap, cause, countermeasure, result, picture, file."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bulletins.blocks import MAX_WHYS, Precision
from bulletins.parts.base import RowForm, is_uuid
from bulletins.parts.fields import (
    LineField,
    MonthlyField,
    NumberField,
    PartialDateField,
    TextField,
)
from network.localize import typed_number

_ORDER = [Precision.DAY, Precision.MONTH, Precision.YEAR]


class GapRow(RowForm):
    """From what to what, by when."""

    what = LineField(label=gettext_lazy("What"))
    start = NumberField(label=pgettext_lazy("figure", "From"))
    goal = NumberField(label=pgettext_lazy("figure", "To"))
    unit = LineField(label=gettext_lazy("Unit"), max_length=40)
    by = PartialDateField(label=gettext_lazy("By"))

    def check(self) -> None:
        if not self.clean_if("what"):
            self.miss("what", _("Say what is to change."))
        for name in ("start", "goal"):
            if self.clean_if(name) is None:
                self.miss(name, _("Add the number."))
        if not self.clean_if("unit"):
            self.miss("unit", _("Name the unit."))
        if self.clean_if("by") is None:
            self.miss("by", _("Say by when."))

    def accepted(self) -> dict | None:
        if not self.clean_if("what"):
            return None
        by = self.clean_if("by")
        return {
            "what": self.cleaned_data["what"],
            "start": self.clean_if("start"),
            "goal": self.clean_if("goal"),
            "unit": self.clean_if("unit") or "",
            "by": by.last_day if by else None,
        }

    @staticmethod
    def typed(value, language: str) -> dict:
        """A stored row as one types it."""
        return {
            "what": value["what"],
            "start": typed_number(value["start"], language),
            "goal": typed_number(value["goal"], language),
            "unit": value["unit"] or "",
        } | PartialDateField.typed("by", value["by"], Precision.DAY, language)


class CauseRow(RowForm):
    """A cause and the one to five whys that lead to it (R2)."""

    name = LineField(label=gettext_lazy("Cause, in a few words"), max_length=120)
    why1 = LineField(label=gettext_lazy("Why?"), max_length=2000)
    why2 = LineField(label=gettext_lazy("And why is that?"), max_length=2000)
    why3 = LineField(label=gettext_lazy("And why is that?"), max_length=2000)
    why4 = LineField(label=gettext_lazy("And why is that?"), max_length=2000)
    why5 = LineField(label=gettext_lazy("And why is that?"), max_length=2000)

    @property
    def whys(self) -> list:
        """The controls of the whys, in order."""
        return [self[f"why{number}"] for number in range(1, MAX_WHYS + 1)]

    def check(self) -> None:
        if not self.clean_if("name"):
            self.miss("name", _("Name the cause in a few words."))
        if not self._given():
            self.miss("why1", _("Answer at least one why."))

    def _given(self) -> list[str]:
        whys = (self.clean_if(f"why{number}") for number in range(1, MAX_WHYS + 1))
        return [why for why in whys if why]

    def accepted(self) -> dict | None:
        if not self.clean_if("name"):
            return None
        return {"name": self.cleaned_data["name"], "whys": self._given()}

    @staticmethod
    def typed(value, language: str) -> dict:
        whys = {f"why{number}": why for number, why in enumerate(value["whys"], 1)}
        return {"name": value["name"]} | whys


class CountermeasureRow(RowForm):
    """What was changed, against which cause, by whom, since when (R2)."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Against the cause"),
        required=False,
        widget=forms.Select({"class": "select"}),
    )
    what = TextField(label=gettext_lazy("What you changed"), small=True, max_length=2000)
    who = LineField(label=gettext_lazy("Who"), max_length=120)
    since = PartialDateField(label=gettext_lazy("Since"))

    def prepare(self) -> None:
        self.fields["cause"].choices = [("", _("Choose a cause")), *self.sheet.causes]

    def check(self) -> None:
        if not self.clean_if("cause") and "causes" not in self.sheet.unrecorded:
            self.miss("cause", _("Choose the cause that this answers."))
        if not self.clean_if("what"):
            self.miss("what", _("Say what you changed."))
        if not self.clean_if("who"):
            self.miss("who", _("Say who does it."))
        if self.clean_if("since") is None:
            self.miss("since", _("Say since when."))

    def accepted(self) -> dict | None:
        if not self.clean_if("what"):
            return None
        since = self.clean_if("since")
        return {
            "cause": self.clean_if("cause") or "",
            "what": self.cleaned_data["what"],
            "who": self.clean_if("who") or "",
            "since": since.day if since else None,
            "since_precision": since.precision if since else Precision.DAY,
        }

    @staticmethod
    def typed(value, language: str) -> dict:
        return {"cause": value["cause"], "what": value["what"], "who": value["who"] or ""} | (
            PartialDateField.typed("since", value["since"], value["since_precision"], language)
        )


class ResultRow(RowForm):
    """A KPI row: before → after with unit and dates (R3)."""

    key = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    measure = forms.ChoiceField(
        label=gettext_lazy("Measure"), required=False, widget=forms.Select({"class": "select"})
    )
    label = LineField(label=gettext_lazy("Your own measure"), max_length=120)
    note = LineField(label=gettext_lazy("How it was measured"))
    unit = LineField(label=gettext_lazy("Unit"), max_length=40)
    target = NumberField(label=gettext_lazy("Target"))
    before = NumberField(label=gettext_lazy("Before"))
    after = NumberField(label=gettext_lazy("After"))
    before_on = PartialDateField(label=gettext_lazy("Before, measured on"))
    after_on = PartialDateField(label=gettext_lazy("After, measured on"))
    monthly = MonthlyField(label=gettext_lazy("Monthly values"))
    SILENT = ("id", "key")

    def prepare(self) -> None:
        shared = [(slug, measure.name) for slug, measure in self.sheet.measures.items()]
        self.fields["measure"].choices = [("", _("My own measure")), *shared]

    def check(self) -> None:
        if not self.clean_if("measure") and not self.clean_if("label"):
            self.miss("label", _("Choose a measure, or name your own."))
        if not self._unit():
            self.miss("unit", _("Name the unit."))
        for name in ("before", "after"):
            if self.clean_if(name) is None:
                self.miss(name, _("Add the number."))
        for name in ("before_on", "after_on"):
            if self.clean_if(name) is None:
                self.miss(name, _("Say when it was measured."))
        before, after = self.clean_if("before_on"), self.clean_if("after_on")
        if before and after and after.last_day < before.day:
            self.miss("after_on", _("“After” was measured before “Before”. Look at both dates."))

    def _unit(self) -> str:
        typed, measure = self.clean_if("unit"), self._measure()
        if typed or measure is None:
            return typed or ""
        with translation.override(self.sheet.language):
            return str(measure.get_unit_display())

    def _measure(self):
        return self.sheet.measures.get(self.clean_if("measure"))

    def _label(self) -> str:
        measure = self._measure()
        if measure is None or self.clean_if("label"):
            return self.clean_if("label") or ""
        with translation.override(self.sheet.language):
            return measure.name

    def accepted(self) -> dict | None:
        before, after = self.clean_if("before"), self.clean_if("after")
        if not self._label() or before is None or after is None:
            return None
        dates = [self.clean_if("before_on"), self.clean_if("after_on")]
        known = [date.precision for date in dates if date]
        key = self.clean_if("key") or ""
        return {
            # Figures are projected by it at publication: another text would stop that.
            "measure_key": key if is_uuid(key) else self.row_id,
            "measure": self.clean_if("measure") or "",
            "label": self._label(),
            "note": self.clean_if("note") or "",
            "unit": self._unit(),
            "target": self.clean_if("target"),
            "before": before,
            "after": after,
            "before_on": dates[0].day if dates[0] else None,
            "after_on": dates[1].day if dates[1] else None,
            # One precision for the row: the coarser of the two dates'.
            "date_precision": max(known, key=_ORDER.index, default=Precision.DAY),
            "monthly": self.clean_if("monthly") or [],
        }

    @staticmethod
    def typed(value, language: str) -> dict:
        precision = value["date_precision"]
        monthly = [(row["month"], row["value"]) for row in value["monthly"]]
        return (
            {
                "key": value["measure_key"],
                "measure": value["measure"] or "",
                "label": value["label"],
                "note": value["note"] or "",
                "unit": value["unit"],
                "target": typed_number(value["target"], language),
                "before": typed_number(value["before"], language),
                "after": typed_number(value["after"], language),
                "monthly": MonthlyField.typed(monthly, language),
            }
            | PartialDateField.typed("before_on", value["before_on"], precision, language)
            | PartialDateField.typed("after_on", value["after_on"], precision, language)
        )


class PictureRow(RowForm):
    """A picture of the story with its words."""

    image = forms.IntegerField(widget=forms.HiddenInput, required=False)
    alt = LineField(label=gettext_lazy("What the picture shows"), max_length=300)
    caption = LineField(label=gettext_lazy("Caption"), max_length=300)
    part = forms.ChoiceField(
        label=gettext_lazy("Beside part"), required=False, widget=forms.Select({"class": "select"})
    )

    def prepare(self) -> None:
        from bulletins.parts.sheet import part_names

        self.fields["part"].choices = part_names()

    @property
    def picture(self):
        """The stored image; None where it is not of this story."""
        typed = str(self.data.get(self.add_prefix("image"), ""))
        return self.sheet.images.get(int(typed)) if typed.isdecimal() else None

    def check(self) -> None:
        if self.picture is not None and not self.clean_if("alt"):
            self.miss("alt", _("Say in a sentence what the picture shows."))

    def accepted(self) -> dict | None:
        if self.picture is None:
            return None
        return {
            "image": self.picture.pk,
            "alt": self.clean_if("alt") or "",
            "caption": self.clean_if("caption") or "",
            "part": self.clean_if("part") or "happened",
        }

    @staticmethod
    def typed(value, language: str) -> dict:
        image = value["image"]
        return {
            "image": str(image.pk) if image else "",
            "alt": value["alt"],
            "caption": value["caption"] or "",
            "part": value["part"] or "happened",
        }


class FileRow(RowForm):
    """An attached file with its title."""

    document = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = LineField(label=gettext_lazy("Title of the file"))

    @property
    def file(self):
        """The stored document; None where it is not of this story."""
        typed = str(self.data.get(self.add_prefix("document"), ""))
        return self.sheet.documents.get(int(typed)) if typed.isdecimal() else None

    def check(self) -> None:
        if self.file is not None and not self.clean_if("title"):
            self.miss("title", _("Give the file a title."))

    def accepted(self) -> dict | None:
        if self.file is None:
            return None
        return {"document": self.file.pk, "title": self.clean_if("title") or self.file.title}

    @staticmethod
    def typed(value, language: str) -> dict:
        document = value["document"]
        return {"document": str(document.pk) if document else "", "title": value["title"]}
