"""What waits after a session: an evaluation, practice, a list to close, a reflection.

Each provider asks at most three queries, whatever the number of rows.
"""

import datetime
from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.calendars import reading_calendar
from network.languages import reading_order
from network.permissions import is_member, managed_distributors, standing
from network.registry import DeskItem, Menu, desk_items, desk_places
from network.working_days import end_of_day, local_day
from workshops import when
from workshops.audience import coordinated, coordinates_all
from workshops.models import (
    AttendanceList,
    Enrolment,
    EvaluationRequest,
    PracticeProof,
    Reflection,
    Session,
)
from workshops.permissions import can_compare_evaluations
from workshops.titles import titles_for
from workshops.transitions.reflecting import REFLECT_WITHIN

MINUTES = {"evaluation": 3, "practice": 20, "judge": 10, "list": 2, "reflection": 10}
# A trainer is asked so long; then the coordinator is, too.
COORDINATOR_AFTER_DAYS = 7


def _titles(sessions, user) -> dict:
    return titles_for({one.programme for one in sessions}, reading_order(user))


def _item(session, titles, **fields) -> DeskItem:
    title = titles[session.programme_id]
    return DeskItem(
        title=title.title, language=title.language if title.is_foreign else "", **fields
    )


def evaluation_items(user):
    """Sessions that one attended and said nothing of yet. Two queries."""
    if not is_member(user):
        return
    rows = EvaluationRequest.objects.filter(enrolment__user=user, has_answered=False)
    waiting = list(rows.select_related("enrolment__session__programme").order_by("asked_at", "pk"))
    sessions = [row.enrolment.session for row in waiting]
    titles = _titles(sessions, user)
    for row, session in zip(waiting, sessions, strict=True):
        yield _item(
            session,
            titles,
            what=_("You attended it on %(days)s. Say what it was worth; your name stays out.")
            % {"days": when.days_text(session)},
            url=reverse("session_evaluation", args=[session.number]),
            since=row.asked_at,
            minutes=MINUTES["evaluation"],
            state="submitted",
            state_label=_("To evaluate"),
            action=_("Say what you think"),
        )


def practice_items(user):
    """Practice that one owes. Two queries."""
    if not is_member(user):
        return
    rows = PracticeProof.objects.open().filter(enrolment__user=user)
    owed = list(rows.select_related("enrolment__session__programme"))
    sessions = [row.enrolment.session for row in owed]
    titles = _titles(sessions, user)
    for row, session in zip(owed, sessions, strict=True):
        was_returned = row.state == "returned"
        yield _item(
            session,
            titles,
            what=_("It was sent back to you: read why, then hand it in again.")
            if was_returned
            else _("Show what you did with it: a text, a file or a case story."),
            url=reverse("session_practice", args=[session.number]),
            since=row.since,
            due=end_of_day(row.due_on, user.time_zone),
            minutes=MINUTES["practice"],
            state="returned" if was_returned else "draft",
            state_label=row.get_state_display(),
            action=_("Show your practice"),
        )


def judge_items(user):
    """Practice that waits for one's answer, as trainer or coordinator. Two queries."""
    rows = PracticeProof.objects.to_judge_by(user)
    waiting = list(
        rows.select_related("enrolment__user", "enrolment__session__programme").order_by(
            "since", "pk"
        )
    )
    sessions = [row.enrolment.session for row in waiting]
    titles = _titles(sessions, user)
    for row, session in zip(waiting, sessions, strict=True):
        yield _item(
            session,
            titles,
            what=_("%(person)s shows practice. Accept it, or send it back with words that help.")
            % {"person": row.enrolment.user.display_name},
            url=reverse("practice_judge", args=[row.pk]),
            since=row.since,
            minutes=MINUTES["judge"],
            state="review",
            state_label=row.get_state_display(),
            action=_("Look at it"),
        )


