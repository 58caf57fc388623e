"""An invitation to write, as whoever is asked sees it: begin the story, or decline and say why."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.models import AuthorInvitation
from bulletins.permissions import can_answer_invitation
from bulletins.regional_forms import DeclineForm, LanguageForm
from bulletins.transitions.regional import decline_invitation, start_from_invitation


def _shown(request, invitation, status: int = 200, **forms):
    context = {
        "invitation": invitation,
        "may_answer": invitation.is_open and can_answer_invitation(request.user, invitation),
        "language_form": LanguageForm(initial={"language": get_language()}),
        "decline_form": DeclineForm(),
    }
    return render(request, "bulletins/invitation.html", context | forms, status=status)


def _invitation(request, pk: int) -> AuthorInvitation:
    rows = AuthorInvitation.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("by", "author", "distributor", "case"), pk=pk)


@login_required
@require_safe
def invitation(request, pk: int):
    """What is asked, by whom, until when; and what became of it."""
    return _shown(request, _invitation(request, pk))


@login_required
@require_POST
def invitation_start(request, pk: int):
    """Begin the story that was asked for."""
    found = _invitation(request, pk)
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, 422, language_form=form)
    try:
        case = start_from_invitation(found, by=request.user, language=form.cleaned_data["language"])
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("author_invitation", pk)
    return redirect("share_case", case.number)


@login_required
@require_POST
def invitation_decline(request, pk: int):
    """Say no and why."""
    found = _invitation(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, 422, decline_form=form)
    try:
        decline_invitation(found, by=request.user, reason=form.cleaned_data["reason"])
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Declined. The lead campaigner reads why."))
    return redirect("author_invitation", pk)
