"""Media addresses: every file is sent only after its guard agreed."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from network.models import GkcDocument, GkcRendition
from network.registry import may_see_media

# Shown in the page by a browser; all else is downloaded.
_INLINE = {"image/jpeg", "image/png", "image/webp", "image/avif", "video/mp4", "application/pdf"}


@require_safe
@cache_control(private=True, max_age=3600)
def rendition(request, image_id: int, pk: int):
    """A resized picture; 404 for whoever may not see it."""
    found = get_object_or_404(GkcRendition.objects.select_related("image"), pk=pk, image=image_id)
    if not may_see_media(request.user, found.image):
        raise Http404
    return _send(found.file, found.file.name)


@require_safe
@cache_control(private=True, max_age=3600)
def document(request, pk: int, name: str):
    """An attached file; 404 for whoever may not see it."""
    found = get_object_or_404(GkcDocument, pk=pk)
    if not may_see_media(request.user, found):
        raise Http404
    return _send(found.file, found.filename)


def _send(file, name: str) -> FileResponse:
    try:
        handle = file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    name = name.rsplit("/", 1)[-1]
    response = FileResponse(handle, filename=name)
    if response["Content-Type"].split(";")[0] not in _INLINE:
        # Django's own header: a name in another script is encoded as browsers read it.
        response["Content-Disposition"] = content_disposition_header(True, name)
    # An uploaded file never runs anything, whatever it holds.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
