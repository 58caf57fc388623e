"""An attendee's evaluation; what trainers read of it; the comparison; the questions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from modeltranslation.utils import build_localized_fieldname

from network.charts import Chart, Series
from network.languages import autonym, codes, direction, reading_order, tag
from network.numbers import row_key
from network.tables import csv_file
from workshops import results, when
from workshops.exceptions import TransitionRefused
from workshops.models import (
    EvaluationBatch,
    EvaluationForm,
    EvaluationRequest,
    EvaluationSheet,
    Programme,
    QuestionKind,
    Reflection,
)
from workshops.permissions import (
    can_compare_evaluations,
    can_edit_questions,
    can_read_results,
    can_reflect,
)
from workshops.proof_forms import AnswersForm
from workshops.questions import LEVELS, STANDARD
from workshops.titles import titles_for
from workshops.transitions import (
    Question,
    answer_evaluation,
    form_for,
    standard_form,
    write_questions,
)
from workshops.transitions.evaluating import SHOWN_FROM
from workshops.views.sessions import session_for

GROUP_LABELS = {
    "programme": gettext_lazy("By programme"),
    "session": gettext_lazy("By session"),
    "trainer": gettext_lazy("By trainer"),
    "region": gettext_lazy("By region"),
}
CHARTED = 20  # rows in the chart
NEW_LINES = 3  # empty questions below those there are
# Languages that whoever writes questions is offered at first.
FIRST_LANGUAGES = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_evaluation(request, number: str):
    """The questions, for whoever attended; once answered, that it is."""
    session = session_for(request.user, number)
    rows = EvaluationRequest.objects.select_related("enrolment", "form")
    asked = get_object_or_404(rows, enrolment__session=session, enrolment__user=request.user)
    form = AnswersForm(request.POST or None, asked=asked.form)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                answer_evaluation(asked, form.cleaned_data, by=request.user)
            except TransitionRefused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("Thank you. Your answers carry no name."))
                return redirect("session_evaluation", number)
    context = {
        "session": session,
        "title": _title(session.programme, request.user),
        "days": when.days_text(session),
        "asked": asked,
        "form": form,
        "shown_from": SHOWN_FROM,
    }
    return render(request, "workshops/evaluation.html", context, status=status)


def _title(programme, user):
    return titles_for([programme], reading_order(user))[programme.pk]


@login_required
@require_safe
@never_cache
def session_results(request, number: str):
    """What attendees said, from five answers on, and reflections; for trainers and coordinator."""
    session = session_for(request.user, number)
    if not can_read_results(request.user, session):
        raise PermissionDenied
    own, pools, pooled = results.of_session(session)
    asked = EvaluationRequest.objects.filter(enrolment__session=session)
    given = list(asked.values_list("has_answered", flat=True))
    waiting = EvaluationSheet.objects.filter(session=session, batch__isnull=True).count()
    reflections = Reflection.objects.filter(session=session).select_related("owner", "author")
    context = {
        "session": session,
        "title": _title(session.programme, request.user),
        "days": when.days_text(session),
        "asked": len(given),
        "answered": sum(given),
        "waiting": waiting,
        "shown_from": SHOWN_FROM,
        "own": own,
        "pools": pools,
        "pooled": pooled,
        "reflections": list(reflections),
        "reflects": can_reflect(request.user, session),
    }
    return render(request, "workshops/results.html", context)


@login_required
@require_safe
@never_cache
def evaluations(request):
    """Questions compared over sessions, trainers, regions, programmes; table, chart, CSV."""
    if not can_compare_evaluations(request.user):
        raise PermissionDenied
    by = request.GET.get("by", "programme")
    by = by if by in GROUP_LABELS else "programme"
    key = request.GET.get("programme", "")
    batches = EvaluationBatch.objects.visible_to(request.user)
    programmes = Programme.objects.filter(pk__in=batches.values("programme"))
    titles = titles_for(list(programmes), reading_order(request.user))
    if key:
        batches = batches.filter(programme__key=key)
    found = list(
        batches.select_related("session", "region", "review_area").prefetch_related("trainers")
    )
    rows = results.grouped(found, by, titles)
    if by == "trainer":
        rows += results.of_others(_beside(request.user, key))
    questions = _questions(rows)
    table = [
        {
            "name": row["name"],
            "size": row["result"].size,
            "mean": _round(row["result"].mean),
            "cells": [_cell(row["result"], one.key) for one in questions],
        }
        for row in rows
    ]
    if request.GET.get("form") == "csv":
        return csv_file("evaluations", _csv_rows(by, questions, table))
    context = {
        "by": by,
        "groups": list(GROUP_LABELS.items()),
        "heading": GROUP_LABELS[by],
        "programmes": sorted(
            ({"key": one.key, "title": titles[one.pk].title} for one in programmes),
            key=lambda one: one["title"],
        ),
        "chosen": key,
        "questions": questions,
        "table": table,
        "chart": _chart(by, table),
        "shown_from": SHOWN_FROM,
    }
    return render(request, "workshops/evaluations.html", context)


def _beside(user, key: str) -> list[EvaluationBatch]:
    """Other trainers' batches that a trainer's own are compared with; none for who reads all."""
    rows = EvaluationBatch.objects.beside(user)
    if key:
        rows = rows.filter(programme__key=key)
    return list(rows.select_related("region", "review_area").prefetch_related("trainers"))


def _questions(rows: list[dict]) -> list[results.Answers]:
    """Every question on a scale that a row has, once, in the order met."""
    found = {}
    for row in rows:
        for one in row["result"].scales:
            found.setdefault(one.key, one)
    return list(found.values())


def _cell(result: results.Result, key: str) -> dict:
    one = next((q for q in result.scales if q.key == key), None)
    return {"mean": _round(one.mean) if one else None, "n": one.n if one else 0}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _csv_rows(by: str, questions, table: list[dict]):
    head = [str(GROUP_LABELS[by]), _("Sheets answered"), _("Mean of all questions, 1 to 5")]
    yield [*head, *(one.words.text for one in questions)]
    for row in table:
        yield [row["name"], row["size"], row["mean"], *(cell["mean"] for cell in row["cells"])]


def _chart(by: str, table: list[dict]) -> Chart | None:
    shown = [row for row in table if row["mean"] is not None][:CHARTED]
    if not shown:
        return None
    return Chart(
        title=_("Mean of all questions, 1 to 5"),
        heading=GROUP_LABELS[by],
        labels=[row["name"] for row in shown],
        series=[Series(_("Mean"), [row["mean"] for row in shown])],
        kind="rows",
    )


# --- the questions -----------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def evaluation_questions(request, key: str):
    """The questions of a programme, or ('standard') of all others: another version is written
    here, in as many languages as one has."""
    programme = None if key == "standard" else get_object_or_404(Programme, key=key)
    if not can_edit_questions(request.user, programme):
        raise PermissionDenied
    present = form_for(programme) if programme else standard_form()
    chosen = _languages(request)
    typed, status = None, 200
    if request.method == "POST":
        typed = _typed(request.POST, present)
        kept = [one for one in typed if one.standard or any(one.texts.values())]
        try:
            write_questions(programme, kept, by=request.user, seen=_seen(request.POST))
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
            status = 409
        else:
            messages.success(request, _("The next evaluations ask these questions."))
            return redirect("evaluation_questions", key)
    context = {
        "programme": programme,
        "key": key,
        "title": _title(programme, request.user) if programme else None,
        "present": present,
        "is_own": present.programme_id is not None or programme is None,
        "lines": _lines(typed if typed is not None else _as_questions(present), chosen),
        "languages": [{"code": c, "name": autonym(c), "on": c in chosen} for c in codes()],
        "standard": [{"name": one.name, "text": one.text} for one in STANDARD],
        "kinds": QuestionKind.choices,
        "levels": LEVELS,
    }
    return render(request, "workshops/questions.html", context, status=status)


def _seen(post) -> int | None:
    """The key of the questions that were on the page; None where it says none."""
    return row_key(post.get("seen", ""))


def _languages(request) -> list[str]:
    """Those chosen, English always; at first the site's first ones."""
    asked = [code for code in request.GET.getlist("in") if code in codes()]
    return list(dict.fromkeys(["en", *(asked or codes()[:FIRST_LANGUAGES])]))


