"""The Wagtail admin's menu leads to the desks where issues and news are made."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from bulletins.permissions import can_manage_issues


class EditorsItem(MenuItem):
    """Shown to editors alone."""

    def is_shown(self, request) -> bool:
        return can_manage_issues(request.user)


@hooks.register("register_admin_menu_item")
def issues_item():
    """The plan of issues."""
    return EditorsItem(
        _("Bulletin issues"), reverse_lazy("issue_desks"), icon_name="date", order=210
    )


@hooks.register("register_admin_menu_item")
def news_item():
    """News, written and translated on the site itself."""
    return EditorsItem(_("News"), reverse_lazy("news_desk"), icon_name="comment", order=220)


@hooks.register("register_log_actions")
def log_actions(actions):
    """What a lead sets leaves a line."""
    actions.register_action("bulletins.set_limits", _("Set limits"), _("Limits of the board set"))
