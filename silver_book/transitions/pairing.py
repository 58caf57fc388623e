"""A change in English is to be compared in Japanese, and the other way round (R15)."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from silver_book.models import BookPage, BookSectionPage, PairMark
from silver_book.permissions import BASE_LANGUAGES, can_publish_book


def mark_twin(page: BookPage, places: Collection[str], *, by) -> None:
    """The paragraphs changed in meaning: their counterparts are to be compared.

    A change of a paragraph that was itself marked is the answer to that mark
    and raises no new one. Inside the caller's transaction.
    """
    if page.language not in BASE_LANGUAGES or not isinstance(page, BookSectionPage) or not places:
        return
    open_here = PairMark.objects.filter(
        object_key=page.translation_key,
        language=page.language,
        block_id__in=places,
        settled_at=None,
    )
    answered = set(open_here.values_list("block_id", flat=True))
    open_here.update(settled_at=timezone.now(), settled_by=by)
    twins = type(page).objects.filter(
        translation_key=page.translation_key,
        locale__language_code__in=[code for code in BASE_LANGUAGES if code != page.language],
    )
    for twin in twins.select_related("locale"):
        there = {block["id"] for block in twin.body.raw_data} | {"title", "summary"}
        PairMark.objects.bulk_create(
            [
                PairMark(object_key=page.translation_key, block_id=place, language=twin.language)
                for place in sorted((set(places) & there) - answered)
            ],
            ignore_conflicts=True,
        )


def settle_pair(mark: PairMark, *, by) -> bool:
    """An editor says that the paragraph still says the same. False where it was settled before.

    Raises PermissionDenied.
    """
    if not can_publish_book(by):
        raise PermissionDenied
    changed = PairMark.objects.filter(pk=mark.pk, settled_at=None).update(
        settled_at=timezone.now(), settled_by=by
    )
    return bool(changed)
