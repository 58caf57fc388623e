"""One function a change of a local text; each leaves an event (R17)."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.languages import codes
from search.api import mark_changed
from silver_book import inline
from silver_book.blocks import texts_of
from silver_book.exceptions import BookChangeRefused
from silver_book.models import BookPage, BookSectionPage, LocalText, LocalTextEvent
from silver_book.models.local import MAX_TEXT
from silver_book.permissions import BASE_LANGUAGES, can_write_local
from touchpoints.api import tell

What = LocalTextEvent.What


@transaction.atomic
def write_local(
    section, block_id: str, *, scope: tuple[str, int], kind: str, language: str, text: str, by
) -> LocalText:
    """Add a region's note to a paragraph, or its version of it.

    Raises PermissionDenied, or BookChangeRefused where the paragraph is not
    there, the region has such a text already, or the text is empty or too long.
    """
    if not can_write_local(by, scope):
        raise PermissionDenied
    if language not in codes() or kind not in LocalText.Kind.values:
        raise BookChangeRefused(_("Choose a kind of text and one of the twelve languages."))
    local = LocalText(
        section=section,
        block_id=block_id,
        region_id=scope[1] if scope[0] == "region" else None,
        review_area_id=scope[1] if scope[0] == "area" else None,
        kind=kind,
        language=language,
        text=_said(text),
        by=by,
        changed_at=timezone.now(),
    )
    standard = standard_of(local)
    if standard is None:
        raise BookChangeRefused(_("This paragraph is no longer in the text."))
    local.standard = standard
    try:
        with transaction.atomic():
            local.save()
    except IntegrityError as error:
        raise BookChangeRefused(
            _("Your region has such a text here already, in this language. Change that one.")
        ) from error
    return _done(local, What.WRITTEN, by)


@transaction.atomic
def change_local(local: LocalText, *, text: str, kind: str, seen: int, by) -> LocalText:
    """Other words; they are written for the standard as it stands now.

    `seen` is the newest event its writer saw. Raises PermissionDenied, or
    BookChangeRefused where somebody was faster.
    """
    local = _locked(local, by)
    if local.events.values_list("pk", flat=True).first() != seen:
        raise BookChangeRefused(
            _("Somebody has changed this text since you opened it. Both texts stand below.")
        )
    if kind not in LocalText.Kind.values:
        raise BookChangeRefused(_("Choose a kind of text and one of the twelve languages."))
    local.text, local.kind, local.by, local.changed_at = _said(text), kind, by, timezone.now()
    try:
        with transaction.atomic():
            _settle(local)
    except IntegrityError as error:
        raise BookChangeRefused(
            _("Your region has such a text here already, in this language. Change that one.")
        ) from error
    return _done(local, What.CHANGED, by)


@transaction.atomic
def confirm_local(local: LocalText, *, by) -> LocalText:
    """The local text is still right beside the changed standard. Raises PermissionDenied."""
    local = _locked(local, by)
    _settle(local)
    return _done(local, What.CONFIRMED, by)


@transaction.atomic
def remove_local(local: LocalText, *, by) -> LocalText:
    """Take it out of the region's edition; its history stays. Raises PermissionDenied."""
    local = _locked(local, by)
    local.removed_at, local.review_since = timezone.now(), None
    local.save()
    return _done(local, What.REMOVED, by)


def standard_moved(page: BookPage, places: Collection[str], *, by) -> None:
    """Paragraphs of a base text changed in meaning, or went: local texts are to be looked at.

    Inside the caller's transaction.
    """
    if page.language not in BASE_LANGUAGES or not isinstance(page, BookSectionPage) or not places:
        return
    rows = LocalText.objects.standing().filter(
        section=page.translation_key, block_id__in=places, review_since__isnull=True
    )
    for local in rows.with_places():
        if local.standard_language != page.language:
            continue
        local.review_since = timezone.now()
        local.save(update_fields=["review_since"])
        LocalTextEvent.objects.create(local_text=local, what=What.STANDARD_CHANGED, by=by)
        tell("silver_book.local_to_review", local)


def standard_of(local: LocalText) -> str | None:
    """The paragraph's words in its base language as readers see them; None where it is gone.

    Where only one base language has the paragraph, that one counts.
    """
    pages = BookSectionPage.objects.filter(
        translation_key=local.section, live=True, locale__language_code__in=BASE_LANGUAGES
    ).select_related("locale")
    for page in sorted(pages, key=lambda page: page.language != local.standard_language):
        for block in page.body.raw_data:
            if block["id"] == local.block_id and block["type"] != "heading":
                return "\n".join(inline.plain(text) for text in texts_of(block))
    return None


def _settle(local: LocalText) -> None:
    standard = standard_of(local)
    local.standard = local.standard if standard is None else standard
    local.review_since = None
    local.save()


def _locked(local: LocalText, by) -> LocalText:
    local = LocalText.objects.select_for_update(of=("self",)).with_places().get(pk=local.pk)
    if not can_write_local(by, local.scope):
        raise PermissionDenied
    if local.removed_at is not None:
        raise BookChangeRefused(_("This local text was removed meanwhile."))
    return local


def _said(text: str) -> str:
    text = (text or "").replace("\r\n", "\n").strip()
    if not text:
        raise BookChangeRefused(_("The text is empty."))
    if len(text) > MAX_TEXT:
        raise BookChangeRefused(
            ngettext(
                "At most %(n)s character, please.", "At most %(n)s characters, please.", MAX_TEXT
            )
            % {"n": MAX_TEXT}
        )
    return text


def _done(local: LocalText, what: str, by) -> LocalText:
    LocalTextEvent.objects.create(local_text=local, what=what, text=local.text, by=by)
    mark_changed(local)
    return local
