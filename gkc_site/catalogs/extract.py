"""Find every text of the rooms' Python and templates, and bring the catalogs up to date."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.utils.translation.template import templatize

from gkc_site.catalogs import LOCALE, PLURAL_FORMS, ROOT, catalog_path, locale_name

# Babel's form: the arguments that hold texts; (n, "c") is the context.
_PLURAL, _CONTEXT, _CONTEXT_PLURAL = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _CONTEXT_PLURAL,
    "npgettext_lazy": _CONTEXT_PLURAL,
}
COMMENT_TAGS = ("Translators:",)
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
HEADER = """\
# {language} texts of the Global Knowledge Center.
# Edit the msgstr lines; `make messages` keeps the rest in step with the code.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def room_folders() -> list[Path]:
    """Folders of our own apps, each once (an app inside another is part of it)."""
    own = sorted(
        {
            Path(config.path)
            for config in apps.get_app_configs()
            if ROOT in Path(config.path).parents and "site-packages" not in Path(config.path).parts
        }
    )
    return [path for path in own if not any(other in path.parents for other in own)]


def source_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Python (no migrations: their texts are copies) and templates, in a stable order."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield path
            elif path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
                yield path


def _python_of(path: Path) -> bytes:
    """What Babel's Python extractor is given; a template's tags are turned into calls.

    templatize() keeps the template's indentation, which is no valid Python.
    """
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return source.encode()
    calls = templatize(source, origin=str(path))
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def extract_template(folders: Iterable[Path] | None = None, root: Path = ROOT) -> Catalog:
    """Every message of the code, with the files (not the lines) that use it."""
    template = Catalog()
    for path in source_files(room_folders() if folders is None else folders):
        found = extract(
            "python",
            BytesIO(_python_of(path)),
            KEYWORDS,
            COMMENT_TAGS,
            options={},
            strip_comment_tags=False,
        )
        name = path.relative_to(root).as_posix()
        for _line, texts, comments, context in found:
            template.add(texts, locations=[(name, None)], auto_comments=comments, context=context)
    template.delete("")  # `_("")` would stand for the header
    return template


def merge(template: Catalog, existing: Catalog | None, language: str) -> Catalog:
    """The code's messages with the translations that exist for exactly these msgids.

    Nothing is matched by likeness: a changed msgid is untranslated again.
    """
    merged = Catalog(locale=locale_name(language))
    # Babel's own count differs for some languages (one for Persian), and rules what is written.
    merged.mime_headers = [("Plural-Forms", PLURAL_FORMS[locale_name(language)])]
    plural_count = merged.num_plurals
    for message in _messages(template):
        old = existing.get(message.id, message.context) if existing else None
        merged.add(
            message.id,
            string=_fitting(old, message, plural_count),
            locations=sorted(set(message.locations)),
            flags={flag for flag in (old.flags if old else ()) if flag == "fuzzy"} | message.flags,
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old else (),
            context=message.context,
        )
    return merged


def _fitting(old: Message | None, message: Message, plural_count: int):
    """The old translation if it has the shape of the message, else an empty one."""
    if not isinstance(message.id, tuple | list):
        return old.string if old and isinstance(old.string, str) else ""
    if old and isinstance(old.string, tuple | list) and len(old.string) == plural_count:
        return tuple(old.string)
    return ("",) * plural_count


def _messages(catalog: Catalog) -> list[Message]:
    """Messages without the header."""
    return [message for message in catalog if message.id]


def read_catalog(path: Path) -> Catalog | None:
    """The catalog at `path`; None where there is no file."""
    if not path.exists():
        return None
    with path.open("rb") as source:
        return read_po(source, locale=path.parent.parent.name)


def render(catalog: Catalog, language: str, name: str) -> bytes:
    """The file's text: sorted by msgid, unwrapped, no dates and no line numbers.

    So two branches that add texts rarely touch the same line.
    """
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=0,
        omit_header=True,
        sort_output=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    locale = locale_name(language)
    header = HEADER.format(language=name, locale=locale, plural_forms=PLURAL_FORMS[locale])
    return header.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def update_catalogs(languages: Iterable[tuple[str, str]], folder: Path = LOCALE) -> dict[str, int]:
    """Rewrite the .po of each (code, name); returns how many texts each still lacks."""
    template = extract_template()
    missing = {}
    for language, name in languages:
        path = catalog_path(language, folder)
        merged = merge(template, read_catalog(path), language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(merged, language, name))
        missing[language] = sum(not is_translated(message) for message in _messages(merged))
    return missing


def is_translated(message: Message) -> bool:
    """Every form has a text and nobody marked it as a guess."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(forms) and all(forms) and not message.fuzzy
