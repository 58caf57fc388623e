"""What editors chose for a query: shown above the results to those who may see it.

Editors keep their choices in the admin (wagtail.contrib.search_promotions). Of
readers' queries nothing is recorded: `Query.add_hit` is never called.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from network.languages import unique
from network.models import GkcPage
from search.analysis import fold, normal

# More than these push the results out of sight.
_SHOWN = 5


@dataclass(frozen=True)
class Pick:
    """A chosen page or an address elsewhere; `language` is '' where nobody knows it."""

    title: str
    url: str
    description: str
    language: str = ""


def picks(text: str, languages: Sequence[str], viewer) -> list[Pick]:
    """Choices for exactly these words, however they are accented or spaced.

    A page is shown in the first of `languages` (the reader's, best first) it
    exists in, else as the editors chose it. Two queries; three or four more for
    each choice.
    """
    wanted = _folded(text)
    if not wanted:
        return []
    stored = Query.objects.filter(editors_picks__isnull=False).distinct()
    ids = [pk for pk, words in stored.values_list("pk", "query_string") if _folded(words) == wanted]
    if not ids:
        return []
    chosen = SearchPromotion.objects.filter(query__in=ids).select_related("page")
    made = [_pick(choice, languages, viewer) for choice in chosen.order_by("sort_order", "pk")]
    return [pick for pick in made if pick is not None][:_SHOWN]


def _folded(text: str) -> str:
    return " ".join(fold(normal(text)).split())


def _pick(choice: SearchPromotion, languages: Sequence[str], viewer) -> Pick | None:
    if choice.page is None:
        title = choice.external_link_text or choice.external_link_url
        return Pick(title, choice.external_link_url, choice.description)
    page = choice.page.specific
    if not isinstance(page, GkcPage):
        return None
    live = type(page).objects.filter(translation_key=page.translation_key, live=True)
    versions = {version.language: version for version in live.select_related("locale")}
    order = unique([*languages, page.language])
    best = next((versions[code] for code in order if code in versions), None)
    if best is None or not _may_be_found(best, viewer):
        return None
    return Pick(best.title, best.get_url(), choice.description, best.language)


def _may_be_found(page: GkcPage, viewer) -> bool:
    """As the page's own address answers this person."""
    if page.empty_is_hidden and not page.numchild:
        return False
    return page.may_be_read_by(viewer) and not page.get_view_restrictions().exists()
