"""Who may sign in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from gkc_site.accounts.demo import is_demo_address


class MemberBackend(AuthenticationBackend):
    """E-mail and password; demo logins are refused outside demo mode."""

    def authenticate(self, request, **credentials):
        address = credentials.get("email") or credentials.get("username") or ""
        if not settings.DEMO_MODE and is_demo_address(address):
            return None
        return super().authenticate(request, **credentials)

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and not user.is_system

    def get_user(self, user_id):
        """A demo session is worth nothing once demo mode is off."""
        user = super().get_user(user_id)
        if user and not settings.DEMO_MODE and is_demo_address(user.email):
            return None
        return user
