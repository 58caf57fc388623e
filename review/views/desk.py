"""The review desk: queue, one thing with its notes and decision, its log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from network.exceptions import ChangeRefused
from network.permissions import holds, is_member
from review.api import checklist_of, current_review, due_of, send_notes
from review.forms import read_judgement
from review.models import ReviewNote
from review.registry import Reviewable, reviewables
from review.rounds import compare, last_judged_revision, place_notes, threads, translations_for
from review.rubric import criteria
from review.transitions import (
    answer_note,
    keep_judgement,
    settle_note,
    write_note,
)
from review.views.notes import readable

SHOWS = ("mine", "area", "returned", "ended")
LATE_DAYS = 7  # where a thing has no clock


@login_required
@require_safe
def desk(request):
    """The queue: what waits for me, what I oversee, what went back to its author."""
    if not reviews_at_all(request.user):
        raise Http404
    show = _show(request)
    context = {"rows": queue_rows(request.user, show), "show": show, "shows": show_chips(show)}
    return render(request, "review/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case(request, number):
    """One thing to review. A refused decision answers 409 with all that was typed."""
    reviewable, obj = find(number, lambda r: r.at_desk(request.user))
    if request.method == "POST":
        return _act(request, reviewable, obj)
    return _page(request, reviewable, obj)


def _act(request, reviewable: Reviewable, obj):
    """Keep what was typed, then run the button's transition."""
    given = read_judgement(request.POST)
    user = request.user
    here = reverse("review_case", args=[request.resolver_match.kwargs["number"]])
    try:
        for anchor, text, audience in given.notes:
            quoted = request.POST.get(f"quoted-{anchor}", "")
            write_note(obj, by=user, text=text, anchor=anchor, quoted=quoted, audience=audience)
        keep_judgement(obj, by=user, reason=given.reason, rubric=given.rubric)
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, reviewable, obj, given, status=422)
    verb, _colon, target = given.action.partition(":")
    if verb in ("keep", "note"):
        return redirect(f"{here}#i-{target}" if target else here)
    if verb in ("edit", "reply", "settle", "reopen"):
        return _on_note(request, verb, target, here)
    if verb == "send_notes":
        if send_notes(obj, by=user, review=_review_of(obj, user)):
            reviewable.notes_sent(obj, by=user)
            messages.success(request, _("The notes are sent."))
        return redirect(here)
    action = next((a for a in reviewable.actions(obj, user) if a.name == given.action), None)
    if action is None:
        messages.error(request, _("This is no longer possible: somebody else acted first."))
        return _page(request, reviewable, obj, given, status=409)
    try:
        action.run(
            by=user,
            reason=given.reason,
            choice=given.choice,
            rubric=given.rubric,
            step=given.step,
            seen_revision=given.seen_revision,
        )
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    except PermissionDenied:
        messages.error(request, action.why_not or _("You may not do this."))
    else:
        messages.success(request, action.done)
        return redirect("review_desk")
    obj.refresh_from_db()
    return _page(request, reviewable, obj, given, status=409)


def _on_note(request, verb: str, pk: str, here: str):
    """A button beside a note, pressed inside the one form: nothing typed elsewhere is lost."""
    note = readable(request.user, int(pk) if pk.isdecimal() else 0)
    if verb == "edit":
        return redirect("note_edit", note.pk)
    try:
        if verb == "reply":
            answer_note(note, by=request.user, text=request.POST.get(f"reply-{note.pk}", ""))
        else:
            settle_note(note, by=request.user, settled=verb == "settle")
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{here}#i-{note.anchor}")


