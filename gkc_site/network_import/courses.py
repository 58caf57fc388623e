"""Courses done, from a sheet: looked at line by line, written together at the end."""

import datetime

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from gkc_site.network_import.files import SheetRow
from gkc_site.network_import.values import Change, Wrong, needed
from network.models import User
from network.numbers import western_digits
from network.permissions import with_standing
from workshops.models import Programme
from workshops.transitions import note_courses


class Courses:
    """What one sheet says about courses. `firms`: a manager's own; None for the whole network.

    Nine queries for any number of lines, beside the writing.
    """

    def __init__(self, by: User, firms: list | None):
        self._by, self._firms = by, firms
        self._rows: list[tuple[SheetRow, str, Programme, datetime.date]] = []

    @cached_property
    def _programmes(self) -> dict[str, Programme]:
        return {one.key: one for one in Programme.objects.visible_to(self._by)}

    @cached_property
    def _people(self) -> dict[str, User]:
        """By address: members of the firms, or everybody's. Read after the people's own lines."""
        rows = User.objects.filter(is_active=True, is_system=False)
        if self._firms is not None:
            rows = rows.members_of(*self._firms)
        return {person.email: person for person in rows}

    def add(self, row: SheetRow) -> None:
        """Take a line. Raises Wrong for a person, programme or day that cannot be."""
        email = User.objects.normalize_email(needed(row, "email"))
        if email not in self._people:
            raise Wrong(
                "email",
                _("No member has this address.")
                if self._firms is None
                else _("No member of yours has this address. Invite the person first."),
            )
        programme = self._programmes.get(needed(row, "programme"))
        if programme is None:
            raise Wrong("programme", _("“%(value)s” is not known.") % {"value": row["programme"]})
        self._rows.append((row, email, programme, _day(row)))

    def write(self) -> list[Change]:
        """Note all of them; those that stand there already change nothing."""
        if not self._rows:
            return []
        with_standing(
            {self._people[email].pk: self._people[email] for _r, email, *_m in self._rows}.values()
        )
        wanted = [
            (self._people[email], programme, day) for _row, email, programme, day in self._rows
        ]
        return [
            Change(
                "course",
                f"{record.user.email} {record.programme.key} {record.done_on}",
                is_new=is_new,
                fields=() if is_new else ("confirmed",),
            )
            for record, is_new in note_courses(wanted, by=self._by)
        ]


def _day(row: SheetRow) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(western_digits(needed(row, "done_on")))
    except ValueError:
        raise Wrong("done_on", _("Write the day as 2026-05-31.")) from None
    if day > timezone.localdate():
        raise Wrong("done_on", _("Enter a course once it is done."))
    return day
