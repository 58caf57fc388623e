"""An exception in the index leaves page, log, index and stage as they were, by every way in."""

from dataclasses import replace

import pytest
from django.urls import reverse

from bulletins.models import CaseResult
from bulletins.transitions import decide_case, make_ready, publish_ready, withdraw_case
from search import registry
from tests.bulletins.ways_around import standing, workflow
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from tests.review.test_desk import press
from touchpoints.models import Delivery

pytestmark = pytest.mark.slow


class IndexBroken(Exception):
    """What the failing document type raises."""


@pytest.fixture
def stories(transactional_db):
    """Real transactions: a rollback must be a rollback."""
    return Stories(make_reviewing_network())


@pytest.fixture
def broken_index(stories):
    """From now on no story can be made a document of."""
    whole = next(kind for kind in registry.document_types() if kind.name == "story")

    def fail(case):
        raise IndexBroken

    yield lambda: registry.register(replace(whole, to_documents=fail))
    registry.register(whole)


def at_ready(stories):
    case = stories.at_editing()
    make_ready(case, by=case.holder)
    return case


def by_decision(client, stories, case):
    decide_case(case, decision="approve", by=case.holder)


def by_desk(client, stories, case):
    client.force_login(case.holder)
    press(client, case, "approve")


def by_admin(client, stories, case):
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "approve"))


def by_editor(client, stories, case):
    publish_ready(case, by=stories.net["editors"][0])


def by_withdrawal(client, stories, case):
    withdraw_case(case, by=case.author, reason="Wrong figures.")


@pytest.mark.parametrize(
    ("begin", "way"),
    [
        (Stories.at_editing, by_decision),
        (Stories.at_editing, by_desk),
        (Stories.at_editing, by_admin),
        (at_ready, by_editor),
        (Stories.published, by_withdrawal),
    ],
)
def test_nothing_is_half_done(client, stories, broken_index, begin, way):
    case = begin(stories)
    before, told = standing(case), Delivery.objects.count()
    results = CaseResult.objects.count()
    broken_index()
    with pytest.raises(IndexBroken):
        way(client, stories, case)
    assert standing(case) == before
    assert (Delivery.objects.count(), CaseResult.objects.count()) == (told, results)


def test_control_with_a_whole_index_it_is_done(client, stories):
    case = stories.at_editing()
    by_admin(client, stories, case)
    case.refresh_from_db()
    assert case.is_published
    assert client.get(reverse("review_desk")).status_code == 200
