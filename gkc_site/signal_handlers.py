"""Wires what happens to people's mandates and memberships."""

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from gkc_site.bootstrap import sync_editor_group
from network.models import Mandate, Membership
from network.permissions import forget_standing


@receiver([post_save, post_delete], sender=Mandate)
def on_mandate_change(sender, instance, **kwargs):
    """The admin's groups follow the mandates."""
    if not kwargs.get("raw"):
        sync_editor_group(instance.user)


@receiver([post_save, post_delete], sender=Membership)
def on_membership_change(sender, instance, **kwargs):
    """What the user object remembers of its memberships is out of date."""
    forget_standing(instance.user)


@receiver(user_logged_in)
def on_sign_in(sender, request, user, **kwargs):
    """A mandate may have begun or ended by its date since the last sign-in."""
    sync_editor_group(user)
