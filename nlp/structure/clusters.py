"""Where tables stand: runs of labels with nothing like a sentence between them.

Prose names the same things (收到申请5件，其中当面申请3件。); a table has several labels in sequence
whose gaps hold numbers, units, notes in brackets and header words, but no sentence punctuation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.records import ReadingWarning
from nlp.structure.labels import Compact, Family, Hit, templates
from nlp.structure.values import NOTE, Value

_NOTE = re.compile(NOTE)
_SENTENCE = re.compile(
    r"[。；;！!？?]|(?<!\d)[，,]|，(?!\d{3}(?!\d))|,(?!\d{3})"  # 1,234 is no sentence
    r"|[件条次篇宗项](?:以上)?、|\d[件条次篇宗项](?:的|[，和及])"
)
_LONGEST_GAP = 1_500
_LEAST_BEFORE_REPEAT = 5
_LONGEST_LINE = 4_000
_MARGIN = 40
_HEADER_LINES = 14

# Marks of pages and of markdown that stand between the rows and must not be read as values.
_MARKS = re.compile(
    r"^[ \t\u3000]*+(?:[-—–－―·.]{1,3}[ \t\u3000]*+\d{1,4}[ \t\u3000]*+[-—–－―·.]{1,3}"
    r"|第[ \t]*\d{1,4}[ \t]*页.{0,20}|\d{1,4}[ \t]*/[ \t]*\d{1,4}[ \t]*页?)[ \t\u3000]*$"
    r"|^(?=[|: \t]*+-{3})[|: \t\-]++$"
    r"|^(?=[+]-{2})[+\-=]++$",
    re.MULTILINE,
)
_HEADING = re.compile(
    r"[#*\s]*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]+(?:部分|章))"
)


# (metric, applicant, value, unit that is printed outside the cell, unit of the metric, label)
Entry = tuple[str, str | None, Value, str, str, str]


@dataclass(slots=True)
class Reading:
    """What one table gave: values with their metrics, and how far the table reaches."""

    values: list[Entry]
    start: int
    end: int
    kind: str
    warnings: list[ReadingWarning]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Linked labels of one family, the next such label after them (or -1) and the last before."""

    hits: list[Hit]
    following: int
    floor: int

    def next_start(self, number: int) -> int:
        """Where the label after the one with this number stands."""
        return self.hits[number + 1].start if number + 1 < len(self.hits) else self.following


@dataclass(frozen=True, slots=True)
class Page:
    """A report prepared for table reading: `view` is `folded` without marks, of one length."""

    view: str
    squeezed: Compact


def blank_marks(folded: str) -> str:
    """The text with page numbers on lines of their own and markdown rules blanked out."""
    return _MARKS.sub(lambda mark: " " * len(mark.group()), folded)


def clusters(page: Page, hits: list[Hit], family: Family) -> list[Cluster]:
    """Runs of linked labels of a family, in text order."""
    own = [hit for hit in hits if family in hit.rows]
    found: list[list[Hit]] = []
    for hit in own:
        again = bool(found) and _begins_again(page.view, found[-1], hit, family)
        if found and not again and _linked(page.view, found[-1][-1].end, hit.start):
            found[-1].append(hit)
        else:
            found.append([hit])
    starts = [run[0].start for run in found[1:]] + [-1] * bool(found)
    floors = [0, *(line_end(page.view, run[-1].end) for run in found[:-1])]
    return [Cluster(*parts) for parts in zip(found, starts, floors, strict=False)]


def _begins_again(view: str, run: list[Hit], hit: Hit, family: Family) -> bool:
    """Whether a label is the table's first one once more: the same table printed again."""
    if len(run) < _LEAST_BEFORE_REPEAT or hit.rows[family] is not run[0].rows[family]:
        return False
    # Every block of chapter two has a caption; only the first block's opens the table.
    return family != "chapter_two" or "一" in view[hit.start : hit.end]


def _linked(view: str, start: int, end: int) -> bool:
    if end - start > _LONGEST_GAP:
        return False
    gap = view[start:end]
    if _SENTENCE.search(gap) is None:
        return True
    return _SENTENCE.search(_NOTE.sub("", gap)) is None


def line_start(view: str, at: int) -> int:
    """Where the line of `at` begins, or 4,000 characters before: some dumps are one line."""
    far = max(0, at - _LONGEST_LINE)
    found = view.rfind("\n", far, at)
    return far if found < 0 else found + 1


def line_end(view: str, at: int) -> int:
    """Where the line of `at` ends, without its line break, or 4,000 characters on."""
    far = min(len(view), at + _LONGEST_LINE)
    end = view.find("\n", at, far)
    return far if end < 0 else end


def header_start(page: Page, first: Hit) -> int:
    """Where the captions and header words directly before a table's first label begin."""
    at = _word_start(page.squeezed.text, first.at)
    start = page.squeezed.place(at) if at < first.at else first.start
    view = page.view
    head = line_start(view, start)
    if view[head:start].strip(" \t|*#\u3000"):
        return start
    for _ in range(_HEADER_LINES):
        if not head:
            break
        above = line_start(view, head - 1)
        line = view[above : head - 1]
        if len(line) > 200:
            break
        if line.strip(" \t|\u3000"):
            if not _is_header(line):
                break
            start = above
        head = above
    return start


def _word_start(text: str, at: int) -> int:
    """Walk back over header words, row numbers and notes of the compact text."""
    words = templates().header
    while True:
        before = text[max(0, at - _MARGIN) : at]
        longest = max((len(word) for word in words if before.endswith(word)), default=0)
        if not longest:
            longest = _mark_length(before)
        if not longest:
            return at
        at -= longest


_MARK_BEFORE = re.compile(
    r"(?:其中[:：]?|（[一二三四五六七八九十\d]{1,2}）|(?<![\d.])\d{1,2}[.、]|[一二三四五六七八九十]{1,2}、"
    r"|20\d\d年(?:度)?|历年累计数?|本[年月]累计|本年度?|本期|累计|第二十条第?（?[一五六八九]）?项|[-—－/:：“\"]"
    r"|一、主动公开情况|（本列数据的?[^（）]{0,34}）)$"
)


def _mark_length(before: str) -> int:
    found = _MARK_BEFORE.search(before)
    return len(found.group()) if found else 0


def _is_header(line: str) -> bool:
    bare = "".join(line.replace("|", " ").split())
    if _HEADING.match(bare):
        return False
    known = templates()
    plain = _NOTE.sub("", bare)
    if len(plain) <= 60 and any(word in plain for word in known.caption):
        return not re.search(r"[。；]", plain)
    return len(plain) <= 90 and not (set(plain) - _header_characters())


@cache
def _header_characters() -> frozenset[str]:
    """The characters of all header words: wrapped headers come in pieces of any length."""
    marks = (
        "年度0123456789（）()第项二十条本五六八九-—－:：#*本列数据的勾稽关系为一加之和等于三四、，"
    )
    return frozenset("".join(templates().header) + marks)
