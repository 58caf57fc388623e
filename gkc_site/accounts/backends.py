"""Who may sign in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from gkc_site.accounts.demo import is_demo_address


def attempted_address(request, credentials) -> str:
    """Whose sign-in axes counts: allauth passes `email`, and the form's field is `login`.

    Without this axes finds no name and pauses everybody behind one address.
    """
    credentials = credentials or {}
    typed = request.POST.get("login", "") if request is not None else ""
    found = credentials.get("email") or credentials.get("username") or typed
    return found.strip().lower()


class MemberBackend(AuthenticationBackend):
    """E-mail and password; demo logins are refused outside demo mode."""

    def authenticate(self, request, **credentials):
        address = credentials.get("email") or credentials.get("username") or ""
        if not settings.DEMO_MODE and is_demo_address(address):
            return None
        return super().authenticate(request, **credentials)

    def _check_password(self, user, password):
        # allauth keeps whoever has the right password but may not sign in, and
        # only asks `is_active` of them later: the system's row stops here.
        if user is not None and user.is_system:
            return None
        return super()._check_password(user, password)

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and not user.is_system

    def get_user(self, user_id):
        """A demo session is worth nothing once demo mode is off."""
        user = super().get_user(user_id)
        if user and not settings.DEMO_MODE and is_demo_address(user.email):
            return None
        return user
