"""Receivers of what the network tells. They only wire."""

from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.signals import page_published, page_unpublished

from network.signals import member_left
from workshops.catalogue import HAS_CONTENT, forget_catalogue
from workshops.models import (
    Enrolment,
    Programme,
    ProgrammePage,
    SeatQuota,
    Session,
    WorkshopIndexPage,
)


def on_member_left(sender, user, by, **kwargs):
    """Their places go on to others, within the departure's own transaction."""
    from workshops.transitions import part_from

    part_from(user, by=by)


def on_programme_published(sender, instance, **kwargs):
    """A page went live, by an editor in the admin too: its translations follow the English one, and
    versions made from it are to be compared."""
    from translations.api import follow_source
    from workshops import transitions

    transitions.mark_versions(instance)
    if instance.programme.parent_id:  # written in one language, by its distributor
        return
    if instance.language == "en" and instance.latest_revision is not None:
        follow_source(instance, by=instance.latest_revision.user)


def on_catalogue_changed(sender, instance, **kwargs):
    """The entrance appears with its first programme; a catalogue in another language is linked."""
    cache.delete(HAS_CONTENT)
    on_dates_changed(sender)


def on_dates_changed(sender, **kwargs):
    """Dates, seats, places or programmes: the catalogue is made anew, also by whoever read it
    before the change was there for all."""
    forget_catalogue()
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(forget_catalogue)


def connect() -> None:
    """Called once, from the app's ready()."""
    member_left.connect(on_member_left, dispatch_uid="workshops.on_member_left")
    page_published.connect(
        on_programme_published, sender=ProgrammePage, dispatch_uid="workshops.on_published"
    )
    for sender in (Session, SeatQuota, Enrolment, Programme):
        for signal in (post_save, post_delete):
            signal.connect(
                on_dates_changed, sender=sender, dispatch_uid=f"workshops.dates.{sender.__name__}"
            )
    for sender in (ProgrammePage, WorkshopIndexPage):
        for signal in (page_published, page_unpublished, post_delete):
            signal.connect(
                on_catalogue_changed,
                sender=sender,
                dispatch_uid=f"workshops.catalogue_changed.{sender.__name__}",
            )
