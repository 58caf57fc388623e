"""The language of an address; the admin's gate and its own Content-Security-Policy."""

from csp.constants import SELF, UNSAFE_INLINE
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.middleware.locale import LocaleMiddleware

from gkc_site.home import count_key
from network.permissions import can_enter_admin


class LanguageMiddleware(LocaleMiddleware):
    """Adds a missing language prefix, but lets a view's own 404 stand.

    Wagtail's catch-all makes every address valid below a prefix, so Django
    would send a refused /media/ or /accounts/ address on to /en/media/….
    """

    def process_response(self, request, response):
        if response.status_code == 404 and request.resolver_match is not None:
            return response
        return super().process_response(request, response)


class DeskCountMiddleware:
    """Forgets how many things wait for a member when that member has done something."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            cache.delete(count_key(request.user))
        return response


# Answered to anyone: the way to sign in, and Wagtail's own icons and words.
OPEN_IN_ADMIN = {
    "wagtailadmin_login",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}


class AdminPolicyMiddleware:
    """Wagtail's editor writes inline styles and scripts; the public site never does.

    A member without access to the admin is refused here: Wagtail would send
    them to sign in, and the sign-in page, as they are signed in, back again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def process_view(self, request, view, args, kwargs):
        """Refuse members who do not work in the admin."""
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return
        if request.resolver_match.url_name in OPEN_IN_ADMIN:
            return
        if not can_enter_admin(request.user):
            raise PermissionDenied

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {
                "script-src": [UNSAFE_INLINE],
                "style-src": [UNSAFE_INLINE],
                "img-src": ["data:"],
                "frame-src": [SELF],
            }
        return response
