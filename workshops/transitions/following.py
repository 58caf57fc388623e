"""What time does after a session. Computed from state; safe to be killed and to run twice."""

from workshops.transitions.certifying import give_certificates
from workshops.transitions.evaluating import pool_answers, remind_to_evaluate
from workshops.transitions.proving import lapse_proofs, remind_of_practice
from workshops.transitions.reflecting import remind_of_actions, remind_to_reflect


def sweep_proof() -> int:
    """All of it. Returns how much changed."""
    return (
        pool_answers()
        + remind_to_evaluate()
        + lapse_proofs()
        + remind_of_practice()
        + remind_to_reflect()
        + remind_of_actions()
        + give_certificates()
    )
