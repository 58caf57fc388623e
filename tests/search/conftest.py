"""A way to ask, and published stories to find."""

import pytest
from django.contrib.auth.models import AnonymousUser

from search.api import mark_changed, search
from search.contract import SearchPage, SearchRequest
from tests.factories import make_case, make_story_page, make_user


@pytest.fixture
def member(db):
    """A member of another distributor than any story's."""
    return make_user()


@pytest.fixture
def visitor():
    return AnonymousUser()


@pytest.fixture
def ask(member):
    """ask('words', 'fa', viewer=…, filters=…) → SearchPage, asked by a member."""

    def asked(text: str, language: str = "en", viewer=None, **fields) -> SearchPage:
        return search(SearchRequest(text, language, viewer or member, **fields))

    return asked


@pytest.fixture
def publish(db):
    """publish('title', summary='…', language='fa', …) → an indexed, published case."""

    def published(title: str, summary: str = "", language: str = "en", **fields):
        page_fields = fields.pop("page_fields", {}) | {"summary": summary}
        case = make_case(
            language=language, title=title, published=True, page_fields=page_fields, **fields
        )
        mark_changed(case)
        return case

    return published


@pytest.fixture
def add_language():
    """add_language(case, 'ja', 'title', summary='…'): one more live page."""

    def added(case, language: str, title: str, **fields):
        page = make_story_page(case, language, title, live=True, **fields)
        mark_changed(case)
        return page

    return added


def keys(page: SearchPage) -> list[str]:
    """Keys of the hits, best first."""
    return [hit.key for hit in page.hits]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    """A facet's counts by value."""
    return {value.value: value.count for value in page.facets.get(facet, ())}
