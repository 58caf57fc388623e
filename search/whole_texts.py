"""Whole texts into terms for the index: what `analysis.terms` gives, without the places.

A text is cut at its spaces and signs, and what each piece becomes is remembered:
of the pieces of a text nineteen in twenty were met before. New ones are looked
into together, those of many texts at once where there are many. Pieces are kept as
UTF-8: bytes are cut, and made small, several times as fast as text.
"""

import re
import string
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from search.analysis import (
    CJK,
    THAI,
    WITHOUT_SPACES,
    characters,
    fold,
    grams,
    stems,
    terms,
)

# Pieces of a language that are remembered; all are forgotten when there are more.
_MOST = 60_000
# Longer ones (bytes) are not met again.
_LONGEST = 80
# ASCII's signs part words, whatever stands beside them; but for the apostrophe, which may
# belong to an elision.
_ASCII_SIGNS = string.punctuation.replace("'", "")
_TIDY = bytes.maketrans(
    (string.ascii_uppercase + _ASCII_SIGNS).encode(),
    (string.ascii_lowercase + " " * len(_ASCII_SIGNS)).encode(),
)
# So do these.
_SIGN = re.compile("[«»“”„‘‚‹›…¡¿،؛؟·•–—−→\u00a0\u200b\u200c\u3000、。「」]+")
_UNSPACED = re.compile(f"([{CJK}]+|[{THAI}]+)")
_HAN_OR_KANA = re.compile(f"[{CJK}]+")
# Bytes of UTF-8 that are no part of Japanese or Chinese, or not their first.
_BEFORE_HAN_OR_KANA = bytes(range(0xE3))
# Of these scripts, what is folded to another character or joins the one before.
_FOLDED = "\u0e33\u3099\u309a\uf900-\ufaff\uff66-\uff9f\U0002f800-\U0002fa1f"
_IS_FOLDED = re.compile(f"[{_FOLDED}]")
# By the size of a text's grams, what asks for a look at each run: such characters, and scripts
# that are not its own.
_UNUSUAL = {2: re.compile(f"[{_FOLDED}{THAI}]"), 3: re.compile(f"[{_FOLDED}{CJK}]")}
_RUNS = {2: re.compile(f"([{CJK}]+)"), 3: re.compile(f"([{THAI}]+)")}
# `normal` texts have no such sign.
_RUN_HERE = "\x02"


class Lexicon(dict):
    """Pieces → `Term.text` of their terms, spaces between; as UTF-8. For one thread.

    `fresh` maps words that were met for the first time → as they are spelt there, unless
    they are not wanted (`notes_words`). Not `is_stemmed`: `Term.word` instead.

    A piece that was never met stands as an empty bytearray wherever it was put, until
    `settle` fills it.
    """

    def __init__(self, language: str, *, is_stemmed: bool = True, notes_words: bool = True):
        self.language = language
        self.is_stemmed = is_stemmed
        self.notes_words = notes_words
        self.fresh: dict[str, str] = {}
        self._waiting: dict[bytes, bytearray] = {}

    def __missing__(self, piece: bytes) -> bytearray:
        self[piece] = self._waiting[piece] = place = bytearray()
        return place

    def settle(self) -> None:
        """Look into all that were never met."""
        parted = []
        while waiting := self._waiting:
            self._waiting = {}
            plain, others = {}, []
            for raw, piece in zip(waiting, b"\n".join(waiting).decode().split("\n"), strict=True):
                if piece.isalnum() and (piece.isascii() or not _UNSPACED.search(piece)):
                    plain[raw] = piece
                else:
                    others.append((raw, piece))
            self._settle_words(plain, waiting)
            for raw, piece in others:
                parts = _SIGN.split(piece)
                if len(parts) > 1:
                    # They may have to wait in turn.
                    parted.append((raw, waiting[raw], [self[p.encode()] for p in parts if p]))
                else:
                    self._hold(raw, waiting[raw], self._of_terms(piece))
        for raw, place, parts in parted:
            self._hold(raw, place, b" ".join(filter(None, parts)))
        if len(self) > _MOST:
            self.clear()

    def _settle_words(self, plain: dict[bytes, str], waiting: dict[bytes, bytearray]) -> None:
        """Pieces that are nothing but a word."""
        words = list(plain.values())
        folded = [word if word.isascii() else fold(word) for word in words]
        texts = stems(folded, self.language) if self.is_stemmed else folded
        for raw, text in zip(plain, texts, strict=True):
            self._hold(raw, waiting[raw], text.encode())
        if self.notes_words:
            for word, spelling in zip(folded, words, strict=True):
                self._note(word, spelling)

    def _of_terms(self, piece: str) -> bytes:
        """Whatever is no plain word: elisions, accents that stand apart, several scripts."""
        if piece == _RUN_HERE:
            return piece.encode()
        found = terms(piece, self.language)
        if self.notes_words:
            for term in found:
                if term.kind == "word":
                    self._note(term.word, piece[term.start : term.end])
        return " ".join([t.text if self.is_stemmed else t.word for t in found]).encode()

    def _hold(self, raw: bytes, place: bytearray, text: bytes) -> None:
        place[:] = text
        if len(raw) <= _LONGEST:
            self[raw] = raw if raw == text else text
        else:
            del self[raw]

    def _note(self, word: str, spelling: str) -> None:
        if word not in self.fresh and can_be_mistyped(word):
            self.fresh[word] = spelling.lower()


