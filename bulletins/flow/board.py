"""The board: open stories in a column for each stage, oldest first.

Its queries do not grow with the stories: a column shows the oldest and counts
all. Nothing moves a card but the transitions at the review desk.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.flow.ages import age_of, with_places
from bulletins.flow.rules import board_areas
from bulletins.models import Case, CaseStoryPage, Stage, StageLimit
from bulletins.models.case import STATE_MARKS
from network.models import ReviewArea
from review.api import Due, dues, late_ids, marked_keys

COLUMNS = (
    Stage.SUBMITTED,
    Stage.AREA_REVIEW,
    Stage.NEUTRAL_REVIEW,
    Stage.CHANGES_REQUESTED,
    Stage.EDITING,
    Stage.READY,
)
# Stages in which somebody has to take the story.
TAKEN_BY_SOMEBODY = (
    Stage.SUBMITTED,
    Stage.AREA_REVIEW,
    Stage.NEUTRAL_REVIEW,
    Stage.EDITING,
)
SHOWN = 20  # cards of a column on the whole board
MARKED_AS = "story"  # bulletins.page_context.STORY_FLAGGED_AS
_FIELDS = (
    *("number", "source_language", "stage", "since", "author_confirm_until", "holder"),
    *("distributor__country__code", "distributor__country__weekend"),
    *("review_area__lead_country__code", "review_area__lead_country__weekend"),
    *("holder__first_name", "holder__last_name", "holder__email", "holder__time_zone"),
)


@dataclass(frozen=True)
class Filters:
    """What of the board is asked for."""

    area: ReviewArea | None = None
    region: object = None
    step: str = ""  # of the process
    late: bool = False


@dataclass(frozen=True)
class Card:
    """A story on the board."""

    case: Case
    title: str
    age: int  # working days in its stage
    is_late: bool
    blocks: tuple[str, ...]  # why it cannot go on by itself, each a sentence

    @property
    def place(self) -> str:
        return str(self.case.distributor.country.name)


@dataclass(frozen=True)
class Over:
    """A limit of an area that is passed."""

    area: ReviewArea
    count: int
    most: int


@dataclass
class Column:
    """A stage: how many stories stand in it, the first of them, and whether they are too many."""

    stage: Stage
    count: int = 0
    cards: list[Card] = field(default_factory=list)
    most: int | None = None  # of the one area that is shown
    over: list[Over] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(self.stage.label)

    @property
    def mark(self) -> str:
        return STATE_MARKS[self.stage]

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def stories(user, filters: Filters = Filters()) -> QuerySet:  # noqa: B008 - frozen
    """The open stories whose cards this person sees: of their areas, none they wrote."""
    found = Case.objects.at_desk_of(user).filter(stage__in=COLUMNS)
    areas = board_areas(user)
    if areas is not None:
        found = found.filter(Q(review_area__in=areas) | Q(deciding_area__in=areas))
    if filters.area is not None:
        found = found.filter(Q(review_area=filters.area) | Q(deciding_area=filters.area))
    if filters.region is not None:
        found = found.filter(region=filters.region)
    if filters.step:
        found = found.in_step(filters.step)
    if filters.late:
        found = found.filter(pk__in=late_ids(Case))
    return found


def columns(cases: QuerySet, areas: Iterable[ReviewArea]) -> list[Column]:
    """All columns, each with its oldest cards; limits of the areas. Five queries at most."""
    counts = dict(
        cases.order_by().values("stage").annotate(n=Count("pk")).values_list("stage", "n")
    )
    ranked = cases.annotate(
        place=Window(RowNumber(), partition_by=F("stage"), order_by=[F("since"), F("pk")])
    ).filter(place__lte=SHOWN)
    found = {stage: Column(stage, counts.get(stage, 0)) for stage in COLUMNS}
    for card in cards(Case.objects.filter(pk__in=ranked.values("pk"))):
        found[card.case.stage].cards.append(card)
    _limit(found, list(areas))
    return list(found.values())


def cards(cases: QuerySet, now: datetime.datetime | None = None) -> list[Card]:
    """The cases as cards, oldest first. Three queries, whatever their number."""
    now = now or timezone.now()
    # No more than a card shows: names stand in twelve languages.
    rows = list(with_words(with_places(cases)).only(*_FIELDS).order_by("since", "pk"))
    due, marked = dues(Case, [case.pk for case in rows]), marked_keys(MARKED_AS)
    return [
        Card(
            case=case,
            title=title_of(case),
            age=age_of(case, now),
            is_late=case.pk in due and due[case.pk].is_late,
            blocks=tuple(_blocks(case, due.get(case.pk), case.number in marked, now)),
        )
        for case in rows
    ]


def with_words(cases: QuerySet) -> QuerySet:
    """Each with `words` and `draft_words`: its title in its own language, as live and as last
    written. No query of its own."""
    page = CaseStoryPage.objects.filter(
        case=OuterRef("pk"), locale__language_code=OuterRef("source_language")
    )
    return cases.annotate(
        words=Subquery(page.values("title")[:1]),
        draft_words=Subquery(page.values("draft_title")[:1]),
    )


def title_of(case: Case) -> str:
    """The title of a case from `with_words`, its number where it has none yet."""
    return case.draft_words or case.words or case.number


def _blocks(case: Case, due: Due | None, is_marked: bool, now: datetime.datetime):
    if case.holder is None and case.stage in TAKEN_BY_SOMEBODY:
        yield _("Nobody can take it.")
    if due is not None and due.due is None:
        yield _("Waits for a working translation.")
    if case.author_confirm_until is not None and case.author_confirm_until > now:
        yield _("Waits for the author’s word on an edit.")
    if is_marked:
        yield _("A reader’s mark is open.")


def _limit(found: dict[str, Column], areas: list[ReviewArea]) -> None:
    """Say which limits there are and which are passed: by all stories of an area, whatever is
    asked for and whoever wrote them. Two queries; one where there is no limit."""
    named = {area.pk: area for area in areas}
    limits = list(StageLimit.objects.filter(area__in=areas).order_by("area__sort_order", "area"))
    if not limits:
        return
    counts = defaultdict(int)
    rows = Case.objects.filter(stage__in=COLUMNS, review_area__in={row.area_id for row in limits})
    rows = rows.order_by().values("review_area", "stage").annotate(n=Count("pk"))
    for row in rows:
        counts[row["review_area"], row["stage"]] = row["n"]
    for row in limits:
        column, count = found[row.stage], counts[row.area_id, row.stage]
        if len(areas) == 1:
            column.most = row.most
        if count > row.most:
            column.over.append(Over(named[row.area_id], count, row.most))
