"""Reads what a reviewer typed; nothing here decides."""

from dataclasses import dataclass, field


@dataclass
class Judgement:
    """The review desk's one form: notes beside items, scores, a reason and a button."""

    action: str = ""
    reason: str = ""
    choice: str = ""
    step: str = ""
    seen_revision: int | None = None
    rubric: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # anchor, text, audience


def read_judgement(data) -> Judgement:
    """From POST data. Empty notes are left out."""
    action = data.get("action", "")
    seen = data.get("seen_revision", "")
    notes = [
        (name.removeprefix("note-"), text, data.get("audience-" + name.removeprefix("note-"), ""))
        for name, text in data.items()
        if name.startswith("note-") and text.strip()
    ]
    return Judgement(
        action=action,
        reason=data.get("reason", "").strip(),
        choice=data.get(f"choice-{action}", ""),
        step=data.get("step", ""),
        seen_revision=int(seen) if seen.isdecimal() else None,
        rubric={
            name.removeprefix("rubric-"): value
            for name, value in data.items()
            if name.startswith("rubric-")
        },
        notes=notes,
    )
