"""Invitations: the only way in. One function a change, each in one transaction, each in the log."""

import contextlib
import datetime
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from gkc_site.accounts.models import Invitation, new_token
from network.exceptions import TransitionRefused
from network.models import Membership, User
from network.permissions import can_invite_to
from network.transitions import join
from touchpoints.api import tell_once

LIFE = datetime.timedelta(days=14)


def invite(distributor, email: str, *, by, language: str = "en", **fields) -> Invitation:
    """Invite a person to the distributor and mail them the link.

    `fields`: first_name, last_name, dealer, contact. Raises PermissionDenied,
    or TransitionRefused where they are a member, have an open invitation, or
    their account was closed.
    """
    if not can_invite_to(by, distributor):
        raise PermissionDenied
    email = User.objects.normalize_email(email)
    with transaction.atomic():
        current = Membership.objects.current().filter(distributor=distributor, user__email=email)
        if current.exists():
            raise TransitionRefused(_("This person is already a member."))
        if User.objects.filter(email=email, is_active=False).exists():
            # They could not sign in to accept it.
            raise TransitionRefused(
                _("This account is closed. Ask an administrator to reopen it, then invite again.")
            )
        for earlier in Invitation.objects.filter(distributor=distributor, email=email):
            if earlier.state == "open":
                raise TransitionRefused(_("This person has an open invitation. Send it again."))
        made = Invitation.objects.create(
            distributor=distributor,
            email=email,
            language=language,
            invited_by=by,
            expires_at=timezone.now() + LIFE,
            **fields,
        )
        _mail(made)
        log(made, "accounts.invite", user=by, data={"distributor": distributor.code})
        return made


def resend_invitation(invitation: Invitation, *, by) -> None:
    """Mail a new link for another fourteen days; the old link ends."""
    with _changing(invitation, by) as locked:
        locked.token = new_token()
        locked.revoked_at = None
        locked.expires_at = timezone.now() + LIFE
        locked.save()
        _mail(locked)
        log(locked, "accounts.resend", user=by)


def revoke_invitation(invitation: Invitation, *, by) -> None:
    """End an invitation that nobody accepted yet."""
    with _changing(invitation, by) as locked:
        locked.revoked_at = timezone.now()
        locked.save()
        log(locked, "accounts.revoke", user=by)


def accept_invitation(
    token: str, *, first_name: str, last_name: str, password: str, language: str
) -> User:
    """Make the invited person's account and membership.

    Raises TransitionRefused where the invitation is not open, or the address
    has an account already (its owner joins while signed in).
    """
    with transaction.atomic():
        invitation = _open(token)
        if User.objects.filter(email=invitation.email).exists():
            raise TransitionRefused(_("This address has an account. Sign in to join."))
        user = User.objects.create_user(
            invitation.email,
            password,
            first_name=first_name,
            last_name=last_name,
            interface_language=language,
        )
        _join(invitation, user)
        return user


def join_by_invitation(token: str, *, user: User) -> None:
    """A person with an account joins another distributor. Raises as `accept_invitation` does."""
    with transaction.atomic():
        invitation = _open(token)
        if user.email != invitation.email:
            raise TransitionRefused(_("This invitation is for another address."))
        _join(invitation, user)


def _open(token: str) -> Invitation:
    """The invitation, alone to us: the second of two at once waits here and finds it used."""
    invitation = Invitation.objects.select_for_update().filter(token=token).first()
    if invitation is None or invitation.state != "open":
        raise TransitionRefused(_("This invitation was used already, ended, or is too old."))
    return invitation


def _join(invitation: Invitation, user: User) -> None:
    join(
        user,
        invitation.distributor,
        by=invitation.invited_by,
        dealer=invitation.dealer,
        contact=invitation.contact,
    )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save()
    log(invitation, "accounts.accept", user=user)


@contextlib.contextmanager
def _changing(invitation: Invitation, by) -> Iterator[Invitation]:
    """The invitation as it stands now, alone to us; refused once it was accepted."""
    if not can_invite_to(by, invitation.distributor):
        raise PermissionDenied
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.state == "accepted":
            raise TransitionRefused(_("This person has accepted already."))
        yield locked


def _mail(invitation: Invitation) -> None:
    # No user yet, so the recipient is named; the token stands in the row only,
    # never in the ledger. A new token is a new occasion.
    tell_once(
        "accounts.invitation",
        invitation,
        once_key=f"invitation:{invitation.pk}:{invitation.expires_at.isoformat()}",
        recipients=[(None, invitation.distributor, invitation.email, invitation.language, "")],
    )
