"""Section `facts`: precision, recall and F1 of the three systems, by scope, metric and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.bootstrap import Interval, paired
from nlp.evaluate.answers import (
    BOTH,
    CLASSIFIER,
    RULES,
    SCOPES,
    SYSTEMS,
    Answer,
    Answers,
    tally,
    total,
    within,
)
from nlp.markup import Mark
from nlp.numbers import find_figures
from nlp.reading import fold
from nlp.records import Fact
from nlp.scoring import Counts, needed

FIGURE, ZERO = "figure", "zero"
KINDS = (FIGURE, ZERO)
BySystem = dict[str, Counts]


@dataclass(frozen=True, slots=True)
class FactScores:
    """Counts of the systems in all, by scope, by kind and by metric (most needed first), and by
    scope how much better both together are than the other system named."""

    scopes: dict[str, BySystem]
    gains: dict[str, dict[str, Interval]]
    kinds: dict[str, BySystem]
    metrics: dict[str, BySystem]


def score(read: Answers) -> FactScores:
    """Count what the systems found and missed."""
    return FactScores(
        {scope: {name: total(within(read[name], scope)) for name in SYSTEMS} for scope in SCOPES},
        {scope: _gains(read, scope) for scope in SCOPES},
        {
            kind: {name: total_of_kind(read[name], kind) for name in SYSTEMS}
            for kind in KINDS
        },
        {metric: {name: total(read[name], metric) for name in SYSTEMS} for metric in _metrics(read)},
    )  # fmt: skip


def _gains(read: Answers, scope: str) -> dict[str, Interval]:
    counts = {name: [one.score.counts() for one in within(read[name], scope)] for name in SYSTEMS}
    return {other: paired(counts[BOTH], counts[other]) for other in (RULES, CLASSIFIER)}


def most_needed(read: Sequence[Answer]) -> list[str]:
    """Metrics that the marks ask for, by how often, then by code."""
    counts = Counter(
        mark.metrics[0]
        for answer in read
        for mark in answer.one.marks
        if mark.kind == "fact" and needed(mark)
    )
    return sorted(counts, key=lambda metric: (-counts[metric], metric))


def _metrics(read: Answers) -> list[str]:
    """The metrics that are needed, then those that are only claimed."""
    asked = most_needed(read[BOTH])
    claimed = {fact.metric for name in SYSTEMS for one in read[name] for fact in one.score.wrong}
    return [*asked, *sorted(claimed - set(asked))]


def total_of_kind(read: Sequence[Answer], kind: str) -> Counts:
    """The counts of figures or of statements that nothing happened."""

    def of(answer: Answer) -> Counts:
        text = answer.one.text

        def counts(one: Mark | Fact) -> bool:
            return kind_of(one.value, text[one.start : one.end]) == kind

        return tally(answer.score, counts, counts)

    return sum(map(of, read), Counts())


def kind_of(value: float, words: str) -> str:
    """未发生行政复议 states zero without a figure; 0件 is a figure."""
    if value != 0 or any(figure.value == 0 for figure in find_figures(fold(words))):
        return FIGURE
    return ZERO
