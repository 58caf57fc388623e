"""Blocks whose words are translated while everything else stays the source's."""

from wagtail import blocks
from wagtail_localize.segments import StringSegmentValue


class WordsOnlyBlock(blocks.StructBlock):
    """A struct that offers only the fields named in `translated` for translation.

    wagtail-localize decides by a block's type: it would take keys and units
    for words, and let a translator exchange a picture. A figure, a date, a
    unit, a key or a picture is edited in the source language only; a
    translated page takes it over from there.
    """

    #: Names of text fields, or of lists of texts.
    translated: tuple[str, ...] = ()

    def get_translatable_segments(self, value) -> list[StringSegmentValue]:
        """What wagtail-localize asks of a block; it writes back by its own struct handling."""
        segments = []
        for name in self.translated:
            for segment in _texts(value[name]):
                segments.append(segment.wrap(name))
        return segments


def _texts(value) -> list[StringSegmentValue]:
    """A text, or each item of a list by its id (an item without one is not stored yet).

    Items may be lists themselves: a table's rows hold cells.
    """
    if isinstance(value, str):
        return [StringSegmentValue("", value)]
    items = [bound for bound in getattr(value, "bound_blocks", []) if bound.id]
    return [segment.wrap(bound.id) for bound in items for segment in _texts(bound.value)]
