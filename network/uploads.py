"""Files that people send: judged by content, made small, stored under a guard.

Pictures are decoded and written anew, so that neither place nor camera nor
anything hidden behind the picture stays. Other files are kept as they are
and therefore judged strictly. Nothing is believed of a name or a type that a
browser claims.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from pathlib import PurePath

import filetype
import pillow_heif
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from network.file_reader import MAX_UNPACKED_BYTES, MAX_ZIP_ENTRIES
from network.models import GkcDocument, GkcImage
from network.reading import MAX_BYTES

MAX_EDGE_PX = 2400  # an A3 sheet prints a half-page picture at 300 dpi with less
MAX_PIXELS = 80_000_000  # a phone's 48 megapixels pass; a bomb does not
JPEG_QUALITY = 85

_PICTURES = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/avif"}
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "}
# Parts of an Office file that run something: macros, old Excel macro sheets, ActiveX, OLE.
_RUNS = re.compile(r"vba|macro|activex|embeddings/.*\.(bin|exe|ole)", re.IGNORECASE)

pillow_heif.register_heif_opener()


class UploadRefused(ValidationError):
    """The file is not taken; the message says why and what to do, in the active language."""


def take_upload(upload, *, guard: str, guard_key: str, by) -> GkcImage | GkcDocument:
    """Judge and store a file that a person sent; the caller may see it as `guard` allows.

    Raises UploadRefused.
    """
    if upload.size > MAX_BYTES:
        raise UploadRefused(_("This file is larger than 25 MB. Make it smaller, then try again."))
    content = upload.read()
    kind = kind_of(content)
    stored = {"guard": guard, "guard_key": guard_key, "uploaded_by_user": by}
    if kind in _PICTURES:
        data, extension, size = redraw(content)
        image = GkcImage(title=title_of(upload.name), width=size[0], height=size[1], **stored)
        image.file = ContentFile(data, name=safe_name(upload.name, extension))
        image._set_image_file_metadata()
        image.save()
        return image
    extension = check_document(content, kind)
    document = GkcDocument(title=title_of(upload.name), **stored)
    document.file = ContentFile(content, name=safe_name(upload.name, extension))
    document._set_document_file_metadata()
    document.save()
    return document


def kind_of(content: bytes) -> str:
    """The media type that the first bytes show; '' where they show none of ours."""
    guessed = filetype.guess_mime(content[:8192]) or ""
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand in _HEIC_BRANDS:
            return "image/heic"
        if brand == b"avif":
            return "image/avif"
        if brand == b"qt  ":
            return "video/quicktime"
        return "video/mp4" if brand in _MP4_BRANDS else ""
    if content[:4] == b"PK\x03\x04":
        return "application/zip"
    if content[:5] == b"%PDF-":
        return "application/pdf"
    return guessed if guessed in _PICTURES or guessed.startswith("video/") else ""


def redraw(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The picture written anew: upright, at most MAX_EDGE_PX, nothing but its pixels.

    Returns the bytes, the extension and (width, height). Photographs become
    JPEG; PNG and WebP stay what they are, so that drawings keep sharp edges.
    Raises UploadRefused.
    """
    # WeasyPrint allows halves for the whole process; an upload that broke off
    # would become a picture that is grey below.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content))
            if opened.width * opened.height > MAX_PIXELS:
                raise UploadRefused(_("This picture has too many pixels. Make it smaller first."))
            kind = opened.format
            picture = ImageOps.exif_transpose(_in_srgb(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise UploadRefused(_("This picture has too many pixels. Make it smaller first.")) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise UploadRefused(_("This picture cannot be read. Save it again, then try.")) from broken
    picture.thumbnail((MAX_EDGE_PX, MAX_EDGE_PX), Image.Resampling.LANCZOS)
    written_as = {"PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}.get(kind, "JPEG")
    if written_as == "JPEG" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    picture.info = {}  # Pillow writes XMP and profiles found here back into the file
    target = io.BytesIO()
    options = {
        "JPEG": {"quality": JPEG_QUALITY, "optimize": True, "progressive": True},
        "PNG": {"optimize": True},
        "WEBP": {"quality": JPEG_QUALITY},
    }[written_as]
    picture.save(target, written_as, **options)
    extension = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[written_as]
    return target.getvalue(), extension, picture.size


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Decode; colours of a phone's wide profile are brought to sRGB, which every screen knows."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        picture.load()
        return picture
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=picture.mode,
        )
    except ImageCms.PyCMSError:
        picture.load()  # a broken profile is no reason to refuse the picture
        return picture


def check_document(content: bytes, kind: str) -> str:
    """The extension a document is stored with. Raises UploadRefused for what is not taken."""
    if kind == "application/pdf":
        return "pdf"
    if kind == "video/mp4":
        return "mp4"
    if kind == "application/zip":
        return check_office(content)
    if kind.startswith("video/"):
        raise UploadRefused(
            _(
                "This film cannot be taken in its format. On the phone or computer, export it "
                "as MP4 (H.264), at most 25 MB, then try again."
            )
        )
    raise UploadRefused(
        _(
            "Only pictures (JPEG, PNG, WebP, HEIC), PDF, Word, Excel and PowerPoint files and "
            "short MP4 films are taken."
        )
    )


def check_office(content: bytes) -> str:
    """'docx', 'xlsx' or 'pptx'. Raises UploadRefused for macros, bombs and other archives."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
                raise UploadRefused(
                    _("This file unpacks to far more than it should. Save it anew.")
                )
            if any(_RUNS.search(entry.filename) for entry in entries):
                raise _macros()
            with archive.open("[Content_Types].xml") as types:
                described = types.read(1_000_000).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError) as broken:
        raise UploadRefused(
            _("This is no Word, Excel or PowerPoint file that can be read.")
        ) from broken
    if "macroenabled" in described.lower() or "vbaproject" in described.lower():
        raise _macros()
    for content_type, extension in _OFFICE.items():
        if content_type in described:
            return extension
    raise UploadRefused(_("This is no Word, Excel or PowerPoint file that can be read."))


def _macros() -> UploadRefused:
    return UploadRefused(
        _("This file holds macros or other programs. Save it without them, then try again.")
    )


def title_of(name: str) -> str:
    """A file's name as a title: without path, extension and invisible marks."""
    stem = PurePath((name or "").replace("\\", "/")).stem
    visible = "".join(c for c in stem if unicodedata.category(c)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", visible).split())[:200] or _("File")


def safe_name(name: str, extension: str) -> str:
    """A name to store a file under: letters of any script, digits, '-', '_'; our extension."""
    stem = get_valid_filename(title_of(name).replace(".", "-"))[:80].strip("-_")
    return f"{stem or 'file'}.{extension}"
