"""Section `calibration`: whether the classifier is right as often as it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.classifier.fit import calibration_error
from nlp.classifier.learn import Examples, tasks
from nlp.classifier.store import Models

_BINS = 10
MODELS = ("figure", "kind")


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with a probability from `low` to `high`: how many, the mean of what they state, and
    the share that is right (null where there are none)."""

    low: float
    high: float
    count: int
    stated: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """A model's answers on examples. `error` is the expected calibration error over equally filled
    bins, as training reports it; `error_of_bins` that over `bins`, which are equally wide."""

    examples: int
    accuracy: float
    error: float
    error_of_bins: float
    bins: tuple[Bin, ...]


def calibration(examples: Examples, models: Models) -> dict[str, Reliability]:
    """Reliability of the models of figures and of clauses' kind; of what readers could dispute
    nothing is asked."""
    asked = tasks(examples)
    return {
        name: reliability(
            (judged.probability, judged.label == label)
            for features, label in zip(asked[name].features, asked[name].labels, strict=True)
            for judged in (models[name].judge(features, 0),)
        )
        for name in MODELS
    }


def reliability(answers: Iterable[tuple[float, bool]]) -> Reliability:
    """From pairs of stated probability and whether the answer was right."""
    pairs = list(answers)
    count = max(1, len(pairs))
    bins = tuple(_bin(place, pairs) for place in range(_BINS))
    apart = sum(
        abs(one.stated - one.right) * one.count
        for one in bins
        if one.stated is not None and one.right is not None
    )
    return Reliability(
        len(pairs),
        sum(right for _, right in pairs) / count,
        calibration_error([stated for stated, _ in pairs], [right for _, right in pairs]),
        apart / count,
        bins,
    )


def _bin(place: int, pairs: Sequence[tuple[float, bool]]) -> Bin:
    """The bin of a place; the last holds certainty too."""
    inside = [pair for pair in pairs if min(int(pair[0] * _BINS), _BINS - 1) == place]
    low, high = place / _BINS, (place + 1) / _BINS
    if not inside:
        return Bin(low, high, 0, None, None)
    stated = sum(stated for stated, _ in inside) / len(inside)
    right = sum(right for _, right in inside) / len(inside)
    return Bin(low, high, len(inside), stated, right)
