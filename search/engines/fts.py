"""FTS5 match expressions. Every token is quoted, so no query can be a syntax error."""

from collections.abc import Iterable

from search.analysis import WITHOUT_SPACES, Term, stem
from search.concepts import is_particle
from search.query import FORM_GAP, Query, Synonym

#: Marks the ends of an exact title. Outside ASCII, so FTS5's ascii tokenizer keeps it.
TITLE_END = "␃"
#: Parts texts that must not meet in a phrase.
BREAK = "␞"
#: Where words are looked for, the exact title apart.
COLUMNS = "{title body}"
# A phrase given four times counts four times in bm25 (measured: design 'Search').
_PHRASE_WEIGHT = 4


def quoted(token: str) -> str:
    """A token as FTS5 takes it: never an operator."""
    return '"' + token.replace('"', '""') + '"'


def phrase(tokens: Iterable[str]) -> str:
    """Tokens in a row."""
    return quoted(" ".join(tokens))


def one(term: Term) -> str:
    """A single term; a run too short for a gram finds the grams it begins."""
    return quoted(term.text) + ("*" if term.kind == "short" else "")


def form(terms: tuple[Term, ...], language: str) -> str:
    """Another form of something: its grams in a row, or its words close together."""
    words = [term for term in terms if not is_particle(term.word, language)] or terms
    if len(words) == 1:
        return one(words[0])
    if any(term.kind != "word" for term in terms):
        return phrase(term.text for term in terms)
    return f"NEAR({' '.join(quoted(term.text) for term in words)}, {FORM_GAP})"


def _or_another_form(
    query: Query, synonym: Synonym, joined: dict[int, str], split: dict[str, list[tuple[str, str]]]
) -> str:
    """The words in a synonym's place, or one of its forms."""
    typed = " AND ".join(_words(query, joined, split, synonym.first, synonym.last))
    others = " OR ".join(form(terms, query.language) for terms in synonym.forms)
    return f"(({typed}) OR {others})"


def every_word(
    query: Query,
    joined: dict[int, str],
    split: dict[str, list[tuple[str, str]]],
    synonyms: Iterable[Synonym] = (),
) -> str:
    """All words and phrases, none of the excluded. `joined`, `split`: see `spellings`.

    One of a synonym's forms is as good as the words in its place.
    """
    return " AND ".join(every_part(query, joined, split, synonyms))


def every_part(
    query: Query,
    joined: dict[int, str],
    split: dict[str, list[tuple[str, str]]],
    synonyms: Iterable[Synonym] = (),
) -> list[str]:
    """The parts of `every_word`, each once."""
    parts: list[str] = []
    index = 0
    for synonym in synonyms:
        parts += _words(query, joined, split, index, synonym.first)
        parts.append(_or_another_form(query, synonym, joined, split))
        index = synonym.last
    parts += _words(query, joined, split, index, len(query.terms))
    return list(dict.fromkeys(parts))


def _words(query: Query, joined: dict, split: dict, index: int, end: int) -> list[str]:
    """Each word from `index` to `end` (not included) in all its spellings."""
    parts: list[str] = []
    while index < end:
        term = query.terms[index]
        own = " OR ".join([one(term), *(phrase(pair) for pair in split.get(term.word, ()))])
        if index in joined and index + 1 < end:
            following = one(query.terms[index + 1])
            parts.append(f"((({own}) AND {following}) OR {quoted(joined[index])})")
            index += 2
            continue
        parts.append(f"({own})")
        index += 1
    return parts


def match_all(query: Query, joined: dict, split: dict, *, expanded: bool = True) -> str:
    """What `match="all"` and the question 'was anything found?' ask.

    `expanded`: another form of the words is as good.
    """
    words = every_word(query, joined, split, query.synonyms if expanded else ())
    return _guarded(f"{COLUMNS} : ({words})", query)


