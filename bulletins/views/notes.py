"""Notes made to an author, brought to the part and field they are about."""

from dataclasses import dataclass

from bulletins.models import CaseStoryPage
from bulletins.parts import PARTS
from review.models import ReviewNote, WorkingTranslation

_BEFORE = {"title": "title", "summary": "title", "pictures": "check", "files": "check"}


@dataclass
class Noted:
    """A note with its place, the answers to it, and its words in a language the author reads."""

    note: ReviewNote
    part: str = ""
    field: str = ""
    translation: WorkingTranslation | None = None
    replies: tuple = ()

    @property
    def is_asked(self) -> bool:
        """Whether it is an item of the author's checklist."""
        return self.note.review is not None and self.note.review.decision == "request_changes"

    @property
    def is_open(self) -> bool:
        """Neither ticked by the author nor settled by whoever asked."""
        return not (self.note.settled_at or self.note.ticked_at)


def notes_to_author(case, page, user) -> list[Noted]:
    """Every note sent to the author, oldest first, answers under their note. Two queries."""
    sent = list(
        ReviewNote.objects.of(case)
        .filter(audience="author", sent_at__isnull=False)
        .select_related("author", "review")
    )
    words = _translations(case, sent, user)
    places = anchors(page)
    found = []
    for note in sent:
        if note.in_reply_to_id is None:
            part, field = places.get(note.anchor, ("", ""))
            replies = tuple(reply for reply in sent if reply.in_reply_to_id == note.pk)
            found.append(Noted(note, part, field, words.get(f"note:{note.pk}"), replies))
    return found


def _translations(case, notes, user) -> dict[str, WorkingTranslation]:
    """Anchor → the note in the first language the author reads, where it is not so written."""
    keys = {f"note:{note.pk}": note for note in notes}
    order = [case.source_language, *user.reading_languages]
    rows = WorkingTranslation.objects.filter(
        content_type__app_label="bulletins",
        content_type__model="case",
        object_id=case.pk,
        anchor__in=keys,
        language__in=order,
    ).select_related("by")
    best: dict[str, WorkingTranslation] = {}
    for row in sorted(rows, key=lambda row: order.index(row.language)):
        if keys[row.anchor].language not in order:
            best.setdefault(row.anchor, row)
    return best


def anchors(page) -> dict[str, tuple[str, str]]:
    """What a note may point at → (part, field): block ids, measure keys and field names."""
    part_of = dict(_BEFORE)
    for part, names in CaseStoryPage.PART_FIELDS.items():
        part_of |= dict.fromkeys(names, part)
    found = {part: (part, "") for part in PARTS}
    for name, part in part_of.items():
        shown = "seen" if name in ("seen_on", "seen_precision") else name
        found[name] = (part, shown)
        if hasattr(page._meta.get_field(name), "stream_block"):
            for block in getattr(page, name):
                found[block.id] = (part, shown)
                if name == "results":
                    found[str(block.value["measure_key"])] = (part, shown)
    return found


def hang_notes(form, notes: list[Noted]) -> list[Noted]:
    """Give the fields and rows of a form their notes; returns those about the part as a whole."""
    whole = []
    for noted in notes:
        if noted.part != form.part:
            continue
        rows = form.rows.get(noted.field)
        if rows is not None:
            row = next((r for r in rows if _is_about(noted.note.anchor, r)), None)
            holder = row or form
            name = "row_notes" if row else f"notes_{noted.field}"
            setattr(holder, name, [*getattr(holder, name, []), noted])
            if row is None:
                whole.append(noted)
        elif noted.field in form.fields:
            field = form.fields[noted.field]
            field.notes = [*getattr(field, "notes", []), noted]
        else:
            whole.append(noted)
    return whole


def _is_about(anchor: str, row) -> bool:
    key = row.data.get(row.add_prefix("key"), "")
    return anchor in (row.row_id, key)
