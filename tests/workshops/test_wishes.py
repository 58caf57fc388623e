"""Who cannot come yet: told when they may, exceptions, what is open to them now."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from network.registry import desk_items
from network.transitions import change_profile, confirm_post
from tests.factories.network import (
    make_distributor,
    make_mandate,
    make_user,
)
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import mails, told
from touchpoints.registry import kinds
from workshops.eligibility import eligibility, forget_courses
from workshops.exceptions import NotEligible, TransitionRefused
from workshops.models import EligibilityWatch, ExceptionRequest, SeatOffer
from workshops.page_context import AHEAD
from workshops.transitions import (
    ask_exception,
    confirm_course,
    enrol,
    enter_course,
    grant_exception,
    refuse_exception,
    tell_eligible,
    unwatch,
    watch,
    withdraw_exception,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def page_of(programme) -> str:
    return f"/en/workshops/{programme.key}/"


# --- told when eligible ----------------------------------------------------------------
def test_on_the_day_the_missing_thing_is_confirmed_a_mail_names_the_next_dates(client):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    first = make_programme("first", name="First steps")
    programme = make_programme("twsm", name="TWSM", min_years=5, requires=[first])
    sessions = [make_session(programme, in_days=n) for n in (20, 40, 60, 80)]
    make_session(programme, state="planned", in_days=10)
    person = make_trainee(home, years_of_experience=6, post_confirmed_at=None)
    client.force_login(person)
    client.post(reverse("programme_watch", args=[programme.key]))
    client.post(reverse("programme_watch", args=[programme.key]))
    assert EligibilityWatch.objects.get().distributor == home
    record = enter_course(person, first, timezone.localdate())
    assert tell_eligible() == 0
    confirm_post(person, by=manager)
    assert tell_eligible() == 0  # asked a moment ago, and the course is still missing
    confirm_course(record, by=manager)
    mails()
    assert tell_eligible() == 1
    assert tell_eligible() == 0
    (one,) = mails()
    assert one.to == [person.email]
    assert "Open to you now: TWSM" in one.subject
    for session in sessions[:3]:
        assert f"{session.first_day.day}" in one.body
    assert one.body.count("In person") == 3
    assert "/en/workshops/twsm/" in one.body
    assert "Open to you now" not in client.get(page_of(programme)).content.decode()


def test_a_post_that_is_confirmed_is_seen_within_minutes_and_a_change_voids_it():
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    programme = make_programme(min_years=5)
    person = make_trainee(home, years_of_experience=2)
    watch(programme, person)
    assert tell_eligible() == 0
    change_profile(person, years_of_experience=7)
    assert eligibility(person, programme).missing[0].what == "confirmation"
    confirm_post(person, by=manager)
    assert tell_eligible() == 0
    assert tell_eligible(timezone.now() + datetime.timedelta(minutes=11)) == 1


def test_a_wish_ends_and_says_nothing_where_it_closed_again():
    programme, person = make_programme(min_years=5), make_trainee(years_of_experience=2)
    watch(programme, person)
    unwatch(programme, person)
    assert EligibilityWatch.objects.open().count() == 0
    row = watch(programme, person)
    change_profile(person, years_of_experience=7)
    type(person).objects.filter(pk=person.pk).update(post_confirmed_at=timezone.now())
    assert tell_eligible() == 1
    change_profile(person, years_of_experience=1)
    assert mails() == []
    row.refresh_from_db()
    assert row.told_at is not None
    with pytest.raises(TransitionRefused, match="open to you"):
        watch(make_programme(), person)
    with pytest.raises(PermissionDenied):
        watch(programme, make_user("editor"))


def test_a_nominated_programme_counts_as_open_once_all_else_is_there():
    first = make_programme()
    programme = make_programme(entry="nomination", requires=[first])
    person = make_trainee()
    watch(programme, person)
    confirm_course(enter_course(person, first, timezone.localdate()), by=make_user("administrator"))
    assert tell_eligible() == 1
    assert "nominates who comes" in mails()[-1].body


@pytest.mark.parametrize("count", [1, 3])
def test_the_sweep_costs_the_same_for_one_and_for_three(count, django_assert_num_queries):
    programme = make_programme(min_years=9, requires=[make_programme()])
    for _ in range(count):
        watch(programme, make_trainee())
    with django_assert_num_queries(8):
        tell_eligible()
    with django_assert_num_queries(1):
        tell_eligible()  # asked a moment ago


# --- exceptions ------------------------------------------------------------------------
def test_an_exception_is_asked_for_answered_with_a_reason_and_counts_until_its_day(client):
    coordinator = make_user("coordinator")
    programme = make_programme("twsm", name="TWSM", min_years=5)
    session = make_session(programme, in_days=60)
    person = make_trainee(years_of_experience=2)
    client.force_login(person)
    shown = client.get(page_of(programme)).content.decode()
    assert "3 years of experience are missing" in shown
    address = reverse("programme_exception", args=[programme.key])
    assert address in shown
    assert client.post(address, {"words": " "}).status_code == 400
    client.post(address, {"words": "Ten years with a supplier."})
    client.post(address, {"words": "A second click."})
    made = ExceptionRequest.objects.get()
    assert (made.words, made.lacks) == ("Ten years with a supplier.", ["years"])
    assert told(coordinator) == ["exception_asked"]
    assert "You asked for an exception" in client.get(page_of(programme)).content.decode()

    (item,) = [one for one in desk_items(coordinator) if "exception" in one.what]
    client.force_login(coordinator)
    assert "Ten years with a supplier." in client.get(item.url).content.decode()
    answer = {"decision": "grant", "reason": "", "until": timezone.localdate() + 30 * DAY}
    refused = client.post(item.url, answer)
    assert refused.status_code == 400
    assert client.post(item.url, answer | {"reason": "Known to me"}).status_code == 302
    assert [one for one in desk_items(coordinator) if "exception" in one.what] == []
    mails_to = [one for one in mails() if one.to == [person.email]]
    assert "Known to me" in mails_to[0].body

    forget_courses(person)
    assert eligibility(person, programme).open
    assert enrol(session, person, by=person).state == "enrolled"
    with time_machine.travel(timezone.now() + 31 * DAY, tick=False):
        forget_courses(person)
        assert not eligibility(person, programme).open
    with pytest.raises(TransitionRefused, match="answered"):
        refuse_exception(made, by=coordinator, reason="No")


def test_what_is_not_the_coordinators_to_give_is_not_asked_for():
    person = make_trainee()
    version = make_programme(parent=make_programme(), distributor=make_distributor(), min_years=9)
    for programme in (version, make_programme(entry="nomination"), make_programme()):
        with pytest.raises(TransitionRefused):
            ask_exception(programme, person, words="Please")
    # With a nomination the exception is from the rest; the manager still nominates.
    programme = make_programme(entry="nomination", min_years=9)
    made = ask_exception(programme, person, words="Please")
    coordinator = make_user("coordinator")
    grant_exception(made, by=coordinator, reason="Yes", until=timezone.localdate())
    forget_courses(person)
    assert eligibility(person, programme).nominated_only


def test_who_answers_when_and_until_when():
    programme = make_programme(min_years=9)
    person, coordinator = make_trainee(), make_user("coordinator")
    made = ask_exception(programme, person, words="Please")
    of_other = make_user()
    other = make_programme().programme_key
    make_mandate(of_other, "coordinator", scope="programme", programme_key=other)
    for by in (person, of_other, make_user("executive")):
        with pytest.raises(PermissionDenied):
            grant_exception(made, by=by, reason="Yes", until=timezone.localdate())
    for until in (timezone.localdate() - DAY, timezone.localdate() + 800 * DAY):
        with pytest.raises(TransitionRefused, match="Choose a day"):
            grant_exception(made, by=coordinator, reason="Yes", until=until)
    withdraw_exception(made, by=person)
    with pytest.raises(TransitionRefused, match="answered"):
        grant_exception(made, by=coordinator, reason="Yes", until=timezone.localdate())
    again = ask_exception(programme, person, words="Please, once more")
    refuse_exception(again, by=coordinator, reason="First things first")
    assert told(person)[-1] == "exception_answered"
    session = make_session(programme)
    with pytest.raises(NotEligible):
        enrol(session, person, by=person)


def test_a_request_is_taken_back_until_it_is_answered(client):
    programme, person = make_programme(min_years=9), make_trainee()
    address = reverse("programme_exception", args=[programme.key])
    client.force_login(person)

    def take_back() -> str:
        return client.post(address, {"end": "1"}, follow=True).content.decode()

    assert "taken back" not in take_back()  # there is none
    made = ask_exception(programme, person, words="Please")
    for _click in range(2):
        assert "Your request is taken back." in take_back()
    made.refresh_from_db()
    assert made.state == "withdrawn"
    answered = ask_exception(programme, person, words="Please, once more")
    refuse_exception(answered, by=make_user("coordinator"), reason="First things first")
    page = take_back()
    assert "This request has been answered." in page
    assert "Your request is taken back." not in page
    with pytest.raises(PermissionDenied):
        withdraw_exception(answered, by=make_trainee())


# --- a closed course shows what is open ---------------------------------------------------
def test_a_closed_course_offers_those_that_are_open(client, django_assert_num_queries):
    person = make_trainee(years_of_experience=1)
    closed = make_programme(name="Closed", min_years=5)
    session = make_session(closed)
    fits, done = make_programme(name="Fitting"), make_programme(name="Done before")
    undated = make_programme(name="Undated")
    for programme in (fits, done):
        make_session(programme)
    enter_course(person, done, timezone.localdate())
    client.force_login(person)
    for address in (page_of(closed), reverse("session", args=[session.number])):
        shown = client.get(address).content.decode()
        _before, _mark, part = shown.partition('id="open-now"')
        part = part.partition("</section>")[0]
        assert fits.name in part
        assert done.name not in part
        assert undated.name not in part
        assert "Tell me when I am eligible" in shown
        assert "Ask for an exception" in shown
    with django_assert_num_queries(21):  # a reading page of a member
        client.get(page_of(closed))
    for _ in range(2):
        make_session(make_programme(requires=[make_programme()]))
        make_session(make_programme())
    cache.delete(AHEAD)
    client.get(page_of(closed))
    with django_assert_num_queries(21):
        client.get(page_of(closed))
    client.logout()
    assert "Tell me when" not in client.get(page_of(closed)).content.decode()


# --- words --------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_message_names_the_programme_and_says_nothing_once_it_passed(language):
    home = make_distributor()
    programme = make_programme("course-x", name="Course X", entry="approval", min_years=9)
    session = make_session(programme, cancel_until=timezone.now())
    person = make_trainee(home, interface_language=language)
    able = make_trainee(home, years_of_experience=10, interface_language=language)
    states = ("enrolled", "offered", "nominated", "requested")
    places = {state: make_enrolment(session, make_trainee(home), state=state) for state in states}
    offer = SeatOffer.objects.create(
        enrolment=places["offered"], expires_at=session.starts_at - DAY
    )
    asked = ask_exception(programme, person, words="Please")
    answered = ask_exception(programme, make_trainee(home), words="Please")
    refuse_exception(answered, by=make_user("coordinator"), reason="No")
    answered.refresh_from_db()
    wish = EligibilityWatch.objects.create(user=able, programme=programme)
    archived = make_programme(name="Course X, the old one", archived_at=timezone.now())
    gone = EligibilityWatch.objects.create(user=person, programme=archived)
    begins, closes = session.starts_at.isoformat(), session.enrol_until.isoformat()
    rows = {
        "session_begins": (places["enrolled"], begins, person),
        "offer_ends": (places["offered"], offer.expires_at.isoformat(), person),
        "answer_due": (places["nominated"], closes, person),
        "approval_due": (places["requested"], closes, person),
        "now_eligible": (wish, "", able),
        "exception_asked": (asked, "", person),
        "exception_answered": (answered, "", person),
        "asks_for_more": (make_enrolment(session, person, state="waiting"), "", person),
        "programme_archived": (gone, "", person),
    }
    ours = [
        kind
        for kind in kinds()
        if kind.words.__module__ == "workshops.trainee_messages"
        and kind.name != "workshops.duty_due"  # of all duties: tests/workshops/test_duties.py
    ]
    assert {kind.name.removeprefix("workshops.") for kind in ours} == set(rows)
    with translation.override(language):
        for kind in ours:
            obj, moment, user = rows[kind.name.removeprefix("workshops.")]
            message = kind.words(obj, {"moment": moment}, user)
            assert "Course X" in message.subject, kind.name
            assert all(message.lines), kind.name
            assert message.url.startswith(f"/{language}/"), kind.name
            if moment:
                assert kind.words(obj, {"moment": "another"}, user) is None, kind.name
