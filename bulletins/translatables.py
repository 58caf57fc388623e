"""What of this room is translated, and by whom (`translations.registry`)."""

from django.db.models import F
from django.utils.translation import gettext_lazy

from bulletins.models import BulletinIssuePage, CaseStoryPage, IssueStage
from bulletins.models.case import Case, Stage
from bulletins.permissions import (
    can_manage_issues,
    can_read_second_case,
    can_translate_case,
)
from bulletins.transitions.languages import publish_issue_translation, publish_translation
from translations.permissions import can_read_second, can_see_desk, can_translate
from translations.registry import Translatable, register

# Earlier a reviewer works beside a working translation, which is never published.
TRANSLATED_STAGES = [Stage.EDITING, Stage.READY, Stage.PUBLISHED]


def stories_open_to(user):
    """The authors' pages of stories this person may see and translate now, newest first."""
    if not can_see_desk(user):
        return CaseStoryPage.objects.none()
    cases = Case.objects.visible_to(user).filter(stage__in=TRANSLATED_STAGES)
    return (
        CaseStoryPage.objects.filter(
            case__in=cases, locale__language_code=F("case__source_language")
        )
        .select_related("case", "locale")
        .order_by("-pk")
    )


def publish_story(page, by) -> bool:
    """A live story's language goes live at once; another's with its source."""
    source = page.case.source_page()
    if source is None or not source.live:
        return False
    publish_translation(page, by=by)
    return True


def issues_open_to(user):
    """The English pages of issues, newest first."""
    if not can_see_desk(user):
        return BulletinIssuePage.objects.none()
    return (
        BulletinIssuePage.objects.filter(locale__language_code="en")
        .exclude(latest_revision=None)
        .select_related("issue", "locale")
        .order_by("-pk")
    )


def publish_issue(page, by) -> bool:
    """A released issue's language goes live at once; another's with the release."""
    if page.issue.stage != IssueStage.RELEASED:
        return False
    publish_issue_translation(page, by=by)
    return True


register(
    Translatable(
        model=CaseStoryPage,
        open_to=stories_open_to,
        may_translate=lambda user, page, language: can_translate_case(user, page.case, language),
        may_read_second=lambda user, page, language: can_read_second_case(
            user, page.case, language
        ),
        publish=publish_story,
        kind=gettext_lazy("Stories"),
    )
)
register(
    Translatable(
        model=BulletinIssuePage,
        open_to=issues_open_to,
        may_translate=lambda user, page, language: (
            can_translate(user, language) or can_manage_issues(user)
        ),
        may_read_second=lambda user, page, language: can_read_second(user, language),
        publish=publish_issue,
        kind=gettext_lazy("Bulletin issues"),
    )
)
