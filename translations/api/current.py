"""How current texts are, in one language or in all of them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from wagtail.models import Page

from translations.models import TextState
from translations.queries import BEHIND, UNREAD
from translations.registry import translatable_of


@dataclass(frozen=True)
class Behind:
    """How far a language's text is behind its original, and that only its translator read it."""

    text_of: datetime.datetime | None  # when its words were last written
    changed_on: datetime.datetime | None  # when the original moved on
    changes_url: str
    missing: int = 0  # places without words in this language
    first_only: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a language's text is, in paragraphs.

    `missing` have no words, `stale` words for an earlier original, `unread`
    words that no second person read (`drafted` of them a machine's, taken over
    by nobody); `behind` counts what readers see, `first_only` what they see
    after its translator's reading alone.
    """

    total: int
    missing: int
    stale: int
    behind: int
    unread: int
    drafted: int = 0
    first_only: int = 0

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.missing == 0

    @property
    def is_finished(self) -> bool:
        return self.is_complete and self.unread == 0


NOTHING = Progress(0, 0, 0, 0, 0)


def languages_behind(page: Page) -> dict[str, Behind]:
    """The languages whose text is behind the original, or that a second person has not read.

    For a page that is translated here. One query, and another where there are
    any; none for page types that no room registered.
    """
    if translatable_of(type(page)) is None:
        return {}
    states = TextState.objects.of(page.translation_key)
    late = BEHIND | Q(text="")
    rows = (
        states.filter(late | Q(first_only=True))
        .values_list("language")
        .annotate(
            since=Min("stale_since", filter=late),
            missing=Count("pk", filter=Q(text="")),
            first=Count("pk", filter=Q(first_only=True)),
        )
        .order_by()
    )
    found = {language: (since, missing, bool(first)) for language, since, missing, first in rows}
    if not found:
        return {}
    written = dict(
        states.filter(language__in=found)
        .exclude(text="")
        .values_list("language")
        .annotate(last=Max("changed_at"))
        .order_by()
    )
    return {
        language: Behind(
            text_of=written.get(language),
            changed_on=changed_on,
            changes_url=reverse("translation_changes", args=[page.translation_key, language]),
            missing=missing,
            first_only=first_only,
        )
        for language, (changed_on, missing, first_only) in found.items()
    }


def paragraph_states(page: Page) -> dict[str, str]:
    """Path → 'missing' or 'stale', for what readers of this page see; current ones are left out.

    'missing' stands in the source's language. One query.
    """
    return {path: state for path, (state, _since) in paragraphs_behind(page).items()}


def paragraphs_behind(page: Page) -> dict[str, tuple[str, datetime.datetime | None]]:
    """Path → ('missing' or 'stale', since when), for what readers of this page see. One query."""
    rows = TextState.objects.of(page.translation_key, page.locale.language_code).behind()
    return {
        path: ("stale" if text else "missing", since)
        for path, text, since in rows.values_list("path", "read_text", "stale_since")
    }


def all_behind(object_keys) -> dict[tuple[str, str], dict[str, tuple]]:
    """(object key, language) → path → state, as `paragraphs_behind`, for many objects.

    `object_keys`: a list, or a query of them. One query.
    """
    rows = TextState.objects.filter(object_key__in=object_keys, is_gone=False).behind()
    found: dict[tuple[str, str], dict[str, tuple]] = {}
    for key, language, path, text, since in rows.values_list(
        "object_key", "language", "path", "read_text", "stale_since"
    ):
        state = ("stale" if text else "missing", since)
        found.setdefault((str(key), language), {})[path] = state
    return found


def progress(object_keys: Iterable) -> dict[tuple[str, str], Progress]:
    """(object key, language) → how far it is, for languages that were begun. One query."""
    rows = (
        TextState.objects.filter(object_key__in=list(object_keys), is_gone=False)
        .values("object_key", "language")
        .annotate(
            total=Count("pk"),
            missing=Count("pk", filter=Q(text="")),
            stale=Count("pk", filter=~Q(text="") & Q(is_stale=True)),
            behind=Count("pk", filter=BEHIND),
            unread=Count("pk", filter=UNREAD),
            drafted=Count("pk", filter=~Q(drafted_by="")),
            first_only=Count("pk", filter=Q(first_only=True)),
        )
    )
    return {
        (str(row.pop("object_key")), row.pop("language")): Progress(**row) for row in list(rows)
    }


def progress_of(object_key, language: str) -> Progress:
    """One object's, in one language."""
    return progress([object_key]).get((str(object_key), language), NOTHING)


def is_complete(object_key, language: str) -> bool:
    """Every paragraph of the original has words in the language."""
    return progress_of(object_key, language).is_complete


def is_read(object_key, language: str) -> bool:
    """A second person read all words that there are."""
    found = progress_of(object_key, language)
    return found.total > found.missing and found.unread == 0 and found.first_only == 0


def is_current(object_key, language: str) -> bool:
    """No words are for an earlier original."""
    return progress_of(object_key, language).stale == 0


def finished_languages(object_key) -> list[str]:
    """Languages with a full text that a second person read; the source's is not among them."""
    return [lang for (_key, lang), found in progress([object_key]).items() if found.is_finished]


def newest_words(object_key, language: str) -> dict[str, str]:
    """Path → newest words of a language, read or not. One query."""
    states = TextState.objects.of(object_key, language).exclude(text="")
    return dict(states.values_list("path", "text"))
