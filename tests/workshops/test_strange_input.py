"""What no form of ours would send: never an error page, and nothing is done."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from network.registry import desk_items
from network.transitions import close_account
from tests.factories.network import make_distributor, make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_lab,
    make_programme,
    make_session,
)
from tests.workshops.after import attended, make_past
from touchpoints.models import Delivery
from workshops.models import CourseRecord, EnrolmentEvent, Reflection, Session
from workshops.transitions import begin_lab, tailor
from workshops.worklist import Lack, table

pytestmark = pytest.mark.django_db
LONG = "9" * 5000  # more digits than Python turns into a number
KEYS = ("-1", "99999999999999999999", LONG, "²")
DAYS = ("0001-01-01", "9999-12-31", "2030-02-30", "")
MONTHS = ("0000-01", "0001-01", "9999-12", "٢٠٢٦-12", "20٢٦-12")
PLAN = {
    "rows": "1",
    "day-0-date": "2030-03-30",
    "day-0-from": "09:00",
    "day-0-to": "00:30",  # of the next day
    "time_zone": "Pacific/Kiritimati",
    "place_kind": "person",
    "languages": ["de"],
    "seats": "12",
}


@pytest.fixture
def everywhere():
    """A person who may do all of it, in one place of each kind."""
    home = make_distributor()
    person = make_user("manager", distributor=home)
    for role in ("coordinator", "trainer"):
        make_mandate(person, role)
    return person


@pytest.mark.slow
def test_keys_days_and_months_that_are_none(client, everywhere):
    session = make_session(trainers=[everywhere])
    make_enrolment(session)
    past = make_past(trainers=[everywhere])
    row = attended(past, 1, by=everywhere)[0]
    client.force_login(everywhere)
    lab = make_lab()
    run = begin_lab(lab, lab.pages.get(), by=everywhere)
    version = tailor(make_programme(), make_home(), "en", by=everywhere)
    question = next(one.id for one in lab.pages.get().lessons if one.block_type == "question")

    def at(name, *args):
        return reverse(name, args=args)

    asked = []
    for key in KEYS:
        asked += [
            (at("session_group", session.number), {"person": [key, key]}),
            (at("session_message", session.number), {"to": "chosen", "person": [key]}),
            (at("session_materials", session.number), {"material": [key]}),
            (at("session_many", "open"), {"session": [key]}),
            (at("session_merge", session.number), {"into": key}),
            (at("session_seats", session.number), {"rows": key, "seats": key}),
            (at("session_repeat", session.number), {"every": key, "times": key}),
            (at("session_walk_in", past.number), {"q": key, "person": key}),
            (at("session_attendance", past.number), {"day": key, f"mark-{key}": "1"}),
            (at("evaluation_questions", "standard"), {"seen": key, "kind-1": key, "place-1": key}),
            (at("lab_step", lab.key, question), {"option": [key]}),
            (at("version_compare", version.key), {"seen": "", "last_change": key}),
            (at("session_reflect", past.number), {"owner": key, "due_on": "2030-01-01"}),
        ]
    for day in DAYS:
        asked += [
            (at("session_move", session.number), {"first_day": day, "time_zone": "Asia/Tokyo"}),
            (at("session_new", lab.key), PLAN | {"day-0-date": day}),
            (at("session_new", lab.key), PLAN | {"enrol_until": f"{day}T00:00"}),
            (at("session_new", lab.key), PLAN | {"decide_on": day}),
            (at("my_courses"), {"programme": lab.pk, "done_on": day}),
            (
                at("session_seats", session.number),
                {
                    "rows": "1",
                    "seats": "3",
                    "kept-0-scope": "area-1",
                    "kept-0-seats": "1",
                    "kept-0-until": f"{day}T23:59",
                },
            ),
        ]
    before = (Session.objects.count(), EnrolmentEvent.objects.count(), Delivery.objects.count())
    for address, data in asked:
        status = client.post(address, data).status_code
        goes_on = any(
            name in address
            for name in ("/several/", "/lab/", "/materials/", "/attendance/", "/compare/")
        )
        goes_on = goes_on or data.get("decide_on") == ""  # that is no day, and may be left out
        assert status < 500, (address, data)
        assert status != 302 or goes_on, (address, data)
    for month in (*MONTHS, LONG, DAYS[0]):
        for name, query in (
            ("session_table", {"month": month}),
            ("workshop_figures", {"since": month, "last": month}),
            ("workshop_figures", {"show": month, "page": month}),
            ("workshop_demand", {"scope": month, "programme": month}),
            ("evaluations", {"programme": month, "by": month}),
        ):
            assert client.get(reverse(name), query).status_code == 200, (name, query)
        assert client.get("/en/workshops/", {"month": month, "day": month}).status_code == 200
    made = Session.objects.exclude(pk__in=[session.pk, past.pk])
    assert {one.first_day for one in made} <= {datetime.date(2030, 3, 30)}
    assert not CourseRecord.objects.filter(user=everywhere).exists()
    assert EnrolmentEvent.objects.count() == before[1]
    assert Delivery.objects.count() == before[2]
    run.refresh_from_db()
    assert (run.state, row.state) == ("open", "attended")


def test_a_trainer_who_is_gone_teaches_no_more_and_an_owner_who_is_gone_owes_nothing(coordinator):
    trainer, owner, by = make_user("trainer"), make_user(), make_user("administrator")
    session = make_session(trainers=[owner], venue="Hall 1")
    made = Reflection.objects.create(
        session=session,
        author=trainer,
        owner=owner,
        gap_from="Half",
        gap_to="All",
        action="More time",
        due_on=timezone.localdate(),
    )
    assert [one.lacks for one in table(coordinator, {}).lines] == [[]]
    assert [one for one in desk_items(trainer) if "reflections" in one.url] == []
    close_account(owner, by=by)
    assert [one.lacks for one in table(coordinator, {}).lines] == [[Lack.TRAINER]]
    (item,) = [one for one in desk_items(trainer) if "reflections" in one.url]
    assert item.url == reverse("reflection", args=[made.pk])


def test_a_programme_out_of_use_or_renamed_keeps_what_was(client, everywhere):
    programme = make_programme(name="Old name")
    session = make_past(programme, trainers=[everywhere])
    attended(session, 1, by=everywhere)
    programme.name, programme.archived_at = "New name", timezone.now()
    programme.save()
    client.force_login(everywhere)
    for name in ("desk_session", "session", "session_attendance", "session_results"):
        page = client.get(reverse(name, args=[session.number]))
        assert page.status_code == 200, name
    refused = client.post(reverse("session_new", args=[programme.key]), PLAN)
    assert refused.status_code == 404
    again = client.post(
        reverse("session_repeat", args=[session.number]), {"every": "week", "times": "1"}
    )
    assert "This programme is no longer given." in again.content.decode()
