"""Stop the line (R9): mark a defect in any text, read the mark, answer it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from network.exceptions import ChangeRefused
from network.languages import codes
from network.permissions import is_member
from review.models import Flag, Outcome
from review.models.flags import MAX_REASON
from review.permissions import can_answer_flag, can_raise_flag, can_view_flag
from review.registry import flaggable_of
from review.transitions import answer_flag, raise_flag

RATE = "20/h"  # marks a person; what a careful reader of one section may find
_KEPT = "flag_not_sent"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag_raise(request, kind: str, key: str):
    """The form: where, and what is wrong. What was typed survives a refusal and a sign-in."""
    if not is_member(request.user):
        if request.method == "POST":
            reason = request.POST.get("reason", "")[: MAX_REASON + 1]  # one more: still too long
            request.session[_KEPT] = {"path": request.path, "reason": reason}
        return redirect_to_login(request.get_full_path())
    language = request.GET.get("in", "")
    flaggable = flaggable_of(kind)
    text = flaggable.find(key, language) if flaggable and language in codes() else None
    if text is None or not can_raise_flag(request.user, kind, text):
        raise Http404
    error, status = "", 200
    anchor = request.POST.get("at", request.GET.get("at", ""))
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            if is_ratelimited(request, group="flag", key="user", rate=RATE, increment=True):
                error, status = _("That is many marks in an hour. Send this one later."), 429
            else:
                flag = raise_flag(
                    kind, key, language=language, anchor=anchor, reason=reason, by=request.user
                )
                messages.success(request, _("Marked. Whoever keeps the text is told, and answers."))
                return redirect(_place(flaggable.url(text), flag.anchor))
        except ChangeRefused as refusal:
            error, status = str(refusal), 400
    else:
        kept = request.session.pop(_KEPT, None) or {}
        reason = kept.get("reason", "") if kept.get("path") == request.path else ""
    places = flaggable.places(text)
    context = {
        "title": flaggable.title(text),
        "language": language,
        "places": places,
        "anchor": anchor,
        "place": next((place for place in places if anchor and place.anchor == anchor), None),
        "reason": reason,
        "error": error,
        "longest": MAX_REASON,
        "back": _place(flaggable.url(text), anchor),
    }
    return render(request, "review/flag_raise.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request, pk: int):
    """One mark with its answer; the answer's form for who keeps the text."""
    found = get_object_or_404(Flag.objects.select_related("by", "answered_by"), pk=pk)
    if not can_view_flag(request.user, found):
        raise Http404
    error, status = "", 200
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    if request.method == "POST":
        try:
            answer_flag(found, outcome=outcome, answer=answer, by=request.user)
        except ChangeRefused as refusal:
            error, status = str(refusal), 400
            found.refresh_from_db()
        else:
            messages.success(request, _("Answered. The reader who marked it is told."))
            return redirect("flag", pk=pk)
    flaggable = flaggable_of(found.kind)
    text = flaggable.find(found.key, found.language)
    sees = text is not None and flaggable.may_see(request.user, text)
    context = {
        "flag": found,
        "what": flaggable.label,
        "url": _place(flaggable.url(text), found.anchor) if sees else "",
        "may_answer": can_answer_flag(request.user, found),
        "outcomes": Outcome.choices,
        "outcome": outcome,
        "answer": answer,
        "error": error,
        "longest": MAX_REASON,
    }
    return render(request, "review/flag.html", context, status=status)


@login_required
@require_safe
def flags_about(request, kind: str, key: str):
    """The log: all marks at a text, open and answered, newest first."""
    flaggable = flaggable_of(kind)
    found = Flag.objects.about(kind, key).select_related("by", "answered_by").order_by("-pk")
    text = None
    for language in dict.fromkeys([request.GET.get("in", ""), *codes()]):
        text = text or (flaggable.find(key, language) if flaggable else None)
    if text is None or not can_raise_flag(request.user, kind, text):
        raise Http404
    context = {"title": flaggable.title(text), "flags": found, "url": flaggable.url(text)}
    return render(request, "review/flags_about.html", context)


def _place(url: str, anchor: str) -> str:
    return f"{url}#{anchor}" if anchor else url
