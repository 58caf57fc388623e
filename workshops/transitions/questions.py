"""The questions of an evaluation, version by version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from network.languages import codes
from network.models import User
from network.tree import writing_in_turn
from workshops.exceptions import TransitionRefused
from workshops.models import EvaluationForm, EvaluationQuestion, Programme, QuestionKind
from workshops.permissions import can_edit_questions
from workshops.questions import STANDARD

MAX_QUESTIONS = 20
MAX_TEXT = 300  # characters


@dataclass(frozen=True)
class Question:
    """A question to be: one of the standard ones by name, or texts by language."""

    kind: str
    standard: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    key: str = ""  # of the question that it goes on from; '' for a new one


def form_for(programme: Programme) -> EvaluationForm:
    """The questions that are asked now: the programme's newest version, that of the programme it
    was made from, else the standard ones."""
    for pk in filter(None, (programme.pk, programme.parent_id)):
        if (found := EvaluationForm.objects.newest(pk)) is not None:
            return found
    return standard_form()


def standard_form() -> EvaluationForm:
    """The newest version of the standard questions; the first is made when it is missing."""
    newest = EvaluationForm.objects.newest(None)
    if newest is not None:
        return newest
    questions = [Question(one.kind, standard=one.name) for one in STANDARD]
    return _make(None, 1, questions, by=User.objects.get(is_system=True))


def write_questions(
    programme: Programme | None,
    questions: Sequence[Question],
    *,
    by,
    seen: int | None = None,
) -> EvaluationForm:
    """Another version of the questions of a programme, or of the standard ones (None).

    Those asked before keep theirs, and a question that goes on keeps its key.
    `seen` is the form that they were written over, by its key. Raises
    PermissionDenied, or TransitionRefused for none or too many, one without
    words in English, none on a scale, or where somebody wrote another meanwhile.
    """
    if not can_edit_questions(by, programme):
        raise PermissionDenied
    _check(questions)
    with writing_in_turn(), transaction.atomic():
        lock_questions(programme)
        now = form_now(programme)
        if seen is not None and now.pk != seen:
            if now.created_by_id == by.pk and _are_those_of(now, questions):
                return now  # the second of two clicks
            raise TransitionRefused(
                _("Somebody else has written these questions meanwhile. Look at theirs.")
            )
        versions = EvaluationForm.objects.filter(programme=programme).values_list("version")
        newest = max((version for (version,) in versions), default=0)
        return _make(programme, newest + 1, questions, by=by)


def _are_those_of(form: EvaluationForm, questions: Sequence[Question]) -> bool:
    """Whether the form asks exactly these."""
    there = [
        (
            one.kind,
            one.standard,
            {
                code: text
                for code in codes()
                if (text := getattr(one, build_localized_fieldname("text", code)) or "")
            },
        )
        for one in form.questions.all()
    ]
    return there == [
        (
            one.kind,
            one.standard,
            {code: text.strip() for code, text in one.texts.items() if text.strip()},
        )
        for one in questions
    ]


def lock_questions(programme: Programme | None) -> None:
    """One writer at a time: the programme's row, or for the standard questions the system's."""
    if programme is not None:
        Programme.objects.select_for_update().get(pk=programme.pk)
    else:
        User.objects.select_for_update(no_key=True).get(is_system=True)


def form_now(programme: Programme | None) -> EvaluationForm:
    """What is asked now: of a programme, or (None) where it has none of its own."""
    return form_for(programme) if programme is not None else standard_form()


def _check(questions: Sequence[Question]) -> None:
    if not questions:
        raise TransitionRefused(_("Ask at least one question."))
    if len(questions) > MAX_QUESTIONS:
        raise TransitionRefused(_("These are too many questions: nobody answers all of them."))
    if not any(one.kind == QuestionKind.SCALE for one in questions):
        raise TransitionRefused(_("At least one question is answered on the scale."))
    for one in questions:
        if not one.standard and not one.texts.get("en", "").strip():
            raise TransitionRefused(_("Every question has words in English at least."))
        if any(len(text) > MAX_TEXT for text in one.texts.values()):
            raise TransitionRefused(_("A question is too long. Shorten it."))


def _make(
    programme: Programme | None, version: int, questions: Sequence[Question], *, by
) -> EvaluationForm:
    with transaction.atomic():
        form, made = EvaluationForm.objects.get_or_create(
            programme=programme, version=version, defaults={"created_by": by}
        )
        if made:  # else another process was first
            _add_questions(form, questions)
    return form


def _add_questions(form: EvaluationForm, questions: Sequence[Question]) -> None:
    keys = {one.name: one.key for one in STANDARD}
    rows = []
    for order, one in enumerate(questions, start=1):
        row = EvaluationQuestion(form=form, kind=one.kind, standard=one.standard, sort_order=order)
        if one.standard:
            row.key = keys[one.standard]
        elif one.key:
            row.key = one.key
        for code in codes():
            if text := one.texts.get(code, "").strip():
                setattr(row, build_localized_fieldname("text", code), text)
        rows.append(row)
    EvaluationQuestion.objects.bulk_create(rows)
