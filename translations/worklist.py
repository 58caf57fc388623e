"""What is to be translated and read, by whom: each text, and language × chapter or kind."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, Q, Sum
from wagtail.models import Page

from network.languages import codes
from network.models import User
from network.permissions import is_editor, with_standing
from translations.models import Assignment, Question, TextState
from translations.permissions import translator_languages
from translations.queries import TO_READ, TO_WRITE
from translations.registry import Due, Group, Translatable, newest_title, translatables

# Sources offered for a new translation, newest first; the rest follow as these are begun.
OFFERED = 30


@dataclass(frozen=True)
class Work:
    """One text in one language. `kind`: begin, write, update, read or wait."""

    entry: Translatable
    page: Page  # the source; its texts are not loaded
    language: str
    kind: str
    count: int = 0  # paragraphs
    since: datetime.datetime | None = None
    target: Page | None = None
    words: int = 0  # of the original, that are to be written
    group: Group | None = None
    translator: User | None = None
    first_only: int = 0  # paragraphs that are live after a first reading only
    due: datetime.datetime | None = None  # of what is to be done now

    @property
    def title(self) -> str:
        """Of the original, as it is now."""
        return newest_title(self.page)

    @property
    def is_writing(self) -> bool:
        """A translator's work, not a reader's."""
        return self.kind in ("write", "update")


def work_for(user, languages: list[str] | None = None) -> list[Work]:
    """What was begun and is not finished, oldest first. Four queries a page type at most.

    'wait' stands for a text of one's own that a second person has to read.
    """
    languages = languages if languages is not None else languages_of(user)
    if not languages:
        return []
    rows = list(
        TextState.objects.filter(language__in=languages, is_gone=False)
        .values("object_key", "language")
        .annotate(
            missing=Count("pk", filter=Q(text="") | ~Q(drafted_by="")),
            stale=Count("pk", filter=~Q(text="") & Q(drafted_by="") & Q(is_stale=True)),
            unread=Count("pk", filter=TO_READ),
            others=Count("pk", filter=TO_READ & ~Q(by=user)),
            nobodys=Count("pk", filter=TO_READ & Q(by=None)),
            first_only=Count("pk", filter=Q(first_only=True)),
            changed=Min("stale_since"),
            written=Max("changed_at"),
            size=Sum("words", filter=TO_WRITE),
        )
        .filter(Q(missing__gt=0) | Q(stale__gt=0) | Q(unread__gt=0))
    )
    found = []
    holders = holders_of({row["object_key"] for row in rows})
    for entry in translatables() if rows else []:
        keys = {row["object_key"] for row in rows}
        pages = {
            page.translation_key: page
            for page in _without_texts(entry.open_to(user).filter(translation_key__in=keys))
        }
        if not pages:
            continue
        groups, dues = entry.groups_of(pages.values()), entry.dues_of(pages.values())
        targets = {
            (target.translation_key, target.locale.language_code): target
            for target in _without_texts(
                entry.model.objects.filter(
                    translation_key__in=pages, locale__language_code__in=languages
                ).select_related("locale")
            )
        }
        for row in rows:
            key, language = row["object_key"], row["language"]
            page = pages.get(key)
            if page is None or page.locale.language_code == language:
                continue
            found.append(
                _work(
                    entry,
                    page,
                    row,
                    target=targets.get((key, language)),
                    group=groups.get(key),
                    translator=holders.get((key, language)),
                    dates=dues.get(key),
                )
            )
    return sorted(found, key=lambda work: (work.since, work.page.pk))


def _without_texts(pages):
    """A list of texts shows titles: the texts themselves stay where they are."""
    return pages.defer_streamfields() if hasattr(pages, "defer_streamfields") else pages


def _work(entry: Translatable, page: Page, row: dict, dates: Due | None, **more) -> Work:
    if row["missing"]:
        kind, count = "write", row["missing"]
    elif row["stale"]:
        kind, count = "update", row["stale"]
    elif row["others"] + row["nobodys"]:
        kind, count = "read", row["unread"]
    else:
        kind, count = "wait", row["unread"]
    since = row["changed"] if kind in ("write", "update") and row["changed"] else row["written"]
    return Work(
        entry,
        page,
        row["language"],
        kind,
        count,
        since,
        words=row["size"] or 0,
        first_only=row["first_only"],
        due=dates and (dates.translate if kind in ("write", "update") else dates.read),
        **more,
    )


def offers_for(user, languages: list[str] | None = None) -> list[Work]:
    """Texts that nobody has begun in these languages (those of one's mandates), newest first."""
    languages = languages if languages is not None else translator_languages(user)
    found = []
    for entry in translatables() if languages else []:
        pages = list(_without_texts(entry.open_to(user)))
        begun = set(
            TextState.objects.filter(
                object_key__in=[page.translation_key for page in pages], language__in=languages
            )
            .values_list("object_key", "language")
            .distinct()
        )
        groups = entry.groups_of(pages) if pages else {}
        for page in pages:
            for language in languages:
                if (page.translation_key, language) in begun:
                    continue
                if language != page.locale.language_code and entry.may_translate(
                    user, page, language
                ):
                    found.append(
                        Work(
                            entry,
                            page,
                            language,
                            "begin",
                            since=page.latest_revision_created_at,
                            group=groups.get(page.translation_key),
                        )
                    )
    return found


def languages_of(user) -> list[str]:
    """The languages a person works in; all of them for an editor."""
    return codes() if is_editor(user) else translator_languages(user)


def holders_of(object_keys: Iterable) -> dict[tuple, User]:
    """(object key, language) → who translates it. One query."""
    rows = Assignment.objects.filter(object_key__in=list(object_keys)).select_related("translator")
    return {(row.object_key, row.language): row.translator for row in rows}


def translators_by_language(languages: list[str]) -> dict[str, list[User]]:
    """Who may be given a text. Three queries."""
    found: dict[str, list[User]] = {language: [] for language in languages}
    people = with_standing(User.objects.holding("translator"))
    for person in sorted(people, key=lambda person: person.display_name):
        for language in translator_languages(person):
            if language in found:
                found[language].append(person)
    return found


# --- language × chapter or kind ---------------------------------------------------------
@dataclass
class Cell:
    """A language of a group. `words` are to be written; `oldest` is when the first of them
    were changed or came."""

    words: int = 0
    texts: int = 0
    to_read: int = 0
    not_begun: int = 0
    oldest: datetime.datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.to_read or self.not_begun)


