"""A report as a page: its lines with figures and items marked in place, and what differs.

The page is made of *lines*, each known by the offset at which it begins. For words that a person
selects the page sends back the line, the words, and the words before them in that line; offsets are
worked out here, in code points, and only where all three agree with the report.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from nlp.annotate import words
from nlp.annotate.library import Opened
from nlp.annotate.requests import RequestError
from nlp.annotate.session import Session
from nlp.annotate.tasks import FactLabel, ItemLabel, Label, Task, said
from nlp.metrics import OTHER
from nlp.structure.sentences import cut

_LONGEST_LINE = 2_000
_LONGEST_PART = 30_000  # characters of a part: a report of 5 MB has many


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a line that stand in the same marks."""

    text: str
    task: str = ""  # of a figure
    item: str = ""  # of an item
    classes: str = ""
    hint: str = ""
    opens: bool = False  # the first of its item


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    spans: tuple[Span, ...] = ()

    @property
    def id(self) -> str:
        return f"l{self.start}"


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    task: str
    classes: str
    hint: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What prose and table, or a sum and its parts, do not agree on."""

    name: str
    message: str
    task: str  # the figure to look at, if any
    part: int


def lines_of(text: str) -> list[Line]:
    """The lines of a report that hold anything, very long ones cut between sentences."""
    lines = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if line.strip():
            stop = at + len(line.rstrip("\r"))
            lines += [Line(a, b) for a, b in cut(text, at, stop, _LONGEST_LINE)]
        at = end + 1
    return lines


def parts_of(lines: list[Line]) -> list[list[Line]]:
    """Lines in parts that a browser shows at once."""
    parts: list[list[Line]] = [[]]
    room = _LONGEST_PART
    for line in lines:
        if parts[-1] and room < line.end - line.start:
            parts.append([])
            room = _LONGEST_PART
        parts[-1].append(line)
        room -= line.end - line.start
    return parts


def marked(lines: list[Line], session: Session, opened: Opened) -> list[Line]:
    """The lines with their marks, as the annotator has left them."""
    text = opened.result.document.text
    figures = sorted(_figure_marks(session, opened), key=lambda mark: mark.start)
    items = sorted(_item_marks(session, opened), key=lambda mark: mark.start)
    starts = [mark.start for mark in figures]
    longest = max((mark.end - mark.start for mark in figures), default=0)
    marked_lines = []
    for line in lines:
        near = slice(bisect_right(starts, line.start - longest - 1), bisect_right(starts, line.end))
        own = [mark for mark in figures[near] if mark.end > line.start]
        around = [mark for mark in items if mark.start < line.end and mark.end > line.start]
        marked_lines.append(Line(line.start, line.end, tuple(_spans(text, line, own, around))))
    return marked_lines


def _spans(text: str, line: Line, figures: list[_Mark], items: list[_Mark]) -> list[Span]:
    cuts = {line.start, line.end}
    for mark in (*figures, *items):
        cuts |= {at for at in (mark.start, mark.end) if line.start < at < line.end}
    places = sorted(cuts)
    spans = []
    for start, end in pairwise(places):
        figure = next((m for m in figures if m.start <= start and end <= m.end), None)
        item = next((m for m in items if m.start <= start and end <= m.end), None)
        classes = " ".join(mark.classes for mark in (figure, item) if mark)
        spans.append(
            Span(
                words.printable(text[start:end]),
                figure.task if figure else "",
                item.task if item else "",
                classes,
                figure.hint if figure else item.hint if item else "",
                item is not None and item.start == start,
            )
        )
    return spans


def _figure_marks(session: Session, opened: Opened) -> list[_Mark]:
    year = opened.result.report.year
    known: dict[str, tuple[Task | None, tuple[Label, ...]]] = {
        task.name: (task, task.guess) for task in opened.tasks.values() if not task.is_item
    }
    for name, stack in session.own.stacks.items():
        if name.startswith((f"{opened.name}:f", f"{opened.name}:m")) and stack[-1][1].labels:
            known[name] = (known.get(name, (None, ()))[0], stack[-1][1].labels)
    marks = []
    for name, (task, labels) in known.items():
        start, end = _place(name)
        is_other = said(labels) == OTHER
        classes = ["other" if is_other else "fact"]
        classes += ["done"] if session.own.is_done(name) else []
        if (
            task
            and task.table
            and task.table.verdict == "mismatch"
            and said(labels) == said(task.guess)
        ):
            classes.append("differs")
        marks.append(_Mark(start, end, name, " ".join(classes), words.labels(labels, year)))
    return marks


def _item_marks(session: Session, opened: Opened) -> list[_Mark]:
    marks = []
    for name, label in session.item_labels(opened):
        done = " done-item" if session.own.is_done(name) else ""
        marks.append(
            _Mark(
                label.start, label.end, name, f"item {label.kind}{done}", words.label(label, None)
            )
        )
    return marks


def _place(name: str) -> tuple[int, int]:
    start, _, end = name.partition(":")[2][1:].partition("-")
    return int(start), int(end)


def differences(opened: Opened, parts: list[list[Line]]) -> list[Difference]:
    """The mismatches with the tables, then the sums that do not work out."""
    facts = {fact.id: fact for fact in opened.result.facts}
    found = []
    for check in opened.result.checks:
        if check.verdict == "mismatch":
            start = facts[check.facts[0]].start
            task = _task_at(opened, facts[check.facts[0]].start, facts[check.facts[0]].end)
            found.append(
                Difference(words.metrics(check.metric), check.message, task, part_of(parts, start))
            )
    for finding in opened.result.findings:
        if finding.verdict == "violated":
            fact = next((facts[id_] for id_ in finding.evidence if id_ in facts), None)
            task = _task_at(opened, fact.start, fact.end) if fact else ""
            part = part_of(parts, fact.start) if fact else 1
            found.append(Difference("勾稽关系不成立", finding.message, task, part))
    return found


def _task_at(opened: Opened, start: int, end: int) -> str:
    """The task of the fact whose evidence is given."""
    inside = [t for t in opened.tasks.values() if not t.is_item and t.evidence == (start, end)]
    inside += [t for t in opened.tasks.values() if not t.is_item and start <= t.start < end]
    return inside[0].name if inside else ""


def part_of(parts: list[list[Line]], offset: int) -> int:
    """The number of the part in which an offset stands, from 1."""
    starts = [part[0].start for part in parts if part]
    return max(1, bisect_right(starts, offset))


def selected(opened: Opened, line_id: str, before: str, chosen: str) -> tuple[int, int]:
    """The offsets of words that were selected in a line, without blanks around them.

    Raises `RequestError` where line and words are not those of the report.
    """
    text = opened.result.document.text
    number = line_id.removeprefix("l")
    line = None
    if number.isascii() and number.isdecimal() and len(number) < 12:
        line = next((one for one in lines_of(text) if one.start == int(number)), None)
    if line is None:
        raise RequestError("选中的文字与报告对不上，请重新选")
    shown = words.printable(text[line.start : line.end])
    start, end = len(before), len(before) + len(chosen)
    if not chosen.strip() or shown[:start] != before or shown[start:end] != chosen:
        raise RequestError("选中的文字与报告对不上，请重新选")
    start += len(chosen) - len(chosen.lstrip())
    end -= len(chosen) - len(chosen.rstrip())
    return line.start + start, line.start + end


def task_of_selection(opened: Opened, start: int, end: int) -> str:
    """The task of the only figure in some words; of words without a figure a task of their own.
    Raises `RequestError` where there are several figures."""
    inside = [
        task
        for task in opened.tasks.values()
        if not task.is_item and task.start < end and start < task.end
    ]
    figures = [task for task in inside if task.unit or _is_figure(task)] or inside
    if len(figures) > 1:
        raise RequestError(f"选中了{len(figures)}个数字，请只选一个")
    return figures[0].name if figures else f"{opened.name}:m{start}-{end}"


def _is_figure(task: Task) -> bool:
    return any(isinstance(one, FactLabel) and one.value for one in task.guess)


def extent(labels: tuple[Label, ...], task: Task) -> tuple[int, int]:
    """The characters whose marks a decision may change."""
    own = [one for one in labels if isinstance(one, ItemLabel)]
    starts = [task.start, *(one.start for one in own)]
    ends = [task.end, *(one.end for one in own)]
    return min(starts), max(ends)
