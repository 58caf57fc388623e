"""Whom an issue reached: the report, its CSV, and one distributor with what to do (R13)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.models import BulletinIssue, HandDelivery
from bulletins.permissions import can_record_delivery, can_view_reach, can_view_reach_of
from bulletins.reach import KIND, report, reports
from bulletins.reach_forms import HandDeliveryForm
from bulletins.transitions import record_delivery, take_back_delivery
from network.models import Distributor, Membership
from network.tables import csv_file
from touchpoints.api import object_key
from touchpoints.models import Delivery, Suppression
from touchpoints.permissions import can_restore_address

STATES = {
    "reached": gettext_lazy("Reached"),
    "waiting": gettext_lazy("On the way"),
    "unreached": gettext_lazy("Not reached"),
    "ended": gettext_lazy("No longer active"),
}
MARKS = {"reached": "published", "waiting": "submitted", "unreached": "late", "ended": "draft"}
HOW = {
    "mail": gettext_lazy("Its mail server took the mail, which did not come back."),
    "opened": gettext_lazy("A contact opened the issue signed in."),
    "by_hand": gettext_lazy("Delivered by other means."),
}


@login_required
@require_safe
def issue_reaches(request):
    """Every released issue, the newest first: how many distributors it reached."""
    if not can_view_reach(request.user):
        raise PermissionDenied
    found = reports(BulletinIssue.objects.released().order_by("-month"))
    context = {"issues": [(one.issue, one.counts) for one in found]}
    return render(request, "bulletins/issue_reaches.html", context)


@login_required
@require_safe
def issue_reach(request, pk: int):
    """Every distributor of an issue: reached how and when, or not and why."""
    issue = _released(pk)
    if not can_view_reach(request.user):
        raise PermissionDenied
    found = report(issue)
    chosen = request.GET.get("state", "")
    rows = found.of_state(chosen) if chosen in STATES else found.rows
    counts = found.counts
    context = {
        "issue": issue,
        "rows": [shown(row) for row in rows],
        "chosen": chosen if chosen in STATES else "",
        "states": [(state, label, counts[state]) for state, label in STATES.items()],
        "total": len(found.rows),
        "read": counts["read"],
    }
    return render(request, "bulletins/issue_reach.html", context)


@login_required
@require_safe
def issue_reach_csv(request, pk: int):
    """The same rows as a table for other programs; times in UTC."""
    issue = _released(pk)
    if not can_view_reach(request.user):
        raise PermissionDenied
    rows = [
        [
            _("Issue"),
            _("Code"),
            _("Distributor"),
            _("Country"),
            _("Review area"),
            _("State"),
            _("How"),
            _("When"),
            _("To whom"),
            _("Reasons"),
            _("What to do"),
            _("Stories read"),
        ]
    ]
    for row in report(issue).rows:
        line = shown(row)
        firm = row.distributor
        cells = [
            *(f"{issue.month:%Y-%m}", firm.code, firm.name, firm.country.name),
            *(firm.review_area.name, line["label"], line["how"]),
            *(row.at.isoformat() if row.at else "", row.who),
            *(" ".join(line["reasons"]), " ".join(line["to_do"]), row.stories_read),
        ]
        rows.append(cells)
    return csv_file(f"reach-{issue.month:%Y-%m}", rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reach_distributor(request, pk: int, code: str):
    """How an issue went to one distributor, what to do, and a form for other means."""
    issue = _released(pk)
    firm = get_object_or_404(Distributor.objects.select_related("country__review_area"), code=code)
    if not can_view_reach_of(request.user, firm):
        raise PermissionDenied
    may_record = can_record_delivery(request.user, firm)
    form = HandDeliveryForm(request.POST or None)
    if request.method == "POST":
        if not may_record:
            raise PermissionDenied
        if form.is_valid():
            try:
                record_delivery(issue, firm, by=request.user, **form.cleaned_data)
            except TransitionRefused as refusal:
                form.add_error("given_on", str(refusal))
            else:
                messages.success(request, _("Recorded."))
                return redirect("reach_distributor", pk, code)
    context = _distributor_context(request, issue, firm) | {"form": form, "may_record": may_record}
    status = 422 if request.method == "POST" else 200
    return render(request, "bulletins/reach_distributor.html", context, status=status)


def _distributor_context(request, issue, firm) -> dict:
    row = next(
        (row for row in report(issue, [firm.review_area]).rows if row.distributor == firm), None
    )
    contacts = list(
        Membership.objects.current().contacts().filter(distributor=firm).select_related("user")
    )
    out = {
        found.address: found
        for found in Suppression.objects.in_force().filter(
            address__in=[contact.user.email for contact in contacts]
        )
    }
    mails = Delivery.objects.filter(
        mailing__kind=KIND, mailing__object_key=object_key(issue), distributor=firm
    )
    return {
        "issue": issue,
        "firm": firm,
        "row": shown(row) if row else None,
        "contacts": [
            {
                "contact": contact,
                "out": out.get(contact.user.email),
                "may_restore": can_restore_address(request.user, contact.user.email),
            }
            for contact in contacts
        ],
        "mails": [
            {"mail": mail, "reason": gettext(mail.reason) if mail.reason else ""} for mail in mails
        ],
        "by_hand": HandDelivery.objects.filter(issue=issue, distributor=firm).select_related(
            "by", "taken_back_by"
        ),
    }


@login_required
@require_POST
def reach_take_back(request, pk: int):
    """A delivery by other means was recorded in error."""
    record = get_object_or_404(
        HandDelivery.objects.select_related("distributor__country__review_area"), pk=pk
    )
    take_back_delivery(record, by=request.user)
    messages.success(request, _("Taken back. It stays in the history."))
    return redirect("reach_distributor", record.issue_id, record.distributor.code)


def shown(row) -> dict:
    """A row of the report in the reader's language."""
    return {
        "row": row,
        "label": STATES[row.state],
        "mark": MARKS[row.state],
        "how": HOW.get(row.how, ""),
        "reasons": [gettext(reason) for reason in row.reasons],
        "to_do": [gettext(step) for step in row.to_do],
    }


def _released(pk: int) -> BulletinIssue:
    return get_object_or_404(BulletinIssue.objects.released(), pk=pk)
