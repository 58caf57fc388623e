"""Who may do what with programmes, sessions and enrolments. State is asked in transitions.

Predicates take objects and import no model of this room. `can_view_session`
equals `SessionQuerySet.visible_to` (tested for all roles).
"""

from network.permissions import (
    belongs_to,
    campaigns_in,
    holds,
    is_member,
    managed_distributors,
    manages_distributor,
    standing,
)
from workshops.audience import answers_everywhere, coordinates_all, sees_all_versions


def coordinates(user, programme) -> bool:
    """A coordinator of everything, of this programme or of that which it is a version of; or an
    administrator. A query for coordinators of single programmes, of a version whose parent was not
    loaded."""
    if holds(user, "administrator"):
        return True
    if holds(user, "coordinator", programme_key=programme.programme_key):
        return True
    if programme.parent_id is None or not holds(user, "coordinator"):
        return False
    return holds(user, "coordinator", programme_key=programme.parent.programme_key)


def can_view_programme(user, programme) -> bool:
    """Everybody; a distributor's own version its members, the campaigners of its area, and staff.

    Equals `ProgrammeQuerySet.visible_to` (tested).
    """
    if programme.distributor_id is None:
        return True
    if not is_member(user):
        return False
    firm = programme.distributor
    return belongs_to(user, firm) or sees_all_versions(user) or campaigns_in(user, firm.review_area)


def can_tailor(user, programme, distributor) -> bool:
    """Make the distributor's version of a programme: its manager, or the programme's
    coordinator."""
    return is_member(user) and (
        manages_distributor(user, distributor) or coordinates(user, programme)
    )


def can_edit_version(user, version) -> bool:
    """Write a distributor's version, compare it with its parent, take it out of the catalogue."""
    return version.parent_id is not None and can_tailor(user, version.parent, version.distributor)


def can_make_programme(user) -> bool:
    """Add a programme to the catalogue: a coordinator of everything, or an administrator."""
    return coordinates_all(user)


def can_change_programme(user, programme) -> bool:
    """Say what it asks for, write, archive it: its coordinator; of a distributor's version the
    global programme's too. Equals `ProgrammeQuerySet.coordinated_by` (tested)."""
    return coordinates(user, programme)


def can_write_lab(user, programme) -> bool:
    """Write lessons and questions of its online lab: its coordinator; of a version its keeper."""
    return can_change_programme(user, programme) or can_edit_version(user, programme)


def coordinates_any(user) -> bool:
    """A coordinator of anything, or an administrator."""
    return holds(user, "coordinator", "administrator")


def teaches(user, session) -> bool:
    """One of the session's trainers. A query unless `trainers` are prefetched."""
    return is_member(user) and any(person.pk == user.pk for person in session.trainers.all())


def can_see_teaching(user) -> bool:
    """The trainer's desk: trainers, and whoever teaches a date. A query for others than these."""
    return is_member(user) and (
        holds(user, "trainer", "coordinator", "administrator") or user.taught_sessions.exists()
    )


def can_view_session(user, session) -> bool:
    """See its page: whoever sees its programme, once it is no longer only planned."""
    if session.state != "planned" and can_view_programme(user, session.programme):
        return True
    return is_member(user) and (coordinates(user, session.programme) or teaches(user, session))


def can_manage_session(user, session) -> bool:
    """Open, move, resize, cancel it."""
    return coordinates(user, session.programme)


def can_plan_session(user, programme) -> bool:
    """Make a session of the programme."""
    return coordinates(user, programme)


def can_keep_materials(user, programme) -> bool:
    """Add, renew and withdraw what a programme is taught with."""
    return coordinates(user, programme)


def can_read_roster(user, session) -> bool:
    """Who comes: the coordinator and the trainers. Needs are the coordinator's alone."""
    return is_member(user) and (coordinates(user, session.programme) or teaches(user, session))


def may_see_material_file(user, key: str) -> bool:
    """A file of a course (network.registry guard); `key` names material and version."""
    from django.apps import apps

    material_key, _dot, version = key.partition(".")
    found = apps.get_model("workshops.Material").objects.visible_to(user)
    return found.filter(material_key=material_key, version=version or 0).exists()


