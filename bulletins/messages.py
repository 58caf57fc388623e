"""What the bulletins tell people, each kind with its audience (R18).

Words are made at sending, in the receiver's language, from the case as it
stands then.
"""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.assignment import leads, namers, overseers
from bulletins.permissions import can_name_author, can_review_case, can_view_case, is_author
from network.localize import identifier_text
from network.models import User
from network.permissions import is_editor
from touchpoints.registry import Kind, Message, register


def authors(case, data) -> list:
    """The author and co-authors."""
    return [case.author, *case.co_authors.all()]


def holder(case, data) -> list:
    """Whoever must act next."""
    return [case.holder] if case.holder else []


def who_name_a_reviewer(case, data) -> list:
    """The leads of the story's review area; the editors where there is none."""
    return namers(case, data["step"])


def managers(case, data) -> list:
    """First contact and deputies of the story's distributor."""
    return list(
        User.objects.filter(
            pk__in=case.distributor.memberships.current()
            .filter(contact__in=["first", "deputy"])
            .values("user")
        )
    )


def who_name_the_author(case, data) -> list:
    """The distributor's managers; where there is none its area's leads, else the editors."""
    area = case.distributor.review_area
    return managers(case, data) or leads(area) or list(User.objects.holding("editor"))


def story_title(case) -> str:
    """The title in the story's own language, as it stands in the newest revision."""
    page = case.source_page()
    return page.draft_title or page.title if page else case.number


def desk_url(case) -> str:
    """Where the author follows the story."""
    return reverse("case_follow", args=[case.number])


def review_url(case) -> str:
    """Where the reviewer works."""
    return reverse("review_case", args=[case.number])


def case_message(case, subject: str, *lines: str, url: str, action: str) -> Message:
    names = {"title": story_title(case), "number": identifier_text(case.number)}
    return Message(
        subject=subject % names, lines=tuple(line % names for line in lines), url=url, action=action
    )


FOLLOW = gettext_lazy("Follow the story")


def _for_author(subject, line, action=FOLLOW, with_reason=False):
    """Words for the author: what happened, the reason where there is one, what comes next."""

    def words(case, data, user) -> Message | None:
        if not is_author(user, case):
            return None
        lines = [str(line)]
        if with_reason and data.get("reason"):
            lines.append(str(data["reason"]).replace("%", "%%"))
        lines.append(next_step(case).replace("%", "%%"))
        return case_message(case, str(subject), *lines, url=desk_url(case), action=str(action))

    return words


def next_step(case) -> str:
    """One sentence: who has the story and what comes next."""
    sentences = {
        "draft": _("It waits for you to submit it."),
        "submitted": _("The lead of your review area is looking for a reviewer."),
        "area_review": _("A campaigner of your review area reads it now."),
        "neutral_review": _("A campaigner of another region reads it now."),
        "changes_requested": _("It waits for your changes."),
        "editing": _("The editors have it now."),
        "ready": _("It is ready and waits for its issue of the bulletin."),
        "published": _("The network can read it now."),
        "withdrawn": _("It is no longer on its way."),
        "declined": _("Its way has ended here."),
        "archived": _("It is kept, but no longer shown."),
    }
    return sentences[case.stage]


def words_assigned(case, data, user) -> Message | None:
    """To the reviewer: passed over where somebody else has it by now."""
    if case.holder_id != user.pk:
        return None
    return case_message(
        case,
        _("To review: %(title)s"),
        _("The story “%(title)s” (%(number)s) waits for your review."),
        url=review_url(case),
        action=_("Open the review desk"),
    )


def words_nobody(case, data, user) -> Message | None:
    """To whoever names one: passed over where somebody has it by now."""
    if case.holder_id is not None:
        return None
    wanted = _("No campaigner is free to review “%(title)s” (%(number)s). Please name one.")
    if data["step"] == "editing":
        wanted = _("No editor is free to edit “%(title)s” (%(number)s). Please name one.")
    return case_message(
        case,
        _("Nobody can review: %(title)s"),
        wanted,
        url=review_url(case),
        action=_("Open the review desk"),
    )


def words_edited(case, data, user) -> Message | None:
    """To the author: passed over once answered."""
    if case.author_confirm_until is None or not is_author(user, case):
        return None
    return case_message(
        case,
        _("An editor changed: %(title)s"),
        _("An editor changed the text of “%(title)s” (%(number)s)."),
        _("Please look at the change. Without an objection in five working days it stands."),
        url=desk_url(case),
        action=_("See the change"),
    )


def words_objected(case, data, user) -> Message | None:
    """To the editor who holds it."""
    if not is_editor(user):
        return None
    reason = str(data.get("reason", "")).replace("%", "%%")
    return case_message(
        case,
        _("The author objects: %(title)s"),
        _("The author of “%(title)s” (%(number)s) objects to the edit."),
        reason,
        url=review_url(case),
        action=_("Open the review desk"),
    )


