"""Invitations, the firm's members, and one's own profile."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_ratelimit.core import is_ratelimited

from bulletins.figures.recognition import recognised
from bulletins.models import Case
from gkc_site.accounts import transitions
from gkc_site.accounts.adapter import keep_language
from gkc_site.accounts.forms import (
    AcceptForm,
    InvitationForm,
    LeaveForm,
    NameContactForm,
    ProfileForm,
)
from gkc_site.accounts.models import Invitation
from gkc_site.accounts.queries import firms_of, members_of, with_unvouched
from gkc_site.views import too_many_requests
from network.exceptions import TransitionRefused
from network.languages import autonym, codes
from network.models import Distributor, Membership, User
from network.permissions import (
    can_confirm_post,
    can_invite_to,
    can_manage_members,
    is_administrator,
    managed_distributors,
)
from network.transitions import change_profile, confirm_post, leave, name_contact
from touchpoints.api import reschedule

BACKEND = "gkc_site.accounts.backends.MemberBackend"


def closed(request, **kwargs):
    """An address of allauth's that this site has no use for."""
    raise Http404


# --- invitations -----------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token: str):
    """Accept an invitation: a new account, or another firm for an account that is signed in."""
    if is_ratelimited(request, group="invitation", key="ip", rate="20/m", increment=True):
        return too_many_requests(request)
    found = Invitation.objects.filter(token=token).select_related("distributor").first()
    if found is None or found.state != "open":
        state = found.state if found else "unknown"
        return render(request, "accounts/invitation_closed.html", {"state": state}, status=410)
    with translation.override(_language_of(request, found)):
        if User.objects.filter(email=found.email).exists():
            return _join(request, found)
        return _accept(request, found)


def _language_of(request, found: Invitation) -> str:
    """The mail's language until the person chose another here."""
    chosen = request.COOKIES.get("django_language")
    return chosen if chosen in codes() else found.language


def _accept(request, found: Invitation):
    initial = {
        "first_name": found.first_name,
        "last_name": found.last_name,
        "language": found.language,
    }
    form = AcceptForm(request.POST or None, initial=initial, email=found.email)
    if form.is_valid():
        try:
            user = transitions.accept_invitation(found.token, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            login(request, user, BACKEND)
            messages.success(request, _("Your account is ready."))
            return keep_language(redirect("root"), user.interface_language)
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found})


