"""Certificates: given when all that was asked for is there, revoked, reinstated, drawn.

What is due is computed from rows (`certificates_due`), each in a transaction
of its own; what is to be drawn is a row with `asked_at`. Both may be killed at any
moment, run twice and in several workers: nothing is given or lost twice.
"""

import datetime
import secrets
import time

import structlog
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.exceptions import PrintingUnavailable
from network.languages import codes
from network.tree import writing_in_turn
from network.working_days import local_day
from touchpoints.api import tell
from workshops.exceptions import TransitionRefused
from workshops.models import (
    Certificate,
    CertificateEvent,
    Enrolment,
    EvaluationRequest,
    PracticeProof,
    ProgrammePage,
    RevokeCategory,
    Session,
)
from workshops.permissions import can_manage_certificates
from workshops.printing import draw_certificate, name_of_file
from workshops.proof_queries import certificates_due
from workshops.transitions.core import need_reason, system

# Without 0, 1, I, L, O: read from paper and typed by hand. 31^12 is about 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
MOST_A_RUN = 500  # certificates given in a run
DRAWING_S = 20.0  # a run draws so long, then the next beat goes on
LEASE_S = 60  # a sheet whose drawer was killed is another's after this

log = structlog.get_logger(__name__)


def due():
    """Enrolments that a certificate is due for."""
    return certificates_due(
        Enrolment.objects, Certificate.objects, EvaluationRequest.objects, PracticeProof.objects
    )


def give_certificates(most: int = MOST_A_RUN) -> int:
    """Give those that are due, one transaction each. Returns how many."""
    given = 0
    for pk in list(due().order_by("pk").values_list("pk", flat=True)[:most]):
        with writing_in_turn(), transaction.atomic():
            given += _give(pk)
    return given


def revoke_certificate(certificate: Certificate, *, by, category: str, reason: str) -> Certificate:
    """It no longer counts: the public page says so with the day and the kind of reason; the
    holder is told the reason itself.

    Raises PermissionDenied, or TransitionRefused without a kind and a reason, or twice.
    """
    with transaction.atomic():
        found = _locked(certificate)
        if not can_manage_certificates(by, found.programme):
            raise PermissionDenied
        if not found.is_valid:
            raise TransitionRefused(_("This certificate has been revoked already."))
        if category not in RevokeCategory.values:
            raise TransitionRefused(_("Choose which kind of reason it is."))
        reason = need_reason(reason)
        found.revoked_at, found.revoke_category = timezone.now(), category
        found.save(update_fields=["revoked_at", "revoke_category"])
        CertificateEvent.objects.create(
            certificate=found, verb="revoke", by=by, category=category, reason=reason
        )
        tell("workshops.certificate_revoked", found, reason=reason)
        return found


def reinstate_certificate(certificate: Certificate, *, by, reason: str) -> Certificate:
    """It counts again, as it was given. Raises PermissionDenied, or TransitionRefused without a
    reason, or where it counts."""
    with transaction.atomic():
        found = _locked(certificate)
        if not can_manage_certificates(by, found.programme):
            raise PermissionDenied
        if found.is_valid:
            raise TransitionRefused(_("This certificate counts: there is nothing to reinstate."))
        reason = need_reason(reason)
        found.revoked_at, found.revoke_category = None, ""
        found.save(update_fields=["revoked_at", "revoke_category"])
        CertificateEvent.objects.create(certificate=found, verb="reinstate", by=by, reason=reason)
        tell("workshops.certificate_reinstated", found, reason=reason)
        return found


# --- files ----------------------------------------------------------------------------------
def ask_for_files(session: Session, *, by) -> int:
    """Have the files of all certificates of a session made. Twice changes nothing. Returns how
    many are wanted now. Raises PermissionDenied."""
    if not can_manage_certificates(by, session.programme):
        raise PermissionDenied
    rows = Certificate.objects.filter(
        enrolment__session=session, drawn_at__isnull=True, asked_at__isnull=True
    )
    return rows.update(asked_at=timezone.now())


def certificate_file(certificate: Certificate) -> bytes:
    """The PDF: the one that is kept, else drawn now and kept. Raises PrintingUnavailable."""
    name = name_of_file(certificate)
    if certificate.file_name == name and default_storage.exists(name):
        with default_storage.open(name) as kept:
            return kept.read()
    content = draw_certificate(certificate)
    if default_storage.exists(name):
        default_storage.delete(name)  # another process kept the same sheet, or half of it
    default_storage.save(name, ContentFile(content))
    Certificate.objects.filter(pk=certificate.pk).update(
        file_name=name, drawn_at=timezone.now(), drawing_until=None
    )
    return content


