"""Lead time, throughput and age of open work, against a table worked out by hand."""

import csv
import datetime
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulletins.figures.flow import (
    Ageing,
    finished,
    lead_times,
    percentile,
    stage_times,
    waiting,
)
from bulletins.figures.measured import lead_time
from bulletins.models import Case, CaseEvent, Stage
from network.registry import Figure, Period
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db
NOVEMBER = Period(datetime.date(2026, 11, 1), datetime.date(2026, 12, 1))
NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)  # a Friday


def tell(case: Case, *way: tuple[str, str]) -> Case:
    """Write a story's way: (day, stage) from the draft on."""
    before = ""
    for day, stage in (("2026-01-01", "draft"), *way):
        at = datetime.datetime.fromisoformat(day).replace(hour=12, tzinfo=datetime.UTC)
        CaseEvent.objects.create(
            case=case, at=at, verb="move", old=before, new=stage, by=case.author
        )
        before = stage
    return case


# Submitted, to the neutral reviewer, to the editors, published; and days from first to last.
BY_HAND = [
    (("2026-10-22", "2026-10-26", "2026-10-30", "2026-11-01"), 10),
    (("2026-10-13", "2026-10-20", "2026-10-28", "2026-11-02"), 20),
    (("2026-10-04", "2026-10-06", "2026-10-26", "2026-11-03"), 30),
    (("2026-09-25", "2026-10-15", "2026-10-25", "2026-11-04"), 40),
    (("2026-09-16", "2026-09-20", "2026-10-20", "2026-11-05"), 50),
]


@pytest.fixture
def firm():
    return make_distributor(country=make_country(area=make_area(), region=make_region()))


@pytest.fixture
def told(firm):
    """The table, and beside it what does not count in November."""
    found = []
    for days, _lead in BY_HAND:
        stages = ("area_review", "neutral_review", "editing", "published")
        case = make_case(firm, published=True)
        found.append(tell(case, *zip(days, stages, strict=True)))
    tell(make_case(firm, published=True), ("2026-09-01", "submitted"), ("2026-10-31", "published"))
    twice = make_case(firm, published=True)  # published anew in November: an old story
    tell(
        twice,
        *(("2026-08-01", "submitted"), ("2026-08-09", "published")),
        *(("2026-11-02", "area_review"), ("2026-11-09", "published")),
    )
    tell(make_case(firm, stage="declined"), ("2026-11-01", "submitted"), ("2026-11-03", "declined"))
    return found


def test_lead_times_are_those_worked_out_by_hand(told, firm):
    found = finished(NOVEMBER)
    assert {one.case: round(one.days) for one in found} == {
        case.pk: lead for case, (_days, lead) in zip(told, BY_HAND, strict=True)
    }
    times = lead_times(found)
    assert (times.number, times.over, times.median) == (5, 5, 30)
    assert times.most == pytest.approx(44)  # 0.85 × 4 = 3.4: from 40 four tenths of the way to 50
    assert {one.area for one in found} == {firm.review_area.pk}
    assert {one.scope for one in found} == {("region", firm.country.region_id)}
    stages = stage_times(found)
    assert {stage: times.median for stage, times in stages.items()} == {
        "area_review": 4,  # 4 7 2 20 4
        "neutral_review": 10,  # 4 8 20 10 30
        "editing": 8,  # 2 5 8 10 16
    }


def test_the_figures_of_all_rooms_have_the_same_median(told, firm):
    median = Figure(30, of=5)
    scope = ("region", firm.country.region_id)
    assert lead_time(NOVEMBER, None) == {None: median, scope: median}
    assert lead_time(NOVEMBER, [make_area()]) == {None: Figure(None, of=0)}


def test_a_way_back_adds_up_and_a_story_without_submission_has_no_lead_time(firm):
    back = make_case(firm, published=True)
    tell(
        back,
        *(("2026-11-02", "area_review"), ("2026-11-04", "changes_requested")),
        *(("2026-11-09", "area_review"), ("2026-11-10", "area_review")),
        *(("2026-11-12", "ready"), ("2026-11-13", "published")),
    )
    bare = make_case(firm, published=True)
    CaseEvent.objects.create(
        case=bare, at=NOW, verb="move", old="", new="published", by=bare.author
    )
    rows = {one.case: one for one in finished(NOVEMBER)}
    assert rows[back.pk].stages == {"area_review": 5, "changes_requested": 5, "ready": 1}
    assert rows[bare.pk].days is None
    times = lead_times(rows.values())
    assert (times.number, times.over, times.median) == (2, 1, 11)
    assert lead_times([]).median is None


def test_percentiles():
    assert percentile([], 0.85) is None
    assert percentile([7], 0.85) == 7
    assert percentile([5, 1, 3, 2, 4], 0.85) == pytest.approx(4.4)


def test_open_stories_are_as_old_as_on_the_board(firm):
    with time_machine.travel(NOW, tick=False):
        for stage, days in (("area_review", 1), ("area_review", 10), ("ready", 40)):
            make_case(firm, stage=stage, since=NOW - datetime.timedelta(days=days))
        make_case(firm)
        make_case(stage="editing")
        ages = [(one.stage, one.age) for one in waiting([firm.review_area], NOW)]
    assert ages == [("ready", 30), ("area_review", 8), ("area_review", 1)]
    assert Ageing([28, 8, 1, 5]).bands == [2, 1, 0, 1]
    assert (Ageing([1, 8]).median, Ageing([1, 8]).oldest, Ageing().oldest) == (4.5, 8, None)


