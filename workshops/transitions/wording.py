"""Name and summary of a programme in further languages, by who makes it: into the text that its
translators keep, where a second person reads them before others do."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from translations.api import newest_words, translate_page
from translations.exceptions import UnknownParagraph
from workshops.exceptions import FieldsRefused
from workshops.models import ProgrammePage

TEXTS = ("title", "summary")  # of the page: fields, and paths of a text alike


def words_in(page: ProgrammePage | None, languages: Iterable[str]) -> dict[str, str]:
    """'title_ja' → the newest words, '' for none. A query a language."""
    found = {}
    for code in languages:
        words = newest_words(page.translation_key, code) if page is not None else {}
        found |= {f"{name}_{code}": words.get(name, "") for name in TEXTS}
    return found


def write_words(page: ProgrammePage, words: Mapping[str, Mapping], *, by) -> None:
    """Keep what differs of `words`, language → name of a text → words; what is empty stays as it
    is. After the English words: these are what they are kept beside. Inside the programme's own
    transition. Raises PermissionDenied, FieldsRefused."""
    for code, typed in words.items():
        kept = words_in(page, [code])
        fresh = {
            name: text.strip()
            for name, text in typed.items()
            if text.strip() and text.strip() != kept[f"{name}_{code}"]
        }
        if not fresh:
            continue
        try:
            translate_page(page, code, fresh, by=by)
        except UnknownParagraph as unknown:
            said = _("Write it in English first: other languages follow what stands there.")
            raise FieldsRefused({f"{name}_{code}": [said] for name in fresh}) from unknown
