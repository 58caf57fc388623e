"""The issue's pieces by language: how far each is, who has it, and when it is due."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bulletins.models import BulletinIssue, BulletinIssuePage, Case, CaseStoryPage
from bulletins.planning.dates import Dates, dates_of
from bulletins.planning.fitness import ENGLISH, why_not_enter
from network.languages import codes
from network.models import User
from translations.api import NOTHING, Progress, progress
from translations.models import TextState
from translations.worklist import holders_of


@dataclass(frozen=True)
class Cell:
    """One piece in one language. `state`: source, live, finished, read, update, write, begin."""

    language: str
    state: str
    translator: User | None = None
    due: datetime.date | None = None  # None where nothing is to be done
    is_late: bool = False
    object_key: str = ""  # the text's translation key, for a link to the translators' desk

    @property
    def label(self) -> str:
        """The state in words."""
        return {
            "source": pgettext("state of a text", "Original"),
            "live": pgettext("state of a text", "With readers"),
            "finished": pgettext("state of a text", "Finished"),
            "read": pgettext("state of a text", "To be read"),
            "update": pgettext("state of a text", "Original changed"),
            "write": pgettext("state of a text", "Being translated"),
            "begin": pgettext("state of a text", "Not begun"),
        }[self.state]

    @property
    def mark(self) -> str:
        """The `.state[data-s]` for it."""
        if self.is_late:
            return "late"
        return {"source": "published", "live": "published", "finished": "accepted"}.get(
            self.state, {"read": "review", "update": "returned", "write": "review"}.get(self.state)
        ) or "draft"

    @property
    def is_done(self) -> bool:
        """Readers of the language get the piece in it."""
        return self.state in ("source", "live", "finished")


@dataclass
class Piece:
    """A row: a part of the letter, or a story."""

    title: str
    language: str  # of the title
    cells: dict[str, Cell] = field(default_factory=dict)
    case: Case | None = None
    why_not: str = ""  # why a story would drop out


@dataclass
class Grid:
    """All of them, with the issue's dates."""

    dates: Dates
    languages: list[str]
    pieces: list[Piece]

    def in_english(self, language: str) -> list[Piece]:
        """The pieces that readers of a language will not get in it."""
        return [piece for piece in self.pieces if not piece.cells[language].is_done]

    @property
    def unfit(self) -> dict[int, str]:
        """Case id → why the story would drop out of the issue at its release."""
        return {
            piece.case.pk: piece.why_not
            for piece in self.pieces
            if piece.case is not None and piece.why_not
        }

    @property
    def proof(self) -> list[tuple[str, list[Piece]]]:
        """Language → what its readers will get in English, for the last look before a release."""
        return [(language, self.in_english(language)) for language in self.languages]

    @property
    def table(self) -> list[tuple[Piece, list[Cell]]]:
        """Rows with their cells in the order of the languages."""
        return [(piece, [piece.cells[code] for code in self.languages]) for piece in self.pieces]


def pages_of(issue: BulletinIssue) -> tuple[BulletinIssuePage, list[tuple[Case, CaseStoryPage]]]:
    """The English page of the issue, and each story in order with its author's page. Two queries.

    Their texts are not loaded.
    """
    letter = (
        BulletinIssuePage.objects.filter(issue=issue, locale__language_code=ENGLISH)
        .select_related("locale", "latest_revision")
        .get()
    )
    pages = {
        page.case_id: page
        for page in CaseStoryPage.objects.filter(
            case__in_issue__issue=issue, locale__language_code=F("case__source_language")
        )
        .select_related("locale", "case")
        .defer_streamfields()
    }
    cases = [row.case for row in issue.stories.select_related("case")]
    return letter, [(case, pages[case.pk]) for case in cases if case.pk in pages]


