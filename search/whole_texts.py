"""Whole texts into terms for the index: what `analysis.terms` gives, without the places.

A text is cut at its spaces, and what each piece becomes is remembered: of the
pieces of a text nine in ten were met before.
"""

import re
from array import array
from collections.abc import Sequence

from search.analysis import CJK, THAI, WITHOUT_SPACES, characters, fold, grams, stem, terms

# Pieces of a language that are remembered; all are forgotten when there are more.
_MOST = 60_000
# Longer ones are not met again.
_LONGEST = 40
# Signs that part words, whatever stands beside them (an apostrophe is none).
_SIGNS = '.,;:!?()[]{}<>"«»“”„…*=+/|¿¡،؛؟-–—_'
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]+")
_UNSPACED = re.compile(f"([{CJK}]+|[{THAI}]+)")
_HAN_OR_KANA = re.compile(f"[{CJK}]+")
_PERHAPS_HAN_OR_KANA = re.compile("[\u3005-\U0003ffff]")  # quicker
# Of these scripts, what is folded to another character or joins the one before.
_FOLDED = re.compile("[\u0e33\u3099\u309a\uf900-\ufaff\uff66-\uff9f\U0002f800-\U0002fa1f]")


class Lexicon(dict):
    """Pieces without spaces → `Term.text` of their terms, spaces between. For one thread.

    `fresh` maps words that were met for the first time → as they are spelt there.
    """

    def __init__(self, language: str):
        self.language = language
        self.fresh: dict[str, str] = {}

    def __missing__(self, piece: str) -> str:
        core = piece.strip(_SIGNS)
        if core.isalnum() and (core.isascii() or not _UNSPACED.search(core)):
            # With signs round it: as without them, which was perhaps met before.
            made = self._of_word(core) if core == piece else self[core]
        elif len(parts := _SIGN.split(core)) > 1:
            made = " ".join(filter(None, map(self.__getitem__, parts)))
        else:
            made = self._of_any(core)
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = made
        return made

    def _of_word(self, word: str) -> str:
        folded = fold(word)
        if not folded:
            return ""
        self._note(folded, word)
        return stem(folded, self.language)

    def _of_any(self, piece: str) -> str:
        found = terms(piece, self.language)
        for term in found:
            if term.kind == "word":
                self._note(term.word, piece[term.start : term.end])
        return " ".join([term.text for term in found])

    def _note(self, word: str, spelling: str) -> None:
        if can_be_mistyped(word):
            self.fresh.setdefault(word, spelling.lower())


def can_be_mistyped(word: str) -> bool:
    """Whether a folded word is worth another spelling."""
    return 2 <= len(word) <= 40 and not word.isdigit()


def indexed(text: str, lexicon: Lexicon) -> str:
    """`Term.text` of each term of the text (as `normal` gives it), spaces between."""
    if lexicon.language not in WITHOUT_SPACES or text.isascii():
        return " ".join(map(lexicon.__getitem__, text.split()))
    parts = _UNSPACED.split(text)
    parts[1::2] = _grams(parts[1::2])
    for place in range(0, len(parts), 2):
        if part := parts[place]:
            parts[place] = " ".join(map(lexicon.__getitem__, part.split()))
    return " ".join(parts)


def single_characters(text: str) -> str:
    """Every Japanese or Chinese character once, for a query of just one; spaces between."""
    if text.isascii() or not _PERHAPS_HAN_OR_KANA.search(text):
        return ""
    runs = "".join(_HAN_OR_KANA.findall(text))
    return " ".join(dict.fromkeys(characters(text) if _FOLDED.search(runs) else runs))


# --- scripts without spaces ------------------------------------------------------------
def _grams(runs: list[str]) -> list[str]:
    """Overlapping grams of each run, spaces between."""
    found = list(runs)
    plain: dict[int, list[int]] = {2: [], 3: []}  # places of runs, by the size of their grams
    for place, run in enumerate(runs):
        size = 3 if run[0] < "\u3000" else 2  # Thai
        if _FOLDED.search(run):
            found[place] = " ".join([term.text for term in grams(run, 0, size)])
        elif len(run) > size:
            plain[size].append(place)
    for size, places in plain.items():
        if places:
            made = _grams_of_long([runs[place] for place in places], size)
            for place, text in zip(places, made, strict=True):
                found[place] = text
    return found


_BETWEEN = "\x01"
# Grams over the end of a run.
_OVER_END = {
    2: re.compile(f" .{_BETWEEN} {_BETWEEN}. "),
    3: re.compile(f" ..{_BETWEEN} .{_BETWEEN}. {_BETWEEN}.. "),
}


def _grams_of_long(runs: Sequence[str], size: int) -> list[str]:
    """Of runs longer than a gram, all in one: character by character Python is slow."""
    letters = array("I")
    letters.frombytes(_BETWEEN.join(runs).encode("utf-32-le"))
    count = len(letters) - size + 1
    woven = array("I", [ord(" ")]) * (count * (size + 1))
    for place in range(size):
        woven[place :: size + 1] = letters[place : place + count]
    return _OVER_END[size].split(woven.tobytes().decode("utf-32-le"))
