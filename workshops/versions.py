"""A distributor's version beside its parent: what differs, and what is to be compared.

Takes pages and texts and imports no model of this room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from review.difference import difference
from workshops.page_text import Unit, units_of

SAME, CHANGED, LEFT_OUT, ADDED = "same", "changed", "left_out", "added"


@dataclass(frozen=True)
class Beside:
    """One place: what the parent says and what the version says, with the runs between them.

    `to_compare`: the parent has changed since the version was made or last
    compared; `parent_runs` shows how.
    """

    unit: Unit  # the version's, or the parent's where the version has none
    state: str
    theirs: str | None  # the parent's words now
    own: str | None
    runs: list[tuple[str, str]] = field(default_factory=list)
    to_compare: bool = False
    parent_runs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def can_take(self) -> bool:
        """Whether the parent's words can be put in place of the version's."""
        return self.theirs is not None and self.theirs != self.own


def beside(parent, version, base: Mapping[str, str]) -> list[Beside]:
    """All places in the version's order; what it leaves out stands where the parent has it."""
    theirs = {unit.anchor: unit for unit in units_of(parent)}
    own = {unit.anchor: unit for unit in units_of(version)}
    found = []
    for anchor in _order(list(theirs), list(own)):
        there, here = theirs.get(anchor), own.get(anchor)
        before, now = base.get(anchor), there.text if there else None
        found.append(
            Beside(
                unit=here or there,
                state=_state(there, here),
                theirs=now,
                own=here.text if here else None,
                runs=difference(now or "", here.text if here else ""),
                to_compare=before != now and (here is None or here.text != now),
                parent_runs=difference(before or "", now or "") if before != now else [],
            )
        )
    # What the parent took out, and the version never had or has no more, is no question.
    return found


def _state(there: Unit | None, here: Unit | None) -> str:
    if here is None:
        return LEFT_OUT
    if there is None:
        return ADDED
    return SAME if there.text == here.text else CHANGED


def _order(theirs: list[str], own: list[str]) -> list[str]:
    """The version's order, with what it leaves out behind the same neighbour as in the parent."""
    found = list(own)
    for place, anchor in enumerate(theirs):
        if anchor in own:
            continue
        before = next((one for one in reversed(theirs[:place]) if one in found), None)
        found.insert(found.index(before) + 1 if before else 0, anchor)
    return found


def differs_from_base(texts: Mapping[str, str], base: Mapping[str, str]) -> bool:
    """Whether the parent says something else than when the version was made or last compared."""
    return dict(texts) != dict(base)
