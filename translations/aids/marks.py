"""What a translation must keep of its original: figures, links, marks of emphasis and code.

Only told, never refused: a number may rightly become a word.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

NUMBERS, LINKS, CODE, EMPHASIS = "numbers", "links", "code", "emphasis"

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?\s*\)")
_BARE = re.compile(r"(?<![(<\w])(?:https?://|mailto:)[^\s)>\]]+")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
# Digits with the marks that languages put between them: 1,250.5 · 1.250,5 · ١٬٢٥٠٫٥ · 1 250
_NUMBER = re.compile(r"\d+(?:[.,'’٫٬\u00a0\u202f]\d+)*")
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Lost:
    """What of one kind the original has and the translation lacks, or has beyond it."""

    kind: str
    missing: tuple[str, ...]
    added: tuple[str, ...] = ()


def lost(source: str, target: str) -> list[Lost]:
    """What the translation does not keep; nothing for one without words.

    >>> lost("In 2 days: 15%", "٢ يوم")
    [Lost(kind='numbers', missing=('15',), added=())]
    """
    if not target.strip():
        return []
    found = []
    for kind, read, tells_added in (
        (NUMBERS, numbers, False),
        (LINKS, links, True),
        (CODE, codes, True),
        (EMPHASIS, strong, False),
    ):
        before, after = read(source), read(target)
        missing = tuple((before - after).elements())
        added = tuple((after - before).elements()) if tells_added else ()
        if missing or added:
            found.append(Lost(kind, missing, added))
    return found


def numbers(text: str) -> Counter:
    """Numbers by their digits alone: every language writes separators in its own way."""
    text = _plain_digits(_BARE.sub(" ", _LINK.sub("]", text)))
    text = _SPACED.sub("", text)
    return Counter(re.sub(r"\D", "", found) for found in _NUMBER.findall(text))


def links(text: str) -> Counter:
    """Where its links lead."""
    rest = _LINK.sub("]", text)
    return Counter(_LINK.findall(text) + [found.rstrip(".,;:") for found in _BARE.findall(rest)])


def codes(text: str) -> Counter:
    """What stands in code marks: it is the same in every language."""
    return Counter(_CODE.findall(text))


def strong(text: str) -> Counter:
    """How often something is emphasised; the words differ by language."""
    return Counter(["**"] * len(_STRONG.findall(_CODE.sub(" ", text))))


def _plain_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )
