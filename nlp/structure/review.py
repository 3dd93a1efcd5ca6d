"""Table four: fifteen numbers, five for 行政复议 and five for each of two kinds of 行政诉讼.

The header is a closed set of words that dumps break at will, so the table is found by the names
of its groups and reaches as far as nothing but these words' characters and numbers stand there.
"""

from __future__ import annotations

import re

from nlp.records import ReadingWarning
from nlp.structure.cells import bordered, stacked
from nlp.structure.clusters import Page, Reading, line_end, line_start
from nlp.structure.glued import split_groups, split_singly
from nlp.structure.labels import templates
from nlp.structure.values import Value, run_at, values_in

_GROUPS, _SIZE = 3, 5
_ANCHOR = re.compile(
    r"(?:复\s*议\s*后\s*起|未\s*经\s*复\s*议\s*直\s*接\s*起|未\s*经\s*复\s*议\s*直)"
)
_CHARACTERS = r"结果维持纠正其他它尚未审总计合行政复议诉讼直接经后起数量单位件\s|*#:：（）()"
_WINDOW = re.compile(rf"[{_CHARACTERS}\d+/—－–\-,]*+")
_BACK = set(
    "结果维持纠正其他它尚未审总计合行政复议诉讼直接经后起数量单位件0123456789/—－–-,:：（）()|*#"
)
_WORD = re.compile(
    r"(?P<direct>未\s*经\s*复\s*议\s*直\s*接\s*起\s*诉)|(?P<after>复\s*议\s*后\s*起\s*诉)"
    r"|(?P<review>行\s*政\s*复\s*议)|(?P<upheld>结\s*果\s*维\s*持)|(?P<corrected>结\s*果\s*纠\s*正)"
    r"|(?P<other>其\s*他\s*结\s*果)|(?P<pending>尚\s*未\s*审\s*结)|(?P<total>总\s*计|合\s*计)"
)
_GROUP_WORDS = {"review": 0, "direct": 1, "after": 2}
_LONGEST = 4_000


def read_reviews(page: Page, most: int) -> list[Reading]:
    """Every table four, in text order, at most `most`."""
    found: list[Reading] = []
    done = 0
    for anchor in _ANCHOR.finditer(page.view):
        if len(found) >= most:
            break
        if anchor.start() < done:
            continue
        start = _window_start(page.view, anchor.start(), done)
        window = _WINDOW.match(page.view, anchor.start(), anchor.start() + _LONGEST)
        done = window.end() if window else anchor.end()
        reading = _read_window(page.view, start, done)
        if reading:
            found.append(reading)
    return found


def _window_start(view: str, at: int, floor: int) -> int:
    """Walk back over header words and numbers, not over a chapter heading."""
    start = at
    floor = max(floor, at - _LONGEST)
    while start > floor and (view[start - 1] in _BACK or view[start - 1].isspace()):
        start -= 1
    if start and not view[start - 1].isspace() and "\n" in view[start:at]:
        # The rest of a line that begins with other words: 四、政府信息公开行政复议、行政诉讼
        rest = view[start : line_end(view, start)]
        if not re.search(r"结\s*果|总\s*计|未\s*经", rest) and line_end(view, start) < at:
            start = line_end(view, start) + 1
    while start < at and view[start].isspace():
        start += 1
    return start


_COUNTED = re.compile(r"\d\s*件")


def _read_window(view: str, start: int, end: int) -> Reading | None:
    if _COUNTED.search(view, start, end):
        return None  # 行政诉讼2件（未经复议直接起诉1件: running text
    words = list(_WORD.finditer(view, start, end))
    last = words[-1].end() if words else start
    reading = Reading([], start, last, "review", [])
    body = _skip_header(view, last, end)
    values = run_at(view, body, end)
    while values and view.startswith(("年", "月"), values[-1].end):
        # The sentence that follows begins with a date; glued to the row, its year goes with it.
        values += _before_year(values.pop())
    if not values_in(view, start, body):
        if len(values) < _SIZE and not any(len(value.number) >= 15 for value in values):
            return None
        cells = _fifteen(view, last, values)
        if cells is None:
            message = "行政复议、行政诉讼表应有15个数，无法确定各属哪一列"
            stop = values[-1].end
            reading.warnings.append(
                ReadingWarning("missing_values", message, values[0].start, stop)
            )
            reading.end = max(reading.end, stop)
        else:
            _add(reading, 0, cells)
        return reading
    _read_groups(view, words, end, reading)
    return reading if reading.values or reading.warnings else None


def _before_year(value: Value) -> list[Value]:
    """The digits before the year that a run of digits ends with (0000000000000002025年)."""
    digits = value.number
    if len(digits) < _SIZE + 4 or not re.search(r"20\d\d$", digits) or not digits.isdigit():
        return []
    if value.end - value.start != len(digits):
        return []
    return [value._replace(end=value.end - 4, number=digits[:-4])]


