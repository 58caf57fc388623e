"""The parts of a story: what is typed, what of it is accepted, how it becomes the page's blocks.

Forms here are read by transitions too (a draft becomes a revision without a
browser), so they lie below them; the forms floor holds those of single views.
"""

from bulletins.parts.base import PartForm, Sheet, add_row, drop_row, keep_typed, row_indices
from bulletins.parts.sheet import FORMS, HEADS, PARTS, number_of, part_names
from bulletins.parts.streams import is_stored, put_on_page, typed_from_page

__all__ = [
    "FORMS",
    "HEADS",
    "PARTS",
    "PartForm",
    "Sheet",
    "add_row",
    "drop_row",
    "keep_typed",
    "number_of",
    "part_names",
    "put_on_page",
    "row_indices",
    "is_stored",
    "typed_from_page",
]
