"""What waits for editors: drafts of base texts, and paragraphs to compare (R15)."""

from dataclasses import dataclass

from django.db.models import Q

from silver_book.models import (
    BookChapterPage,
    BookPage,
    BookPartPage,
    BookSectionPage,
    PairMark,
)
from silver_book.paragraphs import anchor
from silver_book.permissions import BASE_LANGUAGES


@dataclass(frozen=True)
class Pair:
    """A paragraph to compare: where it is read beside its counterpart, and since when."""

    mark: PairMark
    page: BookSectionPage
    url: str


def drafts() -> list[BookPage]:
    """Base texts whose newest revision is not live, oldest draft first. A query a kind of page."""
    found = []
    for model in (BookPartPage, BookChapterPage, BookSectionPage):
        rows = model.objects.filter(locale__language_code__in=BASE_LANGUAGES)
        rows = rows.filter(Q(has_unpublished_changes=True) | Q(live=False))
        found += rows.select_related("locale", "latest_revision__user").defer_streamfields()
    found = [page for page in found if page.latest_revision_id]
    return sorted(found, key=lambda page: page.latest_revision.created_at)


def pairs() -> list[Pair]:
    """Open marks, oldest first, each beside the other base language. Two queries."""
    marks = list(PairMark.objects.filter(settled_at=None).order_by("since", "pk"))
    pages = {
        (page.translation_key, page.language): page
        for page in BookSectionPage.objects.filter(
            translation_key__in={mark.object_key for mark in marks},
            locale__language_code__in=BASE_LANGUAGES,
        )
        .select_related("locale")
        .defer_streamfields()
    }
    found = []
    for mark in marks:
        page = pages.get((mark.object_key, mark.language))
        if page is None or not page.live:
            continue
        other = next(code for code in BASE_LANGUAGES if code != mark.language)
        place = f"#{anchor(mark.block_id)}" if "-" in mark.block_id else ""
        found.append(Pair(mark, page, f"{page.get_url()}?beside={other}{place}"))
    return found
