"""How differently reviewers score: the same in table and CSV, in the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bulletins.transitions import decide_case

pytestmark = pytest.mark.django_db


def test_mean_and_spread_by_reviewer_and_region(client, stories):
    client.force_login(stories.net["editors"][0])
    address, counts = reverse("review_spread"), []
    for country, score in (("BR", 2), ("BR", 4), ("DE", 3)):
        case = stories.submitted(country)
        reviewer = case.holder
        decide_case(case, decision="approve", by=reviewer, rubric={"evidence": score})
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    people, regions = page.context["tables"]
    found = sorted((row["cells"][0]["n"], row["cells"][0]["mean"]) for row in people["rows"])
    assert found == [(1, 3.0), (2, 3.0)]
    assert sum(row["cells"][0]["n"] for row in regions["rows"]) == 3
    text = client.get(address, {"form": "csv"}).content.decode()
    assert "Evidence,2,3.000,1.000" in text
    assert "cause" not in text
