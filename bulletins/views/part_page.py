"""What the page of one part shows."""

from django import forms
from django.urls import reverse

from bulletins.forms import ArchiveForm, SubmitForm
from bulletins.parts import FORMS, HEADS, PARTS, add_row, number_of
from bulletins.parts.advice import ADVICE
from bulletins.parts.draft import Draft
from bulletins.parts.limits import count_text, counts_characters, limit_of, overflows
from bulletins.permissions import is_author
from bulletins.views.notes import hang_notes, notes_to_author
from bulletins.views.overflow import parts_too_long
from network.permissions import is_editor
from translations.aids.naming import names_in

# Sets that show a blank row from the start; pictures and files come by upload.
_OPEN_SETS = {"gap", "causes", "countermeasures", "results"}


def part_context(
    request,
    case,
    part: str,
    *,
    checked: bool = False,
    typed: dict | None = None,
    submitted: bool = False,
    refusal: str = "",
    upload_error: str = "",
    ticks: SubmitForm | None = None,
) -> dict:
    """The form of a part with navigation, notes, lengths and advice. About twenty queries."""
    draft = Draft(case)
    shown = draft.typed(part) if typed is None else typed
    problems = draft.problems()
    form = draft.form(part, checked=checked, typed=_with_blank_rows(shown, part))
    _hang_better_words(form, case.source_language)
    notes = notes_to_author(case, draft.page, request.user)
    too_long = parts_too_long(draft.built)
    index = PARTS.index(part)
    progress = draft.progress_given(problems)
    return {
        "case": case,
        "is_author": is_author(request.user, case),
        "story_title": draft.page.title,
        "part": part,
        "head": HEADS[part],
        "number": number_of(part),
        "form": form,
        "sets": [row_set(form, name) for name in form.ROWS],
        "language": case.source_language,
        "version": draft.version(part),
        "problems": form.problems() if checked else [],
        "parts": [
            {
                "part": name,
                "head": HEADS[name],
                "number": number_of(name),
                "state": progress[name],
                "current": name == part,
                "notes": sum(1 for n in notes if n.part == name and n.is_open),
            }
            for name in PARTS
        ],
        "complete": sum(state == "complete" for state in progress.values()),
        "previous": PARTS[index - 1] if index else "",
        "following": PARTS[index + 1] if index + 1 < len(PARTS) else "",
        "advice": ADVICE[part],
        "too_long": [
            {"part": name, "head": HEADS[name]} for name in too_long if part in (name, "check")
        ],
        "lengths": _lengths(form, case.source_language),
        "notes": hang_notes(form, notes),
        "open_parts": [
            {"part": name, "head": HEADS[name], "problems": wrong}
            for name, wrong in problems.items()
            if name != part
        ]
        if part == "check"
        else [],
        "asked": [n for n in notes if n.is_asked and n.is_open] if part == "check" else [],
        "submitted": submitted,
        "refusal": refusal,
        "upload_error": upload_error,
        "ticks": ticks or SubmitForm(),
        "archive": _archive_form(case) if part == "check" and is_editor(request.user) else None,
        "save_url": reverse("share_save", args=[case.number, part]),
    }


def _hang_better_words(form, language: str) -> None:
    """Give each field of words the glossary's better ones (R19): hints, never in the way."""
    names = names_in(language)
    for inner in [form, *(row for rows in form.rows.values() for row in rows)]:
        for name, field in inner.fields.items():
            text = inner[name].value() if isinstance(field, forms.CharField) else None
            field.better_words = names.to_avoid(text) if isinstance(text, str) and text else []


def _with_blank_rows(typed: dict, part: str) -> dict:
    form = FORMS[part]
    for name in form.ROWS:
        if name in _OPEN_SETS and not any(key.startswith(f"{name}-") for key in typed):
            typed = add_row(typed, form, name)
    return typed


def row_set(form, name: str) -> dict:
    """A set of rows with a blank one for the script to copy."""
    blank = form.ROWS[name]({}, form.sheet, checked=False, prefix=f"{name}-__n__")
    return {
        "name": name,
        "rows": form.rows[name],
        "blank": blank,
        "errors": form.set_errors.get(name, []),
        "is_full": len(form.rows[name]) >= form.MAX_ROWS[name],
        "max": form.MAX_ROWS[name],
        "template": f"bulletins/share/row_{name}.html",
        "comes_by_upload": name not in _OPEN_SETS,
        "notes": getattr(form, f"notes_{name}", []),
    }


def _lengths(form, language: str) -> dict[str, dict]:
    """Field → how long it is and may be (R32)."""
    found = {}
    for name in form.fields:
        limit = limit_of(name, language)
        if limit:
            text = str(form[name].value() or "")
            found[name] = {
                "text": count_text(text, name, language),
                "limit": limit,
                "is_over": overflows(text, name, language),
                "by_character": counts_characters(language),
            }
    return found


def _archive_form(case) -> ArchiveForm:
    return ArchiveForm(
        initial={"is_archive": case.is_archive, "parts": case.not_recorded}, auto_id="%s"
    )
