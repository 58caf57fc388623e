"""Reads the words of one file. A process of its own, started and watched by `network.reading`.

Takes the file on standard input and, as its only argument, a JSON object of
limits; writes one JSON object to standard output: state, reason, detail,
text, pages, is_cut. Knows nothing of the site, so that a file which breaks it
breaks nothing else: it is killed when it takes too long, and dies when it
takes too much memory.
"""

import json
import re
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass

#: Raise it when other words would be read from the same file: every file is then read again.
VERSION = 1

#: Seconds before its end at which the reader stops and keeps what it has.
SPARE_S = 10
MAX_PAGES = 1_000  # pages, slides or sheets
MAX_CHARACTERS = 200_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ZIP_ENTRIES = 5_000
# What it may write (bytes): MAX_CHARACTERS as JSON escapes, twice.
MAX_ANSWER_BYTES = MAX_CHARACTERS * 24

_PACKED = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How Office names the part of a locked file, in the UTF-16 of its table of contents.
_LOCKED = "EncryptedPackage".encode("utf-16-le")

# libxml2's own word for 'no memory left'; lxml tells it as an error of syntax.
_XML_NO_MEMORY = 2


@dataclass(frozen=True)
class Limits:
    """What the reader may take."""

    time_s: int
    memory_mb: int


@dataclass
class Answer:
    """What became of a file. `reason` is one of network.models.UnreadReason, or empty."""

    state: str  # done, none or failed
    reason: str = ""
    detail: str = ""
    text: str = ""
    pages: int = 0
    is_cut: bool = False


class Unreadable(Exception):
    """The file cannot be read; the argument is the reason."""


class Enough(Exception):
    """A reader has read all that it may keep."""


class OutOfTime(Enough):
    """Its time is over."""


class Words:
    """What was read so far, a line a paragraph."""

    def __init__(self, until: float):
        self._until = until
        self._lines: list[str] = []
        self._room = MAX_CHARACTERS
        self.pages = 0

    def add(self, words: str) -> None:
        """Keep these words. Raises Enough."""
        for line in words.splitlines():
            line = " ".join(line.split())[: self._room]
            if line:
                self._lines.append(line)
                self._room -= len(line) + 1
            if self._room <= 0:
                raise Enough
        self.look_at_clock()

    def turn_page(self) -> None:
        """A page, slide or sheet begins. Raises Enough."""
        if self.pages >= MAX_PAGES:
            raise Enough
        self.pages += 1
        self.look_at_clock()

    def look_at_clock(self) -> None:
        """Raises OutOfTime."""
        if time.monotonic() > self._until:
            raise OutOfTime

    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines)


def read(file, until: float) -> Answer:
    """Read a seekable binary file until the clock shows `until`."""
    words, is_cut, is_late = Words(until), False, False
    try:
        reader = reader_of(file)
        file.seek(0)
        reader(file, words)
    except Enough as end:
        is_cut, is_late = True, isinstance(end, OutOfTime)
    except Unreadable as why:
        reason = why.args[0]
        return Answer("none" if reason == "kind" else "failed", reason)
    except MemoryError:
        return Answer("failed", "memory")
    except Exception as error:  # a damaged file may fail in any way; only its class is told
        name = type(error).__name__
        is_full = name == "XMLSyntaxError" and error.code == _XML_NO_MEMORY
        return Answer("failed", "memory" if is_full else "broken", name)
    text = words.text()
    if not text:
        state, reason = ("failed", "time") if is_late else ("none", "no_text")
        return Answer(state, reason, pages=words.pages)
    return Answer("done", text=text, pages=words.pages, is_cut=is_cut)


def reader_of(file):
    """The function that reads such a file. Raises Unreadable."""
    begin = file.read(1024)
    if not begin:
        raise Unreadable("empty")
    if begin.startswith(_PACKED):
        return _office_reader(file)
    if b"%PDF-" in begin:
        return read_pdf
    if begin.startswith(_OLD_OFFICE):
        file.seek(0)
        raise Unreadable("encrypted" if _LOCKED in file.read() else "kind")
    raise Unreadable("kind")


