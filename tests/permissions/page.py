"""The permission table as a page: docs/permissions.md (`manage.py permission_page`)."""

from tests.permissions.table import ALLOWED, LOGIN, REFUSED, ROLES, Row, rows

MARKS = {LOGIN: "→ in", REFUSED: "–", ALLOWED: "yes", 403: "–", 404: "404", 405: "405"}
INTRODUCTION = """\
# Who gets what at each address

Made by `manage.py permission_page` from `tests/permissions`; a test asks each
row of the site itself and fails where an address has no row. Rooms add theirs
in `tests/permissions/rows_<room>.py`.

A number is the answer's status code. `→ in` sends to the sign-in page, `–`
refuses (403, or the admin's message), `yes` is past the door of the admin.
"Others" are all the roles not named in that row.

## Roles

"""


def text() -> str:
    """The whole page, Markdown."""
    parts = [INTRODUCTION]
    parts += [f"- **{name}**: {meaning}\n" for name, meaning in ROLES.items()]
    parts.append("\n## Addresses\n\n| address | method | answers |\n|---|---|---|\n")
    for row in rows():
        for method in ("get", "post"):
            parts.append(f"| {_name(row)} | {method.upper()} | {_answers(row, method)} |\n")
    return "".join(parts)


def _name(row: Row) -> str:
    return f"`{row.name}`, {row.note}" if row.note else f"`{row.name}`"


def _answers(row: Row, method: str) -> str:
    """'editor: 200; others: –', the commonest answer last."""
    by_answer: dict[str, list[str]] = {}
    for role, answer in row.expected(method).items():
        by_answer.setdefault(str(MARKS.get(answer, answer)), []).append(role)
    if len(by_answer) == 1:
        return f"everyone: {next(iter(by_answer))}"
    *named, (most, _roles) = sorted(by_answer.items(), key=lambda item: len(item[1]))
    return "; ".join([f"{', '.join(r)}: {mark}" for mark, r in named] + [f"others: {most}"])
