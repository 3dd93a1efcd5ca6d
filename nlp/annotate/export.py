"""Decisions as training examples: `decided.jsonl` beside the other annotations, made anew from the logs.

A sentence with some of its figures decided is an annotated text whose other figures are marked
optional: they teach neither yes nor no. That a figure is no metric (`other`) is taught only by a
sentence all of whose figures were decided, for only of such a sentence has a person looked at all
that the figure might have been confused with. What annotators dispute teaches nothing either.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.annotate.agreement import Settled, settled
from nlp.annotate.decisions import Log
from nlp.annotate.tasks import Context, FactLabel, ItemLabel
from nlp.annotations import AnnotatedText, dumps
from nlp.classifier.examples import read_text
from nlp.classifier.features import Anchor, anchors
from nlp.context.enumerations import enumerations
from nlp.context.sentence import sentences_of
from nlp.markup import Mark
from nlp.metrics import OTHER
from nlp.numbers import find_figures
from nlp.output.writing import open_atomically
from nlp.reading import fold

FILE = "decided.jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """What the decisions give to learn from. `partial` sentences have figures nobody decided."""

    texts: tuple[AnnotatedText, ...]
    sentences: int
    partial: int
    items: int
    disputed: int


def write(log: Log, folder: Path) -> Exported:
    """Make `decided.jsonl` from the logs; the same logs give the same bytes. Without any decision no
    file is made. Raises `OutputError` where it cannot be written."""
    found = export(log)
    place = folder / FILE
    if found.texts or place.exists():
        with open_atomically(place) as stream:
            stream.writelines(f"{dumps(one)}\n" for one in found.texts)
    return found


def export(log: Log) -> Exported:
    """The training examples of all decisions."""
    log.catch_up()
    by_sentence: dict[tuple[str, str, str], list[Settled]] = defaultdict(list)
    items = []
    disputed = 0
    for one in sorted(settled(log), key=lambda one: one.task):
        disputed += one.labels is None
        context = one.touched.context
        if context is None:
            continue  # swallowed by the item before
        if one.task.partition(":")[2].startswith("i"):
            items += _item(one, context)
        else:
            report = one.task.partition(":")[0]
            by_sentence[report, context.heading, context.text].append(one)
    sentences = [_sentence(report, ones) for (report, _, _), ones in by_sentence.items()]
    texts = sorted([one for one, _ in sentences] + items, key=lambda one: one.id)
    partial = sum(not whole for _, whole in sentences)
    return Exported(tuple(texts), len(sentences), partial, len(items), disputed)


def _item(one: Settled, context: Context) -> list[AnnotatedText]:
    """An item by itself: its words alone are looked at."""
    labels = [label for label in one.labels or () if isinstance(label, ItemLabel)]
    return [
        AnnotatedText(
            f"decided.{one.task}",
            context.text,
            (Mark(0, len(context.text), label.kind, topic=label.topic),),
            context.year,
            context.agency,
            context.heading,
            "、".join(one.by),
        )
        for label in labels
    ]


def _sentence(report: str, ones: list[Settled]) -> tuple[AnnotatedText, bool]:
    """A sentence with its marks, and whether all of its figures were decided."""
    context = next(one.touched.context for one in ones if one.touched.context)
    digest = hashlib.sha256(f"{context.heading}\n{context.text}".encode()).hexdigest()[:8]
    bare = AnnotatedText(
        f"decided.{report}.{digest}", context.text, (), context.year, context.agency,
        context.heading, "、".join(sorted({by for one in ones for by in one.by})),
    )  # fmt: skip
    places = {
        (one.touched.context.at, one.touched.context.end): one
        for one in ones
        if one.touched.context
    }
    found = _anchors(bare)
    figures = [anchor for anchor in found if anchor.index is not None]
    whole = all((a.start, a.end) in places and places[a.start, a.end].labels for a in figures)
    marks: list[Mark] = []
    for (start, end), one in places.items():
        marks += _marks(bare.text, start, end, one, context.year, teaches_other=whole)
    taught = [mark for mark in marks if mark.end > mark.start]
    for anchor in found:
        if not any(mark.start < anchor.end and anchor.start < mark.end for mark in taught):
            marks.append(_untaught(bare.text, anchor.start, anchor.end))
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.metrics))
    return replace(bare, marks=tuple(ordered)), whole


def _marks(
    text: str, start: int, end: int, one: Settled, year: int | None, *, teaches_other: bool
) -> Iterable[Mark]:
    labels = [label for label in one.labels or () if isinstance(label, FactLabel)]
    if not labels:  # disputed
        yield _untaught(text, start, end)
    elif all(label.value for label in labels) and not find_figures(fold(text[start:end])):
        yield _untaught(text, start, end)  # 无一逾期: 100 %, which is no denial to training
    for label in labels:
        is_other = label.metric == OTHER
        yield Mark(
            start,
            end,
            "fact",
            (label.metric,),
            label.value,
            label.year if label.year != year else None,
            label.subject,
            label.basis,
            optional=is_other and not teaches_other,
        )


def _untaught(text: str, start: int, end: int) -> Mark:
    """A mark from which nothing is learned, for a figure or denial that nobody decided. It must give
    the figure's value, or training would not know which figure it marks and take it for unmarked."""
    figures = find_figures(fold(text[start:end]))
    value = figures[0].value if figures else 0
    return Mark(start, end, "fact", (OTHER,), value, optional=True)


def _anchors(one: AnnotatedText) -> list[Anchor]:
    """The figures and denials of a sentence, as training will find them."""
    passages, _ = read_text(one)
    found = []
    for passage in passages:
        figures = find_figures(passage.text)
        for sentence in sentences_of(passage, figures, enumerations(passage.text, figures)):
            for anchor in anchors(sentence):
                start, end = passage.place(anchor.start, anchor.end)
                found.append(replace(anchor, start=start, end=end))
    return found
