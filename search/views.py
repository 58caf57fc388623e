"""The search page. Works without script by Enter; with it, as one types."""

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static as static_url
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.core import get_usage

from network import registry
from network.languages import autonym, codes, direction, tag
from search import counting
from search.answers import search
from search.completion import complete, start
from search.forms import SearchAddress, read_text
from search.page_context import page_context, page_count
from search.picks import picks
from search.reading import further_languages, keep_languages

# A longer address than browsers send is answered by its short form.
_LONGEST_ADDRESS = 16_000


def _wait_s(request, group: str, rate: str) -> int:
    """Counts the request; 0, or seconds until the next one is answered."""
    usage = get_usage(request, group=group, key="user_or_ip", rate=rate, increment=True)
    return max(1, usage["time_left"]) if usage and usage["should_limit"] else 0


@require_safe
def search_page(request) -> HttpResponse:
    """Results of ?q=, narrowed by facets; a part of the page for htmx."""
    if wait_s := _wait_s(request, "search", settings.SEARCH_RATE):
        response = import_string(settings.RATELIMIT_VIEW)(request)
        response.headers["Retry-After"] = str(wait_s)
        return response
    here = get_language()
    try:
        address = SearchAddress.read(request.GET)
    except TooManyFieldsSent:
        return redirect("search")
    if len(request.META.get("QUERY_STRING", "")) > _LONGEST_ADDRESS:
        return redirect(request.path + address.fitting().query_string(page=address.page))
    further = further_languages(request, here)
    answer = search(address.request(here, request.user, further))
    pages = page_count(answer, address)
    if answer.total and address.page > pages:
        return redirect(request.path + address.fitting().query_string(page=pages))
    context = page_context(address, answer, here) | {
        "picks": picks(address.text, [here, *further], request.user) if address.page == 1 else (),
        "reading": _reading(request, here, further),
        "hide_find": True,
        "noindex": True,
    }
    is_asked = address.text.strip() and (answer.total or context["chips"])
    if not (is_asked or answer.other_languages_total):
        context["start"] = start([here, *further], request.user)
        context["places"] = sorted(registry.menus(request.user), key=lambda menu: menu.order)
    partial = request.htmx and not request.htmx.history_restore_request
    if address.text.strip() and address.page == 1 and not partial:
        counting.count(here, found=bool(answer.total))
    template = "search/found.html" if partial else "search/search.html"
    response = render(request, template, context)
    # One address, two answers: a cache must not give the part for the whole.
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request", "Cookie"])
    return response


def _reading(request, here: str, further: list[str]) -> dict:
    """The choice of languages: the page's own (and a member's) are no choice."""
    fixed = {here, getattr(request.user, "interface_language", here)}
    return {
        "names": [(code, autonym(code)) for code in [here, *further]],
        "choices": [
            {"code": code, "name": autonym(code), "on": code in further or code in fixed}
            | {"fixed": code in fixed}
            for code in codes()
        ],
        "back": request.get_full_path(),
    }


@require_POST
def search_languages(request) -> HttpResponse:
    """Keep the languages that this person reads, and go back to the search."""
    # The address changes while one types; only the browser knows the last one.
    offered = (request.headers.get("Referer", ""), request.POST.get("next", ""))
    hosts = {request.get_host()}
    back = [
        url
        for url in offered
        if len(url) <= _LONGEST_ADDRESS
        and url_has_allowed_host_and_scheme(url, hosts, request.is_secure())
    ]
    response = redirect(back[0] if back else reverse("search"))
    keep_languages(request, response, request.POST.getlist("language"))
    return response


@require_safe
@never_cache
def search_complete(request) -> HttpResponse:
    """Entries for what is typed: JSON for the page; ?format=opensearch for browsers."""
    if wait_s := _wait_s(request, "search_complete", settings.COMPLETION_RATE):
        return JsonResponse({"entries": []}, status=429, headers={"Retry-After": str(wait_s)})
    here = get_language()
    text = read_text(request.GET.get("q", ""))
    entries = complete(text, [here, *further_languages(request, here)], request.user)
    if request.GET.get("format") == "opensearch":
        lists = [
            text,
            [entry.text for entry in entries],
            [entry.kind for entry in entries],
            [request.build_absolute_uri(entry.url) if entry.url else "" for entry in entries],
        ]
        return JsonResponse(
            lists, safe=False, content_type="application/x-suggestions+json; charset=utf-8"
        )
    shown = [
        {
            "text": entry.text,
            "kind": entry.kind,
            "url": entry.url,
            "lang": tag(entry.language),
            "dir": direction(entry.language),
        }
        for entry in entries
    ]
    return JsonResponse({"entries": shown})


@require_safe
def opensearch(request) -> HttpResponse:
    """The description by which a browser adds this search, in the page's language."""
    here = get_language()
    context = {
        # A browser refuses more than 16 characters.
        "short_name": f"GKC {tag(here)}"[:16],
        "description": _("Search the Global Knowledge Center in %(language)s")
        % {"language": autonym(here)},
        "search_url": request.build_absolute_uri(reverse("search")),
        "complete_url": request.build_absolute_uri(reverse("search_complete")),
        "self_url": request.build_absolute_uri(reverse("opensearch")),
        "icon_url": request.build_absolute_uri(static_url("gkc/mark.svg")),
        "language_tag": tag(here),
    }
    return render(
        request,
        "search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
