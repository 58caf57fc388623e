"""Rows of the book beside its pages: the standard text is open to everyone, its desk to editors."""

import uuid

from network.models import User
from silver_book.models import BookIndexPage, BookPartPage, PairMark
from silver_book.transitions import Wanted, place_base
from tests.permissions.table import LOGIN, Row

NOT_THERE = {"visitor": LOGIN, "editor superuser": 404, ...: 403}
EDITORS = {"visitor": LOGIN, "editor superuser": 200, ...: 403}


def a_draft(world):
    index = BookIndexPage.objects.get(locale__language_code="en")
    wanted = Wanted(BookPartPage, key="table", number=1, title="A part", language="en")
    page = place_base(wanted, index, page=None, by=User.objects.get(is_system=True))
    page.title = "Another title"
    page.save_revision()
    return [page.pk]


def a_pair(world):
    made = PairMark.objects.create(object_key=uuid.uuid4(), block_id="title", language="ja")
    return [made.pk]


ROWS = [
    Row("practice_matrix", get=200, post=405),
    Row("practice_cell", get=200, post=405, args=lambda world: ["own", "after-sales"]),
    Row("practice_cell", get=404, post=405, args=lambda world: ["own", "no-such"], note="unknown"),
    Row("glossary", get=200, post=405),
    Row("glossary_term", get=200, post=405, args=lambda world: ["dealer"]),
    Row("glossary_term", get=404, post=405, args=lambda world: ["no-such"], note="unknown"),
    Row("book_desk", get=EDITORS, post={"visitor": LOGIN, ...: 405}),
    Row(
        "book_publish",
        args=a_draft,
        get=EDITORS,
        post={"visitor": LOGIN, "editor superuser": 302, ...: 403},
    ),
    Row(
        "book_publish",
        args=lambda world: [1],
        get=NOT_THERE,
        post=NOT_THERE,
        note="no text of the book",
    ),
    Row(
        "book_settle",
        args=a_pair,
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "editor superuser": 302, ...: 403},
    ),
]
