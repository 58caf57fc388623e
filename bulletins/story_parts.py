"""A story in the seven parts of its sheet: one shape for its page, the A3 sheet and the desk.

Functions take a page and import no model of this room. No query beyond the
page's row, its case and, for pictures and files, one each. Figures and dates
are text in the active language.

Everything has its anchor, what notes and working translations point at: a
block's id, a `measure_key` or a field's name.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from network.localize import date_text, number_text, quantity_text
from network.templatetags.figures import Change
from review.registry import Item, Part

PARTS = ("background", "situation", "target", "causes", "did", "happened", "learned")
_ROW = "bulletins/sheet/%s.html"


@dataclass(frozen=True)
class Cause:
    """A cause and the whys that lead to it."""

    key: str
    name: str
    whys: list[str]


@dataclass(frozen=True)
class Countermeasure:
    """What was changed, against which cause (its name), by whom, since when."""

    key: str
    cause: str
    what: str
    who: str
    since: str


@dataclass(frozen=True)
class Gap:
    """From what to what, by when; `text` is the whole in a line."""

    key: str
    what: str
    start: str
    goal: str
    by: str
    text: str


def part_names() -> dict[str, str]:
    """The parts' headings in the active language."""
    names = (
        _("Background"),
        _("Current situation"),
        _("Target"),
        _("Why it happened"),
        _("What we did"),
        _("What happened"),
        _("What we keep"),
    )
    return dict(zip(PARTS, names, strict=True))


# --- shapes ------------------------------------------------------------------------
def changes(page) -> list[Change]:
    """The KPI rows in the author's order."""
    begun = _first_day(page)
    return [_change(value, begun) for value in _values(page.results)]


def first_change(page) -> Change | None:
    """The first KPI row with figures: what lists and the bulletin show."""
    return next((change for change in changes(page) if change.has_values), None)


def _change(value, begun) -> Change:
    monthly = sorted((point["month"], point["value"]) for point in value.get("monthly") or ())
    return Change(
        label=value.get("label") or "",
        unit=value.get("unit") or "",
        before=value.get("before"),
        after=value.get("after"),
        target=value.get("target"),
        note=value.get("note") or "",
        before_on=value.get("before_on"),
        after_on=value.get("after_on"),
        precision=value.get("date_precision") or "day",
        key=str(value.get("measure_key")),
        monthly=tuple(monthly),
        changed_on=begun,
    )


def _first_day(page):
    days = [value.get("since") for value in _values(page.countermeasures)]
    return min((day for day in days if day), default=None)


def causes(page) -> list[Cause]:
    """The causes in order; a countermeasure names one by its key."""
    return [
        Cause(
            str(block.id),
            block.value.get("name") or "",
            [str(why) for why in block.value.get("whys") or ()],
        )
        for block in page.causes or ()
    ]


def countermeasures(page) -> list[Countermeasure]:
    """What was changed, each with its cause's name in this language."""
    names = {cause.key: cause.name for cause in causes(page)}
    return [
        Countermeasure(
            key=str(block.id),
            cause=names.get(str(block.value.get("cause") or ""), ""),
            what=block.value.get("what") or "",
            who=block.value.get("who") or "",
            since=date_text(block.value.get("since"), block.value.get("since_precision") or "day"),
        )
        for block in page.countermeasures or ()
    ]


def gaps(page) -> list[Gap]:
    """The gaps with their figures; text alone where no figure is known."""
    return [_gap(str(block.id), block.value) for block in page.gap or ()]


def _gap(key: str, value) -> Gap:
    unit = value.get("unit") or ""
    by = date_text(value.get("by"))
    text = change_text(value.get("what"), value.get("start"), value.get("goal"), unit)
    return Gap(
        key=key,
        what=value.get("what") or "",
        # The unit once, with the goal; a per cent sign with both.
        start=quantity_text(value.get("start"), "%" if unit == "%" else ""),
        goal=quantity_text(value.get("goal"), unit),
        by=by,
        text=f"{text} ({by})" if by else text,
    )


def change_text(what: str | None, start, goal, unit: str | None) -> str:
    """'Parts fill rate: 61 % → 93 %' in the active language; the words alone without figures."""
    if start is None or goal is None:
        return what or ""
    figures = f"{quantity_text(start, unit or '')} → {quantity_text(goal, unit or '')}"
    # Somebody's full stop would stand before the colon.
    return f"{what.strip().rstrip('.。:：')}: {figures}" if what else figures


def unrecorded(page) -> dict[str, bool]:
    """What the source of an archive case does not record, by name, for templates."""
    return {name: True for name in page.case.not_recorded}


def seen(page) -> str:
    """Where and when it was seen, as exactly as known."""
    when = date_text(page.seen_on, page.seen_precision)
    return " · ".join(words for words in (page.place_seen, when) if words)


def _values(stream) -> Iterator:
    for block in stream or ():
        yield block.value


