"""Desk lines of responses: the answers that a person owes, and results still to be told."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulletins.models import HandOver, Response
from bulletins.response_messages import open_for, title_for
from bulletins.response_queries import MEASURE_AFTER
from network.localize import number_text
from network.permissions import is_member, managed_distributors, standing
from network.registry import DeskItem


def response_items(user):
    """Answers that this person owes: one line for a firm's, one for each that was handed over."""
    if not is_member(user) or not standing(user).memberships:
        return
    found = open_for(user)
    if not found:
        return
    managed = {firm.pk for firm in managed_distributors(user)}
    handed = {}
    if any(firm.pk not in managed for firm, _case in found):
        handed = dict(HandOver.objects.open().filter(to=user).values_list("case", "until"))
    firms = defaultdict(list)
    for firm, case in found:
        if firm.pk not in managed and case.pk in handed:
            yield DeskItem(
                title=title_for(case),
                what=_("Answer what your distributor does with this story."),
                url=reverse("response", args=[firm.pk, case.number]),
                since=_asked_since(case),
                due=_end_of(handed[case.pk]),
                minutes=1,
                state="submitted",
                state_label=firm.name,
                action=_("Answer"),
            )
        else:
            firms[firm.pk].append((firm, case))
    for rows in firms.values():
        count = len(rows)
        yield DeskItem(
            title=rows[0][0].name,
            what=ngettext(
                "%(count)s story waits for your distributor’s answer.",
                "%(count)s stories wait for your distributor’s answer.",
                count,
            )
            % {"count": number_text(count)},
            url=reverse("responses"),
            since=min(_asked_since(case) for _firm, case in rows),
            minutes=count,
            state="submitted",
            state_label=_("Response"),
            action=_("Answer"),
        )


def results_items(user):
    """Practices that a firm took over and has told no figures of: one line a firm. One query."""
    firms = managed_distributors(user)
    if not firms:
        return
    waiting = defaultdict(list)
    rows = Response.objects.to_measure().filter(distributor__in=firms)
    for firm, adopted_at in rows.values_list("distributor", "adopted_at"):
        waiting[firm].append(adopted_at)
    for firm in firms:
        count = len(waiting[firm.pk])
        if not count:
            continue
        yield DeskItem(
            title=firm.name,
            what=ngettext(
                "What came of %(count)s practice that your distributor took over?",
                "What came of %(count)s practices that your distributor took over?",
                count,
            )
            % {"count": number_text(count)},
            url=reverse("responses") + "#to-report",
            since=min(waiting[firm.pk]) + MEASURE_AFTER,
            minutes=2 * count,
            state="published",
            state_label=_("Results"),
            action=_("Report the results"),
        )


def _asked_since(case):
    place = getattr(case, "in_issue", None)
    return (place.issue.released_at if place else None) or case.published_at or case.since


def _end_of(day):
    """The last moment of a day, as due times are moments."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))
