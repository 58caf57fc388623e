"""A country's brief: what an executive reads before a visit, on one page.

Everything passes the rules of its own room: a story that is not the reader's
is not named, nor counted. Queries do not grow with the rows.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from bulletins.figures.titles import Title, titles_of
from bulletins.flow.coaching import notes_of
from bulletins.models import Case, CoachingNote, Response, Stage
from bulletins.page_context import STORY_FLAGGED_AS
from bulletins.queries import ON_THEIR_WAY
from bulletins.response_queries import asked_cases
from gkc_site.models import VisitNote
from network.models import Country, Distributor, Mandate
from network.working_days import working_days_between
from review.models import Flag, Question, Review
from review.registry import askable_of, flaggable_of

NOTES = 20  # visit notes and coaching notes on the page, newest first


@dataclass(frozen=True)
class Row:
    """One line of the brief: a story or text, with whom, and since when."""

    title: Title | None  # None: not named to this reader
    since: datetime.datetime | datetime.date
    number: str = ""  # of a story
    who: str = ""  # the distributor, or who has it
    what: str = ""  # its state in words
    days: int = 0  # whole days since then; working days of the country for answers and reviews
    is_late: bool = False


@dataclass
class Brief:
    """All of a country; each list newest or oldest first, whole."""

    country: Country
    firms: list[Distributor]
    leads: list[str]
    told: list[Row] = field(default_factory=list)
    taken: list[Row] = field(default_factory=list)
    owed: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    questions: list[Row] = field(default_factory=list)
    visits: list[VisitNote] = field(default_factory=list)
    coaching: list[CoachingNote] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing is known of the country but who leads it."""
        lists = (self.told, self.taken, self.owed, self.reviews, self.marks, self.questions)
        return not any([*lists, self.visits, self.coaching])

    def shortened(self, most: int) -> dict:
        """What a sheet has room for: the first of each list, and how many more there are."""
        names = ("told", "taken", "owed", "reviews", "marks", "questions")
        shown = {name: getattr(self, name)[:most] for name in names}
        more = {name: max(0, len(getattr(self, name)) - most) for name in names}
        cut = replace(self, **shown, visits=self.visits[:1], coaching=self.coaching[:2])
        return {"brief": cut, "more": more, "longest": most * 150}


def brief(country: Country, user) -> Brief:
    """What this person reads of a country. About twenty queries, whatever there is."""
    firms = list(Distributor.objects.active().filter(country=country).order_by("code"))
    leads = Mandate.objects.current().filter(role="lead", review_area=country.review_area_id)
    found = Brief(country, firms, sorted(m.user.display_name for m in leads.select_related("user")))
    cases = Case.objects.filter(distributor__country=country)
    told = list(
        Case.objects.readable_by(user)
        .filter(distributor__country=country)
        .select_related("distributor")
        .order_by("-published_at")
    )
    taken = list(
        Response.objects.taken_over()
        .visible_to(user)
        .filter(distributor__country=country, case__is_published=True)
        .select_related("case", "distributor")
        .order_by("-adopted_at")
    )
    owed = _owed(firms, country)
    underway = _underway(cases, user)
    # Taken over by the country, and since then kept for its own region by its author's.
    readable = Case.objects.readable_by(user).filter(pk__in=[row.case_id for row in taken])
    open_to = set(readable.order_by().values_list("pk", flat=True))
    taken = [row for row in taken if row.case_id in open_to]
    named = [*told, *(row.case for row in taken), *(case for case, _firm, _since in owed)]
    titles = titles_of({case.pk: case for case in named}.values(), user)
    found.told = [
        Row(
            titles.get(case.pk),
            case.published_at or case.since,
            case.number,
            case.distributor.name,
        )
        for case in told
    ]
    found.taken = [
        Row(
            titles.get(row.case_id),
            row.adopted_at,
            row.case.number,
            row.distributor.name,
            row.get_choice_display(),
        )
        for row in taken
    ]
    found.owed = [
        Row(
            titles.get(case.pk),
            since,
            case.number,
            firm.name,
            days=_working(country, since),
            is_late=True,
        )
        for case, firm, since in owed
    ]
    found.reviews = [_review_row(case, due, country) for case, due in underway]
    found.marks = _marks(country, user, told)
    found.questions = _questions(country, user)
    visits = VisitNote.objects.filter(country=country).select_related(
        "by", "case__author", "proposal"
    )
    found.visits = list(visits[:NOTES])
    found.coaching = notes_of(country, user, NOTES)
    return found


