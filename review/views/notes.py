"""Notes: edit and delete one's own before it is sent, answer, settle."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.exceptions import ChangeRefused
from review.models import NoteAudience, ReviewNote
from review.permissions import is_at_desk, is_author_of
from review.registry import reviewable_for
from review.transitions import answer_note, delete_note, rewrite_note, settle_note, tick_note


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Change or delete an unsent note."""
    note = readable(request.user, pk)
    if note.author_id != request.user.pk:
        raise Http404
    text = request.POST.get("text", note.text)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "delete":
                delete_note(note, by=request.user)
            else:
                audience = request.POST.get("audience", "")
                rewrite_note(note, by=request.user, text=text, audience=audience)
        except ChangeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect(place(request, note))
    context = {
        "note": note,
        "text": text,
        "audiences": NoteAudience.choices,
        "back": place(request, note),
    }
    return render(request, "review/note.html", context)


@login_required
@require_POST
def reply(request, pk):
    """Answer a note: its authors from their page, reviewers from the desk."""
    note = readable(request.user, pk)
    try:
        answer_note(note, by=request.user, text=request.POST.get("text", ""))
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The answer is sent."))
    return redirect(place(request, note))


@login_required
@require_POST
def settle(request, pk):
    """Whoever asked closes the matter, or opens it again."""
    note = readable(request.user, pk)
    settle_note(note, by=request.user, settled=request.POST.get("settled") == "yes")
    return redirect(place(request, note))


@login_required
@require_POST
def tick(request, pk):
    """The author ticks a requested change, with a word where they like, or opens it again."""
    note = readable(request.user, pk)
    ticked = request.POST.get("ticked") == "yes"
    try:
        tick_note(note, by=request.user, ticked=ticked, words=request.POST.get("words", ""))
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(place(request, note))


def readable(user, pk: int) -> ReviewNote:
    """The note, for those who may read it. Raises Http404 for all others."""
    note = ReviewNote.objects.select_related("content_type", "author").filter(pk=pk).first()
    if note is None or note.subject is None:
        raise Http404
    as_reviewer = is_at_desk(user, note.subject)
    if not as_reviewer and not is_author_of(user, note.subject):
        raise Http404
    rows = ReviewNote.objects.of(note.subject).readable_by(user, as_reviewer=as_reviewer)
    if not rows.filter(pk=pk).exists():
        raise Http404
    return note


def place(request, note: ReviewNote) -> str:
    """Where the person came from, else the desk or the author's page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    reviewable = reviewable_for(note.subject)
    if is_at_desk(request.user, note.subject):
        key = getattr(note.subject, reviewable.key_field)
        return f"{reverse('review_case', args=[key])}#i-{note.anchor}"
    return reviewable.follow_url(note.subject)
