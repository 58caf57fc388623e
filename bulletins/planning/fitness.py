"""Whether a story may be in an issue, and why not. Rows only: no query of its own."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.models import Audience, Case, Stage
from translations.api import Progress

ENGLISH = "en"
#: Stages in which a story may enter an issue.
OFFERED = {Stage.READY, Stage.PUBLISHED}


def why_not_enter(case: Case, english: Progress) -> str:
    """A sentence; empty where the story may be in an issue.

    `english` is how far its English text is, and is not asked of a story
    written in English.
    """
    if case.audience == Audience.REGION:
        return _("A story for one region only cannot enter an issue.")
    if case.stage not in OFFERED:
        return _("Only a ready or published story enters an issue.")
    if case.author_confirm_until and case.author_confirm_until > timezone.now():
        return _("The author has not agreed to the last edit yet.")
    return why_no_english(case, english)


def why_no_english(case: Case, english: Progress) -> str:
    """An issue carries the original or its full, read and current English text."""
    if case.source_language == ENGLISH:
        return ""
    if not english.is_complete:
        return _("A story enters an issue when its whole text is there in English.")
    if english.unread:
        return _("The English text has not been read by a second person who is not its translator.")
    if english.stale:
        return _("The original has changed since it was put into English.")
    return ""
