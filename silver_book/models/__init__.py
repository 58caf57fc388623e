"""Records of the book: see the module of each."""

from silver_book.models.editions import (
    BuildStep,
    Edition,
    EditionFile,
    EditionText,
    FileFormat,
    FileState,
    FrozenPicture,
    FrozenText,
    TextKind,
)
from silver_book.models.imported import ImportedText
from silver_book.models.index import BookIndexPage, BookPage
from silver_book.models.local import LocalText, LocalTextEvent
from silver_book.models.pages import BookChapterPage, BookPartPage, BookSectionPage
from silver_book.models.pairs import PairMark
from silver_book.models.reading import ReadingPlace
from silver_book.models.stamp import BookStamp
from silver_book.models.terms import TermCount, TermPending, TermUse

__all__ = [
    "BookChapterPage",
    "BookIndexPage",
    "BookPage",
    "BookPartPage",
    "BookSectionPage",
    "BookStamp",
    "BuildStep",
    "Edition",
    "EditionFile",
    "EditionText",
    "FileFormat",
    "FileState",
    "FrozenPicture",
    "FrozenText",
    "ImportedText",
    "LocalText",
    "LocalTextEvent",
    "PairMark",
    "ReadingPlace",
    "TermCount",
    "TermPending",
    "TermUse",
    "TextKind",
]
