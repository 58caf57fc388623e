"""Sign-in by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import translation

from network.languages import codes
from network.models import User


def keep_language(response, code: str):
    """Remember the interface language for addresses without a prefix, such as sign-in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """allauth's hooks: nobody signs up by themselves; each reads their own language."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def post_login(self, request, user, **kwargs):
        """Signed in: from here on in the person's interface language."""
        response = super().post_login(request, user, **kwargs)
        return keep_language(response, user.interface_language)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Mail about an account is in its owner's language, not the browser's."""
        owner = User.objects.filter(email=User.objects.normalize_email(email)).first()
        language = owner.interface_language if owner else translation.get_language()
        with translation.override(language if language in codes() else "en"):
            super().send_mail(template_prefix, email, context)
