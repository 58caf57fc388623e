"""Words of invitations in the admin's history."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = [
    ("accounts.invite", _("Invite"), _("Invited")),
    ("accounts.resend", _("Resend invitation"), _("Invitation sent again")),
    ("accounts.revoke", _("End invitation"), _("Invitation ended")),
    ("accounts.accept", _("Accept invitation"), _("Invitation accepted")),
]


@hooks.register("register_log_actions")
def register_account_actions(actions):
    """Every change of an invitation leaves a line."""
    for name, label, message in ACTIONS:
        actions.register_action(name, label, message)
