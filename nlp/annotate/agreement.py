"""Several annotators: what they agree on, where they differ, and what then holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations

from nlp.annotate.decisions import Decision, Log, Touched
from nlp.annotate.tasks import FactLabel, Label, said


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds of a task; `labels` None where annotators differ and nobody has settled it."""

    task: str
    labels: tuple[Label, ...] | None
    touched: Touched
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators on the tasks that both decided by themselves. `kappa` is None where it says
    nothing: fewer than two tasks, or one label for all."""

    first: str
    second: str
    tasks: int
    same: int
    kappa: float | None


def answers(log: Log) -> dict[str, list[tuple[Decision, Touched]]]:
    """For each task what each annotator who settled it says."""
    found: dict[str, list[tuple[Decision, Touched]]] = defaultdict(list)
    for name in sorted(log.all):
        for decision, touched in log.all[name].settled():
            found[touched.task].append((decision, touched))
    return found


def settled(log: Log) -> list[Settled]:
    """What holds of every task that anybody settled: what all say, or what was said last in the
    queue of disputes."""
    return [_settled(task, said_of) for task, said_of in answers(log).items()]


def disputed(log: Log) -> list[str]:
    """The tasks on which annotators differ and that nobody has settled since."""
    return [one.task for one in settled(log) if one.labels is None]


def _settled(task: str, said_of: list[tuple[Decision, Touched]]) -> Settled:
    by = tuple(decision.by for decision, _ in said_of)
    judged = [pair for pair in said_of if pair[0].reason == "dispute"]
    _, touched = max(judged or said_of, key=lambda pair: (pair[0].at, pair[0].by))
    if judged or len({_judgement(one.labels) for _, one in said_of}) == 1:
        return Settled(task, touched.labels, touched, by)
    return Settled(task, None, touched, by)


def _judgement(labels: tuple[Label, ...]) -> frozenset[Label]:
    """Labels without the value, which is the report's and nobody's opinion."""
    return frozenset(
        replace(label, value=0) if isinstance(label, FactLabel) else label for label in labels
    )


def agreements(log: Log) -> list[Agreement]:
    """Every pair of annotators with tasks in common; decisions made in the queue of disputes, with
    the other's answer in sight, do not count."""
    own: dict[str, dict[str, str]] = {}
    for name in sorted(log.all):
        own[name] = {
            touched.task: said(touched.labels) or "merged"
            for decision, touched in log.all[name].settled()
            if decision.reason != "dispute"
        }
    found = []
    for first, second in combinations(own, 2):
        shared = sorted(own[first].keys() & own[second].keys())
        if shared:
            pairs = [(own[first][task], own[second][task]) for task in shared]
            same = sum(a == b for a, b in pairs)
            found.append(Agreement(first, second, len(pairs), same, kappa(pairs)))
    return found


def kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Cohen's kappa; None where it is not defined."""
    from sklearn.metrics import cohen_kappa_score

    if len(pairs) < 2 or len({label for pair in pairs for label in pair}) < 2:
        return None
    return float(cohen_kappa_score([a for a, _ in pairs], [b for _, b in pairs]))
