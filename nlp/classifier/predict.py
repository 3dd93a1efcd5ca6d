"""Linear models as plain arrays, predicted with numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A label with its calibrated probability, and the next best ones."""

    label: str
    probability: float
    others: tuple[tuple[str, float], ...] = ()


_FEW = 12  # examples that are looked up one by one


class RowIndex:
    """Finds the rows of many features at once, by their hashes. The vocabulary is larger than what
    processors keep at hand: a dictionary waits for memory with each feature, an array with all of
    them together, in half the time. Two strings of one 64-bit hash are not to be expected."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        count = len(vocabulary)
        hashes = np.fromiter(map(hash, vocabulary), np.int64, count).view(np.uint64)
        order = hashes.argsort()
        bits = max(1, count.bit_length())
        self._shift = np.uint64(64 - bits)  # hashes with the same first bits stand side by side
        sizes = np.bincount((hashes >> self._shift).astype(np.int64), minlength=1 << bits)
        self._starts = np.cumsum(sizes) - sizes
        self._beside = np.arange(sizes.max(initial=0))
        self._hashes = np.concatenate([hashes[order], np.zeros(len(self._beside), np.uint64)])
        rows = np.fromiter(vocabulary.values(), np.int64, count)[order]
        self._rows = np.concatenate([rows, np.full(len(self._beside), count)])
        self._count = count

    def rows(self, examples: Sequence[Sequence[str]]) -> list[NDArray[np.int64]]:
        """For each example what `LinearModel.rows` says of it."""
        lengths = list(map(len, examples))
        hashes = np.fromiter(map(hash, chain.from_iterable(examples)), np.int64, sum(lengths))
        asked = hashes.view(np.uint64)
        places = self._starts.take(asked >> self._shift)[:, None] + self._beside
        number, column = (self._hashes.take(places) == asked[:, None]).nonzero()
        # Sorted by example, then by row: one number tells both.
        each = np.arange(len(examples)) * (self._count + 1)
        known = each.repeat(lengths).take(number) + self._rows.take(places[number, column])
        found = np.concatenate([known, each + self._count])
        found.sort()
        found = found[np.concatenate([[True], found[1:] != found[:-1]])]
        ends = found.searchsorted(each + self._count, side="right").tolist()
        found %= self._count + 1
        return [found[start:end] for start, end in pairwise([0, *ends])]


@dataclass(frozen=True)
class LinearModel:
    """Multinomial logistic regression: `weights` (features + 1, labels), the last row being the
    intercept. `scale` divides the scores, which calibrates the probabilities; `needed` is how
    probable a label must be to be right often enough (`fit.py`), where that is known.
    """

    vocabulary: dict[str, int]
    labels: tuple[str, ...]
    weights: Array
    scale: float = 1.0
    needed: dict[str, float] = field(default_factory=dict)

    def rows(self, features: Iterable[str]) -> list[int]:
        """Row numbers of the features that the model knows, each once, intercept last."""
        # The intercept takes the place of what is unknown, so that it is in once, and last: in
        # ascending order, because sums of floats hang on their order.
        last = len(self.vocabulary)
        return sorted({last, *map(self.vocabulary.get, features, repeat(last))})

    @cached_property
    def _index(self) -> RowIndex:
        return RowIndex(self.vocabulary)

    def __getstate__(self) -> dict[str, Any]:
        # another process hashes strings differently
        return {name: value for name, value in vars(self).items() if name != "_index"}

    def scores(self, examples: Iterable[Iterable[str]]) -> Array:
        """The decision scores, shape (examples, labels), before scaling."""
        take, add = self.weights.take, np.add.reduce
        asked = [list(features) for features in examples]
        rows = self._index.rows(asked) if len(asked) > _FEW else map(self.rows, asked)
        sums = [add(take(one, axis=0)) for one in rows]
        return np.array(sums, dtype=np.float32).reshape(len(sums), len(self.labels))

    def probabilities(self, examples: Iterable[Iterable[str]]) -> Array:
        """Calibrated probabilities of examples, each given by its features; shape (examples,
        labels), a row summing to one."""
        return softmax(self.scores(examples) / np.float32(self.scale))

    def judge(self, features: Iterable[str], beside: int = 0) -> Judgement:
        """The best label, with the `beside` next best."""
        return self.judge_all([features], beside)[0]

    def judge_all(self, examples: Iterable[Iterable[str]], beside: int = 0) -> list[Judgement]:
        """Judge many examples, in their order."""
        rows = self.probabilities(examples)
        if not beside:
            best = zip(rows.argmax(axis=1).tolist(), rows.max(axis=1, initial=0), strict=True)
            return [Judgement(self.labels[top], float(highest)) for top, highest in best]
        return [self._ranked(row, beside) for row in rows]

    def _ranked(self, probabilities: Array, beside: int) -> Judgement:
        best = np.argsort(-probabilities, kind="stable")[: beside + 1].tolist()
        first, *others = [(self.labels[i], float(probabilities[i])) for i in best]
        return Judgement(*first, tuple(others))


def softmax(scores: Array) -> Array:
    """Probabilities of scores, along the last axis."""
    powers: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result
