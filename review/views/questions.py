"""Questions at any text (R6): ask, read, answer, hand on, remind, translate, take back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from network.exceptions import ChangeRefused
from network.languages import autonym, codes
from network.models import User
from network.permissions import is_member
from review.asked import readable_at, with_translations
from review.asking import (
    ANSWER,
    QUESTION,
    answer_question,
    ask,
    hand_on,
    remind,
    translate_question,
    withdraw,
    words_of,
)
from review.models import Question, WorkingTranslation
from review.models.questions import MAX_ANSWER, MAX_QUESTION, MAX_REASON, QUESTION_DAYS
from review.owners import candidates
from review.permissions import (
    can_answer_question,
    can_ask_question,
    can_hand_on_question,
    can_view_question,
    can_withdraw_question,
)
from review.queries import involves
from review.registry import askable_of
from review.rounds import source_hash

RATE = "10/h"  # questions a person
CHANGE_RATE = "60/h"  # answers, translations and the like
A_PAGE = 25
_KEPT = "question_not_sent"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question_ask(request, kind: str, key: str):
    """The form: where, what, and for whom. What was typed survives a refusal and a sign-in."""
    if not is_member(request.user):
        if request.method == "POST":
            text = request.POST.get("text", "")[: MAX_QUESTION + 1]  # one more: still too long
            request.session[_KEPT] = {"path": request.path, "text": text}
        return redirect_to_login(request.get_full_path())
    language = request.GET.get("in", "")
    askable = askable_of(kind)
    thing = askable.find(key, language) if askable and language in codes() else None
    if thing is None or not can_ask_question(request.user, kind, thing):
        raise Http404
    error, status = "", 200
    typed = {
        "anchor": request.POST.get("at", request.GET.get("at", "")),
        "text": request.POST.get("text", ""),
        "written_in": request.POST.get("written_in", get_language()),
        "is_private": request.POST.get("private") == "1",
    }
    if request.method == "POST":
        try:
            if is_ratelimited(request, group="question", key="user", rate=RATE, increment=True):
                error, status = _("Too many questions in one hour. Try again later."), 429
            else:
                made = ask(
                    kind,
                    key,
                    language=language,
                    anchor=typed["anchor"],
                    text=typed["text"],
                    text_language=typed["written_in"],
                    is_private=typed["is_private"],
                    by=request.user,
                )
                messages.success(request, _sent(made))
                return redirect("question", pk=made.pk)
        except ChangeRefused as refusal:
            error, status = str(refusal), 400
    else:
        kept = request.session.pop(_KEPT, None) or {}
        typed["text"] = kept.get("text", "") if kept.get("path") == request.path else ""
    places = askable.places(thing)
    context = {
        "title": askable.title(thing),
        "what": askable.label,
        "language": language,
        "places": places,
        "place": next((p for p in places if typed["anchor"] and p.anchor == typed["anchor"]), None),
        "typed": typed,
        "always_private": askable.is_private,
        "languages": _languages(request.user),
        "days": QUESTION_DAYS,
        "error": error,
        "longest": MAX_QUESTION,
        "back": at_place(askable.url(thing), typed["anchor"]),
    }
    return render(request, "review/question_ask.html", context, status=status)


def _sent(question: Question) -> str:
    if question.owner is None:
        return _("Asked. Nobody can answer yet; an editor is looked for.")
    return _("Asked. %(person)s is told, and answers here.") % {
        "person": question.owner.display_name
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request, pk: int):
    """One question with its answer, and what this person may do about it."""
    found = get_object_or_404(Question.objects.with_people().select_related("area"), pk=pk)
    if not can_view_question(request.user, found):
        raise Http404
    error, status, done = "", 200, request.POST.get("do", "")
    if request.method == "POST":
        change = _CHANGES.get(done)
        if change is None:
            raise Http404
        try:
            if is_ratelimited(
                request, group="question-change", key="user", rate=CHANGE_RATE, increment=True
            ):
                error, status = _("Wait a minute, then try again. Nothing was changed."), 429
            else:
                messages.success(request, change(found, request.POST, request.user))
                found.refresh_from_db()
                seen = can_view_question(request.user, found)
                return redirect("question", pk=pk) if seen else redirect("questions")
        except ChangeRefused as refusal:
            error, status = str(refusal), 400
            found.refresh_from_db()
            if not can_view_question(request.user, found):
                messages.error(request, error)
                return redirect("questions")
    return render(
        request, "review/question.html", _page(request, found, done, error), status=status
    )


def _answer(found: Question, data, user) -> str:
    answer_question(
        found,
        answer=data.get("answer", ""),
        language=data.get("written_in", ""),
        is_private=data.get("private") == "1",
        by=user,
    )
    return _("Answered. Whoever asked is told.")


def _hand_on(found: Question, data, user) -> str:
    to = data.get("to", "")
    person = User.objects.filter(pk=to).first() if to.isdecimal() and len(to) < 19 else None
    hand_on(found, to=person, reason=data.get("reason", ""), by=user)
    return _("Handed on. %(person)s is told.") % {"person": person.display_name}


def _remind(found: Question, data, user) -> str:
    remind(found, by=user)
    return _("Reminded.")


def _withdraw(found: Question, data, user) -> str:
    withdraw(found, by=user)
    return _("Your question is taken back.")


def _translate(found: Question, data, user) -> str:
    part = data.get("part", "")
    translate_question(
        found,
        part=ANSWER if part == ANSWER else QUESTION,
        language=data.get("to", ""),
        text=data.get("translation", ""),
        by=user,
    )
    return _("The translation stands beside the words.")


_CHANGES: dict[str, Callable[..., str]] = {
    "answer": _answer,
    "hand_on": _hand_on,
    "remind": _remind,
    "withdraw": _withdraw,
    "translate": _translate,
}


def _page(request, found: Question, done: str, error: str) -> dict:
    """About twelve queries; more only for who may hand it on."""
    user, askable = request.user, askable_of(found.kind)
    thing = askable.find(found.key, found.language) if askable else None
    sees = thing is not None and askable.may_see(user, thing)
    with_translations([found], user)
    may_answer = found.is_open and can_answer_question(user, found)
    may_hand_on = found.is_open and can_hand_on_question(user, found)
    typed = request.POST if error else {}
    return {
        "question": found,
        "what": askable.label if askable else "",
        "url": at_place(askable.url(thing), found.anchor) if sees else "",
        "all_language": found.language,
        "may_answer": may_answer,
        "may_withdraw": found.is_open and can_withdraw_question(user, found),
        "people": candidates(found, user) if may_hand_on else [],
        "may_hand_on": may_hand_on,
        "translations": _to_translate(found, user),
        "events": found.events.select_related("by", "to"),
        "is_mine": found.by_id == user.pk,
        "languages": _languages(user),
        "here": get_language(),
        "done": done,
        "error": error,
        "typed": typed,
        # What somebody typed into an answer that came second is not lost.
        "lost_answer": typed.get("answer", "") if not may_answer else "",
        "longest": MAX_ANSWER,
        "longest_reason": MAX_REASON,
    }


def _to_translate(found: Question, user) -> list[dict]:
    """What this person may put into which language: question and answer, each once a language."""
    reads = user.reading_languages
    rows = {(row.anchor, row.language): row for row in WorkingTranslation.objects.of(found)}
    result = []
    for part in (QUESTION, ANSWER):
        source, written_in, _longest = words_of(found, part)
        if not source or written_in not in reads:
            continue
        wanted = found.text_wanted_in if part == QUESTION else found.answer_wanted_in
        for code in sorted(reads, key=lambda code: code != wanted):
            if code == written_in:
                continue
            row = rows.get((part, code))
            result.append(
                {
                    "part": part,
                    "to": code,
                    "text": row.text if row else "",
                    "is_stale": bool(row) and row.source_hash != source_hash(source),
                    "is_wanted": code == wanted,
                }
            )
    return result


@login_required
@require_safe
def questions_about(request, kind: str, key: str):
    """All questions at a text that this person reads, newest first."""
    askable = askable_of(kind)
    thing = None
    for language in dict.fromkeys([request.GET.get("in", ""), *codes()]):
        thing = thing or (askable.find(key, language) if askable else None)
    if thing is None or not can_ask_question(request.user, kind, thing):
        raise Http404
    page = Paginator(readable_at(kind, key, request.user), A_PAGE)
    shown = page.get_page(request.GET.get("page"))
    context = {
        "title": askable.title(thing),
        "url": askable.url(thing),
        "page_of": shown,
        "rows": with_translations(list(shown.object_list), request.user),
    }
    return render(request, "review/questions_about.html", context)


@login_required
@never_cache
@require_safe
def questions(request):
    """What waits for this person, what they asked, and what they answered."""
    user = request.user
    rows = Question.objects.kept().filter(involves(user)).with_people()
    waiting = Question.objects.waiting_for(user).with_people().order_by("due", "pk")
    others = rows.exclude(pk__in=waiting.values("pk").order_by()).order_by("-asked_at", "-pk")
    page = Paginator(others, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": with_translations(list(waiting), user),
        "rows": with_translations(list(page.object_list), user),
        "page_of": page,
    }
    return render(request, "review/questions.html", context)


def at_place(url: str, anchor: str) -> str:
    """A place in a page; the page itself where there is no anchor."""
    return f"{url}#{anchor}" if anchor and url else url


def _languages(user) -> list[tuple[str, str]]:
    """Languages to write in: the person's own first."""
    own = user.reading_languages
    rest = [code for code in codes() if code not in own]
    return [(code, autonym(code)) for code in [*own, *rest]]
