"""The area's grid, and what is told of a story's way to others."""

import csv
import io
import random
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.figures.grid import grid, issue_cases
from bulletins.figures.recognition import recognised
from bulletins.figures.taken_over import taken_over, totals
from bulletins.models import Case, Choice, Response, ResponseResult
from bulletins.response_queries import open_cases
from network.models import Distributor
from tests.bulletins.responding import in_days, make_response
from tests.bulletins.stories import make_whole_story
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def firms(area):
    country = make_country(area=area)
    return [make_distributor(country=country) for _ in range(3)]


@pytest.fixture
def issue(firms):
    cases = (
        make_case(published=True, title="=SUM(1)"),
        make_case(published=True, title="Second"),
        make_case(distributor=firms[0], published=True, title="Third"),
    )
    return make_issue(cases=cases, released=True)


@pytest.mark.parametrize("seed", range(5))
def test_counts_of_the_grid_are_those_of_the_lists(issue, area, firms, seed):
    """Whatever was answered: the cells, the columns' counts and each firm's open list agree."""
    chance = random.Random(seed)
    cases = issue_cases(issue)
    for firm in firms:
        for case in cases:
            choice = chance.choice([*Choice.values, None, None])
            if choice is None or case.distributor_id == firm.pk:
                continue
            past = choice in ("adopting", "on_hold") and chance.random() < 0.5
            more = {"until": in_days(-3)} if past else {}
            make_response(case, firm, choice=choice, **more)
    found = grid(cases, [area])
    assert {row.distributor for row in found.rows} == set(firms)
    for row in found.rows:
        assert row.open == open_cases(row.distributor).count()
    for column in found.columns:
        rows = Response.objects.filter(case=column["case"], distributor__in=firms)
        said = Counter(rows.values_list("choice", flat=True))
        assert {key: column["counts"][key] for key in Choice.values} == {
            key: said[key] for key in Choice.values
        }
        assert column["taken_over"] == taken_over(column["case"]).distributors
        assert column["open"] == sum(column["case"] in open_cases(firm) for firm in firms)
    assert found.open == sum(row.open for row in found.rows)


def test_a_campaigner_sees_the_own_area_and_no_other(client, issue, area, firms):
    stranger = make_distributor(name="Elsewhere Motors")
    client.force_login(make_user("campaigner", review_area=area))
    page = client.get("/en/desk/response-grid/").content.decode()
    assert all(firm.name in page for firm in firms)
    assert "Elsewhere Motors" not in page
    other = client.get(f"/en/desk/response-grid/?area={stranger.review_area.slug}")
    assert other.status_code == 404
    assert client.get("/en/desk/response-grid/?issue=1999-01").status_code == 404
    client.force_login(make_user("executive"))
    assert "Elsewhere Motors" in client.get("/en/desk/response-grid/").content.decode()


def test_answers_open_and_only_who_may_write_finds_the_way(client, issue, area, firms):
    case = issue.stories.first().case
    make_response(case, firms[1], choice="not_for_us", words="No such customers")
    said = reverse("response", args=[firms[1].pk, case.number])
    write = reverse("response_coach", args=[firms[1].pk])
    for who, may_write in (
        (make_user("executive"), False),
        (make_user("campaigner", review_area=area), True),
        (make_user("editor"), True),
    ):
        client.force_login(who)
        page = client.get("/en/desk/response-grid/").content.decode()
        assert f'href="{said}"' in page
        assert (f'href="{write}"' in page) is may_write
        assert "No such customers" in client.get(said).content.decode()
        assert client.get(write).status_code == (200 if may_write else 403)


