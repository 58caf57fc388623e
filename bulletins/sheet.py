"""A story's parts in the order of the A3 sheet, each row with its anchor.

An anchor is a block id, a `measure_key` or a field's name: what notes and
working translations point at. Functions take a page and import no model of
this room; no query beyond the page's own pictures and files.
"""

from django.utils.translation import gettext as _

from bulletins.page_text import change_text
from network.localize import date_text, quantity_text
from review.registry import Item, Part

_ROW = "bulletins/sheet/%s.html"


def sheet_parts(page) -> list[Part]:
    """Title and summary, the seven parts, pictures and files; empty parts are left out."""
    parts = [
        Part(_("Title and summary"), _fields(page)),
        Part(_("Background"), (*_seen(page), *_prose(page.background)), 1),
        Part(_("Current situation"), _prose(page.situation), 2),
        Part(_("Target"), (*_prose(page.target), *_gaps(page)), 3),
        Part(_("Why it happened"), (*_prose(page.causes_text), *_causes(page)), 4),
        Part(_("What was done"), (*_prose(page.did), *_countermeasures(page), *_tried(page)), 5),
        Part(_("What happened"), (*_prose(page.happened), *_results(page)), 6),
        Part(_("What we keep"), (*_prose(page.learned), *_adapt(page)), 7),
        Part(_("Photographs and files"), (*_pictures(page), *_files(page))),
    ]
    return [part for part in parts if part.items]


def _fields(page) -> tuple[Item, ...]:
    rows = [Item("title", page.title, _ROW % "title")]
    if page.summary:
        rows.append(Item("summary", page.summary, _ROW % "lead"))
    return tuple(rows)


def _seen(page):
    words = [page.place_seen, date_text(page.seen_on, page.seen_precision)]
    text = ", ".join(word for word in words if word)
    if text:
        yield Item("place_seen", text, _ROW % "fact", label=_("Seen"), words=page.place_seen)


def _prose(stream, label: str = "") -> tuple[Item, ...]:
    return tuple(
        Item(str(block.id), str(block.value), label=label)
        for block in stream or ()
        if str(block.value).strip()
    )


def _gaps(page):
    for block in page.gap or ():
        row = block.value
        text = change_text(row.get("what"), row.get("start"), row.get("goal"), row.get("unit"))
        by = date_text(row.get("by"))
        yield Item(
            str(block.id),
            f"{text} ({by})" if by else text,
            _ROW % "gap",
            {"row": row, "by": by},
            _("Gap"),
            words=row.get("what") or "",
        )


def _causes(page):
    for block in page.causes or ():
        whys = [str(why) for why in block.value.get("whys") or ()]
        text = "\n".join([block.value.get("name") or "", *whys])
        yield Item(
            str(block.id),
            text,
            _ROW % "cause",
            {"name": block.value.get("name"), "whys": whys},
            _("Cause"),
        )


def _countermeasures(page):
    causes = {str(block.id): block.value.get("name") for block in page.causes or ()}
    for block in page.countermeasures or ():
        row = block.value
        since = date_text(row.get("since"), row.get("since_precision") or "day")
        context = {
            "row": row,
            "cause": causes.get(str(row.get("cause") or ""), ""),
            "since": since,
        }
        words = [row.get("what"), row.get("who"), since]
        yield Item(
            str(block.id),
            _sentence(*words),
            _ROW % "countermeasure",
            context,
            _("Countermeasure"),
            words=_lines(row.get("what"), row.get("who")),
        )


def _tried(page):
    yield from _prose(page.tried, _("Tried, and did not work"))
    if page.nothing_tried:
        yield Item("nothing_tried", _("Nothing else was tried."), _ROW % "fact", words="")


def _results(page):
    for block in page.results or ():
        row = block.value
        precision = row.get("date_precision") or "day"
        context = {
            "row": row,
            "before_on": date_text(row.get("before_on"), precision),
            "after_on": date_text(row.get("after_on"), precision),
            "scale": _scale(row.get("before"), row.get("after"), row.get("target")),
        }
        text = change_text(row.get("label"), row.get("before"), row.get("after"), row.get("unit"))
        if row.get("target") is not None:
            text += " · " + _("Target: %(value)s") % {
                "value": quantity_text(row["target"], row.get("unit") or "")
            }
        dates = " – ".join(d for d in (context["before_on"], context["after_on"]) if d)
        yield Item(
            str(row.get("measure_key")),
            _sentence(text, row.get("note"), dates),
            _ROW % "result",
            context,
            _("Result"),
            words=_lines(row.get("label"), row.get("note")),
        )
    if page.not_measured:
        yield Item("not_measured", _("Not measured."), _ROW % "fact", words="")


def _adapt(page):
    yield from _prose(page.adapt, _("What another distributor should adapt"))


def _pictures(page):
    for block in page.pictures or ():
        yield Item(
            str(block.id),
            _sentence(block.value.get("alt"), block.value.get("caption")),
            _ROW % "picture",
            {"image": block.value.get("image"), "row": block.value},
            _("Picture"),
        )


def _files(page):
    for block in page.files or ():
        yield Item(
            str(block.id),
            block.value.get("title") or "",
            _ROW % "file",
            {"document": block.value.get("document"), "row": block.value},
            _("File"),
        )


def _sentence(*words) -> str:
    return ". ".join(word for word in words if word)


def _lines(*words) -> str:
    return "\n".join(word for word in words if word)


def _scale(before, after, target) -> dict | None:
    """Where before, after and target stand on a line from nought, in per cent of its length."""
    if before is None or after is None:
        return None
    values = [float(value) for value in (before, after, target) if value is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0

    def place(value):
        return f"{4 + 92 * (float(value) - low) / span:.2f}%"

    def mirrored(value):
        return f"{96 - 92 * (float(value) - low) / span:.2f}%"

    def points(at):
        return {
            "before": at(before),
            "after": at(after),
            "target": at(target) if target is not None else "",
        }

    return {"ltr": points(place), "rtl": points(mirrored)}
