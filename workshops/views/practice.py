"""Proof of practice: the attendee hands it in; trainer or coordinator answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.core import is_ratelimited

from network.languages import reading_order
from network.registry import resolve_references
from network.uploads import UploadRefused
from workshops import when
from workshops.exceptions import TransitionRefused
from workshops.models import PracticeProof
from workshops.permissions import can_judge_proof
from workshops.proof_forms import JudgeForm, MoreTimeForm, PracticeForm
from workshops.titles import titles_for
from workshops.transitions import accept_proof, extend_proof, hand_in, send_back
from workshops.views.sessions import session_for

RATE = "30/h"  # times a person hands in
# `.state[data-s]` of gkc.css for each state of a proof.
MARKS = {
    "due": "draft",
    "handed_in": "review",
    "returned": "returned",
    "accepted": "accepted",
    "lapsed": "late",
}
OF_PROOF = ("enrolment__user", "enrolment__distributor", "enrolment__session__programme")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_practice(request, number: str):
    """One's own proof for a session: what is asked, until when, what was said."""
    session = session_for(request.user, number)
    rows = PracticeProof.objects.select_related(*OF_PROOF, "document", "image")
    proof = get_object_or_404(rows, enrolment__session=session, enrolment__user=request.user)
    kept = {"text": proof.text, "story": proof.story}
    form = PracticeForm(request.POST or None, request.FILES or None, initial=kept)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            status = _hand_in(request, proof, form)
            if status == 302:
                messages.success(request, _("Handed in. You are told when it is answered."))
                return redirect("session_practice", number)
    context = _proof(request, proof) | {"form": form, "days": when.days_text(session)}
    return render(request, "workshops/practice.html", context, status=status)


def _hand_in(request, proof: PracticeProof, form: PracticeForm) -> int:
    """Try it; what stands against it stands at its field. Returns the status of the answer."""
    given = form.cleaned_data
    if is_ratelimited(request, group="practice", key="user", rate=RATE, increment=True):
        form.add_error(None, _("That is many in an hour. Try again later."))
        return 429
    if given["story"] and not _story(request, given["story"]):
        form.add_error("story", _("You can read no story with this number."))
        return 400
    try:
        hand_in(
            proof,
            by=request.user,
            text=given["text"],
            story=given["story"],
            upload=given["file"],
        )
    except UploadRefused as refusal:
        form.add_error("file", refusal)
        return 400
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return 409
    return 302


def _story(request, number: str):
    """Where the number of a story leads this reader; None for nowhere."""
    return resolve_references(request, "case", [number]).get(number) if number else None


def _proof(request, proof: PracticeProof) -> dict:
    """What both pages show of it. Queries: title, log, the story."""
    session = proof.enrolment.session
    return {
        "proof": proof,
        "mark": MARKS[proof.state],
        "session": session,
        "title": titles_for([session.programme], reading_order(request.user))[session.programme_id],
        "events": list(proof.events.select_related("by")),
        "story": _story(request, proof.story),
        "picture": proof.image.get_rendition("max-1200x1200") if proof.image else None,
    }


def _judged(request, pk: int) -> PracticeProof:
    """A proof that this person answers. Raises Http404."""
    rows = PracticeProof.objects.select_related(*OF_PROOF, "document", "image")
    found = get_object_or_404(rows, pk=pk)
    if not can_judge_proof(request.user, found):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def practice_judge(request, pk: int):
    """Read it; accept it, or send it back with words."""
    proof = _judged(request, pk)
    form = JudgeForm(request.POST or None, initial={"decision": "accept"})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            change = accept_proof if given["decision"] == "accept" else send_back
            try:
                change(proof, by=request.user, words=given["words"])
            except TransitionRefused as refusal:
                status = 409
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The attendee is told your answer."))
                return redirect("desk")
    return _judge_page(request, proof, form=form, status=status)


def _judge_page(request, proof: PracticeProof, *, form=None, more=None, status: int = 200):
    session = proof.enrolment.session
    context = _proof(request, proof) | {
        "form": form or JudgeForm(initial={"decision": "accept"}),
        "more": more or MoreTimeForm(),
        "days": when.days_text(session),
    }
    return render(request, "workshops/practice_judge.html", context, status=status)


@login_required
@require_POST
def practice_extend(request, pk: int):
    """Give more time, with a reason."""
    proof = _judged(request, pk)
    more = MoreTimeForm(request.POST)
    if not more.is_valid():
        return _judge_page(request, proof, more=more, status=400)
    try:
        extend_proof(proof, by=request.user, **more.cleaned_data)
    except TransitionRefused as refusal:
        more.add_error("due_on", str(refusal))
        return _judge_page(request, proof, more=more, status=409)
    except PermissionDenied as gone:
        raise Http404 from gone
    messages.success(request, _("The attendee is told the new day."))
    return redirect("practice_judge", pk)