def _working(country: Country, since: datetime.datetime | datetime.date) -> int:
    """Working days of the country since then."""
    day = timezone.localtime(since).date() if isinstance(since, datetime.datetime) else since
    return working_days_between(country, day, timezone.localdate())


def _owed(firms: list[Distributor], country: Country) -> list[tuple]:
    """(story, distributor, since) of answers that are owed for so long that the firm
    is reminded of them, the oldest first. Two queries."""
    asked = list(asked_cases().select_related("in_issue__issue"))
    said = {
        (row.case_id, row.distributor_id): row
        for row in Response.objects.filter(distributor__in=firms)
    }
    found = []
    for case in asked:
        for firm in firms:
            word = said.get((case.pk, firm.pk))
            if case.distributor_id == firm.pk or (word is not None and not word.is_due_again):
                continue
            since = word.until if word is not None else case.in_issue.issue.released_at
            if _working(country, since) >= settings.RESPONSE_REMIND_AFTER_DAYS:
                found.append((case, firm, since))
    return sorted(found, key=lambda row: _day(row[2]))


def _day(when: datetime.datetime | datetime.date) -> datetime.date:
    return timezone.localtime(when).date() if isinstance(when, datetime.datetime) else when


def _underway(cases, user) -> list[tuple]:
    """(story, when its reviewer's days end) of stories on their way, the oldest first. Three
    queries. Those that this person may not see yet have no title."""
    found = list(
        cases.filter(stage__in=ON_THEIR_WAY)
        .select_related("distributor", "holder")
        .order_by("since", "pk")
    )
    due = dict(
        Review.objects.open()
        .filter(
            content_type=ContentType.objects.get_for_model(Case),
            object_id__in=[case.pk for case in found],
        )
        .values_list("object_id", "due")
    )
    mine = Case.objects.visible_to(user).filter(pk__in=[case.pk for case in found])
    seen = {case.pk: case.headline for case in mine.prefetch_related("pages__locale")}
    for case in found:
        case.shown_title = seen.get(case.pk)
    return [(case, due.get(case.pk)) for case in found]


def _review_row(case: Case, due: datetime.datetime | None, country: Country) -> Row:
    is_seen = case.shown_title is not None
    title = Title(case.shown_title, case.source_language, "") if is_seen else None
    return Row(
        title,
        case.since,
        case.number if is_seen else "",
        case.holder.display_name if case.holder else "",
        str(Stage(case.stage).label),
        days=_working(country, case.since),
        is_late=due is not None and due < timezone.now(),
    )


def _marks(country: Country, user, told: list[Case]) -> list[Row]:
    """Open marks at the country's stories, and those that its members raised elsewhere, where
    this person reads the text; the oldest first. Two queries, and one a kind of text."""
    numbers = [case.number for case in told]
    members = Distributor.objects.filter(country=country)
    at_ours = Flag.objects.open().filter(kind=STORY_FLAGGED_AS, key__in=numbers)
    raised = Flag.objects.open().filter(by__memberships__distributor__in=members)
    found = {flag.pk: flag for flag in [*at_ours, *raised]}
    shown = _seen(found.values(), user)
    return [
        Row(
            Title(flag.title, flag.language, reverse("flag", args=[flag.pk])),
            flag.raised_at,
            what=str(flaggable_of(flag.kind).label),
            days=(timezone.now() - flag.raised_at).days,
        )
        for flag in sorted(shown, key=lambda flag: flag.raised_at)
    ]


def _questions(country: Country, user) -> list[Row]:
    """Open questions from the country that every reader of their text reads, the oldest first.
    One query, and one a kind of text."""
    rows = list(Question.objects.shown().open().asked_from(country).select_related("owner"))
    now = timezone.now()
    return [
        Row(
            Title(row.title, row.language, reverse("question", args=[row.pk])),
            row.asked_at,
            who=row.owner.display_name if row.owner else "",
            what=str(askable_of(row.kind).label),
            days=row.age_days,
            is_late=row.due is not None and row.due < now,
        )
        for row in sorted(_seen(rows, user), key=lambda row: row.asked_at)
    ]


def _seen(rows: Iterable, user) -> list:
    """Of marks or questions those at texts that this person may see. One query a kind."""
    by_kind: dict[str, list] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    found = []
    for kind, some in by_kind.items():
        askable = askable_of(kind)
        if askable is not None:
            keys = askable.visible(user, {row.key for row in some})
            found += [row for row in some if row.key in keys]
    return found
