"""Pages that belong to no room: the way in, the choice of language, errors."""

from django.conf import settings
from django.contrib.sitemaps import views
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from gkc_site.sitemaps import PublicPages
from network import languages
from network.permissions import is_member

# First parts of addresses, below each language, that no crawler should ask for.
CLOSED = ("desk", "share", "search", "people", "measures", "questions", "usefulness")
# And those without a language.
CLOSED_EVERYWHERE = ("/admin/", "/accounts/", "/api/")


@require_safe
def root(request):
    """To the home page in the reader's language: a member's own, else the browser's."""
    if is_member(request.user):
        code = request.user.interface_language
    else:
        code = translation.get_language_from_request(request)
    if code not in languages.codes():
        code = settings.LANGUAGE_CODE
    response = redirect(f"/{code}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def choose_language(request, code: str):
    """Keep the language for addresses without a prefix, such as sign-in, and go back there."""
    if code not in languages.codes():
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = f"/{code}/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_safe
def sitemap(request):
    """The pages that everybody may read; `?p=2` is the next file."""
    return views.sitemap(request, {"pages": PublicPages()})


@require_safe
def robots(request):
    """What crawlers leave alone, and where the sitemap's files are."""
    maps = [request.build_absolute_uri(reverse("sitemap"))]
    maps += [f"{maps[0]}?p={n}" for n in range(2, PublicPages().paginator.num_pages + 1)]
    closed = [f"/{code}/{part}/" for code in languages.codes() for part in CLOSED]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in [*CLOSED_EVERYWHERE, *closed]),
    ]
    lines += ["", *(f"Sitemap: {address}" for address in maps), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def page_not_found(request, exception=None):
    """A translated 404 with search."""
    return render(request, "404.html", status=404)


def bad_request(request, exception=None):
    """A form that is too large, or a request that nobody's browser sends."""
    if not hasattr(request, "user"):  # refused before anybody was asked for, a wrong host's too
        return HttpResponseBadRequest()
    return render(request, "400.html", status=400)


def csrf_failure(request, reason=""):
    """The form was open too long or cookies are off; what was typed is still in the browser."""
    return render(request, "403_csrf.html", status=403)


def too_many_requests(request, exception=None):
    """A rate limit was reached."""
    return render(request, "429.html", status=429)
