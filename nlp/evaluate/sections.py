"""The sections of an evaluation, in their order, each worked out from the same material."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nlp import suspicious
from nlp.evaluate import (
    bundled,
    calibration,
    confusion,
    fact_scores,
    groups,
    item_scores,
    learning_curve,
    masking,
)
from nlp.evaluate.answers import BOTH, SYSTEMS, Answers, Say, by_system
from nlp.evaluate.material import Material, described
from nlp.evaluate.names import LEARNING_CURVE
from nlp.evaluate.wording import words


@dataclass(frozen=True)
class Evaluation:
    """What the sections share: the material, and the answers of the three systems to it."""

    material: Material
    doubting: bool
    say: Say

    @cached_property
    def read(self) -> Answers:
        read = {}
        for name in SYSTEMS:
            self.say(f"读{len(self.material.side)}条文本：{words('zh')[name]}")
            read[name] = by_system(name, self.material.side, self.material.reader)
        return read

    def facts(self) -> fact_scores.FactScores:
        return fact_scores.score(self.read)

    def items(self) -> item_scores.ItemScores:
        clauses = self.material.examples_in(self.material.side).clauses
        return item_scores.score(self.read, clauses, self.material.reader.models)

    def groups(self) -> groups.GroupScores:
        known = described(self.material.side, self.material.corpora / "marked")
        return groups.score(self.read, known)

    def confusion(self) -> confusion.Confusions:
        return confusion.confusions(self.read[BOTH])

    def learning_curve(self) -> tuple[learning_curve.Point, ...]:
        return learning_curve.curve(self.material, self.say)

    def masking(self) -> masking.Masking:
        asked = fact_scores.most_needed(self.read[BOTH])[: masking.METRICS]
        return masking.mask(asked, self.material.side, self.material.reader, self.say)

    def calibration(self) -> dict[str, calibration.Reliability]:
        examples = self.material.examples_in(self.material.side)
        return calibration.calibration(examples, self.material.reader.models)

    def bundled(self) -> dict[str, bundled.Bundled]:
        return bundled.bundled(self.material.corpora, self.material.reader)

    def suspicious(self) -> suspicious.Suspicious:
        return suspicious.suspicious(
            self.material.texts,
            self.material.examples,
            self.material.examples_in(self.material.train) if self.doubting else None,
            self.say,
        )


def evaluate(
    material: Material, wanted: Collection[str], say: Say, *, doubting: bool = False
) -> dict[str, Any]:
    """The results of the wanted sections, by name, in the order of `names.SECTIONS`."""
    whole = Evaluation(material, doubting, say)
    methods: dict[str, Callable[[], Any]] = {
        "facts": whole.facts,
        "items": whole.items,
        "groups": whole.groups,
        "confusion": whole.confusion,
        LEARNING_CURVE: whole.learning_curve,
        "masking": whole.masking,
        "calibration": whole.calibration,
        "bundled": whole.bundled,
        "suspicious": whole.suspicious,
    }
    results = {}
    for name, method in methods.items():
        if name in wanted:
            say(words("zh")[name])
            results[name] = method()
    return results
