"""An issue's texts are asked for in further languages: begun, and given to a translator."""

from django.core.exceptions import PermissionDenied

from bulletins.models import BulletinIssue
from bulletins.permissions import can_manage_issues
from bulletins.planning.grid import pages_of
from bulletins.transitions.issue_log import note
from network.models import User
from network.tree import tree_change
from translations.api import begin_translation, find_target
from translations.exceptions import TranslationRefused
from translations.translating.assigning import assign


def ask_languages(
    issue: BulletinIssue, *, by, wanted: dict[str, int | None]
) -> list[tuple[str, str]]:
    """Open the letter and every story for translation into these languages.

    `wanted`: language → key of the translator who gets all of it, or None for
    whoever is free; who has a text already keeps it then. Also after the
    release: what comes later is added. Returns (language, why) of texts that
    could not be given to their translator. Raises PermissionDenied.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    refused = []
    people = User.objects.in_bulk([pk for pk in wanted.values() if pk])
    with tree_change():
        found = BulletinIssue.objects.select_for_update().get(pk=issue.pk)
        letter, stories = pages_of(found)
        for language, pk in wanted.items():
            for page in [letter, *(page for _case, page in stories)]:
                if page.locale.language_code == language:
                    continue
                try:
                    if pk in people:
                        assign(page, language, people[pk], by=by)
                    elif find_target(page, language) is None:
                        begin_translation(page, language, by=by)
                except TranslationRefused as refusal:
                    refused.append((language, f"{page.title}: {refusal}"))
            note(found, "ask", by=by, reason=language)
    return refused
