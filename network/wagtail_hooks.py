"""Words of the network's changes in the admin's history."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = [
    ("network.join", _("Join"), _("Joined a distributor")),
    ("network.leave", _("Leave"), _("Left a distributor")),
    ("network.close_account", _("Close account"), _("Account closed")),
    ("network.reopen_account", _("Reopen account"), _("Account reopened")),
    ("network.name_contact", _("Name contact"), _("Place among the contacts changed")),
    ("network.confirm_post", _("Confirm post"), _("Post and experience confirmed")),
    ("network.grant_mandate", _("Grant mandate"), _("Mandate granted")),
    ("network.end_mandate", _("End mandate"), _("Mandate ended")),
]


@hooks.register("register_log_actions")
def register_network_actions(actions):
    """Every change of people leaves a line."""
    for name, label, message in ACTIONS:
        actions.register_action(name, label, message)
