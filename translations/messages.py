"""What this room tells people, each kind with its audience (R18)."""

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_localize.models import TranslationSource

from network.languages import autonym
from network.models import User
from network.permissions import with_standing
from touchpoints.registry import Kind, Message, register
from translations.models import Assignment, Question, TextState
from translations.registry import Translatable, newest_title, translatable_of


def source_page(object_key):
    """(page, its entry) of a text that was begun, in the language it was written in.

    (None, None) where the page is gone.
    """
    source = TranslationSource.objects.filter(object_id=object_key).first()
    try:
        page = source.get_source_instance() if source else None
    except ObjectDoesNotExist:
        page = None
    entry = translatable_of(type(page)) if page else None
    return (page, entry) if entry else (None, None)


def may_open(user, page, entry: Translatable) -> bool:
    """Whether the person may work on the text at all: a mail shows a title of it."""
    return entry.open_to(user).filter(pk=page.pk).exists()


def editors(question: Question, data) -> list:
    """Every editor."""
    return list(User.objects.holding("editor"))


def translators(question: Question, data) -> list:
    """Who asked, who has the text in some language, and who wrote words of it, while they may."""
    page, entry = source_page(question.object_key)
    if page is None:
        return []
    key = question.object_key
    people = User.objects.filter(is_active=True).filter(
        pk__in={
            question.by_id,
            *Assignment.objects.filter(object_key=key).values_list("translator", flat=True),
            *TextState.objects.of(key).exclude(text="").values_list("by", flat=True),
        }
        - {None, question.answered_by_id}
    )
    return [person for person in with_standing(people) if may_open(person, page, entry)]


def translator(assignment: Assignment, data) -> list:
    """Who has the text, while they may translate it."""
    page, entry = source_page(assignment.object_key)
    person = assignment.translator
    if page is None or not may_open(person, page, entry):
        return []
    return [person] if entry.may_translate(person, page, assignment.language) else []


def words_assigned(assignment: Assignment, data, user) -> Message | None:
    """To the translator."""
    page, _entry = source_page(assignment.object_key)
    if page is None:
        return None
    names = {"title": newest_title(page), "language": autonym(assignment.language)}
    return Message(
        subject=_("To translate into %(language)s: %(title)s") % names,
        lines=(_("An editor asks you to translate “%(title)s” into %(language)s.") % names,),
        url=reverse("translate_text", args=[assignment.object_key, assignment.language]),
        action=_("Translate"),
    )


def words_asked(question: Question, data, user) -> Message | None:
    """To the editors: passed over once answered."""
    page, _entry = source_page(question.object_key)
    if question.answered_at is not None or page is None:
        return None
    names = {"title": newest_title(page), "language": autonym(question.language)}
    return Message(
        subject=_("A translator asks about: %(title)s") % names,
        lines=(
            _("A translator into %(language)s asks about a paragraph of “%(title)s”:") % names,
            question.text,
        ),
        url=reverse("translate_question", args=[question.pk]),
        action=_("Answer"),
    )


def words_answered(question: Question, data, user) -> Message | None:
    """To the text's translators."""
    page, _entry = source_page(question.object_key)
    if page is None:
        return None
    names = {"title": newest_title(page)}
    return Message(
        subject=_("An editor answered about: %(title)s") % names,
        lines=(
            _("A question about a paragraph of “%(title)s” has an answer.") % names,
            question.text,
            question.answer,
        ),
        url=reverse("translate_question", args=[question.pk]),
        action=_("See the paragraph"),
    )


register(
    Kind(
        "translations.text_assigned",
        audience=translator,
        audience_label=gettext_lazy("The translator who is given the text"),
        words=words_assigned,
    )
)
register(
    Kind(
        "translations.question_asked",
        audience=editors,
        audience_label=gettext_lazy("Editors"),
        words=words_asked,
    )
)
register(
    Kind(
        "translations.question_answered",
        audience=translators,
        audience_label=gettext_lazy("The text's translators in all languages, and who asked"),
        words=words_answered,
    )
)
