"""Programmes are made, changed and archived: what follows for people, and what is kept."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_home,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import told
from touchpoints.models import Delivery
from translations.api import confirm_reading, translate_page
from translations.models import TextState
from workshops.duties import duties_of, employees
from workshops.exceptions import FieldsRefused, StaleForm
from workshops.models import (
    EligibilityWatch,
    Enrolment,
    Programme,
    ProgrammeEvent,
    Session,
)
from workshops.page_text import fingerprint, texts_of
from workshops.permissions import can_change_programme
from workshops.transitions import (
    archive_programme,
    ask_exception,
    change_programme,
    publish_translation,
    tell_eligible,
    unarchive_programme,
    watch,
    write_version,
)
from workshops.transitions import (
    make_programme as add_programme,
)
from workshops.transitions.programmes import mark_of, ring_through, state_of
from workshops.transitions.tailoring import tailor, version_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make_user("coordinator")


def last_event(programme) -> ProgrammeEvent:
    return programme.events.last()


# --- who ------------------------------------------------------------------------------
def test_the_queryset_equals_the_predicate_for_every_role():
    parent, other = make_programme("parent"), make_programme("other")
    firm = make_home("asia")
    version = tailor(parent, firm, "en", by=make_user("coordinator"))
    people = [make_user(role) for role in ("editor", "trainer", "coordinator", "administrator")]
    of_one, of_version = make_user(), make_user()
    make_mandate(of_one, "coordinator", scope="programme", programme_key=parent.programme_key)
    make_mandate(of_version, "coordinator", scope="programme", programme_key=version.programme_key)
    people += [of_one, of_version, make_user("manager", distributor=firm), make_trainee()]
    seen = set()
    for person in people:
        mine = set(Programme.objects.coordinated_by(person))
        assert mine == {one for one in Programme.objects.all() if can_change_programme(person, one)}
        seen.add(frozenset(one.key for one in mine))
    assert seen == {
        frozenset(),
        frozenset({parent.key, other.key, version.key}),
        frozenset({parent.key, version.key}),
        frozenset({version.key}),
    }


def test_only_coordinators_of_it_make_change_archive(coordinator):
    programme, person = make_programme(), make_user("editor")
    of_another = make_user()
    key = make_programme().programme_key
    make_mandate(of_another, "coordinator", scope="programme", programme_key=key)
    for who in (person, of_another):
        for change in (
            lambda who=who: add_programme({"title": "A", "name": "A"}, by=who, key="a"),
            lambda who=who: change_programme(programme, {"days": 2}, by=who),
            lambda who=who: archive_programme(programme, by=who),
            lambda who=who: unarchive_programme(programme, by=who),
        ):
            with pytest.raises(PermissionDenied):
                change()
    assert not ProgrammeEvent.objects.exists()


# --- made and changed -----------------------------------------------------------------
def test_made_with_its_page_renamed_with_history(coordinator):
    first = make_programme("first")
    values = {"title": "Parts basics", "name": "Parts", "summary": "Order little.", "days": 2}
    made = add_programme(values | {"requires": [first]}, by=coordinator, key="parts")
    page = made.pages.get()
    assert (page.title, page.summary, page.slug, page.live) == (
        "Parts basics",
        "Order little.",
        "parts",
        True,
    )
    assert last_event(made).changes["requires"] == [None, ["first"]]
    change_programme(made, {"title": "Parts and stock", "name": "Parts"}, by=coordinator)
    event = last_event(made)
    assert (event.verb, event.by) == ("change", coordinator)
    assert event.changes == {"title": ["Parts basics", "Parts and stock"]}
    page.refresh_from_db()
    assert page.title == "Parts and stock"
    change_programme(made, {"title": "Parts and stock"}, by=coordinator)  # nothing differs
    assert made.events.count() == 2


def test_a_draft_of_the_text_stays_a_draft_and_has_the_new_name(coordinator):
    programme = make_programme("walk", name="Walk")
    page = programme.pages.get()
    page.save_revision().publish()
    page.refresh_from_db()
    page.body = [("paragraph", "Not yet.")]
    page.save_revision()
    change_programme(programme, {"title": "Walk and look"}, by=coordinator)
    page.refresh_from_db()
    assert (page.title, list(page.body), page.has_unpublished_changes) == (
        "Walk and look",
        [],
        True,
    )
    draft = page.get_latest_revision_as_object()
    assert (draft.title, [block.value for block in draft.body]) == ("Walk and look", ["Not yet."])


def test_a_renamed_programme_keeps_its_translations_until_they_follow(client, coordinator):
    made = add_programme({"title": "Go and see", "name": "Go"}, by=coordinator, key="go")
    page = made.pages.get()
    translator, reader = (make_user("translator", language="es") for _ in range(2))
    translate_page(page, "es", {"title": "Ir y ver"}, by=translator)
    confirm_reading(page.translation_key, "es", by=reader)
    publish_translation(made.pages.get(locale__language_code="es"), by=reader)
    change_programme(made, {"title": "Go and look", "name": "Go"}, by=coordinator)
    assert TextState.objects.of(page.translation_key, "es").filter(is_stale=True).exists()
    assert "Ir y ver" in client.get("/es/workshops/").content.decode()
    assert "Go and look" in client.get("/en/workshops/").content.decode()


def test_a_version_renamed_by_its_keeper_keeps_its_history(coordinator):
    parent, firm = make_programme("walk", name="Walk"), make_home("asia")
    manager = make_user("manager", distributor=firm)
    version = tailor(parent, firm, "en", by=manager)
    seen = fingerprint(texts_of(version_page(version)))
    write_version(version, {"title": "Our walk"}, {}, by=manager, seen=seen, publish=True)
    event = last_event(version)
    assert (event.verb, event.by, event.changes) == (
        "text",
        manager,
        {"title": ["Walk", "Our walk"]},
    )


def test_a_draft_is_in_the_catalogue_once_it_is_shown(coordinator):
    made = add_programme({"title": "A", "name": "A"}, by=coordinator, key="a", show=False)
    assert made not in Programme.objects.in_catalogue()
    change_programme(made, {"days": 3}, by=coordinator)
    assert made not in Programme.objects.in_catalogue()
    change_programme(made, {}, by=coordinator, show=True)
    assert made in Programme.objects.in_catalogue()
    assert last_event(made).verb == "show"


def test_what_cannot_stand_is_named_by_its_field_and_nothing_is_kept(coordinator):
    programme, twin = make_programme("one", name="One"), make_programme("two", name="Two")
    archived = make_programme("gone", name="Gone", archived_at=timezone.now())
    cases = {
        "name": {"name": twin.name},
        "title": {"title": "  "},
        "audience": {"audience": ["everybody"]},
        "asks": {"asks": ["passport"]},
        "pass_mark": {"pass_mark": 0},
        "level": {"level": "expert"},
        "entry": {"entry": "by luck"},
        "is_yearly_duty": {"is_yearly_duty": True},  # in person
        "requires": {"requires": [archived]},
        "fee_currency": {"fee_amount": Decimal("5"), "fee_currency": ""},
        "fee_share": {"fee_share": 101},
    }
    before = state_of(programme)
    for name, values in cases.items():
        with pytest.raises(FieldsRefused) as refusal:
            change_programme(programme, {"days": 9} | values, by=coordinator)
        assert set(refusal.value.errors) == {name}, name
        assert str(refusal.value), name
    for key in ("two", "sessions", "new", "Not A Key"):
        with pytest.raises(FieldsRefused) as refusal:
            add_programme({"title": "X", "name": "X"}, by=coordinator, key=key)
        assert set(refusal.value.errors) == {"key"}, key
    assert state_of(Programme.objects.get(pk=programme.pk)) == before
    assert not programme.events.exists()


def test_a_form_from_before_anothers_change_is_refused(coordinator):
    programme = make_programme()
    seen = mark_of(state_of(programme))
    change_programme(programme, {"days": 2}, by=coordinator, seen=seen)
    with pytest.raises(StaleForm):
        change_programme(programme, {"days": 3}, by=coordinator, seen=seen)
    programme.refresh_from_db()
    assert programme.days == 2


# --- no ring --------------------------------------------------------------------------
def test_a_ring_is_refused_with_its_names(coordinator):
    one, two, three = (make_programme(key, name=key.title()) for key in ("one", "two", "three"))
    change_programme(two, {"requires": [one]}, by=coordinator)
    change_programme(three, {"requires": [two]}, by=coordinator)
    with pytest.raises(FieldsRefused) as refusal:
        change_programme(one, {"requires": [three]}, by=coordinator)
    said = str(refusal.value)
    for link in ("“One” asks for “Three”", "“Three” asks for “Two”", "“Two” asks for “One”"):
        assert link in said
    with pytest.raises(FieldsRefused, match="“One” asks for “One”"):
        change_programme(one, {"requires": [one]}, by=coordinator)


@pytest.mark.slow
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wishes=st.lists(
        st.tuples(st.integers(0, 4), st.sets(st.integers(0, 4), max_size=3)), max_size=10
    )
)
def test_no_sequence_of_changes_ever_makes_a_ring(wishes, coordinator):
    programmes = [make_programme(live=False, languages=()) for _ in range(5)]
    for number, wanted in wishes:
        before = ring_through(programmes[number], [programmes[n] for n in wanted])
        try:
            change_programme(
                programmes[number], {"requires": [programmes[n] for n in wanted]}, by=coordinator
            )
        except FieldsRefused:
            assert before
        else:
            assert not before
        assert _has_an_order(programmes)


def _has_an_order(programmes) -> bool:
    """Whether they can be done one after the other: a second way to say 'no ring'."""
    left = {one.pk: {other.pk for other in one.requires.all()} for one in programmes}
    while left:
        free = [pk for pk, asked in left.items() if not asked & left.keys()]
        if not free:
            return False
        for pk in free:
            del left[pk]
    return True


# --- whom it opens to, and to whom it closes ------------------------------------------------
def test_looser_tells_who_wished_and_moves_the_line_up(coordinator):
    programme = make_programme("twsm", name="TWSM", min_years=9)
    session = make_session(programme, seats=1)
    wisher, asker, short = (make_trainee(years_of_experience=6) for _ in range(3))
    still = make_trainee(years_of_experience=1)
    watch(programme, wisher)
    watch(programme, still)
    asked = ask_exception(programme, asker, words="Please")
    waiting = make_enrolment(session, short, state="waiting")
    assert tell_eligible() == 0
    Delivery.objects.all().delete()
    change_programme(programme, {"min_years": 5}, by=coordinator)
    waiting.refresh_from_db()
    asked.refresh_from_db()
    assert (waiting.state, asked.state) == ("offered", "needless")
    assert tell_eligible() == 2  # at once, though they were looked at a moment ago
    assert tell_eligible() == 0
    assert [told(who) for who in (wisher, asker, short, still)] == [
        ["now_eligible"],
        ["now_eligible"],
        ["offered"],
        [],
    ]
    assert EligibilityWatch.objects.open().get().user == still


def test_stricter_leaves_seats_and_tells_who_has_none(coordinator):
    programme = make_programme("open", name="Open")
    session = make_session(programme, seats=1)
    rows = {
        state: make_enrolment(session, make_trainee(years_of_experience=2), state=state)
        for state in ("enrolled", "offered", "waiting", "requested", "nominated")
    }
    able = make_enrolment(session, make_trainee(years_of_experience=20), state="waiting")
    change_programme(programme, {"min_years": 10}, by=coordinator)
    states = {row.pk: row.state for row in Enrolment.objects.all()}
    assert {name: states[row.pk] for name, row in rows.items()} == {name: name for name in rows}
    heard = {name for name, row in rows.items() if told(row.user) == ["asks_for_more"]}
    assert heard == {"waiting", "requested", "nominated"}
    assert told(able.user) == []
    Delivery.objects.all().delete()
    change_programme(programme, {"min_years": 11}, by=coordinator)  # was closed to them already
    assert not Delivery.objects.exists()


def test_open_dates_keep_the_fee_that_people_saw(coordinator):
    free, dear = make_programme(), make_programme(fee_amount=Decimal("240"), fee_currency="USD")
    opened, planned = make_session(free), make_session(free, state="planned")
    paid, own = make_session(dear), make_session(dear, fee_amount=Decimal(9), fee_currency="EUR")
    fee = {"fee_amount": Decimal("80.5"), "fee_currency": "EUR", "fee_share": 30}
    for programme in (free, dear):
        change_programme(programme, fee, by=coordinator)
    found = {
        one.pk: (one.priced.fee_amount, one.priced.fee_currency, one.priced.fee_share)
        for one in Session.objects.select_related("programme")
    }
    assert found == {
        opened.pk: (0, "EUR", None),
        planned.pk: (Decimal("80.5"), "EUR", 30),
        paid.pk: (240, "USD", 50),
        own.pk: (9, "EUR", None),
    }


def test_a_duty_is_owed_from_the_day_it_became_one(coordinator):
    lab = make_lab("old-lab")
    long_ago = timezone.now() - datetime.timedelta(days=1500)
    Programme.objects.filter(pk=lab.pk).update(created_at=long_ago)
    make_employee()
    change_programme(lab, {"is_yearly_duty": True}, by=coordinator)
    (duty,) = duties_of(employees())
    assert not duty.is_overdue
    assert duty.due.year >= timezone.localdate().year
