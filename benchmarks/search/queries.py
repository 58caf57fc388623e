"""Questions about sections, as people would ask them. Nothing here knows how we rank.

Every question comes from one section and a fixed seed. Its right answers are
all sections of the language with the same title (classes of a title), with
the same words in a row (phrases), or with the same title and text (keywords).
"""

import itertools
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

UNSPACED = ("ja", "zh-hans", "th")
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u0652\u200c'’-]*[^\W_]+)*")
_CLAUSE = re.compile(
    r"[.!?;:,()\[\]{}\"“”„«»…·•|<>=/\\。！？、，；：（）「」『』【】《》؟،؛\n]+|\s[-–—]\s"
)
# Letters of Thai and marks, Han, kana: what an unspaced word may be made of.
_UNSPACED_WORD = {
    "ja": re.compile("[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{3,}|[A-Za-z]{3,}"),
    "zh-hans": re.compile("[\u4e00-\u9fff]{2,}|[A-Za-z]{3,}"),
    "th": re.compile("[\u0e01-\u0e4e]{4,}|[A-Za-z]{3,}"),
}
_ZH_PARTICLES = re.compile(
    "[的了和在是有不会将被把与或及其这那您你我们到为以从对就也都要可中上下等一个来]+"
)


# Accents and Arabic vowel signs go; Thai vowels and the voicing of kana are letters.
_ACCENT = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")


class _Plain(dict):
    """str.translate table, made as characters appear: case and accents go, signs part words."""

    def __missing__(self, code: int) -> str:
        letters = unicodedata.normalize("NFKD", chr(code).casefold())
        kept = "".join(
            letter if letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc") else " "
            for letter in _ACCENT.sub("", letters)
        )
        self[code] = kept = unicodedata.normalize("NFC", kept)
        return kept


_PLAIN = _Plain()


def plain(text: str) -> str:
    """What two spellings of a text have in common: case, accents and signs apart."""
    return " ".join(text.translate(_PLAIN).split())


class Sections:
    """A language's sections, and which of them are the same."""

    def __init__(self, language: str, rows: list[dict]):
        self.language = language
        self.rows = rows
        self.by_title: dict[str, list[str]] = defaultdict(list)
        self.by_text: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.plain_bodies = {}
        for row in rows:
            self.by_title[plain(row["title"])].append(row["id"])
            self.by_text[plain(row["title"]), row["body"]].append(row["id"])

    def same_title(self, row: dict) -> list[str]:
        """Sections that a question made of the title may mean."""
        return self.by_title[plain(row["title"])]

    def same_text(self, row: dict) -> list[str]:
        """The section and its copies."""
        return self.by_text[plain(row["title"]), row["body"]]


def words_of(text: str, language: str) -> list[str]:
    """Words as a person would type them; in scripts without spaces runs that may be words."""
    if language not in UNSPACED:
        return _WORD.findall(text)
    if language == "zh-hans":
        text = _ZH_PARTICLES.sub(" ", text)
    found = _UNSPACED_WORD[language].findall(text)
    if language == "zh-hans":
        found = [word[:4] if len(word) > 5 else word for word in found]
    return [word for word in found if len(word) <= 14]


# --- one class after the other ------------------------------------------------------------
def title(row: dict, known: Sections, _dice: random.Random):
    """The title as it stands."""
    if sum(character.isalnum() for character in row["title"]) < 4:
        return None
    return row["title"], known.same_title(row)


def phrase(row: dict, known: Sections, dice: random.Random):
    """Some words in a row from the text, without quotes."""
    text = _some_words(row["body"], known.language, dice)
    if text is None:
        return None
    wanted = plain(text)
    relevant = [
        other["id"] for other in known.rows if wanted in _plain_body(other, known.plain_bodies)
    ]
    # Words that many sections repeat ask for nothing in particular.
    return (text, relevant) if 1 <= len(relevant) <= 10 else None


def _plain_body(row: dict, kept: dict[str, str]) -> str:
    if row["id"] not in kept:
        kept[row["id"]] = f"{plain(row['title'])} | {plain(row['body'])}"
    return kept[row["id"]]


