"""An author's story as it stands: what was typed, what the page holds, what is missing."""

from functools import cached_property

from bulletins.completeness import missing
from bulletins.models import DraftInput
from bulletins.parts.base import PartForm, Sheet
from bulletins.parts.sheet import FORMS, PARTS, CausesForm
from bulletins.parts.streams import is_stored, put_on_page, typed_from_page
from network.models import GkcDocument, GkcImage, Measure, Topic

GUARD = "bulletins.case"


class Draft:
    """A case with its newest text and the inputs of its parts. About ten queries, lazily."""

    def __init__(self, case):
        self.case = case
        self.language = case.source_language

    @cached_property
    def page(self):
        """The author's page as its newest revision has it, live or not."""
        return self._fresh_page()

    def _fresh_page(self):
        page = self.case.source_page().get_latest_revision_as_object()
        page.case = self.case
        return page

    @cached_property
    def built(self):
        """The page as the next revision will have it: what was typed since, put into it.

        `is_changed` says whether it differs from the newest revision.
        """
        page, self.is_changed = self._fresh_page(), False
        for part in self.unsaved_parts():
            self.is_changed |= put_on_page(page, self.accepted(part))
        return page

    def accepted(self, part: str) -> dict:
        """What of the typed part can be stored."""
        return FORMS[part](self.typed(part), self.sheet).accepted()

    @cached_property
    def inputs(self) -> dict[str, DraftInput]:
        rows = DraftInput.objects.filter(case=self.case, language=self.language)
        return {row.part: row for row in rows.select_related("by")}

    def version(self, part: str) -> int:
        """The version that a save of the part must have seen."""
        return self.inputs[part].version if part in self.inputs else 0

    @cached_property
    def _plain_sheet(self) -> Sheet:
        """Without the causes, which are a part's own words."""
        case = self.case
        return Sheet(
            language=self.language,
            unrecorded=frozenset(case.not_recorded if case.is_archive else ()),
            measures={measure.slug: measure for measure in Measure.objects.all()},
            topics=list(Topic.objects.all()),
            images={
                image.pk: image
                for image in GkcImage.objects.filter(guard=GUARD, guard_key=case.number)
            },
            documents={
                document.pk: document
                for document in GkcDocument.objects.filter(guard=GUARD, guard_key=case.number)
            },
        )

    @cached_property
    def sheet(self) -> Sheet:
        sheet = self._plain_sheet
        form = CausesForm(self.typed("causes"), sheet, checked=False)
        sheet.causes = [
            (row.row_id, row["name"].value())
            for row in form.filled("causes")
            if (row["name"].value() or "").strip()
        ]
        return sheet

    def typed(self, part: str) -> dict:
        """What the part's fields show: the words as typed, unless the page went on without them.

        An editor may have changed the page since; then the page's text is
        shown, except where the author's own words are not stored yet.
        """
        kept = self.inputs.get(part)
        if kept is None:
            return typed_from_page(part, self.page, self._plain_sheet)
        if kept.version > kept.revised_version:
            return kept.data
        stored = typed_from_page(part, self.page, self._plain_sheet)
        sheet = self._plain_sheet if part == "causes" else self.sheet
        is_newest = is_stored(FORMS[part](kept.data, sheet), FORMS[part](stored, sheet))
        return kept.data if is_newest else stored

    def form(self, part: str, *, checked: bool = False, typed: dict | None = None) -> PartForm:
        """The part's form; `checked` shows its errors and what is missing for submission."""
        form = FORMS[part](
            self.typed(part) if typed is None else typed, self.sheet, checked=checked
        )
        if checked:
            form.say_missing(self.gaps.get(part, ()))
        return form

    @cached_property
    def gaps(self) -> dict[str, list[tuple[str, str]]]:
        """What the story lacks, by part (R1 to R3)."""
        return missing(self.built)

    def problems(self) -> dict[str, list[tuple[str, str]]]:
        """Part → [(control, sentence)] of all that stands in the way of submission."""
        found = {part: self.form(part, checked=True).problems() for part in PARTS}
        return {part: problems for part, problems in found.items() if problems}

    def progress(self) -> dict[str, str]:
        """Part → 'complete', 'work' or 'empty'."""
        return self.progress_given(self.problems())

    def progress_given(self, problems: dict) -> dict[str, str]:
        """The same, for whoever has asked for the problems already."""
        return {
            part: "empty"
            if self.form(part).is_blank
            else "work"
            if part in problems
            else "complete"
            for part in PARTS
        }

    def unsaved_parts(self) -> list[str]:
        """Parts whose words are not in the newest revision yet."""
        return [
            part
            for part in PARTS
            if part in self.inputs and self.inputs[part].version > self.inputs[part].revised_version
        ]
