"""The trained reader: its opinion of every figure and denial of a sentence, and of clauses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.classifier.features import (
    Anchor,
    SentenceWords,
    anchors,
    clause_features,
    figure_features,
)
from nlp.classifier.predict import Judgement
from nlp.classifier.store import Models, load
from nlp.context.sentence import Sentence
from nlp.records import Passage
from nlp.segmentation import Segmenter, segmenter

OWN, ANOTHER = "own", "another"
NEITHER = "neither"  # a clause that is no problem, plan or remedy


class Opinion:
    """What a figure or denial counts, with the probability that this label needs (None where too
    few examples tell); and, asked for only where nobody else knows, on what basis
    and whether it is the reporting body's."""

    __slots__ = ("_features", "_models", "metric", "needed")

    def __init__(self, models: Models, name: str, features: list[str]) -> None:
        self.metric = models[name].judge(features)
        self.needed = models[name].needed.get(self.metric.label)
        self._models, self._features = models, features

    @property
    def basis(self) -> Judgement:
        return self._models["basis"].judge(self._features, 0)

    @property
    def owner(self) -> Judgement:
        return self._models["owner"].judge(self._features, 0)


@dataclass(frozen=True)
class Reader:
    """Models with the segmenter that their words come from."""

    models: Models
    segment: Segmenter

    def opinions(self, sentence: Sentence, family: str) -> dict[Anchor, Opinion]:
        """An opinion of each figure and each denial of a sentence."""
        found = anchors(sentence)
        if not found:
            return {}
        words = SentenceWords(sentence, self.segment)
        return {
            anchor: Opinion(
                self.models,
                "denial" if anchor.index is None else "figure",
                figure_features(words, anchor, family),
            )
            for anchor in found
        }

    def clause(self, words: str, passage: Passage) -> tuple[Judgement, Judgement]:
        """Kind and topic of a stretch of words."""
        features = clause_features(words, passage.role, passage.heading, self.segment)
        return self.models["kind"].judge(features), self.models["topic"].judge(features)


@cache
def open_reader(version: str | Path | None = None, segmenter_name: str = "jieba") -> Reader:
    """The reader of a model version, by default the one in use; opened once.

    Raises `InstallationError` where model or segmenter is missing or corrupt.
    """
    models = load(Path(version) if version else None)
    return Reader(models, segmenter(segmenter_name))
