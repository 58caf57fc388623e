"""Two seats at the same time: who would have to be at two places at once.

Never refused. A session moves with its people, two of them merge, a waiting
list or a manager's yes may end in a second seat; which of the two to give up,
the person knows. So it is said wherever it arises: on the page before one
enrols, to the manager who enrols or approves, in the coordinator's preview,
and in the mail of a seat, an offer, a move or a merger.

Takes sessions and people and imports no model of this room.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from workshops import when
from workshops.titles import Title, titles_for


@dataclass(frozen=True)
class Clash:
    """A seat elsewhere at the time of a session."""

    user_id: int
    session: object  # the other one
    title: Title

    @property
    def days(self) -> str:
        return when.days_text(self.session)

    @property
    def sentence(self) -> str:
        """To the person."""
        return _("At the same time you have a seat in “%(title)s”, %(days)s.") % {
            "title": self.title.title,
            "days": self.days,
        }


def clashes_of(session, people: Iterable, order: list[str]) -> dict[int, list[Clash]]:
    """Person → their seats in other sessions at the time of this one, titles in these languages.

    One query, and one for titles where there are any.
    """
    rows = session.enrolments.model.objects.at_the_time_of(session).filter(user__in=people)
    found = list(rows.select_related("session__programme").order_by("session__starts_at", "pk"))
    titles = titles_for({row.session.programme for row in found}, order)
    clashes: dict[int, list[Clash]] = {}
    for row in found:
        made = Clash(row.user_id, row.session, titles[row.session.programme_id])
        clashes.setdefault(row.user_id, []).append(made)
    return clashes


def lines_for(session, user) -> list[str]:
    """For a mail about a seat in the session: each other seat at that time, and what to do."""
    found = clashes_of(session, [user.pk], user.reading_languages).get(user.pk, [])
    if not found:
        return []
    return [*(one.sentence for one in found), _("Give one of them up, so that another can come.")]


def double_booked(session, order: list[str]) -> list[tuple[str, Clash]]:
    """(name, clash) for everybody with a seat here who has another one at that time. Two queries,
    and one for titles where there are any."""
    seated = session.enrolments.filter(state__in=["offered", "enrolled"]).select_related("user")
    names = {row.user_id: row.user.display_name for row in seated}
    found = clashes_of(session, list(names), order)
    return sorted(
        ((names[pk], clash) for pk, clashes in found.items() for clash in clashes),
        key=lambda pair: (pair[0].casefold(), pair[1].session.pk),
    )
