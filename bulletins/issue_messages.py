"""What an issue tells people, each kind with its audience (R13, R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.issue_mail import copy_words, issue_words, own_links
from bulletins.messages import desk_url, story_title
from bulletins.models import BulletinIssue
from bulletins.permissions import can_manage_issues, can_view_case
from network.localize import date_text, number_text
from network.models import Membership, User
from touchpoints.models import MailChoice
from touchpoints.registry import Kind, Message, register


def issue_contacts(issue, data) -> list:
    """First contacts and deputies of every active distributor (R13)."""
    return list(
        User.objects.filter(
            pk__in=Membership.objects.current()
            .contacts()
            .filter(distributor__is_active=True)
            .values("user_id")
        )
    )


def is_still_contact(issue, user, data) -> bool:
    """Whoever was a contact at the release gets the issue while they may sign in."""
    return user is None or user.is_active


def copy_readers(issue, data):
    """Members who asked for a copy of their own; a contact gets the distributor's."""
    contacts = Membership.objects.current().contacts().filter(distributor__is_active=True)
    asked = MailChoice.objects.filter(kind="bulletins.issue_copy", is_wanted=True)
    people = User.objects.filter(is_active=True, is_system=False, pk__in=asked.values("user_id"))
    return people.exclude(pk__in=contacts.values("user_id"))


def editors(issue, data) -> list:
    """All editors."""
    return list(User.objects.holding("editor"))


def words_held(issue, data, user) -> Message | None:
    """To the editors: passed over once the issue went on."""
    if issue.stage != "held":
        return None
    if data.get("why") == "empty":
        words = _(
            "At the minute of Bulletin %(number)s none of its stories could go out any more. "
            "It is held until you open it, choose stories and another minute."
        )
    else:
        words = _(
            "The release of Bulletin %(number)s was missed by more than a day. "
            "It is held until you release it or choose another minute."
        )
    return Message(
        subject=_("Held: Bulletin %(number)s") % {"number": issue.number},
        lines=(words % {"number": issue.number},),
        url=reverse("issue_desk", args=[issue.pk]),
        action=_("Open the issue"),
    )


def authors_and_editors(case, data) -> list:
    """The author, co-authors, and all editors."""
    return [case.author, *case.co_authors.all(), *User.objects.holding("editor")]


def words_left(case, data, user) -> Message | None:
    """A story dropped out of an issue: passed over where it is back in it."""
    issue = BulletinIssue.objects.filter(pk=data.get("issue")).first()
    if issue is None or issue.stories.filter(case=case).exists():
        return None
    if not can_view_case(user, case):
        return None
    names = {
        "title": story_title(case),
        "number": number_text(issue.number),
        "month": date_text(issue.month, "month"),
    }
    is_editors = can_manage_issues(user)
    return Message(
        subject=_("No longer in Bulletin %(number)s: %(title)s") % names,
        lines=(
            _("The story “%(title)s” has left Bulletin %(number)s of %(month)s.") % names,
            _(data.get("why", "")) if data.get("why") else "",
        ),
        url=reverse("issue_desk", args=[issue.pk]) if is_editors else desk_url(case),
        action=_("Open the issue") if is_editors else _("Follow the story"),
    )


ISSUE = register(
    Kind(
        "bulletins.issue",
        issue_contacts,
        gettext_lazy("the contacts of every active distributor"),
        issue_words,
        optional=False,
        still_for=is_still_contact,
        per_person=False,
        personal=own_links,
    )
)
COPY = register(
    Kind(
        "bulletins.issue_copy",
        copy_readers,
        gettext_lazy("members who asked for their own copy of the bulletin"),
        copy_words,
        still_for=lambda issue, user, data: user.is_active,
        per_person=False,
        at_once=True,
        opt_in=True,
        label=gettext_lazy("My own copy of each Best Practice Bulletin"),
    )
)
LEFT = register(
    Kind(
        "bulletins.story_left_issue",
        authors_and_editors,
        gettext_lazy("the authors of the story and the editors"),
        words_left,
        optional=False,
    )
)
HELD = register(
    Kind(
        "bulletins.issue_held",
        editors,
        gettext_lazy("the editors"),
        words_held,
        optional=False,
    )
)
