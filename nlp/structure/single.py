"""Tables of one number a row: the national form of 2014-2018 and local forms before and beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.records import ReadingWarning
from nlp.structure.clusters import Cluster, Page, Reading, header_start
from nlp.structure.labels import Hit, Row, templates
from nlp.structure.rows import Found, after_label, take, usual_breaks

_LEAST_ROWS = 3
_LEAST_VALUES = 2
_JOINED = re.compile(r"(?<![一二三四五六七八九十\d）①-⑳])[、和及与或]$")
# What may stand right before a label in a dump without blanks; other words belong to a longer
# label that is not ours (全文电子化的主动公开信息数).
_BEFORE = re.compile(
    r"(?:其中|[^\u4e00-\u9fff]|[一二三四五六七八九十]、|单位|元|[条件次篇个人项]|统计数据?|数量|数值|情况|年度|累计|合计|指标|名称|代码|备注)$"
)
_YEAR = re.compile(r"20\d\d年")


@dataclass(frozen=True, slots=True)
class Layout:
    """How many numbers a row has, which one is the year's, and where a code column stands."""

    count: int
    index: int | None
    code: str = ""  # "", "before" the label or "after" it
    stated: bool = True


def read_single(page: Page, cluster: Cluster) -> Reading | None:
    """Read a cluster of single-number labels; None where it is not such a table."""
    hits = cluster.hits
    reading = Reading([], header_start(page, hits[0]), hits[-1].end, "single", [])
    rows = _rows(page, cluster)
    known = [(metric, row, found) for metric, row, found in rows if metric]
    with_values = [found for _, _, found in known if found.values]
    if len({metric for metric, *_ in known}) < _LEAST_ROWS or len(with_values) < _LEAST_VALUES:
        return None
    layout = _layout(page, hits[0], with_values)
    if layout.code == "after":
        for _, _, found in known:
            _drop_code(found, layout.count)
    usual = usual_breaks(with_values)
    for _, _, found in rows:  # rows that name no metric of ours are part of the table too
        reading.end = max([reading.end, *(value.end for value in found.values[: layout.count])])
    for metric, row, found in known:
        _take_row(page.view, reading, layout, usual, metric, row, found)
    return reading


def _rows(page: Page, cluster: Cluster) -> list[tuple[str, Row, Found]]:
    rows: list[tuple[str, Row, Found]] = []
    block = ""
    for number, hit in enumerate(cluster.hits):
        row = hit.rows["single"]
        following = cluster.next_start(number)
        found = after_label(page.view, hit.start, hit.end, following)
        metric = row.metric if _stands_alone(page, hit) else ""
        if row.block and metric:
            block = metric
        elif row.under:
            metric = _shared_metric(row, block) if metric else ""
        rows.append((metric, row, found))
    return rows


def _stands_alone(page: Page, hit: Hit) -> bool:
    """Whether the label is a whole label: not the end of a longer one, nor one of two joined."""
    before = page.squeezed.text[max(0, hit.at - 6) : hit.at]
    if _JOINED.search(before):
        return False
    if not hit.start or page.view[hit.start - 1] in " \t\n|\u3000\xa0":
        return True
    return _BEFORE.search(before) is not None


def _shared_metric(row: Row, block: str) -> str:
    """维持具体行政行为数 stands under 行政复议, 行政诉讼 and 举报投诉 alike."""
    if block in row.under:
        return f"{block.split('.')[0]}.{row.metric.split('.')[1]}"
    return row.metric if len(row.under) == 1 else ""


@cache
def _column_words() -> re.Pattern[str]:
    words = [word for words in templates().columns.values() for word in words]
    words.sort(key=len, reverse=True)
    return re.compile("|".join([r"20\d\d年度?", *map(re.escape, words)]))


@cache
def _roles() -> dict[str, str]:
    return {word: role for role, words in templates().columns.items() for word in words}


def _layout(page: Page, first: Hit, rows: list[Found]) -> Layout:
    header = page.squeezed.text[max(0, first.at - 150) : first.at]
    header = header[max(header.rfind(mark) for mark in "。；") + 1 :]
    cut = max(header.rfind("单位"), header.rfind("指标"), header.rfind("项目"))
    words = _column_words().findall(header[cut:]) if cut >= 0 else []
    pairs = [(_roles().get(word, "dated"), word) for word in words]
    pairs = [pair for pair in pairs if pair[0] != "code"]
    code = ""
    if "代码" in header or "编码" in header:
        code = "before" if header.find("码") < header.find("指标") else "after"
    if len(pairs) > 1:
        return Layout(len(pairs), _year_column(pairs), code)
    several = [row for row in rows if len(row.values) > 1 and _one_line(page.view, row)]
    if not pairs and not code and len(several) * 5 >= len(rows) * 3:
        return Layout(2, None, code, stated=False)
    return Layout(1, 0, code)


def _one_line(view: str, row: Found) -> bool:
    return "\n" not in view[row.values[0].start : row.values[1].end]


def _year_column(columns: list[tuple[str, str]]) -> int | None:
    """Which of several columns means the reported year; None where the headers do not say."""
    roles = [role for role, _ in columns]
    if "running" in roles:
        return roles.index("running")
    if "part" in roles and "sum" in roles:
        return roles.index("sum")
    dated = [(word, number) for number, (role, word) in enumerate(columns) if role == "dated"]
    if dated:
        return max(dated)[1]
    for role in ("year", "whole"):
        if role in roles:
            return roles.index(role)
    return None


def _drop_code(found: Found, count: int) -> None:
    if found.values and len(found.values) != count and len(found.values[0].number) <= 3:
        found.values = found.values[1:]


def _take_row(
    view: str, reading: Reading, layout: Layout, usual: int, metric: str, row: Row, found: Found
) -> None:
    label = "".join(view[found.start : found.end].split())
    if not found.values and layout.count > 1:
        return
    readable = layout.index is not None and take(view, found, layout.count, usual)
    if layout.index is None or not readable or not found.cells:
        if found.values or not readable:
            end = found.values[-1].end if found.values else found.limit
            reading.warnings.append(_warning(label, layout, found.start, end))
            reading.end = max(reading.end, end)
        return
    value = found.cells[layout.index]
    reading.values.append((metric, None, value, found.unit, row.unit, label))
    reading.end = max(reading.end, *(cell.end for cell in found.cells))


def _warning(label: str, layout: Layout, start: int, end: int) -> ReadingWarning:
    if layout.index is None:
        message = f"“{label}”有几列数字，表头没有说明哪一列是本年数"
        return ReadingWarning("unknown_column", message, start, end)
    if layout.count > 1:
        message = f"“{label}”应有{layout.count}个数，数字连写或不全，无法拆分"
        return ReadingWarning("ambiguous_digits", message, start, end)
    return ReadingWarning("unread_row", f"“{label}”后有看不懂的文字，其数未读", start, end)
