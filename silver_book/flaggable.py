"""Lets readers mark defects in the book's sections (`review.registry.Flaggable`)."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import number_text
from network.models import User
from network.permissions import is_editor
from review.registry import Place, page_flaggable, register_flaggable
from silver_book import paragraphs
from silver_book.additions import FLAGGED_AS
from silver_book.models import BookSectionPage


def find(key: str, language: str) -> BookSectionPage | None:
    """The live page of a section in a language."""
    try:
        section = uuid.UUID(key)
    except ValueError:
        return None
    pages = BookSectionPage.objects.filter(translation_key=section, live=True)
    return pages.filter(locale__language_code=language).select_related("locale").first()


def places(page: BookSectionPage) -> list[Place]:
    """Its numbered paragraphs."""
    return [
        Place(anchor, _("Paragraph %(number)s") % {"number": number_text(number)}, words)
        for anchor, number, words in paragraphs.places(page.body.raw_data)
    ]


def register() -> None:
    """Called once, when the room starts."""
    register_flaggable(
        page_flaggable(
            kind=FLAGGED_AS,
            label=gettext_lazy("Section of the Silver Book"),
            find=find,
            places=places,
            answerers=lambda key: User.objects.holding("editor"),
            may_answer=lambda user, key: is_editor(user),
            waiting=lambda user: Q() if is_editor(user) else None,
        )
    )
