"""A room without content is not shown: neither a page nor a hit leads to it."""

import pytest

from bulletins.models import StoryIndexPage
from gkc_site.search_documents import eligible_pages
from silver_book.models import BookIndexPage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("room", ["silver-book", "workshops"])
def test_an_empty_room_answers_404(client, room):
    assert client.get(f"/en/{room}/").status_code == 404
    assert client.get("/en/stories/").status_code == 200  # control: empty, but a list


def test_search_leads_to_rooms_with_content_only():
    found = set(eligible_pages().values_list("pk", flat=True))
    assert not found & set(BookIndexPage.objects.values_list("pk", flat=True))
    assert set(StoryIndexPage.objects.values_list("pk", flat=True)) <= found
