"""Which other spellings of a query are tried, and which wins."""

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


def hold(engine, *titles: str, language: str = "en") -> None:
    engine.write_many(
        [
            Change(key, language, 1, Document(key, language, title, "", "", {}))
            for number, title in enumerate(titles)
            for key in [f"story:{number}"]
        ]
    )


def first_hit(engine, text: str, language: str = "en") -> tuple[str, str]:
    """(title of the best hit, suggestion)."""
    (answer,) = engine.answers([Question(parse(text, language), EVERYBODY)])
    suggestion = answer.suggestion.text if answer.suggestion else ""
    return (answer.hits[0].title if answer.hits else "", suggestion)


@pytest.mark.parametrize("typed", ["arehouse", "qarehouse", "awrehouse", "wwarehouse", "warehouse"])
def test_a_mistake_in_the_first_letter_is_mended(engine, typed):
    hold(engine, "A new warehouse", "Parts")
    assert first_hit(engine, typed)[0] == "A new warehouse"


@pytest.mark.parametrize("typed", ["wPI guide", "pai guide", "AI guide", "APII guide"])
def test_a_short_word_is_mended_too(engine, typed):
    hold(engine, "API guide", "Parts")
    assert first_hit(engine, typed) == ("API guide", "api guide")


def test_several_words_are_mended_at_once(engine):
    hold(engine, "Parts shortage after a flood", "Parts")
    assert first_hit(engine, "shortige aftre flod")[1] == "shortage after flood"


def test_the_spelling_with_the_best_document_wins_over_the_commonest(engine):
    hold(engine, *["The uses of a port for tweaks"] * 5, "Other uses for tweaks")
    assert first_hit(engine, "othe uses for tweaks")[0] == "Other uses for tweaks"


def test_of_a_single_word_the_commonest_spelling_wins(engine):
    hold(engine, *["Options"] * 5, "Potions")
    assert first_hit(engine, "otions")[1] == "options"


def test_numbers_are_never_taken_for_mistyped(engine):
    hold(engine, "Release 2025")
    assert first_hit(engine, "2026")[1] == ""
