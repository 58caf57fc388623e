"""The board: what stands on it for whom, how old, why it is blocked; the lead's limits."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from bulletins.exceptions import TransitionRefused
from bulletins.flow import board
from bulletins.flow.board import COLUMNS, Filters
from bulletins.flow.rules import can_read_coaching
from bulletins.models import Case, CoachingNote, StageLimit
from bulletins.permissions import can_review_case, can_view_case
from bulletins.transitions import set_limits
from bulletins.transitions.coaching import write_coaching
from gkc_site.measures.permissions import seen_areas
from network.models import Country, ReviewArea
from review.models import Clock, Flag
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_mandate,
    make_region,
    make_user,
)
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case
from tests.review.conftest import net, stories  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
ADDRESS = "/en/desk/board/"


@pytest.fixture
def area():
    return make_area(name="Test area")


@pytest.fixture
def firm(area):
    return make_distributor(country=make_country(area=area, region=make_region()))


def columns_for(user, filters: Filters | None = None, areas=()):
    return board.columns(board.stories(user, filters or Filters()), areas)


def numbers(columns) -> dict[str, list[str]]:
    return {column.stage.value: [card.case.number for card in column.cards] for column in columns}


def test_each_sees_the_open_stories_of_their_areas_and_none_they_wrote(area, firm):
    stood = {stage: make_case(firm, stage=stage).number for stage in COLUMNS}
    make_case(firm)  # a draft is nobody's business
    make_case(firm, published=True)
    for ended in ("withdrawn", "declined", "archived"):
        make_case(firm, stage=ended)
    elsewhere = make_case(stage="editing").number
    lead = make_user("lead", review_area=area)
    own = make_case(firm, lead, stage="editing")
    shared = make_case(firm, stage="editing")
    shared.co_authors.add(lead)
    decided_here = make_case(stage="area_review", deciding_area=area).number
    expected = {stage.value: {number} for stage, number in stood.items()}
    expected["area_review"].add(decided_here)
    seen = {stage: set(found) for stage, found in numbers(columns_for(lead)).items()}
    assert seen == expected
    everything = numbers(columns_for(make_user("editor")))
    assert {elsewhere, own.number, shared.number} < set(everything["editing"])
    assert not any(numbers(columns_for(make_user("campaigner", review_area=make_area()))).values())


def test_a_mandate_over_everything_reaches_where_its_holder_may_review(client, area, firm):
    """R23: a campaigner of no home region. What they may open equals what is listed."""
    ready = make_case(firm, stage="ready")
    elsewhere = make_case(stage="area_review")
    people = {role: make_user(role) for role in ("campaigner", "lead")}
    for role, person in people.items():
        for case in (ready, elsewhere):
            assert can_view_case(person, case)
            assert can_review_case(person, case)
        assert set(Case.objects.visible_to(person)) == {ready, elsewhere}
        assert set(Case.objects.at_desk_of(person)) == {ready, elsewhere}
        seen = numbers(columns_for(person))
        assert (seen["ready"], seen["area_review"]) == ([ready.number], [elsewhere.number])
        client.force_login(person)
        page = client.get(ADDRESS)
        assert {area, elsewhere.review_area} <= set(page.context["areas"])
        assert bool(page.context["limited"]) is (role == "lead")
        assert [card.case for card in client.get(f"{ADDRESS}?stage=ready").context["cards"]] == [
            ready
        ]
        note = write_coaching(firm, by=person, whom="Huda", text="May.")
        assert can_read_coaching(person, firm)
        assert list(CoachingNote.objects.visible_to(person)) == [note]
        CoachingNote.objects.all().delete()
    # What a lead may do in each area is listed for them, too; a campaigner leads none.
    assert set(seen_areas(people["lead"])) == set(ReviewArea.objects.all())
    assert seen_areas(people["campaigner"]) == []
    assert set(Case.objects.to_propose_by(people["lead"])) == {ready, elsewhere}
    assert not Case.objects.to_propose_by(people["campaigner"]).exists()
    # Control: a mandate over another area shows none of it.
    assert not Case.objects.visible_to(make_user("campaigner", review_area=make_area())).exists()


def test_filters_take_away_what_is_not_asked_for(area, firm):
    near = make_case(firm, stage="ready", process_steps=["own"])
    far = make_case(stage="ready", process_steps=["buy", "own"])
    editor = make_user("editor")

    def asked(**given) -> list[str]:
        return numbers(columns_for(editor, Filters(**given)))["ready"]

    assert asked() == [near.number, far.number]
    assert asked(area=area) == [near.number]
    assert asked(region=near.region) == [near.number]
    assert asked(step="buy") == [far.number]
    assert asked(late=True) == []
    assert asked(step="visit") == []


def test_late_is_what_the_clock_says(stories):  # noqa: F811
    late, fresh = stories.submitted(), stories.submitted()
    Clock.objects.filter(review__object_id=late.pk).update(
        due=timezone.now() - datetime.timedelta(hours=1)
    )
    editor = stories.net["editors"][0]
    found = {card.case.pk: card.is_late for column in columns_for(editor) for card in column.cards}
    assert found == {late.pk: True, fresh.pk: False}
    assert numbers(columns_for(editor, Filters(late=True)))["area_review"] == [late.number]


def test_age_is_counted_in_working_days_of_where_it_waits():
    """From Wednesday 18 to Sunday 22 November 2026: Friday and Saturday are free in Riyadh,
    Saturday and Sunday in Cologne."""
    make_reviewing_network()
    saudi, german = (
        make_distributor(country=Country.objects.get(pk=code)) for code in ("SA", "DE")
    )
    since = datetime.datetime(2026, 11, 18, 9, tzinfo=datetime.UTC)
    reviewer = make_user("campaigner", review_area=german.review_area)
    member = make_user(distributor=german)
    make_mandate(member, "campaigner", review_area=german.review_area)
    cases = {
        "holder without a firm: the area's lead country": make_case(
            saudi, stage="area_review", holder=reviewer, since=since
        ),
        "holder's own country": make_case(
            saudi, stage="neutral_review", holder=member, since=since
        ),
        "the author's country": make_case(
            saudi, stage="changes_requested", holder=member, since=since
        ),
        "nobody: the area's": make_case(german, stage="submitted", since=since),
    }
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC), tick=False):
        ages = {card.case.pk: card.age for card in board.cards(Case.objects.all())}
    found = {name: ages[case.pk] for name, case in cases.items()}
    assert found == {
        "holder without a firm: the area's lead country": 2,  # Thursday and Sunday
        "holder's own country": 2,  # Thursday and Friday
        "the author's country": 2,
        "nobody: the area's": 2,
    }
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC), tick=False):
        ages = {card.case.pk: card.age for card in board.cards(Case.objects.all())}
    assert [ages[case.pk] for case in cases.values()] == [1, 2, 1, 2]


def test_a_card_says_why_it_cannot_go_on(stories):  # noqa: F811
    free = stories.submitted()
    strange = stories.submitted(language="ja")
    unread = Clock.objects.filter(review__object_id=strange.pk)
    unread.update(started_at=None, due=None)
    nobodys = stories.submitted()
    Case.objects.filter(pk=nobodys.pk).update(holder=None, stage="submitted")
    edited = make_case(
        stage="ready", author_confirm_until=timezone.now() + datetime.timedelta(days=3)
    )
    confirmed = make_case(
        stage="ready", author_confirm_until=timezone.now() - datetime.timedelta(days=3)
    )
    marked = make_case(stage="editing", holder=stories.net["editors"][0])
    Flag.objects.create(
        kind="story", key=marked.number, language="en", title="x", reason="x", by=marked.author
    )
    blocks = {
        card.case.pk: card.blocks for card in board.cards(Case.objects.exclude(stage="draft"))
    }
    assert blocks == {
        free.pk: (),
        strange.pk: ("Waits for a working translation.",),
        nobodys.pk: ("Nobody can take it.",),
        edited.pk: ("Waits for the author’s word on an edit.",),
        confirmed.pk: (),
        marked.pk: ("A reader’s mark is open.",),
    }


def test_counts_are_true_and_columns_short(client, area, firm, monkeypatch):
    monkeypatch.setattr(board, "SHOWN", 3)
    for _n in range(board.SHOWN + 2):
        make_case(firm, stage="editing")
    make_case(firm, stage="ready")
    lead = make_user("lead", review_area=area)
    found = {column.stage.value: column for column in columns_for(lead)}
    assert (found["editing"].count, len(found["editing"].cards)) == (board.SHOWN + 2, board.SHOWN)
    assert (found["editing"].more, found["ready"].more) == (2, 0)
    client.force_login(lead)
    page = client.get(ADDRESS)
    assert page.context["total"] == board.stories(lead).count()
    whole = client.get(ADDRESS, {"stage": "editing"})
    assert len(whole.context["cards"]) == found["editing"].count
    shown = [card.case.number for card in whole.context["cards"]]
    oldest_first = Case.objects.filter(stage="editing").order_by("since", "pk")
    assert shown == list(oldest_first.values_list("number", flat=True))


def test_queries_do_not_grow_with_the_stories(client, area, firm):
    editor = make_user("editor")
    client.force_login(editor)
    counts = []
    for _round in range(3):
        for stage in ("area_review", "ready"):
            make_case(firm, stage=stage, holder=make_user(distributor=make_distributor()))
        StageLimit.objects.create(area=make_area(), stage="ready", most=1)
        found = []
        for address in (ADDRESS, f"{ADDRESS}?stage=ready&late=", f"{ADDRESS}?area={area.slug}"):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 14


def test_whoever_may_take_a_log_out_finds_it_under_the_board(client, area, firm):
    lead, editor = make_user(), make_user("editor")
    make_mandate(lead, "lead", scope="review_area", review_area=area)
    plain = make_user()
    make_mandate(plain, "campaigner", scope="review_area", review_area=area)
    of_area, of_region = f"/en/desk/logs/area/{area.slug}.csv", "/en/desk/logs/region/"
    for user, query, found in (
        (lead, "", of_area),
        (plain, "", ""),
        (editor, "", ""),
        (editor, f"?area={area.slug}", of_area),
        (editor, f"?region={firm.region.slug}", f"{of_region}{firm.region.slug}.json"),
    ):
        client.force_login(user)
        page = client.get(ADDRESS + query).content.decode()
        assert found in page, (user, query)
        assert ("/desk/logs/" in page) == bool(found), (user, query)
        if found:
            assert client.get(found).status_code == 200


def test_odd_addresses_are_not_found(client, area):
    client.force_login(make_user("lead", review_area=area))
    other = make_area()
    for query in (f"area={other.slug}", "area=x", "region=x", "step=x", "stage=draft", "stage=x"):
        assert client.get(f"{ADDRESS}?{query}").status_code == 404
    assert client.get(f"{ADDRESS}?stage=ready&page=99&late=x").status_code == 200


# --- limits ------------------------------------------------------------------------------
def test_the_board_warns_over_a_limit_and_stops_nothing(client, area, firm):
    lead = make_user("lead", review_area=area)
    set_limits(area, by=lead, limits={"editing": 1, "ready": 2})
    for _n in range(2):
        make_case(firm, lead, stage="editing")  # the lead's own count, though unseen
        make_case(firm, stage="ready")
    client.force_login(lead)
    page = client.get(ADDRESS)
    found = {column.stage.value: column for column in page.context["columns"]}
    assert (found["editing"].most, found["ready"].most, found["submitted"].most) == (1, 2, None)
    assert [(row.area, row.count, row.most) for row in found["editing"].over] == [(area, 2, 1)]
    assert found["ready"].over == []
    assert "Over the limit in Test area: 2, and 1 at most." in page.content.decode()
    client.force_login(make_user("editor"))
    page = client.get(ADDRESS)
    found = {column.stage.value: column for column in page.context["columns"]}
    assert found["editing"].most is None  # many areas are shown
    assert [row.area for row in found["editing"].over] == [area]


def test_only_the_areas_lead_sets_limits_and_every_change_is_kept(client, area):
    lead = make_user("lead", review_area=area)
    for role, scope in (
        ("campaigner", {"review_area": area}),
        ("lead", {"review_area": make_area()}),
        ("editor", {}),
        ("administrator", {}),
    ):
        with pytest.raises(PermissionDenied):
            set_limits(area, by=make_user(role, **scope), limits={"ready": 1})
    for wrong in ({"ready": 0}, {"ready": 501}, {"draft": 3}):
        with pytest.raises(TransitionRefused):
            set_limits(area, by=lead, limits=wrong)
    client.force_login(lead)
    address = reverse("board_limits", args=[area.slug])
    refused = client.post(address, {"ready": "0", "editing": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.content.decode()
    assert not StageLimit.objects.exists()
    client.post(address, {"ready": "4", "editing": "2"})
    client.post(address, {"ready": "4", "editing": ""})
    assert list(StageLimit.objects.values_list("stage", "most")) == [("ready", 4)]
    entries = ModelLogEntry.objects.filter(action="bulletins.set_limits").order_by("pk")
    assert [entry.data["after"] for entry in entries] == [
        {"ready": 4, "editing": 2},
        {"editing": None},
    ]
    page = client.get(address).content.decode()
    assert "With the editors: no limit any more" in page
