"""The standard questions of an evaluation, in the words of the catalogs.

A programme without questions of its own is evaluated by these; one that has
its own may take some of these along, so that programmes compare. The keys
never change: answers of years are compared by them. Takes rows and imports no
model of this room.
"""

import uuid
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

_IDS = uuid.UUID("3f0b1a52-7c39-4f5b-8a0e-6f3f1d0c9a77")
SCALE = range(1, 6)
LEVELS = {
    5: pgettext_lazy("answer on a scale", "Fully"),
    4: pgettext_lazy("answer on a scale", "Mostly"),
    3: pgettext_lazy("answer on a scale", "Half"),
    2: pgettext_lazy("answer on a scale", "A little"),
    1: pgettext_lazy("answer on a scale", "Not at all"),
}


@dataclass(frozen=True)
class Standard:
    """One of the site's own questions."""

    name: str
    kind: str  # 'scale' or 'words'
    text: object

    @property
    def key(self) -> uuid.UUID:
        return uuid.uuid5(_IDS, self.name)


STANDARD = (
    Standard("useful", "scale", _("I can use what I learned in my own work.")),
    Standard("clear", "scale", _("The trainer explained things so that I understood them.")),
    Standard("talk", "scale", _("There was enough time to talk with each other and to try.")),
    Standard("materials", "scale", _("The materials help me to go on by myself.")),
    Standard("recommend", "scale", _("I would send a colleague to this workshop.")),
    Standard("keep", "words", _("What should stay as it is?")),
    Standard("change", "words", _("What should be different next time?")),
)
_BY_NAME = {one.name: one for one in STANDARD}


@dataclass(frozen=True)
class Words:
    """A question for a reader, and the language that it is in."""

    text: str
    language: str


def words_of(question) -> Words:
    """A question in the active language, else in English, else in any that it has."""
    here = get_language() or "en"
    standard = _BY_NAME.get(question.standard)
    if standard is not None:
        return Words(str(standard.text), here)
    for code in (here, "en"):
        if text := getattr(question, build_localized_fieldname("text", code), ""):
            return Words(text, code)
    return Words(question.text or "", "en")
