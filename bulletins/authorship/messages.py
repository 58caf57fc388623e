"""What co-authors and new authors are told, each kind with its audience (R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.messages import FOLLOW, case_message, desk_url, next_step
from bulletins.models import Partaking
from bulletins.permissions import can_answer_co_authorship, can_view_case, is_author
from network.models import User
from network.permissions import belongs_to
from touchpoints.registry import Kind, Message, register


def _safe(text: str) -> str:
    """Words of a person, safe among placeholders."""
    return str(text or "").replace("%", "%%")


# --- co-authors -----------------------------------------------------------------------
def asked(made, data) -> list:
    """Whoever is asked to write along."""
    return [made.user]


def words_asked(made, data, user) -> Message | None:
    """Passed over once it is answered or taken back."""
    case = made.case
    may = can_answer_co_authorship(user, made) and belongs_to(user, case.distributor)
    if not (made.is_open and may):
        return None
    line = _("%(name)s asks you to write “%(title)s” (%(number)s) together.")
    lines = [line.replace("%(name)s", _safe(made.by.display_name))]
    if made.words:
        lines.append(_safe(made.words))
    return case_message(
        case,
        _("Write along? %(title)s"),
        *lines,
        url=reverse("co_authorship", args=[made.pk]),
        action=_("Accept or decline"),
    )


def asker(made, data) -> list:
    """The story's author."""
    return [made.case.author]


def words_answered(made, data, user) -> Message | None:
    """To the author, while they are."""
    case = made.case
    if not is_author(user, case):
        return None
    line = {
        Partaking.ACCEPTED: _("%(name)s writes “%(title)s” (%(number)s) with you from now on."),
        Partaking.DECLINED: _("%(name)s does not write “%(title)s” (%(number)s) with you."),
    }.get(made.state)
    if line is None:
        return None
    lines = [line.replace("%(name)s", _safe(made.user.display_name))]
    if made.reason:
        lines.append(_safe(made.reason))
    return case_message(
        case,
        _("Your co-author has answered: %(title)s"),
        *lines,
        url=reverse("co_authors", args=[case.number]),
        action=_("See who writes along"),
    )


def other_side(made, data) -> list:
    """The author where a co-author left, else whoever was taken off or is asked no longer."""
    return [made.case.author if made.state == Partaking.LEFT else made.user]


def words_ended(made, data, user) -> Message | None:
    """In a sentence; where they may read the story, with the way there."""
    case = made.case
    line = {
        Partaking.LEFT: _("%(name)s no longer writes “%(title)s” (%(number)s) with you."),
        Partaking.REMOVED: _("You no longer write “%(title)s” (%(number)s) with its author."),
        Partaking.TAKEN_BACK: _("You are no longer asked to write “%(title)s” (%(number)s)."),
    }.get(made.state)
    if line is None:
        return None
    return case_message(
        case,
        _("No longer together: %(title)s"),
        line.replace("%(name)s", _safe(made.user.display_name)),
        url=desk_url(case) if is_author(user, case) else reverse("desk"),
        action=str(FOLLOW) if is_author(user, case) else _("Open my desk"),
    )


# --- a new author ---------------------------------------------------------------------
def author(case, data) -> list:
    """The story's author, as named."""
    return [case.author]


def words_named(case, data, user) -> Message | None:
    """To the new author: whose story it was, and what waits."""
    former = User.objects.filter(pk=data.get("former")).first()
    if former is None or user.pk != case.author_id or not can_view_case(user, case):
        return None
    line = _("“%(title)s” (%(number)s), told by %(former)s so far, is yours from now on.")
    return case_message(
        case,
        _("You are its author now: %(title)s"),
        line.replace("%(former)s", _safe(former.display_name)),
        _("What waits for its author waits for you: it stands on your desk."),
        _safe(next_step(case)),
        url=desk_url(case),
        action=str(FOLLOW),
    )


ASKED = register(
    Kind(
        "bulletins.co_author_asked",
        asked,
        gettext_lazy("whoever is asked to write along"),
        words_asked,
        label=gettext_lazy("Somebody asks me to write along"),
    )
)
ANSWERED = register(
    Kind(
        "bulletins.co_author_answered",
        asker,
        gettext_lazy("the story’s author"),
        words_answered,
        label=gettext_lazy("A co-author has answered"),
    )
)
ENDED = register(
    Kind(
        "bulletins.co_author_ended",
        other_side,
        gettext_lazy("the author, or the former co-author"),
        words_ended,
        label=gettext_lazy("A co-authorship has ended"),
    )
)
NAMED = register(
    Kind(
        "bulletins.author_named",
        author,
        gettext_lazy("the story’s new author"),
        words_named,
        label=gettext_lazy("A colleague’s story becomes mine"),
    )
)
