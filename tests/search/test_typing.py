"""While one types: the last word may only be begun."""

import pytest

from tests.search.conftest import counts, keys

pytestmark = pytest.mark.django_db


def test_a_begun_word_finds_what_it_may_become(publish, ask):
    case = publish("Warehouse", process_steps=["own"])
    page = ask("wareh", is_unfinished=True)
    assert keys(page) == [f"story:{case.pk}"]
    assert (page.suggestion.text, page.suggestion.total) == ("warehouse", 1)
    assert counts(page, "process") == {"own": 1}
    assert ask("wareh").total == 0  # as an evaluation asks


def test_the_commonest_word_that_finds_all_is_taken(publish, ask):
    publish("Warden", "Parts.")
    publish("Warehouse one")
    publish("Warehouse two")
    assert ask("war", is_unfinished=True).suggestion.text == "warehouse"
    assert ask("parts war", is_unfinished=True).total == 1  # some words are found as they stand


def test_a_word_that_stands_is_left_alone(publish, ask):
    publish("War and peace")
    publish("Warehouse")
    page = ask("war", is_unfinished=True)
    assert (page.total, page.suggestion) == (1, None)


def test_it_counts_under_the_filters(publish, ask):
    publish("Warehouse one", process_steps=["own"])
    publish("Warehouse two", process_steps=["buy"])
    page = ask("wareh", is_unfinished=True, filters={"process": ("own",)})
    assert (page.total, page.suggestion.total) == (1, 1)


def test_no_word_of_a_hidden_text_is_told(publish, ask, visitor):
    publish("Quokkafence")
    page = ask("quokk", viewer=visitor, is_unfinished=True)
    assert (page.total, page.suggestion) == (0, None)
    assert ask("quokk", is_unfinished=True).suggestion.text == "quokkafence"


@pytest.mark.parametrize("text", ["wareh ", '"wareh"', "stock -wareh", "w", "-", "倉"])
def test_what_is_no_begun_word(publish, ask, text):
    publish("Warehouse")
    assert ask(text, is_unfinished=True).total == 0


def test_the_page_shows_the_same_by_enter_and_from_a_bookmark(client, member, publish):
    publish("Warehouse")
    client.force_login(member)
    typed = client.get("/en/search/", {"q": "wareh"}, headers={"HX-Request": "true"})
    assert typed.context["answer"].total == 1
    assert client.get("/en/search/", {"q": "wareh"}).context["answer"].total == 1
    assert client.get("/api/v1/search", {"q": "wareh"}).json()["total"] == 1
