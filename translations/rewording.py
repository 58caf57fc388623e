"""A change of wording only: what was made for the earlier words stays current."""

from collections.abc import Iterable, Mapping

from wagtail.models import Page
from wagtail_localize.models import StringSegment

from translations.models import TextState


def original_hashes(page: Page) -> dict[str, str]:
    """Path → hash of what the original says now, for `still_current`. One query."""
    rows = StringSegment.objects.filter(
        source__object_id=page.translation_key, source__locale_id=page.locale_id
    )
    return {
        path: str(made_for)
        for path, made_for in rows.values_list("context__path", "string__data_hash")
    }


def still_current(page: Page, before: Mapping[str, str], paths: Iterable[str]) -> None:
    """The original changed in wording, not in meaning, at these paths: words stay current.

    `before` are the `original_hashes` of the earlier text. Words that were
    behind it stay behind. Inside the caller's transaction.
    """
    now = original_hashes(page)
    for path in paths:
        old, new = before.get(path), now.get(path)
        if old is None or new is None or old == new:
            continue
        states = TextState.objects.of(page.translation_key).filter(path=path)
        states.filter(read_hash=old).update(read_hash=new)
        states.filter(source_hash=old).update(source_hash=new, is_stale=False, stale_since=None)
