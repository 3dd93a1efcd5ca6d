"""Named problems and next-year plans, one item for each that the office lists.

Within a stretch (`stretches.py`) the outermost list style decides where an item begins,
whatever its numbers say. Lists without ordinals fall apart at ；, then at 。, then at ，.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from nlp.classifier.reader import Reader
from nlp.items.stretches import Stretch, runs_of
from nlp.items.turns import DONE, FUTURE, ONLY_GENERIC, STYLES
from nlp.items.unnumbered import is_head, is_slogan, unnumbered
from nlp.records import Item, ItemKind, Passage, Report, Section
from nlp.structure.sentences import sentences

_SOLUTION = re.compile(
    r"(?<=[。；])(?:改进|整改|下步|应对|对应|解决)?(?:措施|对策|打算)[：:]|(?<=[。；])(?:针对(?:这一|此|该|上述|以上)|为此|对此|下一步|今后|我[们局市县区厅委省镇](?:将|已))"
)


_GOES_ON = re.compile(r"(?:其次|再次|再者|最后|另外|此外|还有)")
_OPENING = re.compile(
    r"[，,；;、 ：:]*(?:(?:此外|另外|同时|还有|最后|其次)[，,]"
    r"|同时(?=[一-鿿]{6})|还有(?!待)|但(?!是否)是?|然而|不过)?[，,]?"
)
_WRITTEN = re.compile(r"[，。；：！]")
_TRIM = "，,；;、 ：:"


def read_items(
    passages: tuple[Passage, ...],
    sections: tuple[Section, ...],
    regions: tuple[tuple[int, int], ...],
    report: Report,
    text: str,
    reader: Reader | None,
) -> tuple[Item, ...]:
    """Problems, plans and remedies in text order; ordinals count from 1 for each kind.

    No item reaches over one of the table `regions`. Without a `reader` the rules alone decide,
    and no item has a topic.
    """
    found: list[tuple[ItemKind, int, int]] = []
    for run in runs_of(passages, sections, report, reader):
        for part in _between(run, regions):
            found += _itemise(part, reader)
    counts: dict[str, int] = {}
    items: list[Item] = []
    for kind, start, end in sorted(set(found), key=lambda one: one[1]):
        counts[kind] = counts.get(kind, 0) + 1
        item = Item(
            f"i{len(items) + 1}", kind, counts[kind], text[start:end], start, end, None, "rule", 0.9
        )
        items.append(item)
    return tuple(_judged(items, passages, reader) if reader else items)


def _judged(items: list[Item], passages: tuple[Passage, ...], reader: Reader) -> Iterator[Item]:
    """The items with their topics, and with what the classifier thinks of their kinds."""
    places = [next(p for p in passages if p.offsets[0] <= i.start <= p.offsets[-1]) for i in items]
    words = [
        place.text[place.find(item.start) : place.find(item.end - 1) + 1]
        for item, place in zip(items, places, strict=True)
    ]
    said = reader.clauses(list(zip(words, places, strict=True)))
    for item, (kind, topic) in zip(items, said, strict=True):
        agreed = kind.label == item.kind
        yield replace(
            item,
            topic=topic.label,
            method="both" if agreed else "rule",
            confidence=max(item.confidence, kind.probability) if agreed else 0.8,
            why=(
                f"分类器 {kind.label} {kind.probability:.2f}",
                f"主题 {topic.label} {topic.probability:.2f}",
            ),
        )


def _between(run: list[Stretch], regions: tuple[tuple[int, int], ...]) -> list[list[Stretch]]:
    """A run cut where a table stands between two of its stretches; what follows the table must
    be written: a chart has labels too."""
    parts: list[list[Stretch]] = []
    for stretch in run:
        start = stretch.passage.offsets[stretch.start]
        last = parts[-1][-1].passage.offsets[0] if parts and parts[-1] else start
        if not parts or any(last < region_start < start for region_start, _ in regions):
            parts.append([])
        if len(parts) == 1 or _WRITTEN.search(stretch.passage.text, stretch.start, stretch.end):
            parts[-1].append(stretch)
    return parts


def _itemise(run: list[Stretch], reader: Reader | None) -> list[tuple[ItemKind, int, int]]:
    """Items of one run as document spans."""
    if not run:
        return []
    kind = run[0].kind
    if run[0].whole:
        return _place(kind, run[0].passage, run[0].start, run[0].passage, run[0].end)
    style = _outermost(run)
    spans: list[tuple[Passage, int, Passage, int]] = []
    paragraphs = _paragraphs(run) if style is None else []
    if len(paragraphs) > 1:
        spans = [(one[0].passage, one[0].start, one[-1].passage, one[-1].end) for one in paragraphs]
    elif style is None:
        several = sum(not stretch.lead for stretch in run) > 1
        for stretch in run:
            for start, end in unnumbered(stretch, reader, several):
                spans.append((stretch.passage, start, stretch.passage, end))
    else:
        spans = _numbered(run, style)
        if spans and kind == "plan":
            spans[-1] = _without_slogan(*spans[-1])
    found: list[tuple[ItemKind, int, int]] = []
    for first, start, last, end in spans:
        found += _split_remedy(kind, first, start, last, end)
    return found


def _paragraphs(run: list[Stretch]) -> list[list[Stretch]]:
    """思想认识有待提高。个别单位…: paragraphs that a short sentence heads are an item each; empty
    where fewer than two are so headed. What stands before the first only leads in."""
    by_passage: dict[int, list[Stretch]] = {}
    for stretch in run:
        by_passage.setdefault(id(stretch.passage), []).append(stretch)
    headed = []
    for parts in by_passage.values():
        text = parts[0].passage.text
        pieces = sentences(text[parts[0].start : parts[-1].end])
        first = text[parts[0].start :][slice(*pieces[0])] if pieces else ""
        if len(pieces) > 1 and is_head(first) and not ONLY_GENERIC.match(first.strip()):
            headed.append(parts)
        elif headed:
            return []
    return headed if len(headed) > 1 else []


def _outermost(run: list[Stretch]) -> re.Pattern[str] | None:
    """The list style that opens the run, unless it numbers nothing but a generic heading."""
    best: tuple[int, int, re.Pattern[str]] | None = None
    for order, stretch in enumerate(run):
        for style in STYLES:
            for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
                words = stretch.passage.text[mark.start() : stretch.end]
                if ONLY_GENERIC.match(re.split(r"(?<=[。：:])", words, maxsplit=1)[0].strip()):
                    continue
                if _GOES_ON.match(words):
                    break  # 此外 opens no list: what stands before it is one too
                place = (order, mark.start())
                if best is None or place < best[:2]:
                    best = (*place, style)
                break
    return best[2] if best else None


def _numbered(
    run: list[Stretch], style: re.Pattern[str]
) -> list[tuple[Passage, int, Passage, int]]:
    marks: list[tuple[int, int, int]] = []
    for order, stretch in enumerate(run):
        for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
            rest = stretch.passage.text[mark.start() : stretch.end]
            if not ONLY_GENERIC.match(re.split(r"(?<=[。：:])", rest, maxsplit=1)[0].strip()):
                marks.append((order, mark.start(), mark.end()))
    spans = []
    for index, (order, _, start) in enumerate(marks):
        if index + 1 < len(marks):
            next_order, next_start, _ = marks[index + 1]
        else:
            next_order, next_start = len(run), 0
        last = order if next_order == order else max(order, next_order - 1)
        end = next_start if next_order == order else run[last].end
        if order < next_order < len(run) and run[next_order].passage is run[order].passage:
            last, end = next_order, next_start  # a sentence of its own stretch goes on with it
        if index + 1 == len(marks):  # the list ends with its last paragraph
            last = order if _in_one_each(run, marks) else _last_paragraph(run, order)
            last = max(last, _last_of_passage(run, order))
            end = run[last].end
        spans.append((run[order].passage, start, run[last].passage, end))
    return spans


def _without_slogan(
    first: Passage, start: int, last: Passage, end: int
) -> tuple[Passage, int, Passage, int]:
    """三是…，努力使公开工作再上新台阶。: what the whole list is for is no part of its last item."""
    floor = start if first is last else 0
    for mark in ("。", "，"):
        at = last.text.rfind(mark, floor, end - 1)
        whole = mark == "。" or last.text.startswith(("努力", "力争", "奋力", "从而"), at + 1)
        if at > floor + 6 and whole and is_slogan(last.text[at + 1 : end]):
            end = at + 1 if mark == "。" else at
    return first, start, last, end


def _in_one_each(run: list[Stretch], marks: list[tuple[int, int, int]]) -> bool:
    """Whether no item before the last goes on in a second paragraph: then the last does not either."""
    return len(marks) > 1 and all(
        after <= before + 1 or run[after - 1].passage is run[before].passage
        for (before, _, _), (after, _, _) in pairwise(marks)
    )


def _last_of_passage(run: list[Stretch], order: int) -> int:
    while order + 1 < len(run) and run[order + 1].passage is run[order].passage:
        order += 1
    return order


def _last_paragraph(run: list[Stretch], order: int) -> int:
    """A heading alone takes the paragraph below it; an item with a body ends with its own."""
    alone = len(run[order].passage.text) <= 40 and order + 1 < len(run)
    return _last_of_passage(run, order + 1 if alone else order)


def _split_remedy(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    """A problem with its remedy in one paragraph is two items; a plan in the past tense is a remedy."""
    if first is last and kind == "problem":
        cut = _SOLUTION.search(first.text, start + 4, end)
        if cut:
            tail = first.text[cut.start() : end]
            other: ItemKind = "plan" if FUTURE.search(tail) or "：" in cut.group() else "remedy"
            return [
                *_place(kind, first, start, first, cut.start()),
                *_place(other, first, cut.end() if "：" in cut.group() else cut.start(), last, end),
            ]
    words = first.text[start:end] if first is last else first.text[start:] + last.text[:end]
    if kind == "plan" and DONE.search(words) and not FUTURE.search(words):
        kind = "remedy"
    return _place(kind, first, start, last, end)


def _place(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    opened = _OPENING.match(first.text, start)
    start = opened.end() if opened else start
    while end > 0 and last.text[end - 1] in _TRIM:
        end -= 1
    if end <= 0 or start >= len(first.text) or first.offsets[start] >= last.offsets[end - 1]:
        return []
    return [(kind, first.offsets[start], last.offsets[end - 1] + 1)]
