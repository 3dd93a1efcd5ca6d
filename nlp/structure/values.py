"""Printed values of table cells: what is one, where it stands, and what it is worth.

Nothing here decides which cell a value belongs to.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from nlp.records import Number

_UNITS = r"(?:万元|亿元|元|人次|[件条次篇个人项宗份期])"
_DASH = r"(?:[-—–－―─]{1,2}(?!\d)|[/／\\](?!\d)|无(?![\u4e00-\u9fff]))"
_NUMBER = r"(?:[+-]?(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
VALUE = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>{_UNITS}(?![\u4e00-\u9fff]))?|{_DASH}")
# Values with nothing but blanks and cell borders between them.
RUN = re.compile(rf"(?:[\s|]*+(?:{_NUMBER}(?:{_UNITS}(?![\u4e00-\u9fff]))?|{_DASH}))++")
NOTE = r"[（(][^（()）]{0,160}[）)]"
# The printed number of the row that follows: （二） 2. 2、 (2) ② 其中：
ORDINAL = re.compile(
    r"(?:[（(][一二三四五六七八九十\d]{1,3}[）)][.、．]?|[一二三四五六七八九十]{1,2}[、.．]|[①-⑳]"
    r"|\d[.、．)）]|其\s*中\s*[：:]?|[：:#*“\"])[\s|]*$"
)
_MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


class Value(NamedTuple):
    """A printed value at `start:end`; `unit` only where it is printed in the cell."""

    start: int
    end: int
    number: str  # empty for a dash and for a blank
    unit: str


def values_in(view: str, start: int, end: int) -> list[Value]:
    """The values of `view[start:end]`, in order."""
    found = []
    for match in VALUE.finditer(view, start, end):
        number, unit = match.groups()
        if number and not unit:
            found.append(Value(*match.span(), number, ""))
            continue
        # 184000元 is printed in the cell as one value; 件 and the like are left out of it.
        money = unit if unit in _MONEY else ""
        stop = match.end() if money or not number else match.end(1)
        found.append(Value(match.start(), stop, number or "", money))
    return found


def run_at(view: str, start: int, end: int) -> list[Value]:
    """The values that stand from `start` on with nothing else between them."""
    run = RUN.match(view, start, end)
    if run is None:
        return []
    values = values_in(view, start, run.end())
    if run.end() < len(view) and view[run.end()] in "、.．)）":
        _drop_ordinal(view, values)
    return values


def _drop_ordinal(view: str, values: list[Value]) -> None:
    """Leave out the number of the next row: 条 0 3、信函 or, without blanks, 条03、信函."""
    last = values.pop()
    head = last.number[:-1]
    if head and (last.start == 0 or not view[last.start - 1].isspace()):
        values.append(Value(last.start, last.end - 1, head, ""))


def amount(value: Value, unit: str, target: str) -> Number | None:
    """What a value is worth in the unit `target`, printed in its own or in `unit`."""
    if not value.number:
        return None
    plain = value.number.replace(",", "").replace("，", "")
    source = value.unit or unit
    if source == target or source not in _MONEY or target not in _MONEY:
        return float(plain) if "." in plain else int(plain)
    exact = Decimal(plain) * _MONEY[source] / _MONEY[target]
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def strip_ordinal(view: str, start: int, end: int) -> int:
    """Where `view[start:end]` ends without the printed number of the row that follows."""
    for _ in range(3):
        found = ORDINAL.search(view, max(start, end - 12), end)
        if not found:
            break
        end = found.start()
    return end
