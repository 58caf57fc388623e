"""tus 1.0 over HTTP: core, creation, termination and expiration.

A member's own files only. What arrives before a line breaks is kept, and the
client asks with HEAD where to go on.
"""

import base64
import binascii

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import is_ratelimited

from network.models import PartialUpload
from network.permissions import is_member
from network.reading import MAX_BYTES
from network.resumable import (
    UploadBeyondCount,
    UploadTooLarge,
    WrongOffset,
    begin_upload,
    drop_upload,
    expires_at,
    find_upload,
    take_piece,
)

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
PIECE_TYPE = "application/offset+octet-stream"
READ_AT_ONCE = 64 * 1024  # bytes: what a broken line loses at most


@never_cache
@require_http_methods(["POST", "OPTIONS"])
def uploads(request):
    """OPTIONS: what this server can. POST: a file is announced; its address is the answer."""
    if request.method == "OPTIONS":
        return _answer(
            204,
            **{
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(MAX_BYTES),
            },
        )
    if (refused := _refusal(request)) is not None:
        return refused
    size = _number(request.headers.get("Upload-Length"))
    name = _name(request.headers.get("Upload-Metadata", ""))
    if size is None or not name:
        return _said(400, _("The announcement of the file is not complete."))
    if is_ratelimited(
        request, group="share-upload", key="user", rate=settings.UPLOAD_RATE, increment=True
    ):
        return _said(429, _("Too many in one hour. Your text is saved; try again later."))
    try:
        upload = begin_upload(by=request.user, name=name, size=size)
    except UploadTooLarge as refusal:
        return _said(413, str(refusal))
    except UploadBeyondCount as refusal:
        return _said(422, str(refusal))
    address = reverse("upload", args=[upload.pk])
    return _answer(201, Location=address, **_expires(upload))


@never_cache
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request, key):
    """HEAD: how far it is. PATCH: the next bytes. DELETE: it is given up."""
    if (refused := _refusal(request)) is not None:
        return refused
    found = find_upload(key, by=request.user)
    if found is None:
        raise Http404
    if request.method == "HEAD":
        return _answer(200, **{"Upload-Length": str(found.size)}, **_progress(found))
    if request.method == "DELETE":
        drop_upload(key, by=request.user)
        return _answer(204)
    if request.content_type != PIECE_TYPE:
        return _answer(415)
    start = _number(request.headers.get("Upload-Offset"))
    if start is None:
        return _answer(400)
    if start != found.received:
        return _answer(409, **_progress(found))
    length = _number(request.headers.get("Content-Length"))
    if length is not None and start + length > found.size:
        return _said(413, _("This file is longer than was announced. Send it again."))
    # Read before the row is locked: the line may be slow.
    data = _arriving(request, most=found.size - start)
    try:
        found = take_piece(found, data, start=start)
    except WrongOffset as elsewhere:
        return _answer(409, **{"Upload-Offset": str(elsewhere.received)})
    except PartialUpload.DoesNotExist as gone:
        raise Http404 from gone
    return _answer(204, **_progress(found))


def _arriving(request, *, most: int) -> bytes:
    """The bytes of the body; of a broken one those that came."""
    pieces, left = [], most
    while left > 0:
        try:
            data = request.read(min(READ_AT_ONCE, left))
        except UnreadablePostError:
            break
        if not data:
            break
        pieces.append(data)
        left -= len(data)
    return b"".join(pieces)


def _refusal(request) -> HttpResponse | None:
    if not is_member(request.user):
        return _said(401, _("Sign in again; nothing is lost."))
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, **{"Tus-Version": VERSION})
    return None


def _progress(found: PartialUpload) -> dict[str, str]:
    return {"Upload-Offset": str(found.received), **_expires(found)}


def _expires(found: PartialUpload) -> dict[str, str]:
    return {"Upload-Expires": http_date(expires_at(found).timestamp())}


def _answer(status: int, **headers: str) -> HttpResponse:
    return HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **headers})


def _said(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status, headers={"Tus-Resumable": VERSION})


def _number(value: str | None) -> int | None:
    """A header's whole number; None for anything else."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 16 else None


def _name(metadata: str) -> str:
    """The file's name from `Upload-Metadata: filename d29ybGQ=, …`; '' where there is none."""
    for pair in metadata.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8").replace("\x00", "")
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""
