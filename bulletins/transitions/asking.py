"""What an author asks of others: the firm's manager, the archive's editor.

None of these moves a story to another stage; each leaves an event.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bulletins.completeness import RECORDABLE
from bulletins.exceptions import TransitionRefused
from bulletins.models import Audience, Case, Stage
from bulletins.permissions import can_consent_public, is_author
from bulletins.transitions.core import changing, record, refuse_unless, source_page
from network.permissions import is_editor
from touchpoints.api import tell


def ask_public(case: Case, *, by) -> None:
    """Ask the distributor's managers to agree that everyone may read the live text (R7).

    Raises PermissionDenied for anybody but authors and editors, or TransitionRefused.
    """
    with changing(case) as locked:
        if not (is_author(by, locked) or is_editor(by)):
            raise PermissionDenied
        refuse_unless(locked, {Stage.PUBLISHED}, _("Only a published story can become public."))
        if locked.audience == Audience.PUBLIC:
            raise TransitionRefused(_("Everyone can read this story already."))
        revision = source_page(locked).live_revision
        record(
            locked, locked.stage, verb="ask_public", by=by, holder=locked.holder, revision=revision
        )
        tell("bulletins.consent_asked", locked)


def refuse_public(case: Case, *, by) -> None:
    """The distributor's manager does not agree; the network still reads the story."""
    with changing(case) as locked:
        if not can_consent_public(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.PUBLISHED}, _("Only a published story can become public."))
        record(locked, locked.stage, verb="refuse_public", by=by, holder=locked.holder)


def mark_not_recorded(case: Case, *, by, is_archive: bool, parts: list[str]) -> None:
    """An editor says what the source of an archive case does not record; readers see it so.

    Raises PermissionDenied for everybody else, TransitionRefused for a part
    that must be there in every story.
    """
    with changing(case) as locked:
        if not is_editor(by):
            raise PermissionDenied
        if set(parts) - set(RECORDABLE):
            raise TransitionRefused(_("This part cannot be left out of a story."))
        locked.is_archive = is_archive
        locked.not_recorded = [name for name in RECORDABLE if name in parts] if is_archive else []
        record(locked, locked.stage, verb="mark_archive", by=by, holder=locked.holder)
