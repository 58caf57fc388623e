"""Rows of what follows a session: attendance, evaluation, practice, certificates, records."""

import datetime

from django.utils import timezone

from tests.factories.workshops import make_enrolment, make_programme
from tests.permissions.table import LOGIN, Row
from tests.workshops.after import make_past
from tests.workshops.audiences_after import a_certificate
from workshops.models import EvaluationRequest, PracticeProof, Reflection
from workshops.transitions import standard_form

# World's trainer teaches each of these sessions; the world's own author attended.
TEAM = "trainer coordinator administrator superuser"
COORDINATES = "coordinator administrator superuser"
POSTED = {"visitor": LOGIN, ...: 405}


def past(world, state: str = "enrolled", **fields):
    session = make_past(make_programme(**fields), trainers=[world.users["trainer"]])
    return make_enrolment(session, world.users["own_author"], state=state)


def session_of(state: str = "enrolled"):
    return lambda world: [past(world, state).session.number]


def asked(world):
    row = past(world, "attended")
    EvaluationRequest.objects.create(enrolment=row, form=standard_form())
    return [row.session.number]


def answers(world):
    found = {}
    for question in standard_form().questions.all():
        if question.kind == "scale":
            found[str(question.key)] = 4
    return found


def proof_of(world, state: str) -> PracticeProof:
    day = timezone.localdate() + datetime.timedelta(days=9)
    return PracticeProof.objects.create(enrolment=past(world, "attended"), due_on=day, state=state)


def own_proof(world):
    return [proof_of(world, "due").enrolment.session.number]


def a_proof(state: str):
    return lambda world: [proof_of(world, state).pk]


def certificate_of(*more):
    return lambda world: [a_certificate(past(world, "attended")).number, *more]


def a_reflection(world):
    made = Reflection.objects.create(
        session=past(world, "attended").session,
        author=world.users["trainer"],
        owner=world.users["trainer"],
        gap_from="Half",
        gap_to="All",
        action="More time",
        due_on=timezone.localdate(),
    )
    return [made.pk]


def whole_reflection(world):
    return {
        "gap_from": "Half",
        "gap_to": "All",
        "action": "More time",
        "owner": world.users["trainer"].pk,
        "due_on": timezone.localdate().isoformat(),
    }


ROWS = [
    Row(
        "session_attendance",
        args=session_of(),
        get={"visitor": LOGIN, TEAM: 200, ...: 403},
        post={"visitor": LOGIN, TEAM: 302, ...: 403},
    ),
    Row(
        "session_attendance_close",
        args=session_of(),
        get=POSTED,
        post={"visitor": LOGIN, TEAM: 302, ...: 403},
    ),
    Row(
        "session_walk_in",
        args=session_of(),
        get={"visitor": LOGIN, TEAM: 200, ...: 403},
        post={"visitor": LOGIN, TEAM: 302, ...: 403},
        data=lambda world: {"person": world.users["reader"].pk},
    ),
    Row(
        "session_evaluation",
        args=asked,
        get={"visitor": LOGIN, "own_author": 200, ...: 404},
        post={"visitor": LOGIN, "own_author": 302, ...: 404},
        data=answers,
    ),
    Row(
        "session_results",
        args=session_of("attended"),
        get={"visitor": LOGIN, TEAM: 200, ...: 403},
        post=POSTED,
    ),
    Row(
        "session_reflect",
        args=session_of("attended"),
        get={"visitor": LOGIN, "trainer": 200, ...: 403},
        post={"visitor": LOGIN, "trainer": 302, ...: 403},
        data=whole_reflection,
    ),
    Row(
        "reflection",
        args=a_reflection,
        get={"visitor": LOGIN, TEAM: 200, ...: 404},
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"words": "Done"},
    ),
    Row(
        "session_practice",
        args=own_proof,
        get={"visitor": LOGIN, "own_author": 200, ...: 404},
        post={"visitor": LOGIN, "own_author": 302, ...: 404},
        data=lambda world: {"text": "Four weeks on the board"},
    ),
    Row(
        "practice_judge",
        args=a_proof("handed_in"),
        get={"visitor": LOGIN, TEAM: 200, ...: 404},
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"decision": "accept"},
    ),
    Row(
        "practice_extend",
        args=a_proof("lapsed"),
        get=POSTED,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {
            "due_on": timezone.localdate() + datetime.timedelta(days=30),
            "reason": "Was ill",
        },
    ),
    Row(
        "certificate",
        args=certificate_of(),
        get={"visitor": LOGIN, f"own_author manager {COORDINATES}": 200, ...: 404},
        post=POSTED,
    ),
    Row(
        "certificate_pdf",
        args=certificate_of(),
        get={"visitor": LOGIN, f"own_author manager {COORDINATES}": 200, ...: 404},
        post=POSTED,
    ),
    Row(
        "certificate_change",
        args=certificate_of("revoke"),
        get=POSTED,
        post={"visitor": LOGIN, COORDINATES: 302, "own_author manager": 403, ...: 404},
        data=lambda world: {"category": "data", "reason": "Wrong name"},
    ),
    Row(
        "session_certificates",
        args=session_of("attended"),
        get={"visitor": LOGIN, COORDINATES: 200, ...: 403},
        post=POSTED,
    ),
    Row(
        "session_certificates_draw",
        args=session_of("attended"),
        get=POSTED,
        post={"visitor": LOGIN, COORDINATES: 302, ...: 403},
    ),
    Row("verify_form", get=200, post=405),
    Row(
        "verify",
        args=lambda world: [a_certificate(past(world, "attended")).shown_code],
        get=200,
        post=405,
    ),
    Row(
        "evaluations",
        get={"visitor": LOGIN, f"lead executive {TEAM}": 200, ...: 403},
        post=POSTED,
    ),
    Row(
        "question_sets",
        get={"visitor": LOGIN, COORDINATES: 200, ...: 404},
        post=POSTED,
    ),
    Row(
        "evaluation_questions",
        args=lambda world: [make_programme().key],
        get={"visitor": LOGIN, COORDINATES: 200, ...: 403},
        post={"visitor": LOGIN, COORDINATES: 302, ...: 403},
        data=lambda world: {"kind-1": "scale", "standard-1": "useful"},
    ),
    Row("training_record", get={"visitor": LOGIN, ...: 200}, post=POSTED),
    Row(
        "training_record_file",
        args=lambda world: ["csv"],
        get={"visitor": LOGIN, ...: 200},
        post=POSTED,
    ),
    Row(
        "training_record_of",
        args=lambda world: [world.users["own_author"].pk],
        get={"visitor": LOGIN, "own_author manager": 200, ...: 404},
        post=POSTED,
    ),
    Row(
        "training_record_file_of",
        args=lambda world: [world.users["own_author"].pk, "json"],
        get={"visitor": LOGIN, "own_author manager": 200, ...: 404},
        post=POSTED,
    ),
    Row("staff_records", get={"visitor": LOGIN, "manager": 200, ...: 403}, post=POSTED),
]
