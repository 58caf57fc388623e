"""Queries copied from the middle of a text, and signs that look like operators."""

import pytest

from search.contract import Document
from search.engines.base import Access, Change, Question
from search.engines.embedded import EmbeddedEngine
from search.engines.store import FileStore
from search.query import parse

EVERYBODY = Access(audiences=None, visible=set)


@pytest.fixture
def engine(tmp_path):
    place = FileStore(tmp_path / "index.sqlite3")
    yield EmbeddedEngine(place)
    place.close()


def hold(engine, language: str, *bodies: str) -> None:
    engine.write_many(
        [
            Change(key, language, 1, Document(key, language, "", body, "", {}))
            for number, body in enumerate(bodies)
            for key in [f"story:{number}"]
        ]
    )


def first(engine, text: str, language: str) -> tuple[str, str]:
    """(key of the best hit, suggestion)."""
    (answer,) = engine.answers([Question(parse(text, language), EVERYBODY)])
    return answer.hits[0].key, answer.suggestion.text if answer.suggestion else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("trol ファイルに関す", "control ファイルに関す"), ("関する Pack", "関する package")],
)
def test_a_word_cut_at_an_end_is_made_whole_in_scripts_without_spaces(engine, typed, meant):
    others = ["tool ファイルに", "スペシャルファイルに関す", "pick ファイル", "関す"]
    hold(engine, "ja", *others, "debian/control ファイルに関する package の説明")
    assert first(engine, typed, "ja") == ("story:4", meant)


def test_what_stands_in_a_row_between_cut_words_counts(engine):
    hold(engine, "ja", "p 字。付けま。タグ。タグを p 付けま p", "デップ タグを付けまして")
    assert first(engine, "p タグを付けま", "ja")[0] == "story:1"


@pytest.mark.parametrize(
    ("text", "language", "without"),
    [
        ("parts -warehouse", "en", [["warehous"]]),
        ('parts -"spare parts"', "en", [["spare", "part"]]),
        ("部品 -倉庫", "ja", [["倉庫"]]),
        ("部品 -車", "ja", [["車"]]),
        # Options of a command, and a dash before a sentence.
        ("shred -v -n 1", "en", []),
        ("pdebuild --debbuildopts", "en", []),
        ("unexpand -将空格转换为制表符", "zh-hans", []),
    ],
)
def test_a_minus_leaves_out_a_word_and_nothing_else(text, language, without):
    found = parse(text, language).without
    assert [[term.text for term in terms] for terms in found] == without
