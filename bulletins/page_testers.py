"""Wagtail's questions about our pages, answered by the rules of `permissions`."""

from wagtail.models import PagePermissionTester

from bulletins.permissions import can_translate_case
from network.permissions import TransitionOnlyTester, is_editor
from translations.permissions import can_translate


class StoryPermissionTester(TransitionOnlyTester):
    """Wagtail's questions about a story page, answered by the case (superusers included)."""

    def can_edit(self) -> bool:
        """The author's page: editors. A page in another language: its translators."""
        page = self.page.specific_deferred
        case = page.case
        if not page.is_source:
            return can_translate_case(self.user, case, page.language)
        if not is_editor(self.user):
            return False
        return case.stage in ("editing", "ready", "published") and super().can_edit()


class StoryIndexPermissionTester(PagePermissionTester):
    """Stories begin at the share form and go live by a transition, never below the index."""

    def can_add_subpage(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_delete(self, ignore_bulk=False) -> bool:
        return False


class IssuePermissionTester(PagePermissionTester):
    """An issue's page is edited by editors, its translations by translators; released only."""

    def can_edit(self) -> bool:
        language = self.page.locale.language_code
        if language != "en" and can_translate(self.user, language):
            return True
        if self.page.specific_deferred.issue.stage != "planned":
            return False  # frozen words are what translations are made of
        return is_editor(self.user) and super().can_edit()

    def can_publish(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk=False) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_copy(self) -> bool:
        return False
