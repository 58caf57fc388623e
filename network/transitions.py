"""People in and out: one function a change, each in one transaction, each in the log.

Who parts hands on stories, reviews and seats in other rooms: their locks come
behind the person's, in the order of docs/adr/0011.

The log is Wagtail's, so that the admin's history shows it; the actions are
registered in network.wagtail_hooks.
"""

import datetime

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from network.exceptions import TransitionRefused
from network.models import Mandate, Membership, User
from network.permissions import (
    can_confirm_post,
    can_manage_members,
    forget_standing,
    is_administrator,
)
from network.signals import member_left
from network.tree import tree_change

FIRST, DEPUTY, NONE = Membership.Contact.FIRST, Membership.Contact.DEPUTY, Membership.Contact.NONE


def join(user: User, distributor, *, by, dealer=None, contact: str = "") -> Membership:
    """Make `user` a member of the distributor from today on.

    A first contact who would be the second becomes deputy. The caller has
    asked whether `by` may do this: an invitation stands for its inviter.
    """
    with transaction.atomic():
        current = Membership.objects.current().filter(distributor=distributor)
        kept = current.filter(user=user).first()
        if kept:
            return kept
        if contact == FIRST and current.filter(contact=FIRST).exists():
            contact = DEPUTY
        made = Membership.objects.create(
            user=user,
            distributor=distributor,
            dealer=dealer,
            contact=contact,
            since=timezone.localdate(),
        )
        log(user, "network.join", user=by, data={"distributor": distributor.code})
        return made


def leave(membership: Membership, *, by, successor: Membership | None = None) -> None:
    """End a membership; close the account where nothing else holds it open.

    What the person wrote stays theirs. A first contact needs a `successor` of
    the same distributor. Raises PermissionDenied or TransitionRefused.
    """
    with tree_change():
        user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
        _lock_contacts(membership, successor)
        membership = Membership.objects.select_related("distributor").get(pk=membership.pk)
        distributor = membership.distributor
        if not can_manage_members(by, distributor):
            raise PermissionDenied
        today = timezone.localdate()
        if membership.until is not None and membership.until < today:
            raise TransitionRefused(_("This person is no longer a member."))
        if membership.contact == FIRST and distributor.is_active:
            if successor is None:
                raise TransitionRefused(_("Name another first contact before this one leaves."))
            name_contact(successor, FIRST, by=by)
            membership.contact = NONE
        # Both days of a period count, so the last one was yesterday.
        membership.until = today - datetime.timedelta(days=1)
        membership.save()
        closes = not (
            user.memberships.current().exists()
            or user.mandates.current().exists()
            or user.is_superuser
        )
        if closes:
            _close(user)
        forget_standing(user)
        log(
            user,
            "network.leave",
            user=by,
            data={"distributor": distributor.code, "account_closed": closes},
        )
        member_left.send(
            Membership, user=user, distributor=distributor, by=by, account_closed=closes
        )


def close_account(user: User, *, by) -> None:
    """Close a person's account and end all they hold; an administrator's act.

    Raises TransitionRefused for a first contact (name another first) and for
    the own account.
    """
    with tree_change():
        # Their reviews are handed on below, behind locks of other rooms: who holds one of those
        # now may be writing this person's name, and would wait for a whole row's lock.
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not is_administrator(by) or user.is_system:
            raise PermissionDenied
        if user.pk == by.pk:
            raise TransitionRefused(_("Another administrator must close your account."))
        held = list(user.memberships.current())
        if any(m.contact == FIRST and m.distributor.is_active for m in held):
            raise TransitionRefused(_("Name another first contact before this one leaves."))
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        user.memberships.current().update(until=yesterday)
        for mandate in user.mandates.current():
            mandate.until = yesterday
            mandate.save()
        _close(user)
        forget_standing(user)
        log(user, "network.close_account", user=by)
        for distributor in [m.distributor for m in held] or [None]:
            member_left.send(
                Membership, user=user, distributor=distributor, by=by, account_closed=True
            )


def reopen_account(user: User, *, by) -> None:
    """Let a person sign in again; memberships and mandates are given anew."""
    with transaction.atomic():
        if not is_administrator(by) or user.is_system:
            raise PermissionDenied
        user.is_active = True
        user.save(update_fields=["is_active"])
        log(user, "network.reopen_account", user=by)


