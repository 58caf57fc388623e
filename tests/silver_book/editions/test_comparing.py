"""What an edition changed, and what a section said before: by paragraph and language."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from silver_book.editions.collecting import collect
from silver_book.editions.comparing import held_by, summary, text_changes, with_changes
from silver_book.history import months_before, text_on
from silver_book.models import Edition
from silver_book.transitions import take_off
from silver_book.transitions.freezing import freeze_edition
from tests.factories import make_user
from tests.silver_book.frozen_books import make_edition, place_section, system

pytestmark = pytest.mark.django_db


def changes_of(edition: Edition, language: str = "en"):
    previous = Edition.objects.filter(number__lt=edition.number).first()
    old = held_by(previous, language).get(language, {})
    return with_changes(text_changes(old, held_by(edition, language)[language]))


def test_an_edition_names_what_is_new_changed_and_gone():
    place_section("ask", "Ask why.", number=2)
    first = make_edition("Go and see.", "Then think.")
    place_section("see", "Go and see.", "Then ask why.")
    take_off(place_section("ask", "Ask why.", number=2), by=make_user("editor"))
    place_section("tell", "Tell others.", number=3)
    second = freeze_edition(by=system())
    found = changes_of(second)
    assert [(text.key, text.state) for text in found] == [
        ("see", "changed"),
        ("ask", "gone"),
        ("tell", "new"),
    ]
    (change,) = found[0].changes
    assert change.label == "Paragraph 2"
    assert change.runs == [("", "Then "), ("del", "think."), ("ins", "ask why.")]
    numbers = second.languages["en"]
    assert (numbers["new"], numbers["changed"], numbers["gone"]) == (1, 1, 1)
    assert (numbers["sections"], numbers["of"]) == (2, 2)
    assert first.languages["en"]["new"] == 0


def test_each_language_has_its_own_changes():
    place_section("see", "現地現物。", language="ja")
    make_edition("Go and see.")
    place_section("see", "現地で見る。", language="ja")
    second = freeze_edition(by=system())
    assert changes_of(second, "en") == []
    (text,) = changes_of(second, "ja")
    assert ("ins", "で") in text.changes[0].runs or ("ins", "で見る") in text.changes[0].runs


def test_the_preview_says_what_the_edition_then_says(client):
    make_edition("Go and see.")
    place_section("see", "Go and look.")
    numbers = summary(collect(), Edition.objects.get())
    client.force_login(make_user("editor"))
    page = client.get("/en/desk/book/editions/new/en/").content.decode()
    assert "<del>see.</del><ins>look.</ins>" in page
    second = freeze_edition(by=system(), seen=collect().digest)
    assert second.languages == numbers
    page = client.get("/en/editions/2/en/changes/").content.decode()
    assert "<del>see.</del><ins>look.</ins>" in page


def test_the_editor_freezes_what_the_preview_shows(client):
    place_section("see", "Go and see.")
    client.force_login(make_user("editor"))
    seen = client.get("/en/desk/book/editions/new/").context["seen"]
    client.post("/en/desk/book/editions/new/", {"seen": seen})
    assert Edition.objects.get().digest == seen
    place_section("see", "Go and look.")
    client.post("/en/desk/book/editions/new/", {"seen": seen})
    assert Edition.objects.count() == 1


def test_a_partial_language_says_what_it_holds(client):
    place_section("ask", "Ask why.", number=2)
    place_section("see", "現地現物。", language="ja")
    edition = make_edition("Go and see.")
    assert edition.languages["ja"] | {"behind": 0} == edition.languages["ja"]
    assert (edition.languages["ja"]["sections"], edition.languages["ja"]["of"]) == (1, 2)
    page = client.get("/en/editions/1/ja/").content.decode()
    assert "1 of 2 sections" in page
    assert 'href="/en/editions/1/en/sections/ask/"' in page
    assert client.get("/en/editions/1/de/").status_code == 404


# --- a section over time -----------------------------------------------------------------
@pytest.fixture
def changed_in_october():
    with time_machine.travel("2026-03-01T12:00:00Z"):
        place_section("see", "Go and see.", "Then think.")
    with time_machine.travel("2026-10-05T12:00:00Z"):
        return place_section("see", "Go and see.", "Then ask why.", "Write it down.")


@time_machine.travel("2026-11-22T12:00:00Z")
def test_a_section_differs_from_six_months_ago(changed_in_october, client):
    page = client.get("/en/section-changes/see/")
    assert page.context["since"] == datetime.date(2026, 5, 22)
    changes = page.context["changes"]
    assert [(c.kind, c.label) for c in changes] == [
        ("changed", "Paragraph 2"),
        ("new", "Paragraph 3"),
    ]
    assert "<ins>Write it down.</ins>" in page.content.decode()


@time_machine.travel("2026-11-22T12:00:00Z")
@pytest.mark.parametrize(
    ("since", "count", "is_first"),
    [("2026-10-05", 0, False), ("2026-10-04", 2, False), ("2026-02-01", 2, True)],
)
def test_a_section_is_compared_with_any_day(changed_in_october, client, since, count, is_first):
    page = client.get("/en/section-changes/see/", {"since": since})
    assert len(page.context["changes"]) == count
    assert page.context["earlier"].is_first is is_first


@time_machine.travel("2026-11-22T12:00:00Z")
def test_a_draft_is_no_part_of_a_sections_past(changed_in_october, client):
    page = changed_in_october
    page.title = "Nobody has read this"
    page.save_revision()
    found = text_on(page, timezone.localdate())
    assert found.content["title"] == "See"
    assert client.get("/en/section-changes/see/").context["changes"][0].place != "title"


def test_months_end_where_the_month_does():
    assert months_before(datetime.date(2026, 8, 31), 6) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 3, 15), 6) == datetime.date(2025, 9, 15)


def test_readers_are_shown_words_and_not_markdown():
    make_edition("Go *and* see the [**place**](https://gkc.example/).", "Only *form*.")
    place_section("see", "Go *and* see a [**place**](https://gkc.example/).", "Only form.")
    (text,) = changes_of(freeze_edition(by=system()))
    assert [change.runs for change in text.changes] == [
        [("", "Go and see "), ("del", "the"), ("ins", "a"), ("", " place.")],
        [],
    ]


def test_a_page_keeps_its_readers_direction_whatever_the_texts(client):
    make_edition("Go and see.")
    make_edition("Go and look.")
    for below in ("", "sections/see/", "changes/"):
        text = client.get(f"/ar/editions/2/en/{below}").content.decode()
        assert '<html lang="ar" dir="rtl">' in text
        assert 'lang="en" dir="ltr"' in text
