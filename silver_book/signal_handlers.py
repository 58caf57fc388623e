"""Receivers that keep Wagtail's own ways from going around an editor. They only wire."""

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move, pre_page_move

from network.models.live import changes_what_is_live
from silver_book.guard import GUARD
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPage,
    BookPartPage,
    BookSectionPage,
    BookStamp,
    LocalText,
)
from silver_book.page_context import HAS_CONTENT
from silver_book.transitions.terms import is_to_count

PAGES = (BookPartPage, BookChapterPage, BookSectionPage)


def on_base_page_saving(sender, instance, raw=False, **kwargs):
    """Wagtail's scheduler saves a text as a bare Page, past its own `save()`."""
    if raw or GUARD.is_inside_transition() or instance.pk is None:
        return
    page_class = instance.specific_class
    if page_class and issubclass(page_class, BookPage) and changes_what_is_live(instance):
        GUARD.check_inside_transition()


def on_page_going(sender, instance, **kwargs):
    """A text is deleted or moved: its address and its paragraphs are pointed at."""
    GUARD.check_inside_transition()


def on_liveness_changed(sender, instance, **kwargs):
    """Contents change; the book's entrance appears with its first section."""
    BookStamp.renew()
    cache.delete(HAS_CONTENT)


def on_section_live_or_away(sender, instance, **kwargs):
    """The terms that its text uses are counted again."""
    is_to_count(instance)


def on_local_text_changed(sender, **kwargs):
    """Which sections have local texts is kept with the contents."""
    BookStamp.renew()


def connect() -> None:
    """Called once, from the app's ready()."""
    for signal in (post_save, post_delete):
        signal.connect(
            on_local_text_changed, sender=LocalText, dispatch_uid="silver_book.local_text_changed"
        )
    pre_save.connect(on_base_page_saving, sender=Page, dispatch_uid="silver_book.base_page_saving")
    for signal in (page_published, page_unpublished, post_delete):
        signal.connect(
            on_section_live_or_away, sender=BookSectionPage, dispatch_uid="silver_book.terms"
        )
    for model in PAGES:
        pre_delete.connect(on_page_going, sender=model, dispatch_uid="silver_book.page_deleting")
        pre_page_move.connect(on_page_going, sender=model, dispatch_uid="silver_book.page_moving")
    for model in (*PAGES, BookIndexPage):
        for signal in (page_published, page_unpublished, post_page_move, post_delete):
            signal.connect(
                on_liveness_changed, sender=model, dispatch_uid="silver_book.liveness_changed"
            )
