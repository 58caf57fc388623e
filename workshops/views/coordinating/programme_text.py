"""A programme's English text, field by field; lessons and questions of its online lab, also of a
distributor's version."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from workshops.exceptions import StepsRefused, TransitionRefused
from workshops.models import Programme
from workshops.page_text import WRITABLE, fingerprint, texts_of, units_of
from workshops.permissions import can_change_programme, can_write_lab
from workshops.titles import titles_for
from workshops.transitions.writing import (
    MAX_OPTIONS,
    MAX_STEPS,
    TypedStep,
    lab_mark,
    write_lab,
    write_text,
    writing_page,
)
from workshops.views.versions import NAMES

OPTIONS = 4  # fields for answers at least


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_text(request, key: str):
    """Every paragraph in a field of its own; what is emptied is left out."""
    programme = _programme(request, key, can_change_programme)
    if programme.parent_id is not None:
        return redirect("version_edit", key)
    page, refused, texts, added = _page(programme), "", {}, {}
    units = [unit for unit in units_of(page) if unit.stream in WRITABLE]
    if request.method == "POST":
        texts = {
            unit.anchor: request.POST[f"text-{unit.anchor}"]
            for unit in units
            if f"text-{unit.anchor}" in request.POST
        }
        added = {name: request.POST.get(f"added-{name}", "") for name in (*WRITABLE, "days")}
        publish = request.POST.get("do") == "publish"
        seen = request.POST.get("seen", "")
        try:
            write_text(programme, texts, added, by=request.user, seen=seen, publish=publish)
        except TransitionRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _kept(publish))
            return redirect("programme_text", key)
    context = _shared(request, programme, page) | {
        "seen": fingerprint(texts_of(page)),
        "parts": [
            {
                "name": name,
                "label": NAMES[name],
                "units": [
                    {"unit": unit, "text": texts.get(unit.anchor, unit.text), "now": unit.text}
                    for unit in units
                    if unit.stream == name
                ],
                "added": added.get(name, ""),
                "takes_days": name == "happens",
            }
            for name in WRITABLE
        ],
        "days": added.get("days", ""),
        "refused": refused,
    }
    return render(
        request, "workshops/programmes/text.html", context, status=409 if refused else 200
    )


def _kept(publish: bool) -> str:
    return _("It stands in the catalogue.") if publish else _("Kept as a draft.")


def _programme(request, key: str, may) -> Programme:
    """A current programme that this person may write. Raises Http404."""
    rows = Programme.objects.current().select_related("parent", "distributor")
    found = get_object_or_404(rows, key=key)
    if not may(request.user, found):
        raise Http404
    return found


def _page(programme: Programme):
    try:
        return writing_page(programme)
    except TransitionRefused as none:
        raise Http404 from none


def _shared(request, programme: Programme, page) -> dict:
    is_desk = can_change_programme(request.user, programme)
    back = "programme_edit" if is_desk else "version_edit"
    return {
        "is_desk": is_desk,
        "programme": programme,
        "title": titles_for([programme], reading_order(request.user))[programme.pk],
        "language": page.language,
        "is_live": page.live,
        "has_draft": page.has_unpublished_changes,
        "back": reverse(back, args=[programme.key]),
    }


# --- the online lab -----------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_lab(request, key: str):
    """Each step in a fieldset, with an empty lesson and an empty question at the end."""
    programme = _programme(request, key, can_write_lab)
    page, refused, status = _page(programme), "", 200
    rows, errors = None, {}
    if request.method == "POST":
        rows = sorted(_typed(request.POST), key=lambda row: row["order"])
        kept = [row for row in rows if not row["drop"] and not row["is_empty"]]
        publish = request.POST.get("do") == "publish"
        try:
            write_lab(
                programme,
                [row["step"] for row in kept],
                by=request.user,
                seen=request.POST.get("seen", ""),
                publish=publish,
            )
        except StepsRefused as refusal:
            status, refused = 422, _("Nothing was saved. What is wrong stands at each step.")
            errors = {id(kept[place]): said for place, said in refusal.errors.items()}
        except TransitionRefused as refusal:
            status, refused = 409, str(refusal)
        else:
            messages.success(request, _kept(publish))
            return redirect("programme_lab", key)
    rows = _stored(page) if rows is None else rows
    for kind in ("lesson", "question"):
        if not any(row["is_empty"] and row["step"].kind == kind for row in rows):
            rows.append(_row(TypedStep(kind, "")))
    for number, row in enumerate(rows, 1):
        row |= {"number": number, "error": errors.get(id(row), "")}
        row["options"] = _options(row["step"])
    context = _shared(request, programme, page) | {
        "rows": rows,
        "seen": lab_mark(page),
        "refused": refused,
        "now": _stored(page) if status == 409 else [],
    }
    return render(request, "workshops/programmes/lab.html", context, status=status)


def _row(step: TypedStep, *, order: tuple[int, int] = (0, 0), drop: bool = False) -> dict:
    is_empty = not (step.title or step.lines or step.explanation or step.id)
    return {"step": step, "order": order, "drop": drop, "is_empty": is_empty}


def _stored(page) -> list[dict]:
    rows = []
    for block in page.lessons:
        value = block.value
        if block.block_type == "lesson":
            step = TypedStep("lesson", value["title"], tuple(value["text"]), id=str(block.id))
        else:
            step = TypedStep(
                "question",
                value["question"],
                tuple(value["options"]),
                frozenset(value["right"]),
                value["explanation"],
                str(block.id),
            )
        rows.append(_row(step))
    return rows


def _typed(data) -> list[dict]:
    """Every step of the form, also those to leave out; an answer without words is none."""
    rows, number = [], 1
    while f"kind-{number}" in data and number <= MAX_STEPS + 2:
        kind = "question" if data[f"kind-{number}"] == "question" else "lesson"
        lines, right = [], set()
        if kind == "question":
            for place in range(1, MAX_OPTIONS + 1):
                if words := data.get(f"option-{number}-{place}", "").strip():
                    lines.append(words)
                    if f"right-{number}-{place}" in data:
                        right.add(len(lines))
        else:
            text = data.get(f"text-{number}", "")
            lines = [line.strip() for line in text.splitlines() if line.strip()]
        step = TypedStep(
            kind,
            data.get(f"title-{number}", "").strip(),
            tuple(lines),
            frozenset(right),
            data.get(f"explanation-{number}", "").strip(),
            data.get(f"id-{number}", ""),
        )
        place = data.get(f"place-{number}", "")
        place = int(place) if place.isdecimal() and len(place) < 5 else number
        # What is moved up stands before the one whose place it takes, what is moved down behind it.
        order = (place, (place > number) - (place < number))
        rows.append(_row(step, order=order, drop=f"drop-{number}" in data))
        number += 1
    return rows


def _options(step: TypedStep) -> list[dict]:
    if step.kind != "question":
        return []
    count = min(MAX_OPTIONS, max(OPTIONS, len(step.lines) + 1))
    return [
        {
            "number": number,
            "words": step.lines[number - 1] if number <= len(step.lines) else "",
            "is_right": number in step.right,
        }
        for number in range(1, count + 1)
    ]
