"""Text into search terms, in twelve languages. Every term knows where it stands in the text.

One analyzer for indexing, queries and highlights, so that they cannot differ.
What is done, in order (measured: docs/adr/0003 and the design's 'Search'):

- letters are folded *before* the stemmer: case, accents, Arabic and Persian
  letter variants and digits, tatweel and vowel signs; ZWNJ parts words;
- elisions are cut in French and Italian, the possessive 's in English;
- words are stemmed by Snowball; no stopwords;
- Japanese and Chinese runs become bigrams (and, apart, single characters);
- Thai runs become trigrams, with the Thai marks as part of the run.

Raise VERSION with any change here: the index is then made anew.
"""

import re
import sys
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

VERSION = 1

_STEMMERS = {
    "en": "english",
    "es": "spanish",
    "ar": "arabic",
    "fa": "persian",
    "fr": "french",
    "de": "german",
    "it": "italian",
    "pt-br": "portuguese",
    "id": "indonesian",
}
#: Languages whose texts are mostly runs without spaces.
WITHOUT_SPACES = ("ja", "zh-hans", "th")
# Articles and prepositions that lose their vowel before another one.
_ELISIONS = {
    "fr": frozenset("l d j m t s n c qu jusqu quoiqu lorsqu puisqu".split()),
    "it": frozenset(
        "l un all dall dell nell sull coll pell gl agl dagl degl negl sugl c d m t s v n".split()
    ),
}
_APOSTROPHES = "'’ʼ"
# Letters that Unicode does not decompose.
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ħ": "h",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "ß": "ss",
    "ـ": "",  # tatweel
    "ى": "ي",
    "ة": "ه",
    "ٱ": "ا",
    "ک": "ك",
    "ی": "ي",
    "ے": "ي",
    "ە": "ه",
    "ہ": "ه",
    "ھ": "ه",
}
# Snowball's Persian stemmer knows the Persian forms of these two letters.
_PERSIAN = str.maketrans("كي", "کی")
_VOICING = "\u3099\u309a"

CJK = (
    "\u3005\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff\u3099\u309a"
)
THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"


def _marks() -> str:
    """Every combining mark, as a character class."""
    found, start, last = [], None, None
    for code in range(0x300, min(sys.maxunicode, 0x1FFFF)):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            start = code if start is None else start
            last = code
        elif start is not None:
            found.append(f"{chr(start)}-{chr(last)}")
            start = None
    return "".join(found)


# What goes on in a run of letters.
_REST = f"(?:(?![{CJK}{THAI}])[^\\W_]|(?![{CJK}{THAI}])[{_marks()}]|(?<=[\u0600-\u06ff])\u0640)*"
_RUN = re.compile(
    f"(?P<cjk>[{CJK}]+)|(?P<thai>[{THAI}]+)|(?P<word>(?:(?![{CJK}{THAI}])[^\\W_]){_REST})"
)
_HAN_OR_KANA = re.compile(f"[{CJK}]+")


class Term(NamedTuple):
    """A term of a text: what is looked up, how it was spelt, and where it stands."""

    text: str  # stemmed, folded; a bigram or trigram in scripts without spaces
    word: str  # folded only; equal to `text` in scripts without spaces
    start: int
    end: int
    kind: str  # 'word', 'gram', or 'short' (a run too short for a gram)


class _Fold(dict):
    """str.translate table made as characters appear."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    """One character without case, accent or presentation form."""
    out = []
    for plain in unicodedata.normalize("NFKC", character).casefold():
        if plain.isdecimal():
            out.append(str(unicodedata.digit(plain)))
            continue
        parts = unicodedata.normalize("NFD", plain)
        if "\u3040" <= parts[0] <= "\u30ff" or plain in _VOICING:
            parts = plain  # a voiced kana is another sound, not an accent
        for part in parts:
            if unicodedata.category(part) in ("Mn", "Cf") and not _is_sound(part):
                continue
            out.append(_LETTERS.get(part, part))
    return "".join(out)


def _is_sound(mark: str) -> bool:
    """Marks that are letters in their script: Thai vowels and tones, kana voicing, Indic signs."""
    return mark in _VOICING or "\u0900" <= mark <= "\u0eff"


_FOLD = _Fold()


def fold(text: str) -> str:
    """The text without case, accents and letter variants.

    >>> fold("Ünïted ٣١")
    'united 31'
    """
    return text.lower() if text.isascii() else text.translate(_FOLD)


_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


def normal(text: str) -> str:
    """What is kept and shown: composed, without NUL and other control characters."""
    text = unicodedata.normalize("NFC", text or "")
    if text.replace("\n", " ").isprintable():
        return text  # without control characters, and quicker to see
    return _CONTROL.sub(" ", text)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; itself where the language has no stemmer."""
    name = _STEMMERS.get(language)
    if name is None or word.isdigit():
        return word
    if language == "fa":
        # Folded again: one form of each letter in the index, whatever the stemmer gives.
        return _stemmer(name).stemWord(word.translate(_PERSIAN)).translate(_FOLD) or word
    return _stemmer(name).stemWord(word) or word


