"""The authors' markup: facts and items written inside the text, as edsnlp's inline examples are.

    全年[[training.sessions=3|举办培训班3期]]，[[training.participants=200|培训200余人次]]。
    [[review.total=0; litigation.total=0|行政复议、行政诉讼]]     one piece of evidence, two facts
    [[disclosure.total=147 @2017|公开147条]]                      a figure of another year
    [[fee.processing_amount=88 #某县民政局|收取88元]]             another body's
    [[meeting.sessions=2 ~target|召开会议2次]]                    a basis other than total
    [[disclosure.website/disclosure.total=9 ?|发布信息9条]]       other codes accepted; optional
    [[problem|公开内容[[other=3|3项]]不够全面]]                   items, which may hold facts
    [[plan:staff|加强业务培训。]]  [[neither|问题已全部整改。]]       an item's topic; what only looks like one

`parse` gives the plain text and marks whose offsets point into it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.errors import InputError
from nlp.records import Number

_ITEM = re.compile(
    r"(?P<kind>problem|plan|remedy|neither)(?::(?P<topic>[a-z_]+))?(?P<optional> \?)?"
)
_OPEN = re.compile(r"\[\[([^|\[\]]*)\|")
_FACT = re.compile(
    r"(?P<metrics>[a-z_./]+)=(?P<value>-?\d+(?:\.\d+)?)"
    r"(?: @(?P<year>\d{4}))?(?: #(?P<subject>[^~?;]+?))?(?: ~(?P<basis>[a-z_]+))?(?P<optional> \?)?"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A fact (`metrics`: the code, then codes also accepted) or an item (`kind`, `topic`)."""

    start: int
    end: int
    kind: str
    metrics: tuple[str, ...] = ()
    value: Number = 0
    year: int | None = None
    subject: str | None = None
    basis: str = "total"
    optional: bool = False
    topic: str | None = None


def parse(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """Plain text and marks, in text order. Raises `InputError` at unclosed or unreadable marks."""
    plain: list[str] = []
    length = 0
    open_marks: list[tuple[int, str]] = []
    marks: list[Mark] = []
    at = 0
    while at < len(marked):
        opening = _OPEN.match(marked, at)
        if opening:
            open_marks.append((length, opening.group(1)))
            at = opening.end()
        elif open_marks and marked.startswith("]]", at):
            start, label = open_marks.pop()
            marks += _read_label(label, start, length)
            at += 2
        else:
            plain.append(marked[at])
            length += 1
            at += 1
    if open_marks:
        raise InputError("markup", f"标记未闭合：[[{open_marks[-1][1]}|", advice="补上 ]]")
    return "".join(plain), tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def _read_label(label: str, start: int, end: int) -> list[Mark]:
    item = _ITEM.fullmatch(label.strip())
    if item:
        return [
            Mark(start, end, item["kind"], optional=bool(item["optional"]), topic=item["topic"])
        ]
    marks = []
    for part in label.split(";"):
        found = _FACT.fullmatch(part.strip())
        if not found:
            raise InputError("markup", f"标记无法识别：[[{label}|", advice="写法见 nlp/markup.py")
        value = float(found["value"])
        marks.append(
            Mark(
                start,
                end,
                "fact",
                tuple(found["metrics"].split("/")),
                int(value) if value.is_integer() else value,
                int(found["year"]) if found["year"] else None,
                found["subject"],
                found["basis"] or "total",
                bool(found["optional"]),
            )
        )
    return marks
