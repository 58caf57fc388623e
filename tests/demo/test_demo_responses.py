"""The demo's answers: from a fixed seed, once, and nobody is mailed about them."""

import datetime

import pytest

from bulletins.models import (
    BulletinIssue,
    CaseResult,
    Response,
    ResponseChange,
    ResponseResult,
    WillTry,
)
from bulletins.response_queries import open_cases
from gkc_site.demo.responses import load_responses
from network.append_only import unlocked
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    firms = [make_distributor(code) for code in ("sa-riy", "de-x", "fr-x", "it-x", "jp-x", "br-x")]
    for firm in firms:
        make_user("manager", distributor=firm)
    make_distributor("nobody")  # without a contact: nobody answers for it
    for month in (9, 10, 11):
        cases = [make_case(published=True, title=f"Story {month} {n}") for n in range(4)]
        for case in cases:
            key = f"{case.pk:08d}-1111-4111-8111-111111111111"
            CaseResult.objects.create(case=case, measure_key=key, unit="days", before=31, after=4)
        issue = make_issue(datetime.date(2026, month, 1), cases=tuple(cases), released=True)
        out = datetime.datetime(2026, month, 3, 7, tzinfo=datetime.UTC)
        BulletinIssue.objects.filter(pk=issue.pk).update(released_at=out)
    return firms


def test_it_answers_as_a_network_would_and_once(network):
    count = load_responses()
    rows = Response.objects.all()
    assert count == rows.count() == ResponseChange.objects.count()
    assert len(set(rows.values_list("choice", flat=True))) >= 4
    assert ResponseResult.objects.exists()
    assert not rows.filter(distributor__code="nobody").exists()
    newest = BulletinIssue.objects.order_by("-month").first()
    waiting = [case for case in open_cases(network[0]) if case.in_issue.issue_id == newest.pk]
    assert len(waiting) == 4  # left to the demo's manager
    assert load_responses() == 0
    assert not Mailing.objects.exists()


def test_the_same_seed_answers_the_same(network):
    load_responses()
    columns = ("case", "distributor", "choice", "words", "reason")
    first = list(Response.objects.order_by("pk").values_list(*columns))
    with unlocked(ResponseChange) as rows:
        rows.all()._raw_delete("default")
    for model in (ResponseResult, WillTry):
        model.objects.all().delete()
    Response.objects.all().delete()
    load_responses()
    assert list(Response.objects.order_by("pk").values_list(*columns)) == first
