"""What proposals, invitations and corrections tell people, each kind with its audience (R18)."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.issue_mail import issue_words
from bulletins.issue_messages import ISSUE, is_still_contact, issue_contacts
from bulletins.messages import story_title
from bulletins.permissions import can_answer_invitation, can_edit_case, can_view_case
from network.localize import date_text, number_text
from network.models import User
from network.permissions import is_editor, leads_area
from touchpoints.registry import Kind, Message, register


# --- proposals and invitations --------------------------------------------------------
def editors(proposal, data) -> list:
    """Whoever answers proposals."""
    return list(User.objects.holding("editor").order_by("pk"))


def words_proposed(proposal, data, user) -> Message | None:
    """To the editors: passed over once it is answered."""
    if proposal.answer or not is_editor(user):
        return None
    names = {
        "name": proposal.by.display_name,
        "title": story_title(proposal.case),
        "month": date_text(proposal.month, "month"),
    }
    return Message(
        subject=_("Proposed for the Bulletin: %(title)s") % names,
        lines=(
            _("%(name)s proposes the story “%(title)s” for the Bulletin of %(month)s:") % names,
            proposal.sentence,
        ),
        url=reverse("issue_proposals") + "#proposals",
        action=_("Answer the proposal"),
    )


def proposer(proposal, data) -> list:
    """The lead who proposed the story."""
    return [proposal.by]


def words_answered(proposal, data, user) -> Message | None:
    """To the lead: passed over where a newer answer follows."""
    if proposal.answer != data.get("answer") or not leads_area(user, proposal.area):
        return None
    names = {"title": story_title(proposal.case), "month": date_text(proposal.month, "month")}
    line = {
        "taken": _("The editors take “%(title)s” for the Bulletin of %(month)s."),
        "later": _("The editors keep “%(title)s” for a later Bulletin than that of %(month)s."),
        "no": _("The editors do not take “%(title)s” for the Bulletin of %(month)s."),
    }[proposal.answer]
    lines = [line % names]
    if proposal.reason:
        lines.append(proposal.reason)
    return Message(
        subject=_("Your proposal is answered: %(title)s") % names,
        lines=tuple(lines),
        url=reverse("region_desk"),
        action=_("Open the region's desk"),
    )


def invited(invitation, data) -> list:
    """Whoever is asked to write."""
    return [invitation.author]


def words_invited(invitation, data, user) -> Message | None:
    """To the author: passed over once it is answered or taken back."""
    if not (invitation.is_open and can_answer_invitation(user, invitation)):
        return None
    names = {"name": invitation.by.display_name, "distributor": invitation.distributor.name}
    lines = [
        _("%(name)s asks you to tell a story for %(distributor)s:") % names,
        invitation.sentence,
    ]
    if invitation.wished_on:
        lines.append(
            _("It is wished by %(day)s.") % {"day": date_text(invitation.wished_on)},
        )
    return Message(
        subject=_("Would you tell this story?"),
        lines=tuple(lines),
        url=reverse("author_invitation", args=[invitation.pk]),
        action=_("Begin it or decline"),
        reply_to=invitation.by.email if invitation.by.is_active else "",
    )


def inviter(invitation, data) -> list:
    """The lead who asked."""
    return [invitation.by]


def words_invitation_answered(invitation, data, user) -> Message | None:
    """To the lead who asked."""
    if invitation.is_open or not leads_area(user, invitation.area):
        return None
    names = {"name": invitation.author.display_name, "sentence": invitation.sentence}
    if invitation.declined_at:
        subject, line = (
            _("%(name)s does not write the story"),
            _("%(name)s declined your invitation: “%(sentence)s”"),
        )
    else:
        subject, line = (
            _("%(name)s has begun the story"),
            _("%(name)s has begun the story that you asked for: “%(sentence)s”"),
        )
    lines = [line % names]
    if invitation.reason:
        lines.append(invitation.reason)
    return Message(
        subject=subject % names,
        lines=tuple(lines),
        url=reverse("region_desk"),
        action=_("Open the region's desk"),
    )


def begun_for(case, data) -> list:
    """The author in whose name a draft was begun."""
    return [case.author]


def words_begun_for(case, data, user) -> Message | None:
    """Who began it; passed over once it is submitted or no longer theirs."""
    by = User.objects.filter(pk=data.get("by")).first()
    if case.stage != "draft" or by is None or not can_edit_case(user, case):
        return None
    names = {"name": by.display_name, "distributor": case.distributor.name}
    return Message(
        subject=_("%(name)s began a story for you") % names,
        lines=(
            _("%(name)s saw something at %(distributor)s that others could learn from.") % names,
            _("A draft in your name begins with their note. Write on, or throw it away."),
        ),
        url=reverse("share_case", args=[case.number]),
        action=_("Open the draft"),
        reply_to=by.email if by.is_active else "",
    )


# --- after the release -------------------------------------------------------------------
def correction_contacts(correction, data) -> list:
    """The contacts of every active distributor."""
    return issue_contacts(correction.issue, data)


def words_correction(correction, data, user) -> Message | None:
    """What is corrected, in the active language or in English."""
    issue = correction.issue
    if issue.stage != "released":
        return None
    if correction.case is not None and not can_view_case(user, correction.case):
        return None
    code = translation.get_language() or "en"
    words, _language = correction.in_language(code)
    names = {"number": number_text(issue.number), "month": date_text(issue.month, "month")}
    lines = [_("A correction to Bulletin %(number)s of %(month)s:") % names, words]
    if correction.case is not None:
        lines.insert(1, story_title(correction.case))
    return Message(
        subject=_("Correction: Bulletin %(number)s, %(month)s") % names,
        lines=tuple(lines),
        url=f"/{code}/bulletins/{issue.month:%Y/%m}/",
        action=_("Open the issue"),
    )


def words_language(issue, data, user) -> Message | None:
    """The issue again, now that all of it is there in the receiver's language."""
    message = issue_words(issue, data, user)
    if message is None:
        return None
    subject = _("Now in your language: %(subject)s") % {"subject": message.subject}
    return Message(subject=subject, lines=(), html=message.html, text=message.text)


register(
    Kind(
        "bulletins.proposal_made",
        editors,
        gettext_lazy("the editors"),
        words_proposed,
    )
)
register(
    Kind(
        "bulletins.proposal_answered",
        proposer,
        gettext_lazy("the lead campaigner who proposed the story"),
        words_answered,
    )
)
register(
    Kind(
        "bulletins.invited_to_write",
        invited,
        gettext_lazy("the person who is asked to write"),
        words_invited,
        optional=False,
    )
)
register(
    Kind(
        "bulletins.invitation_answered",
        inviter,
        gettext_lazy("the lead campaigner who asked"),
        words_invitation_answered,
    )
)
register(
    Kind(
        "bulletins.begun_for_author",
        begun_for,
        gettext_lazy("the author for whom a draft was begun"),
        words_begun_for,
        optional=False,
    )
)
register(
    Kind(
        "bulletins.correction",
        correction_contacts,
        gettext_lazy("the contacts of every active distributor"),
        words_correction,
        optional=False,
    )
)
register(
    Kind(
        "bulletins.issue_language",
        issue_contacts,
        gettext_lazy("the contacts whose language an issue came out in later"),
        words_language,
        optional=False,
        still_for=is_still_contact,
        per_person=False,
        personal=ISSUE.personal,
    )
)
