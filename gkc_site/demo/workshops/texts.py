"""Puts the demo's programmes into further languages: a translator writes, a second person reads."""

import tomllib
from pathlib import Path

from gkc_site.demo.languages import PEOPLE, put_into, translator_and_reader
from gkc_site.demo.workshops.blocks import block_id, lab_rows, programme_rows
from translations.api import finished_languages
from translations.exceptions import UnknownParagraph
from workshops.models import ProgrammePage
from workshops.page_text import texts_of
from workshops.transitions import publish_translation

FOLDER = Path(__file__).parent / "texts"
LAB = "lexus-lab"


def load_workshop_texts(most: int | None = None) -> int:
    """Translate every live programme that has words in a language, `most` at once where that is
    said. Returns how many were new. About half a second of CPU each.

    A page that an older version made lacks what came later: it gets the words
    of what it has.
    """
    pages = {
        page.programme.key: page
        for page in ProgrammePage.objects.filter(
            locale__language_code="en", live=True, programme__parent=None
        ).select_related("programme")
    }
    done = {key: finished_languages(page.translation_key) for key, page in pages.items()}
    rows, made = programme_rows(), 0
    for language in (code for code in PEOPLE if code != "en"):
        texts = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
        _translator, reader = translator_and_reader(language)
        for row in rows:
            page = pages.get(row["key"])
            if page is None or language in done[row["key"]]:
                continue
            words = known_to(page, words_of(row, texts[row["key"]], language))
            try:
                translated = put_into(page, language, words)
            except UnknownParagraph:  # an editor has written it anew: the words are not its
                continue
            publish_translation(translated, by=reader)
            made += 1
            if made == most:
                return made
    return made


def known_to(page: ProgrammePage, words: dict[str, str]) -> dict[str, str]:
    """The words whose field or block stands on the page."""
    known = set(texts_of(page))
    # 'body.<block id>…', or a field's own name.
    return {
        path: text
        for path, text in words.items()
        if path.split(".")[1 if "." in path else 0] in known
    }


def words_of(row: dict, text: dict, language: str) -> dict[str, str]:
    """wagtail-localize's path → words, for a programme's whole page."""
    key, found = row["key"], {"title": text["title"], "summary": text["summary"]}
    for name in ("body", "before_after"):
        for number, words in enumerate(text.get(name, [])):
            found[f"{name}.{block_id(key, name, number)}"] = words
    for number, (title, *steps) in enumerate(text["happens"]):
        place = (key, "happens", number)
        path = f"happens.{block_id(*place)}"
        found[f"{path}.title"] = title
        for at, step in enumerate(steps):
            found[f"{path}.steps.{block_id(*place, at)}"] = step
    if key == LAB:
        found |= _lab_words(language)
    return found


def _lab_words(language: str) -> dict[str, str]:
    found = {}
    for number, step in enumerate(lab_rows()):
        words, place = step[language], (LAB, "lessons", number)
        path = f"lessons.{block_id(*place)}"
        if step["kind"] == "lesson":
            found[f"{path}.title"] = words["title"]
            items, name = words["text"], "text"
        else:
            found[f"{path}.question"] = words["question"]
            found[f"{path}.explanation"] = words["explanation"]
            items, name = words["options"], "options"
        for at, item in enumerate(items):
            found[f"{path}.{name}.{block_id(*place, at)}"] = item
    return found
