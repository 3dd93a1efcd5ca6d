"""What settles glued rows of table three that their own sum leaves open.

For every column: 新收 + 上年结转 = 总计 + 结转下年度, and 总计 is the sum of the rows above it. A
reading is taken only where a single combination of all open rows satisfies the relation.

A row with a wrong figure has no reading that adds up. Where all other rows are read, the columns
say what each of its cells must be: a cut that has all of these but one is how the row is printed,
if there is no other such cut and nothing glued to its end explains the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from typing import Protocol

from nlp.structure.glued import every_split, with_a_page_number
from nlp.structure.labels import Row, templates
from nlp.structure.values import Value

_MOST_COMBINATIONS = 4_096
_CELLS = 7
_MOST_CUTS = 6_000
_BALANCE = {
    "request.received": 1,
    "request.carried_in": 1,
    "reply.total": -1,
    "request.carried_out": -1,
}


class Line(Protocol):
    """A row with its reading, or the readings that are left."""

    row: Row | None
    values: list[Value]
    cells: list[Value] | None
    choices: list[list[Value]]


def settle(lines: Sequence[Line]) -> None:
    """Choose among the readings of open rows where a column relation singles one out."""
    open_rows = [line for line in lines if line.cells is None]
    if any(line.choices for line in open_rows):
        for _ in range(2):
            _solve(lines, _BALANCE)
            _solve(lines, _parts(lines))
    if any(_is_run(line) for line in open_rows):
        _pin(lines, _BALANCE)
        _pin(lines, _parts(lines))


def _parts(lines: Iterable[Line]) -> dict[str, int]:
    """总计 against its rows; subtotal rows, where printed with numbers, are no parts."""
    seen = {line.row.metric for line in lines if line.row}
    divided = any(metric.startswith("reply.other.") for metric in seen)
    signs = {"reply.total": -1}
    for row in templates().applicant_rows:
        part_of_other = row.metric.startswith("reply.other.")
        if row.kind == "subtotal" or not row.metric.startswith("reply.") or row.metric in signs:
            continue
        if part_of_other if not divided else row.metric == "reply.other":
            continue
        signs[row.metric] = 1
    return signs


def _solve(lines: Sequence[Line], signs: dict[str, int]) -> None:
    taking_part = [line for line in lines if line.row and line.row.metric in signs]
    names = {line.row.metric for line in taking_part if line.row}
    pending = [line for line in taking_part if line.cells is None]
    if not pending or len(taking_part) != len(signs) or names != signs.keys():
        return
    if any(not line.choices for line in pending):
        return
    if prod(len(line.choices) for line in pending) > _MOST_COMBINATIONS:
        return
    known = [(line.cells, line) for line in taking_part if line.cells is not None]
    fixed = _columns(known, signs)
    readings = [
        [(choice, _signed(choice, line, signs)) for choice in line.choices] for line in pending
    ]
    fitting = [
        [choice for choice, _ in picked]
        for picked in product(*readings)
        if not any(sum(column) for column in zip(fixed, *(row for _, row in picked), strict=True))
    ]
    if len(fitting) == 1:
        for line, choice in zip(pending, fitting[0], strict=True):
            line.cells = choice
            line.choices = []


def _is_run(line: Line) -> bool:
    return line.cells is None and len(line.values) == 1 and len(line.values[0].number) >= _CELLS


def _pin(lines: Sequence[Line], signs: dict[str, int]) -> None:
    """Read the one open row of a relation as the columns demand, where all columns but one do."""
    taking_part = [line for line in lines if line.row and line.row.metric in signs]
    names = {line.row.metric for line in taking_part if line.row}
    pending = [line for line in taking_part if line.cells is None]
    if len(taking_part) != len(signs) or names != signs.keys():
        return
    wrong = [line for line in pending if not line.choices]
    if len(wrong) != 1 or not _is_run(wrong[0]) or with_a_page_number(wrong[0].values, _CELLS):
        return
    doubtful = [line for line in pending if line.choices]
    cuts = every_split(wrong[0].values, _CELLS, _MOST_CUTS)
    if len(cuts) * prod(len(line.choices) for line in doubtful) > _MOST_CUTS:
        return
    known = [(line.cells, line) for line in taking_part if line.cells is not None]
    fixed = _columns(known, signs)
    fitting = []
    for picked in product(*(line.choices for line in doubtful), cuts):
        rest = _columns(list(zip(picked, [*doubtful, wrong[0]], strict=True)), signs)
        if sum(a + b == 0 for a, b in zip(fixed, rest, strict=True)) >= _CELLS - 1:
            fitting.append(picked)
    if len(fitting) == 1:
        for line, cells in zip([*doubtful, wrong[0]], fitting[0], strict=True):
            line.cells, line.choices = cells, []


def _columns(rows: Sequence[tuple[list[Value], Line]], signs: dict[str, int]) -> list[int]:
    """What the rows of a relation come to in each column."""
    signed = [_signed(cells, line, signs) for cells, line in rows]
    return [sum(column) for column in zip(*signed, strict=True)] if signed else [0] * _CELLS


def _signed(cells: list[Value], line: Line, signs: dict[str, int]) -> list[int]:
    sign = signs[line.row.metric] if line.row else 0
    return [sign * int(float(cell.number.replace(",", "") or 0)) for cell in cells]