_HEADER_REST = re.compile(rf"(?:[{_CHARACTERS}])*+")


def _skip_header(view: str, start: int, end: int) -> int:
    found = _HEADER_REST.match(view, start, end)
    return found.end() if found else start


def _fifteen(view: str, header: int, values: list[Value]) -> list[Value] | None:
    count = _GROUPS * _SIZE
    glued = any(len(v.number) > 1 and v.number[0] == "0" and "." not in v.number for v in values)
    if len(values) == count and not glued:
        return values
    if len(values) > count and not glued:
        line = [value for value in values if "\n" not in view[values[0].start : value.start]]
        # What follows on lines of its own is no part of the row.
        return line if len(line) == count else _choose_sixteen(line, count)
    stack = stacked(view, line_end(view, header) + 1, min(len(view), values[0].start + 400))
    if len(stack) >= count and values[-1].start <= stack[-1].end:
        return _choose_window(stack, count)
    head, tail = line_start(view, values[0].start), line_end(view, values[0].start)
    if "\t" in view[head:tail] or "|" in view[head:tail]:
        return _bordered_row(view, head, tail, count)
    return split_groups(values, _GROUPS, _SIZE) or split_singly(values, _GROUPS, _SIZE)


def _choose_sixteen(values: list[Value], count: int) -> list[Value] | None:
    """Sixteen numbers for fifteen columns: taken where every way to read them gives the same."""
    if not count < len(values) <= count + 2:
        return None
    windows = [values[i : i + count] for i in range(len(values) - count + 1)]
    return _settled(windows)


def _choose_window(values: list[Value], count: int) -> list[Value] | None:
    """Fifteen of the lines, with every value: taken where the groups' sums allow a single one."""
    filled = [i for i, value in enumerate(values) if value.end > value.start]
    if not filled or len(values) > 2 * count:
        return None
    starts = range(max(0, filled[-1] - count + 1), min(filled[0], len(values) - count) + 1)
    windows = [values[i : i + count] for i in starts]
    return _settled(windows)


def _settled(windows: list[list[Value]]) -> list[Value] | None:
    fitting = [window for window in windows if _adds_up(window)]
    if fitting and all(_numbers(window) == _numbers(fitting[0]) for window in fitting):
        return fitting[0]
    return None


def _numbers(values: list[Value]) -> list[str]:
    return [value.number for value in values]


def _adds_up(values: list[Value]) -> bool:
    figures = [int(value.number) if value.number.isdigit() else 0 for value in values]
    groups = [figures[i : i + _SIZE] for i in range(0, len(figures), _SIZE)]
    return all(sum(group[:-1]) == group[-1] for group in groups)


def _bordered_row(view: str, start: int, end: int, count: int) -> list[Value] | None:
    cells = bordered(view, start, end)
    if len(cells) > count and cells[-1].start == cells[-1].end:
        cells = cells[: max(count, _filled(cells))]
    if len(cells) > count and cells[0].start == cells[0].end:
        cells = cells[-count:] if all(c.start == c.end for c in cells[:-count]) else cells
    return cells if len(cells) == count else None


def _filled(cells: list[Value]) -> int:
    return max((i + 1 for i, cell in enumerate(cells) if cell.end > cell.start), default=0)


def _add(reading: Reading, first: int, cells: list[Value]) -> None:
    known = templates()
    for number, cell in enumerate(cells, start=first):
        code, group = known.review_groups[number // _SIZE]
        name = known.review_names[number % _SIZE]
        reading.values.append((f"{code}.{name}", None, cell, "", "件", group))
    reading.end = max(reading.end, cells[-1].end)


def _read_groups(view: str, words: list[re.Match[str]], end: int, reading: Reading) -> None:
    """Groups one after another: five headers and five numbers each, or a number per header."""
    group = 0
    names: list[str] = []
    known = templates().review_names
    for number, word in enumerate(words):
        kind = word.lastgroup or ""
        if kind in _GROUP_WORDS:
            group, names = _GROUP_WORDS[kind], []
        else:
            names.append(kind)
        following = words[number + 1].start() if number + 1 < len(words) else end
        values = run_at(view, word.end(), following)
        if not values:
            continue
        if len(names) == len(values) and not any(
            v.number.startswith("0") and len(v.number) > 1 for v in values
        ):
            for name, value in zip(names, values, strict=True):
                _add(reading, group * _SIZE + known.index(name), [value])
        else:
            message = "行政复议、行政诉讼表的数字与表头对不上"
            start, stop = values[0].start, values[-1].end
            reading.warnings.append(ReadingWarning("missing_values", message, start, stop))
        names = []
