"""Decisions worth a second look: against a classifier that is all but sure, or against one another."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.annotate.agreement import settled
from nlp.annotate.decisions import Log
from nlp.annotate.tasks import FactLabel
from nlp.annotations import AnnotatedText
from nlp.classifier.examples import FigureExample
from nlp.suspicious import SURE, Contradiction, contradictions


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that the classifier, which had not learned from it, is sure is another."""

    task: str
    words: str
    decided: str
    predicted: str
    probability: float


def doubts(log: Log) -> list[Doubt]:
    """Own decisions against a label of probability `nlp.suspicious.SURE` or more, the surest first."""
    found = []
    for decision, touched in log.own.settled():
        metrics = _metrics(touched.labels)
        if not metrics or decision.classifier is None or touched.context is None:
            continue
        label, probability = decision.classifier
        if label != metrics and probability >= SURE:
            context = touched.context
            words = (
                f"{context.text[max(0, context.at - 24) : context.at]}"
                f"【{context.text[context.at : context.end]}】"
                f"{context.text[context.end : context.end + 12]}"
            )
            found.append(Doubt(touched.task, words, metrics, label, probability))
    return sorted(found, key=lambda one: (-one.probability, one.task))


def clashes(log: Log) -> tuple[Contradiction, ...]:
    """Wordings that were decided in several ways, whoever decided them; `text_id` is a task."""
    texts, examples = {}, []
    for one in settled(log):
        metrics, context = _metrics(one.labels or ()), one.touched.context
        if not metrics or context is None:
            continue
        texts[one.task] = AnnotatedText(one.task, context.text)
        first = next(label for label in one.labels or () if isinstance(label, FactLabel))
        examples.append(
            FigureExample(
                one.task, context.at, context.end, (), metrics, first.basis,
                first.subject is None, False,
            )
        )  # fmt: skip
    return contradictions(texts, examples)


def _metrics(labels: tuple[object, ...]) -> str:
    """The codes of a figure, joined as the classifier's labels are."""
    return "+".join(sorted(label.metric for label in labels if isinstance(label, FactLabel)))
