"""A reworked story goes back to the person who asked, and the record says who that was."""

import pytest

from bulletins.transitions import decide_case, start_case
from review.models import Review
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_reviewing_network, write_story
from tests.review.conftest import Stories, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def test_the_editor_who_asked_gets_it_back_though_another_has_less_to_do(stories):
    case = stories.at_editing()
    editor = case.holder
    other = next(e for e in stories.net["editors"] if e != editor)
    decide_case(case, decision="request_changes", by=editor, reason="Shorter.")
    while stories.at_editing().holder != editor:
        pass
    assert other.held_cases.count() <= editor.held_cases.count()
    write_story_keeping_judged(case)
    submit(case)
    assert case.holder == editor


def write_story_keeping_judged(case):
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Shorter."
    page.save_revision(user=case.author)


def test_what_the_own_campaigner_returned_is_not_on_record_as_the_neighbours(stories):
    lead = stories.net["leads"]["brazil"]
    firm = lead.memberships.get().distributor
    case = start_case(by=make_user(distributor=firm), distributor=firm, language="en")
    write_story(case)
    submit(case)
    neighbour = case.holder
    decide_case(case, decision="request_changes", by=lead, reason="Which dates?")
    returned = Review.objects.of(case).get(decision="request_changes")
    assert returned.reviewer == lead
    assert Review.objects.of(case).get(reviewer=neighbour).voided_at is not None
    write_story(case, summary="With dates.")
    submit(case)
    assert case.holder == neighbour
