"""The languages of the texts found: counted, chosen, merged; and those beside the reader's own."""

import datetime

import pytest

from network.languages import codes
from search.merging import turns, windows
from tests.factories import make_user
from tests.search.conftest import counts, keys

pytestmark = pytest.mark.django_db


def key(case) -> str:
    return f"story:{case.pk}"


def found(page) -> list[tuple[str, str]]:
    return [(hit.key, hit.language) for hit in page.hits]


@pytest.fixture
def reader(db):
    """Reads English and Persian."""
    return make_user(interface_language="en", further_languages=["fa"])


FACETS = ("type", "region", "process", "topic", "language", "year")


def test_the_facet_counts_the_readers_languages(publish, ask, reader):
    publish("Zephyr one")
    publish("Zephyr two")
    publish("Zephyr سه", language="fa")
    publish("Zephyr quattro", language="it")
    page = ask("zephyr", viewer=reader, facets=FACETS)
    assert page.total == 2
    assert counts(page, "language") == {"en": 2, "fa": 1}
    assert {v.value: v.label for v in page.facets["language"]} == {"en": "English", "fa": "فارسی"}


def test_the_count_is_what_the_choice_then_finds(publish, ask, reader):
    publish("Zephyr one")
    persian = publish("Zephyr سه", language="fa", process_steps=["own"])
    publish("Zephyr چهار", language="fa", process_steps=["buy"])
    offered = ask("zephyr", viewer=reader, facets=FACETS, filters={"process": ("own",)})
    assert counts(offered, "language") == {"fa": 1}
    chosen = ask(
        "zephyr", viewer=reader, facets=FACETS, filters={"process": ("own",), "language": ("fa",)}
    )
    assert found(chosen) == [(key(persian), "fa")]
    assert chosen.total == 1
    # Unaffected by its own choice.
    unfiltered = ask("zephyr", viewer=reader, facets=FACETS, filters={"language": ("fa",)})
    assert counts(unfiltered, "language") == {"en": 1, "fa": 2}
    assert [v.value for v in unfiltered.facets["language"] if v.chosen] == ["fa"]


def test_a_language_chosen_by_address_is_offered_too(publish, ask, reader):
    publish("Zephyr quattro", language="it")
    page = ask("zephyr", viewer=reader, facets=FACETS, filters={"language": ("it", "th")})
    assert counts(page, "language") == {"it": 1, "th": 0}
    assert page.other_languages == ()


def test_several_languages_are_merged_turn_by_turn(publish, ask, add_language, reader):
    both = publish("Zephyr one")
    add_language(both, "fa", "Zephyr یک")
    english = publish("Zephyr two and more")
    page = ask("zephyr", viewer=reader, facets=FACETS, filters={"language": ("en", "fa")})
    assert page.total == 3
    assert {found(page)[0], found(page)[1]} == {(key(both), "en"), (key(both), "fa")}
    assert found(page)[2] == (key(english), "en")
    assert counts(page, "type") == {"story": 3}
    assert sum(counts(page, "language").values()) == page.total


def test_pages_of_merged_languages_leave_nothing_out(publish, ask, reader):
    for number in range(7):
        publish(f"Zephyr {number}")
    for number in range(4):
        publish(f"Zephyr {number}", language="fa")
    asked = {"viewer": reader, "filters": {"language": ("en", "fa")}, "page_size": 3}
    pages = [found(ask("zephyr", page=n, **asked)) for n in (1, 2, 3, 4, 5)]
    assert [len(page) for page in pages] == [3, 3, 3, 2, 0]
    assert len(set(sum(pages, []))) == 11
    whole = found(ask("zephyr", page=1, **asked | {"page_size": 11}))
    assert sum(pages, []) == whole


def test_merged_languages_by_date(publish, ask, reader):
    def at(year):
        return datetime.datetime(year, 5, 1, tzinfo=datetime.UTC)

    old = publish("Zephyr", published_at=at(2023))
    middle = publish("Zephyr", language="fa", published_at=at(2024))
    new = publish("Zephyr", published_at=at(2026))
    asked = {"viewer": reader, "filters": {"language": ("en", "fa")}, "sort": "date"}
    assert keys(ask("zephyr", **asked)) == [key(new), key(middle), key(old)]
    assert keys(ask("zephyr", page=2, page_size=2, **asked)) == [key(old)]


