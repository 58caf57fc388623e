"""Figures: sums against a table counted by hand, and equal to the lists behind them."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from network.registry import Period, measures
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_enrolment, make_home, make_programme, make_session
from workshops.figures import Counts
from workshops.models import (
    Certificate,
    EvaluationBatch,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationSheet,
)
from workshops.permissions import can_sum_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Asia: a date ahead and one taught; Africa: one taught without certificates; online; and two
    that do not count."""
    asia, africa = make_home("asia"), make_home("africa")
    gives = make_programme("gives", name="Gives one")
    plain = make_programme("plain", name="Plain days", gives_certificate=False)
    ahead = make_session(gives, in_days=20, seats=10, country=asia.country)
    taught = make_session(gives, in_days=-20, seats=4, state="done", country=asia.country)
    south = make_session(plain, in_days=-50, seats=5, state="done", country=africa.country)
    online = make_session(plain, in_days=10, seats=8, place_kind="online")
    for session, states in (
        (ahead, ["enrolled", "enrolled", "offered", "waiting", "cancelled"]),
        (taught, ["attended", "attended", "attended", "no_show"]),
        (south, ["attended", "no_show"]),
        (online, ["enrolled"]),
    ):
        for state in states:
            make_enrolment(session, state=state)
    make_session(gives, state="planned", country=asia.country)
    make_session(gives, state="cancelled", country=asia.country)
    for number, enrolment in enumerate(taught.enrolments.filter(state="attended")[:2]):
        Certificate.objects.create(
            enrolment=enrolment,
            user=enrolment.user,
            number=f"C-{number}",
            code=f"CODE{number}",
            holder_name="Somebody",
            programme=gives,
            language="en",
            first_day=taught.first_day,
            last_day=taught.last_day,
        )
    Certificate.objects.filter(number="C-1").update(
        revoked_at=timezone.now(), revoke_category="data"
    )
    return {"asia": asia, "africa": africa, "taught": taught, "gives": gives}


def page(client, user, query="", name="workshop_figures"):
    client.force_login(user)
    return client.get(reverse(name) + query)


def numbers(found) -> dict:
    """Label → (dates, seats, taken, waiting, attended, no-show, passed, to pass)."""
    return {
        row["label"]: _tuple(row["counts"])
        for row in [*found.context["rows"], {"label": "all", "counts": found.context["whole"]}]
    }


def _tuple(c: Counts):
    return (c.sessions, c.seats, c.taken, c.waiting, c.attended, c.no_show, c.passed, c.to_pass)


BY_HAND = {
    "Asia": (2, 14, 7, 1, 3, 1, 1, 3),
    "Africa": (1, 5, 2, 0, 1, 1, 0, 0),
    "Online": (1, 8, 1, 0, 0, 0, 0, 0),
    "all": (4, 27, 10, 1, 4, 2, 1, 3),
}


def test_the_sums_are_those_counted_by_hand_and_equal_their_lists(client, world):
    executive = make_user("executive")
    found = page(client, executive)
    by_name = {row["label"]: row for row in found.context["rows"]}
    assert len(by_name) == 3
    asia = world["asia"].country.region.name
    africa = world["africa"].country.region.name
    wanted = {
        {"Asia": asia, "Africa": africa}.get(label, label): row for label, row in BY_HAND.items()
    }
    assert numbers(found) == wanted
    for label, row in by_name.items():
        shown = page(client, executive, row["query"].split("#")[0]).context["shown"]
        lines = [line["counts"] for line in shown["lines"]]
        sums = tuple(map(sum, zip(*map(_tuple, lines), strict=True)))
        assert sums == wanted[label], label
    whole = found.context["whole"]
    assert round(whole.fill, 1) == 37.0
    by_programme = numbers(page(client, executive, "?by=programme"))
    assert by_programme["Gives one"] == BY_HAND["Asia"]
    assert by_programme["Plain days"] == (2, 13, 3, 0, 1, 1, 0, 0)
    by_month = numbers(page(client, executive, "?by=month"))
    assert by_month.pop("all") == BY_HAND["all"]
    assert sum(row[0] for row in by_month.values()) == 4
    nothing = page(client, executive, "?since=2020-01&last=2020-03")
    assert "No date begins in these months." in nothing.content.decode()
    assert page(client, executive, "?by=x&since=x&last=2020-99&show=y&page=z").status_code == 200


def test_the_file_says_the_same(client, world):
    found = page(client, make_user("coordinator"), "?by=region", "workshop_figures_csv")
    rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    table = {row[0]: row for row in rows[1:]}
    asia = table[world["asia"].country.region.name]
    assert asia[1:] == ["2", "14", "7", "50.0", "1", "3", "1", "1", "3", "", "0", "0", "0"]
    assert table["Together"][1:4] == ["4", "27", "10"]


