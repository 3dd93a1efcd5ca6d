"""Section `masking`: what the classifier finds where a metric has no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.annotations import AnnotatedText
from nlp.classifier.reader import Reader
from nlp.evaluate.answers import CLASSIFIER, SCOPES, Answer, Say, answers, within
from nlp.scoring import Counts, needed

METRICS = 20
RECALL, PRECISION = 0.8, 0.9


@dataclass(frozen=True, slots=True)
class MaskedMetric:
    """A metric whose rules were switched off: its counts by scope, of the classifier's facts only."""

    metric: str
    counts: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class Reached:
    """Of how many metrics with needed facts how many reach the aim."""

    reached: int
    of: int


@dataclass(frozen=True, slots=True)
class Masking:
    """Each metric, their sum by scope, and how many reach the aimed recall and precision."""

    metrics: tuple[MaskedMetric, ...]
    totals: dict[str, Counts]
    reached: dict[str, Reached]
    recall_aimed: float = RECALL
    precision_aimed: float = PRECISION


def mask(
    metrics: Sequence[str], texts: Sequence[AnnotatedText], reader: Reader, say: Say
) -> Masking:
    """Switch off the rules of one metric after the other."""
    rows = []
    for place, metric in enumerate(metrics, start=1):
        say(f"屏蔽规则（{place}/{len(metrics)}）：{metric}")
        read = answers(texts, reader, frozenset({metric}))
        rows.append(MaskedMetric(metric, {s: _counts(within(read, s), metric) for s in SCOPES}))
    totals = {scope: sum((row.counts[scope] for row in rows), Counts()) for scope in SCOPES}
    return Masking(tuple(rows), totals, {scope: reached(rows, scope) for scope in SCOPES})


def _counts(read: Iterable[Answer], metric: str) -> Counts:
    return sum((classifier_counts(answer, metric) for answer in read), Counts())


def classifier_counts(answer: Answer, metric: str) -> Counts:
    """The needed facts of a metric, and what the classifier alone says of it."""
    score = answer.score
    asked = [
        (mark, fact) for mark, fact in score.found if needed(mark) and mark.metrics[0] == metric
    ]
    missed = sum(1 for mark in score.missed if mark.metrics[0] == metric)
    right = sum(1 for _, fact in asked if fact.method == CLASSIFIER)
    wrong = sum(1 for f in score.wrong if f.metric == metric and f.method == CLASSIFIER)
    return Counts(right, wrong, len(asked) + missed)


def reached(rows: Iterable[MaskedMetric], scope: str) -> Reached:
    """How many metrics reach both aims."""
    counts = [row.counts[scope] for row in rows if row.counts[scope].needed]
    return Reached(sum(reaches(one) for one in counts), len(counts))


def reaches(counts: Counts) -> bool:
    return counts.recall >= RECALL and counts.precision >= PRECISION
