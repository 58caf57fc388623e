"""What waits for translators and second readers: lines of 'Waiting for you'."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from network.languages import autonym
from network.registry import DeskItem, Menu, desk_items, desk_places, desk_sections
from translations.permissions import can_see_desk, translator_languages
from translations.views import address_of
from translations.worklist import Work, work_for

# Minutes a paragraph takes to write or to read, for the desk's 'about … minutes'.
MINUTES = {"write": 4, "update": 3, "read": 1}


def items(user) -> Iterator[DeskItem]:
    """One line a text. No query for somebody without a translator's mandate."""
    languages = translator_languages(user)
    for work in work_for(user, languages) if languages else ():
        if work.kind != "wait":
            yield _item(work)


def _item(work: Work) -> DeskItem:
    values = {"count": work.count, "language": autonym(work.language)}
    what, action = {
        "write": (
            ngettext(
                "%(count)s paragraph has no words in %(language)s yet.",
                "%(count)s paragraphs have no words in %(language)s yet.",
                work.count,
            ),
            _("Translate"),
        ),
        "update": (
            ngettext(
                "The original of %(count)s paragraph in %(language)s has changed.",
                "The original of %(count)s paragraphs in %(language)s has changed.",
                work.count,
            ),
            _("Translate"),
        ),
        "read": (_("Read this text in %(language)s as second person."), pgettext("action", "Read")),
    }[work.kind]
    return DeskItem(
        title=work.page.title,
        what=what % values,
        url=address_of(work),
        since=work.since,
        minutes=max(MINUTES[work.kind] * work.count, 1),
        state="returned" if work.kind == "update" else "review",
        state_label={
            "write": _("To translate"),
            "update": _("Original changed"),
            "read": _("To read"),
        }[work.kind],
        action=action,
        language=work.page.locale.language_code,
    )


def sections(user) -> Iterator[dict]:
    """Below the list: the way to all texts in one's languages."""
    if translator_languages(user):
        yield {
            "template": "translations/desk_section.html",
            "context": {"translate_url": reverse("translate_desk")},
        }


def places(user) -> Iterator[Menu]:
    """The translators' desk."""
    if can_see_desk(user):
        yield Menu(_("Texts to translate and read"), partial(reverse, "translate_desk"), 40)


def register() -> None:
    """Called once, from the app's ready()."""
    desk_places.register("translations", places)
    desk_items.register("translations", items)
    desk_sections.register("translations", sections)
