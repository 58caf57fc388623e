"""The online lab: what it holds and how far one is, a lesson, a question with its explanation."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.languages import reading_order
from network.numbers import row_keys
from workshops.eligibility import did_this_year, eligibility
from workshops.exceptions import TransitionRefused
from workshops.lessons import Step, after, steps_of
from workshops.models import LabRun, LabState, Programme, ProgrammePage
from workshops.permissions import can_view_programme
from workshops.titles import titles_for
from workshops.transitions import answer, begin_lab, read_on


def lab_for(user, key: str) -> tuple[Programme, ProgrammePage]:
    """A current programme's lab in the reader's best language. Raises Http404."""
    programme = get_object_or_404(
        Programme.objects.current()
        .select_related("distributor__country__review_area")
        .prefetch_related("requires"),
        key=key,
    )
    if not can_view_programme(user, programme):
        raise Http404
    pages = programme.pages.filter(live=True).select_related("locale").order_by("pk")
    found = {page.language: page for page in pages if page.lessons}
    order = [*reading_order(user), "en", *found]
    page = next((found[code] for code in order if code in found), None)
    if page is None:
        raise Http404
    return programme, page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lab(request, key: str):
    """Lessons and questions, where one is, how the last run ended; POST begins, or goes on."""
    programme, page = lab_for(request.user, key)
    refused = ""
    if request.method == "POST":
        try:
            run = begin_lab(programme, page, by=request.user)
        except TransitionRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("lab_step", key, _place(run, steps_of(page)))
    return _overview(request, programme, page, refused)


def _overview(request, programme: Programme, page: ProgrammePage, refused: str):
    steps = steps_of(page)
    run = _newest(request.user, programme)
    answers = _answers(run)
    here = _place(run, steps) if run is not None and run.state == LabState.OPEN else ""
    titles = titles_for([programme, *programme.requires.all()], reading_order(request.user))
    names = {pk: title.title for pk, title in titles.items()}
    context = {
        "programme": programme,
        "page": page,
        "title": titles[programme.pk],
        "words_in": page.language if page.language != get_language() else "",
        "run": run,
        "steps": [
            {
                "step": step,
                "state": _state(step, run, here, answers, steps),
                "answer": answers.get(step.id),
            }
            for step in steps
        ],
        "questions": sum(step.is_question for step in steps),
        "eligibility": eligibility(request.user, programme, titles=names),
        "is_done": did_this_year(request.user, programme),
        "member": True,
        "refused": refused,
    }
    return render(request, "workshops/lab.html", context, status=409 if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lab_step(request, key: str, step: str):
    """A lesson, or a question and after the answer its explanation. POST answers or reads on."""
    programme, page = lab_for(request.user, key)
    steps, run = steps_of(page), _newest(request.user, programme)
    found = next((one for one in steps if one.id == step), None)
    if found is None or run is None:
        return redirect("lab", key)
    refused = ""
    if request.method == "POST":
        try:
            to = _go(request, run, page, found)
        except TransitionRefused as refusal:
            refused = str(refusal)
        else:
            return to
    answers = _answers(run)
    given = answers.get(found.id)
    before = steps[found.place - 2] if found.place > 1 else None
    context = {
        "programme": programme,
        "page": page,
        "title": page.title,
        "words_in": page.language if page.language != get_language() else "",
        "run": run,
        "step": found,
        "total": len(steps),
        "before": before,
        "is_last": after(steps, found.id) is None,
        "answer": given,
        "options": _options(found, given) if found.is_question else [],
        "refused": refused,
    }
    return render(request, "workshops/lab_step.html", context, status=400 if refused else 200)


def _go(request, run: LabRun, page: ProgrammePage, step: Step):
    """Answer the question, or leave the step behind."""
    if step.is_question and "answer" in request.POST.getlist("do"):
        chosen = sorted(row_keys(request.POST.getlist("option")))
        answer(run, page, step.id, chosen, by=request.user)
        return redirect("lab_step", page.programme.key, step.id)
    run = read_on(run, page, step.id, by=request.user)
    following = after(steps_of(page), step.id)
    if run.state != LabState.OPEN:
        return redirect("lab", page.programme.key)
    return redirect("lab_step", page.programme.key, following.id if following else run.step)


def _newest(user, programme: Programme) -> LabRun | None:
    """The open run, or the one that ended last. One query."""
    return user.lab_runs.filter(programme=programme).order_by("-pk").first()


def _answers(run: LabRun | None) -> dict:
    return {one.question: one for one in run.answers.all()} if run is not None else {}


def _place(run: LabRun, steps: list[Step]) -> str:
    """Where the person goes on: lessons may have been changed since."""
    return run.step if run.step in {step.id for step in steps} else steps[0].id


def _state(step: Step, run, here: str, answers: dict, steps: list[Step]) -> str:
    """'now', 'done' or 'later' of a step in the list."""
    if run is None or step.id == here:
        return "now" if here else "later"
    if run.state != LabState.OPEN or step.id in answers:
        return "done"
    places = {one.id: one.place for one in steps}
    return "done" if not step.is_question and step.place < places.get(here, 0) else "later"


def _options(step: Step, given) -> list[dict]:
    """A question's answers; once answered also which were right, and which one chose."""
    return [
        {
            "number": number,
            "words": words,
            "is_chosen": given is not None and number in given.chosen,
            "is_right": given is not None and number in step.right,
            "label": _said(given is not None and number in given.chosen, number in step.right)
            if given is not None
            else "",
        }
        for number, words in step.options
    ]


def _said(is_chosen: bool, is_right: bool) -> str:
    if is_chosen:
        return _("You chose this: right.") if is_right else _("You chose this: not right.")
    return _("This is a right answer.") if is_right else ""
