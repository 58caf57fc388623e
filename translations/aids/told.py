"""What a translator is told about words: figures and links lost, terms not used. In sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import list_text
from translations.aids import marks
from translations.aids.glossary import Hint


def of_marks(source: str, target: str) -> list[str]:
    """What the translation does not keep of its original."""
    return [sentence for lost in marks.lost(source, target) for sentence in _of(lost)]


def _of(lost: marks.Lost) -> list[str]:
    what = {"what": list_text(dict.fromkeys(lost.missing))}
    extra = {"what": list_text(dict.fromkeys(lost.added))}
    told = []
    if lost.kind == marks.NUMBERS:
        told.append(
            ngettext(
                "A number of the original is missing: %(what)s.",
                "Numbers of the original are missing: %(what)s.",
                len(lost.missing),
            )
            % what
        )
    elif lost.kind == marks.EMPHASIS:
        told.append(
            ngettext(
                "An emphasis (**) of the original is missing.",
                "Some emphases (**) of the original are missing.",
                len(lost.missing),
            )
        )
    elif lost.kind == marks.LINKS:
        if lost.missing:
            told.append(_("A link of the original is missing: %(what)s.") % what)
        if lost.added:
            told.append(_("The original has no such link: %(what)s.") % extra)
    else:
        if lost.missing:
            told.append(_("Text in code marks must stay as it is: %(what)s.") % what)
        if lost.added:
            told.append(_("The original has no such text in code marks: %(what)s.") % extra)
    return told


def of_terms(hints: list[Hint], target: str) -> list[str]:
    """Terms that the translation calls by another name than the glossary."""
    if not target.strip():
        return []
    told = []
    for hint in hints:
        names = {"term": hint.source, "form": hint.preferred}
        if hint.avoided:
            words = names | {"word": list_text(hint.avoided)}
            told.append(_("Not “%(word)s” for “%(term)s”: the glossary says “%(form)s”.") % words)
        elif hint.is_missed:
            told.append(_("The glossary's word for “%(term)s” is not used: “%(form)s”.") % names)
    return told
