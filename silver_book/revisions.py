"""What a base text's newest draft changes of what readers see."""

from silver_book.models import BookPage, BookSectionPage
from silver_book.text_changes import CHANGED, GONE, NEW, Change, between_contents

__all__ = ["CHANGED", "GONE", "NEW", "Change", "between", "changes", "content_of"]


def changes(page: BookPage) -> list[Change]:
    """Between the live text and the newest revision, in the new text's order. Two queries."""
    new = page.latest_revision.as_object() if page.latest_revision else page
    old = page.live_revision.as_object() if page.live and page.live_revision else None
    return between(old, new)


def between(old: BookPage | None, new: BookPage) -> list[Change]:
    """What `new` changes of `old`; everything where there is no old text."""
    return between_contents(content_of(old) if old is not None else None, content_of(new))


def content_of(page: BookPage) -> dict:
    """Title, summary of a section, and raw blocks."""
    if isinstance(page, BookSectionPage):
        blocks, words = page.body.raw_data, {"title": page.title, "summary": page.summary}
    else:
        blocks, words = page.introduction.raw_data, {"title": page.title}
    return words | {"blocks": [dict(block) for block in blocks]}