def asked(client, address: str):
    with time_machine.travel(NOW, tick=False):
        return client.get(f"/en/measures/{address}")


def test_counts_of_the_page_are_the_rows_of_its_file(client, told, firm):
    elsewhere = make_distributor()
    tell(
        make_case(elsewhere, published=True),
        ("2026-11-01", "submitted"),
        ("2026-11-02", "published"),
    )
    for stage in ("area_review", "ready"):
        make_case(firm, stage=stage)
        make_case(elsewhere, stage=stage)
    client.force_login(make_user("executive"))
    region = f"region-{firm.country.region_id}"
    for query in ("", f"?region={region}", "?months=3", f"?region={region}&months=36"):
        page = asked(client, f"flow/{query}")
        flow = page.context["flow"]
        file = asked(client, f"flow.csv{query}").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(file)))
        done = [row for row in rows if row["Stage"] == str(Stage.PUBLISHED.label)]
        assert flow.total.number == len(done) == sum(group.lead.number for group in flow.areas)
        assert flow.open.number == len(rows) - len(done)
        assert flow.open.number == sum(flow.ageing.series[0].values)
        assert sum(flow.throughput.series[0].values) == len(done)
        assert sum(group.lead.number for group in flow.regions) == len(done)
    assert all(row["url"] == "" for row in flow.ageing.rows)  # executives see no board


def test_the_file_numbers_only_stories_that_its_reader_may_see(client, firm):
    """The others are rows all the same, so that the file counts as the page does."""
    way = (("2026-11-01", "submitted"), ("2026-11-02", "published"))
    known = tell(make_case(firm, published=True), *way)
    regions = tell(make_case(firm, published=True, audience="region"), *way)
    waits = make_case(firm, stage="area_review")
    everything = [known.number, regions.number, waits.number]
    for user, numbers in (
        (make_user("executive"), [known.number, "", ""]),
        (
            make_user("executive", distributor=make_distributor(country=firm.country)),
            [known.number, regions.number, ""],
        ),
        (make_user("editor"), everything),
        (make_user("lead", review_area=firm.review_area), everything),
    ):
        client.force_login(user)
        file = asked(client, "flow.csv").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(file)))
        assert sorted(row["Story"] for row in rows) == sorted(numbers)
        stages = [Stage.AREA_REVIEW.label, *[Stage.PUBLISHED.label] * 2]
        assert sorted(row["Stage"] for row in rows) == sorted(map(str, stages))
        assert {row["Region"] for row in rows} == {firm.country.region.name}


def test_a_stage_leads_to_the_board_of_the_region_that_was_asked_for(client, firm):
    region, area = firm.country.region, make_area("alone")
    alone = make_distributor(country=make_country(area=area))
    make_distributor(country=make_country(area=firm.review_area, region=make_region()))
    near = make_case(firm, stage="ready")
    far = make_case(alone, stage="ready")
    scopes = (
        (f"region-{region.pk}", f"region={region.slug}", near),
        (f"area-{area.pk}", f"area={area.slug}", far),
    )
    for user, seen in (
        (make_user("editor"), scopes),
        (make_user("lead", review_area=firm.review_area), scopes[:1]),
    ):
        client.force_login(user)
        for place, query, case in seen:
            row = asked(client, f"flow/?region={place}").context["flow"].ageing.rows[-1]
            assert row["url"].endswith(f"/desk/board/?{query}&stage=ready")
            assert [card.case for card in client.get(row["url"]).context["cards"]] == [case]
        assert (
            asked(client, "flow/").context["flow"].ageing.rows[-1]["url"].endswith("?stage=ready")
        )
    other = make_region()  # of another area: none of the lead's
    assert client.get(f"/en/desk/board/?region={other.slug}").status_code == 404


def test_a_lead_sees_the_own_area_only(client, told, firm):
    make_case(stage="ready")
    client.force_login(make_user("lead", review_area=firm.review_area))
    flow = asked(client, "flow/").context["flow"]
    assert (flow.total.number, flow.open.number) == (7, 0)
    assert [group.label for group in flow.areas] == [firm.review_area.name]
    assert flow.ageing.rows[0]["url"].endswith("/desk/board/?stage=submitted")
    client.force_login(make_user("lead", review_area=make_area()))
    flow = asked(client, "flow/").context["flow"]
    assert (flow.total.number, flow.open.number, flow.areas) == (0, 0, [])
    page = asked(client, "flow/").content.decode()
    assert "Nothing happened here in this period" in page
    assert "<svg" not in page.split("<main")[1].split("</main")[0]


def test_queries_do_not_grow_with_the_stories(client, firm):
    client.force_login(make_user("editor"))
    counts = []
    for _round in range(3):
        tell(
            make_case(firm, published=True),
            ("2026-11-01", "submitted"),
            ("2026-11-02", "published"),
        )
        make_case(make_distributor(), stage="ready", holder=make_user())
        found = []
        for address in ("flow/", "flow.csv"):
            asked(client, address)
            with CaptureQueriesContext(connection) as seen:
                assert asked(client, address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][0] <= 14
