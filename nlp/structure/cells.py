"""The cells of a row: between tabs or bars, or one to a line. Blank cells count as cells."""

from __future__ import annotations

import re

from nlp.structure.clusters import line_end
from nlp.structure.values import Value, values_in

BORDER = re.compile(r"[\t|]")


def bordered(view: str, start: int, end: int) -> list[Value]:
    """The cells of `view[start:end]` between tabs or bars, after the last cell with other words."""
    cells: list[Value] = []
    for at, stop in _pieces(view, start, end):
        piece = view[at:stop]
        bare = piece.strip()
        if not bare:
            cells.append(Value(at, at, "", ""))
            continue
        first = at + piece.index(bare[0])
        if bare.isdecimal():
            cells.append(Value(first, first + len(bare), bare, ""))
            continue
        found = values_in(view, first, first + len(bare))
        if (
            len(found) == 1
            and found[0].start == first
            and len(bare) - (found[0].end - found[0].start) <= 2
        ):
            cells.append(found[0])
        else:
            cells.clear()
    return cells


def _pieces(view: str, start: int, end: int) -> list[tuple[int, int]]:
    borders = [match.start() for match in BORDER.finditer(view, start, end)]
    starts = [start, *(border + 1 for border in borders)]
    pieces = list(zip(starts, [*borders, end], strict=True))
    # Bars also stand at both ends of a line, where they open and close no cell.
    if borders and view[borders[-1]] == "|" and not view[borders[-1] + 1 : end].strip():
        pieces.pop()
    if pieces and borders and view[borders[0]] == "|" and not view[start : borders[0]].strip():
        pieces = pieces[1:] if start == 0 or view[start - 1] == "\n" else pieces
    return pieces


def window(cells: list[Value], count: int) -> list[Value] | None:
    """`count` cells out of cells with surplus empty ones (merged label columns, border at the end)."""
    filled = [i for i, cell in enumerate(cells) if cell.end > cell.start]
    if not filled or filled[-1] - filled[0] >= count:
        return None
    if len(cells) == count:
        return cells
    if filled[-1] - filled[0] == count - 1:
        return cells[filled[0] : filled[-1] + 1]
    return None


def stacked(view: str, start: int, end: int) -> list[Value]:
    """The cells of lines with one cell each, some of them blank, up to a line of other words."""
    lines: list[tuple[int, int]] = []
    while start <= end:
        stop = min(line_end(view, start), end)
        lines.append((start, stop))
        start = stop + 1
    if lines and all(view[a] in "\t |" for a, b in lines if b > a):
        # Every cell is indented: wholly empty lines only part the rows.
        lines = [(a, b) for a, b in lines if b > a]
    cells: list[Value] = []
    for a, b in lines:
        bare = view[a:b].strip(" \t|\u3000")
        found = values_in(view, a, b) if bare else []
        if bare and (len(found) != 1 or len(bare) - (found[0].end - found[0].start) > 2):
            break  # other words: the group label of the next row
        cells.append(found[0] if found else Value(a, a, "", ""))
    return cells
