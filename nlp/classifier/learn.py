"""From annotated texts to the models of a reader: what there is to learn, and from which examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlp.annotations import AnnotatedText
from nlp.classifier.examples import (
    ClauseExample,
    DenialExample,
    FigureExample,
    clause_examples,
    denial_examples,
    figure_examples,
)
from nlp.classifier.fit import OutOfFold, Task, fit, fit_calibrated
from nlp.classifier.reader import ANOTHER, DENIED, OWN
from nlp.classifier.store import Models
from nlp.classifier.table_labels import BY as TABLES
from nlp.metrics import OTHER
from nlp.segmentation import Segmenter


@dataclass(frozen=True, slots=True)
class Examples:
    """Figures, denials and clauses of many texts, in the order of the texts."""

    figures: tuple[FigureExample, ...]
    denials: tuple[DenialExample, ...]
    clauses: tuple[ClauseExample, ...]


def examples_of(texts: Iterable[AnnotatedText], segment: Segmenter) -> Examples:
    """All examples. A text in which only clauses are marked (`items.*`) gives no figures: its
    figures are not unmarked because they count nothing."""
    figures: list[FigureExample] = []
    denials: list[DenialExample] = []
    clauses: list[ClauseExample] = []
    for one in texts:
        if any(mark.kind == "fact" for mark in one.marks):
            found = figure_examples(one, segment)
            figures += (f for f in found if one.by != TABLES or f.metric != OTHER)
            denials += denial_examples(one, segment) if one.by != TABLES else ()
        clauses += clause_examples(one, segment)
    return Examples(tuple(figures), tuple(denials), tuple(clauses))


def tasks(examples: Examples) -> dict[str, Task]:
    """What each model learns from; how strongly, and from how rare features, was chosen on a fifth
    of the training texts held back."""
    # What careful readers could dispute teaches neither yes nor no.
    figures = [one for one in examples.figures if not one.optional]
    denials = examples.denials
    stated = [one for one in figures if one.metric != OTHER]
    topics = [one for one in examples.clauses if one.topic]
    return {
        "figure": replace(
            _task(figures, [one.metric for one in figures]),
            also=[one.also for one in figures],
            strength=1.0,
        ),
        "denial": replace(
            _task(denials, [DENIED if one.denied else OTHER for one in denials]),
            strength=0.4,
            names=[one.metric for one in denials],
        ),
        "basis": _task(stated, [one.basis for one in stated]),
        "owner": _task(stated, [OWN if one.own else ANOTHER for one in stated]),
        "kind": replace(
            _task(examples.clauses, [one.kind for one in examples.clauses]), fewest_features=2
        ),
        "topic": replace(_task(topics, [one.topic or "" for one in topics]), fewest_features=2),
    }


def _task(
    examples: Sequence[FigureExample] | Sequence[DenialExample] | Sequence[ClauseExample],
    labels: list[str],
) -> Task:
    return Task([one.features for one in examples], labels, [one.text_id for one in examples])


def learn(examples: Examples, workers: int = 1) -> tuple[Models, dict[str, OutOfFold]]:
    """Calibrated models, by name, and what each predicts out of fold."""
    fitted = {name: fit_calibrated(task, workers) for name, task in tasks(examples).items()}
    return (
        {name: model for name, (model, _) in fitted.items()},
        {name: held_out for name, (_, held_out) in fitted.items()},
    )


def learn_quickly(examples: Examples, scales: dict[str, float]) -> Models:
    """Models without the folds, at known scales: for learning curves and masking."""
    return {
        name: replace(fit(task), scale=scales.get(name, 1.0))
        for name, task in tasks(examples).items()
    }
