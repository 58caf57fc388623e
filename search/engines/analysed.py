"""What the embedded engine writes of a document: terms for its columns, words for spelling."""

from search.analysis import terms
from search.contract import ELSEWHERE
from search.engines import fts
from search.whole_texts import Lexicon, indexed, single_characters


def columns(
    title: str, body: str, names: str, lexicon: Lexicon, elsewhere: Lexicon
) -> tuple[str, str, str]:
    """What FTS5 is given for title, body and exact title.

    `elsewhere` is for names in other languages: they are found, never suggested.
    """
    own, _elsewhere, others = names.partition(ELSEWHERE)
    named = f"{indexed(own, lexicon)} {indexed(others, elsewhere)}".strip() if names else ""
    singles = f"{single_characters(title)} {single_characters(body)}".strip()
    parts = [part for part in (indexed(body, lexicon), named, singles) if part]
    words = [term.word for term in terms(title, lexicon.language)]
    return (
        indexed(title, lexicon),
        f" {fts.BREAK} ".join(parts),
        " ".join([*words, fts.TITLE_END]),
    )


def words(title: str, body: str, names: str, language: str) -> set[str]:
    """The unstemmed words of a document that stand for corrections."""
    text = f"{title}\n{body}\n{names.partition(ELSEWHERE)[0]}"
    return words_of(text, language)


def words_of(text: str, language: str) -> set[str]:
    """The unstemmed words of a text that stand for corrections."""
    lexicon = Lexicon(language)
    indexed(text, lexicon)
    return set(lexicon.fresh)
