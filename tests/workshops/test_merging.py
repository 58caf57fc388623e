"""Two sessions become one: the line, the seats kept, what is refused."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import mails, told
from workshops.exceptions import PlaceMoved, SeatsRefused, TransitionRefused
from workshops.models import EnrolmentEvent
from workshops.seats import count_seats
from workshops.transitions import (
    accept_nomination,
    accept_offer,
    add_seats,
    approve,
    arrange_seats,
    cancel_enrolment,
    decline,
    enrol,
    merge_sessions,
    refuse,
    set_needs,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_two_sessions_become_one_with_one_line_in_the_order_of_asking(coordinator):
    programme = make_programme()
    one, two = make_session(programme, seats=1), make_session(programme, in_days=40, seats=2)
    people = [make_trainee() for _ in range(6)]
    for person, session in zip(people, (one, two, two, one, two, one), strict=True):
        enrol(session, person, by=person)
    with pytest.raises(SeatsRefused, match="3 people hold seats in both together, and .* has 2: 1"):
        merge_sessions(one, two, by=coordinator)
    assert one.enrolments.count() == 3
    add_seats(two, 1, by=coordinator)  # the line's next is offered it
    two.enrolments.get(user=people[4]).refresh_from_db()
    with pytest.raises(SeatsRefused, match="4 people"):
        merge_sessions(one, two, by=coordinator)
    add_seats(two, 1, by=coordinator)
    merge_sessions(one, two, by=coordinator)
    rows = list(two.enrolments.order_by("pk"))
    assert [row.user for row in rows] == people
    assert [row.state for row in rows] == [
        *("enrolled", "enrolled", "enrolled", "waiting", "offered", "waiting")
    ]
    one.refresh_from_db()
    assert (one.state, one.merged_into, one.sequence) == ("cancelled", two, 1)
    assert told(people[0])[-1] == told(people[5])[-1] == "session_merged"
    assert "session_merged" not in told(people[1])
    skipped = EnrolmentEvent.objects.filter(verb="skip")
    assert not skipped.exists()  # nobody of the target waited ahead of those who came
    # The next free seat goes to who asked first, whatever session that was in.
    add_seats(two, 1, by=coordinator)
    assert two.enrolments.get(user=people[3]).state == "offered"


def test_who_has_a_place_in_both_keeps_the_better_one(coordinator):
    programme = make_programme()
    one, two = make_session(programme, seats=1), make_session(programme, in_days=40, seats=2)
    person = make_trainee()
    make_enrolment(two, person, state="waiting")
    kept = make_enrolment(one, person)
    merge_sessions(one, two, by=coordinator)
    kept.refresh_from_db()
    assert (kept.session, kept.state) == (two, "enrolled")
    assert two.enrolments.get(state="cancelled").user == person
    assert count_seats([two])[two.pk].taken == 1


def test_whose_offer_ends_with_the_merged_session_is_told_which_place_stays(coordinator):
    programme = make_programme()
    states = ["offered", "waiting", "requested"]
    people = [make_trainee() for _ in states]
    one, two = make_session(programme, seats=5), make_session(programme, in_days=40, seats=9)
    for person, state in zip(people, states, strict=True):
        make_enrolment(one, person, state=state)
        make_enrolment(two, person)
    better = make_trainee()
    make_enrolment(one, better)
    make_enrolment(two, better, state="waiting")
    merge_sessions(one, two, by=coordinator)
    sent = {mail.to[0]: mail for mail in mails()}
    for person, state in zip(people, states, strict=True):
        assert told(person) == ["enrolment_cancelled"]
        assert two.enrolments.live().get(user=person).state == "enrolled"
        mail = sent[person.email]
        assert "merged with another session, in which you have a place" in mail.body
        # Whoever had it in their calendar is rid of it there.
        files = [file.get_payload(decode=True).decode() for file in mail.attachments]
        assert len(files) == (state == "offered")
        assert all("METHOD:CANCEL" in file for file in files)
    # What comes along is told as the merger, and once.
    assert told(better) == ["session_merged"]


def test_what_was_read_before_a_merger_changes_nothing_where_it_was(coordinator, client):
    """A page stood open, or a click was on its way: each says where the place is now."""
    programme = make_programme(asks=["diet"])
    one, two = make_session(programme, seats=9), make_session(programme, in_days=40, seats=9)
    manager = make_user("manager", distributor=(home := make_distributor()))
    old = {
        state: make_enrolment(one, make_trainee(home), state=state)
        for state in ("enrolled", "offered", "requested", "nominated")
    }
    merge_sessions(one, two, by=coordinator)
    clicks = [
        lambda: cancel_enrolment(old["enrolled"], by=old["enrolled"].user),
        lambda: set_needs(old["enrolled"], by=old["enrolled"].user, needs={"diet": "Vegan"}),
        lambda: accept_offer(old["offered"], by=old["offered"].user),
        lambda: decline(old["offered"], by=old["offered"].user),
        lambda: accept_nomination(old["nominated"], by=old["nominated"].user),
        lambda: approve(old["requested"], by=manager),
        lambda: refuse(old["requested"], by=manager, reason="No"),
    ]
    for click in clicks:
        with pytest.raises(PlaceMoved, match=two.number):
            click()
    rows = two.enrolments.order_by("pk")
    assert [row.state for row in rows] == list(old)
    assert not one.enrolments.exists()
    # The site's own pages, once the merger is done.
    client.force_login(old["offered"].user)
    for name, data in (
        ("session_answer", {"answer": "accept"}),
        ("session_answer", {"answer": "decline"}),
        ("session_leave", {}),
        ("session_needs", {"diet": "Vegan"}),
    ):
        page = client.post(reverse(name, args=[one.number]), data, follow=True)
        assert f"This place has moved to session {two.number}" in page.content.decode()
    client.force_login(make_trainee())
    assert client.post(reverse("session_leave", args=[one.number])).status_code == 404


def test_seats_kept_for_regions_add_up_as_far_as_seats_are_free(coordinator):
    programme, asia, africa = make_programme(), make_home("asia"), make_home("africa")
    one, two = make_session(programme, seats=4), make_session(programme, in_days=40, seats=4)
    until = timezone.now() + 10 * DAY
    scopes = [("region", home.country.region_id) for home in (asia, africa)]
    arrange_seats(one, by=coordinator, seats=4, kept={scopes[0]: (2, until), scopes[1]: (2, until)})
    arrange_seats(two, by=coordinator, seats=4, kept={scopes[0]: (1, until)})
    make_enrolment(two, make_trainee(asia))
    make_enrolment(one, make_trainee(africa))
    merge_sessions(one, two, by=coordinator)
    kept = {quota.scope: quota.seats for quota in two.quotas.all()}
    # Asia's own comes first: 1 + 2 with one taken; one seat is left for Africa, beside the taken.
    assert kept == {scopes[0]: 3, scopes[1]: 1}
    seats = count_seats([two])[two.pk]
    assert seats.unfilled <= seats.open


def test_only_sessions_of_one_programme_that_are_ahead_are_merged(coordinator):
    programme = make_programme()
    one = make_session(programme)
    for other in (
        one,
        make_session(),
        make_session(programme, state="cancelled"),
        make_session(programme, in_days=-1),
    ):
        with pytest.raises(TransitionRefused):
            merge_sessions(one, other, by=coordinator)
    taught = make_session(programme, trainers=[make_enrolment(make_session()).user])
    make_enrolment(one, taught.trainers.get())
    with pytest.raises(TransitionRefused, match="and teaches the other one"):
        merge_sessions(one, taught, by=coordinator)
    closed = make_session(programme, enrol_until=timezone.now() - DAY)
    make_enrolment(one, state="waiting")
    with pytest.raises(TransitionRefused, match="has closed"):
        merge_sessions(one, closed, by=coordinator)
