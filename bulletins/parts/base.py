"""What the forms of all parts share: one form, sets of rows, data as typed.

Typed data is what a browser sends: name → text, or a list of texts for a
group of check boxes. A row's fields are called '<set>-<index>-<field>'; its
'id' is the block's id, given when the row is first shown and never changed.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAX_TYPED = 300_000  # characters a part may hold in all
_ROW = re.compile(r"([a-z_]+)-(\d{1,3})-([a-z0-9_]+)")


@dataclass
class Sheet:
    """What a part needs to know of its story beside its own fields."""

    language: str
    causes: list[tuple[str, str]] = field(default_factory=list)  # (block id, words)
    unrecorded: frozenset[str] = frozenset()  # what the source of an archive case lacks
    measures: dict = field(default_factory=dict)  # slug → Measure
    topics: list = field(default_factory=list)
    images: dict = field(default_factory=dict)  # id → GkcImage of this story
    documents: dict = field(default_factory=dict)


class Spoken(forms.Form):
    """A form whose fields know the story's language; `checked=False` shows no errors."""

    def __init__(self, typed: dict, sheet: Sheet, *, checked: bool = True, prefix=None):
        self.sheet = sheet
        super().__init__(typed, prefix=prefix, auto_id="%s")
        for own in self.fields.values():
            if hasattr(own, "speak"):
                own.speak(sheet.language)
        self.prepare()
        if not checked:
            # Validated on leaving a part, never while typing (guide.md 'Form').
            self._errors, self.cleaned_data = ErrorDict(), {}

    def prepare(self) -> None:
        """Choices that depend on the story."""

    def clean_if(self, name: str):
        """The value of a field where it was accepted, else None."""
        return self.cleaned_data.get(name)

    def miss(self, name: str, sentence: str) -> None:
        """Say at a field what is wanted there, unless it has an error already."""
        if name not in self._errors:
            self.add_error(name, sentence)


class RowForm(Spoken):
    """One row of a set. A row without any words is blank: it asks nothing and stores nothing."""

    id = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    # Fields with a value from the start: they do not make a row a row.
    SILENT = ("id",)

    @property
    def is_blank(self) -> bool:
        silent = {self.add_prefix(name) for name in self.SILENT}
        own = f"{self.prefix}-"
        return not any(
            str(value).strip()
            for name, value in self.data.items()
            if name.startswith(own) and name not in silent
        )

    @property
    def row_id(self) -> str:
        return self.data.get(self.add_prefix("id"), "")

    def full_clean(self):
        super().full_clean()
        if self.is_blank:
            self._errors = ErrorDict()

    def clean(self):
        cleaned = super().clean()
        if not self.is_blank:
            self.check()
        return cleaned

    def check(self) -> None:
        """Errors of a row that holds something."""

    def accepted(self) -> dict | None:
        """The block's value without its id; None where the row cannot be stored yet."""
        return None


