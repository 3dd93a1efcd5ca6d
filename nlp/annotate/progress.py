"""How far one is, and how good the reading is, estimated from the random share alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from nlp.annotate.agreement import settled
from nlp.annotate.decisions import Log
from nlp.annotate.queue import is_drawn, lot
from nlp.annotate.tasks import FactLabel, Label, Task, said
from nlp.metrics import OTHER

_Z = 1.959964  # the 97.5 % quantile of the normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson); None where nothing was counted."""

    right: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.right / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The random share so far, under one model. `precision`: figures read as a metric that a person
    left as they were; `other`: figures read as none that are none; `skipped` were drawn and not
    answered, which no interval allows for."""

    precision: Share
    other: Share
    skipped: int


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric: figures guessed to be it, those decided, and those of them left as they were."""

    metric: str
    total: int
    done: int
    kept: int


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    left: int
    skipped: int
    by_reason: tuple[tuple[str, int, int], ...]  # reason, done, left
    metrics: tuple[MetricRow, ...]
    estimate: Estimate


def wilson(right: int, of: int) -> Share:
    """The Wilson score interval, which stays within 0 and 1 and holds for few answers too."""
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    share, z2 = right / of, _Z * _Z
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Share(right, of, max(0.0, centre - half), min(1.0, centre + half))


def progress(tasks: Iterable[Task], log: Log, model: str) -> Progress:
    """Counts of the own decisions, and the estimate from everybody's."""
    known = list(tasks)
    own = log.own
    done = [task for task in known if own.is_done(task.name)]
    reasons: Counter[str] = Counter(task.reason for task in known)
    reasons_done: Counter[str] = Counter(task.reason for task in done)
    return Progress(
        done=len(done),
        left=len(known) - len(done),
        skipped=sum(own.is_skipped(task.name) for task in known),
        by_reason=tuple(
            (reason, reasons_done[reason], total - reasons_done[reason])
            for reason, total in reasons.items()
        ),
        metrics=_by_metric(known, log),
        estimate=estimate(known, log, model),
    )


def _by_metric(tasks: list[Task], log: Log) -> tuple[MetricRow, ...]:
    total: Counter[str] = Counter()
    done: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for task in tasks:
        if task.is_item:
            continue
        found = log.own.current(task.name)
        is_settled = found is not None and found[1].done
        # After retraining the guess is another; what was decided is counted under what was asked.
        guess = found[0].guess if found and is_settled else task.guess
        for metric in _metrics(guess):
            total[metric] += 1
            if found and is_settled:
                done[metric] += 1
                kept[metric] += said(guess) == said(found[1].labels)
    return tuple(
        MetricRow(metric, number, done[metric], kept[metric])
        for metric, number in sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _metrics(labels: tuple[Label, ...]) -> set[str]:
    return {label.metric for label in labels if isinstance(label, FactLabel)}


def estimate(tasks: Iterable[Task], log: Log, model: str) -> Estimate:
    """What the random share tells of a model's reading.

    The share is asked in the order of its lots. What counts is its beginning up to the first figure
    that nobody has answered, however each was decided: of what somebody opened by himself further
    on, too much would be doubtful. Decisions under another model say nothing of this one.
    """
    held = {one.task: one.labels for one in settled(log) if one.labels}
    counts: dict[bool, list[bool]] = defaultdict(list)
    skipped = 0
    for task in sorted(filter(is_drawn, tasks), key=lambda task: lot(task.name)):
        decisions = [
            found[0] for replay in log.all.values() if (found := replay.current(task.name))
        ]
        if not decisions:
            break
        decided = [one for one in decisions if one.action == "decide"]
        skipped += not decided
        if decided and decided[0].model == model and task.name in held:
            guess = said(decided[0].guess)
            counts[guess == OTHER].append(guess == said(held[task.name]))
    return Estimate(
        precision=wilson(sum(counts[False]), len(counts[False])),
        other=wilson(sum(counts[True]), len(counts[True])),
        skipped=skipped,
    )
