"""What of this room is translated, and by whom (`translations.registry`)."""

from django.db.models import F
from django.utils.translation import gettext_lazy

from bulletins.models import BulletinIssuePage, CaseStoryPage, IssueStage, IssueStory
from bulletins.models.case import Case, Stage
from bulletins.permissions import (
    can_manage_issues,
    can_read_second_case,
    can_translate_case,
)
from bulletins.planning.dates import dates_of, end_of
from bulletins.transitions.languages import publish_issue_translation, publish_translation
from translations.permissions import can_read_second, can_see_desk, can_translate
from translations.registry import Due, Translatable, register

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


def due_of(issue) -> Due:
    """Counted back from the release."""
    dates = dates_of(issue)
    return Due(translate=end_of(dates.translate), read=end_of(dates.read))


def stories_due(pages) -> dict:
    """Of stories in an issue that is still to come. One query."""
    issues = {
        row.case_id: row.issue
        for row in IssueStory.objects.filter(case__in=[page.case_id for page in pages])
        .exclude(issue__stage=IssueStage.RELEASED)
        .select_related("issue")
    }
    return {
        page.translation_key: due_of(issues[page.case_id])
        for page in pages
        if page.case_id in issues
    }


def issues_due(pages) -> dict:
    """Of issues that are still to come. No query."""
    return {
        page.translation_key: due_of(page.issue)
        for page in pages
        if page.issue.stage != IssueStage.RELEASED
    }


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
        due=stories_due,
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
        due=issues_due,
    )
)
