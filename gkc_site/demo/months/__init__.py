"""Two years of generated months, so that boards, flow and reports have something to show.

Invented and marked as examples, in English only, from a fixed seed. What is on
its way now goes it by transitions; what lies in the past is written in one go,
events first, as `check_stages` would have it.
"""

from itertools import groupby

from django.utils import timezone, translation

from bulletins.guard import inside_transition
from bulletins.models import Case
from gkc_site.demo.months.issues import release
from gkc_site.demo.months.past import tell
from gkc_site.demo.months.plan import PlannedStory, plan
from gkc_site.demo.stories import backdate, firm_in, take_its_way, write_story
from network.models import Country
from network.tree import tree_change
from review.clocks import recompute
from review.models import Clock, Review

# How long ago the stories on their way began (days); each third is late by now.
AGES = (9, 16, 38)


def load_months() -> int:
    """Make what no load made before. Returns how many stories were new."""
    if Case.objects.filter(is_example=True, is_archive=False).exists():
        return 0
    rows = Country.objects.filter(distributors__in=_firms()).distinct()
    with translation.override("en"):
        countries = {row.pk: str(row.name) for row in rows}
    stories = plan(countries, timezone.localdate())
    past = [story for story in stories if story.months_ago]
    with tree_change(), inside_transition():
        cases = tell(past)
        published = [(story, case) for story, case in cases if story.fate == "published"]
        for months_ago, group in groupby(published, key=lambda pair: pair[0].months_ago):
            release(months_ago, list(group))
        # All of it or nothing: a load that is broken off begins anew.
        for order, story in enumerate(story for story in stories if not story.months_ago):
            _set_out(story, AGES[order % len(AGES)])
    return len(stories)


def _firms():
    """Who can tell a story: active, with somebody to write it."""
    return firm_in(None).filter(memberships__isnull=False)


def _set_out(story: PlannedStory, days: int) -> None:
    """Send one on its way by transitions; what is open in it began half of `days` ago."""
    case = write_story(story.file)
    take_its_way(case, story.file)
    backdate(case, days=days)
    since = case.since
    running = Clock.objects.filter(review__in=Review.objects.of(case), ended_at=None)
    running.update(started_at=since)
    recompute(running)
