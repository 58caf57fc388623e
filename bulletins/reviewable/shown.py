"""What the desk shows of a story: its title, the text a reviewer looks at, its parts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bulletins.models import Case, Stage
from bulletins.story_parts import sheet_parts
from bulletins.transitions.core import STEP_OF
from network.localize import date_text, identifier_text
from review.registry import Part

# Stages in which nobody but an editor writes: the newest text is the one in question.
_NEWEST = {*STEP_OF, Stage.SUBMITTED, Stage.READY}


def title(case: Case) -> str:
    """In the story's own language, as its newest revision has it. One query."""
    page = case.source_page()
    return page.draft_title or page.title if page else case.number


def step(case: Case) -> str:
    """'area', 'neutral' or 'editing'; '' where it waits for no decision."""
    return STEP_OF.get(case.stage, "")


def facts(case: Case) -> list[str]:
    """Firm, country, when it came in and who may read it."""
    found = [str(case.distributor), str(case.distributor.country.name)]
    if case.submitted_at:
        found.append(_("Submitted %(day)s") % {"day": date_text(case.submitted_at)})
    found.append(_("Audience: %(audience)s") % {"audience": case.get_audience_display()})
    found.append(_("Story %(number)s") % {"number": identifier_text(case.number)})
    return found


def revision(case: Case):
    """What a reviewer looks at: never what an author is still rewriting. At most three queries."""
    page = case.source_page()
    if page is None:
        return None
    if case.stage in _NEWEST:
        return page.get_latest_revision()
    event = case.events.exclude(revision=None).select_related("revision").last()
    return event.revision if event else page.live_revision


def render(case: Case, revision, user) -> list[Part]:
    """The parts of one revision of the source page."""
    if revision is None:
        return []
    page = revision.as_object()
    page.case = case
    return sheet_parts(page)


def follow_url(case: Case) -> str:
    """Where the author follows the story."""
    return reverse("case_follow", args=[case.number])
