"""Rows for tests: plain functions, each making what it needs and nothing more."""

from tests.factories.network import (
    make_area,
    make_country,
    make_dealer,
    make_distributor,
    make_mandate,
    make_membership,
    make_region,
    make_topic,
    make_user,
)
from tests.factories.stories import (
    make_case,
    make_issue,
    make_story_page,
    paragraphs,
)

__all__ = [
    "make_area",
    "make_case",
    "make_country",
    "make_dealer",
    "make_distributor",
    "make_issue",
    "make_mandate",
    "make_membership",
    "make_region",
    "make_story_page",
    "make_topic",
    "make_user",
    "paragraphs",
]
