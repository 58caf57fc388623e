"""Small frozen books for tests."""

import hashlib

from django.core.files.base import ContentFile

from network.models import User
from silver_book.models import (
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    Edition,
    EditionFile,
    FileState,
)
from silver_book.transitions import Wanted, place_base
from silver_book.transitions.freezing import freeze_edition


def system() -> User:
    return User.objects.get(is_system=True)


def paragraph(name: str, words: str) -> dict:
    return {"id": f"{name:0>8}-0000-4000-8000-000000000000", "type": "paragraph", "value": words}


def place_section(key: str, *words: str, language: str = "en", **values) -> BookSectionPage:
    """A live section in the part 'way', made or changed; its paragraphs are named 1, 2, …"""
    index = BookIndexPage.objects.get(locale__language_code=language)
    here = {"locale__language_code": language}
    part = BookPartPage.objects.filter(key="way", **here).first() or place_base(
        Wanted(BookPartPage, key="way", number=1, title="The way", language=language),
        index,
        page=None,
        by=system(),
    )
    page = BookSectionPage.objects.filter(key=key, **here).first()
    blocks = [paragraph(str(n), text) for n, text in enumerate(words, 1)]
    wanted = Wanted(
        BookSectionPage,
        key=key,
        number=values.pop("number", 1),
        title=values.pop("title", key.capitalize()),
        language=language,
        values={"body": blocks, **values},
    )
    return place_base(wanted, part, page=page, by=system())


def make_edition(*words: str) -> Edition:
    """An edition of one English section, 'see'; a further one where it has other words."""
    place_section("see", *(words or ("Go and see.", "Then ask why.")))
    return freeze_edition(by=system())


def make_ready(file: EditionFile, content: bytes = b"%PDF-1.7") -> EditionFile:
    """The file as its builder leaves it."""
    field = EditionFile._meta.get_field("file")
    stored = field.storage.save(f"editions/files/{file.content_hash}", ContentFile(content))
    EditionFile.objects.filter(pk=file.pk).update(
        state=FileState.DONE,
        file=stored,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    return EditionFile.objects.get(pk=file.pk)
