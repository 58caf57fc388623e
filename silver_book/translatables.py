"""What of the book is translated, and by whom (`translations.registry`)."""

from django.utils.translation import get_language

from silver_book.models import BookChapterPage, BookPage, BookPartPage, BookSectionPage
from silver_book.permissions import SOURCE_LANGUAGE, can_read_second_book, can_translate_book
from silver_book.transitions import publish_translation
from translations.api import find_target
from translations.permissions import can_see_desk
from translations.registry import Group, Translatable, register


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


def _groups(pages) -> dict:
    """Each text with its chapter; parts and chapters with themselves. Two queries.

    Titles in the reader's language where there is one, else in English.
    """
    here = get_language() or SOURCE_LANGUAGE
    titles: dict[tuple, tuple[int, str, str]] = {}
    for model in (BookPartPage, BookChapterPage):
        names = ["key", "number", "title", "locale__language_code"]
        if model is BookChapterPage:
            names.append("part_key")
        rows = model.objects.filter(locale__language_code__in={SOURCE_LANGUAGE, here})
        for key, number, title, language, *part in rows.values_list(*names):
            place = (part[0] if part else key, key if part else "")
            if place not in titles or language == here:
                titles[place] = (number, title, language)
    found = {}
    for page in pages:
        part, chapter = _place(page)
        number, title, language = titles.get((part, chapter)) or titles.get(
            (part, ""), (0, page.title, SOURCE_LANGUAGE)
        )
        found[page.translation_key] = Group(
            key=f"book:{part}:{chapter}",
            title=title,
            language="" if language == here else language,
            order=number,
        )
    return found


def _place(page: BookPage) -> tuple[str, str]:
    """Keys of the part and the chapter."""
    if isinstance(page, BookPartPage):
        return page.key, ""
    if isinstance(page, BookChapterPage):
        return page.part_key, page.key
    return page.part_key, page.chapter_key


for _model in (BookPartPage, BookChapterPage, BookSectionPage):
    register(
        Translatable(
            model=_model,
            open_to=_open_to(_model),
            may_translate=lambda user, page, language: can_translate_book(user, language),
            may_read_second=lambda user, page, language: can_read_second_book(user, language),
            publish=_publish,
            groups=_groups,
        )
    )
