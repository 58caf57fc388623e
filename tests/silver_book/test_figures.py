"""What reading costs in queries, and that what is kept in memory is never old."""

import pytest
from django.core.cache import cache

from silver_book.models import BookSectionPage, BookStamp
from silver_book.transitions import publish_text
from tests.factories import make_user
from translations.api import progress

pytestmark = pytest.mark.django_db
SECTION = "/en/silver-book/way/words/go-and-see/"
# A bare Wagtail page has 7 for a visitor and 9 for a member (benchmarks/reading.py).
VISITOR, MEMBER = 7 + 8, 9 + 12


def count(client, address: str, most: int, django_assert_max_num_queries) -> int:
    for _warm in range(2):
        assert client.get(address).status_code == 200
    with django_assert_max_num_queries(most) as asked:
        client.get(address)
    return len(asked)


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_a_section_stays_within_its_queries(
    client, take_in, language, django_assert_max_num_queries
):
    take_in("en", "ja", "ar")
    address = SECTION.replace("/en/", f"/{language}/")
    assert count(client, address, VISITOR, django_assert_max_num_queries) <= 11
    count(client, f"{address}?beside=es", VISITOR, django_assert_max_num_queries)
    client.force_login(make_user())
    assert count(client, address, MEMBER, django_assert_max_num_queries) <= 17


def test_contents_cost_the_same_for_any_number(
    client, take_in, folder, django_assert_max_num_queries
):
    take_in("en")
    few = count(client, "/en/silver-book/", 7 + 6, django_assert_max_num_queries)
    for number in range(30):
        (folder / "en" / "1-way" / f"{number + 50}-more.md").write_text(
            f"---\nid: more-{number}\ntitle: More {number}\n---\n\nWords.\n"
        )
    take_in("en")
    assert count(client, "/en/silver-book/", 7 + 6, django_assert_max_num_queries) == few
    assert "More 29" in client.get("/en/silver-book/").content.decode()


def test_how_current_a_whole_book_is_takes_one_query(take_in, django_assert_num_queries):
    take_in("en", "ar")
    keys = list(BookSectionPage.objects.values_list("translation_key", flat=True))
    with django_assert_num_queries(1):
        assert progress(keys)


def test_a_new_title_stands_in_the_contents_at_once(client, take_in):
    take_in("en")
    cache.clear()
    assert "Ask why" in client.get(SECTION).content.decode()
    page = BookSectionPage.objects.get(key="ask-why", locale__language_code="en")
    page.title = "Ask five times"
    editor = make_user("editor")
    page.save_revision(user=editor)
    before = BookStamp.current()
    publish_text(page, by=editor)
    assert BookStamp.current() != before
    assert "Ask five times" in client.get(SECTION).content.decode()
    assert "Ask five times" in client.get("/en/silver-book/").content.decode()
