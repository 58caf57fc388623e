"""The book in the admin: words for its history, and the way to publication."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from silver_book.models import BookPage
from silver_book.permissions import BASE_LANGUAGES, can_publish_book
from silver_book.transitions.placing import LOGGED_AS


@hooks.register("register_log_actions")
def register_book_actions(actions):
    """An import is an editor's act and leaves a line."""
    actions.register_action(LOGGED_AS, _("Import"), _("Taken in from a file"))


@hooks.register("register_page_header_buttons")
def way_to_publication(page, user, view_name, next_url=None):
    """A base text's draft goes live where its changes are shown (`views.book_publish`)."""
    page = page.specific_deferred
    if not isinstance(page, BookPage) or page.locale.language_code not in BASE_LANGUAGES:
        return
    if can_publish_book(user) and page.latest_revision_id:
        yield Button(
            _("Publish this draft"),
            reverse("book_publish", args=[page.pk]),
            icon_name="upload",
            priority=5,
        )
