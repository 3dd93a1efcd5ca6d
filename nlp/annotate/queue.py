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
from dataclasses import dataclass
from functools import lru_cache

from nlp.annotate.decisions import Log
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


@dataclass(frozen=True, slots=True)
class Order:
    """All tasks, each in the place where it comes: the random share by lot, the others by reason."""

    drawn: tuple[Task, ...]
    ranked: tuple[Task, ...]


def in_order(pairs: Iterable[tuple[Entry, Task]]) -> Order:
    """Sorted once for all decisions, which only walk along it."""
    known = list(pairs)
    drawn = [task for _, task in known if is_drawn(task)]
    others = sorted(
        (pair for pair in known if not is_drawn(pair[1])), key=lambda pair: _rank(*pair)
    )
    return Order(
        tuple(sorted(drawn, key=lambda task: lot(task.name))), tuple(task for _, task in others)
    )


def is_drawn(task: Task) -> bool:
    """Whether a task is one of the random share: figures alone, since items have no estimate."""
    return not task.is_item and in_random_share(task.name)


def _rank(entry: Entry, task: Task) -> tuple[int, float, int, int]:
    near = round(task.distance, 1) if task.reason in ("disagree", "border") else 0.0
    return REASONS.index(task.reason), near, entry.number, task.start


def next_task(
    order: Order, log: Log, wanted: Callable[[Task], bool] = lambda task: True
) -> Task | None:
    """The task to be shown, by the order above; those that were skipped come last."""
    own = log.own
    for skipped in (False, True):

        def is_open(task: Task, skipped: bool = skipped) -> bool:
            name = task.name
            return not own.is_done(name) and (skipped or not own.is_skipped(name)) and wanted(task)

        drawn = next(filter(is_open, order.drawn), None)
        ranked = next((t for t in order.ranked if is_open(t) and not _decided(t, log)), None)
        ranked = ranked or next(filter(is_open, order.ranked), None)
        asked = sum(1 for decision in own.held if decision.action in ("decide", "skip"))
        if drawn and (ranked is None or asked % EVERY == EVERY - 1):
            return drawn.because("random")
        if ranked:
            return ranked
    return None


def _decided(task: Task, log: Log) -> bool:
    """Whether another annotator has decided a task."""
    return any(other.is_done(task.name) for other in log.others.values())
