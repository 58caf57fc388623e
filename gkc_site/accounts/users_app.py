"""Wagtail's app of users, with our pages; apart because it is loaded before any model."""

from wagtail.users.apps import WagtailUsersAppConfig


class MemberUsersConfig(WagtailUsersAppConfig):
    """`wagtail.users` with `gkc_site.accounts.admin_users`."""

    user_viewset = "gkc_site.accounts.admin_users.MemberViewSet"
