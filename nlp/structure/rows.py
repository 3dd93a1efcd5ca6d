"""Rows of one or a few numbers: what stands between a label and its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.structure.clusters import line_end
from nlp.structure.glued import split_unique
from nlp.structure.values import Value, run_at, strip_ordinal, values_in

_UNIT = r"万元|亿元|元|人次|人|条数?|件数?|次数?|篇数?|个数?|项数?|份|期|宗|场次?|页|家|处"
# An ordinal in brackets opens the next row; anything else in brackets explains this one.
_NOTE = r"[（(](?![一二三四五六七八九十]{1,2}[）)])[^（()）]{0,160}[）)]"
_WORDS = r"[^\s|\d（()）：:/\-—－，。；]"
_AFTER = re.compile(
    rf"(?P<tail>{_WORDS}{{0,14}}+(?:\s*(?:次数|数量|数|量)(?![一-龥]{{3}}))?)(?P<note>(?:[\s|]*+{_NOTE})?)(?P<more>(?:{_WORDS}{{1,10}}+)?)"
    rf"[\s|：:]*+(?P<unit>(?:(?:{_UNIT})(?=[\s|\d+\-—－/：:]|$))?)[\s|：:]*+"
)
_GLUED_UNIT = re.compile(r"(万元|亿元|元)[）)]?$")
_NOTE_UNIT = re.compile(r"(万元|亿元|元)[）)]?\s*$")
_LONGEST_ROW = 400
_BORDER = re.compile(r"[\t|]")


@dataclass(slots=True)
class Found:
    """What follows a label: the printed unit (of money) and the values."""

    start: int
    end: int  # of the label
    unit: str
    blank: int  # where a value would stand
    values: list[Value]
    breaks: int  # line breaks between the label or unit and the first value
    limit: int
    cells: list[Value] | None = field(default=None)


def after_label(view: str, start: int, end: int, following: int) -> Found:
    """Read on from a label at `start:end` up to the label at `following` (-1: the last)."""
    limit = _limit(view, end, following)
    head = _AFTER.match(view, end, limit)
    if head is None:
        return Found(start, end, "", end, [], 0, limit)
    unit = head["unit"]
    if unit not in ("元", "万元", "亿元"):
        glued = _GLUED_UNIT.search(head["more"] or head["tail"]) or _NOTE_UNIT.search(head["note"])
        unit = glued.group(1) if glued else ""
    values = run_at(view, head.end(), limit)
    anchor = (
        head.end("unit")
        if head["unit"]
        else max(head.end("more"), head.end("note"), head.end("tail"))
    )
    breaks = view.count("\n", anchor, values[0].start) if values else 0
    return Found(start, end, unit, min(anchor, limit), values, breaks, limit)


def _limit(view: str, end: int, following: int) -> int:
    if following < 0 or following - end > _LONGEST_ROW:
        return min(len(view), end + _LONGEST_ROW)
    broken = view.rfind("\n", end, following)
    return strip_ordinal(view, end, broken if broken >= 0 else following)


def usual_breaks(rows: Sequence[Found]) -> int:
    """How many line breaks stand between label and value in most rows of a table."""
    counts = Counter(row.breaks for row in rows if row.values)
    return max(counts, key=lambda breaks: (counts[breaks], -breaks)) if counts else 0


def take(view: str, row: Found, count: int, usual: int) -> bool:
    """Set the `count` cells of a row. False where values are there that cannot be assigned.

    A row whose value stands further down than usual has none: a page number follows it.
    """
    if not row.values or (row.breaks > usual and count == 1):
        row.cells = [Value(row.blank, row.blank, "", "")] * count
        return not _unread(view, row)
    stop = min(line_end(view, row.blank), row.limit)
    if len(row.values) >= count and not (count > 1 and _glued(row.values[:count])):
        surplus = row.values[count:]
        if surplus and "\n" not in view[row.values[count - 1].end : surplus[0].start]:
            return _surplus(row, count)
        row.cells = row.values[:count]
    elif _BORDER.search(view, row.end, stop):
        row.cells = _bordered(view, row, stop, count)
    elif _glued(row.values) or not view[row.values[0].start - 1].isspace():
        # Only digits that follow the label or its unit without a blank are glued for certain.
        row.cells = split_unique(row.values, count)
    return row.cells is not None


def _surplus(row: Found, count: int) -> bool:
    # More numbers on the line than columns: only a single-number row is read, its first number.
    row.cells = row.values[:count] if count == 1 else None
    return row.cells is not None


def _glued(values: Sequence[Value]) -> bool:
    return any(len(v.number) > 1 and v.number[0] == "0" and v.number[1] != "." for v in values)


def _unread(view: str, row: Found) -> bool:
    """Whether a row that seems blank has a number behind words that were not understood."""
    stop = min(line_end(view, row.end), row.limit)
    return not row.values and any(value.number for value in values_in(view, row.blank, stop))


def _bordered(view: str, row: Found, stop: int, count: int) -> list[Value] | None:
    """Cells between tabs or bars: as many as there are columns, the empty ones included."""
    cells: list[Value] = []
    at = row.blank
    for border in [*(m.start() for m in _BORDER.finditer(view, row.blank, stop)), stop]:
        found = values_in(view, at, border)
        cells.append(found[0] if len(found) == 1 else Value(at, at, "", ""))
        at = border + 1
    cells = cells[1:]
    while len(cells) > count and cells[-1].start == cells[-1].end:
        cells.pop()
    return cells if len(cells) == count else None
