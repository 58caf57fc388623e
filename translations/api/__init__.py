"""What other rooms call: begin, write, read and publish translations; ask how current they are.

Words live in `TextState`; a page in a language is always built from them, so
a page never shows less than what people wrote. Callers of `put_live` and
`follow_source` hold their own transition open: pages go live inside one only.
"""

from translations.api.access import find_target
from translations.api.current import (
    NOTHING,
    Behind,
    Progress,
    all_behind,
    finished_languages,
    is_complete,
    is_current,
    is_read,
    languages_behind,
    newest_words,
    paragraph_states,
    paragraphs_behind,
    progress,
    progress_of,
)
from translations.api.going_live import follow_source, put_live
from translations.api.second_reader import confirm_reading, reading_hash
from translations.api.writing import begin_translation, save_draft, translate_page

__all__ = [
    "NOTHING",
    "Behind",
    "Progress",
    "all_behind",
    "begin_translation",
    "confirm_reading",
    "find_target",
    "finished_languages",
    "follow_source",
    "is_complete",
    "is_current",
    "is_read",
    "languages_behind",
    "newest_words",
    "paragraph_states",
    "paragraphs_behind",
    "progress",
    "progress_of",
    "put_live",
    "reading_hash",
    "save_draft",
    "translate_page",
]
