"""Files that arrive in pieces: begun, gone on with where they stopped, handed over whole.

What tus 1.0 (https://tus.io/protocols/resumable-upload) calls the server's
part, without its HTTP (network.upload_endpoints). The pieces are rows, so
that any web host can go on with them and a broken transaction leaves the
offset where it was (docs/adr/0008).
"""

import datetime

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.exceptions import ChangeRefused
from network.models import PartialUpload, UploadPiece, User
from network.reading import MAX_BYTES

MAX_OPEN = 5  # files of one person on their way at once


class UploadTooLarge(ChangeRefused):
    """More bytes than a file may have, or than were announced."""


class UploadBeyondCount(ChangeRefused):
    """This person has as many files on their way as they may."""


class WrongOffset(ChangeRefused):
    """The piece does not begin where the received bytes end; `received` says where that is."""

    def __init__(self, received: int):
        super().__init__(_("This piece does not follow what has arrived."))
        self.received = received


@transaction.atomic
def begin_upload(*, by, name: str, size: int) -> PartialUpload:
    """Announce a file of `size` bytes. Raises UploadTooLarge or UploadBeyondCount."""
    if not 0 < size <= MAX_BYTES:
        raise UploadTooLarge(_("This file is larger than 25 MB. Make it smaller, then try again."))
    # The person's row is the lock: two tabs count one after the other.
    User.objects.select_for_update().get(pk=by.pk)
    if PartialUpload.objects.filter(user=by, moved_at__gt=_oldest()).count() >= MAX_OPEN:
        raise UploadBeyondCount(
            ngettext(
                "At most %(n)s file can be on its way at once. Finish or give up one first.",
                "At most %(n)s files can be on their way at once. Finish or give up one first.",
                MAX_OPEN,
            )
            % {"n": MAX_OPEN}
        )
    return PartialUpload.objects.create(user=by, name=name[:255], size=size)


def find_upload(key, *, by) -> PartialUpload | None:
    """This person's file on its way; None where there is none, or it has waited too long."""
    return PartialUpload.objects.filter(pk=key, user=by, moved_at__gt=_oldest()).first()


@transaction.atomic
def take_piece(upload: PartialUpload, data: bytes, *, start: int) -> PartialUpload:
    """Keep some bytes that follow the received ones.

    Of two senders at once one goes on; the other gets WrongOffset. Raises
    UploadTooLarge for more bytes than were announced, PartialUpload.DoesNotExist
    where it was given up meanwhile.
    """
    upload = PartialUpload.objects.select_for_update().get(pk=upload.pk)
    if start != upload.received:
        raise WrongOffset(upload.received)
    if start + len(data) > upload.size:
        raise UploadTooLarge(_("This file is longer than was announced. Send it again."))
    if data:
        UploadPiece.objects.create(upload=upload, start=start, data=data)
        upload.received += len(data)
    upload.save(update_fields=["received", "moved_at"])
    return upload


def whole_file(key, *, by) -> SimpleUploadedFile | None:
    """The file, as if it had been posted in one; None where it is not whole or not theirs.

    Inside a transaction: its row is held, so that two senders of one form take it once.
    """
    upload = PartialUpload.objects.select_for_update().filter(pk=key, user=by).first()
    if upload is None or not upload.is_whole:
        return None
    pieces = upload.pieces.order_by("start").values_list("data", flat=True)
    return SimpleUploadedFile(upload.name, b"".join(bytes(data) for data in pieces))


def drop_upload(key, *, by) -> bool:
    """Forget a file on its way: it was taken or given up. Whether it was there."""
    deleted, _kinds = PartialUpload.objects.filter(pk=key, user=by).delete()
    return bool(deleted)


def expires_at(upload: PartialUpload) -> datetime.datetime:
    """When it is forgotten unless it moves on."""
    return upload.moved_at + datetime.timedelta(hours=settings.UPLOAD_KEPT_H)


def forget_stale() -> int:
    """Forget files that have not moved for long. How many; safe to run twice."""
    stale = PartialUpload.objects.filter(moved_at__lte=_oldest())
    count = stale.count()
    stale.delete()
    return count


def _oldest() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(hours=settings.UPLOAD_KEPT_H)
