"""Rows of the bulletins' sheets: whoever may read the story gets them."""

from tests.permissions.table import LOGIN, Row

NOBODY_ELSE = 404
# The editor's mandate is a superuser's too; nobody else sees another's draft.
DRAFT = {"visitor": LOGIN, "own_author co_author editor superuser": 200, ...: NOBODY_ELSE}


def _of(name):
    return lambda world: [getattr(world, name).number]


def _rows(name, **more):
    return [
        Row(name, get=200, post=405, args=_of("public"), note="public story", **more),
        Row(
            name,
            get={"visitor": LOGIN, ...: 200},
            post=405,
            args=_of("published"),
            note="network",
            **more,
        ),
        Row(name, get=DRAFT, post=405, args=_of("draft"), note="draft", **more),
    ]


ROWS = [*_rows("case_a3"), *_rows("case_a3_pdf")]
