"""Rows of the translators' desk: who may open a text there is who may translate it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from network.models import Region
from tests.permissions.table import LOGIN, Row


def _begun(world, case=None):
    """The published story, begun in Japanese."""
    from translations.api import begin_translation

    page = (case or world.published).source_page()
    if not page.has_translation(_locale("ja")):
        begin_translation(page, "ja", by=world.users["editor"])
    return [page.translation_key, "ja"]


def _locale(language):
    from wagtail.models import Locale

    return Locale.objects.get(language_code=language)


def _hidden(world):
    """A story of another region, begun in Japanese: its translator may not see it."""
    far = Region.objects.create(slug="far", name_en="Far away")
    case = world.region_only
    type(case).objects.filter(pk=case.pk).update(region=far)
    case.refresh_from_db()
    return _begun(world, case)


def _unbegun(world):
    return [world.published.source_page().translation_key, "ja"]


def _question(world):
    from translations.models import Question

    key, language = _begun(world)
    return [Question.objects.create(object_key=key, place="title", language=language, text="?").pk]


def _hidden_question(world):
    from translations.models import Question

    key, language = _hidden(world)
    return [Question.objects.create(object_key=key, place="title", language=language, text="?").pk]


def _po(world):
    return {"file": SimpleUploadedFile("x.po", b"no file of ours")}


OPEN = {"visitor": LOGIN, "translator editor superuser": 200, ...: 404}
NO_GET = {"visitor": LOGIN, ...: 405}
MOVED_ON = {"visitor": LOGIN, "translator editor superuser": 302, ...: 404}
HIDDEN = {"visitor": LOGIN, "editor superuser": 200, ...: 404}
HIDDEN_POST = {"visitor": LOGIN, "editor superuser": 302, ...: 404}
NOT_THERE = {"visitor": LOGIN, ...: 404}

ROWS = [
    Row(
        "translate_take_group",
        args=lambda world: ["ja"],
        get=NO_GET,
        post={"visitor": LOGIN, "translator": 302, ...: 403},
    ),
    Row(
        "translate_assign",
        args=_begun,
        get=NO_GET,
        post=MOVED_ON,
        data=lambda world: {"to": world.users["translator"].pk},
    ),
    Row("translate_assign", args=_hidden, get=NO_GET, post=HIDDEN_POST, note="hidden story"),
    Row(
        "translate_text",
        args=_begun,
        get=OPEN,
        post=MOVED_ON,
        data=lambda world: {"place": "title", "action": "keep"},
    ),
    Row(
        "translate_text",
        args=_hidden,
        get=HIDDEN,
        post=HIDDEN_POST,
        data=lambda world: {"place": "title", "action": "keep"},
        note="hidden story",
    ),
    Row("translate_text", args=_unbegun, get=NOT_THERE, post=NOT_THERE, note="not begun"),
    Row(
        "translate_save",
        args=_begun,
        get=NO_GET,
        post=OPEN,
        data=lambda world: {"n": "0", "path-0": "title", "text-0": "題", "seen-0": ""},
    ),
    Row(
        "translate_ask",
        args=_begun,
        get=NO_GET,
        post=MOVED_ON,
        data=lambda world: {"place": "title", "text": "Which one?"},
    ),
    Row("translate_ask", args=_hidden, get=NO_GET, post=HIDDEN_POST, note="hidden story"),
    Row("translate_draft", args=_begun, get=NO_GET, post=MOVED_ON),
    Row(
        "translate_first_reading",
        args=_begun,
        get=NO_GET,
        post={"visitor": LOGIN, "editor superuser": 302, "translator": 403, ...: 404},
    ),
    Row(
        "translate_file",
        args=_begun,
        get=OPEN,
        post={"visitor": LOGIN, "translator editor superuser": 422, ...: 404},
        data=_po,
    ),
    Row("translate_file_out", args=_begun, get=OPEN, post={"visitor": LOGIN, ...: 405}),
    Row(
        "translate_file_out",
        args=_hidden,
        get=HIDDEN,
        post={"visitor": LOGIN, ...: 405},
        note="hidden story",
    ),
    Row(
        "translate_question",
        args=_question,
        get=OPEN,
        post={"visitor": LOGIN, "editor superuser": 302, "translator": 403, ...: 404},
        data=lambda world: {"answer": "This one."},
    ),
    Row(
        "translate_question",
        args=_hidden_question,
        get=HIDDEN,
        post=HIDDEN_POST,
        data=lambda world: {"answer": "This one."},
        note="hidden story",
    ),
]
