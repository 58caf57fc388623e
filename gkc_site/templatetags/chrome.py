"""What every page carries round its own text: navigation, languages, desk count, head links.

A visitor's page costs no query here beyond the translations of the page
itself, which the language menu and the hreflang links share.
"""

from urllib.parse import unquote, urlsplit, urlunsplit

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gkc_site.editions import Edition, editions
from gkc_site.home import glance
from network import languages, registry
from network.localize import date_text
from network.models import GkcPage
from network.permissions import is_member

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context) -> list[dict]:
    """Entries of the main navigation, in order; the current one is marked. No query."""
    request = context.get("request")
    entries = sorted(registry.menus(getattr(request, "user", None)), key=lambda menu: menu.order)
    path = getattr(request, "path", "")
    result = []
    for entry in entries:
        url = entry.url()
        prefix = entry.active_prefix or url
        result.append({"label": entry.label, "url": url, "current": path.startswith(prefix)})
    return result


@register.simple_tag(takes_context=True)
def desk_count(context) -> int:
    """How many things wait for this member; 0 and no query for a visitor."""
    request = context.get("request")
    if request is None or not is_member(getattr(request, "user", None)):
        return 0
    return glance(request).count


@register.simple_tag(takes_context=True)
def language_menu(context) -> str:
    """Every language with the address of this page in it, and how current its text is."""
    request = context.get("request")
    here = translation.get_language() or settings.LANGUAGE_CODE
    page = context.get("page")
    if not isinstance(page, GkcPage):
        return _menu(_view_entries(request, here))
    shown = getattr(request, "gkc_fallback", None) or here

    def draw() -> str:
        found = editions(page, request)
        codes = languages.codes()
        return _menu([_page_entry(code, found.get(code), here, shown) for code in codes])

    return page.shared(request, ("languages", here, shown), draw)


def _menu(entries: list[dict]) -> str:
    return render_to_string("gkc_site/parts/language_menu.html", {"entries": entries})


def _page_entry(code: str, edition: Edition | None, here: str, shown: str) -> dict:
    entry = _entry(code, here)
    if edition is None:
        return entry | {"url": "", "state": "none", "words": _("Not yet")}
    state, words = "current", pgettext("text", "Current")
    if edition.changed_on is not None:
        state = "stale"
        words = _("Text of %(month)s") % {"month": date_text(edition.text_of, "month")}
    elif not edition.is_whole:
        state, words = "stale", pgettext("text", "In part")
    if code == shown == here:
        words = _("You are here") if state == "current" else words
    return entry | {"url": edition.url, "state": state, "words": words}


def _view_entries(request, here: str) -> list[dict]:
    path = request.get_full_path() if request is not None else "/"
    entries = []
    for code, url in _addresses(request, path).items():
        if url == path and code != here:
            # An address without a language prefix (/accounts/…): remember the choice, come back.
            url = f"{reverse('choose_language', args=[code])}?{urlencode({'next': path})}"
        words = _("You are here") if code == here else ""
        entries.append(_entry(code, here) | {"url": url, "state": "", "words": words})
    return entries


def _addresses(request, path: str) -> dict[str, str]:
    """Language → the path in it, itself where there is none.

    Django's `translate_url` would resolve the path once for each language.
    """
    parts = urlsplit(path)
    match = getattr(request, "resolver_match", None)
    try:
        match = match or resolve(unquote(parts.path))
    except Resolver404:
        return dict.fromkeys(languages.codes(), path)
    found = {}
    for code in languages.codes():
        with translation.override(code):
            try:
                url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                found[code] = path
            else:
                found[code] = urlunsplit(parts._replace(path=url))
    return found


def _entry(code: str, here: str) -> dict:
    return {
        "code": code,
        "tag": languages.tag(code),
        "name": languages.autonym(code),
        "here": code == here,
    }


@register.simple_tag(takes_context=True)
def head_links(context) -> str:
    """canonical, hreflang and, for a page shown in another language than asked, noindex."""
    request, page = context.get("request"), context.get("page")
    if not isinstance(page, GkcPage) or request is None:
        return _head({"noindex": context.get("noindex", False)})
    is_fallback = bool(getattr(request, "gkc_fallback", None))
    name = ("head", translation.get_language(), is_fallback)
    return page.shared(request, name, lambda: _head(_links(page, request, is_fallback)))


def _head(context: dict) -> str:
    return render_to_string("gkc_site/parts/head_links.html", context)


def _links(page: GkcPage, request, is_fallback: bool) -> dict:
    found = editions(page, request)
    own = found.get(page.language)
    links = [
        {"tag": languages.tag(code), "url": edition.full_url} for code, edition in found.items()
    ]
    return {
        "canonical": own.full_url if own else page.get_full_url(request),
        "links": links if len(links) > 1 else [],
        "noindex": is_fallback,
    }


@register.inclusion_tag("gkc_site/parts/language_note.html", takes_context=True)
def language_note(context) -> dict:
    """Says that the page is shown in another language, that its text is behind the original, or
    that no second person has read it."""
    request, page = context.get("request"), context.get("page")
    if not isinstance(page, GkcPage) or request is None:
        return {}
    here = translation.get_language() or settings.LANGUAGE_CODE
    real = getattr(request, "gkc_fallback", None)
    edition = editions(page, request).get(page.language)
    note = {"first_only": bool(edition and edition.first_only)}
    if real and real != here:
        names = {"asked": languages.autonym(here), "read": languages.autonym(real)}
        return note | names | {"fallback": True}
    if edition is None:
        return note
    return note | {
        "text_of": edition.text_of,
        "changed_on": edition.changed_on,
        "changes_url": edition.changes_url,
    }


@register.filter
def lang_tag(code: str) -> str:
    """BCP 47 tag for a lang attribute."""
    return languages.tag(code)


@register.filter
def lang_dir(code: str) -> str:
    """'rtl' or 'ltr'."""
    return languages.direction(code)


@register.filter
def autonym(code: str) -> str:
    """The language's name in itself."""
    return languages.autonym(code)


@register.simple_tag
def url_if_there(name: str, *args) -> str:
    """The address of a view, or nothing while no room offers it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
