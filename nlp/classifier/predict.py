"""Linear models as plain arrays, predicted with numpy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A label with its calibrated probability, and the next best ones."""

    label: str
    probability: float
    others: tuple[tuple[str, float], ...] = ()


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

    def scores(self, examples: Iterable[Iterable[str]]) -> Array:
        """The decision scores, shape (examples, labels), before scaling."""
        take, add = self.weights.take, np.add.reduce
        sums = [add(take(self.rows(features), axis=0)) for features in examples]
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
