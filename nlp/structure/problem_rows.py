"""Tables of problems and measures: each cell below 存在问题 or 改进措施 is an item of its own.

Columns may be parted by tabs, bars or blanks, or every cell stands on a line of its own; there may
be more columns (序号, 原因, 责任单位, 时限) or no header at all. Cells that wrap beside each other
have no words of their own to point at: such rows are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.records import ItemKind
from nlp.structure.headings import read_heading, role_of

_NUM = "一二三四五六七八九十"
_PROBLEM = re.compile(
    r"(?:20\d\d年度?|上一?年度?|去年|本年度?|当前|目前|现阶段|主要|存在|突出|具体|工作|整改|反馈|查摆|自查|政务公开|政府信息公开|的)*"
    r"(?:问题|不足|短板|差距|困难|薄弱环节|不足之处)(?:(?:和|与|及|、)(?:不足|困难|问题|短板|差距))?(?:清单|表现|描述|内容|情况|事项)?"
)
_PLAN = re.compile(
    r"(?:20\d\d年度?|下一?步|今后|工作|整改|改进|具体|主要|应对|对应|相应|解决|拟采取|采取|努力|的)*"
    r"(?:打算|措施|举措|对策|计划|方向|安排|思路|办法|建议|方案|目标)(?:清单|内容)?|下一?步|(?:如何|怎么)改(?:进)?|改进情况|改进"
)
_DONE = re.compile(
    r"(?:整改|落实|解决|完成)(?:措施)?(?:落实|进展|完成|整改)?(?:情况|结果|成效|进展)"
)
_OTHER = re.compile(
    r"序号|编号|类别|类型|方面|领域|项目|板块|工作任务|(?:问题|存在|主要)?(?:产生)?的?原因(?:分析)?|成因|责任.{1,3}|牵头.{0,3}|配合单位|分管领导"
    r"|(?:完成|整改|办结)?(?:时限|时间|期限|节点)(?:要求)?|(?:完成|工作)?(?:进度|状态)|备注|联系人"
)
_LAST_YEAR = re.compile(r"上一?年度?|去年|20\d\d年度?(?:报告|年报)|整改(?:落实|完成)?情况")
_RULE = re.compile(r"[\s|:：\-—–=+]+")
_NUMBER = re.compile(rf"[（(]?(?:\d{{1,2}}|[{_NUM}]{{1,3}}|[①-⑳])[)）、.．]?")
_MARKUP = re.compile(r"[\s*_#]+|<[^>]{0,40}>")
_TOLD = re.compile(
    r"(?:对|针对|对照|至于|关于)?(?:上一?年度?|去年|20\d\d年|以上|上述|下一?步|今后|此外|另外|同时|我[局厅委市县区镇乡院校])"
)
_WORDY = 6  # characters, of cells without header that are neither figures nor labels
_LONGEST_LABEL = 16
_MOST_COLUMNS, _MOST_LINES = 10, 400  # of a table with each cell on a line of its own

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """A problem or measure at `start:end` of the folded text. Where a label stands in the cell
    before (存在问题 | 1.…2.…), `label` is its span and `item` is None: more than one may follow."""

    item: ItemKind | None
    start: int
    end: int
    label: Span | None = None


@dataclass(frozen=True, slots=True)
class ProblemTable:
    """The cells of a table, and the `start:end` that its rows and header take up."""

    start: int
    end: int
    cells: tuple[Cell, ...]


def problem_tables(text: str, regions: Sequence[Span]) -> list[ProblemTable]:
    """The tables of problems and measures in the chapters on them, outside other tables."""
    found: list[ProblemTable] = []
    for chapter in _chapters(text, regions):
        at = 0
        while at < len(chapter):
            table, taken = _table(text, chapter, at)
            if table and table.cells:
                found.append(table)
            at += max(taken, 1)
    return found


def _chapters(text: str, regions: Sequence[Span]) -> Iterator[list[Span]]:
    """The lines of each chapter on problems or plans, trimmed, blank ones left out."""
    lines: list[Span] = []
    inside = False
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip("\n\r ")
        start = at + len(line) - len(line.lstrip("\n\r "))
        at += len(line)
        if not bare or any(a <= start < b for a, b in regions):
            continue
        heading = read_heading(text, start, start + len(bare)) if _may_head(bare) else None
        role = role_of(heading.words) if heading else None
        on = role in ("problems", "plans")
        if heading and (on or heading.level <= 1):
            # 存在问题, a bare line below its chapter, may be a cell of a header.
            if lines and not (on and not heading.marker and bare[0] != "#"):
                yield lines
                lines = []
            inside = on
        if inside:
            lines.append((start, start + len(bare)))
    if lines:
        yield lines


def _may_head(line: str) -> bool:
    return len(line) <= 60 and "\t" not in line.strip() and "|" not in line


def _table(text: str, lines: list[Span], at: int) -> tuple[ProblemTable | None, int]:
    """The table that begins with line `at`, and how many lines it takes."""
    cells = cells_of(text, *lines[at])
    if len(cells) > 1:
        header = _header(text, cells)
        if header:
            return _rows(text, lines, at, header)
        if _is_label(text, cells):
            return _labelled(text, lines, at)
        return _without_header(text, lines, at)
    return _stacked(text, lines, at)


def cells_of(text: str, start: int, end: int) -> list[Span]:
    """The cells of a line between bars, tabs, or two blanks and more; blank ones too, except where
    blanks part them."""
    line = text[start:end]
    if "|" in line:
        marks = re.compile(r"\|")
    elif "\t" in line:
        marks = re.compile(r"\t")
    else:
        marks = re.compile(r"[ \u3000]{2,}|\u3000")
    bounds = [start]
    for mark in marks.finditer(text, start, end):
        bounds += [mark.start(), mark.end()]
    bounds.append(end)
    cells = [_trim(text, a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    if "|" in line:  # bars also stand at both ends of a line
        cells = cells[1 if line.startswith("|") else 0 : -1 if line.endswith("|") else None]
    return cells


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in "*_"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "*_"):
        end -= 1
    return start, end


def _words(text: str, span: Span) -> str:
    return re.sub(r"[（(].{0,20}[)）]$", "", _MARKUP.sub("", text[slice(*span)])).rstrip("：:")


def _kind(words: str) -> str:
    """What a header's words say of its column: problem, plan, remedy, other; empty where they are
    no header."""
    if len(words) > _LONGEST_LABEL:
        return ""
    for kind, pattern in (
        ("other", _OTHER), ("remedy", _DONE), ("problem", _PROBLEM), ("plan", _PLAN)
    ):  # fmt: skip
        if pattern.fullmatch(words):
            return kind
    return ""


def _header(text: str, cells: list[Span]) -> list[str]:
    """The kinds of the columns that a header line names; empty where it is none."""
    kinds = [_kind(_words(text, cell)) for cell in cells]
    unknown = sum(not kind and end > start for kind, (start, end) in zip(kinds, cells, strict=True))
    if "problem" not in kinds or not {"plan", "remedy"} & set(kinds) or unknown > 1:
        return []
    return kinds


def _settled(text: str, lines: list[Span], at: int, kinds: list[str]) -> list[ItemKind | None]:
    """The item that each column holds. Of last year's problems only what was done is one."""
    above = "".join(text[slice(*line)] for line in lines[max(0, at - 2) : at + 1])
    solved = "remedy" in kinds and "plan" not in kinds and _LAST_YEAR.search(above)
    columns: list[ItemKind | None] = []
    for kind in kinds:
        if kind == "problem":
            columns.append(None if solved else "problem")
        else:
            columns.append("plan" if kind == "plan" else "remedy" if kind == "remedy" else None)
    return columns


