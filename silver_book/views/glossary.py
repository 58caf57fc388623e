"""The glossary of the book: open to everyone, counted at publication."""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from silver_book.models import BookSectionPage, TermUse
from silver_book.page_context import languages_for
from translations.models import TermText


@dataclass
class Entry:
    """A term as this language has it; what it lacks comes from English, and says so."""

    key: str
    forms: list[str]
    definition: str
    language: str  # of the definition
    words_in: str  # the language of the forms
    avoid: list[str] = field(default_factory=list)
    sections: int = 0

    @property
    def preferred(self) -> str:
        return self.forms[0]


@require_safe
def glossary(request):
    """All terms with a definition, by their preferred form. Four queries for any number."""
    language = get_language()
    counts: dict[str, int] = {}
    for uses in _uses(language):
        for key, number in uses.values_list("term").annotate(Count("pk")).order_by():
            counts[key] = counts.get(key, 0) + number
    entries = _entries(language)
    for entry in entries:
        entry.sections = counts.get(entry.key, 0)
    return render(request, "silver_book/glossary.html", {"entries": entries})


@require_safe
def glossary_term(request, key: str):
    """One term, and the sections that use it: as many as the glossary counts. Four queries."""
    language = get_language()
    entry = next(iter(_entries(language, key)), None)
    if entry is None:
        raise Http404
    used_in = {}
    for uses in _uses(language):
        used_in |= {row.section: row.language for row in uses.filter(term=key)}
    order = languages_for(request, None)
    lines = BookSectionPage.objects.filter(translation_key__in=used_in).lines(order)
    entry.sections = len(lines)
    context = {"entry": entry, "lines": lines}
    return render(request, "silver_book/glossary_term.html", context)


def _uses(language: str) -> list[QuerySet]:
    """Uses in this language; in English for sections that do not exist in it."""
    own = TermUse.objects.filter(language=language)
    if language == "en":
        return [own]
    here = BookSectionPage.objects.filter(live=True, locale__language_code=language)
    english = TermUse.objects.filter(language="en")
    return [own, english.exclude(section__in=here.values("translation_key"))]


def _entries(language: str, key: str | None = None) -> list[Entry]:
    """One query."""
    rows = TermText.objects.filter(language__in={language, "en"}).select_related("term")
    if key is not None:
        rows = rows.filter(term__key=key)
    texts: dict[str, dict[str, TermText]] = {}
    for row in rows:
        texts.setdefault(row.term.key, {})[row.language] = row
    found = []
    for name, by_language in texts.items():
        own = by_language.get(language)
        forms = own if own and own.forms else by_language.get("en")
        told = own if own and own.definition else by_language.get("en")
        if forms is None or not forms.forms or told is None or not told.definition:
            continue
        avoid = own.avoid if own else []
        found.append(
            Entry(name, forms.forms, told.definition, told.language, forms.language, avoid)
        )
    return sorted(found, key=lambda entry: entry.preferred.casefold())