def list_items(user):
    """Lists that are not closed: of sessions one taught; a week later those one coordinates too.
    Two queries."""
    if not is_member(user):
        return
    now = timezone.now()
    over = Session.objects.filter(ends_at__lte=now, state__in=["open", "confirmed", "done"])
    over = over.exclude(Exists(AttendanceList.objects.filter(session=OuterRef("pk"))))
    taught = user.taught_sessions.through.objects.filter(user=user)
    mine = Q(pk__in=taught.values("session"))
    late = Q(
        Exists(Enrolment.objects.filter(session=OuterRef("pk"), state="enrolled")),
        ends_at__lte=now - datetime.timedelta(days=COORDINATOR_AFTER_DAYS),
    )
    if coordinates_all(user):
        mine |= late
    else:
        mine |= late & coordinated(user, "programme__")
    rows = list(over.filter(mine).select_related("programme").order_by("ends_at", "pk"))
    titles = _titles(rows, user)
    for session in rows:
        yield _item(
            session,
            titles,
            what=_("It is over since %(days)s. Say who was there, then close the list.")
            % {"days": when.days_text(session)},
            url=reverse("session_attendance", args=[session.number]),
            since=session.ends_at,
            minutes=MINUTES["list"],
            state="draft",
            state_label=_("List open"),
            action=_("Open the list"),
        )


def reflect_items(user):
    """Sessions one taught, whose list is closed, without a reflection of one's own: late from the
    day on which one is reminded. Three queries."""
    if not is_member(user):
        return
    since = timezone.now() - REFLECT_WITHIN
    taught = user.taught_sessions.filter(attendance_list__closed_at__gte=since)
    own = Reflection.objects.filter(session=OuterRef("pk"), author=user)
    rows = list(
        taught.exclude(Exists(own))
        .select_related("programme", "attendance_list")
        .order_by("ends_at", "pk")
    )
    if not rows:
        return
    titles, calendar = _titles(rows, user), reading_calendar(user)
    for session in rows:
        closed_at = session.attendance_list.closed_at
        yield _item(
            session,
            titles,
            what=_("What will you change after %(days)s? Name the gap, the day and what you do.")
            % {"days": when.days_text(session)},
            url=reverse("session_reflect", args=[session.number]),
            since=closed_at,
            due=calendar.end_after(closed_at, settings.REFLECTION_REMIND_AFTER_DAYS),
            minutes=MINUTES["reflection"],
            state="submitted",
            state_label=_("To reflect"),
            action=_("Reflect"),
        )


def reflection_items(user):
    """Reflections that one owns, or wrote for who is gone, from their day on until they are
    settled. Two queries."""
    if not is_member(user):
        return
    today = local_day(timezone.now(), user.time_zone)
    theirs = Q(owner=user) | Q(owner__is_active=False, author=user)
    rows = Reflection.objects.filter(theirs, is_settled=False, due_on__lte=today)
    due = list(rows.select_related("session__programme").order_by("due_on", "pk"))
    titles = _titles([row.session for row in due], user)
    for row in due:
        yield _item(
            row.session,
            titles,
            what=_("The day of your reflection has come. Say what came of it."),
            url=reverse("reflection", args=[row.pk]),
            since=row.written_at,
            due=end_of_day(row.due_on, user.time_zone),
            minutes=MINUTES["reflection"],
            state="returned",
            state_label=_("To settle"),
            action=_("Open it"),
        )


def places(user):
    """The training record; a manager's staff; what attendees say."""
    if standing(user).memberships:
        yield Menu(_("My training record"), partial(reverse, "training_record"), 42)
    if managed_distributors(user):
        yield Menu(_("Training records of your staff"), partial(reverse, "staff_records"), 43)
    if can_compare_evaluations(user):
        yield Menu(_("Evaluations of workshops"), partial(reverse, "evaluations"), 44)


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("workshops.evaluation", evaluation_items)
    desk_items.register("workshops.practice", practice_items)
    desk_items.register("workshops.judge", judge_items)
    desk_items.register("workshops.list", list_items)
    desk_items.register("workshops.reflect", reflect_items)
    desk_items.register("workshops.reflection", reflection_items)
    desk_places.register("workshops.proof", places)
