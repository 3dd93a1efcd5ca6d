"""Running text: which lines are prose, and how wrapped lines join into passages.

Dumps break lines anywhere: at the right margin, at page ends, not at all. A passage is one
paragraph as its author wrote it, with the wraps, page marks, image markers and blanks left
out and every remaining character's place kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.records import Document, Passage, Role, Section
from nlp.structure.headings import Heading, glued_headings, read_heading, role_of
from nlp.structure.problem_rows import Cell, problem_tables
from nlp.structure.sentences import cut

_PAGE_MARK = re.compile(
    r"[-—–－_·.\s]*\d{1,3}[-—–－_·.\s]*|第?\s*\d{1,3}\s*页(?:[,，/\s]*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
)
# Image markers, HTML, links, emphasis, and pinyin that scrapers put behind characters: 報(bào)告
_NOISE = re.compile(
    r"!?\[(?:image|图片|img)[^\]\n]{0,200}\](?:\([^)\n]{0,300}\))?|!\[[^\]\n]{0,200}\]\([^)\n]{0,300}\)"
    r"|</?[a-zA-Z][^>\n]{0,200}>|<!--.{0,500}?-->|&nbsp;|\*\*|__|~~"
    r"|[(（](?=[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[)）]",
    re.IGNORECASE,
)
_MAY_BE_NOISE = re.compile(r"[<\[*_~&āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
_BLANKS = re.compile(r"\s+")
_GAP = re.compile(rf"\s+|{_NOISE.pattern}", re.IGNORECASE)
_LIST_START = re.compile(
    r"#|[（(]?[一二三四五六七八九十]{1,3}[)）、]|[一二三四五六七八九十]{1,2}(?:是|要)|其[一二三四五六七八九十]"
    r"|\d{1,2}[、．.)）](?!\d)|[（(]\d{1,2}[)）]|[①-⑳•●○◆◇■□▪★☆▲△►▶➤➢※✓√]|[-—–] ?(?=[一-鿿])"
)
_TERMINAL = "。！？；：!?;:"
_CLOSING = "”’」』）)》】\"'* _"
_CANNOT_START = "，。；：、！？”’）》】%％"
_NUMBER = re.compile(r"\d[\d,.]*")
_GLUED_PART = re.compile(
    r"(?<=[。；：！？\s）)])(?=[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.．、](?![\d\s])|[（(]\d{1,2}[)）])"
)
_APPENDIX = re.compile(r"(?<=[。；\s])附(?:(?:表|件)\s*\d?\s*[：:\s]|[：:])")
_CELL = re.compile(r"[^\t]*[^\t\s][^\t]*")
_SHORT_LINE, _LONG_LINE = 40, 160
_LONGEST_PASSAGE = 4_000  # of real reports: some 900
_TITLE = re.compile(r"(?:信息|政务)公开.{0,12}报告\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose (or what stands between two glued headings), trimmed of blanks."""

    start: int
    end: int
    heading: Heading | None
    opens: bool  # starts a paragraph of its own: heading, list item, after a break


def read_prose(
    document: Document, regions: tuple[tuple[int, int], ...]
) -> tuple[tuple[Section, ...], tuple[Passage, ...]]:
    """Sections and passages of everything outside the table `regions`."""
    tables = problem_tables(document.folded, regions)
    laid_out = sorted((*regions, *((table.start, table.end) for table in tables)))
    lines = _lines(document.folded, tuple(laid_out))
    sections, of_line = _sections(lines, document)
    passages: list[Passage] = []
    for group, section, heading in _paragraphs(lines, of_line, document.folded):
        of_group = sections[section] if section >= 0 else None
        built = _build(document.folded, group, of_group, heading)
        if built.text:
            passages += _parted(built)
    cells = [_of_cell(document.folded, cell, sections) for table in tables for cell in table.cells]
    if cells:
        passages = sorted((*passages, *cells), key=lambda passage: passage.offsets[0])
    return sections, tuple(passages)


def _of_cell(text: str, cell: Cell, sections: tuple[Section, ...]) -> Passage:
    """A cell of a table of problems and measures; 存在问题 | … reads 存在问题：…"""
    above = next((s for s in reversed(sections) if s.start <= cell.start), None)
    built = _build(
        text, [Line(cell.start, cell.end, None, True)], above, above.heading if above else ""
    )
    built = replace(built, item=cell.item)
    if cell.label is None:
        return built
    start, end = cell.label
    return replace(
        built,
        text=f"{text[start:end]}：{built.text}",
        offsets=(*range(start, end), end, *built.offsets),
    )


