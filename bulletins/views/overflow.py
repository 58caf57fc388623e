"""Which parts are too long for the one A3 page, told to the author as they write (R32)."""

import hashlib
import json

from django.core.cache import cache

from bulletins.page_text import story_text
from bulletins.printing import a3_overflow

# A column holds some 5,000 characters at the smallest type; a list's line takes a
# line however short it is. Below this nothing can overflow and nothing is laid out.
NEVER_OVER = 4_000
LINE = 100
KEPT_S = 24 * 3600


def parts_too_long(page) -> list[str]:
    """Parts of a page, saved or not, that the print would cut.

    About a second for a long text that was not measured before, else nothing.
    """
    # Twice the length: Han, kana and Thai are wider or taller than Latin letters.
    if sum(max(2 * len(line), LINE) for line in story_text(page).splitlines()) < NEVER_OVER:
        return []
    words = json.dumps(page.serializable_data(), sort_keys=True, default=str)
    key = f"a3-over-{hashlib.sha256(words.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: a3_overflow(page), KEPT_S)
