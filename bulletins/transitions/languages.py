"""A story or issue in further languages: going live."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import BulletinIssuePage, CaseStoryPage, IssueStage
from bulletins.permissions import can_manage_issues, can_read_second_case
from bulletins.transitions.core import changing, record, source_page
from network.tree import tree_change
from search.api import mark_changed
from translations.api import put_live
from translations.exceptions import TranslationRefused
from translations.permissions import can_read_second

ENGLISH = "en"


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
