"""About how many words a part should have: a column of the A3 page at its full size of type.

Guidance while one writes; what is truly too long for the sheet says
`bulletins.printing.a3_overflow` (R32).
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import number_text

WORDS = {
    "summary": 40,
    "background": 90,
    "situation": 90,
    "target": 50,
    "causes_text": 50,
    "did": 120,
    "tried": 60,
    "happened": 90,
    "learned": 80,
    "adapt": 60,
}
# Languages that write no spaces between words, and how many characters hold what a word holds.
_CHARACTERS_A_WORD = {"ja": 2.4, "zh-hans": 1.7, "th": 5.0}


def counts_characters(language: str) -> bool:
    """Whether lengths are told in characters instead of words."""
    return language in _CHARACTERS_A_WORD


def limit_of(field: str, language: str) -> int | None:
    """About how many words (or characters) the field's text may have; None where any."""
    words = WORDS.get(field)
    if words is None:
        return None
    return round(words * _CHARACTERS_A_WORD.get(language, 1) / 10) * 10


def length_of(text: str, language: str) -> int:
    """Words, or characters without spaces."""
    if counts_characters(language):
        return len(re.sub(r"\s", "", text))
    return len(text.split())


def count_text(text: str, field: str, language: str) -> str:
    """'58 of about 120 words', in the active language."""
    limit = limit_of(field, language)
    numbers = {"n": number_text(length_of(text, language)), "limit": number_text(limit)}
    if counts_characters(language):
        return _("%(n)s of about %(limit)s characters") % numbers
    return ngettext("%(n)s of about %(limit)s word", "%(n)s of about %(limit)s words", limit) % (
        numbers
    )


def overflows(text: str, field: str, language: str) -> bool:
    """Whether the text is longer than its place on the sheet."""
    limit = limit_of(field, language)
    return limit is not None and length_of(text, language) > limit