def _rows(
    text: str, lines: list[Span], at: int, kinds: list[str]
) -> tuple[ProblemTable | None, int]:
    """The rows below a header, up to a line that has other cells."""
    columns = _settled(text, lines, at, kinds)
    found: list[Cell] = []
    last = at
    for number in range(at + 1, len(lines)):
        cells = cells_of(text, *lines[number])
        if _RULE.fullmatch(text, *lines[number]) or _header(text, cells):
            last = number
            continue
        while len(cells) > len(columns) and cells[-1][0] == cells[-1][1]:
            cells.pop()
        if len(cells) == len(columns) - 1 and kinds[0] == "other":
            cells = [(cells[0][0], cells[0][0]), *cells]
        if len(cells) != len(columns):
            break
        found += _items(columns, cells)
        last = number
    return ProblemTable(lines[at][0], lines[last][1], tuple(found)), last - at + 1


def _items(columns: Sequence[ItemKind | None], cells: Sequence[Span]) -> list[Cell]:
    return [
        Cell(item, *cell)
        for item, cell in zip(columns, cells, strict=True)
        if item and cell[1] - cell[0] > 2
    ]


def _is_label(text: str, cells: list[Span]) -> bool:
    filled = [cell for cell in cells if cell[1] > cell[0]]
    return (
        len(filled) == 2
        and _kind(_words(text, filled[0])) in ("problem", "plan", "remedy")
        and filled[1][1] - filled[1][0] > _LONGEST_LABEL // 2
    )


