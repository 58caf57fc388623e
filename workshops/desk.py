"""What waits for a trainee and a manager on the desk, and the section 'Your workshops'.

The number of queries does not grow with the number of places: titles come
with one query over pages.
"""

import datetime
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from network.languages import reading_order
from network.permissions import holds, is_member, managed_distributors, standing
from network.registry import DeskItem, Menu, desk_items, desk_places, desk_sections
from network.working_days import at_hour, end_of_day
from workshops import when
from workshops.duties import duties_of, employees, oversees
from workshops.models import (
    CourseRecord,
    Enrolment,
    EnrolmentState,
    ExceptionRequest,
    Programme,
    SeatOffer,
)
from workshops.permissions import (
    can_see_courses_to_confirm,
    can_see_figures,
    can_see_teaching,
    can_view_demand,
    coordinates_any,
)
from workshops.seats import count_seats
from workshops.titles import titles_for

MINUTES = {"offer": 1, "nomination": 3, "approval": 2, "course": 1, "exception": 4}
MINUTES |= {"duty": 20, "version": 10}
LISTED = 20  # places in the section
# `.state[data-s]` of gkc.css for each state of an enrolment.
MARKS = {
    EnrolmentState.REQUESTED: "submitted",
    EnrolmentState.NOMINATED: "submitted",
    EnrolmentState.WAITING: "review",
    EnrolmentState.OFFERED: "returned",
    EnrolmentState.ENROLLED: "accepted",
}


def own_items(user):
    """Seats that are offered, and nominations: three queries at most."""
    if not is_member(user):
        return
    now = timezone.now()
    rows = Enrolment.objects.filter(
        user=user, state__in=["offered", "nominated"], session__starts_at__gt=now
    )
    mine = list(rows.select_related("session__programme").order_by("since", "pk"))
    if not mine:
        return
    titles = titles_for({row.session.programme for row in mine}, reading_order(user))
    offers = dict(
        SeatOffer.objects.filter(enrolment__in=mine, state="open").values_list(
            "enrolment", "expires_at"
        )
    )
    for row in mine:
        title = titles[row.session.programme_id]
        is_offer = row.state == EnrolmentState.OFFERED
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=_("A seat on %(days)s is held for you. Take it, or leave it to the next in line.")
            % {"days": when.days_text(row.session)}
            if is_offer
            else _("You are nominated for %(days)s. Say yes or no.")
            % {"days": when.days_text(row.session)},
            url=reverse("session", args=[row.session.number]) + "#place",
            since=row.since,
            due=offers.get(row.pk) if is_offer else row.session.enrol_until,
            minutes=MINUTES["offer" if is_offer else "nomination"],
            state=MARKS[row.state],
            state_label=row.get_state_display(),
            action=_("See the offer") if is_offer else _("Say yes or no"),
        )


def approval_items(user):
    """Requests that wait for a distributor's manager, or for a coordinator where it has none: two
    queries at most."""
    rows = Enrolment.objects.to_approve_by(user).filter(session__enrol_until__gt=timezone.now())
    waiting = list(rows.select_related("user", "session__programme").order_by("pk"))
    if not waiting:
        return
    titles = titles_for({row.session.programme for row in waiting}, reading_order(user))
    for row in waiting:
        title = titles[row.session.programme_id]
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=_("%(person)s asks for a seat on %(days)s. Approve it, or say why not.")
            % {"person": row.user.display_name, "days": when.days_text(row.session)},
            url=reverse("enrolment", args=[row.pk]),
            since=row.since,
            due=row.session.enrol_until,
            minutes=MINUTES["approval"],
            state=MARKS[row.state],
            state_label=row.get_state_display(),
            action=_("Say yes or no"),
        )


def course_items(user):
    """Courses that members say to have done, in one line: one query for managers and
    administrators."""
    if not can_see_courses_to_confirm(user):
        return
    rows = CourseRecord.objects.to_confirm_by(user).select_related("user").order_by("entered_at")
    waiting = list(rows)
    if not waiting:
        return
    yield DeskItem(
        title=_("Courses of your members")
        if managed_distributors(user)
        else _("Courses to confirm"),
        what=_("Members entered courses that they did. They count once you confirm them."),
        url=reverse("courses_to_confirm"),
        since=waiting[0].entered_at,
        minutes=MINUTES["course"] * len(waiting),
        state="submitted",
        state_label=_("To confirm"),
        action=_("Look at them"),
    )


def duty_items(user):
    """One's own yearly courses that are near or overdue: five queries at most, and none for
    whoever is at no dealer."""
    if not is_member(user) or not any(m.dealer_id for m in standing(user).memberships):
        return
    owed = [duty for duty in duties_of(employees().filter(user=user)) if duty.is_near]
    if not owed:
        return
    titles = titles_for([duty.programme for duty in owed], reading_order(user))
    for duty in owed:
        title = titles[duty.programme.pk]
        begins = duty.due - datetime.timedelta(days=settings.DUTY_REMIND_DAYS)
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=_("Your course of this year, taken online."),
            url=reverse("lab", args=[duty.lab_key]),
            since=at_hour(begins, 0, user.time_zone),
            due=end_of_day(duty.due, user.time_zone),
            minutes=MINUTES["duty"],
            state="late" if duty.is_overdue else "submitted",
            state_label=pgettext("yearly duty", "Overdue")
            if duty.is_overdue
            else pgettext("yearly duty", "Due this year"),
            action=_("Begin, or go on"),
        )


