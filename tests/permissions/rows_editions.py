"""Rows of the book's editions: who may read the book may read them; editors freeze them."""

from django.core.files.base import ContentFile

from silver_book.models import EditionFile, FileState, FrozenPicture
from tests.permissions.table import LOGIN, Row
from tests.silver_book.frozen_books import make_edition, make_ready, place_section

EDITORS = {"visitor": LOGIN, "editor superuser": 200, ...: 403}
NO_POST = {"visitor": LOGIN, ...: 405}


def an_edition(world):
    return [make_edition().number]


def a_language(world):
    return [make_edition().number, "en"]


def a_section(world):
    return [make_edition().number, "en", "see"]


def a_file(world):
    edition = make_edition()
    make_ready(edition.files.get(format="pdf"))
    return [edition.number, "en", "pdf"]


def an_unbuilt_file(world):
    return [make_edition().number, "en", "pdf"]


def a_failed_file(world):
    file = make_edition().files.first()
    EditionFile.objects.filter(pk=file.pk).update(state=FileState.FAILED)
    return [file.pk]


def a_picture(world):
    make_edition()
    picture = FrozenPicture(key="a" * 40, width=1, height=1)
    picture.file.save("a.png", ContentFile(b"\x89PNG"), save=False)
    picture.save()
    return [picture.key]


def a_change(world):
    make_edition()
    place_section("see", "Go and look.")
    return ["en"]


ROWS = [
    Row("edition_list", get=200, post=405),
    Row("edition_detail", args=an_edition, get=200, post=405),
    Row("edition_detail", args=lambda world: [99], get=404, post=405, note="no such edition"),
    Row("edition_contents", args=a_language, get=200, post=405),
    Row(
        "edition_contents",
        args=lambda world: [make_edition().number, "de"],
        get=404,
        post=405,
        note="a language that it does not hold",
    ),
    Row("edition_section", args=a_section, get=200, post=405),
    Row("edition_glossary", args=a_language, get=200, post=405),
    Row("edition_changes", args=a_language, get=200, post=405),
    Row("edition_file", args=a_file, get=200, post=405),
    Row("edition_file", args=an_unbuilt_file, get=503, post=405, note="not built yet"),
    Row("edition_picture", args=a_picture, get=200, post=405),
    Row(
        "edition_picture",
        args=lambda world: ["a" * 40],
        get=404,
        post=405,
        note="no such picture",
    ),
    Row(
        "section_changes",
        args=lambda world: [place_section("see", "Go and see.").key],
        get=200,
        post=405,
    ),
    Row("section_changes", args=lambda world: ["nothing"], get=404, post=405, note="no section"),
    Row("edition_desk", get=EDITORS, post=NO_POST),
    Row(
        "edition_new",
        get=EDITORS,
        post={"visitor": LOGIN, "editor superuser": 302, ...: 403},
    ),
    Row("edition_new_changes", args=a_change, get=EDITORS, post=NO_POST),
    Row(
        "edition_build_again",
        args=a_failed_file,
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "editor superuser": 302, ...: 403},
    ),
]
