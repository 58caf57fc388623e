"""A text paragraph by paragraph, the original beside its translation."""

import datetime
import difflib
import hashlib
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail_localize.models import String, StringSegment, TranslationSource
from wagtail_localize.strings import StringValue

from translations.aids.places import Place, Places
from translations.models import TextState


@dataclass(frozen=True)
class Paragraph:
    """One place of the original with words, beside its translation.

    `difference`: the source's words against those the text was made for, see
    `difference()`. `version` names the words and the original that a person
    was shown: whoever saves says which ones (`translating.writing`).
    """

    path: str
    place: Place
    source: str
    text: str
    state: str  # current, stale, missing; draft: a machine's words
    is_unread: bool
    by: object
    difference: list[tuple[str, str]]
    source_hash: str
    version: str
    former_source: str = ""  # that the text was made for, where it is another
    first_only: bool = False
    drafted_by: str = ""
    changed_at: datetime.datetime | None = None
    stale_since: datetime.datetime | None = None

    @property
    def label(self) -> str:
        """'Table 4: Caption'."""
        if not self.place.part:
            return self.place.title
        return _("%(place)s: %(part)s") % {"place": self.place.title, "part": self.place.part}

    @property
    def is_done(self) -> bool:
        """A translator's words for the present original."""
        return self.state == "current"


def version_of(state: TextState | None, source_hash: str) -> str:
    """What a save must have seen: the paragraph's words and its present original."""
    kept = (state.text, state.source_hash, state.drafted_by) if state else ("", "", "")
    return hashlib.sha256("\0".join([*kept, source_hash]).encode()).hexdigest()[:32]


def paragraphs(source: TranslationSource, language: str, *, as_read: bool = False):
    """The original's paragraphs in order with their words. Three queries.

    `as_read`: the words readers see instead of the newest ones.
    """
    states = {
        state.path: state
        for state in TextState.objects.of(source.object_id, language).select_related("by")
    }
    segments = list(
        StringSegment.objects.filter(source=source)
        .select_related("context", "string")
        .order_by("order")
    )
    hashes = {s.read_hash if as_read else s.source_hash for s in states.values()} - {""}
    former = {
        str(string.data_hash): StringValue(string.data).render_text()
        for string in String.objects.filter(locale_id=source.locale_id, data_hash__in=hashes)
    }
    places = Places(source.as_instance())
    return [
        _paragraph(
            places.of(segment.context.path),
            segment,
            states.get(segment.context.path),
            former,
            as_read,
        )
        for segment in segments
    ]


def _paragraph(
    place: Place, segment, state: TextState | None, former: dict, as_read: bool
) -> Paragraph:
    words = StringValue(segment.string.data).render_text()
    present = str(segment.string.data_hash)
    made_for = (state.read_hash if as_read else state.source_hash) if state else ""
    text = (state.read_text if as_read else state.text) if state else ""
    stale = bool(text) and made_for != present
    drafted_by = state.drafted_by if state and not as_read else ""
    before = former.get(made_for, "") if stale else ""
    return Paragraph(
        path=segment.context.path,
        place=place,
        source=words,
        text=text,
        state="missing" if not text else "draft" if drafted_by else "stale" if stale else "current",
        is_unread=bool(state and state.text and state.text != state.read_text),
        by=state.by if state else None,
        difference=difference(before, words) if stale else [],
        source_hash=present,
        version=version_of(state, present),
        former_source=before,
        first_only=bool(state and state.first_only),
        drafted_by=drafted_by,
        changed_at=state.changed_at if state and text else None,
        stale_since=state.stale_since if state else None,
    )


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """The new text with what went out of the old one: [(kind, words)], by words.

    >>> difference("one week", "one month")
    [('', 'one '), ('del', 'week'), ('ins', 'month')]
    """
    before, after = (re.findall(r"\w+|\W", text) for text in (old, new))
    parts = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            parts.append(("", "".join(after[b0:b1])))
            continue
        if a1 > a0:
            parts.append(("del", "".join(before[a0:a1])))
        if b1 > b0:
            parts.append(("ins", "".join(after[b0:b1])))
    return parts
