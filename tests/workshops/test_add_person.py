"""A coordinator enrols one person at the session's desk page."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.workshops.desk_pages import at
from tests.workshops.outbox import told
from workshops.models import EntryRefusal
from workshops.transitions import ask_exception, cancel_enrolment, enrol, grant_exception
from workshops.views.finding import FOUND_AT_MOST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_searched():
    """What the rate counts."""
    cache.clear()


def find(browser, session, words: str) -> str:
    found = browser.get(at("session_add_person", session.number), {"q": words})
    assert found.status_code == 200
    return found.content.decode()


def once_of(page: str) -> str:
    return re.search(r'name="once" value="([\w-]+)"', page)[1]


def send(browser, session, person, once="", **more):
    data = {"q": person.last_name, "person": person.pk, "once": once} | more
    return browser.post(at("session_add_person", session.number), data, follow=True)


def test_whoever_may_come_gets_a_seat_by_one_button_and_is_told(browser, coordinator):
    session = make_session(make_programme(entry="approval"), seats=1)
    zora = make_trainee(first_name="Zora", last_name="Quick")
    late = make_trainee(first_name="Zoran", last_name="Quick", email="z@example.test")
    desk = browser.get(at("desk_session", session.number)).content.decode()
    assert at("session_add_person", session.number) in desk
    page = find(browser, session, "quick zora")
    assert page.count("Gets a seat.") == page.count("May take part") == 2
    assert "Zora" not in find(browser, session, "zo")
    assert "Zora Quick" not in find(browser, session, "z@example.test")
    answer = send(browser, session, zora, once_of(page))
    assert "Zora Quick has a seat, and is told so by mail." in answer.content.decode()
    made = session.enrolments.get()
    assert (made.state, made.created_by, told(zora)) == ("enrolled", coordinator, ["enrolled"])
    page = find(browser, session, "quick")
    assert "All seats are taken. Comes to place 1 of the waiting list." in page
    answer = send(browser, session, late, once_of(page)).content.decode()
    assert "Zoran Quick is on the waiting list, at place 1, and is told so by mail." in answer
    assert told(late) == ["waiting"]
    # Their places stand there now, and no button.
    page = find(browser, session, "quick")
    assert 'name="person"' not in page
    assert page.count("Has a seat") == page.count("On the waiting list") == 1


def test_a_double_click_is_one_place_and_gives_none_back_that_was_given_up(browser, coordinator):
    session, person = make_session(), make_trainee(last_name="Quick")
    once = once_of(find(browser, session, "quick"))
    for _click in range(2):
        assert "has a seat, and is told" in send(browser, session, person, once).content.decode()
    assert told(person) == ["enrolled"]
    cancel_enrolment(session.enrolments.get(), by=coordinator, reason="Ill")
    answer = send(browser, session, person, once).content.decode()
    assert "is there already: Cancelled." in answer
    assert session.enrolments.count() == 1
    again = once_of(find(browser, session, "quick"))
    assert "has a seat, and is told" in send(browser, session, person, again).content.decode()
    assert session.enrolments.count() == 2
    # By another way there before: said, and nothing changed.
    other = make_trainee(last_name="Quick")
    enrol(session, other, by=other)
    answer = send(browser, session, other, again).content.decode()
    assert "is there already: Has a seat." in answer
    assert "is there already: Has a seat." in send(browser, session, other).content.decode()


def test_whoever_lacks_something_comes_by_an_exception_only(browser, coordinator):
    programme = make_programme(min_years=4)
    session = make_session(programme)
    young = make_trainee(last_name="Quick", years_of_experience=1)
    page = find(browser, session, "quick")
    lacks = "3 years of experience are missing: it asks for 4, the profile names 1."
    assert lacks in page
    assert "They come by an exception only" in page
    assert f'href="/en/workshops/{programme.key}/#yours"' in page
    assert 'name="person"' not in page
    answer = send(browser, session, young)
    assert answer.status_code == 409
    assert lacks in answer.content.decode()
    assert EntryRefusal.objects.get().by == coordinator
    asked = ask_exception(programme, young, words="She has taught it.")
    page = find(browser, session, "quick")
    assert at("exception", asked.pk) in page
    assert "They come by an exception only" not in page
    until = timezone.now().date() + datetime.timedelta(days=90)
    grant_exception(asked, by=coordinator, reason="Yes", until=until)
    page = find(browser, session, "quick")
    assert (
        "has a seat, and is told" in send(browser, session, young, once_of(page)).content.decode()
    )
    # What is not theirs to give: nobody's member.
    make_user(last_name="Stranger")
    page = find(browser, session, "stranger")
    assert "It is for members of a distributor." in page
    assert "The coordinator cannot make an exception here." in page


def test_what_a_row_says_besides(browser, coordinator):
    session = make_session(make_programme("approved", entry="approval"), seats=5)
    home = make_distributor(name="North & Sons")
    asked = make_trainee(home, last_name="Quick", first_name="Asked")
    waits = enrol(session, asked, by=asked)
    busy = make_trainee(home, last_name="Quick", first_name="Busy")
    make_enrolment(make_session(make_programme("elsewhere")), busy)
    teacher = make_trainee(home, last_name="Quick", first_name="Teacher")
    session.trainers.add(teacher)
    page = find(browser, session, "quick")
    assert page.count("North &amp; Sons") == 3
    assert at("enrolment", waits.pk) in page
    assert page.count("Has a seat at the same time:") == 1
    assert page.count("This person teaches the session.") == 1
    assert page.count('name="person"') == 1
    coordinator.last_name = "Quick"
    coordinator.save()
    assert "Enrol yourself on the session’s page." in find(browser, session, "quick")
    assert send(browser, session, teacher).status_code == 409
    assert (
        browser.post(at("session_add_person", session.number), {"person": "x"}).status_code == 409
    )


def test_a_closed_session_says_so_and_nobody_is_searched_for(browser):
    person = make_trainee(first_name="Zora", last_name="Quick")
    over = timezone.now() - datetime.timedelta(hours=1)
    for session, why in (
        (make_session(enrol_until=over), "Enrolment for this session has closed."),
        (make_session(state="planned"), "This session is not open for enrolment."),
    ):
        page = find(browser, session, "quick")
        assert why in page
        assert "Zora" not in page
        answer = send(browser, session, person)
        assert (answer.status_code, session.enrolments.count()) == (409, 0)
        link = at("session_add_person", session.number)
        assert link not in browser.get(at("desk_session", session.number)).content.decode()


def test_queries_do_not_grow_and_searches_are_limited(browser, monkeypatch):
    session = make_session(make_programme(requires=[make_programme()]))
    counts, _warm = [], find(browser, session, "quick")
    for number in (1, FOUND_AT_MOST + 1):
        for _person in range(number):
            make_trainee(last_name="Quick")
        with CaptureQueriesContext(connection) as queries:
            page = find(browser, session, "quick")
        counts.append(len(queries))
    assert page.count("The programme is not open to this person") == FOUND_AT_MOST
    assert counts[0] == counts[1]
    monkeypatch.setattr("workshops.views.coordinating.adding.RATE", "1/h")
    address = at("session_add_person", session.number)
    asked = [browser.get(address, {"q": "quick"}) for _time in range(2)]
    assert [one.status_code for one in asked] == [200, 429]
    assert "Quick" not in asked[1].content.decode().replace("You looked for “quick”", "")
    assert browser.get(address).status_code == 200
