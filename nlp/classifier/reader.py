"""The trained reader: its opinion of every figure and denial of a sentence, and of clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.classifier.denials import Denial, denials_in, named_metrics
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
DENIED = "denied"
NEITHER = "neither"  # a clause that is no problem, plan or remedy


class Opinion:
    """What a figure counts, with the probability that this label needs (None where too few examples
    tell); and, asked for only where nobody else knows, on what basis and whether it is the
    reporting body's."""

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


@dataclass(frozen=True, slots=True)
class Denied:
    """How probable it is that the word that denies at `anchor` denies a metric named near it
    (`said.label`), and what that metric needs (None where too few examples tell)."""

    anchor: Anchor
    said: Judgement
    needed: float | None


@dataclass(frozen=True, slots=True)
class Opinions:
    """Of one sentence: what each of its figures counts, by index, and each pair of a denial and a
    metric named near it."""

    figures: dict[int, Opinion]
    denials: tuple[Denied, ...]


@dataclass(frozen=True)
class Reader:
    """Models with the segmenter that their words come from."""

    models: Models
    segment: Segmenter

    def opinions(self, sentences: Iterable[Sentence], family: str) -> list[Opinions]:
        """For each sentence what the models make of it, in text order."""
        figures: list[list[tuple[int, list[str]]]] = []
        denials: list[list[tuple[Anchor, str, list[str]]]] = []
        for sentence in sentences:
            here = anchors(sentence)
            words = SentenceWords(sentence, self.segment) if here else None
            figures.append(
                [
                    (one.index, figure_features(words, one.index, family))
                    for one in here
                    if words and one.index is not None
                ]
            )
            denials.append([*_pairs(words, family)] if words else [])
        # All figures at once, then all denials: one softmax for a report.
        counted = iter(self.models["figure"].judge_all(f for ones in figures for _, f in ones))
        model = self.models["denial"]
        denied = iter(model.probabilities(f for ones in denials for *_, f in ones))
        yes = model.labels.index(DENIED) if DENIED in model.labels else None
        return [
            Opinions(
                {index: self._opinion(features, next(counted)) for index, features in ones},
                tuple(
                    Denied(
                        anchor,
                        Judgement(metric, float(next(denied)[yes])),
                        model.needed.get(metric),
                    )
                    for anchor, metric, _ in (pairs if yes is not None else ())
                ),
            )
            for ones, pairs in zip(figures, denials, strict=True)
        ]

    def _opinion(self, features: list[str], said: Judgement) -> Opinion:
        return Opinion(self.models, features, said, self.models["figure"].needed.get(said.label))

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


def _pairs(words: SentenceWords, family: str) -> Iterator[tuple[Anchor, str, list[str]]]:
    """Each denial of a sentence with each metric that it names, and their features."""
    denials = denials_in(words.sentence)
    named = named_metrics(words.sentence) if denials else []
    for anchor in denials if named else ():
        denial = Denial(words, anchor, named, family)
        for one in named:
            yield anchor, one.metric, denial.features(one)


@cache
def open_reader(version: str | Path | None = None, segmenter_name: str = "jieba") -> Reader:
    """The reader of a model version, by default the one in use; opened once.

    Raises `InstallationError` where model or segmenter is missing or corrupt.
    """
    models = load(Path(version) if version else None)
    return Reader(models, segmenter(segmenter_name))