def _join(request, found: Invitation):
    """An account with the invited address exists: its owner confirms while signed in."""
    context = {"invitation": found, "mine": request.user.is_authenticated}
    if request.user.is_authenticated and request.user.email != found.email:
        context["other"] = True
    elif request.method == "POST" and request.user.is_authenticated:
        try:
            transitions.join_by_invitation(found.token, user=request.user)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("You now belong to %(distributor)s too.") % {"distributor": found.distributor},
            )
            return redirect("root")
    return render(request, "accounts/invitation_join.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, code: str):
    """Invite a person to the distributor."""
    distributor = _firm(request, code)
    if is_ratelimited(
        request, group="invite", key="user", rate="60/h", method="POST", increment=True
    ):
        return too_many_requests(request)
    form = InvitationForm(request.POST or None, distributor=distributor)
    if form.is_valid():
        try:
            made = transitions.invite(distributor, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("Invited: %(email)s.") % {"email": made.email})
            return redirect("people_members")
    return render(request, "accounts/invite.html", {"form": form, "distributor": distributor})


@login_required
@require_POST
def resend(request, pk: int):
    """Send an invitation again."""
    return _on_invitation(request, pk, transitions.resend_invitation, _("Sent again."))


@login_required
@require_POST
def revoke(request, pk: int):
    """End an open invitation."""
    return _on_invitation(request, pk, transitions.revoke_invitation, _("Invitation ended."))


def _on_invitation(request, pk: int, change, done: str):
    found = get_object_or_404(Invitation.objects.select_related("distributor"), pk=pk)
    try:
        change(found, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("people_members")


# --- the firm's members ------------------------------------------------------------
@login_required
@require_safe
def members(request):
    """The firms this person manages or leads, their members and open invitations.

    With `?unvouched=1` an administrator's: those of members whom no manager can vouch for.
    """
    firms = firms_of(request.user)
    if not firms:
        raise PermissionDenied
    if request.GET.get("unvouched") and is_administrator(request.user):
        firms = with_unvouched(firms)
    context = {
        "firms": members_of(firms, request.user),
        "may_import": bool(managed_distributors(request.user)) or is_administrator(request.user),
    }
    return render(request, "accounts/members.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_leave(request, pk: int):
    """End a membership; asks for the successor of a first contact."""
    membership = _membership(request, pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            leave(membership, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error("successor", str(refusal))
        else:
            messages.success(
                request, _("%(person)s has left.") % {"person": membership.user.display_name}
            )
            return redirect("people_members")
    return render(request, "accounts/member_leave.html", {"form": form, "membership": membership})


@login_required
@require_POST
def member_contact(request, pk: int):
    """Name first contact, deputy or neither."""
    membership = _membership(request, pk)
    form = NameContactForm(request.POST)
    if not form.is_valid():
        raise Http404
    return _then(
        request,
        lambda: name_contact(membership, form.cleaned_data["contact"], by=request.user),
        _("Saved."),
    )


@login_required
@require_POST
def member_confirm(request, pk: int):
    """Vouch for a member's post and years of experience."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    if not can_confirm_post(request.user, person):
        raise PermissionDenied
    return _then(request, lambda: confirm_post(person, by=request.user), _("Post confirmed."))


def _then(request, change, done: str):
    try:
        change()
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("people_members")


def _firm(request, code: str) -> Distributor:
    distributor = get_object_or_404(Distributor, code=code)
    if not can_invite_to(request.user, distributor):
        raise PermissionDenied
    return distributor


def _membership(request, pk: int) -> Membership:
    membership = get_object_or_404(
        Membership.objects.current().select_related("user", "distributor__country"), pk=pk
    )
    if not can_manage_members(request.user, membership.distributor):
        raise PermissionDenied
    return membership


# --- one's own profile --------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Name, languages, time zone, mail rhythm, post."""
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=user)
    if form.is_valid():
        change_profile(user, **form.cleaned_data)
        reschedule(user)
        with translation.override(user.interface_language):
            messages.success(request, _("Profile saved."))
            return keep_language(redirect("profile"), user.interface_language)
    held = user.further_languages
    context = {
        "form": form,
        "person": user,
        "memberships": user.memberships.current().select_related("distributor", "dealer"),
        "further": [(code, autonym(code)) for code in held],
        "others": [
            (code, autonym(code))
            for code in codes()
            if code not in held and code != user.interface_language
        ],
        "mfa_url": reverse("mfa_index"),
        "sees_members": bool(firms_of(request.user)),
        "recognised": recognised(
            Case.objects.told_by(request.user).readable_by(request.user), user=request.user
        ),
    }
    return render(request, "accounts/profile.html", context)


@login_required
@require_POST
def profile_languages(request):
    """Add, remove or move one further reading language: `add=ja`, `up=ja`, `down=ja`, `drop=ja`."""
    held = list(request.user.further_languages)
    for verb in ("add", "up", "down", "drop"):
        code = request.POST.get(verb)
        if code in codes():
            held = _moved(held, verb, code)
    change_profile(request.user, further_languages=held)
    return redirect(reverse("profile") + "#languages")


def _moved(held: list[str], verb: str, code: str) -> list[str]:
    if verb == "add":
        return [*held, code] if code not in held else held
    if code not in held:
        return held
    at = held.index(code)
    rest = [c for c in held if c != code]
    if verb == "drop":
        return rest
    to = max(0, at - 1) if verb == "up" else at + 1
    return [*rest[:to], code, *rest[to:]]
