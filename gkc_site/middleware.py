"""The language of an address; the manners of the API; the admin's gate and its own policy."""

from csp.constants import SELF, UNSAFE_INLINE
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, TooManyFieldsSent
from django.http import Http404, HttpResponse, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from gkc_site.api import PROBLEM, problem
from gkc_site.home import glance_key
from network import languages
from network.localize import reading_in
from network.permissions import can_enter_admin, is_member


class LanguageMiddleware(LocaleMiddleware):
    """Adds a missing language prefix, but lets a view's own 404 stand.

    Wagtail's catch-all makes every address valid below a prefix, so Django
    would send a refused /media/ or /accounts/ address on to /en/media/….
    """

    def process_response(self, request, response):
        if response.status_code == 404 and request.resolver_match is not None:
            return response
        return super().process_response(request, response)


class NulMiddleware:
    """Drops what no text holds: a database that is asked with U+0000 raises.

    No browser sends it in an address, so there it is a page that is not there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Look at address, query and form before the view does."""
        if "\x00" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)
        if any("\x00" in text for name, texts in request.POST.lists() for text in [name, *texts]):
            request.POST = _without_nul(request.POST)


def _without_nul(data: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for name, texts in data.lists():
        cleaned.setlist(name.replace("\x00", ""), [text.replace("\x00", "") for text in texts])
    cleaned._mutable = False
    return cleaned


class ApiMiddleware:
    """Below /api/: the asker's language, problem documents for every refusal, nothing cached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        language = _asked_language(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "OPTIONS":
            allowed = response.headers["Allow"]
            response = HttpResponse(status=204, headers={"Allow": f"{allowed}, OPTIONS"})
        elif response.status_code >= 400 and response.headers["Content-Type"] != PROBLEM:
            refusal = problem(response.status_code)
            if "Allow" in response.headers:
                refusal.headers["Allow"] = response.headers["Allow"]
            response = refusal
        add_never_cache_headers(response)
        return response


def _asked_language(request) -> str | None:
    """?lang= where it is a language, else a member's own; Accept-Language otherwise."""
    try:
        asked = request.GET.get("lang")
    except TooManyFieldsSent:
        return None  # the view's own reading of it refuses
    if asked in languages.codes():
        return asked
    return request.user.interface_language if is_member(request.user) else None


class FormOnlyMiddleware:
    """An address that only takes a form, opened like a page, says so: somebody whose sign-in had
    ended when they sent it is led there afterwards."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            response.status_code != 405
            or request.method != "GET"
            or response.streaming
            or response.content
            or not request.accepts("text/html")
        ):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response.get("Allow", "POST")
        add_never_cache_headers(page)
        return page


class ReadingZoneMiddleware:
    """A member reads moments in the time zone of the profile; a visitor in UTC."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with reading_in(lambda: getattr(request.user, "time_zone", None)):
            return self.get_response(request)


class DeskCountMiddleware:
    """Forgets what waits for a member when that member has done something."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.user.is_authenticated:
            cache.delete(glance_key(request.user))
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
