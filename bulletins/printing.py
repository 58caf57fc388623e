"""The A3 sheet (R32): a story on exactly one landscape page, as PDF.

WeasyPrint lays the sheet out from `a3_print.html` and `a3-print.css`, in
plain millimetres. The type is as large as the story allows between 5 mm and
`SMALLEST_MM`; what does not fit even then is cut at the foot of its part, the
sheet says so, and `a3_overflow` names the part for the author. Pictures stand
in a row below a column's parts where that column leaves room; text never
gives way to them.

Without WeasyPrint's libraries `a3_overflow` counts characters instead.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from django.core.cache import cache as kept
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from bulletins import page_context, story_parts
from network import languages, pdf
from network.exceptions import PrintingUnavailable

BASE_MM = 5.0
SMALLEST_MM = 3.2  # 9 pt: still read at arm's length
SIZES_MM = (5.0, 4.7, 4.4, 4.1, 3.8, 3.5, SMALLEST_MM)
COLUMN_MM = 237.0  # height of a column on the sheet, as in a3-print.css
GAP_MM = (3.0, 12.0)  # between two parts: at least, at most
PICTURES_MM = (40.0, 32.0, 24.0)  # height of the row of pictures; smaller ones show nothing
PICTURES = 3  # in the row, at most
# Each part's share of its column. A column that is full is so because of the
# parts that take more than their share.
COLUMNS = {
    "start": {"background": 0.20, "situation": 0.25, "target": 0.20, "causes": 0.35},
    "end": {"did": 0.42, "happened": 0.36, "learned": 0.22},
}
# At SMALLEST_MM a line of 195 mm holds about 115 Latin letters and is 4.5 mm
# high: 50 lines a column when headings and gaps are taken off.
CHARACTERS_A_COLUMN = 115 * 46
MM_PER_PX = 25.4 / 96
KEPT_S = 24 * 3600


@dataclass
class Fit:
    """How a story fits its sheet: size of type, gaps of the columns, heights cut to (mm)."""

    size_mm: float = BASE_MM
    gaps_mm: dict[str, float] = field(default_factory=dict)
    cut_mm: dict[str, float] = field(default_factory=dict)
    pictures_in: str = ""  # the column with the row of pictures; '' where none has room
    pictures_mm: float = 0.0

    @property
    def css(self) -> str:
        """The style sheet that says so."""
        rules = [f".half{{font-size:{self.size_mm}mm}}"]
        rules += [
            f".half--{c}>section+section{{margin-top:{g:.2f}mm}}" for c, g in self.gaps_mm.items()
        ]
        rules += [
            f"#part-{part}{{max-height:{height:.2f}mm;overflow:hidden}}"
            for part, height in self.cut_mm.items()
        ]
        if self.pictures_in:
            gap = self.gaps_mm[self.pictures_in]
            rules.append(f".pics{{margin-top:{gap:.2f}mm}}.pics img{{height:{self.pictures_mm}mm}}")
        return "".join(rules)


def a3_pdf(page) -> bytes:
    """The sheet of a page (live or a revision), tagged PDF/UA-1, one page.

    Raises PrintingUnavailable. Takes one to two seconds.
    """
    fit = fit_page(page)
    row = sheet_pictures(page) if fit.pictures_in else []
    html = _html(page, cut=bool(fit.cut_mm), **picture_context(fit, row, src=_name_of))
    document = _render(html, fit.css, {_name_of(p["rendition"]): p["rendition"] for p in row})
    return document.copy(document.pages[:1]).write_pdf(pdf_variant="pdf/ua-1")


def fit_page(page) -> Fit:
    """The largest type in which both columns fit; at the smallest, what is cut.

    Kept in the cache by the sheet's words. Raises PrintingUnavailable.
    """
    html, has_pictures = _html(page), bool(sheet_pictures(page))
    key = f"a3-fit-{hashlib.sha256(html.encode()).hexdigest()}-{has_pictures:d}"
    return kept.get_or_set(key, lambda: _fit(html, has_pictures), KEPT_S)


def sheet_pictures(page) -> list[dict]:
    """The first of the story's own pictures."""
    return own_pictures(page)[:PICTURES]


def own_pictures(page) -> list[dict]:
    """The story's own pictures. A sheet is a file: nobody asks its readers again whether they
    may see a picture that belongs to something else."""
    own = {
        block.value["image"].pk
        for block in page.pictures
        if block.value["image"]
        and (block.value["image"].guard, block.value["image"].guard_key)
        == ("bulletins.case", page.case.number)
    }
    found = page_context.pictures(page) if own else []
    return [picture for picture in found if picture["rendition"].image_id in own]


def picture_context(fit: Fit | None, row: list[dict], *, src) -> dict:
    """What the template needs for the row; `src` gives a rendition's address."""
    if fit is None or not fit.pictures_in:
        return {}
    pictures = [{"src": src(picture["rendition"]), "alt": picture["alt"]} for picture in row]
    return {"pictures_in": fit.pictures_in, "pictures_mm": fit.pictures_mm, "pictures": pictures}


def _name_of(rendition) -> str:
    return f"picture:{rendition.pk}"


