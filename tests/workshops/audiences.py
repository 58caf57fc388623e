"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

from django.utils import timezone

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from tests.touchpoints.audiences import Told
from workshops.models import CourseRecord, DutyReminder


def to_person(state: str):
    """A row for messages to the one whose place it is."""

    def row(crowd) -> Told:
        home = make_distributor()
        session = make_session(trainers=[crowd["trainer"]])
        made = make_enrolment(session, make_trainee(home), state=state)
        make_user("manager", distributor=home)
        make_enrolment(session)  # another participant
        return Told(made, {}, [made.user])

    return row


def to_managers(crowd) -> Told:
    """First contact and deputy of the person's distributor; crowd['manager'] manages another."""
    home = make_distributor()
    first = make_user("manager", distributor=home)
    deputy = make_user(distributor=home, contact="deputy")
    made = make_enrolment(make_session(), make_trainee(home), state="requested")
    return Told(made, {}, [first, deputy])


def course_to_managers(crowd) -> Told:
    """Likewise for a course that a member says to have done."""
    home = make_distributor()
    first = make_user("manager", distributor=home)
    record = CourseRecord.objects.create(
        user=make_trainee(home), programme=make_programme(), done_on=timezone.localdate()
    )
    return Told(record, {}, [first])


def to_those_told(crowd) -> Told:
    """Those named when it was cancelled."""
    session = make_session()
    made = make_enrolment(session, state="cancelled")
    make_enrolment(session, state="refused")
    return Told(session, {"people": [made.user_id], "reason": "Too few"}, [made.user])


def to_employee(crowd) -> Told:
    """Whoever owes the yearly course; their manager has a list of their own."""
    person = make_employee()
    make_user("manager", distributor=person.memberships.first().distributor)
    programme = make_lab(is_yearly_duty=True)
    month = timezone.localdate().replace(day=1)
    reminder = DutyReminder.objects.create(user=person, programme=programme, month=month)
    return Told(reminder, {}, [person])


AUDIENCES = {
    "workshops.duty_due": to_employee,
    "workshops.enrolled": to_person("enrolled"),
    "workshops.waiting": to_person("waiting"),
    "workshops.offered": to_person("offered"),
    "workshops.offer_lapsed": to_person("lapsed"),
    "workshops.nominated": to_person("nominated"),
    "workshops.refused": to_person("refused"),
    "workshops.enrolment_cancelled": to_person("cancelled"),
    "workshops.list_closed": to_person("lapsed"),
    "workshops.approval_asked": to_managers,
    "workshops.course_to_confirm": course_to_managers,
    "workshops.session_cancelled": to_those_told,
}
