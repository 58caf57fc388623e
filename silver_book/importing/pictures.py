"""The pictures of a folder, taken in once each."""

import hashlib
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from network.models import GkcImage
from network.uploads import UploadRefused, take_upload
from silver_book.importing.folder import Report, Text


def with_images(text: Text, report: Report, *, by, dry_run: bool) -> list[dict]:
    """The file's blocks, pictures named by the image that holds them; others are left out."""
    blocks = []
    for block in text.blocks:
        if block["type"] == "picture":
            image = _image(Path(block["value"]["file"]), text, report, by=by, dry_run=dry_run)
            if image is None:
                continue
            words = {name: block["value"][name] for name in ("alt", "caption")}
            block = block | {"value": {"image": image, **words}}
        blocks.append(block)
    return blocks


def _image(path: Path, text: Text, report: Report, *, by, dry_run: bool) -> int | None:
    """The picture's row, made once for the same content; none by a dry run."""
    content = path.read_bytes()
    key = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    found = GkcImage.objects.filter(guard="public", guard_key=key).first()
    if found is not None:
        return found.pk
    if dry_run:
        return None
    try:
        made = take_upload(ContentFile(content, path.name), guard="public", guard_key=key, by=by)
    except UploadRefused as refusal:
        report.lose(
            text.file,
            _("picture %(name)s: %(why)s") % {"name": path.name, "why": refusal.messages[0]},
        )
        return None
    if not isinstance(made, GkcImage):
        report.lose(text.file, _("picture %(name)s is no picture") % {"name": path.name})
        return None
    return made.pk
