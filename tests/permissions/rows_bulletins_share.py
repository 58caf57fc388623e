"""Rows of the author's desk: share form, follow page, what an author does."""

from tests.permissions.table import LOGIN, NOT_ALLOWED, Row

WRITERS = "own_author co_author editor superuser"
AUTHORS = "own_author co_author"


def draft(world):
    return [world.draft.number]


def draft_part(world):
    return [world.draft.number, "title"]


def in_review(world):
    return [world.in_review.number]


def published(world):
    return [world.published.number]


def typed(world):
    return {"version": 0, "title": "Typed", "save": "1"}


def _only(people: str, answer: int) -> dict:
    return {"visitor": LOGIN, people: answer, ...: 404}


ROWS = [
    Row("desk", get={"visitor": LOGIN, ...: 200}, post={"visitor": LOGIN, ...: NOT_ALLOWED}),
    Row("share_start", get={"visitor": LOGIN, ...: 200}, post={"visitor": LOGIN, ...: 422}),
    Row("share_case", args=draft, get=_only(WRITERS, 302), post=_only(WRITERS, 302)),
    Row(
        "share_part",
        args=draft_part,
        get=_only(WRITERS, 200),
        post=_only(WRITERS, 302),
        data=typed,
    ),
    Row(
        "share_part",
        args=lambda world: [world.in_review.number, "title"],
        get=_only(WRITERS, 302),
        post=_only(WRITERS, 302),
        data=typed,
        note="in review: to the follow page",
    ),
    Row(
        "share_save",
        args=draft_part,
        get=NOT_ALLOWED,
        post={"visitor": 401, WRITERS: 200, ...: 404},
        data=typed,
    ),
    Row(
        "share_save",
        args=lambda world: [world.in_review.number, "title"],
        get=NOT_ALLOWED,
        post={"visitor": 401, WRITERS: 423, ...: 404},
        data=typed,
        note="in review",
    ),
    Row(
        "share_archive",
        args=draft,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, AUTHORS: 403, "editor superuser": 302, ...: 404},
    ),
    Row(
        "case_follow",
        args=draft,
        get=_only(WRITERS, 200),
        post={"visitor": LOGIN, ...: NOT_ALLOWED},
        note="draft",
    ),
    Row(
        "case_follow",
        args=in_review,
        get=_only(f"{WRITERS} manager", 200),
        post={"visitor": LOGIN, ...: NOT_ALLOWED},
        note="in review",
    ),
    Row(
        "case_delete",
        args=draft,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, "own_author": 302, "co_author": 403, ...: 404},
    ),
    Row(
        "case_withdraw",
        args=in_review,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post=_only(WRITERS, 422),
    ),
    Row(
        "case_answer_edit",
        args=in_review,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post=_only(AUTHORS, 302),
        data=lambda world: {"agree": "1"},
    ),
    Row(
        "case_audience",
        args=draft,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post=_only(WRITERS, 302),
        data=lambda world: {"audience": "region"},
    ),
    Row(
        "case_public",
        args=published,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, "manager": 302, WRITERS: 403, ...: 404},
        data=lambda world: {"answer": "consent"},
        note="consent",
    ),
    Row(
        "case_public",
        args=published,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, "manager": 403, WRITERS: 302, ...: 404},
        data=lambda world: {"answer": "ask"},
        note="ask",
    ),
]
