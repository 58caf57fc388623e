"""A text of the book goes live, follows its original, or goes off the site."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction

from network.tree import tree_change
from silver_book.exceptions import BookChangeRefused
from silver_book.guard import GUARD
from silver_book.models import BookPage
from silver_book.permissions import (
    BASE_LANGUAGES,
    SOURCE_LANGUAGE,
    can_publish_book,
    can_read_second_book,
)
from silver_book.revisions import CHANGED, GONE, Change, between
from silver_book.transitions.local import standard_moved
from silver_book.transitions.pairing import mark_twin
from translations.api import find_target, follow_source, put_live
from translations.exceptions import TranslationRefused
from translations.rewording import original_hashes, still_current


def publish_text(
    page: BookPage, *, by, seen_revision: int | None = None, wording: Collection[str] = ()
) -> BookPage:
    """Put a base text's newest revision live; finished translations follow an English one.

    `wording` names the changed places (block ids, 'title', 'summary') where
    only the wording changed: nothing becomes stale there, and nothing is to
    be compared. Raises PermissionDenied, or BookChangeRefused where the language is a
    translation's, the text changed since `seen_revision`, or a page above is
    not live.
    """
    if not can_publish_book(by):
        raise PermissionDenied
    with tree_change(), GUARD.inside_transition():
        page = type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
        if page.language not in BASE_LANGUAGES:
            raise BookChangeRefused(_("A translation goes live when a second person has read it."))
        revision = page.get_latest_revision() or page.save_revision(user=by)
        if seen_revision and revision.pk != seen_revision:
            raise BookChangeRefused(
                _("The text has changed since you opened it. Read the difference, then decide.")
            )
        if not page.get_parent().live:
            raise BookChangeRefused(_("The part or chapter that holds this text is not live yet."))
        changed = between(page if page.live else None, revision.as_object())
        revision.publish(user=by, log_action=True, skip_permission_checks=True)
        page.refresh_from_db()
        follow(page, changed, by=by, wording=wording)
    return page


def follow(page: BookPage, changed: list[Change], *, by, wording: Collection[str] = ()) -> None:
    """A base text went live with these changes: its translations and its twin are marked."""
    places = {change.place for change in changed if change.kind == CHANGED}
    gone = {change.place for change in changed if change.kind == GONE}
    if page.language == SOURCE_LANGUAGE:
        before = original_hashes(page)
        follow_source(page, by=by)
        kept = [path for path in before if _place(path) in set(wording) & places]
        still_current(page, before, kept)
    mark_twin(page, places - set(wording), by=by)
    standard_moved(page, (places - set(wording)) | gone, by=by)


def _place(path: str) -> str:
    """The block's id, or the field's name, of a path."""
    parts = path.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def publish_translation(page: BookPage, *, by) -> BookPage:
    """Put a translation live once a second person has read it.

    Raises PermissionDenied, or BookChangeRefused where the original is not
    live, words are missing or unread.
    """
    if not can_read_second_book(by, page.language):
        raise PermissionDenied
    with tree_change(), GUARD.inside_transition():
        source = find_target(page, SOURCE_LANGUAGE)
        if source is None or not source.live:
            raise BookChangeRefused(_("The original is not live yet: this text goes live with it."))
        try:
            return put_live(source, page.language, by=by)
        except TranslationRefused as refusal:
            raise BookChangeRefused(str(refusal)) from refusal


def take_off(page: BookPage, *, by) -> None:
    """Take a text off the site in every language, with what stands below it.

    Raises PermissionDenied.
    """
    if not can_publish_book(by):
        raise PermissionDenied
    with tree_change(), GUARD.inside_transition():
        for twin in type(page).objects.filter(translation_key=page.translation_key):
            for inner in twin.get_descendants(inclusive=True).filter(live=True).specific():
                UnpublishPageAction(inner, user=by, log_action=True).execute(
                    skip_permission_checks=True
                )
