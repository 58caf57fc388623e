"""Tables as files for spreadsheets: one CSV and one xlsx for every list of the site."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value) -> str:
    """A cell that no spreadsheet takes for a formula; a number stays one."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_file(name: str, rows: Iterable[Iterable]) -> HttpResponse:
    """The rows (the first has the heads) as a download called `name`.csv."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")  # or spreadsheets take it for another encoding
    out = csv.writer(response)
    for row in rows:
        out.writerow([plain_cell(cell) for cell in row])
    return response


def xlsx_file(name: str, rows: Iterable[Iterable]) -> HttpResponse:
    """The same as an Excel workbook of one sheet; control characters, which XML cannot hold, go."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])  # Excel's longest name of a sheet
    for row in rows:
        sheet.append([_xlsx_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _xlsx_cell(value):
    if isinstance(value, int | float):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", plain_cell(value))
