"""Which task comes next.

Every fifth question is drawn at random, so that what is estimated from the answers holds for all
figures and not only for the doubtful ones. Which tasks belong to that share, and in which order they
come, hangs on their names alone; the others come by reason: rule against classifier, near the
border, differs from the table, the rest in reading order. What another annotator has decided
comes after what nobody has; the random share is asked of everybody, which agreement is counted on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import lru_cache

from nlp.annotate.decisions import Log, Replay
from nlp.annotate.library import Entry
from nlp.annotate.tasks import REASONS, Task

EVERY = 5
_SEED = "nianbao"


@lru_cache(maxsize=1 << 18)
def lot(name: str) -> float:
    """A number in [0, 1) that a task has for ever, spread evenly over tasks."""
    digest = hashlib.sha256(f"{_SEED}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def in_random_share(name: str) -> bool:
    return lot(name) < 1 / EVERY


def next_task(
    tasks: Iterable[tuple[Entry, Task]], log: Log, wanted: Callable[[Task], bool] | None = None
) -> Task | None:
    """The task to be shown: the one just undone, else by the order above; skipped ones come last."""
    own = log.own
    open_tasks = [(e, t) for e, t in tasks if not own.is_done(t.name) and (not wanted or wanted(t))]
    for _, task in open_tasks:
        if task.name == own.undone:
            return task
    fresh = [pair for pair in open_tasks if not own.is_skipped(pair[1].name)]
    return _best(fresh or open_tasks, own, log)


def _best(pairs: list[tuple[Entry, Task]], own: Replay, log: Log) -> Task | None:
    drawn = [task for _, task in pairs if is_drawn(task)]
    ranked = [pair for pair in pairs if not is_drawn(pair[1])]
    asked = sum(1 for decision in own.held if decision.action in ("decide", "skip"))
    if drawn and (not ranked or asked % EVERY == EVERY - 1):
        return min(drawn, key=lambda task: lot(task.name)).because("random")
    if not ranked:
        return None
    known = {name for other in log.others.values() for name in other.stacks if other.is_done(name)}
    return min(ranked, key=lambda pair: _rank(pair[0], pair[1], known))[1]


def is_drawn(task: Task) -> bool:
    """Whether a task is one of the random share: figures alone, since items have no estimate."""
    return not task.is_item and in_random_share(task.name)


def _rank(entry: Entry, task: Task, known: set[str]) -> tuple[bool, int, float, int, int]:
    near = round(task.distance, 1) if task.reason in ("disagree", "border") else 0.0
    return task.name in known, REASONS.index(task.reason), near, entry.number, task.start
