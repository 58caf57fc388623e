"""A programme's page goes live, or follows its original."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from network.permissions import is_editor
from network.tree import tree_change
from translations.api import find_target, put_live
from translations.exceptions import TranslationRefused
from translations.permissions import can_read_second
from workshops.exceptions import TransitionRefused
from workshops.models import ProgrammePage

SOURCE_LANGUAGE = "en"


def publish_programme(page: ProgrammePage, *, by) -> ProgrammePage:
    """Put the English page's newest revision live; finished translations follow it
    (signal_handlers: by the admin's way too).

    Raises PermissionDenied, or TransitionRefused for another language's page.
    """
    if not is_editor(by):
        raise PermissionDenied
    with tree_change():
        page = ProgrammePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
        if page.language != SOURCE_LANGUAGE:
            raise TransitionRefused(_("A translation goes live when a second person has read it."))
        revision = page.get_latest_revision() or page.save_revision(user=by)
        revision.publish(user=by, skip_permission_checks=True)
        page.refresh_from_db()
        return page


def publish_translation(page: ProgrammePage, *, by) -> ProgrammePage:
    """Put a translation live once a second person has read it.

    Raises PermissionDenied, or TransitionRefused where the original is not
    live, words are missing or unread.
    """
    if not can_read_second(by, page.language):
        raise PermissionDenied
    with tree_change():
        source = find_target(page, SOURCE_LANGUAGE)
        if source is None or not source.live:
            raise TransitionRefused(_("The original is not live yet: this text goes live with it."))
        try:
            return put_live(source, page.language, by=by)
        except TranslationRefused as refusal:
            raise TransitionRefused(str(refusal)) from refusal
