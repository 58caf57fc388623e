"""Receivers of what the network tells. They only wire."""

from wagtail.signals import page_published

from network.signals import member_left
from workshops.models import ProgrammePage


def on_member_left(sender, user, by, **kwargs):
    """Their places go on to others, within the departure's own transaction."""
    from workshops.transitions import part_from

    part_from(user, by=by)


def on_programme_published(sender, instance, **kwargs):
    """An editor published the English page in the admin: its translations follow."""
    from translations.api import follow_source

    if instance.language == "en" and instance.latest_revision is not None:
        follow_source(instance, by=instance.latest_revision.user)


def connect() -> None:
    """Called once, from the app's ready()."""
    member_left.connect(on_member_left, dispatch_uid="workshops.on_member_left")
    page_published.connect(
        on_programme_published, sender=ProgrammePage, dispatch_uid="workshops.on_published"
    )
