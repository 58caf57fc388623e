"""A certificate for its holder, its file; the coordinator's page; the public check."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.core import get_usage, is_ratelimited

from network.exceptions import PrintingUnavailable
from network.languages import reading_order
from network.localize import number_text
from network.pdf import PACKAGES
from workshops import printing, when
from workshops.exceptions import TransitionRefused
from workshops.models import Certificate, Enrolment, RevokeCategory, Session
from workshops.permissions import can_manage_certificates
from workshops.proof_forms import ReasonForm, RevokeForm
from workshops.titles import titles_for
from workshops.transitions import (
    ask_for_files,
    certificate_file,
    certificate_progress,
    normal_code,
    reinstate_certificate,
    revoke_certificate,
)
from workshops.views.practice import MARKS
from workshops.views.sessions import session_for

PDF_RATE = "30/m"  # sheets a person
VERIFY_RATE = "60/m"  # checks from one address
# Codes that are none, from one address: typing errors are fewer, guessing is over.
UNKNOWN_RATE = "20/h"


def certificate_for(user, number: str) -> Certificate:
    """A certificate this person may open. Raises Http404."""
    rows = Certificate.objects.visible_to(user).select_related("user", "programme")
    return get_object_or_404(rows, number=number)


@login_required
@require_safe
@never_cache
def certificate(request, number: str):
    """The sheet as it will be printed; whether it counts; how to pass it on."""
    return _page(request, certificate_for(request.user, number))


def _page(request, found: Certificate, *, form=None, status: int = 200):
    manages = can_manage_certificates(request.user, found.programme)
    title, language = found.title_in(get_language())
    context = {
        "certificate": found,
        "title": title,
        "title_language": language,
        "sides": printing.sides(found),
        "is_own": found.user_id == request.user.pk,
        "address": printing.verify_address(found),
        "manages": manages,
        "events": list(found.events.select_related("by")) if manages else [],
        "form": form or (RevokeForm() if found.is_valid else ReasonForm()),
        "category": _category(found),
        "session_number": found.enrolment.session.number if manages else "",
    }
    return render(request, "workshops/certificate.html", context, status=status)


def _category(found: Certificate) -> str:
    return "" if found.is_valid else str(RevokeCategory(found.revoke_category).label)


@login_required
@require_safe
def certificate_pdf(request, number: str):
    """The file: kept, or drawn now; 503 with advice where the machine cannot."""
    found = certificate_for(request.user, number)
    if is_ratelimited(request, group="certificate", key="user", rate=PDF_RATE, increment=True):
        return render(request, "429.html", status=429)
    try:
        content = certificate_file(found)
    except PrintingUnavailable as missing:
        context = {"detail": str(missing), "packages": PACKAGES, "certificate": found}
        return render(request, "workshops/certificate_unavailable.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_POST
def certificate_change(request, number: str, action: str):
    """Revoke, or reinstate; the holder is told why."""
    found = certificate_for(request.user, number)
    if not can_manage_certificates(request.user, found.programme):
        raise PermissionDenied
    if action not in ("revoke", "reinstate"):
        raise Http404
    form = (RevokeForm if action == "revoke" else ReasonForm)(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=400)
    change = revoke_certificate if action == "revoke" else reinstate_certificate
    try:
        change(found, by=request.user, **form.cleaned_data)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, found, form=form, status=409)
    messages.success(request, _("The holder is told."))
    return redirect("certificate", number)


# --- a session's certificates ------------------------------------------------------------
@login_required
@require_safe
@never_cache
def session_certificates(request, number: str):
    """How far they are, and each of them; for the coordinator."""
    session = session_for(request.user, number)
    if not can_manage_certificates(request.user, session.programme):
        raise PermissionDenied
    rows = Certificate.objects.filter(enrolment__session=session)
    progress = certificate_progress(session)
    context = {
        "session": session,
        "title": titles_for([session.programme], reading_order(request.user))[session.programme_id],
        "days": when.days_text(session),
        "progress": progress,
        "drawing": progress["asked"] > progress["drawn"],
        "rows": list(rows.order_by("holder_name", "pk")),
        "attendees": _attendees(session, request.user),
    }
    return render(request, "workshops/session_certificates.html", context)


def _attendees(session: Session, reader) -> list[dict]:
    """Who attended, with what a certificate waits for. One query; of the evaluation only whether
    it was answered."""
    rows = Enrolment.objects.filter(session=session, state="attended").select_related(
        "user", "distributor", "evaluation_request", "proof", "certificate"
    )
    found = []
    for row in rows.order_by("user__last_name", "user__first_name", "pk"):
        proof = getattr(row, "proof", None)
        asked = getattr(row, "evaluation_request", None)
        found.append(
            {
                "person": row.user,
                "distributor": row.distributor,
                "is_asked": asked is not None,
                "has_answered": asked is not None and asked.has_answered,
                "proof": proof,
                "mark": MARKS[proof.state] if proof else "",
                "may_judge": proof is not None and row.user_id != reader.pk,
                "has_name": bool(row.user.first_name or row.user.last_name),
                "certificate": getattr(row, "certificate", None),
            }
        )
    return found


@login_required
@require_POST
def session_certificates_draw(request, number: str):
    """Have the files of all of them made."""
    session = session_for(request.user, number)
    wanted = ask_for_files(session, by=request.user)
    said = ngettext("%(count)s file is being made.", "%(count)s files are being made.", wanted) % {
        "count": number_text(wanted)
    }
    messages.success(request, said if wanted else _("All files are there, or being made."))
    return redirect("session_certificates", number)


# --- the public check ----------------------------------------------------------------------
@require_safe
@never_cache
def verify_form(request):
    """A field for the code, for whoever has it on paper."""
    typed = request.GET.get("code", "").strip()[:40]
    if code := normal_code(typed):
        return redirect("verify", code)
    return render(request, "workshops/verify.html", {"typed": typed, "noindex": True})


@require_safe
@never_cache
def verify(request, code: str):
    """Whether a certificate counts: its holder's name, programme, days, distributor, nothing else.

    The address has no language: the page is in the visitor's. A code that is
    none gets a calm page; who tries many has to wait.
    """
    if is_ratelimited(request, group="verify", key="ip", rate=VERIFY_RATE, increment=True):
        return _too_many(request)
    missed = {"group": "verify-unknown", "key": "ip", "rate": UNKNOWN_RATE}
    usage = get_usage(request, **missed, increment=False)
    if usage is not None and usage["count"] >= usage["limit"]:
        return _too_many(request)
    wanted = normal_code(code)
    found = Certificate.objects.filter(code=wanted).first() if wanted else None
    if found is None:
        get_usage(request, **missed, increment=True)
        context = {"typed": code[:40], "unknown": True, "noindex": True}
        return render(request, "workshops/verify.html", context, status=404)
    if code != found.shown_code:
        return redirect(reverse("verify", args=[found.shown_code]))
    title, language = found.title_in(get_language())
    context = {
        "certificate": found,
        "title": title,
        "title_language": language,
        "category": _category(found),
        "noindex": True,
    }
    return render(request, "workshops/verify.html", context)


def _too_many(request):
    return render(request, "429.html", status=429)
