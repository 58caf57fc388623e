"""CSV and xlsx files as rows that know where they stand. Formulas are never worked out."""

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

# A network has some thousands of people; far beyond that it is another file.
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024  # an xlsx is a zip, and zips can be bombs
MAX_ROWS = 100_000
KINDS = ("region", "area", "distributor", "dealer", "contact", "member", "course")
# What openpyxl lets through from a damaged file; both its XML parsers raise SyntaxErrors.
_BROKEN = (zipfile.BadZipFile, SyntaxError, ValueError)
_ZIP = b"PK\x03\x04"  # how an Excel workbook begins
_SEP = re.compile(r"sep=([,;\t])", re.IGNORECASE)
COLUMNS = {
    "kind",
    *("code", "name", "active", "neighbour", "country", "languages", "distributor"),
    *("dealer", "city", "email", "first_name", "last_name", "language", "contact"),
    *("post", "years", "time_zone", "programme", "done_on"),
}


class FileRefused(Exception):
    """The file as a whole cannot be read; its text says why."""


@dataclass(frozen=True)
class Problem:
    """What is wrong where. `line` is the file's own, the header being 1."""

    sheet: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.sheet} " if self.sheet else ""
        column = f" {self.column}:" if self.column else ""
        return f"{place}{self.line}:{column} {self.message}"


@dataclass(frozen=True)
class SheetRow:
    """One line with its values by column, trimmed."""

    sheet: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def names(self) -> dict[str, str]:
        """Translated names that are filled: {'ja': …} from `name_ja`."""
        return {
            column.removeprefix("name_"): value
            for column, value in self.values.items()
            if column.startswith("name_") and value
        }


def read(path: Path, languages: Iterable[str]) -> tuple[list[SheetRow], list[Problem]]:
    """All rows of a file, and what is wrong with its cells. Raises FileRefused."""
    if not path.is_file():
        raise FileRefused(_("There is no such file."))
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(_("The file is larger than 20 MB."))
    readers = {".csv": _csv_sheets, ".xlsx": _xlsx_sheets}
    if path.suffix.lower() not in readers:
        raise FileRefused(_("Only .csv and .xlsx files can be read."))
    known = COLUMNS | {f"name_{code}" for code in languages}
    rows: list[SheetRow] = []
    problems: list[Problem] = []
    for sheet, lines in readers[path.suffix.lower()](path, problems):
        rows += _rows(sheet, lines, known, problems)
        if len(rows) > MAX_ROWS:
            raise FileRefused(_("The file has more than 100,000 rows."))
    if not rows and not problems:
        raise FileRefused(_("The file holds no rows."))
    return rows, problems


def _rows(sheet: str, lines, known: set[str], problems: list[Problem]) -> Iterator[SheetRow]:
    header: list[str] | None = None
    for line, cells in lines:
        if header is None:
            if not any(cell.strip() for cell in cells):
                continue
            header = [_dashed(cell.strip().lower()) for cell in cells]
            problems += [
                Problem(sheet, line, name, _("This column is not known."))
                for name in header
                if name and name not in known
            ]
            problems += [
                Problem(sheet, line, name, _("This column stands here twice."))
                for name in sorted({name for name in header if name and header.count(name) > 1})
            ]
            if not {"kind", "email"} & set(header) and _singular(sheet) not in KINDS:
                problems.append(Problem(sheet, line, "kind", _("This column is missing.")))
                return
            continue
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if any(cell.strip() for cell in cells[len(header) :]):
            problems.append(
                Problem(sheet, line, "", _("There are more values than columns in this line."))
            )
        if not any(values.values()):
            continue
        values["kind"] = (values.get("kind") or _kind(sheet, values)).lower()
        yield SheetRow(sheet, line, values)


def _kind(sheet: str, values: dict[str, str]) -> str:
    """Of a line that names none: the sheet's; else people, with or without a course done."""
    name = _singular(sheet)
    if name in KINDS or not values.get("email"):
        return name
    return "course" if values.get("programme") else "member"


def _dashed(name: str) -> str:
    """'name_pt_br' as 'name_pt-br': language codes carry a dash."""
    if name.startswith("name_"):
        return "name_" + name.removeprefix("name_").replace("_", "-")
    return name


def _singular(sheet: str) -> str:
    name = sheet.strip().lower()
    return name.removesuffix("s") if name.removesuffix("s") in KINDS else name


def _csv_sheets(path: Path, problems: list[Problem]):
    data = path.read_bytes()
    if data.startswith(_ZIP):
        raise FileRefused(_("This is not a CSV file."))
    # 'Unicode text' of a spreadsheet is UTF-16, and says so at its beginning.
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(_("The file is not UTF-8. Save it as 'CSV UTF-8'.")) from error
    if "\0" in text:
        raise FileRefused(_("This is not a CSV file."))
    # Lines end where spreadsheets end them, and not at every sign that Python knows for it.
    lines = io.StringIO(text, newline=None).readlines()
    first, said = lines[0] if lines else "", 0
    if (found := _SEP.fullmatch(first.strip())) is not None:  # Excel's own word for it
        delimiter, said = found[1], 1
    else:
        # Spreadsheets of many countries write semicolons; Unicode text has tabs.
        delimiter = max(",;\t", key=first.count)
    yield "", _csv_lines(lines[said:], delimiter, 1 + said)


def _csv_lines(lines: list[str], delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """`first` is the number of the first of these lines in the file."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = first
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + first
    except csv.Error as error:
        raise FileRefused(
            _("Line %(line)s cannot be read: %(why)s") % {"line": start, "why": error}
        ) from error


def _xlsx_sheets(path: Path, problems: list[Problem]):
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                raise FileRefused(_("The file is larger than 200 MB when unpacked."))
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, OSError, *_BROKEN) as error:
        raise FileRefused(_("This is not an Excel workbook.")) from error
    try:
        for sheet in book.worksheets:
            yield sheet.title, _xlsx_lines(sheet, problems)
    finally:
        book.close()


def _xlsx_lines(sheet, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(_whole_rows(sheet), 1):
        texts = []
        for cell in cells:
            if getattr(cell, "data_type", "") == "f":
                problems.append(
                    Problem(
                        sheet.title,
                        line,
                        cell.column_letter,
                        _("A formula is not worked out. Paste its value."),
                    )
                )
                texts.append("")
            elif getattr(cell, "data_type", "") == "e":
                problems.append(
                    Problem(
                        sheet.title,
                        line,
                        cell.column_letter,
                        _("This cell holds an error of the spreadsheet. Type its value."),
                    )
                )
                texts.append("")
            else:
                texts.append(_text(cell.value))
        yield line, texts


def _whole_rows(sheet) -> Iterator[tuple]:
    """The sheet's rows. They are read as one goes, and so is what is broken in them."""
    try:
        yield from sheet.iter_rows()
    except _BROKEN as error:
        raise FileRefused(_("This is not an Excel workbook.")) from error


def _text(value) -> str:
    """A cell as typed: 12.0 from Excel is 12."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
