"""Rows of the translators' list, the second reader's page and what changed."""

from tests.permissions.table import LOGIN, Row


def _key(world):
    return world.published.source_page().translation_key


def _in_japanese(world):
    return [_key(world), "ja"]


def _translated(world):
    """The published story in Japanese: read, live, its original changed since."""
    from tests.translations.conftest import all_words, change_source
    from translations.api import confirm_reading

    page = world.published.source_page()
    all_words(page, "ja", world.users["translator"])
    confirm_reading(page.translation_key, "ja", by=world.users["editor"])
    change_source(world.published, title="Another title")
    return [page.translation_key, "ja"]


LIST = {"visitor": LOGIN, "translator editor superuser": 200, ...: 403}
OPEN = {"visitor": LOGIN, "translator editor superuser": 200, ...: 404}
MOVED_ON = {"visitor": LOGIN, "translator editor superuser": 302, ...: 404}

ROWS = [
    Row("translate_desk", get=LIST, post={"visitor": LOGIN, ...: 405}),
    Row(
        "translate_begin",
        get={"visitor": LOGIN, ...: 405},
        post=MOVED_ON,
        args=_in_japanese,
    ),
    Row("translate_read", get=OPEN, post=MOVED_ON, args=_translated, note="begun"),
    Row(
        "translate_read",
        get={"visitor": LOGIN, ...: 404},
        post={"visitor": LOGIN, ...: 404},
        args=_in_japanese,
        note="not begun",
    ),
    Row(
        "translation_changes",
        get={"visitor": 404, ...: 200},
        post=405,
        args=_translated,
    ),
    Row("translation_changes", get=404, post=405, args=_in_japanese, note="not translated"),
]