def _some_words(text: str, language: str, dice: random.Random) -> str | None:
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    if language in UNSPACED:
        least, most = (8, 14) if language != "th" else (14, 24)
        clauses = [c for c in clauses if len(c) >= least and re.search(r"[^\x00-\u02ff]{6}", c)]
        if not clauses:
            return None
        clause = dice.choice(clauses)
        length = min(len(clause), dice.randint(least, most))
        start = dice.randint(0, len(clause) - length)
        # Not through a Thai letter and its marks, nor through a word of Latin letters.
        end = start + length
        while start and _is_inside(clause, start):
            start -= 1
        while end < len(clause) and _is_inside(clause, end):
            end += 1
        return clause[start:end].strip()
    clauses = [c for c in clauses if len(_WORD.findall(c)) >= 4]
    if not clauses:
        return None
    found = list(_WORD.finditer(dice.choice(clauses)))
    length = min(len(found), dice.randint(4, 7))
    start = dice.randint(0, len(found) - length)
    chosen = found[start : start + length]
    return chosen[0].string[chosen[0].start() : chosen[-1].end()]


def _is_inside(text: str, place: int) -> bool:
    """Whether a cut before this character would go through a letter or a word."""
    both = text[place - 1 : place + 1]
    return unicodedata.category(text[place]) == "Mn" or (both.isascii() and both.isalnum())


def variant(row: dict, known: Sections, dice: random.Random):
    """A title or phrase spelt the way a hurried hand or another keyboard spells it."""
    ways = _VARIANTS[known.language]
    for make in (title, phrase) if dice.random() < 0.6 else (phrase, title):
        asked = make(row, known, dice)
        if asked is None:
            continue
        for way in dice.sample(ways, len(ways)):
            text = way(asked[0])
            if text != asked[0] and text.strip():
                return text, asked[1]
    return None


def _no_accents(text: str) -> str:
    text = text.replace("ß", "ss").replace("æ", "ae").replace("œ", "oe").replace("ø", "o")
    return _without_marks(text)


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def _replacing(pairs: str, to: str) -> Callable[[str], str]:
    table = str.maketrans(pairs, to)
    return lambda text: text.translate(table)