def version_items(user):
    """One's distributors' versions whose parent has changed: two queries at most. A coordinator
    finds all of them at the versions."""
    firms = managed_distributors(user) if is_member(user) else []
    if not firms:
        return
    rows = Programme.objects.current().filter(
        distributor__in=firms, tailoring__compare_since__isnull=False
    )
    marked = list(rows.select_related("tailoring").order_by("tailoring__compare_since", "pk"))
    titles = titles_for(marked, reading_order(user))
    for version in marked:
        title = titles[version.pk]
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=_("The global programme has changed. Compare your version with it."),
            url=reverse("version_compare", args=[version.key]),
            since=version.tailoring.compare_since,
            minutes=MINUTES["version"],
            state="returned",
            state_label=pgettext("version of a programme", "To compare"),
            action=_("Compare"),
        )


def exception_items(user):
    """Requests for exceptions that wait for a coordinator: two queries at most."""
    if not holds(user, "coordinator", "administrator"):
        return
    rows = ExceptionRequest.objects.to_decide_by(user).select_related("user", "programme")
    waiting = list(rows.order_by("pk")[:LISTED])
    if not waiting:
        return
    titles = titles_for({row.programme for row in waiting}, reading_order(user))
    for row in waiting:
        title = titles[row.programme_id]
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=_("%(person)s asks for an exception. Grant it until a day, or say why not.")
            % {"person": row.user.display_name},
            url=reverse("exception", args=[row.pk]),
            since=row.asked_at,
            minutes=MINUTES["exception"],
            state="submitted",
            state_label=row.get_state_display(),
            action=_("Say yes or no"),
        )


def workshops_section(user):
    """'Your workshops': what is ahead, each with the seat or the place in line. Five queries."""
    if not is_member(user) or not standing(user).memberships:
        return
    rows = Enrolment.objects.live().filter(user=user, session__ends_at__gt=timezone.now())
    mine = list(
        rows.select_related("session__programme", "session__country").order_by(
            "session__starts_at", "pk"
        )[:LISTED]
    )
    titles = titles_for({row.session.programme for row in mine}, reading_order(user))
    seats = count_seats({row.session.pk: row.session for row in mine}.values())
    places = _places(mine)
    yield {
        "template": "workshops/desk_workshops.html",
        "context": {
            "rows": [
                {
                    "enrolment": row,
                    "session": row.session,
                    "title": titles[row.session.programme_id],
                    "mark": MARKS[row.state],
                    "seats": seats[row.session_id],
                    "position": places.get(row.pk),
                    "days": when.days_text(row.session),
                    "place": when.place_text(row.session),
                }
                for row in mine
            ],
            "catalogue_url": f"/{get_language()}/workshops/",
        },
    }


def _places(mine: list[Enrolment]) -> dict[int, int]:
    """Enrolment → its place in line, from 1, for those who wait. One query."""
    waiting = {row.session_id: row.pk for row in mine if row.state == EnrolmentState.WAITING}
    if not waiting:
        return {}
    found: dict[int, int] = {}
    lines = Enrolment.objects.in_line().filter(session__in=list(waiting))
    for pk, session in lines.values_list("pk", "session"):
        if pk <= waiting[session]:
            found[waiting[session]] = found.get(waiting[session], 0) + 1
    return found


def places(user):
    """One's courses; a manager's list of courses to confirm."""
    if standing(user).memberships:
        yield Menu(_("My courses"), partial(reverse, "my_courses"), 40)
    if can_see_courses_to_confirm(user):
        yield Menu(_("Courses to confirm"), partial(reverse, "courses_to_confirm"), 41)
    if can_see_figures(user):
        yield Menu(_("Figures of the workshops"), partial(reverse, "workshop_figures"), 44)
    if can_see_teaching(user):
        yield Menu(_("Trainer’s desk"), partial(reverse, "teaching"), 39)
    if managed_distributors(user) or coordinates_any(user):
        yield Menu(_("Versions of programmes"), partial(reverse, "versions"), 43)
    if oversees(user):
        yield Menu(_("Yearly duties"), partial(reverse, "duty_list"), 42)
    if can_view_demand(user):
        yield Menu(_("Demand for workshops"), partial(reverse, "workshop_demand"), 43)


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("workshops.own", own_items)
    desk_items.register("workshops.approval", approval_items)
    desk_items.register("workshops.courses", course_items)
    desk_items.register("workshops.duties", duty_items)
    desk_items.register("workshops.versions", version_items)
    desk_items.register("workshops.exceptions", exception_items)
    desk_places.register("workshops", places)
    desk_sections.register("workshops", workshops_section)
