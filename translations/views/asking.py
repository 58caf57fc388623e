"""A translator's question: an editor answers it, the text's translators read the answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from translations.aids.paragraphs import paragraphs
from translations.assembly import find_source
from translations.exceptions import TranslationRefused
from translations.models import Question
from translations.permissions import can_answer_questions
from translations.registry import translatables
from translations.translating.asking import answer
from translations.worklist import languages_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_question(request, pk):
    """The paragraph, the question, and its answer; a form for those who may answer."""
    question = get_object_or_404(Question.objects.select_related("by", "answered_by"), pk=pk)
    page, entry = _page(request.user, question)
    may_answer = can_answer_questions(request.user)
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        try:
            answer(question, request.POST.get("answer", ""), by=request.user)
        except TranslationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("translate_question", pk)
        messages.success(request, _("Answered. The text's translators are told."))
        return redirect("translate_desk")
    rows = paragraphs(find_source(page), question.language)
    mine = languages_of(request.user)
    context = {
        "question": question,
        "original": page,
        "rows": [row for row in rows if row.place.key == question.place],
        "may_answer": may_answer,
        "language": next(
            (
                code
                for code in [question.language, *mine]
                if code in mine and entry.may_translate(request.user, page, code)
            ),
            "",
        ),
    }
    return render(request, "translations/question.html", context)


def _page(user, question: Question):
    """The text, where this person may open it; 404 otherwise."""
    for entry in translatables():
        page = entry.open_to(user).filter(translation_key=question.object_key).first()
        if page is not None:
            return page, entry
    raise Http404
