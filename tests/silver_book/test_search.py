"""The book's sections are found in each language they exist in, and by nobody's draft."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from search.api import search
from search.contract import SearchRequest
from search.highlight import snippet
from silver_book.home import cover_address
from silver_book.models import BookSectionPage
from silver_book.paragraphs import plain_text
from silver_book.search_documents import eligible_sections, section_documents, visible_sections
from silver_book.transitions import publish_text, take_off
from tests.factories import make_user
from tests.silver_book.test_importing import section

pytestmark = pytest.mark.django_db


def hits(words: str, language: str = "en", **fields) -> list[tuple[str, str]]:
    """(title, address) of what a visitor finds."""
    page = search(SearchRequest(words, language, AnonymousUser(), **fields))
    return [(hit.title, hit.url) for hit in page.hits if hit.key.startswith("section:")]


@pytest.mark.parametrize(
    ("words", "language", "title"),
    [
        ("genbutsu", "en", "Go and see"),
        ("foreman", "en", "Ask why"),
        ("المفتاح الثاني", "ar", "اذهب وانظر"),
        ("日本語だけの段落", "ja", "現地現物"),
        ("gemba", "en", "Go and see"),  # a term of the front matter
    ],
)
def test_a_section_is_found_by_its_words(take_in, words, language, title):
    take_in("en", "ar", "ja")
    titles = [found for found, _url in hits(words, language)]
    assert title in titles
    address = dict(hits(words, language))[title]
    assert address.startswith(f"/{language}/silver-book/")


def test_marks_of_markdown_are_no_words(take_in):
    take_in("en")
    documents = {d.title: d for d in section_documents(eligible_sections().get(key="go-and-see"))}
    body = documents["Go and see"].body
    assert "Genchi genbutsu means the actual place. Ask why afterwards." in body
    assert "section:" not in body
    assert documents["Go and see"].values == {"process": ("own",), "language": ("en",)}


def test_cells_and_rows_of_a_table_stand_apart():
    item = {"type": "item", "id": "1"}
    rows = [["Days", "**31**"], ["Cars", "", "4"]]
    table = {
        "caption": "Waiting",
        "header": [item | {"value": "What"}, item | {"value": "How many"}],
        "rows": [item | {"value": [item | {"value": cell} for cell in row]} for row in rows],
    }
    text = plain_text(
        [{"type": "table", "value": table}, {"type": "paragraph", "value": "After it."}]
    )
    lines = ["Waiting", "What | How many", "Days | 31", "Cars | 4", "After it."]
    assert text.split("\n") == lines
    shown = snippet(text, "en", frozenset({"car"}))
    assert shown == ("Waiting · What | How many · Days | 31 · <mark>Cars</mark> | 4 · After it.")


def test_where_nothing_is_found_the_book_is_a_place_to_look(take_in, client):
    take_in("en")
    page = client.get(reverse("search"), {"q": "zxqzxq"}).content.decode()
    places = page[page.index('id="places"') :]
    places = places[: places.index("</nav>")]
    assert "Nothing found" in page
    assert f'<a class="chip" href="{cover_address()}">Silver Book</a>' in places


def test_one_key_stands_for_all_languages(take_in):
    take_in("en", "ar", "ja")
    first = eligible_sections().get(key="go-and-see")
    assert sorted(d.language for d in section_documents(first)) == ["ar", "en", "ja"]
    assert eligible_sections().count() == 3


def test_a_process_step_narrows(take_in):
    take_in("en")
    assert [title for title, _url in hits("why", filters={"process": ("get",)})] == ["Ask why"]


def test_a_draft_is_not_found(take_in):
    take_in("en")
    page = section()
    page.title = "Zanzibar"
    page.save_revision()
    assert hits("Zanzibar") == []
    publish_text(page, by=make_user("editor"))
    assert [title for title, _url in hits("Zanzibar")] == ["Zanzibar"]


def test_what_was_taken_off_is_not_found(take_in):
    take_in("en", "ar")
    first = eligible_sections().get(key="go-and-see")
    assert visible_sections([str(first.pk)], AnonymousUser()) == {str(first.pk)}
    take_off(section(), by=make_user("editor"))
    assert hits("genbutsu") == hits("المفتاح", "ar") == []
    assert visible_sections([str(first.pk)], AnonymousUser()) == set()


def test_sections_are_in_the_sitemap_in_each_language(take_in, client):
    take_in("en", "ar")
    text = client.get("/sitemap.xml").content.decode()
    for page in BookSectionPage.objects.all():
        assert f"<loc>http://testserver{page.get_url()}</loc>" in text