def _office_reader(file):
    """By the archive's list of contents. Raises Unreadable, and what zipfile raises."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        # zipfile unpacks no more of an entry than it declares here.
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ZIP_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
            raise Unreadable("unpacks")
        names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        raise Unreadable("kind")
    for begin, reader in (("word/", read_docx), ("xl/", read_xlsx), ("ppt/", read_pptx)):
        if any(name.startswith(begin) for name in names):
            return reader
    raise Unreadable("kind")


# --- PDF -----------------------------------------------------------------------
# Arabic and Persian numbers run from left to right inside words that do not;
# pypdf turns them round with the words.
_TURNED_NUMBER = re.compile(
    r"[\u0660-\u0669\u06f0-\u06f9](?:[.,/:\u066b\u066c]?[\u0660-\u0669\u06f0-\u06f9])+"
)
# A word that a line's end cut in two.
_CUT_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n(?=[^\W\d_A-Z])")


# What pypdf and the codecs below it raise on damaged pages; never MemoryError.
_OF_A_PAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_pdf(file, words: Words) -> None:
    """The words of each page, in reading order. Raises Unreadable, Enough."""
    import logging

    from pypdf import PasswordType, PdfReader
    from pypdf.errors import PyPdfError

    logging.disable(logging.CRITICAL)  # pypdf tells of every oddity
    pdf = PdfReader(file, strict=False)
    # Many files are locked against changes only: anybody opens them, with an empty password.
    if pdf.is_encrypted and pdf.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Unreadable("encrypted")
    failed = None
    for page in pdf.pages:
        words.turn_page()
        try:
            text = page.extract_text()
        except (PyPdfError, *_OF_A_PAGE) as error:  # one damaged page takes nothing from the others
            failed = error
            continue
        text = _CUT_WORD.sub("", text)
        words.add(_TURNED_NUMBER.sub(lambda number: number.group()[::-1], text))
    if failed is not None and not words.text():
        raise failed


# --- Office --------------------------------------------------------------------
# Elements by the name without its namespace: Word, PowerPoint and charts use few and the same.
_TEXT = {"t", "v"}
_NEW_LINE = {"p", "br", "cr", "pt", "tr"}
_TAB = {"tab", "tc"}
# Deleted text, copies for older programs, figures that a chart keeps of its table.
_LEFT_OUT = {"del", "moveFrom", "Fallback", "numCache", "instrText", "delText"}
# Parts of a file whose words a reader sees, beside the main one.
_BESIDE_DOCUMENT = {"header", "footer", "footnotes", "endnotes", "chart", "diagramData"}
_BESIDE_SLIDE = {"chart", "diagramData", "notesSlide"}


def read_docx(file, words: Words) -> None:
    """Body, text boxes, tables, headers, footnotes, charts. Raises Enough."""
    import docx

    document = docx.Document(file)
    words.turn_page()
    words.add(_words_below(document.element.body))
    for root in _parts_beside(document.part, _BESIDE_DOCUMENT):
        words.add(_words_below(root))


def read_pptx(file, words: Words) -> None:
    """Every slide that is shown, with its charts and notes. Raises Enough."""
    import pptx

    for slide in pptx.Presentation(file).slides:
        if slide.element.get("show") == "0":
            continue
        words.turn_page()
        words.add(_words_below(slide.element))
        for root in _parts_beside(slide.part, _BESIDE_SLIDE):
            words.add(_words_below(root))


def read_xlsx(file, words: Words) -> None:
    """Every sheet that is shown, a line a row; of formulas their last result. Raises Enough."""
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        words.turn_page()
        words.add(sheet.title)
        sheet.reset_dimensions()  # what a file says of its size may be anything
        for row in sheet.iter_rows():
            words.look_at_clock()
            words.add("\t".join(shown for cell in row if (shown := _as_shown(cell))))


def _as_shown(cell) -> str:
    """A cell's value much as the reader sees it."""
    value = cell.value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        if "%" in (cell.number_format or ""):
            return f"{value * 100:.6g} %"
        return f"{value:.12g}"
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def _words_below(root) -> str:
    """The text of an element, in order, left out what a reader does not see."""
    pieces: list[str] = []
    for name, element in _elements(root):
        if name in _TEXT:
            pieces.append(element.text or "")
        elif name in _NEW_LINE:
            pieces.append("\n")
        elif name in _TAB:
            pieces.append("\t")
    return "".join(pieces)


def _elements(root) -> Iterator[tuple[str, object]]:
    """(name without namespace, element) in the order of the file."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue  # a comment
        name = element.tag.rpartition("}")[2]
        if name in _LEFT_OUT or (name == "r" and _is_hidden(element)):
            continue
        yield name, element
        waiting.extend(reversed(element))


def _is_hidden(run) -> bool:
    """Whether Word does not show it."""
    return any(
        below.tag.rpartition("}")[2] == "vanish"
        for properties in run
        if isinstance(properties.tag, str) and properties.tag.endswith("}rPr")
        for below in properties
        if isinstance(below.tag, str)
    )


def _parts_beside(part, kinds: set[str]) -> Iterator:
    """The root elements of a part's neighbours of these kinds, each once."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    seen = set()
    for link in part.rels.values():
        if link.is_external or link.reltype.rpartition("/")[2] not in kinds:
            continue
        if link.target_part.partname in seen:
            continue
        seen.add(link.target_part.partname)
        yield etree.fromstring(link.target_part.blob, parser)


# --- the process ---------------------------------------------------------------
def confine(limits: Limits) -> None:
    """Let the system end this process where it takes more than it may."""
    memory = limits.memory_mb * 1024 * 1024
    wanted = [
        # The first is told by a signal of its own; at the second the system kills.
        (resource.RLIMIT_CPU, limits.time_s, limits.time_s + SPARE_S),
        (resource.RLIMIT_FSIZE, MAX_ANSWER_BYTES, MAX_ANSWER_BYTES),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, memory, memory),
    ]
    for kind, soft, hard in wanted:
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            continue  # macOS knows no limit of memory
    # Its starter may be gone: nobody else would end one that waits.
    signal.alarm(limits.time_s + SPARE_S)


def main() -> int:
    """Read standard input, answer on standard output."""
    limits = Limits(**json.loads(sys.argv[1]))
    confine(limits)
    answer = read(sys.stdin.buffer, time.monotonic() + max(limits.time_s - SPARE_S, 1))
    json.dump(asdict(answer), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