class PartForm(Spoken):
    """One part of the sheet."""

    part = ""
    ROWS: dict[str, type[RowForm]] = {}
    MAX_ROWS: dict[str, int] = {}
    ASKED_AS: dict[str, str] = {}  # page field → the form's, where they differ

    def __init__(self, typed: dict, sheet: Sheet, *, checked: bool = True):
        super().__init__(typed, sheet, checked=checked)
        self.typed, self.checked = typed, checked
        self.set_errors: dict[str, list[str]] = {}
        self.rows = {
            name: [
                form(typed, sheet, checked=checked, prefix=f"{name}-{index}")
                for index in row_indices(typed, name)
            ]
            for name, form in self.ROWS.items()
        }
        # The form offers no more rows than these; a request may still send them.
        for name, rows in self.rows.items():
            if checked and len(rows) > self.MAX_ROWS[name]:
                self.set_errors[name] = [
                    ngettext(
                        "At most %(n)s row fits here. Remove the others.",
                        "At most %(n)s rows fit here. Remove the others.",
                        self.MAX_ROWS[name],
                    )
                    % {"n": self.MAX_ROWS[name]}
                ]

    def filled(self, name: str) -> list[RowForm]:
        """The rows of a set that hold something."""
        return [row for row in self.rows[name] if not row.is_blank]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in the whole part."""
        typed = (self.typed.get(name, "") for name in self.simple_names())
        own = any("".join(value).strip("…\n ") for value in typed)
        return not own and not any(self.filled(name) for name in self.ROWS)

    def simple_names(self) -> list[str]:
        """The names of the form's own controls, those of dates in three."""
        names = []
        for name, own in self.fields.items():
            if isinstance(own, forms.MultiValueField):
                names += [f"{name}_{part}" for part in ("day", "month", "year")]
            else:
                names.append(name)
        return names

    @classmethod
    def takes(cls, name: str) -> bool:
        """Whether a control of this name belongs to the part."""
        row = _ROW.fullmatch(name)
        if row:
            return row[1] in cls.ROWS and _has_field(cls.ROWS[row[1]], row[3])
        return _has_field(cls, name)

    @property
    def all_valid(self) -> bool:
        """Whether everything typed is accepted, rows included."""
        own = self.is_valid()
        rows = [row.is_valid() or row.is_blank for name in self.ROWS for row in self.rows[name]]
        return own and all(rows) and not self.set_errors

    def say_missing(self, gaps: Iterable[tuple[str, str]]) -> None:
        """Show what `completeness.missing` found, at the field or above the rows."""
        self.is_valid()
        for name, sentence in gaps:
            name = self.ASKED_AS.get(name, name)
            if name not in self.ROWS:
                self.miss(name, sentence)
            elif all(row.is_valid() for row in self.filled(name)):
                self.set_errors.setdefault(name, []).append(sentence)

    def problems(self) -> list[tuple[str, str]]:
        """(id of the control, sentence) for the summary on top, in the order of the page."""
        found = []
        for name in self.errors:
            target = "part-errors" if name == "__all__" else self[name].id_for_label or name
            found += [(target, str(error)) for error in self.errors[name]]
        for name in self.ROWS:
            found += [(f"set-{name}", text) for text in self.set_errors.get(name, ())]
            for place, row in enumerate(self.rows[name], 1):
                for key in row.errors:
                    target = row[key].id_for_label if key != "__all__" else f"set-{name}"
                    found += [
                        (target, _("Row %(n)s: %(error)s") % {"n": place, "error": error})
                        for error in row.errors[key]
                    ]
        return found

    def accepted(self) -> dict:
        """Page field → value for all that can be stored; see parts.streams for the shapes."""
        self.is_valid()
        values = self.plain_values()
        for name in self.ROWS:
            stored = []
            for row in self.filled(name):
                row.is_valid()
                value = row.accepted()
                if value is not None:
                    stored.append({"id": row.row_id, "value": value})
            values[name] = stored
        return values

    def plain_values(self) -> dict:
        """Page field → value of the fields outside of rows; what was not accepted is left out."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


def row_indices(typed: dict, name: str) -> list[int]:
    """The indices of the rows of a set that were typed, in order."""
    found = {int(m[2]) for key in typed if (m := _ROW.fullmatch(key)) and m[1] == name}
    return sorted(found)


def _has_field(form: type[forms.Form], name: str) -> bool:
    if name in form.base_fields:
        return not isinstance(form.base_fields[name], forms.MultiValueField)
    stem, _, part = name.rpartition("_")
    return part in ("day", "month", "year") and isinstance(
        form.base_fields.get(stem), forms.MultiValueField
    )


def keep_typed(form: type[PartForm], posted) -> dict:
    """What of a request (a QueryDict) belongs to the part, as typed."""
    typed: dict = {}
    for name in posted:
        if form.takes(name):
            values = [value.replace("\x00", "") for value in posted.getlist(name)]
            is_many = isinstance(form.base_fields.get(name), forms.MultipleChoiceField)
            typed[name] = values if is_many else values[-1]
    return typed


def with_ids(typed: dict, form: type[PartForm], earlier: dict) -> dict:
    """The typed data with an id for every row: its own, else the one of its place in `earlier`."""
    typed = dict(typed)
    for set_name in form.ROWS:
        keys = [f"{set_name}-{index}-id" for index in row_indices(typed, set_name)]
        taken = {typed[key] for key in keys if is_uuid(typed.get(key, ""))}
        seen: set[str] = set()
        for key in keys:
            own = typed.get(key, "")
            if not is_uuid(own) or own in seen:
                before = earlier.get(key, "")
                own = before if before and before not in taken else str(uuid.uuid4())
                taken.add(own)
            typed[key] = own
            seen.add(own)
    return typed


def is_uuid(text: str) -> bool:
    """Whether a text is an id as we write them."""
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))


def add_row(typed: dict, form: type[PartForm], name: str) -> dict:
    """The typed data with a blank row at the end of a set; unchanged where the set is full."""
    indices = row_indices(typed, name)
    if len(indices) >= form.MAX_ROWS[name]:
        return typed
    index = indices[-1] + 1 if indices else 0
    return typed | {f"{name}-{index}-id": str(uuid.uuid4())}


def drop_row(typed: dict, name: str, index: int) -> dict:
    """The typed data without a row."""
    return {key: v for key, v in typed.items() if not key.startswith(f"{name}-{index}-")}