def can_see_room(user, session, enrolment) -> bool:
    """See the link of an online room: who has a seat, the trainers and the coordinator."""
    if enrolment is not None and enrolment.state in ("enrolled", "attended"):
        return True
    return is_member(user) and (teaches(user, session) or coordinates(user, session.programme))


def can_enrol_self(user) -> bool:
    """Any member; whether the programme is open to them, `eligibility` says."""
    return is_member(user) and bool(standing(user).memberships)


def can_enrol_person(user, person) -> bool:
    """Enrol or nominate this person: a manager of a distributor they belong to."""
    return is_member(user) and _manages(user, person)


def can_approve_enrolment(user, enrolment) -> bool:
    """Answer a request: another manager of the person's distributor, or the coordinator.

    Nobody approves their own.
    """
    if not is_member(user) or enrolment.user_id == user.pk:
        return False
    if enrolment.distributor_id and manages_distributor(user, enrolment.distributor):
        return True
    return coordinates(user, enrolment.session.programme)


def can_cancel_enrolment(user, enrolment) -> bool:
    """The person, their manager, or the coordinator."""
    if not is_member(user):
        return False
    if enrolment.user_id == user.pk:
        return True
    if enrolment.distributor_id and manages_distributor(user, enrolment.distributor):
        return True
    return coordinates(user, enrolment.session.programme)


def can_answer_offer(user, enrolment) -> bool:
    """The person alone."""
    return is_member(user) and enrolment.user_id == user.pk


def can_say_needs(user, enrolment) -> bool:
    """Say and correct what one needs to take part: the person alone."""
    return is_member(user) and enrolment.user_id == user.pk


def can_see_needs(user, session) -> bool:
    """Diet, access and language needs: the coordinator alone."""
    return is_member(user) and coordinates(user, session.programme)


def can_confirm_course(user, record) -> bool:
    """Vouch for a course done: a manager of the person's distributor, never oneself."""
    if not is_member(user) or record.user_id == user.pk:
        return False
    return holds(user, "administrator") or _manages(user, record.user)


def can_withdraw_course(user, record) -> bool:
    """Take an entry back: whose it is, and who would vouch for it."""
    return user.pk == record.user_id or can_confirm_course(user, record)


def can_see_courses_to_confirm(user) -> bool:
    """Open the list: managers; administrators, for those whom no manager can vouch for."""
    return is_member(user) and (bool(managed_distributors(user)) or holds(user, "administrator"))


def can_decide_exception(user, request) -> bool:
    """Answer a request for an exception: the programme's coordinator, never one's own."""
    return is_member(user) and user.pk != request.user_id and coordinates(user, request.programme)


def can_withdraw_exception(user, request) -> bool:
    """Take a request for an exception back: who asked."""
    return is_member(user) and user.pk == request.user_id


def can_see_figures(user) -> bool:
    """Coordinators, campaigners of their area, executives, editors and administrators; which dates
    count for them, `figures.sessions_for` says."""
    return holds(user, "coordinator", "campaigner", "lead", "executive", "editor", "administrator")


def can_view_demand(user) -> bool:
    """Who plans or answers for dates: coordinators, campaigners and leads (of their areas),
    executives, administrators."""
    return holds(user, "coordinator", "campaigner", "lead", "executive", "administrator")


# --- after the session -------------------------------------------------------------------
def can_take_attendance(user, session) -> bool:
    """Keep its list, add who came without a seat, close it, correct it: its trainers and the
    coordinator."""
    return is_member(user) and (teaches(user, session) or coordinates(user, session.programme))


def can_read_results(user, session) -> bool:
    """What attendees said of it, from five answers on: its trainers and the coordinator.

    Nobody reads fewer, whatever they hold.
    """
    return can_take_attendance(user, session)


