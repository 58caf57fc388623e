"""The issue desk: plan, order, introduce, preview, schedule, release."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.issue_forms import (
    CorrectionForm,
    IntroductionForm,
    LetterForm,
    PlanForm,
    ReleaseForm,
    ThemeForm,
)
from bulletins.issue_mail import compose
from bulletins.models import Audience, BulletinIssue, Case, IssueProposal, IssueStage, Stage
from bulletins.permissions import can_manage_issues
from bulletins.planning.balance import balance
from bulletins.planning.grid import grid
from bulletins.planning.year import plan
from bulletins.transitions import (
    add_story,
    introduce_story,
    move_story,
    plan_issue,
    plan_theme,
    release_issue,
    remove_story,
    schedule_issue,
    unschedule_issue,
    write_issue,
)
from network.languages import codes
from touchpoints.personal import NOBODYS, fill

OFFERED_AT_ONCE = 50


def editors_only(view):
    """Signed in and allowed to make issues, else 403."""

    @login_required
    def checked(request, *args, **kwargs):
        if not can_manage_issues(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@editors_only
def issue_desks(request):
    """The plan of twelve months with its gaps, what is out, and a form for a month."""
    form = PlanForm(request.POST or None, initial={"month": asked_month(request)})
    if request.method == "POST" and form.is_valid():
        try:
            issue = plan_issue(by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error("month", str(refusal))
        else:
            return redirect("issue_desk", issue.pk)
    context = {
        "form": form,
        "months": plan(timezone.localdate()),
        "released": BulletinIssue.objects.released().with_story_count().order_by("-month"),
    }
    return render(request, "bulletins/issue_desks.html", context)


def asked_month(request) -> datetime.date | None:
    """The month whose gap was clicked."""
    try:
        return datetime.datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()
    except ValueError:
        return None


@editors_only
@require_safe
def issue_desk(request, pk: int):
    """One issue: letter, stories in order, what may enter, the minute of its release."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    return render(request, "bulletins/issue_desk.html", desk_context(request, issue))


def desk_context(request, issue, **forms) -> dict:
    """What the desk's template needs; a bound form replaces its empty twin."""
    page = issue.pages.get(locale__language_code="en").get_latest_revision_as_object()
    letter = "\n\n".join(str(block.value) for block in page.letter)
    stories = list(
        issue.stories.select_related("case__distributor__country").prefetch_related(
            "case__pages__locale"
        )
    )
    for story in stories:
        story.introduction = page.introduction_of(story.case_id)
    offered = list(offered_cases()) if issue.stage == IssueStage.PLANNED else []
    table = grid(issue, timezone.localdate())
    for story in stories:
        story.why_not = table.unfit.get(story.case_id, "")
    proposals = IssueProposal.objects.filter(month=issue.month)
    return {
        "issue": issue,
        "page": page,
        "stories": stories,
        "offered": offered,
        "balance": balance(issue, offered),
        "proof": table.proof,
        "dates": table.dates,
        "proposals": proposals.select_related("case", "by", "area", "answered_by").prefetch_related(
            "case__pages__locale", "answers__by"
        ),
        "supplements": issue.supplements.select_related("region", "review_area"),
        "corrections": issue.corrections.select_related("case", "by"),
        "events": issue.events.select_related("by", "case"),
        "theme_form": ThemeForm(initial={"theme": issue.theme, "planned_on": issue.planned_on}),
        "correction_form": correction_form(issue, stories),
        "letter_form": LetterForm(
            initial={"title": page.title, "subject": page.subject, "letter": letter}
        ),
        "release_form": ReleaseForm(time_zone=request.user.time_zone),
        "languages": codes(),
    } | forms


def correction_form(issue, stories, data=None) -> CorrectionForm:
    """With the issue's stories to choose from."""
    choices = [(row.case.number, f"{row.case.number} {row.case.headline}") for row in stories]
    return CorrectionForm(data, stories=choices, languages=codes())


