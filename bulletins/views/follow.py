"""The author follows a story: who has it, since when, what comes next; and acts on it."""

import dataclasses

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.forms import ReasonForm
from bulletins.models import Audience, Stage
from bulletins.parts import HEADS
from bulletins.parts.draft import Draft
from bulletins.permissions import (
    AMONG_REVIEWERS,
    can_consent_public,
    can_delete_draft,
    can_edit_case,
    can_revive_case,
    can_withdraw_case,
    is_author,
)
from bulletins.revisions import changed_fields
from bulletins.timeline import track
from bulletins.transitions import (
    answer_edit,
    appeal_case,
    ask_public,
    change_audience,
    consent_public,
    delete_draft,
    refuse_public,
    revive_case,
    withdraw_case,
)
from bulletins.transitions.appealing import appeal_until, last_turn, may_still_appeal
from bulletins.transitions.drafts import WRITABLE
from bulletins.transitions.publishing import WITHDRAWABLE
from bulletins.views.access import case_of_author, case_to_edit, case_to_follow
from bulletins.views.notes import notes_to_author
from review.api import due_of
from review.difference import difference


@login_required
@require_safe
@never_cache
def case_follow(request, number: str):
    """The story's way, the notes to its author, and what can be done now."""
    case = case_to_follow(request.user, number)
    return _page(request, case)


def _page(request, case, status: int = 200, **more):
    user = request.user
    draft = Draft(case)
    events = list(case.events.select_related("by", "holder", "on_behalf_of"))
    former = case.former_authors() if any(e.verb == "name_author" for e in events) else []
    for event in events:
        if event.verb in AMONG_REVIEWERS:
            event.reason = ""
    notes = notes_to_author(case, draft.page, user) if can_edit_case(user, case) else []
    writes = can_edit_case(user, case) and case.stage in WRITABLE
    context = {
        "case": case,
        "former": former,
        "co_authors": [person for person in case.co_authors.all() if person not in former],
        "title": draft.page.title,
        "language": case.source_language,
        "stations": track(case, events),
        "events": [event for event in reversed(events)],
        "notes": _by_part(notes),
        "open_notes": sum(1 for noted in notes if noted.is_open),
        "reason": _reason(case, events),
        "due": due_of(case),
        "is_author": is_author(user, case),
        "may_write": writes,
        "may_delete": case.stage == Stage.DRAFT and can_delete_draft(user, case),
        "may_withdraw": case.stage in WITHDRAWABLE and can_withdraw_case(user, case),
        "appeal": _appeal(case) if is_author(user, case) else None,
        "may_revive": _may_revive(user, case),
        "appeal_form": ReasonForm(auto_id="appeal_%s"),
        "revive_form": ReasonForm(auto_id="revive_%s"),
        "edit": _edit(case, draft) if is_author(user, case) else None,
        "public": _public(case, user, events),
        "withdraw_form": ReasonForm(auto_id="withdraw_%s"),
        "objection_form": ReasonForm(auto_id="objection_%s"),
    }
    return render(request, "bulletins/follow.html", context | more, status=status)


def _appeal(case) -> dict | None:
    """Where the author's appeal stands: until when it can be made, or whether it waits."""
    if case.stage != Stage.DECLINED:
        return None
    turn = last_turn(case)
    if may_still_appeal(case, turn):
        return {"until": appeal_until(turn)}
    return {"waits": turn is not None and turn.verb in ("appeal", "appeal_given")}


def _may_revive(user, case) -> bool:
    """Whether the story can become a draft again from here; what is archived, at the desk."""
    if case.stage not in (Stage.WITHDRAWN, Stage.DECLINED) or not can_revive_case(user, case):
        return False
    appeal = _appeal(case)
    return not (appeal and (appeal.get("until") or appeal.get("waits")))


def _by_part(notes) -> list[dict]:
    heads = {"": _("On the story as a whole"), **HEADS}
    return [
        {"part": part, "head": head, "notes": own}
        for part, head in heads.items()
        if (own := [noted for noted in notes if noted.part == part])
    ]


def _reason(case, events):
    """The event that says why the story is where it is."""
    if case.stage not in (Stage.CHANGES_REQUESTED, Stage.DECLINED, Stage.WITHDRAWN):
        return None
    theirs = ("appeal", "appeal_given", "revive")
    return next((e for e in reversed(events) if e.reason and e.verb not in theirs), None)


@dataclasses.dataclass
class ChangedField:
    """A field that an editor changed. `runs` are those of `review.difference`."""

    label: str
    runs: list[tuple[str, str]]


def _edit(case, draft) -> dict | None:
    """An editor's edit that waits for the author's word; None where none does."""
    if case.author_confirm_until is None or case.approved_revision is None:
        return None
    approved, latest = case.approved_revision, draft.page.get_latest_revision()
    old, new = approved.as_object(), latest.as_object()
    last = case.events.filter(verb__in=["author_object", "edit"]).last()
    return {
        "until": case.author_confirm_until,
        "objected": bool(last and last.verb == "author_object"),
        "fields": [
            ChangedField(
                str(new._meta.get_field(name).verbose_name),
                difference(field_text(old, name), field_text(new, name)),
            )
            for name in changed_fields(approved, latest)
        ],
    }


