"""Whether a reviewer can read a story: in its own language, in one that is published, or in a
working translation of the whole text as it stands.

The number of queries does not grow with the stories.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from bulletins.models import Case, CaseStoryPage
from bulletins.story_parts import sheet_parts
from review.api import begun_translations, fresh_translations
from review.rounds import source_hash


@dataclass
class Words:
    """What there is of a story to read besides its own language."""

    published: dict[str, datetime.datetime] = field(default_factory=dict)  # language → since
    anchors: set[str] = field(default_factory=set)  # of all that needs words
    # (language) → anchor → when its fresh working translation was written
    working: dict[str, dict[str, datetime.datetime]] = field(default_factory=dict)

    def readable_since(self, languages: Iterable[str]) -> datetime.datetime | None:
        """Since when somebody who reads these languages can read the whole; None if never."""
        moments = [self.published[code] for code in languages if code in self.published]
        for code in languages:
            done = self.working.get(code, {})
            if self.anchors and self.anchors <= done.keys():
                moments.append(max(done[anchor] for anchor in self.anchors))
        return min(moments, default=None)


def words_of(cases: Iterable[Case]) -> dict[int, Words]:
    """Case id → its words in other languages. Three queries, or none.

    Revisions are loaded only of stories that somebody has begun to put into
    another language.
    """
    cases = {case.pk: case for case in cases}
    if not cases:
        return {}
    found = {pk: Words() for pk in cases}
    begun = begun_translations(Case, cases)
    pages = CaseStoryPage.objects.filter(case__in=list(cases)).select_related("locale")
    for page in pages.filter(live=True):
        language = page.locale.language_code
        if language != cases[page.case_id].source_language:
            since = page.first_published_at or page.latest_revision_created_at
            found[page.case_id].published[language] = since
    sources: dict[int, dict[str, str]] = {}
    wanted = pages.filter(case__in=begun).select_related("locale", "latest_revision")
    for page in wanted if begun else ():
        if page.locale.language_code != cases[page.case_id].source_language:
            continue
        text = page.latest_revision.as_object() if page.latest_revision else page
        sources[page.case_id] = {
            item.anchor: source_hash(item.source)
            for part in sheet_parts(text)
            for item in part.items
            if item.source
        }
        found[page.case_id].anchors = set(sources[page.case_id])
    for (pk, language), anchors in fresh_translations(Case, sources).items() if sources else ():
        found[pk].working[language] = anchors
    return found


def readable_since(pairs: Iterable[tuple[Case, object]]) -> dict[int, datetime.datetime]:
    """Case id → since when its reviewer can read it; cases that they cannot are left out."""
    pairs = list(pairs)
    readable = {}
    strange = []
    for case, person in pairs:
        if case.source_language in person.reading_languages:
            readable[case.pk] = case.since
        else:
            strange.append((case, person))
    words = words_of(case for case, _person in strange)
    for case, person in strange:
        since = words[case.pk].readable_since(person.reading_languages)
        if since is not None:
            readable[case.pk] = since
    return readable
