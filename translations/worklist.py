"""What is to be translated and read, by whom; and a text paragraph by paragraph."""

import datetime
import difflib
import re
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from wagtail.models import Page
from wagtail_localize.models import String, StringSegment, TranslationSource
from wagtail_localize.strings import StringValue

from network.languages import codes
from network.permissions import is_editor
from translations.models import TextState
from translations.permissions import translator_languages
from translations.queries import UNREAD
from translations.registry import Translatable, translatables

# Sources offered for a new translation, newest first; the rest follow as these are begun.
OFFERED = 30


@dataclass(frozen=True)
class Work:
    """One text in one language. `kind`: begin, write, update, read or wait."""

    entry: Translatable
    page: Page  # the source
    language: str
    kind: str
    count: int = 0  # paragraphs
    since: datetime.datetime | None = None
    target: Page | None = None


def work_for(user, languages: list[str] | None = None) -> list[Work]:
    """What was begun and is not finished, oldest first. Three queries a page type at most.

    'wait' stands for a text of one's own that a second person has to read.
    """
    languages = languages if languages is not None else languages_of(user)
    if not languages:
        return []
    rows = list(
        TextState.objects.filter(language__in=languages, is_gone=False)
        .values("object_key", "language")
        .annotate(
            missing=Count("pk", filter=Q(text="")),
            stale=Count("pk", filter=~Q(text="") & Q(is_stale=True)),
            unread=Count("pk", filter=UNREAD),
            others=Count("pk", filter=UNREAD & ~Q(by=user)),
            nobodys=Count("pk", filter=UNREAD & Q(by=None)),
            changed=Min("stale_since"),
            written=Max("changed_at"),
        )
        .filter(Q(missing__gt=0) | Q(stale__gt=0) | Q(unread__gt=0))
    )
    found = []
    for entry in translatables() if rows else []:
        keys = {row["object_key"] for row in rows}
        pages = {
            page.translation_key: page
            for page in entry.open_to(user).filter(translation_key__in=keys)
        }
        targets = {
            (target.translation_key, target.locale.language_code): target
            for target in entry.model.objects.filter(
                translation_key__in=pages, locale__language_code__in=languages
            ).select_related("locale")
        }
        for row in rows:
            page = pages.get(row["object_key"])
            if page is None or page.locale.language_code == row["language"]:
                continue
            target = targets.get((row["object_key"], row["language"]))
            found.append(_work(entry, page, target, row))
    return sorted(found, key=lambda work: (work.since, work.page.pk))


def _work(entry: Translatable, page: Page, target: Page | None, row: dict) -> Work:
    if row["missing"]:
        kind, count = "write", row["missing"]
    elif row["stale"]:
        kind, count = "update", row["stale"]
    elif row["others"] + row["nobodys"]:
        kind, count = "read", row["unread"]
    else:
        kind, count = "wait", row["unread"]
    since = row["changed"] if kind == "update" and row["changed"] else row["written"]
    return Work(entry, page, row["language"], kind, count, since, target)


def offers_for(user) -> list[Work]:
    """Texts that nobody has begun in a language of this person's mandates, newest first."""
    languages = translator_languages(user)
    found = []
    for entry in translatables() if languages else []:
        pages = list(entry.open_to(user)[:OFFERED])
        begun = set(
            TextState.objects.filter(
                object_key__in=[page.translation_key for page in pages], language__in=languages
            ).values_list("object_key", "language")
        )
        for page in pages:
            for language in languages:
                if language == page.locale.language_code:
                    continue
                if (page.translation_key, language) not in begun:
                    since = page.latest_revision_created_at
                    found.append(Work(entry, page, language, "begin", since=since))
    return found


def languages_of(user) -> list[str]:
    """The languages a person works in; all of them for an editor."""
    return codes() if is_editor(user) else translator_languages(user)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph beside its translation.

    `difference`: the source's words against those the text was made for, see `difference()`.
    """

    path: str
    label: str
    source: str
    text: str
    state: str  # current, stale, missing
    is_unread: bool
    by: object
    difference: list[tuple[str, str]]


def paragraphs(source: TranslationSource, language: str, *, as_read: bool = False):
    """The original's paragraphs in order with their words. Three queries.

    `as_read`: the words readers see instead of the newest ones.
    """
    states = {
        state.path: state
        for state in TextState.objects.of(source.object_id, language).select_related("by")
    }
    segments = list(
        StringSegment.objects.filter(source=source)
        .select_related("context", "string")
        .order_by("order")
    )
    hashes = {s.read_hash if as_read else s.source_hash for s in states.values()} - {""}
    former = {
        str(string.data_hash): StringValue(string.data).render_text()
        for string in String.objects.filter(locale_id=source.locale_id, data_hash__in=hashes)
    }
    model = source.specific_content_type.model_class()
    return [
        _paragraph(model, segment, states.get(segment.context.path), former, as_read)
        for segment in segments
    ]


def _paragraph(model, segment, state: TextState | None, former: dict, as_read: bool) -> Paragraph:
    words = StringValue(segment.string.data).render_text()
    made_for = (state.read_hash if as_read else state.source_hash) if state else ""
    text = (state.read_text if as_read else state.text) if state else ""
    stale = bool(text) and made_for != str(segment.string.data_hash)
    return Paragraph(
        path=segment.context.path,
        label=model._meta.get_field(segment.context.path.split(".")[0]).verbose_name,
        source=words,
        text=text,
        state="missing" if not text else "stale" if stale else "current",
        is_unread=bool(state and state.text and state.text != state.read_text),
        by=state.by if state else None,
        difference=difference(former.get(made_for, ""), words) if stale else [],
    )


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """The new text with what went out of the old one: [(kind, words)], by words.

    >>> difference("one week", "one month")
    [('', 'one '), ('del', 'week'), ('ins', 'month')]
    """
    before, after = (re.findall(r"\w+|\W", text) for text in (old, new))
    parts = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            parts.append(("", "".join(after[b0:b1])))
            continue
        if a1 > a0:
            parts.append(("del", "".join(before[a0:a1])))
        if b1 > b0:
            parts.append(("ins", "".join(after[b0:b1])))
    return parts