def _page(request, reviewable: Reviewable, obj, given=None, status: int = 200):
    user = request.user
    step = reviewable.step(obj)
    revision = reviewable.revision(obj)
    parts = reviewable.render(obj, revision, user)
    earlier = last_judged_revision(obj, step, revision) if step else None
    before = reviewable.render(obj, earlier, user) if earlier else None
    notes = ReviewNote.objects.of(obj).readable_by(user, as_reviewer=True)
    notes = notes.select_related("author", "review", "ticked_by")
    notes = list(notes)
    translations = translations_for(obj, user)
    shown = compare(before, parts)
    whole = place_notes(shown, threads(notes, translations), translations)
    review = _review_of(obj, user)
    actions = reviewable.actions(obj, user)
    show = _show(request)
    context = {
        "obj": obj,
        "number": getattr(obj, reviewable.key_field),
        "title": reviewable.title(obj),
        "language": reviewable.language(obj),
        "state": reviewable.state(obj),
        "facts": reviewable.facts(obj),
        "holder": reviewable.holder(obj),
        "since": getattr(obj, "since", None),
        "due": due_of(obj),
        "step": step,
        "revision": revision,
        "parts": shown,
        "whole": whole,
        "unsent": sum(1 for n in notes if n.author_id == user.pk and n.sent_at is None),
        "changed": sum(1 for part in shown for item in part.items if item.runs),
        "compared": earlier,
        "actions": [a for a in actions if a.group == "decide"],
        "more": [a for a in actions if a.group == "more"],
        "criteria": criteria(),
        "checklist": checklist_of(obj),
        "scores": given.rubric if given else {k: str(v) for k, v in _rubric(review).items()},
        "reason": given.reason if given else (review.reason if review else ""),
        "choice": given.choice if given else "",
        "rows": queue_rows(user, show),
        "show": show,
        "shows": show_chips(show),
        "may_see_log": reviewable.may_see_log(user, obj),
        "strange": reviewable.language(obj) not in user.reading_languages,
        "working": any(row.working for part in shown for row in part.items),
    }
    return render(request, "review/case.html", context, status=status)


@login_required
@require_safe
def log(request, number):
    """All that happened, with who, when and why: for editors and the area's leads."""
    reviewable, obj = find(number, lambda r: r.at_desk(request.user))
    if not reviewable.may_see_log(request.user, obj):
        raise Http404
    context = {
        "obj": obj,
        "number": number,
        "title": reviewable.title(obj),
        "language": reviewable.language(obj),
        "history": list(reviewable.history(obj)),
        "files": reviewable.log_files(obj),
    }
    return render(request, "review/log.html", context)


# --- what the views share ---------------------------------------------------------
def find(number: str, rows) -> tuple[Reviewable, object]:
    """The thing with this number among those `rows(reviewable)` offers. Raises Http404."""
    for reviewable in reviewables():
        obj = rows(reviewable).filter(**{reviewable.key_field: number}).first()
        if obj is not None:
            return reviewable, obj
    raise Http404


def reviews_at_all(user) -> bool:
    """Whether this person has a place at the desk: by mandate, or because something is theirs."""
    if holds(user, "campaigner", "lead", "editor"):
        return True
    return is_member(user) and any(r.at_desk(user).exists() for r in reviewables())


def queue_rows(user, show: str) -> list[dict]:
    """Rows with their age in whole days, oldest first; what has ended, newest first."""
    now, today = timezone.now(), timezone.localdate()
    found = []
    for reviewable in reviewables():
        for row in reviewable.queue(user, show):
            days = (today - timezone.localtime(row.since).date()).days
            late = row.due < now if row.due else days > LATE_DAYS and not row.waits
            found.append({"row": row, "days": days, "is_late": late and show != "ended"})
    return sorted(found, key=lambda entry: entry["row"].since, reverse=show == "ended")


def show_chips(current: str) -> list[dict]:
    """The queue's filters."""
    words = {
        "mine": _("To review"),
        "area": _("Whole area"),
        "returned": _("Returned"),
        "ended": pgettext("stories off their way", "Ended"),
    }
    return [{"name": name, "label": words[name], "current": name == current} for name in SHOWS]


def _show(request) -> str:
    show = request.GET.get("show", "mine")
    return show if show in SHOWS else "mine"


def _review_of(obj, user):
    review = current_review(obj)
    return review if review and review.reviewer_id == user.pk else None


def _rubric(review) -> dict:
    return review.rubric if review else {}
