"""Is one system better than another, or did it only meet kinder texts? A paired bootstrap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.scoring import Counts

DRAWS = 2_000
_SEED = 20_240_131
_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference in F1 with the bounds between which 95 % of the resampled ones lie."""

    difference: float
    low: float
    high: float


def paired(better: Sequence[Counts], worse: Sequence[Counts], draws: int = DRAWS) -> Interval:
    """F1 of `better` less that of `worse`, both counted text by text on the same texts."""
    sides = [_matrix(better), _matrix(worse)]
    count = len(better)
    random = np.random.default_rng(_SEED)
    sums = np.empty((draws, 2, 3))
    for draw in range(draws):
        rows = random.integers(max(1, count), size=count)
        for place, matrix in enumerate(sides):
            sums[draw, place] = matrix[rows].sum(axis=0)
    drawn = _f1(sums[:, 0]) - _f1(sums[:, 1])
    low, high = (float(np.percentile(drawn, tail)) for tail in _TAILS)
    whole = [_f1(matrix.sum(axis=0)[None, :])[0] for matrix in sides]
    return Interval(float(whole[0] - whole[1]), low, high)


def _matrix(counts: Sequence[Counts]) -> NDArray[np.float64]:
    """Rows of right, wrong and needed."""
    rows = [(one.right, one.wrong, one.needed) for one in counts]
    return np.asarray(rows, dtype=np.float64).reshape(-1, 3)


def _f1(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 of rows of right, wrong and needed, as `Counts.f1` has it: 2r / (r + w + n)."""
    below = sums.sum(axis=1)
    result: NDArray[np.float64] = np.where(below > 0, 2 * sums[:, 0] / np.maximum(below, 1), 1.0)
    return result