def stems(words: Sequence[str], language: str) -> Sequence[str]:
    """`stem` of each word; quicker than one by one, and nothing is remembered."""
    name = _STEMMERS.get(language)
    if name is None:
        return words
    if language == "fa":
        made = _stemmer(name).stemWords([word.translate(_PERSIAN) for word in words])
        made = [word.translate(_FOLD) for word in made]
    else:
        made = _stemmer(name).stemWords(words)
    return [
        word if word.isdigit() else found or word for word, found in zip(words, made, strict=True)
    ]


_stemmers = threading.local()


def _stemmer(name: str):
    """This thread's stemmer: it keeps the word it is at, and so is no two threads'."""
    kept = _stemmers.__dict__
    if name not in kept:
        kept[name] = snowballstemmer.stemmer(name)
        kept[name].maxCacheSize = 0  # what is met again is remembered here
    return kept[name]


# Their stemmers leave a word's first letter as it is.
_KEEPING_FIRST_LETTER = frozenset(("en", "es", "fr", "de", "it", "pt-br"))


def terms(text: str, language: str, among: frozenset[str] | None = None) -> list[Term]:
    """The terms of `text` (as `normal` gives it) in order; only those `among` these, if given."""
    found: list[Term] = []
    able = None
    if among is not None and language in _KEEPING_FIRST_LETTER:
        able = _beginning_with(frozenset(wanted[:1] for wanted in among))
    for run in _RUN.finditer(text):
        kind = run.lastgroup
        if kind == "word":
            if able is not None and text[run.start()] not in able:
                continue
            term = _word(text, run, language)
            if term and (among is None or term.text in among):
                found.append(term)
        elif among is None or _may_hold(run.group(), among):
            made = grams(run.group(), run.start(), 2 if kind == "cjk" else 3)
            found += made if among is None else [gram for gram in made if gram.text in among]
    return found


def _may_hold(run: str, among: frozenset[str]) -> bool:
    """Whether any of these grams may stand in the run: most hold none, and need no cutting."""
    folded = unicodedata.normalize("NFC", fold(run))
    return any(gram in folded for gram in among)


@lru_cache
def _latin() -> dict[str, str]:
    """Characters that fold to a word beginning with a Latin letter or digit → that."""
    able = (chr(code) for code in range(ord("0"), 0x10000))
    folded = {c: c.translate(_FOLD)[:1] for c in able if c.isalnum()}
    return {c: letter for c, letter in folded.items() if letter.isascii() and letter.isalnum()}


@lru_cache(maxsize=1_000)
def _beginning_with(first: frozenset[str]) -> frozenset[str] | None:
    """Characters that fold to one of these letters; None where these are not Latin."""
    if not all(letter.isascii() and letter.isalnum() for letter in first):
        return None
    return frozenset(character for character, letter in _latin().items() if letter in first)


def _word(text: str, run: re.Match, language: str) -> Term | None:
    """The term of a run; None where it is cut."""
    word = fold(run.group())
    if not word:
        return None
    start, end = run.span()
    if end < len(text) and text[end] in _APOSTROPHES and word in _ELISIONS.get(language, ()):
        return None
    if language == "en" and word == "s" and start and text[start - 1] in _APOSTROPHES:
        return None
    return Term(stem(word, language), word, start, end, "word")


def grams(run: str, offset: int, size: int) -> list[Term]:
    """Overlapping grams of a run, with their places in the text before folding."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(run):
        for folded in character.translate(_FOLD):
            if folded in _VOICING and letters:  # half-width kana carry the mark apart
                letters[-1] = unicodedata.normalize("NFC", letters[-1] + folded)
            else:
                letters.append(folded)
                places.append(place)
    places.append(len(run))
    if len(letters) < size:
        return [Term("".join(letters), "".join(letters), offset, offset + len(run), "short")]
    return [
        Term(
            gram := "".join(letters[i : i + size]),
            gram,
            offset + places[i],
            offset + max(places[i + size], places[i + size - 1] + 1),
            "gram",
        )
        for i in range(len(letters) - size + 1)
    ]


def characters(text: str) -> list[str]:
    """Every Japanese or Chinese character by itself, for queries of a single one."""
    if text.isascii():
        return []
    return [
        character
        for run in _HAN_OR_KANA.findall(text)
        for character in unicodedata.normalize("NFC", run.translate(_FOLD))
    ]


class Letter(NamedTuple):
    """A folded letter of a text: where it stands, in which run of which script."""

    text: str
    start: int
    end: int
    run: int
    kind: str  # 'word', 'cjk' or 'thai'


def letters(text: str) -> list[Letter]:
    """Every letter and digit in order, folded; spaces and signs left out."""
    found: list[Letter] = []
    for number, run in enumerate(_RUN.finditer(text)):
        for place, character in enumerate(run.group(), run.start()):
            for folded in character.translate(_FOLD):
                if folded in _VOICING and found:  # half-width kana carry the mark apart
                    voiced = unicodedata.normalize("NFC", found[-1].text + folded)
                    found[-1] = found[-1]._replace(text=voiced, end=place + 1)
                else:
                    found.append(Letter(folded, place, place + 1, number, run.lastgroup))
    return found