def field_text(page, name: str) -> str:
    """A field as text: a line a block, a row's values in one."""
    value = getattr(page, name)
    if not hasattr(value, "stream_block"):
        return "" if value is None else str(value)
    return "\n".join(_words(block.value) for block in value)


def _words(value) -> str:
    if hasattr(value, "items"):
        hidden = ("cause", "measure_key", "part", "date_precision", "since_precision")
        return " · ".join(_words(item) for key, item in value.items() if key not in hidden and item)
    if hasattr(value, "bound_blocks"):
        return " · ".join(_words(item) for item in value)
    return str(value)


def _public(case, user, events) -> dict | None:
    """What this person can do about opening the story to everyone (R7); None where nothing."""
    if case.stage != Stage.PUBLISHED:
        return None
    verbs = [
        event.verb
        for event in events
        if event.verb in ("ask_public", "refuse_public", "consent_public", "publish")
    ]
    return {
        "is_public": case.audience == Audience.PUBLIC,
        "may_consent": can_consent_public(user, case) and case.consent_by_id is None,
        "consented": case.consent_at,
        "is_asked": bool(verbs) and verbs[-1] == "ask_public",
        "is_refused": bool(verbs) and verbs[-1] == "refuse_public",
        "may_ask": can_edit_case(user, case)
        and case.consent_by_id is None
        and case.audience != Audience.PUBLIC,
    }


# --- actions: POST only; a refusal comes back as a message -----------------------


def _do(request, number: str, change, done: str, **arguments):
    """Run a transition, say what came of it, return to the story."""
    try:
        change(by=request.user, **arguments)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("case_follow", number)


@login_required
@require_POST
def case_delete(request, number: str):
    """The author throws a draft away."""
    case = case_of_author(request.user, number)
    try:
        delete_draft(case, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("case_follow", number)
    messages.success(request, _("The draft is deleted."))
    return redirect("desk")


@login_required
@require_POST
def case_withdraw(request, number: str):
    """The author or an editor takes the story back, with a reason."""
    case = case_to_edit(request.user, number)
    form = ReasonForm(request.POST, auto_id="withdraw_%s")
    if not form.is_valid():
        return _page(request, case, status=422, withdraw_form=form)
    try:
        withdraw_case(case, by=request.user, **form.cleaned_data)
    except PermissionDenied:
        messages.error(request, _("Only the author of a story, or an editor, withdraws it."))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Story withdrawn."))
    return redirect("case_follow", number)


@login_required
@require_POST
def case_appeal(request, number: str):
    """The author appeals against a decline, with a reason."""
    case = case_of_author(request.user, number)
    form = ReasonForm(request.POST, auto_id="appeal_%s")
    if not form.is_valid():
        return _page(request, case, status=422, appeal_form=form)
    done = _("Your appeal is with the editors.")
    return _do(request, number, lambda **more: appeal_case(case, **more), done, **form.cleaned_data)


@login_required
@require_POST
def case_revive(request, number: str):
    """The author or an editor makes an ended story a draft again, with a reason."""
    case = case_to_edit(request.user, number)
    form = ReasonForm(request.POST, auto_id="revive_%s")
    if not form.is_valid():
        return _page(request, case, status=422, revive_form=form)
    done = _("The story is back.")
    return _do(request, number, lambda **more: revive_case(case, **more), done, **form.cleaned_data)


@login_required
@require_POST
def case_answer_edit(request, number: str):
    """The author confirms an editor's edit, or objects with a reason."""
    case = case_of_author(request.user, number)
    if "agree" in request.POST:
        return _do(
            request,
            number,
            lambda **more: answer_edit(case, **more),
            _("Thank you. The edit stands."),
            agrees=True,
        )
    form = ReasonForm(request.POST, auto_id="objection_%s")
    if not form.is_valid():
        return _page(request, case, status=422, objection_form=form)
    return _do(
        request,
        number,
        lambda **more: answer_edit(case, **more),
        _("Your objection is with the editor."),
        agrees=False,
        reason=form.cleaned_data["reason"],
    )


@login_required
@require_POST
def case_audience(request, number: str):
    """Region only, or the whole network."""
    case = case_to_edit(request.user, number)
    return _do(
        request,
        number,
        lambda **more: change_audience(case, request.POST.get("audience", ""), **more),
        _("Saved: who may read it."),
    )


@login_required
@require_POST
def case_public(request, number: str):
    """Ask for, give or refuse the distributor manager's consent (R7)."""
    case = case_to_follow(request.user, number)
    wanted = request.POST.get("answer", "")
    change, done = {
        "ask": (ask_public, _("Asked. Your distributor’s manager decides.")),
        "consent": (consent_public, _("Noted. An editor opens the story to everyone.")),
        "refuse": (refuse_public, _("Noted. The story stays with the network.")),
    }.get(wanted, (None, ""))
    if change is None:
        return redirect("case_follow", number)
    return _do(request, number, lambda **more: change(case, **more), done)
