"""A language without a second reader: an editor lets its words go live, and readers are told."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Page

from network.models import User
from network.permissions import with_standing
from network.tree import tree_change
from translations import api
from translations.exceptions import OwnReading, TranslationRefused
from translations.models import TextState
from translations.permissions import can_publish_first_reading, translator_languages
from translations.registry import translatable_of


def publish_first_reading(page: Page, language: str, *, by) -> bool:
    """An editor publishes words that only their translator read, marked so until they are read.

    For a language that has no second reader. Returns whether the text went
    live; False where it waits for its original. Raises PermissionDenied;
    OwnReading where the editor wrote all of them; TranslationRefused where
    somebody could read them, words are missing, or a machine's.
    """
    entry, key = translatable_of(type(page)), page.translation_key
    if not (can_publish_first_reading(by) and entry.may_read_second(by, page, language)):
        raise PermissionDenied
    with tree_change():
        found = api.progress_of(key, language)
        if not found.is_complete or found.drafted:
            raise TranslationRefused(_("Some paragraphs have no words in this language yet."))
        unread = list(TextState.objects.select_for_update(of=("self",)).of(key, language).unread())
        writers = {state.by_id for state in unread}
        if writers == {by.pk}:
            raise OwnReading(_("Another editor publishes a text that you translated."))
        if second_readers(page, language, writers):
            raise TranslationRefused(_("This language has a second reader: ask them to read it."))
        for state in unread:
            TextState.objects.filter(pk=state.pk).update(
                read_text=state.text,
                read_hash=state.source_hash,
                stale_since=state.stale_since if state.is_stale else None,
                first_only=True,
            )
    target = api.find_target(page, language)
    return bool(target is not None and entry.publish(target, by))


def second_readers(page: Page, language: str, writers: Collection[int | None]) -> list:
    """Translators of the language who may read what these people wrote.

    Who wrote everything reads nothing; of several, each reads the others'.
    Editors do not count: they read every language by mandate, not by ear.
    """
    entry = translatable_of(type(page))
    people = User.objects.holding("translator")
    if len(writers) == 1:
        people = people.exclude(pk__in=[pk for pk in writers if pk])
    return [
        person
        for person in with_standing(people)
        if language in translator_languages(person)
        and entry.may_read_second(person, page, language)
    ]
