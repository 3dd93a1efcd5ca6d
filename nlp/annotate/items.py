"""Problems and plans as tasks, and the edits of their borders: by clauses, never by characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from nlp.annotate.figures import LONGEST, heading_of
from nlp.annotate.tasks import Context, ItemLabel, Reason, Task
from nlp.classifier.features import clause_features
from nlp.classifier.predict import LinearModel
from nlp.classifier.reader import Reader
from nlp.reading import fold
from nlp.records import Item, Passage, ReportResult

_DOUBTED = 0.5  # a topic less probable than that is worth a look
_BREAK = re.compile(r"[，；：,;:]|[。！？!?]+[”’」』）)]*|\n")
_SKIPPED = " \t\r\n　，；、,;"  # never stand at the beginning of an item
_REACH = 2_000  # a border is moved within so many characters of the item


def item_tasks(
    result: ReportResult, passages: Iterable[Passage], reader: Reader | None, name: str
) -> list[Task]:
    """A task for each item, in text order."""
    known = list(passages)
    return [
        item_task(result, known, reader, name, item.start, item.end, item) for item in result.items
    ]


def item_task(
    result: ReportResult,
    passages: list[Passage],
    reader: Reader | None,
    name: str,
    start: int,
    end: int,
    item: Item | None = None,
) -> Task:
    """The task for some words of a report, taken for an `item`, or marked by a person."""
    passage = _around(passages, start)
    words = "".join(fold(result.document.text[start:end]).split())
    kinds, topics = _judged(words, passage, reader)
    kind = item.kind if item else kinds[0][0] if kinds else "problem"
    topic = item.topic if item else topics[0][0] if topics else None
    reason, distance = _reason(kind, kinds, topics)
    span = (min(start, passage.offsets[0]), max(end, passage.offsets[-1] + 1)) if passage else (start, end)  # fmt: skip
    heading = heading_of(passage, result) if passage else ""
    report = result.report
    return Task(
        report=name,
        key=f"i{start}-{end}",
        start=start,
        end=end,
        evidence=(start, end),
        span=span,
        guess=(ItemLabel(kind, topic, start, end),),
        context=Context(
            words[:LONGEST], 0, len(words[:LONGEST]), heading, report.year, report.agency
        ),
        reason=reason,
        distance=distance,
        method=item.method if item else "",
        confidence=item.confidence if item else 0.0,
        ranked=kinds,
        topics=topics,
    )


def _around(passages: list[Passage], offset: int) -> Passage | None:
    starts = [passage.offsets[0] for passage in passages]
    at = bisect_right(starts, offset) - 1
    return passages[at] if at >= 0 else None


def _judged(
    words: str, passage: Passage | None, reader: Reader | None
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
    """Kinds and topics with their probabilities, the most probable first."""
    if reader is None or passage is None or not words:
        return (), ()
    features = clause_features(words, passage.role, passage.heading, reader.segment)
    return _ranking(reader.models["kind"], features), _ranking(reader.models["topic"], features)


def _ranking(model: LinearModel, features: list[str]) -> tuple[tuple[str, float], ...]:
    pairs = zip(model.labels, model.probabilities([features])[0].tolist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _reason(
    kind: str, kinds: tuple[tuple[str, float], ...], topics: tuple[tuple[str, float], ...]
) -> tuple[Reason, float]:
    if kinds and kinds[0][0] != kind:
        return "disagree", 1 - kinds[0][1]
    if topics and topics[0][1] < _DOUBTED:
        return "border", topics[0][1]
    return "rest", 1.0


# Borders


def starts_and_ends(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where an item near `start:end` may begin and end: at clause marks and line ends. A 。
    stays inside an item, a ，or ； stays outside."""
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    begins, ends = {start}, {end}
    for mark in _BREAK.finditer(text, first, last):
        at = mark.end()
        while at < last and text[at] in _SKIPPED:
            at += 1
        begins.add(at)
        closing = mark.group()[0] in "。！？!?"
        ends.add(mark.end() if closing else mark.start())
    return sorted(begins), sorted(ends)


def moved(text: str, label: ItemLabel, border: str, steps: int) -> ItemLabel | None:
    """The item with its `start` or `end` moved by so many clauses; None where it cannot be."""
    begins, ends = starts_and_ends(text, label.start, label.end)
    places, here = (begins, label.start) if border == "start" else (ends, label.end)
    at = bisect_left(places, here) + steps
    if not 0 <= at < len(places):
        return None
    start, end = (places[at], label.end) if border == "start" else (label.start, places[at])
    if not text[start:end].strip():
        return None
    return ItemLabel(label.kind, label.topic, start, end)


def parts(text: str, label: ItemLabel) -> list[tuple[int, int]]:
    """The clauses of an item, between which it may be split."""
    begins, ends = starts_and_ends(text, label.start, label.end)
    found = []
    inside = [label.start, *(at for at in begins if label.start < at < label.end)]
    for number, start in enumerate(inside):
        stop = inside[number + 1] if number + 1 < len(inside) else label.end
        last = max((at for at in ends if start < at <= stop), default=stop)
        found.append((start, last))
    return found


def split(text: str, label: ItemLabel, place: int) -> tuple[ItemLabel, ItemLabel] | None:
    """The item as two, the second beginning with the clause number `place` (from 1)."""
    clauses = parts(text, label)
    if not 1 <= place < len(clauses):
        return None
    return (
        ItemLabel(label.kind, label.topic, label.start, clauses[place - 1][1]),
        ItemLabel(label.kind, label.topic, clauses[place][0], label.end),
    )
