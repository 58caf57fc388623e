"""What is told of questions, each kind with its audience (R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.languages import autonym
from network.localize import date_text
from review.permissions import can_view_question
from touchpoints.registry import Kind, Message, register


def owner(question, data) -> list:
    """Whoever has it now, while it is open."""
    return [question.owner] if question.is_open and question.owner else []


def lead(question, data) -> list:
    """To whom it was taken, while it is open."""
    return [question.escalated_to] if question.is_open and question.escalated_to else []


def asker(question, data) -> list:
    """Whoever asked."""
    return [question.by]


def who_waited(question, data) -> list:
    """Whoever reads these words in that language and did not write the translation."""
    readers = [question.by] if data["part"] == "answer" else [question.owner]
    return [
        person
        for person in readers
        if person is not None
        and person.pk != data["by"]
        and data["language"] in person.reading_languages
        and can_view_question(person, question)
    ]


def _url(question) -> str:
    return reverse("question", args=[question.pk])


def words_asked(question, data, user) -> Message | None:
    """To whoever has it now."""
    if not question.is_open:
        return None
    names = {"title": question.title, "person": question.by.display_name}
    lines = [_("%(person)s asks about “%(title)s”:") % names, question.text]
    if question.due:
        lines.append(_("An answer is due by %(day)s.") % {"day": date_text(question.due)})
    if question.is_private:
        lines.append(_("It was asked in private: nobody else reads it."))
    return Message(
        subject=_("A question for you: %(title)s") % names,
        lines=tuple(lines),
        url=_url(question),
        action=_("Answer"),
    )


def words_due(question, data, user) -> Message | None:
    """To whoever has it: a reminder."""
    if not question.is_open:
        return None
    names = {
        "title": question.title,
        "person": question.by.display_name,
        "day": date_text(question.asked_at),
    }
    return Message(
        subject=_("Still open: the question about “%(title)s”") % names,
        lines=(
            _("%(person)s waits for your answer since %(day)s:") % names,
            question.text,
            _("You can also hand it on to somebody who knows better."),
        ),
        url=_url(question),
        action=_("Answer"),
    )


def words_late(question, data, user) -> Message | None:
    """To the lead."""
    if not question.is_open:
        return None
    names = {
        "title": question.title,
        "person": question.by.display_name,
        "owner": question.owner.display_name if question.owner else "",
    }
    return Message(
        subject=_("Not answered in time: a question about “%(title)s”") % names,
        lines=(
            _("%(person)s asked, and %(owner)s has not answered in time:") % names,
            question.text,
            _("Answer it yourself, or hand it on. You are told of it once."),
        ),
        url=_url(question),
        action=_("Read the question"),
    )


def words_answered(question, data, user) -> Message | None:
    """To whoever asked."""
    if question.answered_at is None:
        return None
    names = {"title": question.title, "person": question.answered_by.display_name}
    return Message(
        subject=_("Answered: your question about “%(title)s”") % names,
        lines=(_("%(person)s has answered your question:") % names, question.answer),
        url=_url(question),
        action=_("Read the answer"),
    )


def words_translated(question, data, user) -> Message | None:
    """To whoever could not read the words."""
    names = {"title": question.title, "language": autonym(data["language"])}
    if data["part"] == "answer":
        line = _("The answer about “%(title)s” can now be read in %(language)s.") % names
    else:
        line = _("The question about “%(title)s” can now be read in %(language)s.") % names
    return Message(
        subject=_("Now in %(language)s: the words about “%(title)s”") % names,
        lines=(line,),
        url=_url(question),
        action=_("Read it"),
    )


ASKED = register(
    Kind("review.question_asked", owner, gettext_lazy("whoever has the question"), words_asked)
)
DUE = register(
    Kind("review.question_due", owner, gettext_lazy("whoever has the question"), words_due)
)
LATE = register(
    Kind(
        "review.question_late",
        lead,
        gettext_lazy("the lead campaigner of the area, or an editor"),
        words_late,
    )
)
ANSWERED = register(
    Kind("review.question_answered", asker, gettext_lazy("whoever asked"), words_answered)
)
TRANSLATED = register(
    Kind(
        "review.question_translated",
        who_waited,
        gettext_lazy("whoever asked, or has the question, and reads that language"),
        words_translated,
    )
)