def can_read_batch(user, batch) -> bool:
    """Answers of five and more: trainers their own, coordinators their programmes'; leads,
    executives and administrators all. Equals `EvaluationBatchQuerySet.visible_to`."""
    if not is_member(user):
        return False
    if holds(user, "executive", "lead") or coordinates(user, batch.programme):
        return True
    return any(person.pk == user.pk for person in batch.trainers.all())


def can_sum_batch(user, batch) -> bool:
    """Have its marks added up in one's figures: executives and administrators, coordinators of the
    programme, campaigners and leads of the area in which all its sessions took place. Equals
    `EvaluationBatchQuerySet.summed_for`. Words are read by `can_read_batch` alone.
    """
    if not is_member(user):
        return False
    if holds(user, "executive", "administrator") or coordinates(user, batch.programme):
        return True
    if answers_everywhere(user):
        return True
    sheets = batch.sheets.select_related("session__country__review_area")
    areas = {one.session.country.review_area if one.session.country else None for one in sheets}
    return bool(areas) and all(campaigns_in(user, area) for area in areas)


def can_compare_evaluations(user) -> bool:
    """Open the comparison; what it holds for them, `visible_to` says."""
    return holds(user, "administrator", "executive", "lead", "coordinator", "trainer")


def can_edit_questions(user, programme) -> bool:
    """Write another version of its questions; of the standard ones (None) a coordinator of
    everything."""
    return can_make_programme(user) if programme is None else coordinates(user, programme)


def can_reflect(user, session) -> bool:
    """Write down what to change after it: its trainers."""
    return teaches(user, session)


def can_read_reflection(user, reflection) -> bool:
    """The trainers of its session, its owner, the coordinator."""
    return is_member(user) and (
        user.pk in (reflection.author_id, reflection.owner_id)
        or can_take_attendance(user, reflection.session)
    )


def can_settle_reflection(user, reflection) -> bool:
    """Say what came of it: its owner and its author; the coordinator, where both are gone."""
    return is_member(user) and (
        user.pk in (reflection.author_id, reflection.owner_id)
        or coordinates(user, reflection.session.programme)
    )


def can_answer_evaluation(user, request) -> bool:
    """Say what one thinks of a session: the attendee who is asked."""
    return is_member(user) and request.enrolment.user_id == user.pk


def can_hand_in(user, proof) -> bool:
    """Show practice: the attendee alone."""
    return is_member(user) and proof.enrolment.user_id == user.pk


def can_judge_proof(user, proof) -> bool:
    """Accept it, send it back, give more time: trainers and the coordinator; never one's own."""
    return (
        is_member(user)
        and proof.enrolment.user_id != user.pk
        and can_take_attendance(user, proof.enrolment.session)
    )


def can_see_proof(user, proof) -> bool:
    """Read it and its file: the attendee and who judges it."""
    return can_hand_in(user, proof) or can_judge_proof(user, proof)


def may_see_proof_file(user, key: str) -> bool:
    """A file of a proof (network.registry guard): for whoever may read the proof."""
    from django.apps import apps

    rows = apps.get_model("workshops.PracticeProof").objects
    rows = rows.select_related("enrolment__session__programme")
    found = rows.filter(pk=key).first() if key.isdecimal() else None
    return found is not None and can_see_proof(user, found)


def can_manage_certificates(user, programme) -> bool:
    """Revoke and reinstate certificates, have all files made: the coordinator."""
    return coordinates(user, programme)


def can_view_certificate(user, certificate) -> bool:
    """Open it with its file: the holder, a manager of a distributor they belong to, the
    coordinator. Equals `CertificateQuerySet.visible_to` (tested)."""
    if not is_member(user):
        return False
    return (
        certificate.user_id == user.pk
        or coordinates(user, certificate.programme)
        or _manages(user, certificate.user)
    )


def can_read_record(user, person) -> bool:
    """Read a person's training record: they themselves, and a manager of a distributor they
    belong to."""
    return is_member(user) and (user.pk == person.pk or _manages(user, person))


def _manages(user, person) -> bool:
    return any(manages_distributor(user, m.distributor) for m in standing(person).memberships)
