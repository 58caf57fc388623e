"""What is told of clocks: soon due, due, late (R18). The days are the person's own."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import date_text
from network.working_days import local_day
from review.models import Clock, Whose
from review.registry import Reviewable, reviewable_for
from touchpoints.registry import Kind, Message, register


def person(clock: Clock, data) -> list:
    """Whoever has the days."""
    return [clock.person]


def person_and_overseers(clock: Clock, data) -> list:
    """Whoever is late, and those who see that it goes on."""
    return [clock.person, *overseers(clock, data)]


def overseers(clock: Clock, data) -> list:
    """The leads of the area; where it has none but the late person, the editors."""
    thing, reviewable = _thing(clock)
    return list(reviewable.overseers(thing, clock.review.step, clock.person))


def words_soon(clock: Clock, data, user) -> Message | None:
    """Two working days before the last one."""
    lines = {
        Whose.REVIEWER: _("Your review of “%(title)s” is due on %(day)s."),
        Whose.AUTHOR: _("Your changes to “%(title)s” are due on %(day)s."),
    }
    return _message(clock, user, _("Due soon: %(title)s"), lines)


def words_due(clock: Clock, data, user) -> Message | None:
    """On the last day."""
    lines = {
        Whose.REVIEWER: _("The last day for your review of “%(title)s” is %(day)s."),
        Whose.AUTHOR: _("The last day for your changes to “%(title)s” is %(day)s."),
    }
    return _message(clock, user, _("Due on %(day)s: %(title)s"), lines)


def words_late(clock: Clock, data, user) -> Message | None:
    """To the late person, and to those who can help."""
    if user.pk == clock.person_id:
        lines = {
            Whose.REVIEWER: _(
                "Your review of “%(title)s” was due on %(day)s. The lead of the area knows."
            ),
            Whose.AUTHOR: _(
                "Your changes to “%(title)s” were due on %(day)s. The lead of the area knows."
            ),
        }
        return _message(clock, user, _("Late: %(title)s"), lines)
    lines = {
        Whose.REVIEWER: _(
            "%(name)s has “%(title)s” to review; it was due on %(day)s. "
            "You can ask, or give it to somebody else."
        ),
        Whose.AUTHOR: _(
            "%(name)s has “%(title)s” to change; it was due on %(day)s. A word may help."
        ),
    }
    return _message(clock, user, _("Late: %(title)s"), lines)


def words_away(clock: Clock, data, user) -> Message | None:
    """To the leads: nobody else is free while the reviewer is away."""
    lines = {
        Whose.REVIEWER: _(
            "%(name)s is away and has “%(title)s” to review. Nobody else is free for it: "
            "it stays with them unless you name somebody."
        )
    }
    return _message(clock, user, _("The reviewer is away: %(title)s"), lines)


def _thing(clock: Clock) -> tuple[object, Reviewable]:
    thing = clock.review.subject
    return thing, reviewable_for(thing)


def _message(clock: Clock, user, subject: str, lines: dict) -> Message | None:
    """None once the clock has ended: it is decided, answered or somebody else's."""
    if clock.ended_at is not None:
        return None
    thing, reviewable = _thing(clock)
    last = local_day(clock.due, clock.person.time_zone) if clock.due else None
    names = {
        "title": reviewable.title(thing),
        "name": clock.person.display_name,
        "day": date_text(last),
    }
    if clock.whose == Whose.AUTHOR and user.pk == clock.person_id:
        url, action = reviewable.follow_url(thing), _("See the notes and change the text")
    else:
        url = reverse("review_case", args=[getattr(thing, reviewable.key_field)])
        action = _("Open the review desk")
    line = lines[clock.whose] % names
    return Message(subject=subject % names, lines=(line,), url=url, action=action)


SOON = register(
    Kind(
        "review.clock_before",
        person,
        gettext_lazy("the reviewer or author whose days end soon"),
        words_soon,
        optional=False,
    )
)
DUE = register(
    Kind(
        "review.clock_due",
        person,
        gettext_lazy("the reviewer or author whose last day it is"),
        words_due,
        optional=False,
    )
)
LATE = register(
    Kind(
        "review.clock_late",
        person_and_overseers,
        gettext_lazy("the late reviewer or author, and the leads of the area or the editors"),
        words_late,
        optional=False,
    )
)
AWAY = register(
    Kind(
        "review.reviewer_away",
        overseers,
        gettext_lazy("the leads of the area, or the editors"),
        words_away,
        optional=False,
    )
)
