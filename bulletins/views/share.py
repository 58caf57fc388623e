"""The share form: a story in parts, saved as one types. Works without script."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_ratelimit.core import is_ratelimited

from bulletins.exceptions import DraftConflict, SubmissionIncomplete, TransitionRefused
from bulletins.forms import ArchiveForm, StartForm, SubmitForm
from bulletins.parts import FORMS, PARTS, add_row, drop_row, keep_typed, row_indices
from bulletins.parts.draft import GUARD, Draft
from bulletins.transitions import (
    mark_not_recorded,
    revise_case,
    save_typed,
    start_case,
    submit_case,
)
from bulletins.transitions.drafts import WRITABLE
from bulletins.views.access import case_to_edit
from bulletins.views.part_page import part_context
from bulletins.views.signed_out import keep_and_sign_in, take_back, version_of
from network.localize import moment_text
from network.models import GkcImage
from network.numbers import uuid_key
from network.resumable import drop_upload, whole_file
from network.uploads import UploadRefused, take_upload


@login_required
@never_cache
def share_start(request):
    """Choose firm, language and audience; then the first part."""
    form = StartForm(
        request.POST or None, user=request.user, language=translation.get_language() or "en"
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        if is_ratelimited(request, group="share-start", key="user", rate="60/h", increment=True):
            return _too_many(request, "bulletins/share/start.html", {"form": form})
        case = start_case(by=request.user, **chosen)
        return redirect("share_part", case.number, PARTS[0])
    status = 422 if request.method == "POST" else 200
    return render(request, "bulletins/share/start.html", {"form": form}, status=status)


@login_required
def share_case(request, number: str):
    """To the first part that is not complete."""
    case = case_to_edit(request.user, number)
    if case.stage not in WRITABLE:
        return redirect("case_follow", number)
    progress = Draft(case).progress()
    return redirect(
        "share_part", number, next((p for p in PARTS if progress[p] != "complete"), PARTS[-1])
    )


@never_cache
def share_part(request, number: str, part: str):
    """One part of the form."""
    if part not in FORMS:
        raise Http404
    if not request.user.is_authenticated:
        return keep_and_sign_in(request, part)
    case = case_to_edit(request.user, number)
    if case.stage not in WRITABLE:
        messages.warning(request, _("This story is on its way; its text cannot be changed now."))
        return redirect("case_follow", number)
    if request.method == "POST":
        return _PartPost(request, case, part).answer()
    kept = take_back(request)
    if kept is not None:
        try:
            save_typed(case, part, kept[0], by=request.user, seen=kept[1])
        except DraftConflict as conflict:
            return _conflict(request, case, part, kept[0], conflict)
        messages.success(request, _("You are signed in again. Nothing was lost."))
    context = part_context(request, case, part, checked="check" in request.GET)
    return render(request, "bulletins/share/part.html", context)


class _PartPost:
    """What one press of a button on a part does. The words are kept before anything else."""

    def __init__(self, request, case, part: str):
        self.request, self.case, self.part = request, case, part
        self.typed = keep_typed(FORMS[part], request.POST)

    def answer(self):
        post = self.request.POST
        fragment = self._change_rows()
        try:
            save_typed(
                self.case, self.part, self.typed, by=self.request.user, seen=version_of(post)
            )
        except DraftConflict as conflict:
            return _conflict(self.request, self.case, self.part, self.typed, conflict)
        except TransitionRefused as refusal:
            return self._show(status=422, refusal=str(refusal), typed=self.typed)
        if fragment:
            return redirect(f"{self._url(self.part)}#{fragment}")
        action = next((name for name in _ACTIONS if name in post), "save")
        return getattr(self, action)()

    def _change_rows(self) -> str:
        """Add or take away a row; the place to return to, or ''."""
        added, removed = self.request.POST.get("add", ""), self.request.POST.get("remove", "")
        form = FORMS[self.part]
        if added in form.ROWS:
            if not row_indices(self.typed, added):
                self.typed = add_row(self.typed, form, added)  # the blank row that was shown
            self.typed = add_row(self.typed, form, added)
            return f"{added}-{row_indices(self.typed, added)[-1]}"
        name, _dash, index = removed.rpartition("-")
        if name in form.ROWS and index.isdecimal():
            self.typed = drop_row(self.typed, name, int(index))
            return f"set-{name}"
        return ""

    def save(self):
        return redirect(self._url(self.part))

    def back(self):
        revise_case(self.case, self.request.user)
        return redirect(self._url(PARTS[max(PARTS.index(self.part) - 1, 0)]))

    def close(self):
        revise_case(self.case, self.request.user)
        messages.success(self.request, _("Saved. You can go on at any time."))
        return redirect("case_follow", self.case.number)

    def next(self):
        revise_case(self.case, self.request.user)
        if Draft(self.case).form(self.part, checked=True).problems():
            return self._show(status=422, checked=True)
        return redirect(self._url(PARTS[min(PARTS.index(self.part) + 1, len(PARTS) - 1)]))

    def upload(self):
        """Take the file that was chosen, or came in pieces; the words were saved already."""
        key = uuid_key(self.request.POST.get("uploaded", ""))
        if key is None and "file" not in self.request.FILES:
            return self._show(status=422, upload_error=_("Choose a file first."))
        # A file in pieces was counted when it was announced.
        if key is None and _limited(self.request, "share-upload", settings.UPLOAD_RATE):
            return self._show(status=429, upload_error=_TOO_MANY())
        try:
            if key is None:
                attach(self.case, self.request.FILES["file"], by=self.request.user)
            else:
                attach_whole(self.case, key, by=self.request.user)
        except UploadRefused as refused:
            return self._show(status=422, upload_error=" ".join(refused.messages))
        return redirect(f"{self._url('check')}#set-upload")

    def submit(self):
        revise_case(self.case, self.request.user)
        if Draft(self.case).problems():
            return self._show(status=422, checked=True, submitted=True)
        if _limited(self.request, "share-submit", settings.SUBMIT_RATE):
            return self._show(status=429, refusal=_TOO_MANY())
        ticks = SubmitForm(self.request.POST)
        ticks.is_valid()
        try:
            submit_case(self.case, by=self.request.user, **ticks.cleaned_data)
        except SubmissionIncomplete:
            return self._show(status=422, checked=True, submitted=True)
        except TransitionRefused as refusal:
            return self._show(status=422, refusal=str(refusal), ticks=ticks)
        except PermissionDenied:
            return self._show(
                status=403, refusal=_("Only an author of this story can submit it."), ticks=ticks
            )
        messages.success(self.request, _("Submitted. You follow the story here."))
        return redirect("case_follow", self.case.number)

    def _url(self, part: str) -> str:
        return reverse("share_part", args=[self.case.number, part])

    def _show(self, *, status: int, **more):
        context = part_context(self.request, self.case, self.part, **more)
        return render(self.request, "bulletins/share/part.html", context, status=status)


_ACTIONS = ("submit", "upload", "next", "back", "close")


@require_POST
@never_cache
def share_save(request, number: str, part: str):
    """Autosave. 200 with the version and whether it is new; 401 signed out; 409 with both
    texts; 423 not now."""
    if part not in FORMS:
        raise Http404
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Sign in again; nothing is lost.")}, status=401)
    case = case_to_edit(request.user, number)
    typed, asked_at = keep_typed(FORMS[part], request.POST), timezone.now()
    try:
        kept = save_typed(case, part, typed, by=request.user, seen=version_of(request.POST))
    except DraftConflict as conflict:
        context = conflict_context(case, part, typed, conflict)
        html = render_to_string("bulletins/share/conflict.html", context, request=request)
        return JsonResponse({"html": html, "version": conflict.current.version}, status=409)
    except TransitionRefused as refusal:
        return JsonResponse({"message": str(refusal)}, status=423)
    return JsonResponse(
        {
            "version": kept.version,
            "new": kept.at >= asked_at,
            "message": _("Saved %(time)s") % {"time": moment_text(kept.at)},
        }
    )


@login_required
@require_POST
def share_archive(request, number: str):
    """An editor marks what the source of an archive case does not record."""
    case = case_to_edit(request.user, number)
    form = ArchiveForm(request.POST)
    form.is_valid()
    try:
        mark_not_recorded(
            case,
            by=request.user,
            is_archive=form.cleaned_data.get("is_archive", False),
            parts=form.cleaned_data.get("parts", []),
        )
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted. Readers see what the source does not record."))
    return redirect("share_part", number, "check")


def attach_whole(case, key: uuid.UUID, *, by) -> None:
    """`attach` for a file that came in pieces, once; then the pieces go.

    Raises UploadRefused, also where the file is not whole or not this person's.
    """
    try:
        with transaction.atomic():
            sent = whole_file(key, by=by)
            if sent is None:
                raise UploadRefused(_("This file has not arrived whole. Choose it again."))
            attach(case, sent, by=by)
            drop_upload(key, by=by)
    except UploadRefused:
        drop_upload(key, by=by)  # its content is not taken: no use in keeping it
        raise


def attach(case, sent, *, by) -> None:
    """Store a file and add its row to what was typed at the check.

    Raises UploadRefused or TransitionRefused; then nothing is stored.
    """
    draft = Draft(case)
    media = take_upload(sent, guard=GUARD, guard_key=case.number, by=by)
    name, key = ("pictures", "image") if isinstance(media, GkcImage) else ("files", "document")
    form = FORMS["check"]
    typed = draft.typed("check")
    longer = add_row(typed, form, name)
    if longer is typed:
        media.delete()
        raise UploadRefused(
            _("A story holds at most %(n)s of these. Remove one first.")
            % {"n": form.MAX_ROWS[name]}
        )
    index = row_indices(longer, name)[-1]
    longer[f"{name}-{index}-{key}"] = str(media.pk)
    if name == "files":
        longer[f"{name}-{index}-title"] = media.title
    else:
        longer[f"{name}-{index}-part"] = "happened"
    try:
        save_typed(case, "check", longer, by=by, seen=draft.version("check"))
    except (DraftConflict, TransitionRefused, ValidationError):
        media.delete()
        raise


def conflict_context(case, part: str, typed: dict, conflict: DraftConflict) -> dict:
    """Both texts, field by field, where they differ."""
    current = conflict.current
    form = FORMS[part]
    labels = {name: field.label for name, field in form.base_fields.items()}
    differing = []
    for name in sorted({*typed, *current.data}):
        mine, theirs = typed.get(name, ""), current.data.get(name, "")
        if mine != theirs and not name.endswith(("-id", "-key")):
            row = name.split("-")
            label = labels.get(name) or _row_label(form, row)
            differing.append({"label": label, "mine": mine, "theirs": theirs})
    return {
        "case": case,
        "part": part,
        "differing": differing,
        "current": current,
        "language": case.source_language,
    }


def _row_label(form, row: list[str]) -> str:
    """'Row 2: Before' for 'results-1-before'; the bare name for a piece of a date."""
    if len(row) != 3 or row[0] not in form.ROWS:
        return str(form.base_fields[row[0].rpartition("_")[0]].label)
    fields = form.ROWS[row[0]].base_fields
    field = fields.get(row[2]) or fields.get(row[2].rpartition("_")[0])
    return _("Row %(n)s: %(label)s") % {"n": int(row[1]) + 1, "label": field.label}


def _conflict(request, case, part: str, typed: dict, conflict: DraftConflict):
    """The form with this person's words, and both texts above it; saving again keeps theirs."""
    context = part_context(request, case, part, typed=typed)
    context |= {"conflict": conflict_context(case, part, typed, conflict)}
    return render(request, "bulletins/share/part.html", context, status=409)


def _limited(request, group: str, rate: str) -> bool:
    return is_ratelimited(request, group=group, key="user", rate=rate, increment=True)


def _TOO_MANY() -> str:
    return _("Too many in one hour. Your text is saved; try again later.")


def _too_many(request, template: str, context: dict):
    messages.error(request, _TOO_MANY())
    return render(request, template, context, status=429)
