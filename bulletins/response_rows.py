"""Rows of stories with a distributor's answer to each, as desk and link show them.

The number of queries does not grow with the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from bulletins.models import Case, HandOver, Response, WillTry
from bulletins.page_context import best_pages
from bulletins.permissions import can_read_published
from bulletins.response_forms import AnswerForm
from bulletins.story_parts import changes
from network.languages import reading_order
from network.models import Distributor, User


@dataclass
class Row:
    """One story that one distributor is asked about."""

    distributor: Distributor
    case: Case
    page: object | None = None  # the story's text in the reader's best language
    form: AnswerForm | None = None
    response: Response | None = None
    handed: HandOver | None = None
    tries: int = 0  # readers who mean to try it
    colleagues: int = 0  # of them, members of one's own distributors
    newer: Response | None = None  # said by somebody else since the person looked
    refused: str = ""
    changes: list = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """Names the row in a form: '12-2026-0533'."""
        return prefix_of(self.distributor.pk, self.case.number)

    @property
    def url(self) -> str:
        """The story in the address of the active language."""
        return f"/{reading_order()[0]}/stories/{self.case.number[:4]}/{self.page.slug}/"

    @property
    def is_foreign(self) -> bool:
        """Whether the story's words are in another language than the page."""
        return self.page is not None and self.page.language != reading_order()[0]


def prefix_of(distributor_id: int, number: str) -> str:
    return f"{distributor_id}-{number}"


def read_prefix(prefix: str) -> tuple[int, str] | None:
    """Distributor's key and the story's number; None for what is no row's name."""
    distributor, _dash, number = prefix.partition("-")
    if not distributor.isdecimal() or len(distributor) > 9 or not number:
        return None
    return int(distributor), number[:12]


def said_in(data) -> list[tuple[int, str]]:
    """The rows of a posted form in which a choice was made."""
    names = [key.removesuffix("-choice") for key in data if key.endswith("-choice")]
    return [pair for name in names if data[f"{name}-choice"] and (pair := read_prefix(name))]


def rows_for(pairs: Iterable[tuple[Distributor, Case]], reader: User) -> list[Row]:
    """Rows with text, present answer, hand-over and how many will try. Five queries.

    Texts are in the languages that `reader` reads; a story that nobody put
    online any more has none.
    """
    rows = [Row(distributor, case) for distributor, case in pairs]
    if not rows:
        return []
    cases = list({row.case.pk: row.case for row in rows}.values())
    firms = {row.distributor.pk for row in rows}
    pages = best_pages(cases, reading_order(reader))
    answers = {
        (found.distributor_id, found.case_id): found
        for found in Response.objects.filter(case__in=cases, distributor__in=firms).select_related(
            "by"
        )
    }
    hands = {
        (found.distributor_id, found.case_id): found
        for found in HandOver.objects.open()
        .filter(case__in=cases, distributor__in=firms)
        .select_related("to")
    }
    own = User.objects.members_of(*firms).values("pk")
    counted = (
        WillTry.objects.filter(case__in=cases)
        .order_by()
        .values("case")
        .annotate(all=Count("pk"), own=Count("pk", filter=Q(user__in=own)))
    )
    tries = {found["case"]: found for found in counted}
    for row in rows:
        key = (row.distributor.pk, row.case.pk)
        row.page = pages.get(row.case.pk) if can_read_published(reader, row.case) else None
        row.changes = changes(row.page) if row.page is not None else []
        row.response, row.handed = answers.get(key), hands.get(key)
        found = tries.get(row.case.pk, {})
        row.tries, row.colleagues = found.get("all", 0), found.get("own", 0)
    return rows
