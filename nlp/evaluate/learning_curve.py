"""Section `learning_curve`: what more training texts bring, on texts that are never trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.annotations import AnnotatedText
from nlp.classifier.learn import learn_quickly
from nlp.classifier.reader import Reader
from nlp.errors import InputError
from nlp.evaluate.answers import BOTH, CLASSIFIER, Say, by_system, total
from nlp.evaluate.material import Material
from nlp.scoring import Counts

SHARES = (0.1, 0.25, 0.5, 1.0)
_SEED = 7


@dataclass(frozen=True, slots=True)
class Point:
    """How well models of a share of the training texts read the test side."""

    share: float
    texts: int
    figures: int
    counts: dict[str, Counts]


def curve(material: Material, say: Say, shares: Sequence[float] = SHARES) -> tuple[Point, ...]:
    """Train on growing shares, each holding the smaller ones, at the scales of the current model;
    a share too small to learn from is left out."""
    if not material.test:
        raise InputError("splits", "没有测试文本，无法画学习曲线")
    scales = {name: model.scale for name, model in material.reader.models.items()}
    points = []
    for share, texts in zip(shares, portions(material.train, shares), strict=True):
        say(f"学习曲线：{len(texts)}条训练文本")
        examples = material.examples_in(texts)
        try:
            reader = Reader(learn_quickly(examples, scales), material.reader.segment)
        except ValueError:  # scikit-learn, of a single label or of none
            say("训练文本太少，略过")
            continue
        counts = {
            name: total(by_system(name, material.test, reader)) for name in (CLASSIFIER, BOTH)
        }
        points.append(Point(share, len(texts), len(examples.figures), counts))
    return tuple(points)


def portions(
    texts: Sequence[AnnotatedText], shares: Sequence[float]
) -> list[tuple[AnnotatedText, ...]]:
    """The first texts of one shuffled order, as many as each share asks for."""
    order = np.random.default_rng(_SEED).permutation(len(texts))
    return [tuple(texts[i] for i in order[: round(share * len(texts))]) for share in shares]
