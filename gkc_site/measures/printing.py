"""Sheets for a board's papers: exactly one A4 page, drawn by WeasyPrint from templates."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gkc_site.measures.brief import Brief
from gkc_site.measures.choosing import Asked
from gkc_site.measures.journey import journey
from network import languages, pdf

STYLE = "gkc/report-print.css"
SIZES_PT = (9.5, 8.6, 7.8, 7.0)  # of the type; below 7 pt nobody reads it
MONTHS_SHOWN = 12
LINES = (12, 7, 4, 2)  # of each list of a brief, at most


def journey_sheet(asked: Asked) -> bytes:
    """The journey report on one page. Raises PrintingUnavailable. About a second."""
    context = {"asked": asked, "journey": journey(asked), "months_shown": MONTHS_SHOWN}
    context["months"] = context["journey"].months[-MONTHS_SHOWN:]
    return one_page("gkc_site/measures/journey_print.html", [lambda: context])


def brief_sheet(brief: Brief) -> bytes:
    """A country's brief on one page, each list as long as there is room. Raises
    PrintingUnavailable. About a second; some more where there is much."""
    contexts = [partial(brief.shortened, most) for most in LINES]
    return one_page("gkc_site/measures/brief_print.html", contexts)


def one_page(template: str, contexts: Iterable[Callable[[], dict[str, Any]]]) -> bytes:
    """The first of the contexts, from the fullest to the shortest, that fits one page, in the
    largest type that it fits in; of the last one, at the smallest, the first page. Tagged
    PDF/UA-1. Raises PrintingUnavailable."""
    *larger, smallest = SIZES_PT
    drawn = None
    for make in contexts:
        html = _html(template, make())
        drawn = _drawn(html, smallest)
        if len(drawn.pages) == 1:
            sizes = (_drawn(html, size) for size in larger)
            drawn = next((one for one in sizes if len(one.pages) == 1), drawn)
            break
    return drawn.copy(drawn.pages[:1]).write_pdf(pdf_variant="pdf/ua-1")


def _drawn(html: str, size_pt: float):
    """The document in type of this size."""
    weasyprint, fonts, style = pdf.machine(STYLE)
    sized = weasyprint.CSS(string=f"html{{font-size:{size_pt}pt}}", font_config=fonts)
    return weasyprint.HTML(string=html, url_fetcher=pdf.refuse).render(
        stylesheets=[style, sized], font_config=fonts, pdf_variant="pdf/ua-1"
    )


def _html(template: str, context: dict[str, Any]) -> str:
    language = translation.get_language() or "en"
    frame = {
        "tag": languages.tag(language),
        "direction": languages.direction(language),
        "made_at": timezone.now(),
    }
    html = render_to_string(template, context | frame)
    # A tagged PDF wants words for a drawing; the same numbers stand beside it.
    return re.sub(r"(<svg [^>]*>)", rf"\1<title>{_('Figure')}</title>", html)
