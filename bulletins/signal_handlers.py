"""Receivers that keep Wagtail's own ways from going around review. They only wire."""

from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.models import Page
from wagtail.signals import (
    pre_page_move,
    task_approved,
    task_cancelled,
    task_rejected,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from bulletins.guard import check_inside_transition, is_inside_transition
from bulletins.models import BulletinIssuePage, CaseStoryPage
from bulletins.models.live import LiveByTransition, changes_what_is_live
from network.signals import member_left


def on_task_changed(sender, instance, **kwargs):
    """Refuse a task of a story that changed outside a transition; its transaction rolls back."""
    if isinstance(instance.workflow_state.content_object.specific, CaseStoryPage):
        check_inside_transition()


def on_workflow_changed(sender, instance, **kwargs):
    """Likewise for a whole workflow."""
    if isinstance(instance.content_object.specific, CaseStoryPage):
        check_inside_transition()


def on_base_page_saving(sender, instance, **kwargs):
    """Wagtail's scheduler saves a story as a bare Page, past the story's own `save()`."""
    if is_inside_transition() or instance.pk is None:
        return
    page_class = instance.specific_class
    if page_class and issubclass(page_class, LiveByTransition) and changes_what_is_live(instance):
        check_inside_transition()


def on_page_going(sender, instance, **kwargs):
    """A story or issue is deleted or moved: a page is a case's record, and its address is kept."""
    check_inside_transition()


def on_story_saved(sender, instance, update_fields=None, **kwargs):
    """A new revision of the author's page, saved outside a transition: an editor's edit."""
    from bulletins.transitions import note_edit

    if is_inside_transition() or not update_fields or "latest_revision" not in update_fields:
        return
    revision = instance.latest_revision
    if revision is not None and revision.user is not None and instance.is_source:
        note_edit(instance.case, instance, by=revision.user)


def on_member_left(sender, user, distributor, by, **kwargs):
    """Their reviews go on to others, within the departure's own transaction."""
    from bulletins.transitions import part_from

    part_from(user, distributor=distributor, by=by)


def connect() -> None:
    """Called once, from the app's ready()."""
    member_left.connect(on_member_left, dispatch_uid="bulletins.on_member_left")
    for signal in (task_approved, task_rejected, task_cancelled):
        signal.connect(on_task_changed, dispatch_uid="bulletins.on_task_changed")
    for signal in (workflow_approved, workflow_rejected, workflow_cancelled, workflow_submitted):
        signal.connect(on_workflow_changed, dispatch_uid="bulletins.on_workflow_changed")
    pre_save.connect(on_base_page_saving, sender=Page, dispatch_uid="bulletins.on_base_page_saving")
    for model in (CaseStoryPage, BulletinIssuePage):
        pre_delete.connect(on_page_going, sender=model, dispatch_uid="bulletins.on_page_deleting")
        pre_page_move.connect(on_page_going, sender=model, dispatch_uid="bulletins.on_page_moving")
    post_save.connect(on_story_saved, sender=CaseStoryPage, dispatch_uid="bulletins.on_story_saved")
