"""A text at the translators' desk: its paragraphs in order, and what helps at one of them."""

from dataclasses import dataclass, field

from wagtail.models import Page

from translations import assembly
from translations.aids import told
from translations.aids.glossary import Glossary, Hint
from translations.aids.memory import Memory, Suggestion
from translations.aids.paragraphs import Paragraph, paragraphs
from translations.models import FormerWords, Question, TypedWords

# Worst first: a block's state is that of the words with most to do.
_ORDER = ("missing", "draft", "stale", "current")


@dataclass
class Line:
    """One place with words: what stands there, what this person types, what others wrote."""

    paragraph: Paragraph
    number: int  # in its block, for the names of form fields
    typed: TypedWords | None = None
    others: list[TypedWords] = field(default_factory=list)
    former: list[FormerWords] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """What is in the field: what was typed, else the text."""
        return self.typed.text if self.typed else self.paragraph.text

    @property
    def is_overtaken(self) -> bool:
        """The paragraph became another while this person typed."""
        return bool(self.typed and self.typed.seen != self.paragraph.version)

    @property
    def save_number(self) -> int:
        """Of the last save while typing."""
        return self.typed.number if self.typed else 0


@dataclass
class Unit:
    """A block of the original, or a field: what is done in one go."""

    lines: list[Line]
    questions: list[Question] = field(default_factory=list)
    is_open: bool = False

    @property
    def key(self) -> str:
        return self.lines[0].paragraph.place.key

    @property
    def title(self) -> str:
        return self.lines[0].paragraph.place.title

    @property
    def state(self) -> str:
        """missing, draft, stale or current."""
        return min((line.paragraph.state for line in self.lines), key=_ORDER.index)

    @property
    def is_done(self) -> bool:
        return self.state == "current"

    @property
    def is_unread(self) -> bool:
        return any(line.paragraph.is_unread for line in self.lines)

    @property
    def since(self):
        """When the original changed."""
        found = [line.paragraph.stale_since for line in self.lines if line.paragraph.stale_since]
        return min(found, default=None)

    @property
    def has_typed(self) -> bool:
        return any(line.typed for line in self.lines)

    @property
    def typing(self) -> list[TypedWords]:
        """Others who type here, each once."""
        rows = {row.by_id: row for line in self.lines for row in line.others}
        return list(rows.values())


def units(page: Page, language: str, user) -> list[Unit]:
    """The text in order. Seven queries for any length."""
    source = assembly.find_source(page)
    key = page.translation_key
    typed: dict[str, list[TypedWords]] = {}
    for row in TypedWords.objects.filter(object_key=key, language=language).select_related("by"):
        typed.setdefault(row.path, []).append(row)
    former: dict[str, list[FormerWords]] = {}
    for row in FormerWords.objects.filter(object_key=key, language=language).select_related("by"):
        former.setdefault(row.path, []).append(row)
    questions: dict[str, list[Question]] = {}
    asked = Question.objects.filter(object_key=key).select_related("by", "answered_by")
    for row in asked:
        questions.setdefault(row.place, []).append(row)
    found: dict[str, Unit] = {}
    for paragraph in paragraphs(source, language):
        unit = found.setdefault(paragraph.place.key, Unit([]))
        mine = [row for row in typed.get(paragraph.path, ()) if row.by_id == user.pk]
        unit.lines.append(
            Line(
                paragraph,
                len(unit.lines),
                typed=mine[0] if mine else None,
                others=[row for row in typed.get(paragraph.path, ()) if row.by_id != user.pk],
                former=[
                    row
                    for row in former.get(paragraph.path, ())
                    if row.text not in (paragraph.text, mine[0].text if mine else "")
                ],
            )
        )
    for place, rows in questions.items():
        if place in found:
            found[place].questions = rows
    return list(found.values())


def help_at(unit: Unit, page: Page, language: str, user) -> Unit:
    """Open a unit: memory, glossary and warnings for its lines."""
    spoken = page.locale.language_code
    glossary = Glossary(spoken, language)
    unit.is_open = True
    open_sources = [p.source for p in (line.paragraph for line in unit.lines) if not p.is_done]
    memory = Memory(user, spoken, language, open_sources)
    for line in unit.lines:
        source = line.paragraph.source
        line.hints = glossary.hints(source, line.value)
        line.warnings = warnings(line.hints, source, line.value)
        if not line.paragraph.is_done:
            line.suggestions = memory.suggestions(source, present=line.paragraph.text)
    return unit


def warnings(hints: list[Hint], source: str, words: str) -> list[str]:
    """What to look at again before these words are done."""
    return told.of_marks(source, words) + told.of_terms(hints, words)


def add_warnings(found: list[Unit], page: Page, language: str) -> None:
    """For the second reader: what to look at in every paragraph. One query."""
    glossary = Glossary(page.locale.language_code, language)
    for unit in found:
        for line in unit.lines:
            source, words = line.paragraph.source, line.paragraph.text
            line.warnings = warnings(glossary.hints(source, words), source, words)
