"""Section `confusion`: which metric is taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.evaluate.answers import Answer
from nlp.markup import Mark
from nlp.metrics import OTHER
from nlp.records import Fact
from nlp.structure.sentences import clause_start

_MOST = 30
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the metric `true` was taken for `predicted`, with the words of one instance.
    `other` as truth is a figure of no metric, as prediction one that was not read."""

    true: str
    predicted: str
    count: int
    example: str
    text_id: str


@dataclass(frozen=True, slots=True)
class Confusions:
    """The most frequent pairs of all, and of those between two metrics, `other` left out."""

    pairs: tuple[Confusion, ...]
    between: tuple[Confusion, ...]


def confusions(read: Iterable[Answer], most: int = _MOST) -> Confusions:
    """Count the pairs. A figure whose metric is right and whose year or owner is wrong is no
    confusion of metrics."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], tuple[str, str]] = {}
    for answer in read:
        for true, predicted, start, end in _pairs(answer):
            counts[true, predicted] += 1
            examples.setdefault(
                (true, predicted), (words(answer.one.text, start, end), answer.one.id)
            )
    ranked = sorted(counts, key=lambda pair: (-counts[pair], pair))
    found = [Confusion(*pair, counts[pair], *examples[pair]) for pair in ranked]
    between = [one for one in found if OTHER not in (one.true, one.predicted)]
    return Confusions(tuple(found[:most]), tuple(between[:most]))


def _pairs(answer: Answer) -> Iterator[tuple[str, str, int, int]]:
    """True and predicted metric with their place: of each missed mark, then of each wrong fact."""
    paired = {fact.id for _, fact in answer.score.found}
    free = [fact for fact in answer.facts if fact.id not in paired]
    for mark in answer.score.missed:
        rivals = [fact for fact in free if _of_one_figure(fact, mark)]
        fact = next((one for one in rivals if one.metric != OTHER), None)
        if fact is None:
            yield mark.metrics[0], OTHER, mark.start, mark.end
            continue
        free.remove(fact)
        if fact.metric not in mark.metrics:
            yield mark.metrics[0], fact.metric, mark.start, mark.end
    for fact in answer.score.wrong:
        if fact in free:
            marks = [m for m in answer.one.marks if m.kind == "fact" and _of_one_figure(fact, m)]
            if not any(fact.metric in mark.metrics for mark in marks):
                true = marks[0].metrics[0] if marks else OTHER
                yield true, fact.metric, fact.start, fact.end


def _of_one_figure(fact: Fact, mark: Mark) -> bool:
    """Whether both speak of the same number at the same place."""
    apart = abs(fact.value - mark.value) > 1e-6 * max(1.0, abs(fact.value), abs(mark.value))
    return fact.start < mark.end and mark.start < fact.end and not apart


def words(text: str, start: int, end: int) -> str:
    """The clause up to `end`, in one line, its end where it is long."""
    clause = "".join(text[clause_start(text, start) : end].split())
    return clause if len(clause) <= _LONGEST else f"…{clause[-_LONGEST:]}"
