"""What a paragraph is called; alternative texts, captions and tables are translated like others."""

import pytest
from wagtail_localize.segments.extract import extract_segments

from silver_book.models import BookSectionPage
from translations.aids.places import Places, place_key

pytestmark = pytest.mark.django_db  # a page asks for its content type


@pytest.fixture
def section():
    """A section with everything, not saved."""
    page = BookSectionPage(title="A section", summary="In short.", key="a")
    field = page._meta.get_field("body")
    cell = lambda n, text: {"type": "item", "value": text, "id": f"c{n}"}  # noqa: E731
    row = lambda n, *cells: {"type": "item", "value": list(cells), "id": f"r{n}"}  # noqa: E731
    page.body = field.to_python(
        [
            {"type": "heading", "id": "h1", "value": {"text": "Head", "level": "2"}},
            {"type": "paragraph", "id": "p1", "value": "First."},
            {
                "type": "table",
                "id": "t1",
                "value": {
                    "caption": "Moments",
                    "header": [cell(1, "Moment"), cell(2, "Who")],
                    "rows": [row(1, cell(3, "Booking"), cell(4, "Adviser"))],
                },
            },
            {
                "type": "picture",
                "id": "i1",
                "value": {"image": None, "alt": "A board", "caption": "The board at ten"},
            },
            {"type": "list", "id": "l1", "value": {"items": [cell(5, "One"), cell(6, "Two")]}},
        ]
    )
    return page


def test_every_word_of_a_section_is_offered_by_a_name(section):
    places = Places(section)
    found = {}
    for segment in extract_segments(section):
        if hasattr(segment, "string"):
            place = places.of(segment.path)
            found[segment.string.render_text()] = (place.key, place.title, place.part)
    assert found == {
        "A section": ("title", "Title", ""),
        "In short.": ("summary", "Summary", ""),
        "Head": ("h1", "Heading", ""),
        "First.": ("p1", "Paragraph 1", ""),
        "Moments": ("t1", "Table 2", "Caption"),
        "Moment": ("t1", "Table 2", "Header 1"),
        "Who": ("t1", "Table 2", "Header 2"),
        "Booking": ("t1", "Table 2", "Row 1, column 1"),
        "Adviser": ("t1", "Table 2", "Row 1, column 2"),
        "A board": ("i1", "Picture 3", "What the picture shows"),
        "The board at ten": ("i1", "Picture 3", "Caption"),
        "One": ("l1", "List 4", "Item 1"),
        "Two": ("l1", "List 4", "Item 2"),
    }


def test_a_place_is_the_same_in_every_language():
    assert place_key("body.t1.rows.r1.c3") == "t1"
    assert place_key("title") == "title"


def test_a_place_that_is_gone_has_a_name_too(section):
    assert Places(section).of("body.gone.text").title == "Text"
