"""Participants are written to; the roster as a file; a letter of invitation for a visa."""

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.decorators import ratelimit

from network.exceptions import PrintingUnavailable
from network.languages import autonym, codes
from network.numbers import row_keys
from network.pdf import PACKAGES
from network.tables import csv_file, xlsx_file
from workshops.letters import letter_pdf
from workshops.models import Enrolment, Session
from workshops.permissions import can_read_roster, can_see_needs
from workshops.rosters import roster
from workshops.session_forms import LetterForm, MessageForm
from workshops.transitions.messaging import WRITABLE, message_participants
from workshops.views.coordinating.preview import Change, answer, session_of

FORMS = {"csv": csv_file, "xlsx": xlsx_file}
# A letter costs about a second of a processor.
PDF_RATE = "20/m"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_message(request, number: str):
    """Write to all or chosen participants, in one or more languages."""
    session = session_of(request, number)
    places = Enrolment.objects.filter(session=session, state__in=WRITABLE)
    rows = list(places.select_related("user"))
    there = {row.state for row in rows}
    picked = row_keys(request.POST.getlist("person"))
    form = MessageForm(
        request.POST or None,
        languages=languages_for([session], rows),
        to="attended" if "attended" in there and "enrolled" not in there else "enrolled",
    )

    def send(typed: MessageForm):
        chosen = picked if typed.cleaned_data["to"] == "chosen" else None
        return message_participants(
            [session],
            by=request.user,
            texts=typed.texts(),
            once=typed.key(sorted(picked)),
            states=typed.states,
            people=chosen,
        )

    what = Change(
        sessions=[session],
        heading=_("Write to participants"),
        action=_("Send it"),
        done=_("Sent."),
        change=send,
        form=form,
        describe=lambda count: {"count": count, "texts": written(form)},
        template="workshops/coordinating/message.html",
        shown="workshops/coordinating/shown_message.html",
        next_url=reverse("desk_session", args=[number]),
        context={
            "rows": [{"enrolment": row, "is_picked": row.user_id in picked} for row in rows],
            "readers": readers(rows),
        },
    )
    return answer(request, what)


def languages_for(sessions: list[Session], rows: list[Enrolment]) -> list[str]:
    """Languages to write in: most read first, those taught, then English; all the others last."""
    read = [code for code, _number in readers(rows).most_common()]
    taught = [code for session in sessions for code in session.languages]
    return [code for code in dict.fromkeys([*read, *taught, "en", *codes()]) if code in codes()]


def readers(rows: list[Enrolment]) -> Counter[str]:
    """Language → how many of them read the site in it."""
    return Counter(row.user.interface_language for row in rows)


def written(form: MessageForm) -> list[dict]:
    """The texts as they go out, for the preview."""
    return [
        {"code": code, "name": autonym(code), "subject": subject, "body": body}
        for code, (subject, body) in form.texts().items()
        if subject and body
    ]


@login_required
@require_safe
@never_cache
def session_roster(request, number: str, form: str):
    """Who comes, as CSV or xlsx: for the coordinator with needs, for trainers without."""
    rows = Session.objects.select_related("programme").prefetch_related("trainers")
    session = get_object_or_404(rows, number=number)
    if form not in FORMS or not can_read_roster(request.user, session):
        raise Http404
    table = roster(session, with_needs=can_see_needs(request.user, session))
    return FORMS[form](f"roster-{session.number}", table)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ratelimit(key="user", rate=PDF_RATE, method="POST", block=False)
def session_letter(request, number: str, pk: int):
    """A letter of invitation for somebody with a seat, in English and another language."""
    session = session_of(request, number)
    row = get_object_or_404(
        Enrolment.objects.select_related("user", "distributor__country"),
        pk=pk,
        session=session,
        state__in=("enrolled", "attended"),
    )
    row.session = session
    initial = {"language": _second_language(row)}
    form = LetterForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if getattr(request, "limited", False):
            return render(request, "429.html", status=429)
        status = 422
        if form.is_valid():
            try:
                content = letter_pdf(row, by=request.user, **form.cleaned_data)
            except PrintingUnavailable as unavailable:
                context = {"detail": str(unavailable), "packages": PACKAGES, "session": session}
                return render(
                    request, "workshops/coordinating/letter_unavailable.html", context, status=503
                )
            response = HttpResponse(content, content_type="application/pdf")
            name = f"invitation-{session.number}-{row.pk}.pdf"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            response["Cache-Control"] = "private, no-store"
            return response
    context = {"form": form, "session": session, "enrolment": row}
    return render(request, "workshops/coordinating/letter.html", context, status=status)


def _second_language(row: Enrolment) -> str:
    """The person's own, or another that is taught; English stands there anyway."""
    order = [row.user.interface_language, *row.session.languages, *codes()]
    return next(code for code in order if code != "en")
