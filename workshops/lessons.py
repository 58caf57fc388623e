"""The lessons and questions of an online lab, in their order, from a programme's page.

Takes pages and imports no model of this room.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A lesson or a question. `number` counts among its own kind; `place` among all, from 1."""

    id: str
    kind: str  # 'lesson' or 'question'
    number: int
    place: int
    value: object  # the block's value

    @property
    def is_question(self) -> bool:
        return self.kind == "question"

    @property
    def title(self) -> str:
        """What a list calls it."""
        return self.value["question"] if self.is_question else self.value["title"]

    @property
    def options(self) -> list[tuple[int, str]]:
        """A question's answers by their numbers, from 1."""
        return list(enumerate(self.value["options"], 1))

    @property
    def right(self) -> set[int]:
        """The numbers of the right answers."""
        return set(self.value["right"])

    @property
    def takes_several(self) -> bool:
        return len(self.right) > 1

    def is_right(self, chosen: Iterable[int]) -> bool:
        """All right answers and no other."""
        return set(chosen) == self.right


def steps_of(page) -> list[Step]:
    """All steps of a page's lab; a block's id is the same in every language."""
    found, counted = [], {"lesson": 0, "question": 0}
    for place, block in enumerate(page.lessons, 1):
        counted[block.block_type] += 1
        kind = block.block_type
        found.append(Step(str(block.id), kind, counted[kind], place, block.value))
    return found


def after(steps: list[Step], step_id: str) -> Step | None:
    """The step behind another; None behind the last, the first where there is no such step."""
    ids = [step.id for step in steps]
    place = ids.index(step_id) + 1 if step_id in ids else 0
    return steps[place] if place < len(steps) else None


def share(right: int, total: int) -> int:
    """Whole per cent, rounded down: nobody passes by rounding."""
    return 100 * right // total if total else 100
