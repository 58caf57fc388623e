"""Rooms register the pages that are translated here; this room imports none of them."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst


@dataclass(frozen=True)
class Group:
    """Texts that stand together on the desk: a chapter of the book, all stories."""

    key: str
    title: str
    language: str = ""  # of the title, where it is not the interface's
    order: int = 0


@dataclass(frozen=True)
class Due:
    """When a text must be translated, and read by its second person."""

    translate: datetime.datetime
    read: datetime.datetime


def newest_title(page) -> str:
    """What a text is called now: a page that is not live keeps its newest title apart."""
    return page.title if page.live else page.draft_title or page.title


@dataclass(frozen=True)
class Translatable:
    """A page type whose words are translated.

    `open_to(user)` → its source pages that this person may translate now.
    `may_translate(user, page, language)` and `may_read_second(user, page,
    language)` are asked of the source page. `publish(page, by)` puts a
    finished translation (the page in its language) live by the room's own
    transition; False where the source is not live yet. `groups(pages)` →
    translation key → group, in a fixed number of queries; the page type,
    called `kind`, is one group where it is left out. `due(pages)` → translation
    key → `Due`, for those that have dates, in a fixed number of queries.
    """

    model: type[Model]
    open_to: Callable[[object], QuerySet]
    may_translate: Callable[[object, object, str], bool]
    may_read_second: Callable[[object, object, str], bool]
    publish: Callable[..., bool]
    groups: Callable[[Iterable], dict] | None = None
    kind: str | Promise = ""
    due: Callable[[Iterable], dict] | None = None

    def dues_of(self, pages: Iterable) -> dict:
        """Translation key → `Due`."""
        return self.due(pages) if self.due is not None else {}

    def groups_of(self, pages: Iterable) -> dict:
        """Translation key → group."""
        if self.groups is not None:
            return self.groups(pages)
        meta = self.model._meta
        title = str(self.kind) or capfirst(str(meta.verbose_name_plural))
        group = Group(key=meta.label_lower, title=title)
        return {page.translation_key: group for page in pages}


_translatables: dict[type[Model], Translatable] = {}


def register(translatable: Translatable) -> None:
    """Add or replace (a reload registers again)."""
    _translatables[translatable.model] = translatable


def translatable_of(model: type[Model] | None) -> Translatable | None:
    """The entry of a page type; None where its texts are not ours to keep."""
    return _translatables.get(model)


def translatables() -> list[Translatable]:
    """All of them."""
    return list(_translatables.values())
