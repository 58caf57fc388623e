"""Two processes give out reviews at the same moment: even loads, one open review a story.

The controls stand in test_assignment: chosen outside the lock both go to one
person, and a second open review is refused by the database alone.
"""

import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db.models import Count

from bulletins.models import Case, Stage
from network.models import ReviewArea
from review.api import open_load
from review.models import Clock, Review
from tests.factories.network import make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case
from tests.processes import ROOT, sender_environment
from tests.review.conftest import Stories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TOGETHER = 4  # stories a process


class Other:
    """A process of its own on the same database."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bulletins.submit_process"],
            cwd=ROOT,
            env=sender_environment(settings.GKC_HOME, 30),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def ask(self, command: str) -> None:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def hears(self, word: str) -> None:
        """Reads on to the word: a warning may stand before it."""
        for line in self.process.stdout:
            if line.strip() == word:
                return
        raise AssertionError("the process ended")


def both(commands: list[str]) -> None:
    """Two processes, both loaded before either begins."""
    with ExitStack() as stack:
        others = [stack.enter_context(Other()) for _command in commands]
        for other in others:
            other.hears("ready")
        for other, command in zip(others, commands, strict=True):
            other.ask(command)
        for other in others:
            other.hears("done")


def test_stories_submitted_at_once_are_spread_evenly_and_each_has_one_review():
    stories = Stories(make_reviewing_network())
    area = ReviewArea.objects.get(slug="south-africa")
    first = stories.net["leads"]["south-africa"]
    firm = make_distributor(country=first.memberships.get().distributor.country)
    second = make_user("campaigner", review_area=area, distributor=firm)
    numbers = [stories.begun("KE").number for _n in range(2 * TOGETHER)]
    both(["submit " + " ".join(numbers[:TOGETHER]), "submit " + " ".join(numbers[TOGETHER:])])
    assert open_load([first.pk, second.pk]) == {first.pk: TOGETHER, second.pk: TOGETHER}
    check_each_has_one(numbers)


def test_two_sweeps_at_once_give_each_story_out_once():
    net = make_reviewing_network()
    firm = net["leads"]["saudi-arabia"].memberships.get().distributor
    other = make_distributor(country=firm.country)
    numbers = [make_case(other, stage="submitted").number for _n in range(12)]
    both(["give_out", "give_out"])
    check_each_has_one(numbers)


def check_each_has_one(numbers: list[str]) -> None:
    cases = Case.objects.filter(number__in=numbers)
    assert set(cases.values_list("stage", flat=True)) == {Stage.AREA_REVIEW}
    ids = list(cases.values_list("pk", flat=True))
    counted = Review.objects.open().filter(object_id__in=ids).values("object_id")
    assert {row["n"] for row in counted.annotate(n=Count("pk"))} == {1}
    assert Clock.objects.running().filter(review__object_id__in=ids).count() == len(numbers)
    assert cases.filter(events__verb__in=["assign", "submit"]).count() == len(numbers)
