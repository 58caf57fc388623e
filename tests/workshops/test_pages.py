"""The catalogue, a programme's page, a session's page and what a member does there."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from network.registry import desk_items, resolve_references
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_session,
    make_trainee,
)
from touchpoints.models import Delivery
from workshops.models import CourseRecord, Enrolment, SeatOffer
from workshops.transitions import enrol

pytestmark = pytest.mark.django_db
CATALOGUE = "/en/workshops/"


def read(client, address=CATALOGUE, user=None, status=200) -> str:
    client.logout()
    if user is not None:
        client.force_login(user)
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def address(session, name="session") -> str:
    return reverse(name, args=[session.number])


# --- the catalogue --------------------------------------------------------------------
def test_the_entrance_opens_with_the_first_programme(client):
    read(client, status=404)
    make_programme("own-days", name="Own days")
    assert "Own days" in read(client)
    assert "Own days" in read(client, "/ar/workshops/")  # in the language there is


def test_every_filter_narrows_programmes_and_dates(client):
    fits = make_programme(
        "fits", name="Fitting", audience=["sellers"], level="advanced", process_steps=["own"]
    )
    other = make_programme("other", name="Strange", audience=["mechanics"])
    country = make_home("asia").country
    there = make_session(fits, country=country, languages=["ja"], place_kind="online")
    make_session(other, in_days=90)
    month = f"{there.first_day:%Y-%m}"
    for query in (
        "audience=sellers",
        "level=advanced",
        "step=own",
        "language=ja",
        "region=asia",
        "place=online",
        f"month={month}",
        f"day={there.first_day:%Y-%m-%d}",
    ):
        found = read(client, f"{CATALOGUE}?{query}")
        assert "1 session<" in found, query
        assert "Fitting" in found, query
        assert "Strange" not in found, query
    # An online lab has no dates: it is found where it is given, in the languages of its page.
    make_programme("alone", name="By oneself", place_kind="lab", languages=("en", "ar"))
    for query, is_there in (
        ("place=lab", True),
        ("place=lab&language=ar", True),
        ("language=ja", False),
        ("language=ar&region=asia", False),
        ("place=online", False),
    ):
        found = read(client, f"{CATALOGUE}?{query}")
        assert ("By oneself" in found) == is_there, query
        assert ("Fitting" in found) == (query in ("language=ja", "place=online")), query
    assert "2 sessions" in read(client, f"{CATALOGUE}?level=strange&month=2026-99&day=x&page=x")


def test_the_month_marks_the_days_of_a_session_and_no_others(client):
    session = make_session(in_days=30, days=2, seats=1)
    make_enrolment(session)
    first, second = session.days.all()
    second.starts_at += datetime.timedelta(days=2)
    second.ends_at += datetime.timedelta(days=2)
    second.save()
    session.ends_at = second.ends_at
    session.save()
    days = [session.first_day + datetime.timedelta(days=number) for number in range(4)]
    for month in {f"{day:%Y-%m}" for day in days}:
        found = read(client, f"{CATALOGUE}?month={month}")
        for number, day in enumerate(days):
            if f"{day:%Y-%m}" == month:
                marked = f"day={day:%Y-%m-%d}" in found
                assert marked == (number in (0, 3)), day
    assert first.starts_at < second.starts_at


def test_a_member_reads_why_a_programme_is_closed_and_by_how_much(client):
    first = make_programme("first", name="First steps")
    make_programme("second", name="Second steps", min_years=5, requires=[first])
    person = make_trainee(years_of_experience=2)
    found = read(client, user=person)
    assert "3 years of experience are missing: it asks for 5, you have 2." in found
    assert "“First steps” is missing: it comes first." in found
    assert "Open to you" in found
    assert "missing" not in read(client)  # a visitor is told nothing of the kind


def test_archived_and_planned_ones_are_not_shown(client):
    gone = make_programme("gone", name="Gone away", archived_at=timezone.now())
    kept = make_programme("kept", name="Kept here")
    make_session(gone)
    planned = make_session(kept, state="planned")
    found = read(client)
    assert "Gone away" not in found
    assert "0 sessions" in found
    read(client, address(planned), status=404)
    assert "Planned" in read(client, address(planned), user=make_user("coordinator"))


def test_the_kept_catalogue_is_made_anew_when_a_seat_goes(client):
    session = make_session(make_programme("own-days", name="Own days"), seats=2)
    person = make_trainee()
    assert "2 of 2 seats free" in read(client)
    enrol(session, person, by=person)
    assert "1 of 2 seats free" in read(client)
    assert "1 of 2 seats free" in read(client, user=make_trainee())
    assert "Has a seat" in read(client, user=person)
    assert "Has a seat" not in read(client)
    make_programme("later", name="Later one")
    assert "Later one" in read(client)


def test_what_is_kept_is_shared_by_those_who_see_the_same_versions(client):
    ours, theirs = make_distributor(), make_distributor()
    parent = make_programme("whole", name="Whole course", min_years=3)
    own = make_programme("own", name="Zebrafinch", parent=parent, distributor=ours, min_years=3)
    session = make_session(own, seats=2)
    first = make_trainee(ours, years_of_experience=1)
    second, stranger = make_trainee(ours, years_of_experience=2), make_trainee(theirs)
    make_enrolment(session, first)
    for _turn in range(2):
        for person, sees, has_seat in (
            (first, True, True),
            (second, True, False),
            (stranger, False, False),
            (None, False, False),
        ):
            page = read(client, user=person)
            assert ("Zebrafinch" in page) is sees
            assert ("Has a seat" in page) is has_seat
            assert ("it asks for 3, you have 1" in page) is (person == first)
            assert ("it asks for 3, you have 2" in page) is (person == second)
    assert "1 session</strong>" in read(client, user=first)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_catalogue_do_not_grow(client, django_assert_num_queries, count):
    person = make_trainee()
    programmes = [make_programme(requires=[make_programme()]) for _ in range(count)]
    sessions = [make_session(programme, days=2) for programme in programmes]
    for session in sessions:
        make_enrolment(session)
        make_enrolment(session, person)
    read(client)  # what is kept for a while is kept now
    with django_assert_num_queries(7):
        client.get(CATALOGUE)
    client.force_login(person)
    client.get(CATALOGUE)
    with django_assert_num_queries(13):
        client.get(CATALOGUE)


def test_another_language_is_linked_as_soon_as_it_is_published(client):
    programme = make_programme("whole", name="Whole course")
    link = "/ja/workshops/whole/"
    for _turn in range(2):  # the second reads what is kept
        assert link not in read(client, "/en/workshops/whole/")
    page = make_programme_page(programme, "ja", live=False)
    page.save_revision().publish()
    assert link in read(client, "/en/workshops/whole/")
    page.refresh_from_db()
    page.unpublish()
    assert link not in read(client, "/en/workshops/whole/")


# --- a programme ------------------------------------------------------------------------
def test_a_programme_shows_text_dates_and_what_it_asks_for(client):
    programme = make_programme("values", name="Values", days=1, languages=())
    make_programme_page(
        programme,
        "en",
        body=[{"type": "paragraph", "value": "Five values.", "id": "1"}],
        happens=[
            {"type": "day", "value": {"title": "Morning", "steps": ["Walk", "Draw"]}, "id": "2"}
        ],
        before_after=[{"type": "points", "value": {"items": ["Bring orders"]}, "id": "3"}],
    )
    make_session(programme)
    found = read(client, "/en/workshops/values/")
    for words in ("Five values.", "Morning", "Draw", "Bring orders", "3 of 3 seats free"):
        assert words in found
    assert "Sign in" in found


def test_the_book_finds_a_programme_by_key_name_and_uuid(rf):
    programme = make_programme("twsm-workshop", name="TWSM workshop")
    make_programme("archived", name="Archived one", archived_at=timezone.now())
    request = rf.get("/")
    request.user = make_user()
    keys = [
        "TWSM workshop",
        "twsm-workshop",
        str(programme.programme_key),
        "Nothing",
        "Archived one",
    ]
    found = resolve_references(request, "workshop", keys)
    assert list(found) == keys[:3]
    assert {one.url for one in found.values()} == {"/en/workshops/twsm-workshop/"}


# --- a session ----------------------------------------------------------------------------
def test_two_clicks_give_a_seat(client):
    session, person = make_session(seats=1), make_trainee()
    assert "Enrol</button>" in read(client, address(session), user=person)
    response = client.post(address(session, "session_enrol"), follow=True)
    assert "You have a seat." in response.content.decode()
    client.post(address(session, "session_enrol"))
    assert Enrolment.objects.count() == 1


def test_an_enrolment_reads_nothing_twice(client, django_assert_num_queries):
    """Session and user; the session to be seen; the locks of person and session; under them the
    person, their memberships, their place, what is required, seats, quotas; place, event, mailing,
    delivery."""
    firm = make_distributor()
    session = make_session(make_programme(), seats=3)
    for person in (make_trainee(firm), make_trainee(firm)):
        client.force_login(person)
        with django_assert_num_queries(15 + 2):  # with the transaction
            assert client.post(address(session, "session_enrol")).status_code == 302
    assert Delivery.objects.filter(mailing__kind="workshops.enrolled").count() == 2


def test_the_waiting_list_shows_its_place_and_is_left(client):
    session = make_session(seats=1)
    make_enrolment(session)
    make_enrolment(session, state="waiting")
    person = make_trainee()
    assert "Join the waiting list" in read(client, address(session), user=person)
    response = client.post(address(session, "session_enrol"), follow=True)
    assert "You are number 2 of 2 on the waiting list." in response.content.decode()
    client.post(address(session, "session_leave"))
    assert person.enrolments.get().state == "cancelled"


def test_an_offer_is_taken_on_its_page_and_stands_on_the_desk(client):
    session, person = make_session(seats=1), make_trainee()
    made = make_enrolment(session, person, state="offered")
    SeatOffer.objects.create(
        enrolment=made, expires_at=timezone.now() + datetime.timedelta(hours=48)
    )
    (item,) = desk_items(person)
    assert item.url == address(session) + "#place"
    assert "A seat is held for you." in read(client, address(session), user=person)
    response = client.post(address(session, "session_answer"), {"answer": "accept"}, follow=True)
    assert "You have a seat." in response.content.decode()
    assert list(desk_items(person)) == []


def test_what_was_typed_is_shown_again_when_the_seat_is_refused(client):
    session = make_session(make_programme(asks=["diet"], min_years=9))
    person = make_trainee()
    read(client, address(session), user=person)
    response = client.post(address(session, "session_enrol"), {"diet": "No fish"})
    assert response.status_code == 409
    assert "4 years of experience are missing" in response.content.decode()
    too_long = client.post(address(session, "session_enrol"), {"diet": "x" * 400})
    assert too_long.status_code == 400


def test_names_and_the_rooms_link_are_not_for_everybody(client):
    session = make_session(place_kind="online", link="https://room.example/1")
    seated = make_enrolment(session, make_trainee(first_name="Zebedee"))
    other = make_trainee()
    assert "https://room.example/1" in read(client, address(session), user=seated.user)
    for person in (None, other):
        found = read(client, address(session), user=person)
        assert "https://room.example/1" not in found
        assert "Zebedee" not in found


# --- managers -------------------------------------------------------------------------------
def test_a_manager_answers_a_request_from_the_desk(client):
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    session = make_session(make_programme(entry="approval"))
    made = enrol(session, person, by=person)
    (item,) = desk_items(manager)
    assert person.display_name in read(client, item.url, user=manager)
    refused = client.post(item.url, {"decision": "refuse", "reason": ""})
    assert refused.status_code == 409
    assert client.post(item.url, {"decision": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "enrolled"
    assert client.post(item.url, {"decision": "approve"}).status_code == 409
    read(client, item.url, user=person, status=404)


def test_a_manager_enrols_members_together(client):
    home = make_home()
    manager = make_user("manager", distributor=home)
    people = [make_trainee(home) for _ in range(2)]
    stranger = make_trainee()
    session = make_session(seats=1)
    where = address(session, "session_group")
    read(client, where, user=people[0], status=403)
    assert people[0].display_name in read(client, where, user=manager)
    both = {"person": [one.pk for one in people]}
    assert client.post(where, both).status_code == 409
    assert client.post(where, {"person": [stranger.pk]}).status_code == 409
    assert Enrolment.objects.count() == 0
    assert client.post(where, {"person": [people[1].pk]}).status_code == 302
    assert Enrolment.objects.get().user == people[1]


def test_a_course_done_before_counts_once_the_manager_confirms_it(client):
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    first = make_programme("first", name="First steps")
    make_programme("second", name="Second steps", requires=[first])
    read(client, reverse("my_courses"), user=person)
    data = {"programme": first.pk, "done_on": "2099-01-01"}
    assert client.post(reverse("my_courses"), data).status_code == 400
    data["done_on"] = "2024-05-06"
    assert client.post(reverse("my_courses"), data).status_code == 302
    record = CourseRecord.objects.get()
    assert "“First steps” is not yet confirmed" in read(client, user=person)
    (item,) = desk_items(manager)
    assert person.display_name in read(client, item.url, user=manager)
    confirm = reverse("course_change", args=[record.pk, "confirm"])
    assert client.post(confirm).status_code == 302
    assert "First steps” is" not in read(client, user=person)
    withdraw = reverse("course_change", args=[record.pk, "withdraw"])
    client.post(withdraw)
    assert CourseRecord.objects.exists()


def test_the_desk_shows_what_is_ahead_at_the_same_cost(client, django_assert_num_queries):
    person = make_trainee()
    for number in range(3):
        session = make_session(seats=1)
        make_enrolment(session)
        make_enrolment(session, state="waiting")
        make_enrolment(session, person, state="waiting" if number else "requested")
    found = read(client, reverse("desk"), user=person)
    assert "Number 2 of 2 on the waiting list" in found
    assert "Waits for approval" in found