def can_be_mistyped(word: str) -> bool:
    """Whether a folded word is worth another spelling."""
    return 2 <= len(word) <= 40 and not word.isdigit()


class Indexed(NamedTuple):
    """What a text is found by."""

    terms: str  # `Term.text` of each, spaces between
    singles: str  # every Japanese or Chinese character once, for a question of just one


def indexed(texts: Sequence[str], lexicon: Lexicon) -> list[Indexed]:
    """Terms of each text (as `normal` gives it). Many together are quicker than one by one."""
    if lexicon.language not in WITHOUT_SPACES:
        return list(map(Indexed, _spaced(texts, lexicon), map(_singles_of, texts)))
    size = 3 if lexicon.language == "th" else 2
    is_usual = [not _UNUSUAL[size].search(text) for text in texts]
    cut = [
        (_RUNS[size] if usual else _UNSPACED).split(text)
        for text, usual in zip(texts, is_usual, strict=True)
    ]
    # A mark for each run, while what stands round them is looked up.
    between = _spaced([f" {_RUN_HERE} ".join(parts[::2]) for parts in cut], lexicon)
    return [
        (_of_usual if usual else _of_any)(found.split(_RUN_HERE), parts[1::2], size)
        for found, parts, usual in zip(between, cut, is_usual, strict=True)
    ]


def _spaced(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Terms of texts without runs of Japanese, Chinese or Thai, or with few of them."""
    look_up = lexicon.__getitem__
    found = [
        list(map(look_up, text.encode(errors="replace").translate(_TIDY).split())) for text in texts
    ]
    lexicon.settle()
    return [b" ".join(pieces).decode() for pieces in found]


def _singles_of(text: str) -> str:
    if text.isascii() or not text.encode(errors="replace").translate(None, _BEFORE_HAN_OR_KANA):
        return ""
    return _singles(_HAN_OR_KANA.findall(text))


def _singles(runs: Sequence[str]) -> str:
    joined = " ".join(runs)
    every = characters(joined) if _IS_FOLDED.search(joined) else "".join(runs)
    return " ".join(dict.fromkeys(every))


# --- scripts without spaces ------------------------------------------------------------
def _of_usual(between: list[str], runs: list[str], size: int) -> Indexed:
    """Of runs of one script, and of what stands between them. Most texts are such."""
    singles = " ".join(dict.fromkeys("".join(runs))) if size == 2 else ""
    return Indexed(_in_turn(between, _grams(runs, size)), singles)


def _of_any(between: list[str], runs: list[str], size: int) -> Indexed:
    """Of runs of any of these scripts."""
    found = [grams(run, 0, 3 if _is_thai(run) else 2) for run in runs]
    texts = [" ".join([term.text for term in some]) for some in found]
    return Indexed(_in_turn(between, texts), _singles([run for run in runs if not _is_thai(run)]))


def _is_thai(run: str) -> bool:
    return run[0] < "\u3000"


def _in_turn(between: list[str], runs: list[str]) -> str:
    found = [""] * (len(between) + len(runs))
    found[::2] = between
    found[1::2] = runs
    return " ".join(found)


def _grams(runs: list[str], size: int) -> list[str]:
    """Overlapping grams of each run, spaces between."""
    long = iter(_grams_of_long([run for run in runs if len(run) > size], size))
    return [next(long) if len(run) > size else run for run in runs]


_END = "\x01"
# Grams over the end of a run.
_OVER_END = {
    2: re.compile(f" .{_END} {_END}. "),
    3: re.compile(f" ..{_END} .{_END}. {_END}.. "),
}


def _grams_of_long(runs: Sequence[str], size: int) -> list[str]:
    """Of runs longer than a gram, all in one: character by character Python is slow."""
    if not runs:
        return []
    letters = array("I")
    letters.frombytes(_END.join(runs).encode("utf-32-le"))
    count = len(letters) - size + 1
    woven = array("I", [ord(" ")]) * (count * (size + 1))
    for place in range(size):
        woven[place :: size + 1] = letters[place : place + count]
    return _OVER_END[size].split(woven.tobytes().decode("utf-32-le"))
