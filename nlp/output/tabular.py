"""Tables of words: on a terminal, aligned where Chinese characters fill two columns, or on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.output.columns import one_line, pad, shorten, width_of

NOTHING = "—"
Row = tuple[str, ...]

_GAP = "  "
_NARROWEST = 16
_NUMERIC = re.compile(rf"[-+−–….,/%\d\s{NOTHING}]*")
_NAME = re.compile(r"[\w-]+\.[\w.-]+|")  # a text's id or a file: of no use when shortened


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, column heads and rows; `note` stands below the heading."""

    title: str
    head: Row = ()
    rows: tuple[Row, ...] = ()
    note: str = ""


def render(tables: Iterable[Table], width: int) -> str:
    """All tables, a blank line between them."""
    return "\n\n".join("\n".join(lines(table, width)) for table in tables)


def lines(table: Table, width: int) -> list[str]:
    """Heading, note, column heads and rows; numbers to the right; where there is no
    room, the widest columns of words give way, and names of texts and files never."""
    shown = [table.title, *([table.note] if table.note else [])]
    if not table.rows:
        return shown
    rows = [tuple(one_line(cell) for cell in row) for row in table.rows]
    right = [numeric(row[place] for row in rows) for place in range(len(table.head))]
    widths = [
        max(width_of(row[place]) for row in (table.head, *rows)) for place in range(len(right))
    ]
    kept = [
        right[place] or all(_NAME.fullmatch(row[place]) for row in rows)
        for place in range(len(right))
    ]
    excess = sum(widths) + len(_GAP) * len(widths) - width
    while excess > 0 and (wide := _widest(widths, kept)) is not None:
        widths[wide] -= 1
        excess -= 1
    return shown + [_line(row, widths, right) for row in (table.head, *rows)]


def _widest(widths: list[int], kept: list[bool]) -> int | None:
    """The widest column of words that is not too narrow already."""
    columns = [i for i, columns in enumerate(widths) if not kept[i] and columns > _NARROWEST]
    return max(columns, key=lambda i: widths[i], default=None)


def numeric(cells: Iterable[str]) -> bool:
    """Whether a column holds nothing but numbers."""
    return all(_NUMERIC.fullmatch(cell) for cell in cells)


def _line(row: Row, widths: list[int], right: list[bool]) -> str:
    cells = [
        pad(shorten(cell, columns), columns, right=to_the_right)
        for cell, columns, to_the_right in zip(row, widths, right, strict=True)
    ]
    return (_GAP + _GAP.join(cells)).rstrip()
