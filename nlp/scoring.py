"""Answers against marks: the counts behind precision and recall, as the output contract judges.

A fact is right where metric and value agree, the evidence overlaps, the year is the same, and both
or neither name another body. Marked parts, averages and targets need not be found; what is found
beside the marks is wrong only where it claims to be a total of the reporting body and year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.annotations import AnnotatedText
from nlp.classifier.examples import is_report, read_text
from nlp.classifier.reader import Reader
from nlp.facts import read_facts
from nlp.markup import Mark
from nlp.metrics import OTHER
from nlp.pipeline import analyse
from nlp.reading import read_bytes
from nlp.records import Fact, Item

_ITEM_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrong and needed answers."""

    right: int = 0
    wrong: int = 0
    needed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.wrong + other.wrong, self.needed + other.needed
        )

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.needed if self.needed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class FactScore:
    """`found` pairs marks with facts; `missed` are needed marks, `wrong` facts beside the marks."""

    found: tuple[tuple[Mark, Fact], ...]
    missed: tuple[Mark, ...]
    wrong: tuple[Fact, ...]

    def counts(self, metric: str | None = None) -> Counts:
        """The counts of all metrics, or of one."""
        right = [m for m, _ in self.found if needed(m) and metric in (None, m.metrics[0])]
        missed = [m for m in self.missed if metric in (None, m.metrics[0])]
        wrong = [f for f in self.wrong if metric in (None, f.metric)]
        return Counts(len(right), len(wrong), len(right) + len(missed))


def needed(mark: Mark) -> bool:
    """Whether a marked fact must be found."""
    return not mark.optional and mark.basis == "total" and mark.metrics[0] != OTHER


def read_annotated(
    one: AnnotatedText, reader: Reader | None, muted: frozenset[str] = frozenset()
) -> tuple[tuple[Fact, ...], tuple[Item, ...]]:
    """The facts and items that the pipeline finds in an annotated text; of a lone sentence the
    facts alone. Rules for the `muted` metrics are switched off."""
    if is_report(one):
        result = analyse(read_bytes(one.text.encode("utf-8"), path=one.id), reader, muted)
        return result.facts, result.items
    passages, report = read_text(one)
    facts, _, _ = read_facts(passages, report, one.text, reader, muted)
    return facts, ()


def score_facts(facts: Sequence[Fact], one: AnnotatedText) -> FactScore:
    """Pair the facts of a text with its marks."""
    marks = [mark for mark in one.marks if mark.kind == "fact" and mark.metrics[0] != OTHER]
    taken: set[str] = set()
    found: list[tuple[Mark, Fact]] = []
    missed: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: not needed(mark)):
        fact = next((f for f in facts if f.id not in taken and _same(f, mark, one)), None)
        if fact:
            taken.add(fact.id)
            found.append((mark, fact))
        elif needed(mark):
            missed.append(mark)
    wrong = [f for f in facts if f.id not in taken and _claims(f, one.year) and not _known(f, one)]
    return FactScore(tuple(found), tuple(missed), tuple(wrong))


def _same(fact: Fact, mark: Mark, one: AnnotatedText) -> bool:
    # A lone sentence does not tell who reports: 市教育局受理申请26件 may be the body's own.
    owner = one.agency is None or (fact.subject is None) == (mark.subject is None)
    year = one.year
    return (
        fact.metric in mark.metrics
        and _close(fact.value, mark.value)
        and _overlap(fact, mark)
        and (fact.year or year) == (mark.year or year)
        and owner
    )


def _claims(fact: Fact, year: int | None) -> bool:
    return (
        fact.metric != OTHER
        and fact.subject is None
        and (fact.year or year) == year
        and fact.basis == "total"
    )


def _known(fact: Fact, one: AnnotatedText) -> bool:
    """A figure stated again in the same words, or one that readers could dispute, is no error."""
    for mark in one.marks:
        if mark.kind != "fact" or not _overlap(fact, mark):
            continue
        same_metric, same_value = fact.metric in mark.metrics, _close(fact.value, mark.value)
        if (same_metric and same_value) or (not needed(mark) and (same_metric or same_value)
                                            and mark.metrics[0] != OTHER):  # fmt: skip
            return True
    return False


def _overlap(fact: Fact | Item, mark: Mark) -> bool:
    return fact.start < mark.end and mark.start < fact.end


def _close(left: float, right: float) -> bool:
    return abs(left - right) <= 1e-6 * max(1.0, abs(left), abs(right))


def score_items(items: Sequence[Item], one: AnnotatedText) -> Counts:
    """Problems and plans: the same kind, half of the words in common. Remedies are not judged."""
    remedies = [mark for mark in one.marks if mark.kind == "remedy"]
    wanted = [mark for mark in one.marks if mark.kind in ("problem", "plan")]
    judged = [
        i
        for i in items
        if i.kind != "remedy" and not any(_shared(i, m) >= _ITEM_OVERLAP for m in remedies)
    ]
    taken: set[str] = set()
    right = 0
    for mark in wanted:
        rivals = [i for i in judged if i.id not in taken and i.kind == mark.kind]
        best = max(rivals, key=lambda item: _shared(item, mark), default=None)
        if best and _shared(best, mark) >= _ITEM_OVERLAP:
            taken.add(best.id)
            right += 1
    return Counts(right, len(judged) - right, len(wanted))


def _shared(item: Item, mark: Mark) -> float:
    """Characters in common, as a share of those in either."""
    common = min(item.end, mark.end) - max(item.start, mark.start)
    return common / (max(item.end, mark.end) - min(item.start, mark.start))


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of the counts of many texts."""
    return sum(counts, Counts())
