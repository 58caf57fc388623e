"""What follows a release: corrections, and one more mail for a language that came later."""

import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import (
    BulletinIssue,
    BulletinIssuePage,
    Case,
    CaseStoryPage,
    Correction,
    IssueStage,
)
from bulletins.planning.grid import whole_languages
from bulletins.transitions.issue_log import note
from bulletins.transitions.issues import locked_issue
from bulletins.transitions.reaching import once_key
from network.languages import codes
from network.tree import tree_change
from touchpoints.api import tell, tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Delivery, DeliveryState, Mailing

# After so many days a language that is finished stands on the page only: old news by then.
LATER_DAYS = 60


def correct_issue(
    issue: BulletinIssue,
    *,
    by,
    words: dict[str, str],
    case: Case | None = None,
    is_material: bool = False,
) -> Correction:
    """Note a correction of a released issue, or of one story of it.

    `words`: language → note; English is needed. It stands on the page with
    its date; only a material one is mailed. Raises PermissionDenied, or
    TransitionRefused where the issue is not out or the story not in it.
    """
    given = {code: text.strip() for code, text in words.items() if text.strip()}
    if not given.get("en"):
        raise TransitionRefused(_("Write the correction in English: it stands in for the others."))
    if set(given) - set(codes()):
        raise TransitionRefused(_("This language is not one of the site's."))
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.RELEASED})
        if case is not None and not found.stories.filter(case=case).exists():
            raise TransitionRefused(_("This story is not in the issue."))
        correction = Correction.objects.create(
            issue=found, case=case, words=given, is_material=is_material, by=by
        )
        note(found, "correct", by=by, case=case, reason=given["en"])
        if is_material:
            tell("bulletins.correction", correction)
    return correction


def tell_finished_languages(now: datetime.datetime | None = None) -> list[tuple[int, str]]:
    """One more mail for each language that an issue has got whole since its release.

    To the contacts of that language whose mail went out before. Computed from
    state, told once by its key: safe to run twice and to be killed. Returns
    (issue, language) of what was told.
    """
    now = now or timezone.now()
    since = now - datetime.timedelta(days=LATER_DAYS)
    told = []
    for issue in BulletinIssue.objects.released().filter(released_at__gte=since):
        later = set(whole_languages(issue)) - set(issue.whole_languages)
        for language in sorted(later - _told(issue, later)):
            if _tell(issue, language):
                told.append((issue.pk, language))
    return told


def key_of(issue: BulletinIssue, language: str) -> str:
    """The ledger's key of a language's second mail."""
    return f"bulletins.issue_language:{issue.pk}:{language}"


def _told(issue: BulletinIssue, languages: set[str]) -> set[str]:
    keys = {key_of(issue, language): language for language in languages}
    done = Mailing.objects.filter(once_key__in=keys).values_list("once_key", flat=True)
    return {keys[key] for key in done}


def _tell(issue: BulletinIssue, language: str) -> bool:
    """Mails still on their way are rendered when they leave, so they need no second one."""
    since = whole_since(issue, language)
    rows = Delivery.objects.filter(
        mailing__once_key=once_key(issue.pk),
        language=language,
        state=DeliveryState.SENT,
        sent_at__lt=since,
        user__isnull=False,
    ).select_related("user", "distributor")
    recipients = [(row.user, row.distributor, row.address, language, "") for row in rows]
    if not recipients:
        return False
    try:
        tell_once(
            "bulletins.issue_language",
            issue,
            key_of(issue, language),
            recipients,
            language=language,
        )
    except AlreadyTold:
        return False
    return True


def whole_since(issue: BulletinIssue, language: str) -> datetime.datetime:
    """When the last text of the issue came out in the language. Two queries."""
    here = Q(live=True, locale__language_code=language)
    moments = [
        *BulletinIssuePage.objects.filter(here, issue=issue).values_list(
            "first_published_at", flat=True
        ),
        *CaseStoryPage.objects.filter(here, case__in_issue__issue=issue).values_list(
            "first_published_at", flat=True
        ),
    ]
    return max((moment for moment in moments if moment), default=timezone.now())
