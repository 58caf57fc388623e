"""What an editor says at an issue: the answer to a proposal, a correction after the release."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.models import BulletinIssue, Case, IssueProposal
from bulletins.regional_forms import AnswerForm
from bulletins.transitions.after_release import correct_issue
from bulletins.transitions.regional import answer_proposal
from bulletins.views.issues import correction_form, desk_context, editors_only


@editors_only
@require_POST
def proposal_answer(request, pk: int):
    """Taken, later, or no and why."""
    proposal = get_object_or_404(IssueProposal, pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            why_not = answer_proposal(proposal, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Answered. The lead campaigner is told."))
            if why_not:
                messages.warning(request, why_not)
    else:
        messages.error(request, _("Choose an answer."))
    issue = BulletinIssue.objects.filter(month=proposal.month).first()
    return redirect("issue_desk", issue.pk) if issue else redirect("issue_proposals")


@editors_only
@require_safe
def issue_proposals(request):
    """All proposals that wait for an answer, by month; months without an issue too."""
    rows = (
        IssueProposal.objects.open()
        .select_related("case", "by", "area")
        .prefetch_related("case__pages__locale", "answers__by")
    )
    return render(request, "bulletins/issue_proposals.html", {"proposals": list(rows)})


@editors_only
@require_POST
def issue_correct(request, pk: int):
    """Note a correction; what was typed stays on the page when it cannot be."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    stories = list(issue.stories.select_related("case").prefetch_related("case__pages__locale"))
    form = correction_form(issue, stories, request.POST)
    if form.is_valid():
        number = form.cleaned_data["case"]
        try:
            correct_issue(
                issue,
                by=request.user,
                words=form.words(),
                case=Case.objects.get(number=number) if number else None,
                is_material=form.cleaned_data["is_material"],
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The correction stands on the page with its date."))
            return redirect("issue_desk", issue.pk)
    context = desk_context(request, issue, correction_form=form)
    return render(request, "bulletins/issue_desk.html", context, status=422)
