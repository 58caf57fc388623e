"""What waits for translators, second readers and editors: lines of 'Waiting for you'."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from network.languages import autonym
from network.registry import DeskItem, Menu, desk_items, desk_places, desk_sections
from translations.permissions import can_answer_questions, can_see_desk, translator_languages
from translations.registry import newest_title
from translations.views.access import address_of
from translations.worklist import Work, open_questions, work_for

# Words of an original that a person translates in a minute; paragraphs that one reads.
WORDS_A_MINUTE = 8
READ_A_MINUTE = 1
# More texts that nobody has taken are one line: they wait for anybody.
FEW = 5


def items(user) -> Iterator[DeskItem]:
    """A line a text that is this person's or nobody's, and for editors a line a question.

    No query for somebody without a mandate for either.
    """
    languages = translator_languages(user)
    work = work_for(user, languages) if languages else []
    for language in languages:
        here = [item for item in work if item.language == language]
        nobodys = [item for item in here if item.is_writing and item.translator is None]
        for item in here:
            is_mine = item.translator is not None and item.translator.pk == user.pk
            if item.kind == "read" or (item.is_writing and is_mine):
                yield _item(item)
        if len(nobodys) > FEW:
            yield _many(nobodys, language)
        else:
            yield from map(_item, nobodys)
    if can_answer_questions(user):
        for question, page in open_questions(user):
            yield DeskItem(
                title=newest_title(page),
                what=_("A translator into %(language)s asks about a paragraph.")
                % {"language": autonym(question.language)},
                url=reverse("translate_question", args=[question.pk]),
                since=question.at,
                minutes=3,
                state="review",
                state_label=_("Question"),
                action=_("Answer"),
                language=page.locale.language_code,
            )


def _many(work: list[Work], language: str) -> DeskItem:
    names = {"count": len(work), "language": autonym(language)}
    return DeskItem(
        title=_("Texts in %(language)s") % names,
        what=ngettext(
            "%(count)s text waits for a translator.",
            "%(count)s texts wait for a translator.",
            len(work),
        )
        % names,
        url=f"{reverse('translate_desk')}?{urlencode({'language': language})}",
        since=min(item.since for item in work),
        due=min((item.due for item in work if item.due), default=None),
        state="review",
        state_label=_("To translate"),
        action=_("Choose one"),
    )


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
    minutes = work.words // WORDS_A_MINUTE if work.is_writing else work.count // READ_A_MINUTE
    return DeskItem(
        title=work.title,
        what=what % values,
        url=address_of(work),
        since=work.since,
        due=work.due,
        minutes=max(minutes, 1),
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
