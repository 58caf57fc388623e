"""Who edits and publishes the book. Reading the standard text is open to everyone."""

from wagtail.models import PagePermissionTester

from network.permissions import TransitionOnlyTester, is_editor
from translations.permissions import can_read_second, can_translate

# R15: both are written; the other languages are translations of the English text.
BASE_LANGUAGES = ("en", "ja")
SOURCE_LANGUAGE = "en"


def can_publish_book(user) -> bool:
    """Put a base text live or off: an editor, or the site's own import."""
    return is_editor(user) or bool(getattr(user, "is_system", False))


def can_read_book(user) -> bool:
    """Everyone, signed in or not: the standard text is public, and so are its editions."""
    return True


def can_freeze_edition(user) -> bool:
    """Freeze the book as an edition, and have a file that failed built again: an editor."""
    return can_publish_book(user)


def can_translate_book(user, language: str) -> bool:
    """Translate the English text; the Japanese is written, not translated (R15)."""
    return language not in BASE_LANGUAGES and can_translate(user, language)


def can_read_second_book(user, language: str) -> bool:
    """Read a translation as second person; never one's own words (translations.api asks)."""
    return language not in BASE_LANGUAGES and can_read_second(user, language)


class BookPermissionTester(TransitionOnlyTester):
    """Base texts are edited by editors, translations by translators; live by transition."""

    def can_edit(self) -> bool:
        language = self.page.locale.language_code
        if language not in BASE_LANGUAGES:
            return can_translate(self.user, language)
        return is_editor(self.user) and super().can_edit()

    def can_add_subpage(self) -> bool:
        """New parts, chapters and sections begin in a base language."""
        return self.page.locale.language_code in BASE_LANGUAGES and super().can_add_subpage()


class BookIndexPermissionTester(PagePermissionTester):
    """The cover is an editor's page like others; what is below goes live by transition."""

    def can_publish_subpage(self) -> bool:
        return False

    def can_delete(self, ignore_bulk=False) -> bool:
        return False

    def can_add_subpage(self) -> bool:
        return self.page.locale.language_code in BASE_LANGUAGES and super().can_add_subpage()
