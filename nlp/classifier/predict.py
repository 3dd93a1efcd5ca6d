"""Linear models as plain arrays, predicted with numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from nlp.metrics import OTHER

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A label with its calibrated probability, and the next best ones."""

    label: str
    probability: float
    others: tuple[tuple[str, float], ...] = ()


JOINT = "+"  # parts the labels that hold together


@dataclass(frozen=True)
class LinearModel:
    """Logistic regressions: `weights` (features + 1, labels), the last row being the intercept.

    One of the labels holds (multinomial), or each by itself (`several`: 未发生行政复议、行政诉讼
    denies two things). `scale` divides the scores, which calibrates the probabilities; `needed` is how
    probable a label must be to be right often enough (`fit.py`), where that is known.
    """

    vocabulary: dict[str, int]
    labels: tuple[str, ...]
    weights: Array
    scale: float = 1.0
    several: bool = False
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
        labels), a row summing to one unless several may hold."""
        scaled = self.scores(examples) / np.float32(self.scale)
        return sigmoid(scaled) if self.several else softmax(scaled)

    def judge(self, features: Iterable[str], beside: int = 0) -> Judgement:
        """The best label, with the `beside` next best."""
        return self.judge_all([features], beside)[0]

    def judge_all(self, examples: Iterable[Iterable[str]], beside: int = 0) -> list[Judgement]:
        """Judge many examples, in their order."""
        rows = self.probabilities(examples)
        if self.several:
            return [together(row, self.labels) for row in rows]
        if not beside:
            best = zip(rows.argmax(axis=1).tolist(), rows.max(axis=1, initial=0), strict=True)
            return [Judgement(self.labels[top], float(highest)) for top, highest in best]
        return [self._ranked(row, beside) for row in rows]

    def _ranked(self, probabilities: Array, beside: int) -> Judgement:
        best = np.argsort(-probabilities, kind="stable")[: beside + 1].tolist()
        first, *others = [(self.labels[i], float(probabilities[i])) for i in best]
        return Judgement(*first, tuple(others))


def together(probabilities: Array, labels: Sequence[str]) -> Judgement:
    """The labels that are more probable than not, as one judgement, as sure as its least sure."""
    held = np.flatnonzero(probabilities >= 0.5).tolist()
    if held:
        label = JOINT.join(sorted(labels[i] for i in held))
        return Judgement(label, min(float(probabilities[i]) for i in held))
    return Judgement(OTHER, 1 - float(probabilities.max(initial=0.0)))


def sigmoid(scores: Array) -> Array:
    """The probability of each score by itself."""
    result: Array = np.float32(1) / (np.float32(1) + np.exp(-scores))
    return result


def softmax(scores: Array) -> Array:
    """Probabilities of scores, along the last axis."""
    powers: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result