def match_synonyms(query: Query, joined: dict, split: dict) -> str:
    """All that was asked for in any form, or any of it that has other forms."""
    groups = [_or_another_form(query, synonym, joined, split) for synonym in query.synonyms]
    whole = every_word(query, joined, split, query.synonyms)
    return _guarded(f"{COLUMNS} : ({' OR '.join([f'({whole})', *groups])})", query)


def match_best(query: Query, joined: dict, split: dict, common: frozenset[str]) -> str:
    """`(a AND b) OR phrase OR a OR b`, the exact title above all.

    `common` words (in too many rows) are left out of the OR, unless all are.
    """
    tokens = [term.text for term in query.terms]
    # Of one word all is the same as any.
    alternatives = [f"({every_word(query, joined, split)})"] if len(tokens) > 1 else []
    if len(tokens) > 1 and not any(term.kind == "short" for term in query.terms):
        alternatives += [phrase(tokens)] * _PHRASE_WEIGHT
    alternatives += [uncut] * _PHRASE_WEIGHT if (uncut := _between_cut_words(query)) else []
    rare = [term for term in query.terms if term.text not in common] or query.terms
    alternatives += dict.fromkeys(one(term) for term in rare)
    for term in rare:
        alternatives += [phrase(pair) for pair in split.get(term.word, ())]
    alternatives += [quoted(word) for word in joined.values()]
    words = [term.word for term in query.terms]
    expression = (
        f"({COLUMNS} : ({' OR '.join(alternatives)}))"
        f" OR ({{exact}} : ^ {phrase([*words, TITLE_END])})"
        f" OR ({{exact}} : ^ {phrase(words)})"
    )
    return _guarded(expression, query)


def _between_cut_words(query: Query) -> str:
    """The query in a row, without the rest of a word at its start, with the beginning of one
    at its end; '' where no word may be cut.

    In scripts without spaces people copy from anywhere to anywhere.
    """
    held = query.terms
    if len(held) < 3 or query.language not in WITHOUT_SPACES:
        return ""
    start = held[0].kind != "gram"
    is_begun = held[-1].kind == "short" or (held[-1].kind == "word" and len(held[-1].text) > 1)
    if not start and not is_begun:
        return ""
    return phrase(term.text for term in held[start:]) + (" *" if is_begun else "")


def _guarded(expression: str, query: Query) -> str:
    """Phrases in quotes must stand, -words must not."""
    for found in query.phrases:
        expression = f"({expression}) AND {COLUMNS} : {phrase(t.text for t in found)}"
    for unwanted in excluded(query):
        expression = f"({expression}) NOT {COLUMNS} : {unwanted}"
    return expression


def excluded(query: Query) -> list[str]:
    """What must not stand anywhere."""
    return [
        phrase(t.text for t in unwanted)
        + ("*" if len(unwanted) == 1 and unwanted[0].kind == "short" else "")
        for unwanted in query.without
    ]


def spellings(
    query: Query, known: Iterable[str]
) -> tuple[dict[int, str], dict[str, list[tuple[str, str]]]]:
    """Persian written joined, spaced or with a half-space is one word (R20).

    `known` are words that stand in the index. Returns (place of the first of
    two words → their joined stem) and (word → pairs of stems it may be split
    into).
    """
    known = set(known)
    joined: dict[int, str] = {}
    words = [term.word for term in query.terms]
    for place in range(len(words) - 1):
        if words[place] + words[place + 1] in known and place - 1 not in joined:
            joined[place] = stem(words[place] + words[place + 1], query.language)
    split = {
        word: [
            (stem(a, query.language), stem(b, query.language))
            for a, b in cuts(word)
            if a in known and b in known
        ]
        for word in set(words)
    }
    return joined, {word: pairs for word, pairs in split.items() if pairs}


def cuts(word: str) -> list[tuple[str, str]]:
    """Every way to cut a word in two parts of two letters or more."""
    return [(word[:i], word[i:]) for i in range(2, len(word) - 1)]
