"""Who edits and publishes the book, and who writes and reads the local edition."""

from wagtail.models import PagePermissionTester

from network.permissions import (
    TransitionOnlyTester,
    is_editor,
    is_member,
    region_scope,
    standing,
)
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


# --- the local edition (R17) ------------------------------------------------------------
def writes_locally(user) -> bool:
    """A campaigner or lead, of whatever place. No query."""
    return any(mandate.role in ("campaigner", "lead") for mandate in standing(user).mandates)


def local_scopes(user) -> set[tuple[str, int]]:
    """The region scopes that a campaigner or lead writes for: those of their countries.

    A query for each of their review areas; none for anybody else.
    """
    found = set()
    for mandate in standing(user).mandates:
        if mandate.role not in ("campaigner", "lead"):
            continue
        if mandate.review_area_id:
            found |= {region_scope(country) for country in mandate.review_area.countries.all()}
        elif mandate.region_id:
            found.add(("region", mandate.region_id))
        elif mandate.country_id:
            found.add(region_scope(mandate.country))
    return found


def can_write_local(user, scope: tuple[str, int]) -> bool:
    """Add, change, confirm and remove a region's local texts: its campaigners and leads."""
    return scope in local_scopes(user)


def can_view_local(user, local_text) -> bool:
    """Read a local text, of whatever region: every member."""
    return is_member(user) and local_text.removed_at is None


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
