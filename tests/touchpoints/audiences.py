"""What a row of the audience table says; the rows stand in each room's tests."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """An occasion: its object, its data, and exactly the people whom it is told."""

    obj: object
    data: dict = field(default_factory=dict)
    people: list = field(default_factory=list)