def _as_questions(form: EvaluationForm) -> list[Question]:
    return [
        Question(
            one.kind,
            standard=one.standard,
            key=str(one.key),
            texts={
                code: getattr(one, build_localized_fieldname("text", code)) or ""
                for code in codes()
            },
        )
        for one in form.questions.all()
    ]


def _lines(questions: list[Question], chosen: list[str]) -> list[dict]:
    """One a question, and a few empty ones below."""
    empty = [Question(QuestionKind.SCALE)] * NEW_LINES
    standard = {one.name: one.text for one in STANDARD}
    return [
        {
            "number": number,
            "question": one,
            "standard": standard.get(one.standard, ""),
            "texts": [
                {
                    "code": code,
                    "name": autonym(code),
                    "tag": tag(code),
                    "direction": direction(code),
                    "text": one.texts.get(code, ""),
                }
                for code in chosen
            ],
        }
        for number, one in enumerate([*questions, *empty], start=1)
    ]


def _typed(data, present: EvaluationForm) -> list[Question]:
    """What the form says, in the order of the places typed. Languages that are not shown keep
    their words."""
    before = {one.key: one for one in _as_questions(present)}
    found = []
    for number in range(1, 41):
        kind = data.get(f"kind-{number}")
        if kind not in QuestionKind.values or data.get(f"drop-{number}"):
            continue
        key, name = data.get(f"key-{number}", ""), data.get(f"standard-{number}", "")
        earlier = before.get(key)
        standard = next((one for one in STANDARD if one.name == name), None)
        texts = dict(earlier.texts) if earlier else {}
        for code in codes():
            if f"text-{number}-{code}" in data:
                texts[code] = data[f"text-{number}-{code}"].strip()
        place = data.get(f"place-{number}", "")
        one = Question(
            standard.kind if standard else kind,
            standard=standard.name if standard else "",
            texts={} if standard else texts,
            key=key if earlier else "",
        )
        found.append((int(place) if place.isdecimal() and len(place) < 4 else number, number, one))
    return [one for _place, _number, one in sorted(found, key=lambda row: row[:2])]


@login_required
@require_safe
def question_sets(request):
    """Programmes whose questions this person may write."""
    programmes = [
        one
        for one in Programme.objects.current()
        if one.has_evaluation and can_edit_questions(request.user, one)
    ]
    is_everywhere = can_edit_questions(request.user, None)
    if not programmes and not is_everywhere:
        raise Http404
    titles = titles_for(programmes, reading_order(request.user))
    own = set(
        EvaluationForm.objects.filter(programme__in=programmes).values_list("programme", flat=True)
    )
    context = {
        "rows": [
            {"programme": one, "title": titles[one.pk], "has_own": one.pk in own}
            for one in programmes
        ],
        "is_everywhere": is_everywhere,
    }
    return render(request, "workshops/question_sets.html", context)
