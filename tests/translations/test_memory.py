"""The translation memory: exact and near matches, with percentage, of what one may open."""

import pytest

from network.models import Region
from tests.translations.conftest import make_live_story
from translations.aids.memory import NEAR, Memory
from translations.api import begin_translation, confirm_reading, translate_page
from translations.models import MemoryUnit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SOURCE = "Call the owner before the hour passes and name the new hour."
TARGET = "時間になる前に持ち主に電話し、新しい時刻を伝える。"


def suggestions(user, source, spoken, language, present=""):
    return Memory(user, spoken, language, [source]).suggestions(source, present=present)


def remember(people, source=SOURCE, target=TARGET, **fields):
    """A story with that summary, finished in Japanese."""
    case = make_live_story(**fields)
    page = case.source_page()
    type(page).objects.filter(pk=page.pk).update(summary=source)
    page.refresh_from_db()
    begin_translation(page, "ja", by=people["editor"])
    translate_page(page, "ja", {"summary": target}, by=people["editor"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    return case


def test_the_same_words_are_offered_as_such(people):
    remember(people)
    (found,) = suggestions(people["ja"], SOURCE, "en", "ja")
    assert (found.percent, found.is_exact, found.target) == (100, True, TARGET)
    assert found.difference == []


def test_nearly_the_same_words_say_how_near_and_what_differs(people):
    remember(people)
    (found,) = suggestions(people["ja"], SOURCE.replace("owner", "customer"), "en", "ja")
    assert not found.is_exact
    assert NEAR <= found.percent < 100
    assert [words for kind, words in found.difference if kind == "del"] == ["owner"]
    assert [words for kind, words in found.difference if kind == "ins"] == ["customer"]


def test_what_is_far_of_another_pair_or_there_already_is_not_offered(people):
    remember(people)
    assert suggestions(people["ja"], "Something else altogether.", "en", "ja") == []
    assert suggestions(people["ar"], SOURCE, "en", "ar") == []
    assert suggestions(people["ja"], SOURCE, "en", "ja", present=TARGET) == []
    assert suggestions(people["ja"], " ", "en", "ja") == []


def test_words_of_a_text_that_one_may_not_open_are_not_offered(people):
    case = remember(people)
    region = Region.objects.create(slug="far", name_en="Far away")
    type(case).objects.filter(pk=case.pk).update(region=region, audience="region")
    assert suggestions(people["ja"], SOURCE, "en", "ja") == []
    assert len(suggestions(people["editor"], SOURCE, "en", "ja")) == 1


def test_the_same_words_of_two_texts_are_kept_for_both(people):
    hidden, known = remember(people), remember(people, target="別の訳。")
    region = Region.objects.create(slug="far", name_en="Far away")
    type(hidden).objects.filter(pk=hidden.pk).update(region=region, audience="region")
    (found,) = suggestions(people["ja"], SOURCE, "en", "ja")
    assert found.target == "別の訳。"
    assert MemoryUnit.objects.filter(source=SOURCE).count() == 2
    assert known.pk


def test_one_offers_three_at_most_the_nearest_first(people):
    for n in range(5):
        remember(people, source=SOURCE[: -2 - n * 3], target=f"訳{n}")
    found = suggestions(people["ja"], SOURCE, "en", "ja")
    assert [one.target for one in found] == ["訳0", "訳1", "訳2"]
    assert found[0].percent > found[2].percent
