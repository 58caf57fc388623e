"""A story in the seven parts of its sheet, shaped for templates: page and A3 alike.

Functions take a page and import no model of this room. No query beyond the
page's row, its case and, for pictures and files, one each.
"""

import hashlib
from dataclasses import dataclass

from wagtail.blocks import StreamValue

from network.localize import date_text, number_text, quantity_text
from network.templatetags.figures import Change

PARTS = ("background", "situation", "target", "causes", "did", "happened", "learned")


@dataclass(frozen=True)
class Cause:
    """A cause and the whys that lead to it."""

    key: str
    name: str
    whys: list[str]


@dataclass(frozen=True)
class Countermeasure:
    """What was changed, against which cause (its name), by whom, since when."""

    cause: str
    what: str
    who: str
    since: str


@dataclass(frozen=True)
class Gap:
    """From what to what, by when; figures as text in the active language."""

    what: str
    start: str
    goal: str
    by: str


def changes(page) -> list[Change]:
    """The KPI rows in the author's order."""
    begun = _first_day(page)
    return [_change(block.value, begun) for block in page.results]


def first_change(page) -> Change | None:
    """The first KPI row with figures: what lists and the bulletin show."""
    return next((change for change in changes(page) if change.has_values), None)


def _change(value, begun) -> Change:
    monthly = sorted((point["month"], point["value"]) for point in value.get("monthly") or ())
    return Change(
        label=value["label"],
        unit=value["unit"] or "",
        before=value["before"],
        after=value["after"],
        target=value["target"],
        note=value["note"] or "",
        before_on=value["before_on"],
        after_on=value["after_on"],
        precision=value["date_precision"],
        key=value["measure_key"],
        monthly=tuple(monthly),
        changed_on=begun,
    )


def _first_day(page):
    days = [block.value.get("since") for block in page.countermeasures]
    return min((day for day in days if day), default=None)


def causes(page) -> list[Cause]:
    """The causes in order; a countermeasure names one by its key."""
    return [
        Cause(str(block.id), block.value["name"], [str(why) for why in block.value["whys"]])
        for block in page.causes
    ]


def countermeasures(page) -> list[Countermeasure]:
    """What was changed, each with its cause's name in this language."""
    names = {cause.key: cause.name for cause in causes(page)}
    return [
        Countermeasure(
            cause=names.get(block.value["cause"] or "", ""),
            what=block.value["what"],
            who=block.value["who"] or "",
            since=date_text(block.value["since"], block.value["since_precision"]),
        )
        for block in page.countermeasures
    ]


def gaps(page) -> list[Gap]:
    """The gaps with their figures; text alone where no figure is known."""
    result = []
    for block in page.gap:
        value = block.value
        unit = value["unit"] or ""
        # The unit once, with the goal; a per cent sign with both.
        start = quantity_text(value["start"], "%" if unit == "%" else "")
        goal = quantity_text(value["goal"], unit)
        result.append(Gap(value["what"], start, goal, date_text(value["by"])))
    return result


def unrecorded(page) -> dict[str, bool]:
    """What the source of an archive case does not record, by name, for templates."""
    return {name: True for name in page.case.not_recorded}


def seen(page) -> str:
    """Where and when it was seen, as exactly as known."""
    when = date_text(page.seen_on, page.seen_precision)
    return " · ".join(words for words in (page.place_seen, when) if words)


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
