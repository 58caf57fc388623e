"""What a reader gives to the import: parts, chapters and sections of one language."""

from dataclasses import dataclass, field
from pathlib import Path

#: What the import leaves to the site's own language: everything in `meta` that is not named here.
META = ("processes", "elements", "cases", "workshops", "terms")


@dataclass
class Text:
    """A file. `blocks` are raw blocks without ids: {'type', 'value'}.

    A picture's value names its file (`file`, absolute) in place of an image.
    `is_original` marks a block of a translation that shows the original's words.
    """

    file: str  # relative to the folder, with '/'; the same in every language
    key: str
    title: str
    summary: str = ""
    blocks: list[dict] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    content_hash: str = ""
    subtitle: str = ""


@dataclass
class Chapter:
    """Sections under a title; an empty key stands for 'directly in the part'."""

    text: Text | None
    sections: list[Text] = field(default_factory=list)


@dataclass
class Part:
    text: Text
    chapters: list[Chapter] = field(default_factory=list)


@dataclass
class Folder:
    """A book in one language."""

    path: Path
    cover: Text | None
    parts: list[Part] = field(default_factory=list)

    def sections(self) -> list[Text]:
        """All of them, in order."""
        return [text for part in self.parts for ch in part.chapters for text in ch.sections]


@dataclass(frozen=True, order=True)
class Known:
    """An English text that a translation stands beside: 'part', 'chapter' or 'section'."""

    kind: str
    key: str


@dataclass
class Report:
    """What the import did, and what it could not carry over: (file, sentence)."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    titles_only: int = 0  # sections with title and summary, and no text yet
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)

    def lose(self, file: str, what: str) -> None:
        """Something of the file is not in the book now."""
        self.lost.append((file, what))

    def conflict(self, file: str, what: str) -> None:
        """The site's text was edited and stands."""
        self.conflicts.append((file, what))
