"""Tables aligned with blanks: a value's column is where it stands on its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from nlp.structure.values import Value

_LEAST_ROWS = 3
_TOLERANCE = 2.5


class Columns:
    """Columns fixed by full rows that stand on one line each, if these agree."""

    def __init__(self, view: str, rows: Sequence[Sequence[Value]]) -> None:
        self._view = view
        self._centres: list[float] = []
        places = [
            [self._centre(value) for value in row]
            for row in rows
            if "\n" not in view[row[0].start : row[-1].end] and "\t" not in view[row[0].start : row[-1].end]
        ]
        self.known = len(places) >= _LEAST_ROWS and all(
            max(column) - min(column) <= _TOLERANCE for column in zip(*places, strict=True)
        )
        if self.known:
            self._centres = [sum(column) / len(column) for column in zip(*places, strict=True)]

    def _centre(self, value: Value) -> float:
        """Where a value stands, in half-width columns from the start of its line."""
        head = self._view.rfind("\n", 0, value.start) + 1
        left = sum(_width(char) for char in self._view[head : value.start])
        return left + (value.end - value.start) / 2

    def place(self, values: Sequence[Value]) -> list[Value] | None:
        """The cells of a row with blanks; None unless each value stands in a column of its own."""
        if not self.known or not values:
            return None
        cells = [Value(values[0].start, values[0].start, "", "")] * len(self._centres)
        for value in values:
            here = self._centre(value)
            column = min(range(len(cells)), key=lambda i: abs(self._centres[i] - here))
            if abs(self._centres[column] - here) > _TOLERANCE or cells[column].number:
                return None
            cells[column] = value
        at = values[0].start
        for number, cell in enumerate(cells):
            if cell.end > cell.start:
                at = cell.end
            else:
                cells[number] = Value(at, at, "", "")
        return cells


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
