"""Are the catalogs complete, unfuzzy, in step with the code, and their placeholders right?"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from gkc_site.catalogs import LOCALE, catalog_path
from gkc_site.catalogs.extract import extract_template, is_translated, read_catalog

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-z]|(?<!%)%[sd]|\{(\w+)\}")
SHOWN = 60  # characters of a msgid in a report


def problems(languages: Iterable[str], complete: Iterable[str], folder: Path = LOCALE) -> list[str]:
    """One line for each thing wrong, translators' words for it.

    `languages` that have a catalog are checked for drift and placeholders;
    those in `complete` must also have one, with every text translated.
    """
    template = extract_template()
    complete = set(complete) - {"en"}
    found = []
    for language in languages:
        if language == "en":
            continue
        path = catalog_path(language, folder)
        catalog = read_catalog(path)
        if catalog is None:
            if language in complete:
                found.append(f"{language}: no catalog at {path.name}; run `make messages`")
            continue
        found += [f"{language}: {line}" for line in _drift(template, catalog)]
        for message in catalog:
            if not message.id:
                continue
            if language in complete and not is_translated(message):
                kind = "fuzzy" if message.fuzzy else "untranslated"
                found.append(f"{language}: {kind}: {_short(message)}")
            found += [f"{language}: {line}" for line in placeholder_problems(message)]
    return found


def _drift(template: Catalog, catalog: Catalog) -> Iterator[str]:
    code, kept = _keys(template), _keys(catalog)
    for key in sorted(code - kept, key=str):
        yield f"missing, run `make messages`: {str(key[1])[:SHOWN]}"
    for key in sorted(kept - code, key=str):
        yield f"no longer in the code, run `make messages`: {str(key[1])[:SHOWN]}"


def _keys(catalog: Catalog) -> set[tuple]:
    return {
        (message.context, tuple(message.id) if message.pluralizable else message.id)
        for message in catalog
        if message.id
    }


def placeholders(text: str) -> set[str]:
    """`%(name)s`, `%s` and `{name}` as they stand; '%%' is none."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def placeholder_problems(message: Message) -> Iterator[str]:
    """A translation must use the source's placeholders, and no other.

    A plural form may leave the number out ("one case"), never invent one.
    """
    if message.pluralizable:
        allowed = set().union(*(placeholders(text) for text in message.id))
        for form in message.string:
            if extra := placeholders(form) - allowed:
                yield f"unknown placeholder {', '.join(sorted(extra))}: {_short(message)}"
    elif message.string and placeholders(message.string) != placeholders(message.id):
        yield f"placeholders differ: {_short(message)}"


def _short(message: Message) -> str:
    text = message.id[0] if message.pluralizable else message.id
    return repr(text[:SHOWN])
