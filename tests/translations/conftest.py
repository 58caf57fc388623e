"""A live story, people for two languages, and words for it."""

import datetime

import pytest
from wagtail_localize.models import StringSegment

from bulletins.guard import inside_transition
from bulletins.models import CaseStoryPage
from tests.factories import make_case, make_mandate, make_user
from tests.factories.network_of_reviewers import _stream, story_fields


def fill(page, **changes):
    """Put a complete story into a page object; nothing is saved."""
    for name, value in (story_fields() | changes).items():
        field = page._meta.get_field(name)
        if hasattr(field, "stream_block"):
            value = _stream(field, value)
        elif name == "seen_on":
            value = datetime.date.fromisoformat(value)
        setattr(page, name, value)
    return page


def make_live_story(language="en", **fields):
    """A published case whose source page is live with a complete text."""
    case = make_case(language=language, published=True, **fields)
    page = fill(case.source_page())
    revision = page.save_revision(user=case.author)
    with inside_transition():
        revision.publish()
    return case


def words_for(page, language="ja"):
    """Path → words that name language and path, for every paragraph of the source page."""
    found = StringSegment.objects.filter(
        source__object_id=page.translation_key, source__locale=page.locale
    ).select_related("context")
    return {segment.context.path: f"{language}: {segment.context.path}" for segment in found}


def all_words(page, language, by):
    """Begin the translation and give every paragraph words."""
    from translations.api import begin_translation, translate_page

    begin_translation(page, language, by=by)
    return translate_page(page, language, words_for(page, language), by=by)


def change_source(case, **changes):
    """Publish another text of the story, as a transition does."""
    from bulletins.transitions.publishing import go_live

    page = case.source_page()
    for name, value in changes.items():
        setattr(page, name, value)
    revision = page.save_revision(user=case.author)
    with inside_transition():
        go_live(case, page, revision, by=case.author)
    return CaseStoryPage.objects.get(pk=page.pk)


@pytest.fixture
def people(db):
    """Two translators for each of Japanese, Arabic and English, an editor, a reader."""
    found = {"editor": make_user("editor"), "reader": make_user()}
    for language in ("ja", "ar", "en"):
        found[language] = make_user("translator", language=language)
        found[f"{language}2"] = make_user("translator", language=language)
    both = make_user("translator", language="ja")
    make_mandate(both, "translator", language="ar")
    found["both"] = both
    return found


@pytest.fixture
def case(people):
    """A live English story."""
    return make_live_story()
