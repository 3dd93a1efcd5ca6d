"""Tables aligned with blanks: a value's column is where it stands on its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from nlp.structure.values import Value

_LEAST_ROWS = 5
_SPREAD = 2.0
_BETWEEN = 3.0

Place = Callable[[float, float], float]
# Figures are set flush right, centred or flush left.
_PLACES: tuple[Place, ...] = (
    lambda left, right: right,
    lambda left, right: (left + right) / 2,
    lambda left, right: left,
)


class Columns:
    """The columns of a table, if the values of all its rows stand in exactly `count` of them."""

    def __init__(self, view: str, rows: Sequence[Sequence[Value]], count: int) -> None:
        self._view = view
        self._columns: list[float] = []
        self._place = _PLACES[0]
        usable = [row for row in rows if row and "\n" not in view[row[0].start : row[-1].end]]
        if len(usable) < _LEAST_ROWS:
            return
        spans = [self._span(value) for row in usable for value in row]
        for place in _PLACES:
            columns = _columns(sorted(place(*span) for span in spans), count)
            if columns:
                self._columns, self._place = columns, place
                return

    def _span(self, value: Value) -> tuple[float, float]:
        """Where a value begins and ends, in half-width columns from the start of its line."""
        head = self._view.rfind("\n", 0, value.start) + 1
        left = sum(_width(char) for char in self._view[head : value.start])
        return left, left + value.end - value.start

    def place(self, values: Sequence[Value]) -> list[Value] | None:
        """The cells of a row with blanks; None unless each value stands in a column of its own."""
        if not self._columns or not values:
            return None
        cells = [Value(values[0].start, values[0].start, "", "")] * len(self._columns)
        for value in values:
            here = self._place(*self._span(value))
            column = min(range(len(cells)), key=lambda i: abs(self._columns[i] - here))
            if (
                abs(self._columns[column] - here) > _SPREAD
                or cells[column].end > cells[column].start
            ):
                return None
            cells[column] = value
        at = values[0].start
        for number, cell in enumerate(cells):
            if cell.end > cell.start:
                at = cell.end
            else:
                cells[number] = Value(at, at, "", "")
        return cells


def _columns(places: list[float], count: int) -> list[float]:
    """The centres of the columns; none where the places do not fall into `count` clear groups."""
    groups = [[places[0]]]
    for before, here in pairwise(places):
        if here - before > _SPREAD / 2:
            groups.append([])
        groups[-1].append(here)
    clear = len(groups) == count and all(group[-1] - group[0] <= _SPREAD for group in groups)
    if not clear or any(b[0] - a[-1] < _BETWEEN for a, b in pairwise(groups)):
        return []
    return [sum(group) / len(group) for group in groups]


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
