"""What stands at the paragraphs of a section beside the standard text.

Takes pages and imports no model of this room. The text is drawn once for all
readers and kept; `Additions.key` names what differs.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from review.api import Mark, marks_by_place, marks_on
from silver_book.paragraphs import Shown, anchor
from silver_book.permissions import BASE_LANGUAGES

FLAGGED_AS = "section"


@dataclass
class Additions:
    """Readers' marks, by the paragraph's anchor."""

    flag_url: str
    flags_url: str
    marks: Mapping[str, list[Mark]] = field(default_factory=dict)
    whole: list[Mark] = field(default_factory=list)  # marks at no paragraph of this text

    @property
    def key(self) -> str:
        """Changes with anything of it that is drawn in the text."""
        drawn = repr([self.flag_url, sorted(self.marks.items())])
        return hashlib.blake2b(drawn.encode(), digest_size=8).hexdigest()

    def put(self, shown: list[Shown]) -> list[Shown]:
        """Give each paragraph what stands at it."""
        for paragraph in shown:
            paragraph.marks = self.marks.get(paragraph.anchor, [])
        return shown


def of_section(request, page, blocks: Iterable[Mapping], language: str) -> Additions:
    """What this reader finds at the paragraphs of a text in `language`.

    A query for a member, none for a visitor.
    """
    key = str(page.translation_key)
    own = f"?in={language}"
    marks = marks_on(FLAGGED_AS, key, languages_marked(language), request.user)
    placed, whole = marks_by_place(marks, [anchor(block["id"]) for block in blocks])
    return Additions(
        flag_url=reverse("flag_raise", args=[FLAGGED_AS, key]) + own,
        flags_url=reverse("flags_about", args=[FLAGGED_AS, key]) + own,
        marks=placed,
        whole=whole,
    )


def languages_marked(language: str) -> list[str]:
    """The languages whose defects a text shares: its own, and what it is translated from."""
    return [language] if language in BASE_LANGUAGES else [language, "en"]
