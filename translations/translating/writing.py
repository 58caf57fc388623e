"""Words for a paragraph: typed, done, kept. Two people at one text lose nothing.

What is typed is each person's own row. 'Done' puts it into the text, if the
paragraph still is what the person was shown (its `version`); else both texts
are kept and the person decides.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation
from wagtail_localize.strings import StringValue

from network.tree import tree_change
from translations import api, assembly
from translations.aids.paragraphs import version_of
from translations.exceptions import TranslationRefused, UnknownParagraph
from translations.models import FormerWords, TextState, TypedWords
from translations.models.desk import Former
from translations.registry import translatable_of

MAX_LENGTH = 20_000  # characters of a paragraph


@dataclass(frozen=True)
class Typed:
    """What a person was shown and typed. `seen`: the paragraph's version then."""

    text: str
    seen: str


@dataclass(frozen=True)
class Kept:
    """A save while typing. `is_overtaken`: the paragraph is another than the person was shown."""

    number: int
    at: datetime.datetime
    is_overtaken: bool


@dataclass
class Finished:
    """Paths by what became of their words."""

    done: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def check_may_translate(page: Page, language: str, by) -> None:
    """Raises PermissionDenied."""
    entry = translatable_of(type(page))
    if entry is None or not entry.may_translate(by, page, language):
        raise PermissionDenied


def segments_of(page: Page, paths) -> dict[str, StringSegment]:
    """Path → the original's string there now."""
    found = StringSegment.objects.filter(
        source__object_id=page.translation_key,
        source__locale_id=page.locale_id,
        context__path__in=list(paths),
    )
    return {
        segment.context.path: segment
        for segment in found.select_related("context", "string", "source")
    }


def keep_typed(page: Page, language: str, path: str, typed: Typed, *, number: int, by) -> Kept:
    """Keep what a person types. It is theirs alone, so no save of another is in its way.

    `number` is that of the last save this window knows of: where another
    window of the same person saved since, its words are kept as former ones.
    Raises PermissionDenied, UnknownParagraph, or TranslationRefused for too much.
    """
    check_may_translate(page, language, by)
    check_length(typed.text)
    key = page.translation_key
    with transaction.atomic():
        segment = segments_of(page, [path]).get(path)
        if segment is None:
            raise _unknown(path)
        place = {"object_key": key, "path": path, "language": language}
        state = TextState.objects.filter(**place).first()
        if state is not None and tidy(typed.text) == state.text:
            # Nothing of their own, or the save of a field whose 'Done' was faster.
            TypedWords.objects.filter(**place, by=by).delete()
            return Kept(0, timezone.now(), False)
        row, is_new = TypedWords.objects.select_for_update().get_or_create(
            **place, by=by, defaults={"text": typed.text, "seen": typed.seen}
        )
        if not is_new:
            if row.number != number and row.text.strip() and row.text != typed.text:
                keep_aside(row.text, Former.TYPED, by=by, **place)
            row.text, row.seen, row.number = typed.text, typed.seen, row.number + 1
            row.save()
    return Kept(row.number, row.at, version_of(state, str(segment.string.data_hash)) != typed.seen)


def finish(page: Page, language: str, given: Mapping[str, Typed], *, by) -> Finished:
    """Put a person's words into the text, where it still is what they were shown.

    Words for a paragraph that is another by now stay what they typed, beside
    it. A text without words is left as it was. When the last paragraph is
    done the draft page is saved. Raises PermissionDenied, UnknownParagraph
    (nothing is written then), TranslationRefused for too much.
    """
    check_may_translate(page, language, by)
    for typed in given.values():
        check_length(typed.text)
    result, key = Finished(), page.translation_key
    locale = Locale.objects.get(language_code=language)
    with transaction.atomic():
        states = {
            state.path: state
            for state in TextState.objects.select_for_update().filter(
                object_key=key, language=language, path__in=list(given)
            )
        }
        segments = segments_of(page, given)
        unknown = sorted(set(given) - set(segments))
        if unknown:
            raise _unknown(", ".join(unknown))
        for path, typed in given.items():
            state, segment = states.get(path), segments[path]
            text = tidy(typed.text)
            if not text:
                result.empty.append(path)
            elif version_of(state, str(segment.string.data_hash)) != typed.seen:
                _keep_overtaken(key, path, language, typed, by)
                result.overtaken.append(path)
            else:
                write(segment, locale, text, by=by)
                TypedWords.objects.filter(
                    object_key=key, path=path, language=language, by=by
                ).delete()
                result.done.append(path)
    if result.done:
        save_draft_when_whole(page, language, by=by)
    return result


def write(segment: StringSegment, locale: Locale, text: str, *, by) -> None:
    """A person's words become the paragraph's; `carrying` keeps what they replace.

    The caller holds the paragraph's row. Raises TranslationRefused for words
    that the place cannot hold.
    """
    StringTranslation.objects.update_or_create(
        translation_of_id=segment.string_id,
        context_id=segment.context_id,
        locale=locale,
        defaults={
            "data": StringValue.from_plaintext(text).data,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": "",
            "last_translated_by": by,
            "has_error": False,
            "field_error": "",
        },
    )


def drop_typed(page: Page, language: str, paths, *, by) -> None:
    """A person leaves the text as it is: what they typed is kept as former words."""
    check_may_translate(page, language, by)
    with transaction.atomic():
        rows = TypedWords.objects.select_for_update().filter(
            object_key=page.translation_key, language=language, by=by, path__in=list(paths)
        )
        for row in rows:
            if row.text.strip():
                keep_aside(
                    row.text,
                    Former.TYPED,
                    by=by,
                    object_key=row.object_key,
                    path=row.path,
                    language=language,
                )
        rows.delete()


def keep_aside(text: str, kind: str, *, by, source_hash: str = "", **place) -> None:
    """Keep words beside a paragraph, once."""
    if not FormerWords.objects.filter(**place, text=text, kind=kind, by=by).exists():
        FormerWords.objects.create(**place, text=text, kind=kind, by=by, source_hash=source_hash)


def save_draft_when_whole(page: Page, language: str, *, by) -> None:
    """Nothing is left to write: the page's draft gets all the words."""
    found = api.progress_of(page.translation_key, language)
    if found.is_complete and not found.stale and not found.drafted:
        source = assembly.find_source(page)
        with tree_change():
            assembly.save_draft(source, Locale.objects.get(language_code=language), by=by)


def tidy(text: str) -> str:
    """As browsers send it, with plain line ends and no space round it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_length(text: str) -> None:
    """Raises TranslationRefused for more than a paragraph holds."""
    if len(text) > MAX_LENGTH:
        raise TranslationRefused(_("This is too long for one paragraph."))


def _keep_overtaken(key, path: str, language: str, typed: Typed, by) -> None:
    TypedWords.objects.update_or_create(
        object_key=key,
        path=path,
        language=language,
        by=by,
        defaults={"text": tidy(typed.text), "seen": typed.seen},
    )


def _unknown(paths: str) -> UnknownParagraph:
    return UnknownParagraph(_("The original has no such paragraph: %(paths)s") % {"paths": paths})