def test_the_suggestion_counts_all_chosen_languages(publish, ask, reader):
    publish("Zephyr one")
    publish("Zephyr یک", language="fa")
    page = ask("zephhyr", viewer=reader, filters={"language": ("en", "fa")})
    assert (page.suggestion.text, page.suggestion.total) == ("zephyr", 2)
    assert ask("zephyr", viewer=reader, filters={"language": ("en", "fa")}).total == 2


def test_a_hidden_text_is_in_no_language_count(publish, ask, reader, visitor):
    publish("Zephyr one", audience="public")
    publish("Zephyr یک", language="fa")
    asked = {"facets": FACETS, "languages": ("fa",)}
    assert counts(ask("zephyr", viewer=reader, **asked), "language") == {"en": 1, "fa": 1}
    page = ask("zephyr", viewer=visitor, **asked)
    assert counts(page, "language") == {"en": 1}
    assert page.other_languages_total == 0


# --- few hits ---------------------------------------------------------------------
def test_few_hits_bring_those_of_all_languages_the_readers_first(publish, ask, reader):
    thai = publish("Zephyr ส", language="th")
    japanese = publish("Zephyr 倉庫", language="ja")
    persian = publish("Zephyr سه", language="fa")
    page = ask("zephyr", viewer=reader)
    assert page.total == 0
    assert page.other_languages_total == 3
    assert [(h.key, h.language) for h in page.other_languages] == [
        (key(persian), "fa"),
        (key(japanese), "ja"),
        (key(thai), "th"),
    ]


def test_their_count_is_of_all_of_them(publish, ask, reader):
    for number in range(14):
        publish(f"Zephyr {number}", language="fa")
    page = ask("zephyr", viewer=reader)
    assert len(page.other_languages) == 10
    assert page.other_languages_total == 14
    assert ask("zephyr", viewer=reader, filters={"language": ("fa",)}).total == 14


def test_their_count_is_that_of_the_list_of_them_all(publish, ask, add_language, reader):
    known = publish("Zephyr one")
    add_language(known, "fa", "Zephyr یک")
    other = publish("Zephyr دو", language="fa")
    page = ask("zephyr", viewer=reader)
    assert [hit.key for hit in page.other_languages] == [key(other)]
    assert page.other_languages_total == 2
    others = tuple(code for code in codes() if code != "en")
    assert ask("zephyr", viewer=reader, filters={"language": others}).total == 2


def test_what_was_found_in_the_readers_language_is_not_shown_again(
    publish, ask, add_language, reader
):
    case = publish("Zephyr one")
    add_language(case, "fa", "Zephyr یک")
    page = ask("zephyr", viewer=reader)
    assert found(page) == [(key(case), "en")]
    assert (page.other_languages, page.other_languages_total) == ((), 0)


def test_enough_hits_ask_no_other_language(publish, ask, reader):
    for number in range(5):
        publish(f"Zephyr {number}")
    publish("Zephyr سه", language="fa")
    page = ask("zephyr", viewer=reader)
    assert (page.total, page.other_languages_total) == (5, 0)


def test_all_words_in_a_foreign_language_go_before_some_words(publish, ask, reader):
    some = publish("Zephyr سه", language="fa")
    whole = publish("Zephyr Quokka 倉庫", language="ja")
    page = ask("zephyr quokka", viewer=reader)
    assert [h.key for h in page.other_languages] == [key(whole), key(some)]


# --- the order of turns ------------------------------------------------------------
def test_turns_and_windows_agree():
    totals = [3, 0, 5, 1]
    whole = list(turns(totals))
    assert whole == [(0, 0), (2, 0), (3, 0), (0, 1), (2, 1), (0, 2), (2, 2), (2, 3), (2, 4)]
    assert windows(totals, 4, 3) == {2: (1, 2), 0: (2, 1)}
    assert windows([], 0, 10) == {}
    assert windows(totals, 90, 10) == {}
