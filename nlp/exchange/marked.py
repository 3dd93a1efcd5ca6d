"""The authors' own format: a text file with a sentence on each line, marked as `nlp/markup.py` says.

    {year=2024}【三、依申请公开】全年[[request.received=5|收到申请5件]]。

`{year=…}` is the year reported on and `【…】` the heading that the sentence stands under; both may be
left out. Lines that begin with # are remarks. An id is the file's name with a hash of the words, so
that moving a line changes nothing, and correcting its marks makes a new version of the same text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from nlp.annotations import AnnotatedText
from nlp.errors import InputError
from nlp.markup import Mark, parse
from nlp.records import Fact, ReportResult

_PREFIX = re.compile(r"(?:\{year=(?P<year>\d{4})\})?\s*(?:【(?P<heading>[^】\[\]]*)】)?")
_UNWRITABLE = re.compile(r"[\[\]|\n]")


def load(content: str, name: str, by: str | None = None) -> tuple[AnnotatedText, ...]:
    """The texts of a file called `name`. Raises `InputError` with the number of a bad line."""
    texts = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            prefix = _PREFIX.match(line)
            assert prefix is not None  # it may match nothing
            try:
                text, marks = parse(line[prefix.end() :].strip())
            except InputError as error:
                raise InputError(
                    "markup", f"第{number}行：{error.problem}", advice=error.advice
                ) from error
            digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
            year = int(prefix["year"]) if prefix["year"] else None
            texts.append(
                AnnotatedText(f"{name}.{digest}", text, marks, year, None, prefix["heading"], by)
            )
    return tuple(texts)


def drafted(result: ReportResult) -> Iterator[str]:
    """A line for each sentence of a report in which something was read, marked as it was read, for
    somebody to correct. Sentences that the format cannot hold are left out."""
    text, year = result.document.text, result.report.year
    headings = sorted((section.start, section.heading) for section in result.sections)
    by_sentence: dict[tuple[int, int], list[Fact]] = {}
    for fact in result.facts:
        by_sentence.setdefault(fact.sentence, []).append(fact)
    for (start, end), facts in sorted(by_sentence.items()):
        if _UNWRITABLE.search(text, start, end):
            continue
        heading = next((words for at, words in reversed(headings) if at <= start), "")
        prefix = f"{{year={year}}}" if year else ""
        yield f"{prefix}【{heading.strip()}】{marked_up(text[start:end], start, facts, year)}"


def marked_up(words: str, offset: int, facts: Iterable[Fact], year: int | None) -> str:
    """The words with the facts written into them; of two that overlap the later begins later."""
    labels: dict[tuple[int, int], list[str]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.start, -fact.end)):
        start, end = fact.start - offset, fact.end - offset
        for first, last in labels:
            if first < start < last < end:
                start = last
        labels.setdefault((start, end), []).append(_label(fact, year))
    return _written(words, [(a, b, "; ".join(said)) for (a, b), said in labels.items()])


def _written(words: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The words with a mark around each span; the longer of two that begin together outside."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, int] = {}
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        opened.setdefault(start, []).append(label)
        closed[end] = closed.get(end, 0) + 1
    pieces = []
    for at in range(len(words) + 1):
        pieces.append("]]" * closed.get(at, 0))
        pieces += [f"[[{label}|" for label in opened.get(at, ())]
        pieces.append(words[at : at + 1])
    return "".join(pieces)


def _label(fact: Fact, year: int | None) -> str:
    label = (
        f"{fact.metric}={fact.value:.10g}" if fact.value % 1 else f"{fact.metric}={fact.value:.0f}"
    )
    if fact.year and fact.year != year:
        label += f" @{fact.year}"
    if fact.subject and not set(fact.subject) & set("~?;[]|"):
        label += f" #{fact.subject}"
    return label if fact.basis == "total" else f"{label} ~{fact.basis}"


def dump(texts: Iterable[AnnotatedText]) -> str:
    """The lines of lone texts. Raises `InputError` for one that the format cannot hold."""
    return "".join(f"{_line(one)}\n" for one in texts)


def _line(one: AnnotatedText) -> str:
    if _UNWRITABLE.search(one.text):
        raise InputError(
            "exchange", f"{one.id} 含换行或 [ ] |，此格式写不下", advice="请换一种格式"
        )
    year = f"{{year={one.year}}}" if one.year else ""
    heading = f"【{one.heading}】" if one.heading is not None else ""
    labels: dict[tuple[int, int, bool], list[str]] = {}
    for mark in one.marks:
        labels.setdefault((mark.start, mark.end, mark.kind == "fact"), []).append(_said(mark))
    spans = [(start, end, "; ".join(said)) for (start, end, _), said in labels.items()]
    return year + heading + _written(one.text, spans)


def _said(mark: Mark) -> str:
    if mark.kind != "fact":
        label = f"{mark.kind}:{mark.topic}" if mark.topic else mark.kind
    else:
        label = f"{'/'.join(mark.metrics)}={mark.value}"
        label += f" @{mark.year}" if mark.year else ""
        label += f" #{mark.subject}" if mark.subject else ""
        label += f" ~{mark.basis}" if mark.basis != "total" else ""
    return f"{label} ?" if mark.optional else label