def words_author_left(case, data, user) -> Message | None:
    """To whoever names the next one: passed over once somebody is named, or the story ended."""
    author = User.objects.filter(pk=data.get("who")).first()
    waits = type(case).objects.left_by_author().filter(pk=case.pk, author=author).exists()
    if author is None or not waits or not can_name_author(user, case):
        return None
    name = author.display_name.replace("%", "%%")
    return case_message(
        case,
        _("Its author has left: %(title)s"),
        _("%(name)s, who wrote “%(title)s” (%(number)s), has left.").replace("%(name)s", name),
        _("Please name a new author. Until then nobody answers for the story."),
        url=reverse("authors_to_name"),
        action=_("Name a new author"),
    )


SUBMITTED = register(
    Kind(
        "bulletins.case_submitted",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("Submitted: %(title)s"),
            gettext_lazy("Your story “%(title)s” (%(number)s) is submitted."),
        ),
    )
)
MOVED = register(
    Kind(
        "bulletins.case_moved",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("One step further: %(title)s"),
            gettext_lazy("Your story “%(title)s” (%(number)s) was approved at this step."),
        ),
    )
)
CHANGES_REQUESTED = register(
    Kind(
        "bulletins.changes_requested",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("Changes requested: %(title)s"),
            gettext_lazy("The reviewer asks for changes to “%(title)s” (%(number)s):"),
            gettext_lazy("See the notes and change the text"),
            with_reason=True,
        ),
    )
)
DECLINED = register(
    Kind(
        "bulletins.case_declined",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("Declined: %(title)s"),
            gettext_lazy("Your story “%(title)s” (%(number)s) was declined:"),
            with_reason=True,
        ),
    )
)
PUBLISHED = register(
    Kind(
        "bulletins.case_published",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("Published: %(title)s"),
            gettext_lazy("Your story “%(title)s” (%(number)s) is published."),
        ),
    )
)
WITHDRAWN = register(
    Kind(
        "bulletins.case_withdrawn",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("Taken off: %(title)s"),
            gettext_lazy("The story “%(title)s” (%(number)s) was taken off:"),
            with_reason=True,
        ),
    )
)
ASSIGNED = register(
    Kind("bulletins.review_assigned", holder, gettext_lazy("the reviewer"), words_assigned)
)


def overseers_of(case, data) -> list:
    """Who hears that a reviewer was replaced: the leads of the area, or the editors."""
    former = User.objects.filter(pk=data.get("former")).first()
    return overseers(case, data.get("step", ""), former) if former else []


def words_moved(case, data, user) -> Message | None:
    """To the leads: passed over where nobody has it, or it is decided, by now."""
    former = User.objects.filter(pk=data.get("former")).first()
    if former is None or case.holder is None:
        return None
    names = {
        "title": story_title(case),
        "former": former.display_name,
        "name": case.holder.display_name,
    }
    return Message(
        subject=_("Another reviewer: %(title)s") % names,
        lines=(
            _("The story “%(title)s” was taken from %(former)s and given to %(name)s:") % names,
            str(data.get("reason", "")),
        ),
        url=review_url(case),
        action=_("Open the review desk"),
    )


MOVED_ON = register(
    Kind(
        "bulletins.review_moved",
        overseers_of,
        gettext_lazy("the leads of the review area, or the editors"),
        words_moved,
    )
)
NOBODY = register(
    Kind(
        "bulletins.nobody_eligible",
        who_name_a_reviewer,
        gettext_lazy("the leads of the review area, or the editors"),
        words_nobody,
        optional=False,
    )
)
EDITED = register(
    Kind("bulletins.edit_to_confirm", authors, gettext_lazy("the story’s authors"), words_edited)
)
OBJECTED = register(
    Kind(
        "bulletins.edit_objected",
        holder,
        gettext_lazy("the editor who holds the story"),
        words_objected,
    )
)
AUTHOR_LEFT = register(
    Kind(
        "bulletins.author_left",
        who_name_the_author,
        gettext_lazy("the managers of the story’s distributor, or its lead campaigners"),
        words_author_left,
    )
)


def asker(case, data) -> list:
    """Whoever wrote the note that was answered."""
    return [user for user in User.objects.filter(pk=data.get("to")) if can_view_case(user, case)]


def words_answered(case, data, user) -> Message | None:
    """To whoever asked."""
    return case_message(
        case,
        _("Answered: %(title)s"),
        _("Your note on “%(title)s” (%(number)s) has an answer."),
        url=review_url(case) if can_review_case(user, case) else desk_url(case),
        action=_("Read the answer"),
    )


NOTES_SENT = register(
    Kind(
        "bulletins.notes_sent",
        authors,
        gettext_lazy("the story’s authors"),
        _for_author(
            gettext_lazy("A question about: %(title)s"),
            gettext_lazy("A reviewer wrote notes on your story “%(title)s” (%(number)s)."),
            gettext_lazy("Read the notes and answer"),
        ),
    )
)
ANSWERED = register(
    Kind("bulletins.note_answered", asker, gettext_lazy("whoever wrote the note"), words_answered)
)