def grid(issue: BulletinIssue, today: datetime.date) -> Grid:
    """Sixteen queries, whatever the number of stories and languages (tested)."""
    dates, languages = dates_of(issue), codes()
    letter, stories = pages_of(issue)
    keys = [letter.translation_key, *(page.translation_key for _case, page in stories)]
    far = progress(keys)
    holders = holders_of(keys)
    live = _live(issue, [case for case, _page in stories])
    by_part = _progress_by_part(letter)
    pieces = []
    for part, title in _parts(letter, issue):
        piece = Piece(title, "")
        for code in languages:
            state = _state(
                by_part.get((part, code), NOTHING),
                is_source=code == ENGLISH,
                is_live=code in live[None],
            )
            piece.cells[code] = _cell(
                code, state, holders.get((letter.translation_key, code)), dates, today, letter
            )
        pieces.append(piece)
    for case, page in stories:
        piece = Piece(
            page.title if page.live else page.draft_title or page.title,
            case.source_language,
            case=case,
            why_not=why_not_enter(case, far.get((str(page.translation_key), ENGLISH), NOTHING)),
        )
        for code in languages:
            state = _state(
                far.get((str(page.translation_key), code), NOTHING),
                is_source=code == case.source_language,
                is_live=code in live.get(case.pk, ()),
            )
            piece.cells[code] = _cell(
                code, state, holders.get((page.translation_key, code)), dates, today, page
            )
        pieces.append(piece)
    return Grid(dates, languages, pieces)


def _cell(code: str, state: str, translator, dates: Dates, today: datetime.date, page) -> Cell:
    due = None
    if state in ("begin", "write", "update"):
        due = dates.translate
    elif state == "read":
        due = dates.read
    return Cell(
        language=code,
        state=state,
        translator=translator,
        due=due,
        is_late=due is not None and due < today,
        object_key=str(page.translation_key),
    )


def _state(found: Progress, *, is_source: bool, is_live: bool) -> str:
    if is_source:
        return "source"
    if found.total == 0:
        return "live" if is_live else "begin"
    if found.missing == found.total:
        return "begin"
    if found.missing or found.drafted:
        return "write"
    if found.stale:
        return "update"
    if found.unread:
        return "read"
    return "live" if is_live else "finished"


def _parts(letter: BulletinIssuePage, issue: BulletinIssue) -> list[tuple[str, str]]:
    """The parts of the issue's own text that are there; the mail's subject may be left empty."""
    page = letter.get_latest_revision_as_object() if letter.latest_revision_id else letter
    parts = [("title", _("Title"))]
    if page.subject:
        parts.append(("subject", _("Mail subject")))
    if page.letter:
        parts.append(("letter", _("Letter")))
    if page.introductions:
        parts.append(("introductions", _("Introductions")))
    return parts


def _progress_by_part(letter: BulletinIssuePage) -> dict[tuple[str, str], Progress]:
    """(part, language) → how far it is. One query."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    rows = TextState.objects.of(letter.translation_key)
    for path, language, text, read, is_stale, drafted in rows.values_list(
        "path", "language", "text", "read_text", "is_stale", "drafted_by"
    ):
        key = (path.split(".")[0], language)
        count = counts.setdefault(
            key, dict(total=0, missing=0, stale=0, behind=0, unread=0, drafted=0)
        )
        count["total"] += 1
        count["missing"] += not text
        count["stale"] += bool(text) and is_stale
        count["unread"] += bool(text) and (text != read or bool(drafted))
        count["drafted"] += bool(drafted)
    return {key: Progress(**count) for key, count in counts.items()}


def _live(issue: BulletinIssue, cases: Iterable[Case]) -> dict[int | None, set[str]]:
    """Case id → languages in which readers have it; None stands for the letter. Two queries."""
    found: dict[int | None, set[str]] = {None: set()}
    letters = BulletinIssuePage.objects.filter(issue=issue, live=True)
    found[None] |= set(letters.values_list("locale__language_code", flat=True))
    pages = CaseStoryPage.objects.filter(case__in=[case.pk for case in cases], live=True)
    for case, code in pages.values_list("case_id", "locale__language_code"):
        found.setdefault(case, set()).add(code)
    return found


def whole_languages(issue: BulletinIssue) -> list[str]:
    """Languages in which readers have the letter and every story. Three queries."""
    cases = [row.case for row in issue.stories.select_related("case")]
    live = _live(issue, cases)
    found = [live[None], *(live.get(case.pk, set()) for case in cases)]
    return [code for code in codes() if all(code in languages for languages in found)]