@dataclass
class Row:
    """A chapter, or a kind of text."""

    group: Group
    cells: dict[str, Cell] = field(default_factory=dict)


def matrix(work: list[Work], offers: list[Work], languages: list[str]) -> list[Row]:
    """What is to be done by group and language; groups in their own order. No query."""
    rows: dict[str, Row] = {}
    for item in [*work, *offers]:
        row = rows.setdefault(
            item.group.key, Row(item.group, {language: Cell() for language in languages})
        )
        cell = row.cells.setdefault(item.language, Cell())
        if item.kind == "begin":
            cell.not_begun += 1
        elif item.is_writing:
            cell.texts += 1
            cell.words += item.words
            cell.oldest = min(filter(None, (cell.oldest, item.since)), default=None)
        elif item.kind == "read":
            cell.to_read += 1
    return sorted(rows.values(), key=lambda row: (row.group.order, row.group.title))


# --- questions ---------------------------------------------------------------------------
def open_questions(user) -> list[tuple[Question, Page]]:
    """Questions without an answer about texts that this person may open, oldest first."""
    rows = list(Question.objects.open().select_related("by"))
    pages = {}
    for entry in translatables() if rows else []:
        found = entry.open_to(user).filter(translation_key__in={row.object_key for row in rows})
        pages |= {page.translation_key: page for page in _without_texts(found)}
    return [(row, pages[row.object_key]) for row in rows if row.object_key in pages]
