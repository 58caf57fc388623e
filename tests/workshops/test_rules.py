"""What a programme asks for, who sees what, what search and mails say, and languages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale

from network.permissions import forget_standing
from network.registry import desk_items, desk_sections
from search.api import drain, embedded_consumer, search
from search.contract import SearchRequest
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_session,
    make_trainee,
)
from touchpoints.registry import kinds
from translations.api import confirm_reading, translate_page
from translations.models import TextState
from workshops.eligibility import eligibility, forget_courses
from workshops.exceptions import TransitionRefused
from workshops.models import (
    CourseRecord,
    Programme,
    ProgrammePage,
    SeatOffer,
    Session,
    WorkshopIndexPage,
)
from workshops.permissions import can_view_session
from workshops.transitions import (
    archive_programme,
    cancel_session,
    confirm_course,
    enter_course,
    nominate,
    open_session,
    publish_programme,
    publish_translation,
)

pytestmark = pytest.mark.django_db


def missing(person, programme, **more) -> list[tuple[str, int | None]]:
    return [(one.what, one.by) for one in eligibility(person, programme, **more).missing]


# --- eligibility (R27, R28) -----------------------------------------------------------
def test_what_is_missing_is_named_with_its_size():
    first = make_programme("first")
    programme = make_programme("second", min_years=5, requires=[first], entry="nomination")
    person = make_trainee(years_of_experience=2, post_confirmed_at=None)
    assert missing(AnonymousUser(), programme) == [("sign_in", None)]
    assert missing(person, programme) == [("years", 3), ("course", None), ("nomination", None)]
    person.years_of_experience = 5
    assert missing(person, programme, nominated=True) == [("confirmation", None), ("course", None)]
    person.post_confirmed_at = timezone.now()
    record = enter_course(person, first, timezone.localdate())
    assert missing(person, programme, nominated=True) == [("course_confirmation", None)]
    confirm_course(record, by=make_user("administrator"))
    forget_courses(person)
    assert eligibility(person, programme, nominated=True).open
    assert eligibility(person, programme).nominated_only
    person.years_of_experience = None
    assert missing(person, programme, nominated=True) == [("years", 5)]


def test_a_version_is_for_its_distributor_and_counts_for_its_parent():
    home, parent = make_home(), make_programme("parent")
    version = make_programme("version", parent=parent, distributor=home)
    after = make_programme("after", requires=[parent])
    at_home, stranger = make_trainee(home), make_trainee()
    assert eligibility(at_home, version).open
    assert missing(stranger, version) == [("distributor", None)]
    CourseRecord.objects.create(
        user=at_home,
        programme=version,
        done_on=timezone.localdate(),
        confirmed_at=timezone.now(),
    )
    assert eligibility(at_home, after).open


def test_people_of_no_distributor_and_archived_programmes_are_closed():
    programme = make_programme()
    assert missing(make_user("editor"), programme) == [("membership", None)]
    programme.archived_at = timezone.now()
    assert missing(make_trainee(), programme) == [("archived", None)]


# --- who sees a session ---------------------------------------------------------------
def test_the_queryset_equals_the_predicate_for_every_role():
    mine, other = make_programme(), make_programme()
    trainer = make_trainee()
    for programme in (mine, other):
        for state in ("planned", "open", "confirmed", "cancelled", "done"):
            make_session(programme, state=state, in_days=40)
    make_session(other, state="planned", trainers=[trainer], in_days=80)
    of_one = make_user()
    make_mandate(of_one, "coordinator", scope="programme", programme_key=mine.programme_key)
    roles = ("editor", "trainer", "coordinator", "executive", "administrator")
    people = [AnonymousUser(), trainer, of_one, make_trainee(), *(make_user(r) for r in roles)]
    people.append(make_user(is_superuser=True))
    seen = set()
    for person in people:
        visible = set(Session.objects.visible_to(person))
        assert visible == {one for one in Session.objects.all() if can_view_session(person, one)}
        seen.add(len(visible))
    assert seen == {8, 9, 11}


# --- search -----------------------------------------------------------------------------
def hits(text: str, language="en", user=None) -> list[str]:
    while drain(embedded_consumer()):
        pass
    answer = search(SearchRequest(text, language, user or AnonymousUser()))
    return [hit.key.split(":")[0] for hit in answer.hits]


def published(programme: Programme) -> ProgrammePage:
    page = programme.pages.get(locale__language_code="en")
    page.save_revision()
    return publish_programme(page, by=make_user("editor"))


def test_search_finds_a_programme_while_it_is_given_and_a_session_while_it_is_open():
    programme = make_programme("zephyr", name="Zephyr course", live=False)
    coordinator = make_user("coordinator")
    assert hits("zephyr") == []
    published(programme)
    session = make_session(programme, state="planned", city="Quito")
    assert hits("zephyr") == ["programme"]
    open_session(session, by=coordinator)
    assert sorted(hits("zephyr")) == ["programme", "session"]
    assert hits("Quito") == ["session"]
    cancel_session(session, by=coordinator, reason="Storm")
    assert hits("Quito") == []
    archive_programme(programme, by=coordinator)
    assert hits("zephyr") == []


def test_a_programme_with_sessions_ahead_is_not_archived():
    session = make_session()
    with pytest.raises(TransitionRefused, match="still ahead"):
        archive_programme(session.programme, by=make_user("coordinator"))


# --- languages ----------------------------------------------------------------------------
def test_a_translation_goes_live_once_read_and_follows_its_original(client):
    programme = make_programme("go-see", name="Go and see", live=False, languages=())
    page = make_programme_page(
        programme,
        "en",
        live=False,
        body=[{"type": "paragraph", "value": "Walk there.", "id": "b1"}],
    )
    page = published(programme)
    translator = make_user("translator", language="es")
    reader = make_user("translator", language="es")
    translate_page(
        page,
        "es",
        {"title": "Ir y ver", "summary": "Qué se aprende.", "body.b1": "Vaya allí."},
        by=translator,
    )
    spanish = ProgrammePage.objects.get(locale=Locale.objects.get(language_code="es"))
    with pytest.raises(TransitionRefused):
        publish_translation(spanish, by=reader)
    confirm_reading(page.translation_key, "es", by=reader)
    publish_translation(spanish, by=reader)
    assert "Vaya allí." in client.get("/es/workshops/go-see/").content.decode()
    assert "Ir y ver" in client.get("/es/workshops/").content.decode()
    page.refresh_from_db()
    page.body = page.body.stream_block.to_python(
        [{"type": "paragraph", "value": "Walk there today.", "id": "b1"}]
    )
    page.save_revision().publish()  # as the admin does
    assert TextState.objects.of(page.translation_key, "es").filter(is_stale=True).exists()
    assert "Vaya allí." in client.get("/es/workshops/go-see/").content.decode()


def test_a_key_that_is_an_address_of_the_room_is_refused():
    with pytest.raises(Exception, match="address is taken"):
        Programme(key="sessions", name="Sessions").full_clean()


# --- what people are told -------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_message_has_words_that_name_the_programme(language):
    home = make_home()
    session = make_session(
        make_programme("course-x", name="Course X", entry="approval"),
        city="Lima",
        country=home.country,
        cancel_until=timezone.now(),
    )
    person = make_trainee(home, interface_language=language)
    record = CourseRecord.objects.create(
        user=person, programme=session.programme, done_on=timezone.localdate()
    )
    places = {}
    for state in ("enrolled", "waiting", "offered", "lapsed", "refused", "cancelled"):
        places[state] = make_enrolment(session, make_trainee(home), state=state)
    SeatOffer.objects.create(enrolment=places["offered"], expires_at=session.enrol_until)
    places["nominated"] = make_enrolment(session, make_trainee(home), state="nominated")
    places["requested"] = make_enrolment(session, person, state="requested")
    objects = {
        "offer_lapsed": places["lapsed"],
        "list_closed": places["lapsed"],
        "enrolment_cancelled": places["cancelled"],
        "approval_asked": places["requested"],
        "course_to_confirm": record,
        "session_cancelled": session,
    }
    # Kinds about other things have tests of their own.
    ours = [kind for kind in kinds() if kind.words.__module__ == "workshops.messages"]
    ours = [kind for kind in ours if kind.name != "workshops.duty_due"]
    assert len(ours) == 11
    with translation.override(language):
        for kind in ours:
            name = kind.name.split(".")[1]
            obj = objects.get(name) or places[name]
            message = kind.words(obj, {"reason": "Too few", "verb": "approve"}, person)
            assert "Course X" in message.subject, name
            assert all(message.lines), name
            assert message.url.startswith(f"/{language}/"), name


def test_an_occasion_that_passed_says_nothing():
    place = make_enrolment(make_session(), state="cancelled")
    words = {kind.name: kind.words for kind in kinds()}
    assert words["workshops.enrolled"](place, {}, place.user) is None
    assert words["workshops.approval_asked"](place, {}, place.user) is None


# --- costs -----------------------------------------------------------------------------------
def cost(work) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_the_desk_costs_the_same_with_one_place_and_with_three():
    home = make_home()
    person, manager = make_trainee(home), make_user("manager", distributor=home)

    def add() -> None:
        programme = make_programme(entry="approval")
        for state in ("waiting", "enrolled"):
            make_enrolment(make_session(programme), person, state=state)
        offered = make_enrolment(make_session(programme), person, state="offered")
        SeatOffer.objects.create(enrolment=offered, expires_at=offered.session.enrol_until)
        make_enrolment(make_session(programme), make_trainee(home), state="requested")
        CourseRecord.objects.create(
            user=make_trainee(home), programme=programme, done_on=timezone.localdate()
        )

    def look() -> list:
        for one in (person, manager):
            forget_standing(one)
        return [list(desk_items(person)), list(desk_items(manager)), list(desk_sections(person))]

    add()
    one = cost(look)
    add()
    add()
    assert cost(look) == one
    items, of_manager, _sections = look()
    assert (len(items), len(of_manager)) == (3, 4)


@pytest.mark.parametrize("name", ["session", "session_group"])
def test_a_sessions_pages_cost_the_same_with_one_person_and_with_three(client, name):
    home = make_home()
    manager = make_user("manager", distributor=home)
    session = make_session(make_programme(requires=[make_programme()]), seats=9)
    client.force_login(manager)
    address = reverse(name, args=[session.number])

    def add() -> None:
        make_trainee(home)
        make_enrolment(session, make_trainee(home))
        make_session(session.programme)

    add()
    client.get(address)
    one = cost(lambda: client.get(address))
    add()
    add()
    assert cost(lambda: client.get(address)) == one


def test_a_manager_nominates_by_the_page(client):
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    session = make_session(make_programme(entry="nomination"))
    client.force_login(manager)
    address = reverse("session_group", args=[session.number])
    assert "Nominate them" in client.get(address).content.decode()
    client.post(address, {"person": [person.pk]})
    assert person.enrolments.get().state == "nominated"
    with pytest.raises(TransitionRefused, match="there already"):
        nominate(session, [person, make_trainee(home)], by=manager)
    client.force_login(person)
    page = client.get(reverse("session", args=[session.number])).content.decode()
    assert "Yes, I come" in page
    client.post(reverse("session_answer", args=[session.number]), {"answer": "accept"})
    assert person.enrolments.get().state == "enrolled"


def test_the_index_is_one_a_language():
    assert WorkshopIndexPage.objects.count() == Locale.objects.count()
