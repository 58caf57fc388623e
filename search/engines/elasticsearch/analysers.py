"""How the server takes text apart, language by language, with what every server has.

The same decisions as search.analysis: letters are folded before the stemmer, no
stopwords, Arabic and Persian letters and digits made one, ZWNJ parts words,
elisions cut, Japanese and Chinese as bigrams (single characters beside them in
the index), Thai as trigrams. Analysers of an index:

- `gkc_index`, `gkc_search`: stemmed, for texts and for questions;
- `gkc_exact`: not stemmed (Thai: by words);
- `gkc_joined`: Persian, two neighbouring words also as one (R20).

With analysis-kuromoji, analysis-smartcn or analysis-icu on every node and named in
GKC_ELASTICSEARCH_PLUGINS, Japanese, Chinese and Thai are cut by dictionary for `gkc_exact`.
"""

import unicodedata

_STEMMERS = {
    "en": "english",
    "es": "light_spanish",
    "ar": "arabic",
    "fa": "persian",
    "fr": "light_french",
    "de": "light_german",
    "it": "light_italian",
    "pt-br": "light_portuguese",
    "id": "indonesian",
}
_ELISIONS = {
    "fr": "l d j m t s n c qu jusqu quoiqu lorsqu puisqu".split(),
    "it": "l un all dall dell nell sull coll pell gl agl dagl degl negl sugl c d m t s v n".split(),
}
#: Languages written without spaces whose runs become bigrams.
BIGRAMS = ("ja", "zh-hans")
#: Languages in which a word may be written joined, spaced or with a half-space.
JOINED = ("fa",)
TRIGRAMS = "th"

_THAI = "\\u0e01-\\u0e3a\\u0e40-\\u0e4e"
_WORD = f"[\\p{{L}}\\p{{M}}\\p{{N}}&&[^{_THAI}]]"
# Found at every place, as far as what stands behind it: a trigram of a Thai run, a
# run too short for one, or a whole word of another script. Lookahead, so that
# trigrams may overlap.
_THAI_GRAMS = (
    f"(?=([{_THAI}]{{3}}|(?<![{_THAI}])[{_THAI}]{{1,2}}(?![{_THAI}])|(?<!{_WORD}){_WORD}+))"
)
# What neither asciifolding nor the normalisers of Arabic and Persian do.
_LETTERS = [
    "\\u0671=>\\u0627",  # alef wasla
    "\\u0624=>\\u0648",  # waw with hamza
    "\\u0626=>\\u064A",  # yeh with hamza
    "\\u06D5=>\\u0647",  # ae
    "\\u06BE=>\\u0647",  # heh doachashmee
    "\\u0640=>",  # tatweel
    "\\u0670=>",  # superscript alef
    "\\u0653=>",
    "\\u0654=>",
    "\\u0655=>",
    "\\u200C=>\\u0020",  # ZWNJ
    "\\u00AD=>",  # soft hyphen
    "\\u200B=>",
    "\\u2019=>'",
    "\\u02BC=>'",
    # The standard tokenizer would keep these inside a word: apt_get, libc.so, std::map.
    "_=>\\u0020",
    ".=>\\u0020",
    ":=>\\u0020",
    # Thai am, typed as its two halves.
    "\\u0E4D\\u0E32=>\\u0E33",
]


def _wide() -> list[str]:
    """Letters and signs of half or full width as the usual ones, before words are cut.

    The voicing mark of a half-width kana stands after it, now and then after a full one.
    """
    usual = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF9E)}
    found = {wide: plain for wide, plain in usual.items() if wide != plain and not plain.isspace()}
    kana = {chr(code): chr(code) for code in range(0x3041, 0x30FB)}
    for mark, combining in (("\uff9e", "\u3099"), ("\uff9f", "\u309a")):
        for typed, plain in (kana | found).items():
            voiced = unicodedata.normalize("NFC", plain + combining)
            if len(voiced) == 1:
                found[typed + mark] = voiced
    return [f"{_escaped(wide)}=>{_escaped(plain)}" for wide, plain in sorted(found.items())]


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04X}" for character in text)


