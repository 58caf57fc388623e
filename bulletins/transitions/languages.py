"""A story in further languages: what an issue asks of the English text, and going live."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import BulletinIssuePage, Case, CaseStoryPage, IssueStage
from bulletins.permissions import can_manage_issues, can_read_second_case
from bulletins.transitions.core import changing, record, source_page
from network.tree import tree_change
from search.api import mark_changed
from translations.api import is_current, progress_of, put_live
from translations.exceptions import TranslationRefused
from translations.permissions import can_read_second

ENGLISH = "en"


def check_english(case: Case) -> None:
    """Raises TransitionRefused unless an issue can carry the story's English text.

    It is the original, or complete, read by a second person and made for the
    present original.
    """
    if case.source_language == ENGLISH:
        return
    key = source_page(case).translation_key
    found = progress_of(key, ENGLISH)
    if not found.is_complete:
        raise TransitionRefused(
            _("A story enters an issue when its whole text is there in English.")
        )
    if found.unread:
        raise TransitionRefused(
            _("The English text has not been read by a second person who is not its translator.")
        )
    if not is_current(key, ENGLISH):
        raise TransitionRefused(_("The original has changed since it was put into English."))


def publish_translation(page: CaseStoryPage, *, by) -> CaseStoryPage:
    """Put a translation of a live story live, once a second person has read all of it.

    `page` is the story in that language. Returns the live page. Raises
    PermissionDenied, or TransitionRefused where the original is not live,
    words are missing or unread.
    """
    with changing(page.case) as locked:
        if not can_read_second_case(by, locked, page.language):
            raise PermissionDenied
        source = source_page(locked)
        if not (locked.is_published and source.live):
            raise TransitionRefused(_("The original is not live yet: this text goes live with it."))
        try:
            live = put_live(source, page.language, by=by)
        except TranslationRefused as refusal:
            raise TransitionRefused(str(refusal)) from refusal
        record(
            locked,
            locked.stage,
            verb="publish_translation",
            by=by,
            holder=locked.holder,
            reason=page.language,
            revision=live.live_revision,
        )
    return live


def publish_issue_translation(page: BulletinIssuePage, *, by) -> BulletinIssuePage:
    """Put a released issue's letter live in another language. Raises as `publish_translation`."""
    if not (can_read_second(by, page.language) or can_manage_issues(by)):
        raise PermissionDenied
    with tree_change(), inside_transition():
        issue = type(page.issue).objects.select_for_update().get(pk=page.issue_id)
        source = issue.pages.filter(locale__language_code=ENGLISH).first()
        if issue.stage != IssueStage.RELEASED or source is None or not source.live:
            raise TransitionRefused(_("The original is not live yet: this text goes live with it."))
        try:
            live = put_live(source, page.language, by=by)
        except TranslationRefused as refusal:
            raise TransitionRefused(str(refusal)) from refusal
        mark_changed(issue)
    return live
