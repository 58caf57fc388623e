"""What an import takes in: pages are made live at once, with fewer writes than by hand.

`page.add_child`, `publish` and wagtail-localize's calls write the same rows
several times over; these write each once (benchmarks/book.py).
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale, Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from network.tree import tree_change
from silver_book.blocks import fill
from silver_book.guard import GUARD
from silver_book.models import BookPage, BookSectionPage
from silver_book.paragraphs import image_ids
from silver_book.permissions import can_publish_book
from silver_book.revisions import between
from silver_book.transitions.publishing import follow
from translations.assembly import open_source, save_live
from translations.taking_in import take_in

LOGGED_AS = "silver_book.import"


@dataclass
class Wanted:
    """A base text as the import wants it to stand. `values`: field → value, streams raw."""

    model: type[BookPage]
    key: str
    number: int
    title: str
    language: str
    values: dict = field(default_factory=dict)
    file: str = ""
    translation_key: object = None


def place_base(wanted: Wanted, parent: Page, *, page: BookPage | None, by) -> BookPage:
    """Make or change a base text and put it live; an English one's translations follow.

    Raises PermissionDenied.
    """
    if not can_publish_book(by):
        raise PermissionDenied
    with tree_change(), GUARD.inside_transition():
        is_new, before = page is None, copy.deepcopy(page)
        if page is None:
            page = wanted.model(locale=Locale.objects.get(language_code=wanted.language))
            if wanted.translation_key:
                page.translation_key = wanted.translation_key
        page.key = page.slug = wanted.key
        page.title, page.number = wanted.title, wanted.number
        set_values(page, wanted.values)
        _write_live(page, parent, is_new=is_new, by=by, file=wanted.file)
        if not is_new:
            follow(page, between(before, page), by=by)
    return page


def place_translation(
    source: BookPage, parent: Page, words: Mapping[str, str], *, by, file: str = ""
) -> BookPage:
    """Take in a translation of a live English text, path → words; they count as read.

    `parent` is the parent in the translation's language. Raises PermissionDenied.
    """
    if not can_publish_book(by):
        raise PermissionDenied
    locale = parent.locale
    with tree_change(), GUARD.inside_transition():
        take_in(source, locale, words, by=by)
        page = (
            type(source)
            .objects.filter(translation_key=source.translation_key, locale=locale)
            .first()
        )
        if page is not None:
            return save_live(open_source(source), locale, by=by)
        page = type(source)(locale=locale, translation_key=source.translation_key)
        for name in ("key", "slug", "number", *_plain_fields(source)):
            setattr(page, name, copy.copy(getattr(source, name)))
        page.title = words.get("title") or source.title
        if isinstance(source, BookSectionPage):
            page.summary = words.get("summary") or source.summary
        stream = stream_field(source)
        set_values(page, {stream: fill(raw_blocks(source), stream, dict(words))})
        _write_live(page, parent, is_new=True, by=by, file=file)
    return page


def _plain_fields(source: BookPage) -> list[str]:
    """Fields that the source decides for every language, beside key and number."""
    own = [synchronised.field_name for synchronised in type(source).override_translatable_fields]
    return [name for name in own if name not in ("slug", "key", "number")]


def stream_field(page: BookPage) -> str:
    """The name of the page's text."""
    return "body" if isinstance(page, BookSectionPage) else "introduction"


def raw_blocks(page: BookPage) -> list[dict]:
    """The page's text as it is stored: dicts with id, type and value."""
    return [copy.deepcopy(dict(block)) for block in getattr(page, stream_field(page)).raw_data]


def set_values(page: Page, values: dict) -> None:
    """Give the page field values; a stream's are raw."""
    for name, value in values.items():
        stream = getattr(page._meta.get_field(name), "stream_block", None)
        setattr(page, name, stream.to_python(value) if stream else value)


def _write_live(page: BookPage, parent: Page, *, is_new: bool, by, file: str) -> None:
    """One row of the page, one revision, one line of history."""
    now = timezone.now()
    page.live, page.has_unpublished_changes, page.expired = True, False, False
    page.draft_title, page.last_published_at = page.title, now
    page.first_published_at = page.first_published_at or now
    if is_new:
        page.owner = by
        parent.refresh_from_db(fields=["path", "depth", "numchild", "url_path"])
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
        if image_ids(raw_blocks(page)):
            ReferenceIndex.create_or_update_for_object(page)  # nothing else of it refers
    else:
        page.save()
        if not page.is_child_of(parent):
            page.move(parent, pos="last-child", user=by)
            page.refresh_from_db()
    # Not `save_revision`: it saves the page once more, with all that hangs on that.
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user=by,
        object_str=str(page),
        content=page.serializable_data(),
    )
    page.latest_revision = page.live_revision = revision
    Page.objects.filter(pk=page.pk).update(
        latest_revision=revision,
        live_revision=revision,
        latest_revision_created_at=revision.created_at,
    )
    log(instance=page, action=LOGGED_AS, user=by, revision=revision, data={"file": file})
    page_published.send(sender=type(page), instance=page, revision=revision)