_FOLDING = [
    "cjk_width",
    "lowercase",
    "asciifolding",
    "decimal_digit",
    "arabic_normalization",
    "persian_normalization",
]


def analysis(language: str, plugins: tuple[str, ...] = ()) -> dict:
    """The `analysis` settings of the language's index."""
    filters: dict = {
        "gkc_bigrams": {"type": "cjk_bigram"},
        "gkc_bigrams_and_characters": {"type": "cjk_bigram", "output_unigrams": True},
    }
    before, stemmed = ["cjk_width"], []
    if language in _ELISIONS:
        filters["gkc_elision"] = {
            "type": "elision",
            "articles_case": True,
            "articles": _ELISIONS[language],
        }
        before.append("gkc_elision")
    if language == "en":
        filters["gkc_possessive"] = {"type": "stemmer", "language": "possessive_english"}
        before.append("gkc_possessive")
    if language in _STEMMERS:
        filters["gkc_stemmer"] = {"type": "stemmer", "language": _STEMMERS[language]}
        stemmed.append("gkc_stemmer")
    folded = [*before, *_FOLDING[1:]]
    in_index = "gkc_bigrams_and_characters" if language in BIGRAMS else "gkc_bigrams"
    tokenizers: dict = {}
    words = "standard"
    if language == TRIGRAMS:
        tokenizers["gkc_trigrams"] = {"type": "pattern", "pattern": _THAI_GRAMS, "group": 1}
        words = "gkc_trigrams"
    analysers = {
        "gkc_index": _custom(words, [*folded, in_index, *stemmed]),
        "gkc_search": _custom(words, [*folded, "gkc_bigrams", *stemmed]),
        "gkc_exact": _exact(language, plugins, folded, tokenizers),
    }
    if language in JOINED:
        filters["gkc_pairs"] = {
            "type": "shingle",
            "token_separator": "",
            "min_shingle_size": 2,
            "max_shingle_size": 2,
            "output_unigrams": True,
        }
        analysers["gkc_joined"] = _custom(words, [*folded, "gkc_pairs", *stemmed])
    return {
        "char_filter": {"gkc_letters": {"type": "mapping", "mappings": [*_LETTERS, *_wide()]}},
        "tokenizer": tokenizers,
        "filter": filters,
        "analyzer": analysers,
    }


def has_exact(language: str, plugins: tuple[str, ...] = ()) -> bool:
    """Whether `gkc_exact` differs from the stemmed analyser."""
    return language not in BIGRAMS or _dictionary(language, plugins) is not None


def _custom(tokenizer: str, filters: list[str]) -> dict:
    return {
        "type": "custom",
        "char_filter": ["gkc_letters"],
        "tokenizer": tokenizer,
        "filter": filters,
    }


def _exact(language: str, plugins: tuple[str, ...], folded: list[str], tokenizers: dict) -> dict:
    tokenizer = _dictionary(language, plugins)
    if tokenizer is None:
        tokenizer = "thai" if language == TRIGRAMS else "standard"
        return _custom(tokenizer, [*folded, "gkc_bigrams"])
    if tokenizer == "kuromoji_tokenizer":
        tokenizers["gkc_kuromoji"] = {"type": tokenizer, "mode": "search"}
        return _custom("gkc_kuromoji", ["kuromoji_baseform", *folded])
    return _custom(tokenizer, folded)


def _dictionary(language: str, plugins: tuple[str, ...]) -> str | None:
    """A plugin's tokenizer for the language."""
    if language == "ja" and "analysis-kuromoji" in plugins:
        return "kuromoji_tokenizer"
    if language == "zh-hans" and "analysis-smartcn" in plugins:
        return "smartcn_tokenizer"
    if language in (*BIGRAMS, TRIGRAMS) and "analysis-icu" in plugins:
        return "icu_tokenizer"
    return None
