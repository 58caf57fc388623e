"""What is translated of a story, and what stays the source's."""

import pytest
from wagtail_localize.models import OverridableSegment, StringSegment

from bulletins.blocks import CAUSES
from bulletins.models import CaseStoryPage
from network.models import GkcImage
from tests.translations.conftest import all_words, change_source, make_live_story
from translations.api import begin_translation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WORDS = {
    "title",
    "summary",
    "place_seen",
    "background.paragraph",
    "situation.paragraph",
    "gap.gap.what",
    "causes.cause.name",
    "causes.cause.whys.item",
    "did.paragraph",
    "countermeasures.countermeasure.what",
    "countermeasures.countermeasure.who",
    "happened.paragraph",
    "results.result.label",
    "learned.paragraph",
    "adapt.paragraph",
}


def with_picture(case):
    from wagtail.images.tests.utils import get_test_image_file

    image = GkcImage.objects.create(title="Chart", file=get_test_image_file(), guard="members")
    value = {"image": image.pk, "alt": "Two bars", "caption": "Before, after", "part": "did"}
    stream = CaseStoryPage._meta.get_field("pictures").stream_block
    rows = [{"type": "picture", "value": value, "id": "d" * 36}]
    change_source(case, pictures=stream.to_python(rows))
    return image


def test_words_are_offered_and_nothing_else(case, people):
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    segments = StringSegment.objects.filter(source__object_id=page.translation_key)
    assert set(segments.values_list("context__field_path", flat=True)) == WORDS
    assert OverridableSegment.objects.filter(source__object_id=page.translation_key).count() == 0


def test_alternative_texts_and_captions_are_translated_the_picture_stays(case, people):
    image = with_picture(case)
    page = case.source_page()
    target = all_words(page, "ja", people["ja"]).get_latest_revision_as_object()
    picture = target.pictures[0].value
    assert picture["image"].pk == image.pk
    assert picture["alt"] == f"ja: pictures.{'d' * 36}.alt"
    assert picture["caption"] == f"ja: pictures.{'d' * 36}.caption"
    assert picture["part"] == "did"


def ids(value):
    """Every block id in a StreamField's raw data, in order."""
    if isinstance(value, dict):
        own = [value["id"]] if "id" in value else []
        return own + [found for item in value.values() for found in ids(item)]
    if isinstance(value, list):
        return [found for item in value for found in ids(item)]
    return []


def test_block_ids_figures_and_keys_are_equal_in_every_language(case, people):
    page = case.source_page()
    target = all_words(page, "ar", people["ar"]).get_latest_revision_as_object()
    for name in ("background", "gap", "causes", "countermeasures", "results"):
        before, after = getattr(page, name).get_prep_value(), getattr(target, name).get_prep_value()
        assert ids(before) == ids(after), name
        assert ids(before)
    was, now = page.results[0].value, target.results[0].value
    for key in ("measure_key", "measure", "unit", "before", "after", "target", "before_on"):
        assert now[key] == was[key]
    assert now["label"] == f"ar: results.{page.results[0].id}.label"
    assert target.countermeasures[0].value["cause"] == page.causes[0].id
    assert (target.seen_on, target.case_id, target.slug) == (page.seen_on, page.case_id, page.slug)


def test_a_why_without_an_id_gets_the_same_one_at_each_load():
    row = {"type": "cause", "id": "c" * 36, "value": {"name": "A", "whys": ["first", "second"]}}
    loads = [CAUSES.to_python([row])[0].value["whys"].bound_blocks for _load in range(2)]
    assert [why.id for why in loads[0]] == [why.id for why in loads[1]]
    assert len({why.id for why in loads[0]}) == 2


def test_changed_figures_reach_live_translations_with_the_source(case, people):
    from bulletins.transitions import publish_translation
    from translations.api import confirm_reading, languages_behind

    page = case.source_page()
    target = all_words(page, "ja", people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    publish_translation(target, by=people["ja2"])
    rows = page.results.get_prep_value()
    rows[0]["value"] |= {"after": "2.5", "unit": "h"}
    stream = page._meta.get_field("results").stream_block
    change_source(case, results=stream.to_python(rows))
    target = CaseStoryPage.objects.get(pk=target.pk)
    row = target.results[0].value
    assert (str(row["after"]), row["unit"]) == ("2.5", "h")
    assert row["label"] == f"ja: results.{page.results[0].id}.label"
    assert languages_behind(target) == {}


def test_a_story_in_another_language_is_translated_into_english(people):
    case = make_live_story("th")
    page = case.source_page()
    target = all_words(page, "en", people["en"])
    assert target.locale.language_code == "en"
    assert target.translation_key == page.translation_key
