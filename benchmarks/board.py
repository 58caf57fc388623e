"""Claim: the board with 2,000 open stories costs at most ten queries more than a bare page.

    python -m benchmarks.board [--stories 2000] [--times 15]

Makes a throw-away home with a bare Wagtail page and so many open stories in all
stages and areas, with titles, holders, running clocks and limits; asks for the
board as an editor and as a lead, each in turn with the bare page as the same
person. Also the figures of the flow over the same stories. Leaves nothing behind.
"""

import argparse
import datetime
import os
import random
import shutil
import sys
import tempfile

STORIES, REVIEWERS = 2000, 60
QUERIES_MORE = 10
LIMIT = 5  # of each stage and area: passed nearly everywhere


def prepare(number: int) -> dict:
    """Tables, bare page, network and stories. Returns who asks."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("bootstrap", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks.content import make_bare_page
    from benchmarks.review import make_reviewers
    from bulletins.flow.board import COLUMNS
    from bulletins.models import StageLimit
    from network.models import ReviewArea
    from tests.factories.network import make_user

    make_bare_page()
    own, author, people = make_reviewers(REVIEWERS)
    area = own.country.review_area
    make_open(own, author, people, number)
    StageLimit.objects.bulk_create(
        StageLimit(area=one, stage=stage, most=LIMIT)
        for one in ReviewArea.objects.all()
        for stage in COLUMNS
    )
    return {"editor": make_user("editor"), "lead": make_user("lead", review_area=area)}


def make_open(own, author, people, number: int) -> None:
    """So many open stories; those in review with a clock, a third of which is over."""
    from django.db import transaction
    from django.utils import timezone
    from wagtail.models import Locale

    from bulletins.flow.board import COLUMNS
    from bulletins.guard import inside_transition
    from bulletins.models import Case, CaseStoryPage, StoryIndexPage
    from network.calendars import calendars_of
    from network.models import ReviewArea
    from review.models import Clock
    from review.turns import Turn, open_reviews

    chance, now = random.Random(1), timezone.now()
    areas = [own.country.review_area, *ReviewArea.objects.all()]
    cases = []
    for n in range(number):
        stage = chance.choice(COLUMNS)
        cases.append(
            Case(
                number=f"2026-{n:04}",
                distributor=own,
                author=author,
                source_language="en",
                review_area=chance.choice(areas),
                stage=stage,
                holder=None if stage in ("submitted", "ready") else chance.choice(people),
                since=now - datetime.timedelta(days=chance.randint(0, 60)),
                submitted_at=now - datetime.timedelta(days=61),
                process_steps=[chance.choice(["browse", "visit", "buy", "get", "own"])],
            )
        )
    cases = Case.objects.bulk_create(cases, batch_size=500)
    calendars = calendars_of(person.pk for person in people)
    with_clock = [case for case in cases if case.stage in ("area_review", "neutral_review")]
    open_reviews(
        [
            Turn(case, case.stage, case.holder_id, calendars[case.holder_id], 7)
            for case in with_clock
        ],
        by=author,
    )
    late = [case.pk for case in with_clock[::3]]
    Clock.objects.filter(review__object_id__in=late).update(due=now - datetime.timedelta(days=1))
    locale = Locale.objects.get(language_code="en")
    index = StoryIndexPage.objects.get(locale=locale)
    with transaction.atomic(), inside_transition():
        for case in cases:
            index.add_child(
                instance=CaseStoryPage(
                    case=case,
                    title=f"Story {case.number}",
                    slug=case.number,
                    locale=locale,
                    live=False,
                )
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--times", type=int, default=15, help="requests a page")
    chosen = parser.parse_args()
    home = tempfile.mkdtemp(prefix="gkc-bench-")
    os.environ |= {"GKC_HOME": home, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    try:
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        people = prepare(chosen.stories)
        return 0 if report(people, chosen) else 1
    finally:
        shutil.rmtree(home)


def report(people: dict, chosen) -> bool:
    """Print the table and the verdict."""
    from benchmarks.responses import measure

    met = True
    print("\n| page | open | queries | bare | aim | ms | bare | KB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, who, address in (
        ("board, all areas", "editor", "desk/board/"),
        ("board, late in one process step", "editor", "desk/board/?late=1&step=own"),
        ("board, one stage whole", "editor", "desk/board/?stage=editing"),
        ("board, own area", "lead", "desk/board/"),
        ("figures of the flow", "editor", "measures/flow/"),
    ):
        bare, bare_ms, _size = measure(people[who], "/en/bare/", chosen.times)
        queries, ms, size = measure(people[who], f"/en/{address}", chosen.times)
        aim = bare + QUERIES_MORE
        met = met and queries <= aim
        print(
            f"| {name} | {chosen.stories} | {queries} | {bare} | ≤ {aim} | {ms:.0f} "
            f"| {bare_ms:.0f} | {size:.0f} |"
        )
    print("met" if met else "NOT MET")
    return met


if __name__ == "__main__":
    sys.exit(main())
