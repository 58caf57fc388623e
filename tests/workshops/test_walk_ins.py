"""Who came without a seat: when they are taken in, and how little the search tells."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from tests.factories.network import make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.workshops.after import attend, make_past, people_of
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment
from workshops.transitions import close_list, walk_in
from workshops.views.finding import FOUND_AT_MOST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_searched():
    """What the rate counts."""
    cache.clear()


def test_people_without_a_seat_come_in_where_one_is_free():
    trainer, coordinator = make_user("trainer"), make_user("coordinator")
    programme = make_programme(min_years=4)
    session = make_past(programme, trainers=[trainer], seats=3)
    (row,) = people_of(session, 1)
    eligible, other = make_trainee(), make_trainee(years_of_experience=1)
    made = walk_in(session, eligible, by=trainer)
    assert walk_in(session, eligible, by=trainer) == made
    assert (made.state, made.events.get().verb) == ("enrolled", "walk_in")
    with pytest.raises(TransitionRefused, match="the coordinator decides") as refused:
        walk_in(session, other, by=trainer)
    assert "experience" not in str(refused.value)
    with pytest.raises(TransitionRefused, match="Say why"):
        walk_in(session, other, by=coordinator)
    third = walk_in(session, other, by=coordinator, reason="Her manager asks for it")
    assert third.events.get().reason == "Her manager asks for it"
    with pytest.raises(TransitionRefused, match="All seats are taken"):
        walk_in(session, make_trainee(), by=coordinator)
    waiting = make_enrolment(make_past(trainers=[trainer]), state="lapsed")
    again = walk_in(waiting.session, waiting.user, by=trainer)
    assert again.pk != waiting.pk
    attend(session, [row, made, third], by=trainer)
    with pytest.raises(TransitionRefused, match="closed"):
        walk_in(session, make_trainee(), by=coordinator)


def at(session) -> str:
    return reverse("session_walk_in", args=[session.number])


def test_the_search_tells_a_trainer_who_it_is_and_the_coordinator_what_is_missing(client, trainer):
    session = make_past(make_programme(min_years=4), trainers=[trainer])
    open_to = make_trainee(first_name="Zora", last_name="Quick")
    other = make_trainee(
        first_name="Zoran", last_name="Quick", years_of_experience=1, email="z@example.test"
    )
    client.force_login(trainer)
    found = client.get(at(session), {"q": "quick zor"}).content.decode()
    assert found.count("May take part") == found.count("Add Zora Quick") == 1
    assert "The coordinator decides about exceptions." in found
    for secret in ("experience", "z@example.test", other.post):
        assert secret not in found
    assert "Zoran" in client.get(at(session), {"q": "Z@example.test"}).content.decode()
    client.force_login(make_user("coordinator"))
    found = client.get(at(session), {"q": "quick zor"}).content.decode()
    assert "3 years of experience are missing: it asks for 4, the profile names 1." in found
    client.force_login(trainer)
    assert client.post(at(session), {"q": "quick", "person": "0"}).status_code == 409
    assert client.post(at(session), {"q": "quick", "person": open_to.pk}).status_code == 302
    assert client.post(at(session), {"q": "quick", "person": open_to.pk}).status_code == 302
    assert session.enrolments.get().user == open_to  # a double click is one place


def test_few_letters_find_nobody_and_many_people_are_not_listed(client, trainer):
    session = make_past(trainers=[trainer])
    for number in range(FOUND_AT_MOST + 2):
        make_trainee(first_name=f"Ann {number}", last_name="Same")
    make_trainee(first_name="太郎", last_name="山田")
    client.force_login(trainer)
    for words in ("a", "an", "a n", "  an  ", "山田"):
        page = client.get(at(session), {"q": words}).content.decode()
        assert "Type at least 3 letters of the name." in page, words
        assert "Same" not in page
        assert "太郎" not in page
    page = client.get(at(session), {"q": "ann"}).content.decode()
    assert page.count("May take part") == FOUND_AT_MOST
    assert "太郎" in client.get(at(session), {"q": "山田 太"}).content.decode()


def test_nobody_is_searched_for_before_the_day_after_the_list_or_for_no_session(client, trainer):
    make_trainee(first_name="Zora", last_name="Quick")
    ahead = make_session(in_days=3, trainers=[trainer])
    cancelled = make_past(state="cancelled", trainers=[trainer])
    closed = make_past(trainers=[trainer])
    close_list(closed, by=trainer)
    client.force_login(trainer)
    for session, why in (
        (ahead, "This day has not come yet."),
        (cancelled, "it has no list"),
        (closed, "The list is closed."),
    ):
        for answer, status in (
            (client.get(at(session)), 200),
            (client.get(at(session), {"q": "zora"}), 409),
            (client.post(at(session), {"q": "zora", "person": "1"}), 409),
        ):
            page = answer.content.decode()
            assert answer.status_code == status
            assert why in page
            assert "Quick" not in page
            assert 'id="who"' not in page
    with time_machine.travel(ahead.starts_at - datetime.timedelta(minutes=5), tick=False):
        client.force_login(trainer)
        assert "Quick" in client.get(at(ahead), {"q": "zora"}).content.decode()


def test_whoever_asks_for_many_in_an_hour_is_told_to_wait(client, trainer, monkeypatch):
    monkeypatch.setattr("workshops.views.walk_ins.RATE", "2/h")
    session = make_past(trainers=[trainer])
    person = make_trainee(first_name="Zora", last_name="Quick")
    client.force_login(trainer)
    asked = [client.get(at(session), {"q": "zora"}) for _number in range(3)]
    assert [one.status_code for one in asked] == [200, 200, 429]
    assert "Quick" not in asked[-1].content.decode()
    late = client.post(at(session), {"q": "zora", "person": person.pk, "reason": "She came"})
    assert late.status_code == 429
    assert "She came" in late.content.decode()
    assert client.get(at(session)).status_code == 200  # the empty page counts for nothing
    assert not Enrolment.objects.exists()