def _fit(html: str, has_pictures: bool) -> Fit:
    low, high = 0, len(SIZES_MM) - 1  # a search by halves: three layouts instead of seven
    heights: dict[int, dict] = {}
    while low < high:
        middle = (low + high) // 2
        heights[middle] = _heights(html, SIZES_MM[middle])
        if all(_needed(column) <= COLUMN_MM for column in heights[middle].values()):
            high = middle
        else:
            low = middle + 1
    if low not in heights:
        heights[low] = _heights(html, SIZES_MM[low])
    fit = Fit(size_mm=SIZES_MM[low])
    if has_pictures:
        room, column = max(
            (COLUMN_MM - _needed(parts) - GAP_MM[0], name) for name, parts in heights[low].items()
        )
        fit.pictures_mm = next((height for height in PICTURES_MM if height <= room), 0.0)
        fit.pictures_in = column if fit.pictures_mm else ""
    for name, parts in heights[low].items():
        has_row = fit.pictures_in == name
        free = COLUMN_MM - sum(parts.values()) - (fit.pictures_mm if has_row else 0)
        gap = free / (len(parts) - 1 + has_row)
        fit.gaps_mm[name] = max(GAP_MM[0], min(GAP_MM[1], gap))
        if _needed(parts) > COLUMN_MM:
            fit.cut_mm |= _cut(name, parts)
    return fit


def a3_overflow(page) -> list[str]:
    """Names of the parts (`story_parts.PARTS`) that are too long for the sheet, in its order.

    By layout; where WeasyPrint cannot load, by characters (full-width ones
    count two).
    """
    try:
        columns = _heights(_html(page), SMALLEST_MM)
    except PrintingUnavailable:
        columns, room = _lengths(page), CHARACTERS_A_COLUMN
    else:
        room = COLUMN_MM - GAP_MM[0] * 3
    over = []
    for name, parts in columns.items():
        if sum(parts.values()) > room:
            over += [part for part, size in parts.items() if size > COLUMNS[name][part] * room]
    return over


def _needed(parts: dict[str, float]) -> float:
    return sum(parts.values()) + GAP_MM[0] * (len(parts) - 1)


def _cut(column: str, parts: dict[str, float]) -> dict[str, float]:
    """Heights for the parts beyond their share, so that the column fits."""
    room = COLUMN_MM - GAP_MM[0] * (len(parts) - 1) - 0.5
    shares = COLUMNS[column]
    long = {part for part, size in parts.items() if size > shares[part] * room}
    left = room - sum(size for part, size in parts.items() if part not in long)
    total = sum(shares[part] for part in long)
    return {part: min(parts[part], left * shares[part] / total) for part in long}


def _heights(html: str, size_mm: float) -> dict[str, dict[str, float]]:
    """Height of each part in mm, by column, on a page so long that nothing ends early."""
    document = _render(
        html, f"@page{{size:420mm 4000mm}}.half{{font-size:{size_mm}mm;height:auto}}"
    )
    anchors = document.pages[0].anchors
    result = {}
    for name, shares in COLUMNS.items():
        result[name] = {}
        for part in shares:
            box = anchors[f"part-{part}"]
            result[name][part] = (box[3] - box[1]) * MM_PER_PX
    return result


def _lengths(page) -> dict[str, dict[str, float]]:
    """Characters of each part, by column; a table row or figure counts as a line."""
    return {
        name: {part: _length(page, part) for part in shares} for name, shares in COLUMNS.items()
    }


def _length(page, part: str) -> float:
    line = 115
    streams = {
        "background": [page.background],
        "situation": [page.situation],
        "target": [page.target],
        "causes": [page.causes_text],
        "did": [page.did, page.tried],
        "happened": [page.happened],
        "learned": [page.learned, page.adapt],
    }[part]
    size = sum(_width(str(block.value)) + line / 2 for stream in streams for block in stream)
    if part == "target":
        size += line * 2 * len(story_parts.gaps(page))
    if part == "causes":
        size += sum(
            max(line, _width(why)) for c in story_parts.causes(page) for why in [c.name, *c.whys]
        )
    if part == "did":
        rows = story_parts.countermeasures(page)
        size += sum(max(line * 1.3, _width(row.what) * 1.8) for row in rows)
    if part == "happened":
        size += sum(line * (9 if change.monthly else 2) for change in story_parts.changes(page))
    return size


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _html(page, cut: bool = False, **more) -> str:
    """The sheet's HTML in the page's language."""
    with translation.override(page.language):
        context = sheet_context(page) | {"cut": cut} | more
        html = render_to_string("bulletins/a3_print.html", context)
    return named_drawings(html, page.language)


def named_drawings(html: str, language: str) -> str:
    """A tagged PDF wants words for a drawing; the same numbers stand beside it."""
    with translation.override(language):
        figure = _("Figure")
    return re.sub(r"(<svg [^>]*>)", rf"\1<title>{figure}</title>", html)


def sheet_context(page) -> dict:
    """What the sheet's templates need; evaluate it in the page's own language."""
    return {
        "page": page,
        "case": page.case,
        "parts": story_parts.parts(page),
        "tag": languages.tag(page.language),
        "direction": languages.direction(page.language),
        "title_size": _title_size(page.title),
    }


def _title_size(title: str) -> str:
    """Long titles are set smaller, so that the head stays two lines high."""
    width = _width(title)
    return "l" if width <= 42 else "m" if width <= 100 else "s"


def _render(html: str, css: str, pictures: dict | None = None):
    weasyprint, fonts, style = _machine()
    extra = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=pdf.refuse)
    files = {name: rendition.file for name, rendition in (pictures or {}).items()}
    return weasyprint.HTML(string=html, url_fetcher=pdf.pictures_only(files)).render(
        stylesheets=[style, extra], font_config=fonts, pdf_variant="pdf/ua-1"
    )


def _machine():
    """WeasyPrint, its fonts and our style sheet. Raises PrintingUnavailable."""
    return pdf.machine("gkc/a3-print.css")
