"""Which text a request is about, and whether this person may work on it."""

from django.http import Http404
from django.urls import reverse

from network.languages import autonym, codes
from translations import api
from translations.registry import translatables
from translations.worklist import Work


def source_page(request, key, language):
    """The source page and its entry, where this person may translate it; 404 otherwise."""
    if language not in codes():
        raise Http404
    for entry in translatables():
        page = entry.open_to(request.user).filter(translation_key=key).first()
        if page is not None and page.locale.language_code != language:
            return page, entry
    raise Http404


def begun_page(request, key, language):
    """Likewise, and the text was begun."""
    page, entry = source_page(request, key, language)
    if api.find_target(page, language) is None:
        raise Http404
    return page, entry


def address_of(work: Work) -> str:
    """Where the work is done."""
    name = "translate_text" if work.is_writing else "translate_read"
    return reverse(name, args=[work.page.translation_key, work.language])


def named(language: str) -> dict:
    """For sentences with a language in them."""
    return {"language": autonym(language)}