# --- for readers: the page and the A3 sheet -------------------------------------------
def fingerprint(page, *more) -> str:
    """Changes with anything that the parts show; `more` with what else is drawn there."""
    text = [page.language, page.case.not_recorded, *more]
    for fields in page.PART_FIELDS.values():
        for name in fields:
            value = getattr(page, name)
            text.append(list(value.raw_data) if isinstance(value, StreamValue) else value)
    text.append(list(page.pictures.raw_data))
    return hashlib.blake2b(repr(text).encode(), digest_size=16).hexdigest()


def parts(page) -> dict:
    """Everything the parts' templates need. Evaluate it in the page's own language."""
    measures, wanted = countermeasures(page), gaps(page)
    return {
        "numbers": {name: number_text(i) for i, name in enumerate(PARTS, 1)},
        "changes": changes(page),
        "causes": causes(page),
        "countermeasures": measures,
        "has_who": any(item.who for item in measures),
        "has_since": any(item.since for item in measures),
        "gaps": wanted,
        "has_gap_dates": any(gap.by for gap in wanted),
        "seen": seen(page),
        "unrecorded": unrecorded(page),
    }


# --- for reviewers: row by row, each with its anchor -------------------------------------
def sheet_parts(page) -> list[Part]:
    """Title and summary, the seven parts, pictures and files; empty parts are left out."""
    found = [
        Part(_("Title and summary"), tuple(_head(page))),
        Part(_("Background"), (*_seen(page), *_prose(page.background)), 1),
        Part(_("Current situation"), tuple(_prose(page.situation)), 2),
        Part(_("Target"), (*_prose(page.target), *map(_gap_row, gaps(page))), 3),
        Part(_("Why it happened"), (*_prose(page.causes_text), *map(_cause_row, causes(page))), 4),
        Part(_("What was done"), tuple(_done(page)), 5),
        Part(_("What happened"), tuple(_happened(page)), 6),
        Part(_("What we keep"), tuple(_kept(page)), 7),
        Part(_("Photographs and files"), tuple(_media(page))),
    ]
    return [part for part in found if part.items]


def _head(page) -> Iterator[Item]:
    yield Item("title", page.title, _ROW % "title")
    if page.summary:
        yield Item("summary", page.summary, _ROW % "lead")


def _seen(page) -> Iterator[Item]:
    text = seen(page)
    if text:
        yield Item("place_seen", text, _ROW % "fact", label=_("Seen"), words=page.place_seen)


def _prose(stream, label: str = "") -> Iterator[Item]:
    for block in stream or ():
        if str(block.value).strip():
            yield Item(str(block.id), str(block.value), label=label)


def _gap_row(gap: Gap) -> Item:
    return Item(gap.key, gap.text, _ROW % "gap", {"gap": gap}, _("Gap"), words=gap.what)


def _cause_row(cause: Cause) -> Item:
    text = "\n".join([cause.name, *cause.whys])
    return Item(cause.key, text, _ROW % "cause", {"cause": cause}, _("Cause"))


def _done(page) -> Iterator[Item]:
    yield from _prose(page.did)
    for row in countermeasures(page):
        yield Item(
            row.key,
            _sentence(row.what, row.who, row.since),
            _ROW % "countermeasure",
            {"row": row},
            _("Countermeasure"),
            words=_lines(row.what, row.who),
        )
    yield from _prose(page.tried, _("Tried, and did not work"))
    if page.nothing_tried:
        yield Item("nothing_tried", _("Nothing else was tried."), _ROW % "fact", words="")


def _happened(page) -> Iterator[Item]:
    yield from _prose(page.happened)
    for change in changes(page):
        text = change_text(change.label, change.before, change.after, change.unit)
        if change.target is not None:
            target = quantity_text(change.target, change.unit)
            text += " · " + _("Target: %(value)s") % {"value": target}
        dates = " – ".join(day for day in (change.before_when, change.after_when) if day)
        yield Item(
            change.key,
            _sentence(text, change.note, dates),
            _ROW % "result",
            {"change": change},
            _("Result"),
            words=_lines(change.label, change.note),
        )
    if page.not_measured:
        yield Item("not_measured", _("Not measured."), _ROW % "fact", words="")


def _kept(page) -> Iterator[Item]:
    yield from _prose(page.learned)
    yield from _prose(page.adapt, _("What another distributor should adapt"))


def _media(page) -> Iterator[Item]:
    for block in page.pictures or ():
        row = block.value
        text = _sentence(row.get("alt"), row.get("caption"))
        context = {"image": row.get("image"), "row": row}
        yield Item(str(block.id), text, _ROW % "picture", context, _("Picture"))
    for block in page.files or ():
        row = block.value
        context = {"document": row.get("document"), "row": row}
        yield Item(str(block.id), row.get("title") or "", _ROW % "file", context, _("File"))


def _sentence(*words: str | None) -> str:
    return ". ".join(word for word in words if word)


def _lines(*words: str | None) -> str:
    return "\n".join(word for word in words if word)
