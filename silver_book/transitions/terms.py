"""Counting where the glossary's terms are used: after a publication or a change of the glossary.

A publication leaves a row (an import takes in thousands of texts); a task
works the rows off within seconds.
"""

from django.db import transaction

from network.languages import codes
from silver_book.inline import plain
from silver_book.models import BookSectionPage, TermCount, TermPending, TermUse
from silver_book.paragraphs import all_texts, block_states
from silver_book.permissions import BASE_LANGUAGES
from translations.aids.naming import Names, names_in, stamp
from translations.api import paragraphs_behind

_BATCH = 100  # texts that are counted in one transaction


def is_to_count(page: BookSectionPage) -> None:
    """A text went live or away, in the caller's transaction. One query."""
    TermPending.objects.bulk_create(
        [TermPending(section=page.translation_key, language=page.language)], ignore_conflicts=True
    )


def count_pending() -> int:
    """Count the texts that went live or away. Returns how many."""
    total = 0
    while True:
        with transaction.atomic():
            rows = list(
                TermPending.objects.select_for_update(skip_locked=True).order_by("pk")[:_BATCH]
            )
            if not rows:
                return total
            # Deleted first: a publication meanwhile leaves a row of its own.
            TermPending.objects.filter(pk__in=[row.pk for row in rows]).delete()
            for row in rows:
                _count(row.section, row.language, names_in(row.language))
            total += len(rows)


def _count(section, language: str, names: Names) -> None:
    pages = BookSectionPage.objects.filter(translation_key=section, live=True)
    page = pages.filter(locale__language_code=language).select_related("locale").first()
    rows = TermUse.objects.filter(section=section, language=language)
    used = _used(page, names) if page is not None else set()
    held = set(rows.values_list("term", flat=True))
    if held - used:
        rows.filter(term__in=held - used).delete()
    new = [TermUse(section=section, language=language, term=key) for key in sorted(used - held)]
    TermUse.objects.bulk_create(new, ignore_conflicts=True)


def _used(page: BookSectionPage, names: Names) -> set[str]:
    """Words that are still in another language use no term of this one."""
    blocks = page.body.raw_data
    if page.language not in BASE_LANGUAGES:
        states = block_states(paragraphs_behind(page), "body")
        blocks = [b for b in blocks if states.get(b["id"], ("", None))[0] != "missing"]
    found = set()
    for text in [page.summary, *all_texts(blocks)]:
        found |= names.used(plain(text))
    return found


def recount_terms() -> int:
    """Count again in the languages whose uses are of an earlier glossary. Returns how many."""
    now = stamp()
    known = dict(TermCount.objects.values_list("language", "stamp"))
    behind = [code for code in codes() if known.get(code) != now]
    for code in behind:
        live = BookSectionPage.objects.filter(live=True, locale__language_code=code)
        with transaction.atomic():
            TermPending.objects.bulk_create(
                [
                    TermPending(section=key, language=code)
                    for key in live.values_list("translation_key", flat=True)
                ],
                ignore_conflicts=True,
                batch_size=500,
            )
            TermCount.objects.update_or_create(language=code, defaults={"stamp": now})
    return len(behind)
