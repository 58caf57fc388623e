"""The log as CSV and JSON: whole, ordered, harmless to spreadsheets, without what is internal."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bulletins.transitions import decide_case, turn_down
from review.transitions import write_note
from tests.factories.network import make_mandate, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = pytest.mark.django_db
INTERNAL = "Between us: they exaggerate."
PASSED = "I worked there once."


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def taken(client, name, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content).decode()


def returned(stories):
    """Turned down by one reviewer, returned by the next, with an internal note."""
    case = stories.submitted("BR")
    other = make_user("campaigner", review_area=case.review_area)
    turn_down(case, by=case.holder, reason=PASSED)
    write_note(case, by=case.holder, text=INTERNAL, audience="reviewers")
    decide_case(case, decision="request_changes", by=case.holder, reason="=1+1 is no figure.")
    assert other.pk
    return case


def test_one_story_as_both(client, stories):
    case = returned(stories)
    client.force_login(stories.net["editors"][0])
    text = taken(client, "case_log_file", case.number, "csv")
    assert text.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(text[1:])))
    assert [row["verb"] for row in found] == ["start", "submit", "turn_down", "request_changes"]
    assert found[-1]["reason"] == "'=1+1 is no figure."
    assert found[2]["reason"] == PASSED
    same = json.loads(taken(client, "case_log_file", case.number, "json"))
    assert [row["verb"] for row in same] == [row["verb"] for row in found]
    assert same[-1]["reason"] == "=1+1 is no figure."
    assert INTERNAL not in text + json.dumps(same)
    log = client.get(reverse("case_log", args=[case.number])).content.decode()
    assert reverse("case_log_file", args=[case.number, "json"]) in log


def test_an_executive_takes_an_area_without_what_is_among_reviewers(client, stories):
    case, executive = returned(stories), make_user("executive")
    client.force_login(executive)
    text = taken(client, "log_file", "area", case.review_area.slug, "csv")
    assert case.number in text
    assert PASSED not in text
    assert INTERNAL not in text
    assert client.get(reverse("case_log_file", args=[case.number, "csv"])).status_code == 404
    # Control: the area's lead reads why.
    client.force_login(make_user("lead", review_area=case.review_area))
    assert PASSED in taken(client, "log_file", "area", case.review_area.slug, "csv")


def test_no_draft_and_nothing_of_ones_own(client, stories):
    mine, other, draft = stories.submitted("BR"), stories.submitted("BR"), stories.begun("BR")
    make_mandate(mine.author, "editor")
    client.force_login(mine.author)
    text = taken(client, "log_file", "area", mine.review_area.slug, "json")
    numbers = {row["story"] for row in json.loads(text)}
    assert numbers == {other.number}
    assert draft.number not in text
    assert client.get(reverse("case_log_file", args=[mine.number, "csv"])).status_code == 404
    for wrong in (["area", mine.review_area.slug, "xml"], ["firm", "x", "csv"]):
        assert client.get(reverse("log_file", args=wrong)).status_code == 404


def test_the_same_queries_for_one_and_three_stories(client, stories):
    client.force_login(stories.net["editors"][0])
    area, counts = stories.submitted("BR").review_area, []
    for more in (0, 2):
        for _one in range(more):
            stories.submitted("BR")
        taken(client, "log_file", "area", area.slug, "csv")
        with CaptureQueriesContext(connection) as seen:
            taken(client, "log_file", "area", area.slug, "csv")
        counts.append(len(seen))
    assert counts[0] == counts[1]
