"""Wagtail's `publish_scheduled`, safe for a site whose stories go live by transitions.

Takes its place by name: gkc_site stands before wagtail in INSTALLED_APPS.
"""

import logging

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from network.models.live import LiveByTransition
from network.tree import tree_change

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Publish and unpublish what is due; stories and issues follow their review and release."

    def add_arguments(self, parser):
        parser.add_argument("--dryrun", action="store_true", help="Only say what would be done.")

    def handle(self, *args, dryrun, **options):
        """Each object in a transaction of its own, under the tree lock."""
        now = timezone.now()
        for model in _models():
            due = model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
            for pk in list(due.values_list("pk", flat=True)):
                with tree_change():
                    # Another process may have been first: read again under the lock.
                    found = model.objects.filter(pk=pk, live=True, expire_at__lt=now).first()
                    self._expire(found, dryrun)
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        for pk in list(due.values_list("pk", flat=True)):
            with tree_change():
                revision = Revision.objects.filter(pk=pk, approved_go_live_at__lt=now).first()
                self._publish(revision, dryrun)

    def _expire(self, found, dryrun: bool) -> None:
        if found is None or _passed_over(_class_of(found), found):
            return
        self.stdout.write(f"Unpublish: {found}")
        if not dryrun:
            found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")

    def _publish(self, revision, dryrun: bool) -> None:
        if revision is None or _passed_over(revision.content_type.model_class(), revision):
            return
        self.stdout.write(f"Publish: {revision.object_str}")
        if not dryrun:
            revision.publish(log_action="wagtail.publish.scheduled")


def _models() -> list[type]:
    """Pages as one, and every other model that has drafts."""
    drafting = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in drafting if not issubclass(model, Page))]


def _class_of(found) -> type:
    return found.specific_class if isinstance(found, Page) else type(found)


def _passed_over(model: type | None, found) -> bool:
    """Whether it goes live, or off, by a transition only; the log says that its date is ignored.

    So is what no class describes any more.
    """
    if model is not None and not issubclass(model, LiveByTransition):
        return False
    log.warning("publish_scheduled_passed_over: %s %s", type(found).__name__, found.pk)
    return True
