"""The region's desk: a lead proposes stories, invites authors and writes the supplement."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.models import (
    AuthorInvitation,
    BulletinIssue,
    Case,
    IssueProposal,
    IssueStage,
    RegionalSupplement,
)
from bulletins.months import shift
from bulletins.permissions import can_write_supplement, leads_anywhere, led_scopes
from bulletins.planning.year import MONTHS
from bulletins.queries import led_areas
from bulletins.regional_forms import InvitationForm, ProposalForm, SupplementForm, parse_scope
from bulletins.transitions.regional import (
    hide_supplement,
    invite_author,
    propose_story,
    publish_supplement,
    take_back_invitation,
    write_supplement,
)
from network.languages import codes
from network.models import Membership, Region, ReviewArea, Topic

LISTED = 30  # proposals and invitations on the page, newest first
CHOICES = 200  # stories and members in a list to choose from
RECENT = 3  # released issues that a supplement may still be added to


def leads_only(view):
    """Signed in and lead of some area, else 403."""

    @login_required
    def checked(request, *args, **kwargs):
        if not leads_anywhere(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@leads_only
@require_safe
def region_desk(request):
    """Proposals, invitations and supplements of the areas this person leads."""
    return render(request, "bulletins/region_desk.html", desk_context(request))


def desk_context(request, **forms) -> dict:
    """What the template needs; a bound form replaces its empty twin. Queries do not grow."""
    user = request.user
    titled = "case__pages__locale"
    proposals = IssueProposal.objects.visible_to(user).order_by("-pk")
    invitations = AuthorInvitation.objects.visible_to(user).filter(area__in=led_areas(user))
    return {
        "proposals": proposals.select_related("case", "answered_by").prefetch_related(titled)[
            :LISTED
        ],
        "invitations": invitations.select_related("author", "distributor", "case", "topic")[
            :LISTED
        ],
        "supplements": supplement_rows(user),
        "proposal_form": ProposalForm(stories=proposable(user), months=open_months()),
        "invitation_form": InvitationForm(
            members=members(user), topics=sorted(Topic.objects.all(), key=str)
        ),
        "languages": codes(),
    } | forms


def proposable(user) -> list[tuple[str, str]]:
    """(number, number and title) of the stories to choose from. Two queries."""
    cases = Case.objects.to_propose_by(user).prefetch_related("pages__locale").order_by("-since")
    return [(case.number, f"{case.number} {case.headline}") for case in cases[:CHOICES]]


def open_months() -> list[tuple]:
    """(first day, theme) of the coming months whose issue takes stories. One query."""
    this = timezone.localdate().replace(day=1)
    issues = {
        issue.month: issue
        for issue in BulletinIssue.objects.filter(month__gte=this, month__lt=shift(this, MONTHS))
    }
    months = [shift(this, step) for step in range(MONTHS)]
    return [
        (month, issues[month].theme if month in issues else "")
        for month in months
        if month not in issues or issues[month].stage == IssueStage.PLANNED
    ]


def members(user) -> list[Membership]:
    """Members of the distributors of the areas this person leads, by name. One query."""
    rows = (
        Membership.objects.current()
        .filter(
            distributor__country__review_area__in=led_areas(user),
            distributor__is_active=True,
            user__is_active=True,
        )
        .exclude(user=user)
        .select_related("user", "distributor")[:CHOICES]
    )
    return sorted(rows, key=lambda m: (m.user.display_name, m.pk))


def scopes_of(user) -> list[tuple[str, object]]:
    """('region-3', the region) for each scope this person leads. Two queries and one an area."""
    held = led_scopes(user)
    places = {("region", r.pk): r for r in Region.objects.all()}
    places |= {("area", a.pk): a for a in ReviewArea.objects.all()}
    return [
        (f"{kind}-{pk}", places[kind, pk])
        for kind, pk in sorted(held, key=lambda scope: str(places[scope]))
    ]


def supplement_rows(user) -> list[dict]:
    """Each issue that takes a supplement, by scope, with the texts there are. Four queries."""
    open_ones = list(
        BulletinIssue.objects.exclude(stage=IssueStage.RELEASED).order_by("month")
    ) + list(BulletinIssue.objects.released().order_by("-month")[:RECENT])
    scopes = scopes_of(user)
    written: dict[tuple, list] = {}
    for row in RegionalSupplement.objects.filter(issue__in=open_ones):
        written.setdefault((row.issue_id, row.scope), []).append(row)
    return [
        {
            "issue": issue,
            "key": key,
            "place": place,
            "texts": written.get((issue.pk, parse_scope(key)), []),
        }
        for issue in open_ones
        for key, place in scopes
    ]


@leads_only
@require_POST
def region_propose(request):
    """Propose a story; what was typed stays on the page when it cannot be."""
    form = ProposalForm(request.POST, stories=proposable(request.user), months=open_months())
    if form.is_valid():
        data = form.cleaned_data
        case = get_object_or_404(Case, number=data["case"])
        try:
            propose_story(case, by=request.user, month=data["month"], sentence=data["sentence"])
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Proposed. The editors answer it."))
            return redirect("region_desk")
    context = desk_context(request, proposal_form=form)
    return render(request, "bulletins/region_desk.html", context, status=422)


@leads_only
@require_POST
def region_invite(request):
    """Invite an author; what was typed stays on the page when it cannot be."""
    people = members(request.user)
    topics = {topic.pk: topic for topic in Topic.objects.all()}
    form = InvitationForm(request.POST, members=people, topics=sorted(topics.values(), key=str))
    if form.is_valid():
        data = form.cleaned_data
        member = next(m for m in people if str(m.pk) == data["member"])
        try:
            invite_author(
                by=request.user,
                author=member.user,
                distributor=member.distributor,
                sentence=data["sentence"],
                topic=topics[int(data["topic"])] if data["topic"] else None,
                wished_on=data["wished_on"],
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Invited. The answer will stand here."))
            return redirect("region_desk")
    context = desk_context(request, invitation_form=form)
    return render(request, "bulletins/region_desk.html", context, status=422)


@leads_only
@require_POST
def region_take_back(request, pk: int):
    """No longer ask somebody to write."""
    invitation = get_object_or_404(AuthorInvitation.objects.visible_to(request.user), pk=pk)
    try:
        take_back_invitation(invitation, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("region_desk")


@login_required
def supplement_write(request, pk: int, scope: str, language: str):
    """Write one language of a scope's supplement to an issue."""
    issue = get_object_or_404(BulletinIssue, pk=pk)
    owner = parse_scope(scope)
    if owner is None or language not in codes():
        raise Http404
    if not can_write_supplement(request.user, owner):
        raise PermissionDenied
    places = {"region": Region, "area": ReviewArea}
    place = get_object_or_404(places[owner[0]], pk=owner[1])
    mine = {"region" if owner[0] == "region" else "review_area": place}
    found = RegionalSupplement.objects.filter(issue=issue, language=language, **mine).first()
    form = SupplementForm(
        request.POST if request.method == "POST" else None,
        initial={
            "title": found.title if found else "",
            "body": "\n\n".join(str(block.value) for block in found.body) if found else "",
            "seen": found.version if found else 0,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = write_supplement(
                issue,
                by=request.user,
                scope=owner,
                language=language,
                title=form.cleaned_data["title"],
                paragraphs=form.paragraphs(),
                seen=form.cleaned_data["seen"],
            )
            if request.POST.get("action") == "publish":
                publish_supplement(found, by=request.user)
        except TransitionRefused as refusal:
            found = RegionalSupplement.objects.filter(
                issue=issue, language=language, **mine
            ).first()
            form.add_error(None, str(refusal))
            form.data = form.data.copy()  # saving again replaces what they are shown now
            form.data["seen"] = found.version if found else 0
        else:
            messages.success(request, _("Saved."))
            return redirect("supplement_write", issue.pk, scope, language)
    context = {
        "issue": issue,
        "place": place,
        "scope": scope,
        "language": language,
        "supplement": found,
        "form": form,
        "is_lead": leads_anywhere(request.user),
    }
    status = 422 if form.is_bound else 200
    return render(request, "bulletins/supplement_write.html", context, status=status)


@login_required
@require_POST
def supplement_hide(request, pk: int):
    """Take a supplement off the issue's page."""
    supplement = get_object_or_404(RegionalSupplement, pk=pk)
    hide_supplement(supplement, by=request.user)
    messages.success(request, _("It no longer stands in the issue."))
    kind, owner = supplement.scope
    return redirect("supplement_write", supplement.issue_id, f"{kind}-{owner}", supplement.language)
