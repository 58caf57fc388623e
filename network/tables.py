"""Tables as files for spreadsheets: one CSV for every list of the site."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

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
