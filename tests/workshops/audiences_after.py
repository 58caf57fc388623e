"""For whom messages after a session are: rows that `tests.workshops.audiences` takes in."""

import datetime

from django.utils import timezone

from tests.factories.network import make_distributor, make_mandate, make_user
from tests.factories.workshops import make_enrolment, make_session, make_trainee
from tests.touchpoints.audiences import Told
from workshops.models import (
    Certificate,
    EvaluationRequest,
    PracticeProof,
    Reflection,
)
from workshops.transitions import standard_form
from workshops.transitions.certifying import new_code


def a_place(crowd):
    """Somebody who attended; the trainer and their manager are others."""
    home = make_distributor()
    session = make_session(trainers=[crowd["trainer"]])
    made = make_enrolment(session, make_trainee(home), state="attended")
    make_user("manager", distributor=home)
    make_enrolment(session)
    return made


def to_attendee(crowd) -> Told:
    made = a_place(crowd)
    EvaluationRequest.objects.create(enrolment=made, form=standard_form())
    PracticeProof.objects.create(enrolment=made, due_on=timezone.localdate())
    return Told(made, {}, [made.user])


def of_proof(state: str):
    def row(crowd) -> Told:
        made = a_place(crowd)
        proof = PracticeProof.objects.create(
            enrolment=made, due_on=timezone.localdate(), state=state
        )
        return Told(proof, {"due_on": proof.due_on.isoformat()}, [made.user])

    return row


def to_judges(crowd) -> Told:
    """The session's trainers and the coordinators of its programme, not those of another."""
    made = a_place(crowd)
    proof = PracticeProof.objects.create(
        enrolment=made, due_on=timezone.localdate(), state="handed_in"
    )
    of_this, of_other = make_user(), make_user()
    key = made.session.programme.programme_key
    make_mandate(of_this, "coordinator", scope="programme", programme_key=key)
    other = make_session().programme.programme_key
    make_mandate(of_other, "coordinator", scope="programme", programme_key=other)
    return Told(proof, {}, [crowd["trainer"], crowd["coordinator"], of_this])


def a_certificate(enrolment, **fields) -> Certificate:
    """As it would have been given."""
    return Certificate.objects.create(
        enrolment=enrolment,
        user=enrolment.user,
        programme=enrolment.session.programme,
        titles={"en": enrolment.session.programme.name},
        language="en",
        number=f"C-2026-{enrolment.pk:05}",
        code=new_code(),
        holder_name="Ines Valmora",
        first_day=enrolment.session.first_day,
        last_day=enrolment.session.last_day,
        **fields,
    )


def to_holder(crowd) -> Told:
    made = a_certificate(a_place(crowd))
    return Told(made, {"reason": "Wrong name"}, [made.user])


def a_reflection(crowd) -> Reflection:
    session = make_session(trainers=[crowd["trainer"]])
    owner = make_user()
    made = Reflection.objects.create(
        session=session,
        author=crowd["trainer"],
        owner=owner,
        gap_from="Half",
        gap_to="All",
        action="More time",
        due_on=timezone.localdate() + datetime.timedelta(days=3),
    )
    return made


def to_owner(crowd) -> Told:
    made = a_reflection(crowd)
    return Told(made, {"due_on": made.due_on.isoformat()}, [made.owner])


def to_who_reflects(crowd) -> Told:
    """One of two trainers: the other has noted something."""
    session = make_session(trainers=[crowd["trainer"], make_user("trainer")])
    return Told(session, {"people": [crowd["trainer"].pk]}, [crowd["trainer"]])


AUDIENCES = {
    "workshops.evaluation_asked": to_attendee,
    "workshops.evaluation_reminder": to_attendee,
    "workshops.attendance_corrected": to_attendee,
    "workshops.practice_asked": to_attendee,
    "workshops.practice_reminder": of_proof("due"),
    "workshops.practice_accepted": of_proof("accepted"),
    "workshops.practice_returned": of_proof("returned"),
    "workshops.practice_extended": of_proof("due"),
    "workshops.practice_lapsed": of_proof("lapsed"),
    "workshops.practice_handed_in": to_judges,
    "workshops.certificate_given": to_holder,
    "workshops.certificate_revoked": to_holder,
    "workshops.certificate_reinstated": to_holder,
    "workshops.reflection_given": to_owner,
    "workshops.reflection_overdue": to_owner,
    "workshops.reflection_awaited": to_who_reflects,
}
