"""Table three: rows of seven numbers, one per kind of applicant, under 23 to 26 labels.

A row is read directly where exactly seven values follow its label. Where labels and values come
apart (PDF dumps), rows with the label on the value line are anchors, and lines of seven values
between two anchors belong to the template rows missing there, if their number is the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from nlp.records import ReadingWarning
from nlp.structure.aligned import Columns
from nlp.structure.cells import BORDER, bordered, stacked, window
from nlp.structure.clusters import Cluster, Page, Reading, header_start, line_end, line_start
from nlp.structure.glued import splits_of_row
from nlp.structure.labels import Hit, Row, templates
from nlp.structure.relations import settle
from nlp.structure.values import Value, run_at, strip_ordinal, values_in

CELLS = 7
_LEAST_ROWS = 3
_LONGEST_ROW = 600
_REACH = 8
_MOST_LINES = 300
_MOST_GLUED = 40
# What may stand between a label and its values: the rest of the label and notes, no digit.
_TAIL = re.compile(r"(?:[（(][^（()）]{0,160}[）)]|[^\d（(/\-—－])*+")
_WORD = re.compile(r"[^\s\d|]")
_HEADING = re.compile(r"\s*[一二三四五六七八九十]{1,2}\s*、(?!\s*(?:结|本\s*年|上\s*年))")


@dataclass(slots=True)
class Line:
    """A printed row: its label (if any) and where its values may stand."""

    row: Row | None
    label: str
    start: int  # of the label, or of the values of a row without one
    after: int  # where the label ends
    limit: int
    values: list[Value] = field(default_factory=list)
    cells: list[Value] | None = None
    choices: list[list[Value]] = field(default_factory=list)


def read_applicants(page: Page, cluster: Cluster) -> Reading | None:
    """Read a cluster of table-three labels; None where it is not such a table."""
    hits = cluster.hits
    lines = _lines(page.view, cluster)
    for line in lines:
        _read_direct(page.view, line)
    unlabelled = _value_lines(page.view, cluster, lines)
    if unlabelled:
        lines = _by_anchors(page.view, lines, unlabelled)
    _read_partial(page.view, lines)
    certain = {line.row.metric for line in lines if line.row and (line.cells or line.choices)}
    if len(certain) < _LEAST_ROWS:
        return None
    settle([line for line in lines if line.row])
    return _reading(page, hits, lines)


def _lines(view: str, cluster: Cluster) -> list[Line]:
    lines: list[Line] = []
    for number, hit in enumerate(cluster.hits):
        row = hit.rows["applicants"]
        following = cluster.next_start(number)
        limit = _limit(view, hit.end, following)
        label = "".join(view[hit.start : hit.end].split())
        lines.append(Line(row, label, hit.start, hit.end, limit))
        if row.metric in ("reply.other.unpaid_fee", "reply.other", "reply.other.misc"):
            lines += _bare_rows(view, lines, limit, following)
    return lines


def _bare_rows(view: str, lines: list[Line], limit: int, following: int) -> list[Line]:
    """其他 and 总计 without their numbers: only believed behind the rows they follow."""
    found: list[Line] = []
    known = {row.metric: row for row in templates().applicant_rows}
    wanted = ["reply.other.misc", "reply.total"]
    if lines[-1].row and lines[-1].row.metric != "reply.other.unpaid_fee":
        wanted = ["reply.total"]
    current = lines[-1]
    for metric in wanted:
        for word in known[metric].bare:
            at = view.find(word, current.after, limit)
            if at >= 0 and values_in(view, current.after, at):
                current.limit = strip_ordinal(view, current.after, at)
                current = Line(known[metric], word, at, at + len(word), limit)
                found.append(current)
                break
    if found:
        found[-1].limit = _limit(view, found[-1].after, following)
    return found


def _limit(view: str, end: int, following: int) -> int:
    """Where the values of a label must end: before the line and the number of the next label."""
    if following < 0 or following - end > _LONGEST_ROW:
        return min(len(view), end + _LONGEST_ROW)
    broken = view.rfind("\n", end, following)
    # A row number alone on its line belongs to the next label too.
    return strip_ordinal(view, end, broken if broken >= 0 else following)


def _read_direct(view: str, line: Line) -> None:
    tail = _TAIL.match(view, line.after, line.limit)
    start = tail.end() if tail else line.after
    # Borders and blanks before the values belong to them, the label's own words do not.
    line.values = run_at(view, start, line.limit)
    if len(line.values) == CELLS and not _is_glued(line.values):
        line.cells = line.values
    elif len(line.values) > CELLS:
        _drop_strays(view, line)


def _drop_strays(view: str, line: Line) -> None:
    """Seven values on one line, then a lonely number (a page number) on a line of its own."""
    first = line.values[:CELLS]
    rest = line.values[CELLS:]
    alone = len(rest) == 1 and "\n" in view[first[-1].end : rest[0].start]
    if alone and "\n" not in view[first[0].start : first[-1].end] and not _is_glued(first):
        line.cells = first


def _is_glued(values: list[Value]) -> bool:
    """Digits that cannot be one figure: 00, 0000023."""
    return any(len(v.number) > 1 and v.number[0] == "0" and v.number[1] != "." for v in values)


def _is_run(values: list[Value]) -> bool:
    return len(values) == 1 and len(values[0].number) >= CELLS


def _value_lines(view: str, cluster: Cluster, lines: list[Line]) -> list[Line]:
    """Lines of seven values in and around the table, if some are not where their label is."""
    hits, order = cluster.hits, _order(lines)
    read = {line.row.metric for line in lines if line.row and line.cells}
    complete = read.issuperset(order)
    head = line_start(view, hits[0].start)
    above = view[max(0, head - 200) : head].rstrip(" \t|\n")
    above = above[above.rfind("\n") + 1 :]
    if complete and len(values_in(above, 0, len(above))) != CELLS:
        return []
    start = head
    for _ in range(_REACH):
        start = max(cluster.floor, line_start(view, max(0, start - 1)))
    ceiling = cluster.following if cluster.following >= 0 else len(view)
    end = last = line_end(view, hits[-1].end)
    for _ in range(_REACH):
        end = line_end(view, min(len(view), end + 1))
    found: list[Line] = []
    while start < ceiling and len(found) < _MOST_LINES:
        stop = line_end(view, start)
        values = _row_of_line(view, start, stop) if stop - start < 1_000 else None
        if (start > end and not values) or (
            start > last and not values and _HEADING.match(view, start, stop)
        ):
            break
        if values:
            found.append(Line(None, "", values[0].start, start, stop, values, values))
        start = stop + 1
    return found


def _row_of_line(view: str, start: int, end: int) -> list[Value] | None:
    """The seven cells at the end of a line: values, or values and blanks between borders."""
    values = values_in(view, start, end)
    if len(values) < CELLS - 1:
        return None
    if len(values) > CELLS and not _WORD.search(view, values[-CELLS - 1].end, values[-CELLS].start):
        return None  # more numbers than this table has columns: table four
    run = run_at(view, values[-CELLS].start, end) if len(values) >= CELLS else []
    if len(run) == CELLS and not view[run[-1].end : end].strip(" \t|") and not _is_glued(run):
        return run
    return window(bordered(view, start, end), CELLS)


def _by_anchors(view: str, lines: list[Line], unlabelled: list[Line]) -> list[Line]:
    """Give every line of values its row; labels on other lines only say what is missing."""
    if not unlabelled:
        return lines
    labelled = {line.start: line for line in lines}
    starts = sorted(labelled)
    order = _order(lines)
    anchors: list[tuple[int, int]] = [(-1, -1)]  # (number among the value lines, row number)
    for number, found in enumerate(unlabelled):
        at = bisect_right(starts, found.values[0].start) - 1
        label = labelled[starts[at]] if at >= 0 else None
        if label is None or label.row is None or label.after < found.after:
            continue
        if label.row.metric not in order:  # a subtotal row with numbers of its own
            found.limit = -1 if label.cells else found.limit
            continue
        place = order.index(label.row.metric)
        if place <= anchors[-1][1]:
            return lines  # the labels are not in printed order: nothing can be concluded
        found.row, found.label, found.start = label.row, label.label, label.start
        found.after = label.after
        anchors.append((number, place))
    if any(found.limit < 0 for found in unlabelled):
        return _by_anchors(view, lines, [found for found in unlabelled if found.limit >= 0])
    anchors.append((len(unlabelled), len(order)))
    _fill(unlabelled, lines, order, anchors)
    if not any(found.row for found in unlabelled):
        if unlabelled[0].start < lines[0].start:
            for line in lines:  # values stand before their labels: no reading from label on
                line.cells = None
        return lines
    given = {found.row.metric for found in unlabelled if found.row}
    rest = [line for line in lines if line.row and line.row.metric not in given]
    for line in rest:
        if line.cells and not _own_line(view, line):
            line.cells = None  # these values stand on a line that belongs to another row
            line.values = []
    return sorted([*unlabelled, *rest], key=lambda line: line.start)


def _own_line(view: str, line: Line) -> bool:
    return bool(line.values) and "\n" not in view[line.after : line.values[0].start]


def _order(lines: list[Line]) -> list[str]:
    """The rows that this table has, in printed order: with or without those under 其他处理."""
    seen = {line.row.metric for line in lines if line.row}
    parts = any(metric.startswith("reply.other.") for metric in seen)
    order = []
    for row in templates().applicant_rows:
        if row.kind == "subtotal" or (row.metric == "reply.other" and parts):
            continue
        if parts or not row.metric.startswith("reply.other."):
            order.append(row.metric)
    return order


def _fill(
    unlabelled: list[Line], lines: list[Line], order: list[str], anchors: list[tuple[int, int]]
) -> None:
    labels = {line.row.metric: line for line in lines if line.row}
    known = {row.metric: row for row in templates().applicant_rows}
    for (left, above), (right, below) in pairwise(anchors):
        missing = order[above + 1 : below]
        between = unlabelled[left + 1 : right]
        if len(missing) != len(between):
            continue
        for metric, found in zip(missing, between, strict=True):
            found.row = known[metric]
            found.label = labels[metric].label if metric in labels else ""


def _read_partial(view: str, lines: list[Line]) -> None:
    """Rows with blanks, and rows whose digits are glued."""
    pending = [line for line in lines if line.row and line.cells is None and line.values]
    if not pending:
        return
    leads = {outer: _lead(view, lines, outer=outer) for outer in (True, False)}
    spaced = [line.values for line in lines if line.row and 0 < len(line.values) <= CELLS]
    columns: Columns | None = None
    glued = any(_is_glued(line.values) or _is_run(line.values) for line in pending)
    for line in pending[:_MOST_GLUED]:
        start = max(line.after, line_start(view, line.values[0].start))
        stop = min(line_end(view, line.values[0].start), line.limit)
        border = BORDER.search(view, start, line.values[0].start)
        if border and BORDER.search(view, border.end(), stop + 1):
            line.cells = _blanks(bordered(view, border.end(), stop), leads[_is_outer(line)])
        elif len(line.values) < CELLS:
            if line.values[0].start > line_end(view, line.after):
                cells = stacked(view, line_end(view, line.after) + 1, line.limit)
                line.cells = cells if len(cells) == CELLS else None
            if line.cells is None and glued:
                line.choices = splits_of_row(line.values, CELLS)
            if line.cells is None and not line.choices:
                columns = columns or Columns(view, spaced, CELLS)
                line.cells = columns.place(line.values)
        if len(line.choices) == 1:
            line.cells = line.choices[0]


def _is_outer(line: Line) -> bool:
    """一, 二 and 四 span the columns that the labels under 三 share."""
    return line.row is not None and line.row.metric.startswith("request.")


def _lead(view: str, lines: list[Line], *, outer: bool) -> int | None:
    """How many empty cells stand between label and values, where full rows agree on it."""
    leads = set()
    for line in lines:
        if line.cells and _is_outer(line) == outer and line.after <= line.cells[0].start:
            leads.add(len(BORDER.findall(view, line.after, line.cells[0].start)) - 1)
    return leads.pop() if len(leads) == 1 else None


def _blanks(cells: list[Value], lead: int | None) -> list[Value] | None:
    if all(cell.start == cell.end for cell in cells):
        return None
    if lead and len(cells) == lead + CELLS - 1 and all(c.start == c.end for c in cells[:lead]):
        end = cells[-1].end  # the row stops one cell short, and its label columns are known
        return [*cells[lead:], Value(end, end, "", "")]
    chosen = window(cells, CELLS)
    if chosen is None and lead is not None and len(cells) >= lead + CELLS:
        rest = cells[lead + CELLS :]
        if all(cell.start == cell.end for cell in cells[:lead] + rest):
            chosen = cells[lead : lead + CELLS]
    return chosen


def _reading(page: Page, hits: list[Hit], lines: list[Line]) -> Reading:
    applicants = templates().applicants
    reading = Reading([], header_start(page, hits[0]), hits[-1].end, "applicants", [])
    known = {line.row.metric for line in lines if line.row and line.cells}
    for line in lines:
        if line.row and line.cells:
            for applicant, value in zip(applicants, line.cells, strict=True):
                label = line.label
                reading.values.append((line.row.metric, applicant, value, "", "件", label))
            reading.end = max(reading.end, line.cells[-1].end)
            reading.start = min(reading.start, line.start)
        elif line.values and _missed(line, hits, known):
            reading.warnings.append(_warning(line))
            reading.end = max(reading.end, line.values[-1].end)
    reading.end = max(reading.end, hits[-1].end)
    return reading


def _missed(line: Line, hits: list[Hit], known: set[str]) -> bool:
    """Whether values were printed for the table that no cell shows."""
    if line.row is None:
        return hits[0].start <= line.start <= hits[-1].end
    return line.row.metric not in known


def _warning(line: Line) -> ReadingWarning:
    start, end = line.start, line.values[-1].end
    name = line.label or "无标签的一行"
    if line.row is None:
        return ReadingWarning("unlabelled_row", "表三中有一行数字找不到对应的行名", start, end)
    if line.choices:
        count = len(line.choices)
        message = f"“{name}”的数字连写，有{count}种拆法都成立"
        return ReadingWarning("ambiguous_digits", message, start, end)
    if _is_glued(line.values) or _is_run(line.values):
        return ReadingWarning("ambiguous_digits", f"“{name}”的数字连写，无法拆分", start, end)
    if len(line.values) < CELLS:
        message = f"“{name}”应有{CELLS}个数，只认出{len(line.values)}个，无法确定各属哪一列"
        return ReadingWarning("missing_values", message, start, end)
    return ReadingWarning("surplus_values", f"“{name}”后的数字多于{CELLS}个", start, end)
