"""Fit the linear models with scikit-learn, calibrate them on predictions out of fold.

Only training and evaluation come here; reading a report needs numpy alone (`predict.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nlp.classifier.predict import Array, Judgement, LinearModel, softmax
from nlp.metrics import OTHER

_FOLDS = 4
_ITERATIONS = 25
_PRECISE, _ENOUGH = 0.85, 12
_BARS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
_TINY = 0.015  # weights below it change no answer and fill the file


@dataclass(frozen=True, slots=True)
class Task:
    """What to learn: `features` and `labels` of each example (`also`: labels as right as that one;
    `names`: what a bar is chosen for, by default the label said), and the `groups` that must stay on
    one side when examples are held out. Features and labels seen less often than `fewest_features`
    and `fewest_labels` times are left out."""

    features: Sequence[Sequence[str]]
    labels: Sequence[str]
    groups: Sequence[str]
    strength: float = 4.0
    fewest_features: int = 3
    fewest_labels: int = 3
    also: Sequence[Sequence[str]] = ()
    names: Sequence[str] = ()

    def only(self, rows: Sequence[int]) -> Task:
        return replace(
            self,
            features=[self.features[i] for i in rows],
            labels=[self.labels[i] for i in rows],
            groups=[self.groups[i] for i in rows],
            also=[self.also[i] for i in rows] if self.also else (),
            names=[self.names[i] for i in rows] if self.names else (),
        )


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """For each example the label that a model which never saw its group gives it, and its
    calibrated probability."""

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    scale: float


def fit(task: Task) -> LinearModel:
    """A model of the whole task, not calibrated. The same task gives the same arrays."""
    counts = Counter(task.labels)
    rows = [i for i, label in enumerate(task.labels) if counts[label] >= task.fewest_labels]
    seen = Counter(one for i in rows for one in set(task.features[i]))
    vocabulary = {
        one: row
        for row, one in enumerate(sorted(f for f, n in seen.items() if n >= task.fewest_features))
    }
    labels = [task.labels[i] for i in rows]
    if task.names and len({*labels}) < 2:  # pairs of which none is one: there is nothing to weigh
        return LinearModel({}, tuple(labels[:1]) or (OTHER,), np.zeros((1, 1), np.float32))
    matrix = design_matrix([task.features[i] for i in rows], vocabulary)
    regression = _regression(task)
    _quietly(regression.fit, matrix, labels)
    return from_sklearn(regression, vocabulary)


def _regression(task: Task) -> Any:
    from sklearn.linear_model import LogisticRegression

    # Stochastic gradients: a third of the time and of the memory of lbfgs, and no worse on texts held
    # back, nor short of the optimum where examples are many and features rare.
    return LogisticRegression(
        C=task.strength, max_iter=_ITERATIONS, tol=1e-3, solver="saga", random_state=0
    )


def _quietly(fit: Any, *args: Any) -> None:
    """Fit without the warning that the last digits have not settled: they need not."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit(*args)