@editors_only
@require_POST
def issue_theme(request, pk: int):
    """Save the theme and the day meant for the release."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    form = ThemeForm(request.POST)
    if form.is_valid():
        try:
            plan_theme(issue, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Theme saved."))
            return redirect("issue_desk", issue.pk)
    context = desk_context(request, issue, theme_form=form)
    return render(request, "bulletins/issue_desk.html", context, status=422)


def offered_cases():
    """Stories that may enter an issue: ready or published, for the network, in no issue yet."""
    return (
        Case.objects.filter(stage__in=[Stage.READY, Stage.PUBLISHED], in_issue=None)
        .exclude(audience=Audience.REGION)
        .exclude(author_confirm_until__gt=timezone.now())
        .select_related("distributor__country")
        .prefetch_related("pages__locale")
        .order_by("since")[:OFFERED_AT_ONCE]
    )


@editors_only
@require_POST
def issue_write(request, pk: int):
    """Save the letter; what was typed stays on the page when it cannot be."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            write_issue(
                issue,
                by=request.user,
                title=form.cleaned_data["title"],
                subject=form.cleaned_data["subject"],
                letter=form.paragraphs(),
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Letter saved."))
            return redirect("issue_desk", issue.pk)
    context = desk_context(request, issue, letter_form=form)
    return render(request, "bulletins/issue_desk.html", context, status=422)


@editors_only
@require_POST
def issue_story(request, pk: int, number: str, action: str):
    """One story of the issue: add, remove, up, down or introduce."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    if action not in ("add",) and not issue.stories.filter(case=case).exists():
        raise Http404
    try:
        if action == "add":
            add_story(issue, case, by=request.user)
        elif action == "remove":
            remove_story(issue, case, by=request.user)
        elif action in ("up", "down"):
            move_story(issue, case, by=request.user, up=action == "up")
        elif action == "introduce":
            form = IntroductionForm(request.POST)
            if not form.is_valid():
                raise TransitionRefused(_("The introduction is too long: 400 characters at most."))
            words = form.cleaned_data["introduction"]
            introduce_story(issue, case, by=request.user, words=words)
        else:
            raise Http404
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{issue_url(issue)}#story-{case.number}")


@editors_only
@require_POST
def issue_schedule(request, pk: int):
    """Freeze the issue for a minute, in the editor's time zone."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    form = ReleaseForm(request.POST, time_zone=request.user.time_zone)
    if form.is_valid():
        try:
            schedule_issue(issue, by=request.user, release_at=form.cleaned_data["release_at"])
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The issue is frozen and will be released at its minute."))
            return redirect("issue_desk", issue.pk)
    context = desk_context(request, issue, release_form=form)
    return render(request, "bulletins/issue_desk.html", context, status=422)


@editors_only
@require_POST
def issue_change(request, pk: int, action: str):
    """Open a frozen issue again, or release it now."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    try:
        if action == "unschedule":
            unschedule_issue(issue, by=request.user)
            messages.success(request, _("The issue is open for planning again."))
        elif action == "release":
            release_issue(issue, by=request.user)
            messages.success(request, _("The issue is released and on its way to everybody."))
        else:
            raise Http404
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("issue_desk", issue.pk)


@editors_only
@require_safe
def issue_mail_preview(request, pk: int, language: str):
    """The mail as it will be, in one language; inline styles are allowed in it alone."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    if language not in codes():
        raise Http404
    with translation.override(language):
        message = compose(issue, live_only=False)
    response = HttpResponse(fill(message.html, NOBODYS, html=True))
    response._csp_exempt = True
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    return response


@editors_only
@require_safe
def issue_page_preview(request, pk: int, language: str):
    """The issue's page as readers of a language will see it."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    if language not in codes():
        raise Http404
    page = issue.pages.filter(locale__language_code=language).first()
    page = page or issue.pages.get(locale__language_code="en")
    request.is_preview = True
    with translation.override(language):
        return page.get_latest_revision_as_object().serve_preview(request, "").render()


def issue_url(issue) -> str:
    """The desk of one issue."""
    from django.urls import reverse

    return reverse("issue_desk", args=[issue.pk])
