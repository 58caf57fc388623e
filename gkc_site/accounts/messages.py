"""What accounts tell people (R18)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import date_text
from touchpoints.registry import Kind, Message, register


def _nobody(invitation, data) -> list:
    """The invited person has no account yet: `tell_once` names the address."""
    return []


def invitation_words(invitation, data, user) -> Message | None:
    """Who invites to what, and the link; nothing once it is used, ended or too old."""
    if invitation.state != "open":
        return None
    names = {
        "person": invitation.invited_by.display_name,
        "distributor": invitation.distributor.name,
        "day": date_text(invitation.expires_at),
    }
    return Message(
        subject=_("Your invitation to the Global Knowledge Center"),
        lines=(
            _("%(person)s invites you to join %(distributor)s in the Global Knowledge Center.")
            % names,
            _("There distributors share what worked for them, in twelve languages."),
            _("The link works once, until %(day)s.") % names,
        ),
        url=reverse("invitation", args=[invitation.token]),
        action=_("Accept the invitation"),
    )


register(
    Kind(
        name="accounts.invitation",
        audience=_nobody,
        audience_label=gettext_lazy("the invited person"),
        words=invitation_words,
        optional=False,
    )
)