def _labelled(text: str, lines: list[Span], at: int) -> tuple[ProblemTable | None, int]:
    """存在问题 | 1.…2.…: a label in the first cell, its list in the second."""
    found: list[Cell] = []
    taken = 0
    for line in lines[at:]:
        cells = [cell for cell in cells_of(text, *line) if cell[1] > cell[0]]
        if not _RULE.fullmatch(text, *line):
            if not _is_label(text, cells):
                break
            found.append(Cell(None, *cells[1], label=cells[0]))
        taken += 1
    return ProblemTable(lines[at][0], lines[at + taken - 1][1], tuple(found)), taken


def _without_header(text: str, lines: list[Span], at: int) -> tuple[ProblemTable | None, int]:
    """Two columns of words in a row of lines, a number before them or not: the fault, the answer."""
    found: list[Cell] = []
    taken = rows = 0
    for line in lines[at:]:
        if not re.search(r"[\t|]", text[slice(*line)]):
            break
        cells = [cell for cell in cells_of(text, *line) if cell[1] > cell[0]]
        if not _RULE.fullmatch(text, *line):
            if len(cells) == 3 and _NUMBER.fullmatch(text, *cells[0]):
                cells = cells[1:]
            if len(cells) != 2 or any(b - a < _WORDY for a, b in cells):
                break
            found += _items(("problem", "plan"), cells)
            rows += 1
        taken += 1
    if rows < 2:
        return None, 1
    return ProblemTable(lines[at][0], lines[at + taken - 1][1], tuple(found)), taken


def _stacked(text: str, lines: list[Span], at: int) -> tuple[ProblemTable | None, int]:
    """Every cell on a line of its own, the header's too: as many lines make a row."""
    kinds: list[str] = []
    for line in lines[at : at + _MOST_COLUMNS]:
        kind = _kind(_words(text, line))
        if not kind:
            break
        kinds.append(kind)
    if "problem" not in kinds or not {"plan", "remedy"} & set(kinds) or len(set(kinds)) < 2:
        return None, 1
    columns = _settled(text, lines, at, kinds)
    body = lines[at + len(kinds) : at + _MOST_LINES]
    stop = next((n for n, line in enumerate(body) if _ends(text, line)), len(body))
    numbered = _kind_is_number(text, lines[at])
    found: list[Cell] = []
    taken = 0
    for row in range(0, stop - len(kinds) + 1, len(kinds)):
        cells = body[row : row + len(kinds)]
        if numbered and not _NUMBER.fullmatch(text, *cells[0]):
            break
        found += _items(columns, cells)
        taken = row + len(kinds)
    # What follows the last row must be told apart from one that is cut short.
    ended = taken == stop or (taken > len(kinds) and _TOLD.match(text, body[taken][0]))
    if not taken or not (numbered or ended):
        return None, 1
    return (
        ProblemTable(lines[at][0], body[taken - 1][1], tuple(found)),
        len(kinds) + taken,
    )


def _kind_is_number(text: str, line: Span) -> bool:
    return _words(text, line) in ("序号", "编号")


def _ends(text: str, line: Span) -> bool:
    heading = read_heading(text, *line)
    return heading is not None and bool(heading.marker) and not _NUMBER.fullmatch(text, *line)
