"""How current the book's languages are, as the figures of all rooms have it."""

import datetime

import pytest

from network.registry import Period
from silver_book.figures import current, sections, sections_by_language
from silver_book.models import BookSectionPage
from tests.factories import make_user
from translations.models import TextState

pytestmark = pytest.mark.django_db
PERIOD = Period(datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))


def test_nothing_before_there_is_a_book():
    assert current(PERIOD, None)[None].value is None
    assert list(sections(make_user("executive"), PERIOD)) == []


def test_sections_are_current_older_or_none(take_in, django_assert_num_queries):
    """Every section in English and Arabic; of one the Arabic fell behind, of one it is offline."""
    take_in("en", "ar")
    keys = list(
        BookSectionPage.objects.filter(locale__language_code="ar", live=True).values_list(
            "translation_key", flat=True
        )
    )
    total = BookSectionPage.objects.filter(locale__language_code="en", live=True).count()
    whole = sections_by_language()["ar"]
    assert whole["none"] == total - len(keys)
    late, gone = keys[:2]
    TextState.objects.filter(object_key=late, language="ar").update(is_stale=True)
    BookSectionPage.objects.filter(locale__language_code="ar", translation_key=gone).update(
        live=False
    )
    with django_assert_num_queries(2):
        found = sections_by_language()
    assert found["en"] == {"current": total}
    assert found["th"] == {"none": total}
    assert found["ar"]["none"] == whole["none"] + 1
    assert found["ar"]["older"] >= 1
    assert found["ar"].total() == total
    figure = current(PERIOD, None)[None]
    share = (total + found["ar"]["current"]) / (12 * total) * 100
    assert (figure.value, figure.of) == (pytest.approx(share), 12 * total)
    [section] = sections(make_user("executive"), PERIOD)
    rows = {row["language"]: row for row in section["context"]["rows"]}
    assert rows["en"]["share"] == 100
    assert rows["ar"]["current"] == found["ar"]["current"]
