"""The figures' pages: what is counted, what is listed, side by side, for whom, at what cost."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from bulletins.models import CaseResult, ReadMark, ResponseResult
from network import registry
from network.models import Measure
from network.registry import Figure, Period, RoomMeasure
from review.models import Question
from tests.bulletins.responding import make_response
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.stories import make_case, make_issue

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 17  # beside those of the figures: who asks, regions, the book, the page round it
KEY = "6a0f5b1c-5f3e-4b8e-9a55-0f3d9b0e2c11"


@pytest.fixture
def north():
    return make_region("north", name="North")


@pytest.fixture
def east():
    return make_area("east", name="East")


@pytest.fixture
def firms(north, east):
    return {
        "north": make_distributor(name="North Motors", country=make_country(region=north)),
        "east": make_distributor(name="East Motors", country=make_country(area=east)),
    }


@pytest.fixture
def executive(client):
    user = make_user("executive")
    client.force_login(user)
    return user


@pytest.fixture
def story(firms):
    """Of North, taken over in the East."""
    case = make_case(firms["north"], published=True, title="Two looks")
    ReadMark.objects.create(user=make_user(distributor=firms["east"]), case=case)
    make_response(case, firms["east"])
    return case


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_region_that_lost_its_countries_keeps_its_stories_and_name(client, executive, firms):
    """Not a row without a name, which would be the whole network's."""
    case = make_case(firms["north"], published=True)
    old = make_region("old", name="Old region")
    type(case).objects.filter(pk=case.pk).update(region=old)
    _head, *rows = rows_of(client.get(reverse("journey_csv")))
    months = [row for row in rows if row[1] == ""]
    assert [row[0] for row in months if row[2] == "Published"] == ["", "Old region"]
    page = client.get(reverse("journey"))
    [row] = page.context["journey"].regions
    assert row.label == "Old region"
    [step] = [step for step in row.steps if step.name == "published"]
    assert [line.number for line in client.get(step.url).context["lines"]] == [case.number]
    one = client.get(f"{reverse('journey_csv')}?region=region-{old.pk}")
    assert {row[0] for row in rows_of(one)[1:]} == {"", "Old region"}
    assert client.get(f"{reverse('flow')}?region=region-{old.pk}").status_code == 200
    empty = make_region("never", name="Never")
    assert client.get(f"{reverse('journey')}?region=region-{empty.pk}").status_code == 404


def test_every_page_of_the_figures_says_that_there_is_nothing(client):
    """For the lead of an area without a country, and on a site without any."""
    empty = ("Nothing happened here in this period", "No country has an active distributor yet.")
    for user in (
        make_user("lead", review_area=make_area("bare", name="Bare")),
        make_user("editor"),
    ):
        client.force_login(user)
        for name, words in (
            ("measures", "Figures of all rooms"),
            ("journey", empty[0]),
            ("flow", empty[0]),
            ("country_briefs", empty[1]),
        ):
            page = client.get(reverse(name))
            assert page.status_code == 200
            assert words in page.content.decode(), name
        for name in ("measures_csv", "journey_csv", "flow_csv"):
            assert len(rows_of(client.get(reverse(name)))) >= 1, name
        assert len(rows_of(client.get(reverse("flow_csv")))) == 1
        page = client.get(reverse("journey_list", args=["read"])).content.decode()
        assert "Nothing in this period." in page


# --- the journey ----------------------------------------------------------------------
@pytest.mark.slow
def test_every_number_of_the_page_is_the_length_of_its_list(client, executive, firms, story):
    """Also by month and by region; the list is reached from the number."""
    make_case(firms["north"], stage="area_review")
    make_case(firms["east"], published=True, audience="region", title="Only ours")
    found = client.get(f"{reverse('journey')}?months=3").context["journey"]
    steps = [step for row in [*found.regions, *found.months] for step in row.steps] + found.total
    assert sum(step.reached.number for step in found.total) == 3 + 2 + 1 + 1 + 1
    for step in [step for step in steps if step.reached.number] + found.total:
        listed = client.get(step.url)
        assert listed.context["count"] == step.reached.number == len(listed.context["lines"]), step


def test_a_list_names_only_stories_that_its_reader_may_read(client, executive, firms):
    make_case(firms["north"], published=True, title="For everybody here")
    make_case(firms["east"], published=True, audience="region", title="Only ours")
    make_case(firms["east"], stage="area_review", title="Not out yet")
    page = client.get(reverse("journey_list", args=["submitted"])).content.decode()
    assert "For everybody here" in page
    assert "Only ours" not in page
    assert "Not out yet" not in page
    assert page.count("A story that is not open to you") == 2


