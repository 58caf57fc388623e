"""A small book: two parts, one of them with a chapter, in files."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from network.models import User
from silver_book.importing import markdown
from silver_book.importing.folder import Report
from silver_book.importing.load import known_files, load
from tests.shared import round_the_tests

BOOK = Path(__file__).parent / "book"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A book is taken in for these tests: none is for the inner loop."""
    for item in items:
        if {"take_in", "shared_book"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


@pytest.fixture
def folder(tmp_path):
    """A copy of the small book's files, to change."""
    shutil.copytree(BOOK, tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def take_in(folder):
    """Import languages of the small book; the report of the last."""

    return partial(taken_in, folder)


@pytest.fixture(scope="module")
def shared_book(django_db_setup, django_db_blocker):
    """The small book in English, Arabic and Japanese, taken in once for a module's tests."""
    with round_the_tests(django_db_blocker):
        taken_in(BOOK, "en", "ar", "ja")
        yield


def taken_in(folder: Path, *languages: str, **options) -> Report:
    for language in languages:
        report = Report()
        read = markdown.read(folder / language, report, known=known_files())
        load(read, language, report, by=User.objects.get(is_system=True), **options)
    return report
