"""Which other spellings of a query are tried, and which wins."""

import pytest

from search.answers import ask
from search.contract import Document, SearchRequest, Suggestion
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


def asked(engine, text: str, **fields):
    """The page of a question by somebody who may see everything."""
    return ask(engine, SearchRequest(text, "en", None, **fields), EVERYBODY, ["fr", "de"])


def test_a_mistake_that_some_text_makes_too_is_told(engine):
    hold(engine, "The manuel", *["A manual"] * 30)
    page = asked(engine, "manuel")
    assert [hit.title for hit in page.hits] == ["The manuel"]
    assert (page.suggestion.text, page.suggestion.total) == ("manual", 30)


def test_a_stem_does_not_hide_a_mistake(engine):
    # 'stocking' is found by its stem; nobody wrote it so.
    hold(engine, "A stork", "Storks", *["Stocks of parts"] * 30)
    page = asked(engine, "storking")
    assert len(page.hits) == 2
    assert page.suggestion is None  # nothing common is a letter away
    page = asked(engine, "storks")
    assert (page.suggestion.text, page.suggestion.total) == ("stocks", 30)


def test_a_rare_word_without_a_common_neighbour_is_left_alone(engine):
    hold(engine, "The manuel", *["A manual"] * 9)
    assert asked(engine, "manuel").suggestion is None


def test_a_spelling_is_sought_in_the_readers_other_languages(engine):
    hold(engine, "Parts")
    hold(engine, "Un entrepôt neuf", "Le vieil entrepôt", language="fr")
    page = asked(engine, "entreopt", languages=("fr",))
    assert page.suggestion == Suggestion("entrepôt", 2, "fr")
    there = asked(engine, "entrepôt", languages=("fr",), filters={"language": ("fr",)})
    assert there.total == 2
    # German is no language of this reader.
    assert asked(engine, "entreopt", languages=("de",)).suggestion is None


def test_no_spelling_is_sought_where_another_language_has_the_words(engine):
    hold(engine, "entrepot", language="de")
    hold(engine, "Un entrepôte", language="fr")
    assert asked(engine, "entrepot", languages=("fr", "de")).suggestion is None


def test_a_spelling_is_sought_in_every_chosen_language(engine):
    hold(engine, "Un entrepôt neuf", language="fr")
    for chosen in (("fr", "de"), ("fr",)):
        page = asked(engine, "entreopt", filters={"language": chosen})
        assert (page.suggestion.text, page.suggestion.total) == ("entrepôt", 1)
