"""What waits for a coordinator on the desk: sessions whose day of go or no-go has come."""

import datetime
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.languages import reading_order
from network.registry import DeskItem, Menu, desk_items, desk_places
from workshops import when
from workshops.models import Session
from workshops.permissions import coordinates_any
from workshops.seats import count_seats, taken_words
from workshops.titles import titles_for
from workshops.transitions.deciding import sessions_to_decide

MINUTES = 5


def decision_items(user):
    """Sessions to decide about, for who coordinates them: five queries at most."""
    if not coordinates_any(user):
        return
    now = timezone.now()
    due = sessions_to_decide(now)
    if not due:
        return
    keys = [session.pk for session in due]
    mine = set(
        Session.objects.coordinated_by(user).filter(pk__in=keys).values_list("pk", flat=True)
    )
    due = [session for session in due if session.pk in mine]
    seats = count_seats(due, now)
    titles = titles_for({session.programme for session in due}, reading_order(user))
    for session in due:
        title = titles[session.programme_id]
        at = datetime.datetime.combine(session.decide_on, datetime.time(), tzinfo=session.zone)
        yield DeskItem(
            title=title.title,
            language=title.language if title.is_foreign else "",
            what=f"{when.days_text(session)} · "
            + taken_words(seats[session.pk].taken, session.minimum),
            url=reverse("desk_session", args=[session.number]),
            since=at,
            due=at + datetime.timedelta(days=1),
            minutes=MINUTES,
            state="returned",
            state_label=_("Go or no-go"),
            action=_("Decide"),
        )


def places(user):
    """The table of sessions, and the programmes."""
    if coordinates_any(user):
        yield Menu(_("Sessions of workshops"), partial(reverse, "session_table"), 39)
        yield Menu(_("Programmes of workshops"), partial(reverse, "programme_list"), 39)


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("workshops.decisions", decision_items)
    desk_places.register("workshops.coordinating", places)