def _lines(text: str, regions: tuple[tuple[int, int], ...]) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for region_start, region_end in (*regions, (len(text), len(text))):
        if region_start > at:
            between = _lines_between(text, at, region_start)
            if between and at:  # no paragraph reaches over a table
                between[0] = replace(between[0], opens=True)
            lines += between
        at = max(at, region_end)
    return lines


def _lines_between(text: str, start: int, end: int) -> list[Line]:
    lines: list[Line] = []
    for line_start, line_end in _split(text, start, end):
        if _is_debris(text[line_start:line_end]):
            continue
        for part_start, part_end in _unglue(text, line_start, line_end):
            heading = read_heading(text, part_start, part_end)
            opens = heading is not None or bool(_LIST_START.match(text, part_start, part_end))
            lines.append(Line(part_start, part_end, heading, opens))
    return lines


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the non-blank lines, trimmed; image markers alone on a line are dropped."""
    spans = []
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        raw = text[at:stop]
        marks = _NOISE.match(raw.lstrip())
        left = at + len(raw) - len(raw.lstrip())
        if marks and marks.end() < len(raw.lstrip()):  # [image: ]一、概述
            left += marks.end()
        right = at + len(raw.rstrip())
        while left < right and text[left].isspace():
            left += 1
        if (
            left < right
            and not _PAGE_MARK.fullmatch(text, left, right)
            and not _NOISE.fullmatch(text, left, right)
        ):
            spans += _untab(text, left, right)
        at = stop + 1
    return spans


def _untab(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A whole report on one line may hold a table's tabs: its prose stands between them."""
    if end - start < _LONG_LINE or "\t" not in text[start:end]:
        return [(start, end)]
    pieces = [
        (start + found.start(), start + found.end()) for found in _CELL.finditer(text[start:end])
    ]
    return pieces if any(b - a >= _LONG_LINE // 2 for a, b in pieces) else [(start, end)]


def _is_debris(line: str) -> bool:
    """Rows of other tables, chart labels and rules: anything laid out rather than written."""
    tabs = line.count("\t")
    if line.startswith("|") or tabs >= 2 or not line.strip("-—=_*| \t:"):
        return True
    if re.search(r"[，。；：？！]|\d ?[件条次人个篇起场期份宗项名]、", line):
        return False
    if tabs or ("." * 4 in line) or "……" in line:  # a row of two cells; a table of contents
        return True
    numbers = _NUMBER.findall(line)
    return (
        len(numbers) >= 3
        and len(line.split()) >= 3
        and not re.search(r"年.{0,4}月|[一-鿿]{12}", line)
    )


def _unglue(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a line in which paragraphs were glued together before its headings."""
    if end - start < _SHORT_LINE:
        return [(start, end)]
    cuts = {start}
    for heading_start, heading_end in glued_headings(text, start, end):
        cuts.update((heading_start, heading_end) if heading_start > start else (heading_end,))
    cuts.update(found.start() for found in _APPENDIX.finditer(text, start, end))
    if end - start >= _LONG_LINE:
        cuts.update(found.start() for found in _GLUED_PART.finditer(text, start, end))
    spans = []
    bounds = sorted(cut for cut in cuts if start <= cut < end)
    for left, right in zip(bounds, [*bounds[1:], end], strict=True):
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((left, right))
    return spans


def _sections(lines: list[Line], document: Document) -> tuple[tuple[Section, ...], list[int]]:
    """Sections in text order, and for each line the index of its section (-1: before any)."""
    found: list[tuple[Heading, Role]] = []
    of_line: list[int] = []
    stack: list[tuple[int, Role]] = []
    numbers: dict[int, int] = {}
    for line in lines:
        heading = _nested(line.heading, stack, numbers) if line.heading else None
        if heading:
            while stack and stack[-1][0] >= heading.level:
                stack.pop()
            parent = stack[-1][1] if stack else "preamble"
            role = role_of(heading.words) or (parent if stack else "overview")
            # Inside a chapter on problems, "（二）改进情况" is a plan, but "1.政策解读" stays a problem.
            if stack and parent in ("problems", "plans") and role not in ("problems", "plans"):
                role = parent
            stack.append((heading.level, role))
            found.append((heading, role))
        of_line.append(len(found) - 1)
    # Where no chapter is numbered 一、 the outermost style takes its place.
    top = min((heading.level for heading, _ in found), default=1)
    sections = []
    for index, (heading, role) in enumerate(found):
        later = (h.start for h, _ in found[index + 1 :] if h.level <= heading.level)
        end = next(later, len(document.text))
        words = document.text[heading.start : heading.end]
        sections.append(
            Section(f"s{index + 1}", heading.level - top + 1, words, role, heading.start, end)
        )
    return tuple(sections), of_line


_ARABIC = re.compile(r"(\d{1,2})[、．.]")


def _nested(heading: Heading, stack: list[tuple[int, Role]], numbers: dict[int, int]) -> Heading:
    """7.改进措施 / 1.提高认识 / 2.加强队伍: a numbering that restarts under problems or plans
    lists their items one level deeper."""
    found = _ARABIC.match(heading.marker)
    if not found:
        return heading
    number, level = int(found.group(1)), heading.level
    deeper = level + 1
    inside = bool(stack) and stack[-1][1] in ("problems", "plans")
    if (
        inside
        and number == 1
        and numbers.get(level, 0) >= 2
        and role_of(heading.words) not in ("problems", "plans")
    ):
        numbers[deeper] = 1
        return replace(heading, level=deeper)
    if inside and numbers.get(deeper) == number - 1 and number != numbers.get(level, 0) + 1:
        numbers[deeper] = number
        return replace(heading, level=deeper)
    numbers[level] = number
    numbers.pop(deeper, None)
    return heading


def _paragraphs(
    lines: list[Line], of_line: list[int], text: str
) -> list[tuple[list[Line], int, str]]:
    """Groups of lines that are one paragraph, with section index and nearest heading."""
    width = _wrap_width(lines, text)
    groups: list[tuple[list[Line], int, str]] = []
    heading = ""
    for index, line in enumerate(lines):
        if line.heading:
            heading = line.heading.words
        previous = lines[index - 1] if index else None
        if previous and groups and not line.opens and _continues(previous, line, text, width):
            groups[-1][0].append(line)
        else:
            groups.append(([line], of_line[index], heading))
    return groups


def _wrap_width(lines: list[Line], text: str) -> int:
    """The margin at which lines were wrapped, or 0 where the text is not wrapped."""
    unfinished = sorted(
        line.end - line.start
        for line in lines
        if line.end - line.start >= 15 and text[line.end - 1] not in _TERMINAL
    )
    if len(unfinished) < 6 or len(unfinished) < len(lines) // 4:
        return 0
    return unfinished[int(len(unfinished) * 0.6)]


def _continues(previous: Line, line: Line, text: str, width: int) -> bool:
    """Whether `line` goes on with the sentence that `previous` broke off."""
    if previous.heading and previous.heading.whole_line:
        return False
    if text[line.start] in _CANNOT_START:
        return True
    last = previous.end
    while last > previous.start and text[last - 1] in _CLOSING:
        last -= 1
    if text[last - 1] in _TERMINAL:
        return False
    length = previous.end - previous.start
    if _TITLE.search(text[previous.start : previous.end]):
        return False
    if text[last - 1] in "，、,（(“《和及与的":
        return True
    if width:
        return length >= width * 0.8
    return length >= 40 or (
        length >= 16 and bool(re.search(r"[，。；]", text[previous.start : last]))
    )


def _build(text: str, group: list[Line], section: Section | None, heading: str) -> Passage:
    pieces: list[str] = []
    offsets: list[int] = []
    for line in group:
        if offsets and text[offsets[-1]].isdigit() and text[line.start].isdigit():
            pieces.append(" ")  # a number at a line break may or may not go on: never joined
            offsets.append(line.start - 1)
        at = line.start
        while at < line.end and text[at] in "#*>":
            at += 1
        gaps = _GAP if _MAY_BE_NOISE.search(text, at, line.end) else _BLANKS
        for gap in gaps.finditer(text, at, line.end):
            _keep(text, at, gap.start(), pieces, offsets)
            if _separates(text, gap, line.end):
                pieces.append(" ")
                offsets.append(gap.start())
            at = gap.end()
        _keep(text, at, line.end, pieces, offsets)
    role: Role = section.role if section else "preamble"
    return Passage("".join(pieces), tuple(offsets), role, section.id if section else "", heading)


def _parted(passage: Passage) -> list[Passage]:
    """A passage of absurd length in pieces, since lists are sought in the whole of a passage."""
    text, offsets = passage.text, passage.offsets
    if len(text) <= _LONGEST_PASSAGE:
        return [passage]
    return [
        replace(passage, text=text[start:end], offsets=offsets[start:end])
        for start, end in cut(text, 0, len(text), _LONGEST_PASSAGE)
    ]


def _keep(text: str, start: int, end: int, pieces: list[str], offsets: list[int]) -> None:
    pieces.append(text[start:end])
    offsets.extend(range(start, end))


def _separates(text: str, gap: re.Match[str], end: int) -> bool:
    """Blanks count only between Latin words and between numbers: 2018 年 is 2018年."""
    before, after = text[gap.start() - 1], text[gap.end() : gap.end() + 1]
    inside = gap.end() < end and gap.group().isspace()
    return inside and before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