def _wide(text: str) -> str:
    """Letters and digits in full width, as a Japanese or Chinese keyboard gives them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" < c <= "~" and c.isalnum() else c for c in text)


_HALF_KANA = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}


def _half_kana(text: str) -> str:
    out = []
    for letter in unicodedata.normalize("NFD", text):
        out.append({"\u3099": "ﾞ", "\u309a": "ﾟ"}.get(letter) or _HALF_KANA.get(letter, letter))
    return unicodedata.normalize("NFC", "".join(out))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _closed(text: str) -> str:
    """Without the spaces that some put between Han and Latin letters."""
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])", "", text)


_VARIANTS: dict[str, list[Callable[[str], str]]] = {
    "en": [str.upper, _replacing("'’-", "’' "), lambda t: t.replace("'s", "s").replace("’s", "s")],
    "es": [_no_accents, _no_accents, str.upper, _decomposed],
    "fr": [_no_accents, _no_accents, _replacing("'’", "’'"), str.upper, _decomposed],
    "de": [_no_accents, _no_accents, _replacing("ß", "s"), str.upper, _decomposed],
    "it": [_no_accents, _no_accents, _replacing("'’", "’'"), str.upper],
    "pt-br": [_no_accents, _no_accents, str.upper, _decomposed],
    "id": [str.upper, _replacing("-", " "), str.title],
    "ar": [
        _replacing("أإآٱ", "اااا"),
        _replacing("ةى", "هي"),
        _replacing("0123456789", "٠١٢٣٤٥٦٧٨٩"),
        lambda t: re.sub("ال(?=[\u0621-\u064a]{3})", "الـ", t),
        _without_marks,
    ],
    "fa": [
        _replacing("یک", "يك"),
        lambda t: t.replace("\u200c", " "),
        lambda t: t.replace("\u200c", ""),
        _replacing("0123456789", "۰۱۲۳۴۵۶۷۸۹"),
        _replacing("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        _replacing("أآؤ", "ااو"),
    ],
    "ja": [_wide, _half_kana, str.upper],
    "zh-hans": [_wide, str.upper, _closed],
    "th": [_replacing("0123456789", "๐๑๒๓๔๕๖๗๘๙"), str.upper, lambda t: t.replace("ำ", "ํา")],
}  # fmt: skip


def typo(row: dict, known: Sections, dice: random.Random):
    """A title, or a phrase one time in three, with one letter of one word dropped, doubled,
    swapped or wrong, the first too."""
    if known.language in UNSPACED:
        return None
    asked = (phrase if dice.random() < 1 / 3 else title)(row, known, dice)
    if asked is None:
        return None
    text, relevant = asked
    places = [word.span() for word in _WORD.finditer(text)]
    places = [(a, b) for a, b in places if b - a >= 3 and not any(map(str.isdigit, text[a:b]))]
    if not places:
        return None
    start, end = dice.choice(places)
    wrong = text[:start] + mistyped(text[start:end], dice, known.language) + text[end:]
    return (wrong, relevant) if plain(wrong) != plain(text) else None


_LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "fa": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
}


def mistyped(word: str, dice: random.Random, language: str) -> str:
    """The word with one letter dropped, doubled, swapped with the next, or another."""
    way = dice.choice(("dropped", "doubled", "swapped", "wrong"))
    place = dice.randrange(len(word))
    if way == "dropped":
        return word[:place] + word[place + 1 :]
    if way == "doubled":
        return word[:place] + word[place] + word[place:]
    if way == "swapped":
        place = min(place, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    letters = _LETTERS.get(language, "abcdefghijklmnopqrstuvwxyz")
    return word[:place] + dice.choice(letters) + word[place + 1 :]


class Keywords:
    """Two or three telling words that stand in the section, in no order.

    A person who looks for a section remembers words of it, the more often they
    stand there the likelier, and not how often they stand elsewhere: any word is
    drawn that is not in more than one of `COMMON` sections, half of the time
    one of the title's. Many sections hold all of them; one is right.
    """

    COMMON = 20

    def __init__(self, known: Sections):
        self.known = known
        self.rows_with: Counter[str] = Counter()
        for row in known.rows:
            self.rows_with.update(
                {plain(word) for word in self._words(f"{row['title']} . {row['body']}")}
            )

    def _words(self, text: str) -> list[str]:
        least = 2 if self.known.language in UNSPACED else 4
        found = words_of(text, self.known.language)
        return [w for w in found if len(w) >= least and not any(map(str.isdigit, w))]

    def __call__(self, row: dict, known: Sections, dice: random.Random):
        usual = max(3.0, len(known.rows) / self.COMMON)
        counts = Counter(plain(word) for word in self._words(row["body"]))
        in_title = {plain(word) for word in self._words(row["title"])}
        telling = sorted(
            word for word, rows in ((w, self.rows_with[w]) for w in counts) if 2 <= rows <= usual
        )
        if len(telling) < 5:
            return None
        size = dice.choice((2, 3))
        chosen: list[str] = []
        while len(chosen) < size:
            (word,) = dice.choices(telling, [min(counts[word], 4) for word in telling])
            if word not in chosen:
                chosen.append(word)
        from_title = sorted(word for word in in_title & set(telling) if word not in chosen)
        if from_title and dice.random() < 0.5:
            chosen[0] = dice.choice(from_title)
        return " ".join(chosen), known.same_text(row)


def questions(rows: Iterable[dict], language: str, each: int, seed: int) -> list[dict]:
    """Up to `each` questions of every class but `cross` about one language's sections."""
    known = Sections(language, list(rows))
    makers = {
        "title": title,
        "phrase": phrase,
        "variant": variant,
        "typo": typo,
        "keyword": Keywords(known),
    }
    made = []
    for name, make in makers.items():
        dice = random.Random(f"{seed} {language} {name}")
        order = dice.sample(known.rows, len(known.rows))
        asked: dict[str, dict] = {}
        for row in itertools.islice(order, each * 20):
            question = make(row, known, dice)
            if question and question[0] not in asked:
                asked[question[0]] = {
                    "lang": language,
                    "q": question[0],
                    "relevant": sorted(set(question[1])),
                    "class": name,
                }
            if len(asked) == each:
                break
        made += asked.values()
    return made
