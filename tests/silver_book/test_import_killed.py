"""An import that is killed is taken up again: nothing twice, nothing half."""

import contextlib
import subprocess
import sys

import pytest
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from silver_book.models import BookChapterPage, BookPartPage, BookSectionPage, ImportedText
from tests.processes import ROOT, sender_environment
from translations.models import MemoryUnit, Reading, TextState

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MODELS = (BookPartPage, BookChapterPage, BookSectionPage)


class _Undo(Exception):
    """Takes an import back."""


def told(block: dict) -> dict:
    """A block as it would be in any database: a picture's key, in its value and hashed into the
    block's id, is given anew where PostgreSQL's counter went on."""
    if block["type"] != "picture":
        return dict(block)
    image = get_image_model().objects.get(pk=block["value"]["image"])
    return block["value"] | {"image": image.title, "file": image.get_file_hash()}


def whole_book() -> dict:
    """All that an import leaves, without what is made by chance or by the clock."""
    found, keys = [], {}
    for model in MODELS:
        for page in model.objects.select_related("locale"):
            keys[page.translation_key] = page.key
            text = page.body if model is BookSectionPage else page.introduction
            place = (page.language, model.__name__, page.key, page.url_path, page.number)
            found.append((*place, page.title, page.live, repr([told(b) for b in text.raw_data])))
    states = TextState.objects.values_list("object_key", "path", "language", "text", "read_text")
    rows = ImportedText.objects.values_list("object_key", "language", "file")
    return {
        "pages": sorted(found),
        "words": sorted((keys[key], *rest) for key, *rest in states),
        "files": sorted((keys.get(key, "cover"), *rest) for key, *rest in rows),
        "counts": [model.objects.count() for model in (Revision, MemoryUnit, Reading)],
    }


def pages() -> int:
    return sum(model.objects.count() for model in MODELS)


def started(folder, language: str, home) -> subprocess.Popen:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.silver_book.import_process",
            str(folder / language),
            language,
        ],
        cwd=ROOT,
        env=sender_environment(home, 60),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_at(process: subprocess.Popen, number: int) -> str:
    """Kill it -9 while it writes so many-th text; that text's file."""
    for at in range(1, number + 1):
        file = process.stdout.readline().strip()
        assert file, "the import ended before"
        if at == number:
            break
        process.stdin.write("\n")
        process.stdin.flush()
    process.kill()
    process.wait()
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    return file


def test_a_killed_import_is_taken_up_where_it_stopped(folder, take_in, tmp_path):
    with contextlib.suppress(_Undo), transaction.atomic():
        take_in("en", "ar")
        wanted = whole_book()
        raise _Undo
    assert not BookSectionPage.objects.exists()
    for language, number in (("en", 1), ("en", 3), ("ar", 2)):
        before = ImportedText.objects.count()
        file = kill_at(started(folder, language, tmp_path), number)
        # What was committed before stands; the text it died in left nothing.
        assert ImportedText.objects.count() == before + number - 1
        assert not ImportedText.objects.filter(language=language, file=file).exists()
        assert [len(found) for found in Page.find_problems()] == [0] * 5
        if number > 1:
            held = pages()
            report = take_in(language)
            assert held > 0
            assert (report.made, report.conflicts) == (pages() - held, [])
    assert whole_book() == wanted
    assert [len(found) for found in Page.find_problems()] == [0] * 5
    again = take_in("en", "ar")
    assert (again.made, again.changed, again.conflicts) == (0, 0, [])
