"""The trained reader: its opinion of every figure and denial of a sentence, and of clauses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    def __init__(
        self, models: Models, features: list[str], metric: Judgement, needed: float | None
    ) -> None:
        self.metric = metric
        self.needed = needed
        self._models, self._features = models, features

    @property
    def basis(self) -> Judgement:
        return self._models["basis"].judge(self._features)

    @property
    def owner(self) -> Judgement:
        return self._models["owner"].judge(self._features)


@dataclass(frozen=True)
class Reader:
    """Models with the segmenter that their words come from."""

    models: Models
    segment: Segmenter

    def opinions(self, sentences: Iterable[Sentence], family: str) -> list[dict[Anchor, Opinion]]:
        """For each sentence an opinion of each of its figures and denials, in text order."""
        found: list[dict[Anchor, list[str]]] = []
        for sentence in sentences:
            here = anchors(sentence)
            words = SentenceWords(sentence, self.segment) if here else None
            found.append(
                {one: figure_features(words, one, family) for one in here} if words else {}
            )
        # All figures at once, then all denials: one softmax for a report.
        figures = self._judged("figure", found, lambda anchor: anchor.index is not None)
        denials = self._judged("denial", found, lambda anchor: anchor.index is None)
        return [
            {one: next(denials if one.index is None else figures) for one in here} for here in found
        ]

    def _judged(
        self,
        name: str,
        found: list[dict[Anchor, list[str]]],
        chosen: Callable[[Anchor], bool],
    ) -> Iterator[Opinion]:
        model = self.models[name]
        asked = [features for here in found for one, features in here.items() if chosen(one)]
        for features, said in zip(asked, model.judge_all(asked), strict=True):
            yield Opinion(self.models, features, said, model.needed.get(said.label))

    def kind(self, words: str, passage: Passage) -> Judgement:
        """Whether a stretch of words is a problem, a plan, a remedy or none."""
        return self.models["kind"].judge(self._clause(words, passage))

    def clauses(
        self, stretches: Sequence[tuple[str, Passage]]
    ) -> list[tuple[Judgement, Judgement]]:
        """Kind and topic of stretches of words."""
        features = [self._clause(words, passage) for words, passage in stretches]
        kinds = self.models["kind"].judge_all(features)
        return list(zip(kinds, self.models["topic"].judge_all(features), strict=True))

    def _clause(self, words: str, passage: Passage) -> list[str]:
        return clause_features(words, passage.role, passage.heading, self.segment)


@cache
def open_reader(version: str | Path | None = None, segmenter_name: str = "jieba") -> Reader:
    """The reader of a model version, by default the one in use; opened once.

    Raises `InstallationError` where model or segmenter is missing or corrupt.
    """
    models = load(Path(version) if version else None)
    return Reader(models, segmenter(segmenter_name))
