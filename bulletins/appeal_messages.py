"""What is told of appeals, and of stories that are brought back."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.messages import (
    FOLLOW,
    authors,
    case_message,
    desk_url,
    next_step,
    review_url,
)
from bulletins.models import Case
from bulletins.permissions import can_review_case, is_author
from network.models import User
from touchpoints.registry import Kind, Message, register


def _given(text: str) -> str:
    """Words of a person, safe among placeholders."""
    return str(text or "").replace("%", "%%")


def holder_or_editors(case, data) -> list:
    """The editor who has the appeal; every editor where none is of another region."""
    if case.holder is not None:
        return [case.holder]
    return list(User.objects.holding("editor").order_by("pk"))


def words_made(case, data, user) -> Message | None:
    """To the editor: passed over once it is answered, or somebody else has it."""
    waits = Case.objects.appealed().filter(pk=case.pk).exists()
    if not waits or not can_review_case(user, case) or case.holder_id not in (None, user.pk):
        return None
    line = _("The author of “%(title)s” (%(number)s) appeals against its decline.")
    more = _("Uphold the appeal, or refuse it, and say why.")
    if case.holder_id is None:
        more = _("No editor of an uninvolved region was found. It waits until there is one.")
    return case_message(
        case,
        _("Appeal: %(title)s"),
        line,
        more,
        url=review_url(case),
        action=_("Open the review desk"),
    )


def _answer(data) -> tuple[str, str]:
    if data.get("upheld"):
        return (
            _("Appeal upheld: %(title)s"),
            _("The appeal for “%(title)s” (%(number)s) is upheld; somebody else reviews it:"),
        )
    return (
        _("Appeal refused: %(title)s"),
        _("The appeal for “%(title)s” (%(number)s) is refused; the decline stands:"),
    )


def words_answered(case, data, user) -> Message | None:
    """To the authors."""
    if not is_author(user, case):
        return None
    subject, line = _answer(data)
    lines = (line, _given(data.get("reason")), _given(next_step(case)))
    return case_message(case, subject, *lines, url=desk_url(case), action=str(FOLLOW))


def decliner(case, data) -> list:
    """Whoever declined it."""
    return list(User.objects.filter(pk=data.get("who")))


def words_known(case, data, user) -> Message | None:
    """To whoever declined it, while they may still open it."""
    if not can_review_case(user, case):
        return None
    subject, line = _answer(data)
    return case_message(
        case,
        subject,
        line,
        _given(data.get("reason")),
        url=review_url(case),
        action=_("Open the review desk"),
    )


def words_revived(case, data, user) -> Message | None:
    """To the authors."""
    if not is_author(user, case):
        return None
    return case_message(
        case,
        _("Brought back: %(title)s"),
        _("The story “%(title)s” (%(number)s) is back on its way:"),
        _given(data.get("reason")),
        _given(next_step(case)),
        url=desk_url(case),
        action=str(FOLLOW),
    )


MADE = register(
    Kind(
        "bulletins.appeal_made",
        holder_or_editors,
        gettext_lazy("the editor who answers the appeal"),
        words_made,
        optional=False,
    )
)
ANSWERED = register(
    Kind("bulletins.appeal_answered", authors, gettext_lazy("the story’s authors"), words_answered)
)
KNOWN = register(
    Kind("bulletins.appeal_known", decliner, gettext_lazy("whoever declined it"), words_known)
)
REVIVED = register(
    Kind("bulletins.case_revived", authors, gettext_lazy("the story’s authors"), words_revived)
)
