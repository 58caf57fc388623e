"""The book is frozen as an edition; its files wait for their builders from then on."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.tree import tree_change
from silver_book.editions.collecting import (
    Collected,
    collect,
    digest_of,
    fingerprint,
    keep_pictures,
)
from silver_book.editions.comparing import summary
from silver_book.exceptions import EditionRefused
from silver_book.models import (
    Edition,
    EditionFile,
    EditionText,
    FileFormat,
    FileState,
    FrozenText,
)
from silver_book.permissions import can_freeze_edition

BATCH = 500  # rows a statement


def freeze_edition(
    *, by, seen: str | None = None, build_after: datetime.timedelta = datetime.timedelta()
) -> Edition:
    """Freeze what is live, in every language that has a section.

    `seen` is the digest of what the editor looked at; `build_after` lets the
    builders wait. Raises PermissionDenied, or EditionRefused where there is no
    book, nothing changed since the last edition, or the book is another than
    the one seen.
    """
    if not can_freeze_edition(by):
        raise PermissionDenied
    mark = fingerprint()
    collected = collect()
    last = Edition.objects.order_by("-number").first()
    if not collected.languages:
        raise EditionRefused(_("The book has no text yet."))
    if last is not None and last.digest == collected.digest:
        raise EditionRefused(_("Nothing has changed since the last edition."))
    if seen is not None and seen != collected.digest:
        raise EditionRefused(_changed())
    # Before the lock: words and pictures are kept by their hash, and harm nobody alone.
    keep_pictures(collected.sources)
    texts = _keep_texts(collected)
    with tree_change():
        newest = Edition.objects.order_by("-number").first()
        if fingerprint() != mark or newest != last:
            raise EditionRefused(_changed())
        edition = Edition(
            number=last.number + 1 if last else 1,
            frozen_by=by,
            digest=collected.digest,
            languages=summary(collected, last),
        )
        _write_texts(edition, collected, texts)
        edition.save()  # last: the database takes no text of an edition that exists
        _write_files(edition, build_after)
    return edition


def _changed() -> str:
    return _("The book has changed since you looked at it. Look again, then freeze.")


def _keep_texts(collected: Collected) -> dict[str, int]:
    """Digest → row, for all texts; those that no edition holds yet are written."""
    contents = {text.digest: text.content for text in collected.texts}
    digests = sorted(contents)
    known: dict[str, int] = {}
    for start in range(0, len(digests), BATCH):
        some = digests[start : start + BATCH]
        rows = FrozenText.objects.filter(digest__in=some)
        held = dict(rows.values_list("digest", "pk"))
        FrozenText.objects.bulk_create(
            [FrozenText(digest=d, content=contents[d]) for d in some if d not in held],
            ignore_conflicts=True,
        )
        known |= dict(rows.all().values_list("digest", "pk"))
    return known


def _write_texts(edition: Edition, collected: Collected, texts: dict[str, int]) -> None:
    EditionText.objects.bulk_create(
        [
            EditionText(
                edition_id=edition.number,
                language=text.language,
                kind=text.kind,
                key=text.key,
                part_key=text.part_key,
                chapter_key=text.chapter_key,
                number=text.number,
                title=text.title,
                text_id=texts[text.digest],
                states=text.states,
            )
            for text in collected.texts
        ],
        batch_size=BATCH,
    )


def _write_files(edition: Edition, build_after: datetime.timedelta) -> None:
    """One row a language and format: the builders' work (silver_book.editions.files)."""
    EditionFile.objects.bulk_create(
        [
            EditionFile(
                edition=edition,
                language=language,
                format=kind,
                content_hash=digest_of([edition.number, edition.digest, language, kind]),
                try_at=timezone.now() + build_after,
            )
            for language in edition.language_codes()
            for kind in FileFormat.values
        ]
    )


def build_again(file: EditionFile, *, by) -> bool:
    """Let a file that failed be built once more. False where it had not failed.

    Raises PermissionDenied.
    """
    if not can_freeze_edition(by):
        raise PermissionDenied
    with transaction.atomic():
        changed = EditionFile.objects.filter(pk=file.pk, state=FileState.FAILED).update(
            state=FileState.WAITING, attempts=0, try_at=timezone.now(), last_error=""
        )
    return bool(changed)