def design_matrix(features: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Any:
    """A sparse matrix (examples, features) of ones."""
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    ends = [0]
    for one in features:
        columns += sorted({vocabulary[name] for name in one if name in vocabulary})
        ends.append(len(columns))
    values = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((values, columns, ends), shape=(len(features), len(vocabulary)))


def from_sklearn(regression: Any, vocabulary: dict[str, int]) -> LinearModel:
    """The arrays of a fitted LogisticRegression, without the features that weigh nothing. Of two
    labels scikit-learn keeps one column."""
    weights = np.vstack([regression.coef_.T, regression.intercept_]).astype(np.float32)
    if weights.shape[1] == 1:
        weights = np.hstack([np.zeros_like(weights), weights])
    weights[:-1][np.abs(weights[:-1]) < _TINY] = 0
    weighing = np.append(weights[:-1].any(axis=1), True)
    names = [name for name, row in vocabulary.items() if weighing[row]]
    return LinearModel(
        {name: row for row, name in enumerate(names)},
        tuple(map(str, regression.classes_)),
        weights[weighing],
    )


def fit_calibrated(task: Task, workers: int = 1) -> tuple[LinearModel, OutOfFold]:
    """A model of the whole task, its scale and what each label needs chosen on predictions out of
    fold, and those predictions."""
    held_out = out_of_fold(task, workers=workers)
    model = replace(fit(task), scale=held_out.scale, needed=needed(task, held_out))
    return model, held_out


def out_of_fold(task: Task, folds: int = _FOLDS, workers: int = 1) -> OutOfFold:
    """Predict every example by a model that was fitted without its group."""
    from joblib import Parallel, delayed

    names = sorted(set(task.groups))
    fold_of = {name: place % folds for place, name in enumerate(_shuffled(names))}
    parts = Parallel(n_jobs=workers)(
        delayed(_scores_of_fold)(task, fold_of, fold) for fold in range(folds)
    )
    scores = {i: one for part in parts for i, one in part}
    ordered = [scores[i] for i in range(len(task.labels))]
    scale = _best_scale(ordered, task)
    said = [_judged(values, known, scale) for values, known in ordered]
    return OutOfFold(
        tuple(one.label for one in said), tuple(one.probability for one in said), scale
    )


_Scores = tuple[Array, tuple[str, ...]]


def _scores_of_fold(task: Task, fold_of: dict[str, int], fold: int) -> list[tuple[int, _Scores]]:
    model = fit(task.only([i for i, group in enumerate(task.groups) if fold_of[group] != fold]))
    rows = [i for i, group in enumerate(task.groups) if fold_of[group] == fold]
    scores = model.scores(task.features[i] for i in rows)
    return [(i, (values, model.labels)) for i, values in zip(rows, scores, strict=True)]


def _judged(values: Array, known: tuple[str, ...], scale: float) -> Judgement:
    probabilities = softmax(values / np.float32(scale))
    top = int(probabilities.argmax())
    return Judgement(known[top], float(probabilities[top]))


def needed(task: Task, held_out: OutOfFold) -> dict[str, float]:
    """For each label (or each of the task's `names`) the lowest probability, of a few, from which on
    what was said was right as often as `_PRECISE` out of fold; those that too few examples speak
    for are left out."""
    said: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    names = task.names or held_out.labels
    also = task.also or [()] * len(names)
    for row, (label, probability) in enumerate(
        zip(held_out.labels, held_out.probabilities, strict=True)
    ):
        if label != OTHER or not task.names:
            right = label == task.labels[row] or label in also[row]
            said[names[row]].append((probability, right))
    found: dict[str, float] = {}
    for name, answers in said.items():
        for bar in _BARS:
            rights = [right for probability, right in answers if probability >= bar]
            if len(rights) >= _ENOUGH and sum(rights) >= _PRECISE * len(rights):
                found[name] = bar
                break
    return found


def _shuffled(names: list[str]) -> list[str]:
    order = np.random.default_rng(7).permutation(len(names))
    return [names[i] for i in order]


def _best_scale(scores: list[_Scores], task: Task) -> float:
    """The divisor of the scores at which the true labels surprise least."""

    def total(scale: float) -> float:
        return sum(
            _surprise(values / scale, known, label)
            for (values, known), label in zip(scores, task.labels, strict=True)
        )

    return min((round(0.5 + 0.05 * step, 2) for step in range(41)), key=total)


def _surprise(scaled: Array, known: tuple[str, ...], label: str) -> float:
    if label not in known:
        return 0.0
    top = scaled.max()
    return float(top + np.log(np.exp(scaled - top).sum()) - scaled[known.index(label)])


def calibration_error(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Expected calibration error: the mean distance of stated probability and share of right
    answers, over equally filled bins."""
    order = np.argsort(np.asarray(probabilities), kind="stable")
    total = 0.0
    for part in np.array_split(order, bins):
        if len(part):
            stated = float(np.mean([probabilities[i] for i in part]))
            true = float(np.mean([right[i] for i in part]))
            total += abs(stated - true) * len(part)
    return total / max(1, len(order))
