"""What a row of the permission table is, and where all of them are found.

    Row(
        "case_withdraw",
        args=lambda world: [world.draft.number],
        get={"visitor": LOGIN, "own_author editor": 200, ...: 404},
        post={"visitor": LOGIN, "own_author editor": 302, ...: 404},
        data=lambda world: {"reason": "wrong data"},
    )

`get` and `post` map roles (several in one key, space between) to the answer;
the key `...` stands for every role not named. A bare value is everybody's
answer. Answers are status codes, LOGIN (sent to the sign-in page) or REFUSED. Each
request runs by itself and is rolled back; `args` and `data` are called inside,
so they may make what the row needs with the factories. One URL name may have
several rows, told apart by `note`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

import tests.permissions

ROLES = {
    "visitor": "nobody has signed in",
    "reader": "a member of another distributor, in another region",
    "author": "a member of the story's distributor who did not write it",
    "own_author": "the author of the story",
    "co_author": "a co-author of the story",
    "manager": "first contact of the story's distributor",
    "campaigner": "a campaigner of the story's review area",
    "neutral": "a campaigner of another region",
    "lead": "the lead campaigner of the story's review area",
    "translator": "a translator (Japanese, Arabic)",
    "editor": "an editor",
    "trainer": "a trainer",
    "coordinator": "a workshop coordinator",
    "executive": "an executive",
    "administrator": "an administrator by mandate",
    "superuser": "a superuser",
}
LOGIN = "login"
REFUSED = "refused"  # Wagtail's way: back to the admin's front page with a message
# Past the door, whatever the view then says. For the admin's own addresses only,
# many of which are asked about objects that do not exist.
ALLOWED = "allowed"
NOT_ALLOWED = 405
# Past the door these answer with a server error, for the reason named: Wagtail's own, to a request
# that no page of its sends. Where one is mended upstream its row turns red: take it off.
CRASHES = {
    ("wagtailadmin_error_test", "get"): "raises by intent, for who tries out error reports",
    ("wagtailadmin_error_test", "post"): "raises by intent, for who tries out error reports",
    (
        "wagtailadmin_choose_page_external_link",
        "post",
    ): "URLOrAbsolutePathField.to_python takes no missing value: None.startswith",
    (
        "wagtailredirects:process_import",
        "post",
    ): "ConfirmImportForm.clean reads import_file_name without asking whether it is there",
    (
        "wagtailadmin_pages:edit",
        "post",
    ): "StreamBlock.value_from_datadict reads <name>-count without asking whether it is there",
}
Answer = int | str
Answers = dict | Answer


@dataclass(frozen=True)
class Row:
    """A URL name and what each role gets, by method."""

    name: str
    get: Answers
    post: Answers
    args: Callable = lambda world: []
    data: Callable = lambda world: {}
    query: str = ""
    note: str = ""
    headers: dict = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name

    def expected(self, method: str) -> dict[str, Answer]:
        """Role → answer, for all roles. Raises ValueError for a gap or an unknown role."""
        given = self.get if method == "get" else self.post
        if not isinstance(given, dict):
            return dict.fromkeys(ROLES, given)
        answers = {}
        for roles, answer in given.items():
            if roles is not ...:
                answers |= dict.fromkeys(roles.split(), answer)
        unknown = set(answers) - set(ROLES)
        missing = set(ROLES) - set(answers)
        if unknown or (missing and ... not in given):
            raise ValueError(f"{self.id} {method}: {sorted(unknown or missing)}")
        return {role: answers.get(role, given.get(...)) for role in ROLES}


def rows() -> list[Row]:
    """All rows of all rooms, in the order of their modules."""
    found = []
    for module in sorted(m.name for m in pkgutil.iter_modules(tests.permissions.__path__)):
        if module.startswith("rows_"):
            found += importlib.import_module(f"tests.permissions.{module}").ROWS
    return found