def draw_files(most_s: float = DRAWING_S, most: int | None = None) -> int:
    """Draw the files that are wanted, until the time is over or `most` are made. Returns how many.

    Each is claimed first, so that two workers do not draw the same; a claim
    ends by itself. Does nothing where the machine cannot draw.
    """
    made, until = 0, time.monotonic() + most_s
    while (most is None or made < most) and time.monotonic() < until:
        pk = _claim()
        if pk is None:
            break
        try:
            certificate_file(Certificate.objects.get(pk=pk))
        except PrintingUnavailable as missing:
            Certificate.objects.filter(pk=pk).update(drawing_until=None)
            log.warning("certificates_not_drawn", reason=str(missing))
            break
        made += 1
    return made


def progress(session: Session) -> dict[str, int]:
    """How far certificates of a session are: due, given, wanted as files, drawn. Two queries."""
    rows = Certificate.objects.filter(enrolment__session=session)
    found = list(rows.values_list("asked_at", "drawn_at"))
    return {
        "due": due().filter(session=session).count(),
        "given": len(found),
        "asked": sum(bool(asked or drawn) for asked, drawn in found),
        "drawn": sum(bool(drawn) for _asked, drawn in found),
    }


# --- parts ----------------------------------------------------------------------------------
def _give(pk: int) -> bool:
    """Under the enrolment's lock, once more asked whether it is due."""
    row = Enrolment.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or not due().filter(pk=pk).exists():
        return False
    rows = Enrolment.objects.select_related("user", "distributor", "session__programme", "proof")
    made = write_certificate(rows.get(pk=pk), timezone.now())
    tell("workshops.certificate_given", made)
    return True


def write_certificate(row: Enrolment, at: datetime.datetime) -> Certificate:
    """The row with all that is true now, and its event; nobody is told. Inside a transaction."""
    session, proof = row.session, getattr(row, "proof", None)
    made = Certificate.objects.create(
        enrolment=row,
        user=row.user,
        number=f"new-{secrets.token_hex(4)}",  # until its key is known
        code=new_code(),
        holder_name=row.user.get_full_name(),
        programme=session.programme,
        titles=_titles(session.programme),
        language=_language(row),
        distributor_name=str(row.distributor or ""),
        first_day=session.first_day,
        last_day=session.last_day,
        practice_on=local_day(proof.since, row.user.time_zone) if proof else None,
        given_at=at,
    )
    made.number = f"C-{at.year}-{made.pk:05}"
    made.save(update_fields=["number"])
    CertificateEvent.objects.create(certificate=made, verb="give", by=system(), at=at)
    return made


def new_code() -> str:
    """A code that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def _titles(programme) -> dict[str, str]:
    """The title of each live page; the working name in English where there is none."""
    rows = ProgrammePage.objects.filter(programme=programme, live=True)
    found = dict(rows.values_list("locale__language_code", "title"))
    return {"en": programme.name} | found


def _language(enrolment: Enrolment) -> str:
    """The holder's language; where that is English, the first other that they were taught in."""
    own = enrolment.user.interface_language
    if own in codes() and own != "en":
        return own
    return enrolment.language if enrolment.language in codes() else "en"


def _locked(certificate: Certificate) -> Certificate:
    Certificate.objects.select_for_update().get(pk=certificate.pk)
    return Certificate.objects.select_related("programme", "user").get(pk=certificate.pk)


def _claim() -> int | None:
    """One that nobody draws, held for LEASE_S."""
    now = timezone.now()
    waiting = Certificate.objects.to_draw(now)
    until = now + datetime.timedelta(seconds=LEASE_S)
    keys = waiting.order_by("asked_at", "pk").values_list("pk", flat=True)
    while (pk := keys.first()) is not None:
        if waiting.filter(pk=pk).update(drawing_until=until):
            return pk
    return None


def normal_code(typed: str) -> str:
    """A code as it is kept, from what somebody typed: spaces, dashes and case do not matter."""
    return "".join(sign for sign in typed.upper() if sign in ALPHABET)[: CODE_LENGTH + 1]
