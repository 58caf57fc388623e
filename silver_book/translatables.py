"""What of the book is translated, and by whom (`translations.registry`)."""

from silver_book.models import BookChapterPage, BookPage, BookPartPage, BookSectionPage
from silver_book.permissions import SOURCE_LANGUAGE, can_read_second_book, can_translate_book
from silver_book.transitions import publish_translation
from translations.api import find_target
from translations.permissions import can_see_desk
from translations.registry import Translatable, register


def _open_to(model: type[BookPage]):
    """The English pages, in the book's order."""

    def pages(user):
        if not can_see_desk(user):
            return model.objects.none()
        return (
            model.objects.filter(locale__language_code=SOURCE_LANGUAGE)
            .exclude(latest_revision=None)
            .select_related("locale")
            .order_by("number", "pk")
        )

    return pages


def _publish(page: BookPage, by) -> bool:
    """A live text's language goes live at once; another's with its source."""
    source = find_target(page, SOURCE_LANGUAGE)
    if source is None or not source.live:
        return False
    publish_translation(page, by=by)
    return True


for _model in (BookPartPage, BookChapterPage, BookSectionPage):
    register(
        Translatable(
            model=_model,
            open_to=_open_to(_model),
            may_translate=lambda user, page, language: can_translate_book(user, language),
            may_read_second=lambda user, page, language: can_read_second_book(user, language),
            publish=_publish,
        )
    )
