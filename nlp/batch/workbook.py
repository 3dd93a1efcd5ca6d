"""The workbook for auditors: what differs first, then a row for each report, then what it says.

Sheets come from queries (sheets.py); here they get their look. Texts are written as texts, so that
nothing in a report becomes a formula; the date of creation is fixed, so equal results give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.batch.sheets import Column, FromProse, Sheet, sheets

if TYPE_CHECKING:
    import duckdb
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1)
_MOST_ROWS = 1_048_576 - 1  # of a sheet, less the head
_LONGEST = 32_767  # characters of a cell
_HEAD = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"valign": "top"},
    "long": {"valign": "top", "text_wrap": True},
    "year": {"valign": "top", "num_format": "0"},
    "number": {"valign": "top", "num_format": "#,##0.######;-#,##0.######"},
    "whole": {"valign": "top", "num_format": "#,##0"},
    "wrong": {"valign": "top", "num_format": "+#,##0;-#,##0;0", "font_color": "#C00000"},
    "prose": {"valign": "top", "num_format": "#,##0", "font_color": "#1F5FA8", "italic": True},
}


def write(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the workbook. A sheet with more rows than Excel takes is continued on the next."""
    from xlsxwriter import Workbook

    with Workbook(str(path), {"constant_memory": True, "use_zip64": True}) as book:
        book.set_properties({"created": _CREATED, "title": "政府信息公开工作年度报告核对结果"})
        formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
        formats["head"] = book.add_format(_HEAD)
        for sheet in sheets(connection):
            _write_sheet(book, sheet, formats)


def _write_sheet(book: Workbook, sheet: Sheet, formats: dict[str, Format]) -> None:
    page, row, pages = _page(book, sheet, formats, 1), 0, 1
    for values in sheet.rows:
        if row == _MOST_ROWS:
            _finish(page, sheet, row)
            pages += 1
            page, row = _page(book, sheet, formats, pages), 0
        row += 1
        _write_row(page, row, sheet.columns, values, formats)
    if row == 0:
        page.write_string(1, 0, sheet.none, formats["text"])
    _finish(page, sheet, row)


def _page(book: Workbook, sheet: Sheet, formats: dict[str, Format], number: int) -> Worksheet:
    page = book.add_worksheet(sheet.name if number == 1 else f"{sheet.name}{number}")
    page.freeze_panes(1, sheet.frozen)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.set_row(0, 32)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.head, formats["head"])
    return page


def _finish(page: Worksheet, sheet: Sheet, rows: int) -> None:
    if rows:
        page.autofilter(0, 0, rows, len(sheet.columns) - 1)


def _write_row(
    page: Worksheet,
    row: int,
    columns: Sequence[Column],
    values: Sequence[Any],
    formats: dict[str, Format],
) -> None:
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        look = column.look
        if isinstance(value, FromProse):
            value, look = value.value, "prose"
        if value is None:
            continue
        if isinstance(value, str):
            page.write_string(row, place, value[:_LONGEST], formats[look])
        else:
            if look in ("wrong", "prose", "whole") and value != int(value):
                look = "number"
            page.write_number(row, place, value, formats[look])
