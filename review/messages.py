"""What this room tells people, each kind with its audience (R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from review.permissions import can_answer_flag, can_view_flag
from review.registry import flaggable_of
from touchpoints.registry import Kind, Message, register


def keepers(flag, data) -> list:
    """Those who answer marks at this text; nobody is told of a mark of their own."""
    flaggable = flaggable_of(flag.kind)
    people = flaggable.answerers(flag.key) if flaggable else ()
    return [person for person in people if person.pk != flag.by_id]


def flagger(flag, data) -> list:
    """Whoever raised it, while they may read the text; not of an answer of their own."""
    if flag.answered_by_id == flag.by_id or not can_view_flag(flag.by, flag):
        return []
    return [flag.by]


def words_raised(flag, data, user) -> Message | None:
    """To who keeps the text: passed over once it is answered."""
    if not flag.is_open or not can_answer_flag(user, flag):
        return None
    names = {"title": flag.title, "person": flag.by.display_name}
    return Message(
        subject=_("A reader stopped the line: %(title)s") % names,
        lines=(
            _("%(person)s has marked a defect in “%(title)s”:") % names,
            flag.reason,
            _("The mark stands in the text until you answer: mended, or the text stands, and why."),
        ),
        url=reverse("flag", args=[flag.pk]),
        action=_("Answer"),
    )


def words_answered(flag, data, user) -> Message | None:
    """To whoever raised it."""
    if flag.is_open:
        return None
    names = {"title": flag.title}
    said = {
        "mended": _("The defect that you marked in “%(title)s” is mended:"),
        "stands": _("You marked a defect in “%(title)s”. The text stands:"),
    }[flag.outcome]
    return Message(
        subject=_("Answered: your mark in “%(title)s”") % names,
        lines=(said % names, flag.answer),
        url=reverse("flag", args=[flag.pk]),
        action=_("Read the answer"),
    )


RAISED = register(
    Kind(
        "review.flag_raised",
        keepers,
        gettext_lazy("whoever keeps the text: its authors, or the editors"),
        words_raised,
    )
)
ANSWERED = register(
    Kind(
        "review.flag_answered",
        flagger,
        gettext_lazy("the reader who marked the defect"),
        words_answered,
    )
)
