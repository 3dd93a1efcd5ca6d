"""Linear models as plain arrays, predicted with numpy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

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
        known = set(map(self.vocabulary.get, features))
        known.discard(None)
        # In ascending order: sums of floats hang on their order.
        return [*sorted(row for row in known if row is not None), len(self.weights) - 1]

    def scores(self, features: Iterable[str]) -> Array:
        """The decision scores, shape (labels,), before scaling."""
        scores: Array = self.weights[self.rows(features)].sum(axis=0, dtype=np.float32)
        return scores

    def probabilities(self, features: Iterable[str]) -> Array:
        """Calibrated probabilities, shape (labels,); summing to one unless several may hold."""
        scaled = self.scores(features) / np.float32(self.scale)
        return sigmoid(scaled) if self.several else softmax(scaled)

    def judge(self, features: Iterable[str], beside: int = 2) -> Judgement:
        """The best label with the `beside` next best."""
        probabilities = self.probabilities(features)
        best = np.argsort(-probabilities, kind="stable")[: beside + 1].tolist()
        ranked = [(self.labels[i], float(probabilities[i])) for i in best]
        if self.several:
            return together(dict(zip(self.labels, probabilities.tolist(), strict=True)))
        return Judgement(*ranked[0], tuple(ranked[1:]))


def together(probabilities: dict[str, float]) -> Judgement:
    """The labels that are more probable than not, as one judgement, as sure as its least sure."""
    held = sorted(label for label, probability in probabilities.items() if probability >= 0.5)
    if held:
        return Judgement(JOINT.join(held), min(probabilities[label] for label in held))
    return Judgement(OTHER, 1 - max(probabilities.values(), default=0.0))


def sigmoid(scores: Array) -> Array:
    """The probability of each score by itself."""
    result: Array = np.float32(1) / (np.float32(1) + np.exp(-scores))
    return result


def softmax(scores: Array) -> Array:
    """Probabilities of a vector of scores."""
    powers: Array = np.exp(scores - scores.max())
    result: Array = powers / powers.sum()
    return result
