"""What a reader chose in the catalogue, from the address. Unknown values choose nothing."""

import datetime
import re
from collections.abc import Container
from dataclasses import dataclass, fields

from django.utils.http import urlencode

from network.languages import codes
from network.models.subjects import ProcessStep
from workshops.vocabulary import Audience, Level, PlaceKind
from workshops.when import later, month_from, month_of

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_REGION = re.compile(r"[\w-]{1,50}")


@dataclass(frozen=True)
class Choices:
    """One value of each kind, '' for any. `month` is '2026-12', `day` '2026-12-09'."""

    audience: str = ""
    level: str = ""
    step: str = ""
    language: str = ""
    region: str = ""
    place: str = ""
    month: str = ""
    day: str = ""

    @classmethod
    def of(cls, query) -> "Choices":
        """From request.GET."""
        allowed = {
            "audience": lambda value: value in Audience.values,
            "level": lambda value: value in Level.values,
            "step": lambda value: value in ProcessStep.values,
            "language": lambda value: value in codes(),
            "region": lambda value: bool(_REGION.fullmatch(value)),
            "place": lambda value: value in PlaceKind.values,
            "month": lambda value: month_from(value) is not None,
            "day": lambda value: _as_day(value) is not None,
        }
        found = {name: query.get(name, "") for name in allowed}
        return cls(**{name: v for name, v in found.items() if v and allowed[name](v)})

    @property
    def any(self) -> bool:
        """Whether anything but a month is chosen."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "month")

    def fits_without_date(self, programme, labs: Container[int]) -> bool:
        """Whether a programme is listed that has no session that fits: nothing was chosen that only
        a session says, and it is given where, and of the online `labs` in the language, in which
        it was asked for."""
        if any((self.region, self.day, self.month)):
            return False
        if self.language and programme.pk not in labs:
            return False
        return not self.place or self.place == programme.place_kind

    @property
    def month_date(self) -> datetime.date | None:
        """The first of the chosen month, or of the chosen day's."""
        return month_from(self.month) or (month_of(self.day_date) if self.day_date else None)

    @property
    def day_date(self) -> datetime.date | None:
        return _as_day(self.day)

    def query(self, **changes) -> str:
        """'?…' with some choices changed; '?' where nothing is chosen."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def fits_programme(self, programme) -> bool:
        """What is said of the programme itself."""
        return (
            (not self.audience or self.audience in programme.audience)
            and (not self.level or self.level == programme.level)
            and (not self.step or self.step in programme.process_steps)
        )

    def fits_session(self, row) -> bool:
        """What is said of a session: a row with `languages`, `place_kind`, `region`, days."""
        if self.language and self.language not in row.languages:
            return False
        if self.place and self.place != row.place_kind:
            return False
        return not self.region or self.region == row.region

    def fits_days(self, row) -> bool:
        """Whether it takes place in the chosen month, on the chosen day."""
        if self.day_date and not row.first_day <= self.day_date <= row.last_day:
            return False
        if self.month and not self.day:
            month = self.month_date
            return row.first_day < later(month, 1) and row.last_day >= month
        return True


def _as_day(value: str) -> datetime.date | None:
    if not _DAY.fullmatch(value):
        return None
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return None
    return day if month_from(value[:7]) else None
