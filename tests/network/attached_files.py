"""Files as people attach them, made here: what stands in each is known."""

import io
import zipfile

import docx
import openpyxl
import pptx
import pypdf
from pptx.util import Inches


def saved(document) -> bytes:
    """What a library's `save` writes."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def a_docx(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    return saved(document)


def an_xlsx(*rows: tuple, title: str = "Sheet") -> bytes:
    """An Excel file of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def a_pptx(*slides: str, notes: str = "") -> bytes:
    """A PowerPoint file, a text box a slide; `notes` stand below the last."""
    show = pptx.Presentation()
    for words in slides:
        slide = show.slides.add_slide(show.slide_layouts[6])
        box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(5), Inches(1))
        box.text_frame.text = words
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    return saved(show)


def a_pdf(*pages: str, password: str | None = None, owner: str | None = None) -> bytes:
    """A PDF in Helvetica: Latin letters only. Locked where a password is given."""
    writer = pypdf.PdfWriter()
    for words in pages:
        page = writer.add_blank_page(width=595, height=842)
        lines = words.replace("\\", "").replace("(", "").replace(")", "").split("\n")
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        content = pypdf.generic.DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 14 TL 60 760 Td {shown} ET".encode("latin-1"))
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content)
        font = pypdf.generic.DictionaryObject(
            {
                pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
                pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
                pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
            }
        )
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
    if password is not None or owner is not None:
        writer.encrypt(password or "", owner or password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def a_locked_office_file() -> bytes:
    """The begin of what Office writes where a password is set, with its table of contents."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
    return head + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512


def with_part(packed: bytes, name: str, data: bytes) -> bytes:
    """The Office file with one part replaced or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry.filename))
        new.writestr(name, data)
    return target.getvalue()


def with_declared_size(packed: bytes, name: str, size: int) -> bytes:
    """The Office file, lying about how large one part is when unpacked (both its headers)."""
    data = bytearray(packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        local = archive.getinfo(name).header_offset
    data[local + 22 : local + 26] = size.to_bytes(4, "little")
    central = data.rindex(name.encode()) - 46
    data[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(data)
