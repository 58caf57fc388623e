"""Files are judged by content, made small, and stored under a guard."""

import io
import zipfile

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from network.models import GkcDocument, GkcImage
from network.uploads import MAX_BYTES, UploadRefused, kind_of, safe_name, take_upload, title_of
from tests.factories.network import make_user

pytestmark = pytest.mark.django_db

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
GPS = 0x8825
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>where it was</x:xmpmeta>"


def send(name, content):
    upload = SimpleUploadedFile(name, content)
    return take_upload(upload, guard="bulletins.case", guard_key="2026-0001", by=make_user())


def picture(kind="JPEG", size=(60, 40), **options):
    target = io.BytesIO()
    Image.new("RGB", size, "#1d3aa6").save(target, kind, **options)
    return target.getvalue()


def a_photograph(size=(60, 40), orientation=1):
    """A JPEG that knows where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Phone maker"
    exif[0x0112] = orientation
    exif.get_ifd(GPS)[2] = (35.0, 41.0, 22.0)
    return picture(size=size, exif=exif, xmp=XMP)


def office(content_type=WORD, more=()):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{content_type}"/>')
        archive.writestr("word/document.xml", "<w/>")
        for name, data in more:
            archive.writestr(name, data)
    return target.getvalue()


def test_a_photograph_keeps_nothing_but_its_pixels():
    sent = a_photograph()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)  # control: it was there
    kept = send("IMG_1.jpg", sent)
    raw = kept.file.open().read()
    opened = Image.open(io.BytesIO(raw))
    assert dict(opened.getexif()) == {}
    assert b"Phone maker" not in raw
    assert b"where it was" not in raw
    assert (kept.guard, kept.guard_key) == ("bulletins.case", "2026-0001")
    assert (kept.width, kept.height) == (60, 40)


def test_a_photograph_taken_sideways_stands_upright():
    kept = send("a.jpg", a_photograph(orientation=6))
    assert (kept.width, kept.height) == (40, 60)


def test_a_large_picture_is_made_smaller():
    kept = send("a.png", picture("PNG", (4800, 1200)))
    assert (kept.width, kept.height) == (2400, 600)
    assert kept.filename.endswith(".png")


def test_heic_of_a_phone_becomes_jpeg():
    target = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64), "green")).save(target)
    assert kind_of(target.getvalue()) == "image/heic"
    kept = send("IMG_0042.HEIC", target.getvalue())
    assert Image.open(kept.file.open()).format == "JPEG"
    assert kept.filename.endswith(".jpg")


@pytest.mark.parametrize(("kind", "extension"), [("WEBP", "webp"), ("GIF", "png"), ("PNG", "png")])
def test_drawings_keep_sharp_edges(kind, extension):
    assert send("a.bin", picture(kind)).filename.endswith(f".{extension}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("photo.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("photo.png", b"MZ\x90\x00 a program"),
        ("notes.txt", b"just words"),
        ("empty.pdf", b""),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("broken.jpg", a_photograph()[:200]),
        ("any.zip", office("text/plain")),
        ("torn.docx", b"PK\x03\x04" + b"\x00" * 60),
        ("raw.cr3", b"\x00\x00\x00\x18ftypcrx " + b"\x00" * 600),
    ],
)
def test_what_is_not_one_of_ours_is_refused(name, content):
    with pytest.raises(UploadRefused):
        send(name, content)
    assert not GkcImage.objects.exists()
    assert not GkcDocument.objects.exists()


@pytest.mark.parametrize(("kind", "extension"), [(WORD, "docx"), (SHEET, "xlsx")])
def test_office_files_are_known_by_content(kind, extension):
    assert send("a.bin", office(kind)).filename.endswith(f".{extension}")


@pytest.mark.parametrize(
    "content",
    [
        office(more=[("word/vbaProject.bin", b"x")]),
        office(WORD.replace("document.main", "document.macroEnabled.main")),
        office(SHEET, more=[("xl/macrosheets/sheet1.xml", b"x")]),
        office(more=[("word/activeX/activeX1.bin", b"x")]),
    ],
)
def test_office_files_with_macros_are_refused(content):
    with pytest.raises(UploadRefused, match="macros"):
        send("a.docx", content)


@pytest.mark.slow
def test_a_zip_bomb_is_refused():
    bomb = office(more=[("word/media/a.bin", b"\x00" * (210 * 1024 * 1024))])
    assert len(bomb) < 1024 * 1024
    with pytest.raises(UploadRefused, match="unpacks"):
        send("a.docx", bomb)


@pytest.mark.slow
def test_a_picture_bomb_is_refused_before_it_is_decoded():
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG")
    assert len(target.getvalue()) < 1024 * 1024
    with pytest.raises(UploadRefused, match="pixels"):
        send("a.png", target.getvalue())


def test_a_byte_more_than_25_mb_is_refused():
    pdf = b"%PDF-1.7\n" + b"\x00" * (MAX_BYTES - 9)
    assert send("a.pdf", pdf).file_size == MAX_BYTES
    with pytest.raises(UploadRefused, match="25 MB"):
        send("a.pdf", pdf + b"\x00")


def test_a_film_of_quicktime_is_refused_with_what_to_do():
    with pytest.raises(UploadRefused, match="export it as MP4"):
        send("IMG_1.MOV", b"\x00\x00\x00\x14ftypqt  " + b"\x00" * 600)


def test_a_short_mp4_is_taken():
    assert send("a.mp4", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 600).filename.endswith(".mp4")


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd.jpg", "passwd.pdf"),
        ("C:\\Users\\me\\plan.v2.pdf", "plan-v2.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("計画 2026.pdf", "計画_2026.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "File.pdf"),
    ],
)
def test_names_are_made_safe(name, stored):
    assert safe_name(name, "pdf") == stored


def test_a_title_keeps_its_words():
    assert title_of("After\u200f sales  plan.pdf") == "After sales plan"


def test_an_upload_that_broke_off_is_refused_whatever_else_runs_in_the_process(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it
    whole = picture(size=(900, 900))
    with pytest.raises(UploadRefused):
        send("half.jpg", whole[: len(whole) // 2])


def test_a_file_keeps_its_name_in_any_script(client):
    by = make_user("administrator")
    upload = SimpleUploadedFile("報告 書.docx", office())
    stored = take_upload(upload, guard="members", guard_key="", by=by)
    client.force_login(by)
    header = client.get(stored.url)["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''%E5%A0%B1%E5%91%8A_%E6%9B%B8")


def test_a_name_that_was_taken_is_still_the_files_name():
    by = make_user("administrator")
    stored = {}
    for name in ("days of stock.docx", "days of stock.docx", "report_January.docx"):
        file = take_upload(SimpleUploadedFile(name, office()), guard="members", guard_key="", by=by)
        stored.setdefault(file.filename, []).append(file.file.name)
    assert {name: len(found) for name, found in stored.items()} == {
        "days_of_stock.docx": 2,
        "report_January.docx": 1,
    }
    assert len(set(stored["days_of_stock.docx"])) == 2  # the second one is stored under another