def test_a_campaigner_sees_the_own_area_and_a_coordinator_the_own_programme(client, world):
    campaigner = make_user("campaigner", review_area=world["asia"].country.review_area)
    assert numbers(page(client, campaigner))["all"] == BY_HAND["Asia"]
    own = make_user()
    key = world["gives"].programme_key
    make_mandate(own, "coordinator", scope="programme", programme_key=key)
    assert set(numbers(page(client, own, "?by=programme"))) == {"Gives one", "all"}


def a_batch(programme, sessions, marks=(5, 4, 4, 3, 5), **fields) -> EvaluationBatch:
    """Sheets of these sessions in turn, shown together."""
    form, _made = EvaluationForm.objects.get_or_create(
        version=90, defaults={"created_by": make_user()}
    )
    scale, _made = EvaluationQuestion.objects.get_or_create(
        form=form, kind="scale", text="Good?", sort_order=1
    )
    words, _made = EvaluationQuestion.objects.get_or_create(
        form=form, kind="words", text="Why?", sort_order=2
    )
    batch = EvaluationBatch.objects.create(
        programme=programme,
        session=sessions[0] if len(sessions) == 1 else None,
        released_on=timezone.localdate(),
        size=len(marks),
        **fields,
    )
    for number, mark in enumerate(marks):
        EvaluationSheet.objects.create(
            session=sessions[number % len(sessions)],
            form=form,
            batch=batch,
            answers={str(scale.key): mark, str(words.key): "Because of her."},
        )
    return batch


def test_evaluation_is_the_mean_of_what_may_be_shown(client, world):
    batch = a_batch(world["gives"], [world["taught"]])
    sheet = batch.sheets.first()
    EvaluationSheet.objects.create(  # not released: nobody's
        session=sheet.session, form=sheet.form, answers=dict.fromkeys(sheet.answers, 1)
    )
    whole = page(client, make_user("executive")).context["whole"]
    assert (whole.evaluation, whole.marked) == (4.2, 5)


def test_a_campaigner_has_the_means_of_the_own_area_and_no_words(client, world):
    """Sums of whole batches: alone, pooled within the area, and not where one was elsewhere."""
    gives, taught, area = world["gives"], world["taught"], world["asia"].country.review_area
    near = make_session(gives, in_days=-30, state="done", country=world["asia"].country)
    far = make_session(gives, in_days=-30, state="done", country=world["africa"].country)
    online = make_session(gives, in_days=-30, state="done", place_kind="online")
    shown = [a_batch(gives, [taught]), a_batch(gives, [taught, near], [1] * 6)]
    hidden = [
        a_batch(gives, [far]),
        a_batch(gives, [taught, far]),
        a_batch(gives, [taught, online], [1] * 5),
    ]
    campaigner = make_user("campaigner", review_area=area)
    found = page(client, campaigner)
    assert (found.context["whole"].marks, found.context["whole"].marked) == (21 + 6, 11)
    assert "Because of her." not in found.content.decode()
    assert client.get(reverse("evaluations")).status_code == 403
    everywhere, plain = make_user(), make_user("reader")
    make_mandate(everywhere, "campaigner", scope="global")
    of_one = make_user()
    key = gives.programme_key
    make_mandate(of_one, "coordinator", scope="programme", programme_key=key)
    trainer = make_user("trainer")
    shown[0].trainers.add(trainer)
    roles = ("executive", "coordinator", "administrator", "editor")
    people = [campaigner, everywhere, of_one, trainer, plain, *map(make_user, roles)]
    sums = {}
    for person in people:
        summed = set(EvaluationBatch.objects.summed_for(person))
        assert summed == {one for one in (*shown, *hidden) if can_sum_batch(person, one)}, person
        sums[person] = len(summed)
    assert [sums[person] for person in people] == [2, 5, 5, 0, 0, 5, 5, 5, 0]
    assert not EvaluationBatch.objects.visible_to(campaigner).exists()


def test_the_measures_page_has_the_same_numbers(world):
    today = timezone.localdate()
    period = Period(today - datetime.timedelta(days=300), today + datetime.timedelta(days=300))
    found = {one.name: one.figures(period, None) for one in measures()}
    assert (found["workshops.seats"][None].value, found["workshops.seats"][None].of) == (27, None)
    assert float(found["workshops.fill"][None].value) == 37.0
    scope = ("region", world["asia"].country.region_id)
    assert found["workshops.fill"][scope].of == 14
    areas = [world["africa"].country.review_area]
    assert {one.name: one for one in measures()}["workshops.seats"].figures(period, areas)[
        None
    ].value == 5


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, django_assert_num_queries, count):
    for _ in range(count):
        make_enrolment(make_session(country=make_home(f"region-{_}").country))
    executive = make_user("executive")
    page(client, executive)
    with django_assert_num_queries(QUERIES):
        client.get(reverse("workshop_figures"))


# session, user; mandates; dates, people; evaluation's batches; titles
QUERIES = 7
