"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

from django.utils import timezone

from tests.factories.network import make_distributor, make_mandate, make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from tests.touchpoints.audiences import Told
from tests.workshops import audiences_after
from workshops.models import CourseRecord, DutyReminder, EligibilityWatch, ExceptionRequest


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


def asker_of(model, **fields):
    """A row for messages to who wished for something, beside another who wishes the same."""

    def row(crowd) -> Told:
        programme = make_programme(min_years=9)
        made = model.objects.create(user=make_trainee(), programme=programme, **fields)
        model.objects.create(user=make_trainee(), programme=programme, **fields)
        return Told(made, {}, [made.user])

    return row


def to_coordinators(crowd) -> Told:
    """Of everything and of this programme; not of another, nor who asks themself."""
    programme, other = make_programme(), make_programme()
    mine = make_user()
    make_mandate(mine, "coordinator", scope="programme", programme_key=programme.programme_key)
    make_mandate(make_user(), "coordinator", scope="programme", programme_key=other.programme_key)
    asker = make_user("coordinator")
    made = ExceptionRequest.objects.create(user=asker, programme=programme, words="Please")
    return Told(made, {}, [crowd["coordinator"], mine])


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


def to_those_in_it(crowd) -> Told:
    """Those named in the message who still take part, and the trainers named."""
    session = make_session(trainers=[crowd["trainer"]])
    made = make_enrolment(session)
    make_enrolment(session, state="cancelled")
    people = [made.user_id, crowd["trainer"].pk]
    return Told(session, {"people": people}, [made.user, crowd["trainer"]])


def to_those_confirmed(crowd) -> Told:
    """Likewise, of a session that takes place."""
    session = make_session(state="confirmed", trainers=[crowd["trainer"]])
    made = make_enrolment(session)
    make_enrolment(session, state="cancelled")
    people = [made.user_id, crowd["trainer"].pk]
    return Told(session, {"people": people}, [made.user, crowd["trainer"]])


def to_those_moved(crowd) -> Told:
    """Who came from the other session, and nobody who was here before."""
    session = make_session(trainers=[crowd["trainer"]])
    made = make_enrolment(session)
    make_enrolment(session)
    return Told(session, {"people": [made.user_id], "was": make_session().pk}, [made.user])


def to_trainer(crowd) -> Told:
    """Who teaches it, or did."""
    session = make_session(trainers=[crowd["trainer"]])
    make_enrolment(session)
    return Told(session, {"people": [crowd["trainer"].pk]}, [crowd["trainer"]])


def to_chosen(crowd) -> Told:
    """Whom the coordinator chose."""
    session = make_session()
    made = make_enrolment(session)
    make_enrolment(session)
    data = {"people": [made.user_id], "texts": {"en": ["Bring", "Bring a map."]}}
    return Told(session, data | {"by": crowd["coordinator"].pk}, [made.user])


def to_deciders(crowd) -> Told:
    """The coordinators who were asked."""
    session = make_session(decide_on=timezone.localdate())
    make_enrolment(session)
    return Told(session, {"people": [crowd["coordinator"].pk]}, [crowd["coordinator"]])


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
    "workshops.session_moved": to_those_in_it,
    "workshops.session_confirmed": to_those_confirmed,
    "workshops.session_merged": to_those_moved,
    "workshops.trainer_named": to_trainer,
    "workshops.trainer_released": to_trainer,
    "workshops.to_participants": to_chosen,
    "workshops.decision_asked": to_deciders,
    "workshops.decision_late": to_deciders,
    "workshops.session_begins": to_person("enrolled"),
    "workshops.offer_ends": to_person("offered"),
    "workshops.answer_due": to_person("nominated"),
    "workshops.approval_due": to_managers,
    "workshops.now_eligible": asker_of(EligibilityWatch),
    "workshops.programme_archived": asker_of(EligibilityWatch),
    "workshops.asks_for_more": to_person("waiting"),
    "workshops.exception_asked": to_coordinators,
    "workshops.exception_answered": asker_of(ExceptionRequest, words="Please"),
    **audiences_after.AUDIENCES,
}
