"""The table of sessions, and one session's page at the coordinator's desk."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.languages import autonym
from network.localize import list_text
from network.tables import csv_file
from touchpoints.api import object_key
from touchpoints.models import Mailing
from workshops import when
from workshops.handouts import shown
from workshops.models import (
    Enrolment,
    EnrolmentState,
    OfferState,
    SeatOffer,
    Session,
    SessionState,
)
from workshops.models.session import ENROLLABLE
from workshops.permissions import coordinates_any
from workshops.transitions.messaging import KIND
from workshops.transitions.moving import CHANGEABLE
from workshops.views.coordinating.log import NEWEST, lines_in_words, log_of
from workshops.views.coordinating.preview import session_of
from workshops.worklist import Table, lines_of, page_of, table

LOG = 30  # events a page
MESSAGES = 20
# In the order that a coordinator looks at them.
GROUPS = ("offered", "enrolled", "waiting", "requested", "nominated", "attended", "no_show")


@login_required
@require_safe
@never_cache
def session_table(request):
    """What needs a decision first; filters; the same as CSV by `?form=csv`. Nine queries or so."""
    if not coordinates_any(request.user):
        raise PermissionDenied
    found = table(request.user, request.GET)
    if request.GET.get("form") == "csv":
        return _csv(found)
    page_of(found, request.GET.get("page"))
    context = {"table": found}
    return render(request, "workshops/coordinating/table.html", context)


def _csv(found: Table):
    prefetch_related_objects([line.session for line in found.lines], "trainers", "days")
    head = [
        *(_("Number"), _("Programme"), _("State"), _("First day"), _("Last day"), _("Time zone")),
        *(_("Where"), _("Languages"), _("Trainers"), _("Seats"), _("Taken"), _("Waiting")),
        *(_("People wanted at least"), _("Go or no-go on"), _("Enrolment closes"), _("Needs")),
    ]
    rows = [head]
    for line in found.lines:
        session = line.session
        rows.append(
            [
                session.number,
                line.title.title,
                session.get_state_display(),
                session.first_day.isoformat(),
                session.last_day.isoformat(),
                session.time_zone,
                line.place,
                list_text(autonym(code) for code in session.languages),
                list_text(line.trainers),
                session.seats,
                line.seats.taken,
                line.seats.waiting,
                session.minimum,
                session.decide_on.isoformat() if session.decide_on else "",
                timezone.localtime(session.enrol_until, session.zone).isoformat(timespec="minutes"),
                list_text(lack.label for lack in line.lacks),
            ]
        )
    return csv_file("sessions", rows)


@login_required
@require_safe
@never_cache
def desk_session(request, number: str):
    """All about a session: what it needs, its people, what may be done, messages, history."""
    session = session_of(request, number)
    now = timezone.now()
    line = lines_of([session], request.user, now)[0]
    rows = list(
        Enrolment.objects.filter(session=session)
        .exclude(state__in=("cancelled", "refused", "lapsed"))
        .select_related("user", "distributor__country", "region", "review_area")
    )
    offers = dict(
        SeatOffer.objects.filter(enrolment__session=session, state=OfferState.OPEN).values_list(
            "enrolment", "expires_at"
        )
    )
    log = Paginator(log_of(session).order_by(*NEWEST), LOG).get_page(request.GET.get("log"))
    written = Mailing.objects.filter(kind=KIND, object_key=object_key(session)).order_by("-pk")
    materials = list(session.materials.select_related("document"))
    context = {
        "session": session,
        "line": line,
        "title": line.title,
        "hours": when.hours_text(session),
        "days": when.span_lines(session),
        "groups": _groups(rows, offers, request.user, session.starts_at > now),
        "people": len(rows),
        "quotas": [_quota(quota, line.seats) for quota in session.quotas.all()],
        "materials": list(shown(request, materials).values()),
        "is_changeable": session.state in CHANGEABLE and session.starts_at > now,
        "may_come_in": session.state in ENROLLABLE and now < session.enrol_until,
        "is_planned": session.state == SessionState.PLANNED,
        "is_open": session.state == SessionState.OPEN,
        "log": log,
        "events": lines_in_words(log, request.user),
        "messages_sent": [
            {
                "at": mailing.created_at,
                "texts": [(code, *text) for code, text in mailing.data.get("texts", {}).items()],
                "people": len(mailing.data.get("people", [])),
            }
            for mailing in written[:MESSAGES]
        ],
        "merged_from": list(Session.objects.filter(merged_into=session)),
    }
    return render(request, "workshops/coordinating/session.html", context)


def _groups(rows: list[Enrolment], offers: dict, reader, is_ahead: bool) -> list[dict]:
    """People by state, each with the place in line where there is one, and what the reader may
    do."""
    found = []
    for state in GROUPS:
        people = [row for row in rows if row.state == state]
        if people:
            found.append(
                {
                    "state": state,
                    "label": EnrolmentState(state).label,
                    "rows": [
                        {
                            "enrolment": row,
                            "place": number if state == "waiting" else None,
                            "until": offers.get(row.pk),
                            "may_take_out": is_ahead and row.is_live and row.user_id != reader.pk,
                            "may_answer": state == "requested" and row.user_id != reader.pk,
                            "scope": row.region or row.review_area,
                            "needs": [text for text in row.needs.values() if text],
                        }
                        for number, row in enumerate(people, 1)
                    ],
                }
            )
    return found


def _quota(quota, seats) -> dict:
    return {
        "name": (quota.region or quota.review_area).name,
        "seats": quota.seats,
        "held": seats.held[quota.scope],
        "until": quota.held_until,
        "is_open": quota.opened_at is not None or quota.held_until <= timezone.now(),
    }