def test_the_csv_says_the_same_and_holds_no_formula(client, issue, area, firms):
    case = issue.stories.first().case
    make_response(case, firms[1], choice="not_for_us", words="-1+1")
    client.force_login(make_user("lead", review_area=area))
    answer = client.get("/en/desk/response-grid.csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 3 * 3
    [said] = [row for row in rows if row[4] == "Not for us"]
    assert said[3] == "'=SUM(1)"
    assert said[8] == "'-1+1"
    assert sum(row[4] == "Own story" for row in rows) == 1
    assert sum(row[4] == "Open" for row in rows) == 7


@pytest.mark.parametrize("more", [0, 2])
def test_queries_of_the_grid_do_not_grow(
    client, issue, area, firms, more, django_assert_num_queries
):
    for _firm in range(more):
        firm = make_distributor(country=firms[0].country)
        make_user("manager", distributor=firm)
        make_response(issue.stories.first().case, firm)
    client.force_login(make_user("campaigner", review_area=area))
    client.get("/en/desk/response-grid/")
    with django_assert_num_queries(11):
        client.get("/en/desk/response-grid/")


def test_a_campaigner_writes_to_the_contacts_and_the_words_are_kept(client, issue, area, firms):
    client.force_login(make_user("campaigner", review_area=area, first_name="Aiko"))
    url = reverse("response_coach", args=[firms[1].pk])
    nobody = client.post(url, {"text": "Two wait."})
    assert nobody.status_code == 422
    assert "no contact" in nobody.content.decode()
    assert not Mailing.objects.exists()
    contact = make_user("manager", distributor=firms[1])
    assert client.post(url, {"text": " "}).status_code == 422
    client.post(url, {"text": "Two wait."})
    mailing = Mailing.objects.get()
    assert [row.user for row in mailing.deliveries.all()] == [contact]
    page = client.get(url).content.decode()
    assert "Two wait." in page
    assert "Aiko" in page
    stranger = make_distributor()
    assert client.get(reverse("response_coach", args=[stranger.pk])).status_code == 403


# --- one story -----------------------------------------------------------------------
def adopters(case, count: int = 3) -> list[Response]:
    """Distributors of two home regions that took it over."""
    regions = [make_region(), make_region()]
    return [
        make_response(
            case,
            make_distributor(country=make_country(region=regions[n % 2])),
            choice="adapted" if n else "adopted",
        )
        for n in range(count)
    ]


def test_a_story_says_how_far_it_went(client):
    case = make_whole_story("en")
    key = case.source_page().results[0].value["measure_key"]
    rows = adopters(case)
    make_response(case, choice="adopting")
    make_response(case, choice="not_for_us", words="our secret reason")
    for row, unit in zip(rows, ("%", "%", "days"), strict=True):
        Response.objects.filter(pk=row.pk).update(measured_at=timezone.now())
        ResponseResult.objects.create(
            response=row,
            measure_key=key,
            unit=unit,
            before=50,
            after=60,
            after_on=in_days(-2),
            by=make_user(),
        )
    follower = make_case(published=True, title="Three looks", based_on=case)
    url = case.source_page().url
    visitor = client.get(url).content.decode()
    assert "Taken over by 3 distributors in 2 regions" in visitor
    assert rows[0].distributor.name not in visitor
    assert "Three looks" not in visitor
    assert "Two looks a day." not in visitor
    client.force_login(make_user())
    page = client.get(url).content.decode()
    assert rows[0].distributor.name in page
    assert "Two looks a day." in page  # what was adapted
    assert "Three looks" in page
    assert "1 more distributor is adopting it." in page
    assert "our secret reason" not in page
    assert "on average at 2 distributors" in page  # the third reported in another unit
    assert "Two looks" in client.get(follower.source_page().url).content.decode()


def test_values_are_added_up_only_where_units_agree():
    usd, percent = (f"{n}" * 8 + "-1111-4111-8111-111111111111" for n in (1, 2))
    units = {usd: "usd", percent: "%"}
    results = [
        ResponseResult(measure_key=usd, unit="usd", before=10, after=30),
        ResponseResult(measure_key=usd, unit="usd", before=0, after=5),
        ResponseResult(measure_key=usd, unit="days", before=0, after=900),
        ResponseResult(measure_key=percent, unit="%", before=10, after=30),
        ResponseResult(measure_key=percent, unit="%", before=10, after=20),
        ResponseResult(measure_key="9" * 36, unit="%", before=10, after=20),
    ]
    found = {one.unit: (one.change, one.count, one.is_average) for one in totals(results, units)}
    assert found == {"usd": (25, 2, False), "%": (15, 2, True)}


# A bare Wagtail page asks 9 (design.md 'Budgets'): + 8 for a visitor, + 12 for a member.
@pytest.mark.parametrize(("who", "limit"), [("visitor", 17), ("member", 21)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_storys_page_stays_within_its_budget(
    client, who, limit, count, django_assert_max_num_queries
):
    case = make_whole_story("en")
    for row in adopters(case, count):
        Response.objects.filter(pk=row.pk).update(measured_at=timezone.now())
    make_case(published=True, audience="public", based_on=case)
    if who == "member":
        client.force_login(make_user("manager", distributor=make_distributor()))
    url = case.source_page().url
    client.get(url)
    with django_assert_max_num_queries(limit):
        client.get(url)


# --- the yearly list ---------------------------------------------------------------
def test_the_yearly_list_honours_whoever_told_it(client):
    many, few = make_case(published=True, title="Many"), make_case(published=True, title="Few")
    hidden = make_case(published=True, audience="region", title="Elsewhere")
    adopters(many, 3), adopters(few, 1), adopters(hidden, 2)
    year = timezone.localdate().year
    reader = make_user()
    assert [
        (one.case, one.distributors) for one in recognised(Case.objects.readable_by(reader), year)
    ] == [
        (many, 3),
        (few, 1),
    ]
    client.force_login(reader)
    page = client.get(f"/en/recognition/{year}/").content.decode()
    assert page.index("Many") < page.index("Few")
    assert many.author.display_name in page
    assert "Elsewhere" not in page
    client.force_login(many.author)
    profile = client.get(reverse("profile")).content.decode()
    assert "Your stories that others took over" in profile
    assert "3 distributors" in profile
    assert client.get("/en/recognition/1999/").status_code == 404
    assert client.get(f"/en/recognition/{year + 1}/").status_code == 404


def test_an_inactive_distributor_is_in_no_grid(issue, area, firms):
    Distributor.objects.filter(pk=firms[0].pk).update(is_active=False)
    assert len(grid(issue_cases(issue), [area]).rows) == 2
