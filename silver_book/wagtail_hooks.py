"""The book in the admin: words for its history."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from silver_book.transitions.placing import LOGGED_AS


@hooks.register("register_log_actions")
def register_book_actions(actions):
    """An import is an editor's act and leaves a line."""
    actions.register_action(LOGGED_AS, _("Import"), _("Taken in from a file"))