def test_a_lead_sees_the_own_area_and_no_other(client, east, firms, story, north):
    client.force_login(make_user("lead", review_area=east))
    found = client.get(reverse("journey")).context["journey"]
    assert [row.label for row in found.regions] == ["East"]
    assert {step.name: step.reached.number for step in found.total if step.reached.number} == {
        "read": 1,
        "responded": 1,
        "adopted": 1,
    }
    assert "North" not in client.get(reverse("measures")).content.decode()
    for name in ("journey", "measures", "journey_csv", "journey_pdf"):
        assert client.get(f"{reverse(name)}?region=region-{north.pk}").status_code == 404
    assert all(
        "North" not in cell for row in rows_of(client.get(reverse("journey_csv"))) for cell in row
    )


@pytest.mark.parametrize(
    "query", ["region=region-999", "region=x", "months=7", "beside=area-", "region=region-%27"]
)
def test_what_is_no_region_or_period_is_not_found(client, executive, query):
    assert client.get(f"{reverse('measures')}?{query}").status_code == 404
    assert client.get(f"{reverse('journey')}?{query}").status_code == 404


@pytest.mark.parametrize("month", ["2026", "2026-13", "x", "0000-01"])
def test_what_is_no_month_is_not_found(client, executive, month):
    address = reverse("journey_list", args=["read"])
    assert client.get(f"{address}?month={month}").status_code == 404


def test_the_file_has_all_regions_months_and_steps(client, executive, story, time_machine):
    now = timezone.localtime()
    head, *rows = rows_of(client.get(reverse("journey_csv")))
    assert head == ["Region", "Month", "Step", "Number", "Median of days", "Measured over"]
    assert ["", "", "Submitted", "1", "", "0"] in rows
    assert ["North", f"{now:%Y-%m}", "Published", "1", "", "0"] in rows
    assert [row[:4] for row in rows if row[2] == "Adopted"] == [
        ["", "", "Adopted", "1"],
        ["", f"{now:%Y-%m}", "Adopted", "1"],
        ["East", "", "Adopted", "1"],
        ["East", f"{now:%Y-%m}", "Adopted", "1"],
    ]


@pytest.mark.parametrize("more", [0, 2])
def test_queries_of_the_journey_do_not_grow(
    client, executive, firms, story, more, django_assert_num_queries
):
    """Five for the moments, three for regions; the rest is who asks, and the page round it."""
    for _ in range(more):
        case = make_case(make_distributor(), published=True)
        ReadMark.objects.create(user=make_user(distributor=firms["east"]), case=case)
        make_response(case, firms["east"])
    for name, args, number in (("journey", [], 11), ("journey_list", ["adopted"], 16)):
        address = reverse(name, args=args)
        client.get(address)
        with django_assert_num_queries(number):
            client.get(address)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "regions"), [("en", 0), ("ar", 20)])