def name_contact(membership: Membership, contact: str, *, by) -> None:
    """Make a member first contact, deputy or neither. The former first contact becomes deputy."""
    with transaction.atomic():
        _lock_contacts(membership)
        membership = Membership.objects.get(pk=membership.pk)
        distributor = membership.distributor
        if not can_manage_members(by, distributor):
            raise PermissionDenied
        current = Membership.objects.current().filter(distributor=distributor)
        if not current.filter(pk=membership.pk).exists():
            raise TransitionRefused(_("This person is no longer a member."))
        if membership.contact == FIRST and contact != FIRST:
            raise TransitionRefused(_("Name another first contact instead."))
        if contact == FIRST:
            for former in current.filter(contact=FIRST).exclude(pk=membership.pk):
                former.contact = DEPUTY
                former.save()
        membership.contact = contact
        membership.save()
        log(
            membership.user,
            "network.name_contact",
            user=by,
            data={"distributor": distributor.code, "contact": contact},
        )


def confirm_post(user: User, *, by) -> None:
    """The distributor's manager vouches for the person's post and years of experience."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not can_confirm_post(by, user):
            raise PermissionDenied
        if not user.post and user.years_of_experience is None:
            raise TransitionRefused(_("No post is entered yet."))
        user.post_confirmed_by, user.post_confirmed_at = by, timezone.now()
        user.save(update_fields=["post_confirmed_by", "post_confirmed_at"])
        log(
            user,
            "network.confirm_post",
            user=by,
            data={"post": user.post, "years": user.years_of_experience},
        )


def change_profile(user: User, **fields) -> None:
    """Save the person's own profile. Another post or other years void the confirmation."""
    with transaction.atomic():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        for name, value in fields.items():
            setattr(user, name, value)
        about_post = ("post", "years_of_experience")
        if any(getattr(stored, name) != getattr(user, name) for name in about_post):
            user.post_confirmed_by = user.post_confirmed_at = None
        user.save(update_fields=[*fields, "post_confirmed_by", "post_confirmed_at"])


def grant_mandate(user: User, role: str, *, by, since=None, until=None, **scope) -> Mandate:
    """Give a mandate: global, or over the one keyword given (`review_area=area`)."""
    with transaction.atomic():
        if not is_administrator(by):
            raise PermissionDenied
        made = Mandate(
            user=user,
            role=role,
            scope=next(iter(scope), "global"),
            since=since or timezone.localdate(),
            until=until,
            **scope,
        )
        made.full_clean()
        made.save()
        log(user, "network.grant_mandate", user=by, data={"mandate": _words(made)})
        return made


def end_mandate(mandate: Mandate, *, by) -> None:
    """End a mandate as of yesterday. The last administrator's cannot be ended."""
    with transaction.atomic():
        mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if not is_administrator(by):
            raise PermissionDenied
        if mandate.role == "administrator":
            others = User.objects.holding("administrator").exclude(pk=mandate.user_id)
            if (
                not others.exists()
                and not User.objects.filter(is_superuser=True, is_active=True).exists()
            ):
                raise TransitionRefused(_("Somebody must remain administrator."))
        mandate.until = timezone.localdate() - datetime.timedelta(days=1)
        mandate.save()
        log(mandate.user, "network.end_mandate", user=by, data={"mandate": _words(mandate)})


def _lock_contacts(*memberships: Membership | None) -> None:
    """These memberships and the first contact of their distributor, in the order of keys: a
    departure and a new first contact do not wait for each other."""
    asked = [one for one in memberships if one is not None]
    firsts = Q(distributor__in=[one.distributor_id for one in asked], contact=FIRST)
    rows = Membership.objects.filter(Q(pk__in=[one.pk for one in asked]) | firsts)
    list(rows.select_for_update().order_by("pk").values_list("pk"))


def _words(mandate: Mandate) -> str:
    target = next(
        (str(v) for v in (mandate.review_area, mandate.region, mandate.country) if v),
        mandate.language,
    )
    return f"{mandate.role} {target}".strip()


def _close(user: User) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Sign the person out everywhere. Reads every running session: rare, and some thousands."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
