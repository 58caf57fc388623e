"""Who did this year's duty, who is overdue: the list, and the same as CSV (R29)."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.languages import reading_order
from network.tables import csv_file
from workshops.duties import duties_of, overseen_by, oversees
from workshops.titles import titles_for

A_PAGE = 50
STATES = {
    "overdue": pgettext_lazy("yearly duty", "Overdue"),
    "due": pgettext_lazy("yearly duty", "Due this year"),
    "done": pgettext_lazy("yearly duty", "Done"),
}
MARKS = {"overdue": "late", "due": "submitted", "done": "accepted"}


@login_required
@require_safe
@never_cache
def duty_list(request):
    """Employees of dealers, those overdue first."""
    rows = _rows(request)
    chosen = request.GET.get("state", "overdue")
    chosen = chosen if chosen in STATES else ""
    shown = [row for row in rows if not chosen or row["state"] == chosen]
    context = {
        "page": Paginator(shown, A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "states": [
            {"name": name, "label": label, "count": sum(row["state"] == name for row in rows)}
            for name, label in STATES.items()
        ],
        "total": len(rows),
    }
    return render(request, "workshops/duties.html", context)


@login_required
@require_safe
@never_cache
def duty_csv(request):
    """The same people, all of them, as a table for other programs."""
    head = [
        _("Distributor"),
        _("Dealer"),
        _("Name"),
        _("Email"),
        _("Course"),
        _("Last done"),
        _("Due until"),
        pgettext("of a list", "State"),
    ]
    lines = [
        [
            row["duty"].membership.distributor.name,
            row["duty"].membership.dealer.name,
            row["duty"].user.display_name,
            row["duty"].user.email,
            row["title"].title,
            row["duty"].done_on or "",
            row["duty"].due,
            str(row["label"]),
        ]
        for row in _rows(request)
    ]
    return csv_file("yearly-duties", [head, *lines])


def _rows(request) -> list[dict]:
    """Those whom this person looks after, most overdue first. Raises PermissionDenied."""
    if not oversees(request.user):
        raise PermissionDenied
    found = duties_of(overseen_by(request.user))
    titles = titles_for({duty.programme for duty in found}, reading_order(request.user))
    order = list(STATES)
    found.sort(key=lambda duty: (order.index(duty.state), duty.due))
    return [
        {
            "duty": duty,
            "title": titles[duty.programme.pk],
            "state": duty.state,
            "label": STATES[duty.state],
            "mark": MARKS[duty.state],
        }
        for duty in found
    ]