def test_the_sheet_is_one_page_with_little_and_with_much(
    client, executive, language, regions, story
):
    for number in range(regions):
        region = make_region(f"long-{number}", name=f"A region with a long name {number}")
        make_case(make_distributor(country=make_country(region=region)), published=True)
    answer = client.get(f"/{language}/measures/journey.pdf?months=36")
    assert answer["Content-Type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


# --- figures of all rooms -------------------------------------------------------------
@pytest.fixture
def registered():
    """A room's figures: 3 in the North, 5 in all; and one of the whole network alone."""
    kept = dict(registry._measures)
    region = make_region("north", name="North").pk

    def by_region(period, areas):
        return {None: Figure(5), ("region", region): Figure(3, of=4)}

    registry.register_measure(RoomMeasure("test.cars", "=Cars", "cars", by_region, order=0))
    registry.register_measure(
        RoomMeasure(
            "test.share", "Share", "%", lambda period, areas: {None: Figure(12.34)}, by_region=False
        )
    )
    yield
    registry._measures.clear()
    registry._measures.update(kept)


def test_figures_stand_side_by_side(client, executive, firms, registered, north, east):
    def cells(query: str) -> list:
        lines = client.get(reverse("measures") + query).context["lines"]
        [line] = [one for one in lines if one.measure.name == "test.cars"]
        return [(cell["words"], cell["of"]) for cell in line.cells]

    assert cells("") == [("5 cars", "")]
    assert cells(f"?region=region-{north.pk}") == [("5 cars", ""), ("3 cars", "4")]
    both = f"?region=region-{north.pk}&beside=area-{east.pk}"
    assert cells(both) == [("3 cars", "4"), ("–", "")]


def test_the_file_of_figures_says_the_same_and_holds_no_formula(
    client, executive, firms, registered
):
    rows = rows_of(client.get(reverse("measures_csv")))
    assert [row[:5] for row in rows if row[0] == "test.cars"] == [
        ["test.cars", "'=Cars", "The whole network", "5", "cars"],
        ["test.cars", "'=Cars", "North", "3", "cars"],
    ]
    assert [row[3] for row in rows if row[0] == "test.share"] == ["12.34"]


def test_a_lead_is_shown_no_figure_of_the_whole_network_alone(client, east, firms, registered):
    client.force_login(make_user("lead", review_area=east))
    names = {line.measure.name for line in client.get(reverse("measures")).context["lines"]}
    assert "test.cars" in names
    assert "test.share" not in names
    assert "test.share" not in client.get(reverse("measures_csv")).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_no_figure_asks_more_for_more_rows(
    client, executive, firms, story, more, django_assert_max_num_queries
):
    """Each figure that a room registered, and the page with all of them."""
    measures = registry.measures()
    assert len(measures) >= 10
    for _ in range(more):
        case = make_case(make_distributor(), published=True)
        make_response(case, firms["east"])
        Question.objects.create(
            kind="story",
            key=case.number,
            language="en",
            title="Two looks",
            text="How?",
            text_language="en",
            by=make_user(),
            country=firms["east"].country,
        )
    make_issue(cases=(story,), released=True)
    today = timezone.localdate()
    period = Period(today - datetime.timedelta(days=60), today + datetime.timedelta(days=1))
    asked = {}
    for measure in measures:
        with CaptureQueriesContext(connection) as queries:
            found = measure.figures(period, None)
        asked[measure.name] = len(queries)
        assert measure.by_region or set(found) <= {None}, measure.name
        assert all(isinstance(figure, Figure) for figure in found.values()), measure.name
    whole = sum(asked.values())
    assert asked.pop("bulletins.reached") <= 11  # as reach.reports has it
    assert {name: number for name, number in asked.items() if number > 3} == {}
    client.get(reverse("measures"))
    with django_assert_max_num_queries(whole + PAGE_QUERIES):
        client.get(reverse("measures"))


# --- two regions on one shared measure -------------------------------------------------
def result(case, measure, before, after, unit="days", day=None):
    CaseResult.objects.create(
        case=case,
        measure_key=KEY,
        measure=measure,
        unit=unit,
        before=before,
        after=after,
        after_on=day or timezone.localdate(),
    )


def taken(case, firm, measure, before, after, unit="days"):
    response = make_response(case, firm, measured_at=timezone.now())
    ResponseResult.objects.create(
        response=response,
        measure_key=KEY,
        measure=measure,
        unit=unit,
        before=before,
        after=after,
        after_on=timezone.localdate(),
        by=make_user(),
    )


def test_two_regions_on_one_measure(client, executive, firms, north, east):
    """Added up where units agree, in whatever language; a share is averaged; others stay apart."""
    days = Measure.objects.create(slug="wait", name="Waiting time", unit="days", better="lower")
    case = make_case(firms["north"], published=True)
    result(case, days, 10, 4)
    taken(case, firms["east"], days, 8, 6, unit="días")
    taken(make_case(firms["north"], published=True), firms["east"], days, 6, 5)
    taken(make_case(firms["north"], published=True), firms["east"], days, 48, 24, unit="hours")
    hidden = make_case(firms["east"], published=True, audience="region")
    result(hidden, days, 100, 1)  # of a story that this reader may not read
    old = make_case(firms["east"], published=True)
    result(old, days, 50, 1, day=timezone.localdate() - datetime.timedelta(days=900))
    query = f"?region=region-{north.pk}&beside=area-{east.pk}&measure=wait"
    left, right = client.get(reverse("measures") + query).context["shared"]
    assert left["head"] == "North"
    assert [
        (row["unit"], row["stories"], row["takers"], row["change"]) for row in left["rows"]
    ] == [("days", "1", "0", "−6 days")]
    assert [
        (row["unit"], row["stories"], row["takers"], row["change"]) for row in right["rows"]
    ] == [
        ("days", "0", "2", "−3 days"),
        ("hours", "0", "1", "−24 hours"),
    ]
    assert [(row["before"], row["after"]) for row in right["rows"]] == [
        ("7 days", "5.5 days"),
        ("48 hours", "24 hours"),
    ]


def test_a_share_is_averaged(client, executive, firms):
    rate = Measure.objects.create(slug="rate", name="Fixed at once", unit="percent")
    case = make_case(firms["north"], published=True)
    result(case, rate, 60, 90, unit="%")
    taken(case, firms["east"], rate, 50, 60, unit="%")
    [side] = client.get(f"{reverse('measures')}?measure=rate").context["shared"]
    [row] = side["rows"]
    assert row["is_average"]
    assert row["change"] == "+20%"
    assert client.get(f"{reverse('measures')}?measure=none").status_code == 404
