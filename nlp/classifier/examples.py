"""From annotated texts to labelled examples, read by the same steps as any report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.annotations import AnnotatedText
from nlp.classifier.denials import Denial, denials_in, named_metrics
from nlp.classifier.features import (
    Anchor,
    SentenceWords,
    anchors,
    clause_features,
    figure_features,
)
from nlp.classifier.reader import NEITHER
from nlp.context.enumerations import enumerations
from nlp.context.naming import family_of
from nlp.context.sentence import Sentence, sentences_of
from nlp.identity import identify
from nlp.markup import Mark
from nlp.metrics import OTHER
from nlp.numbers import find_figures
from nlp.reading import fold, read_bytes
from nlp.records import Passage, Report
from nlp.segmentation import Segmenter
from nlp.structure.headings import role_of
from nlp.structure.prose import read_prose
from nlp.structure.sentences import sentences
from nlp.structure.tables import read_tables

_SENTENCE_LENGTH = 600  # longer texts, and those with lines, are reports
_SPARE = 4  # of the sentences far from any item, one in so many teaches enough


@dataclass(frozen=True, slots=True)
class FigureExample:
    """One figure. `metric` is a code, several joined by +, or `other`, `also` what is right
    besides; `start:end` is its place in the text, `own` whether it is the reporting body's."""

    text_id: str
    start: int
    end: int
    features: tuple[str, ...]
    metric: str
    basis: str
    own: bool
    optional: bool
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DenialExample:
    """A word that denies, at `start:end` of the text, and a metric named near it: whether that is
    what it denies."""

    text_id: str
    start: int
    end: int
    features: tuple[str, ...]
    metric: str
    denied: bool


@dataclass(frozen=True, slots=True)
class ClauseExample:
    """One stretch of words: problem, plan, remedy or neither, with a topic where it has one."""

    text_id: str
    start: int
    end: int
    features: tuple[str, ...]
    kind: str
    topic: str | None


def is_report(one: AnnotatedText) -> bool:
    """Whether an annotated text is a whole report, not a lone sentence."""
    return "\n" in one.text or len(one.text) > _SENTENCE_LENGTH


def read_text(one: AnnotatedText) -> tuple[tuple[Passage, ...], Report]:
    """The passages of a report, or of the one sentence that an annotated text is."""
    if is_report(one):
        document = read_bytes(one.text.encode("utf-8"), path=one.id)
        tables = read_tables(document)
        _, passages = read_prose(document, tables.regions)
        return passages, identify(document, passages, tables.template)
    heading = one.heading or ""
    role = role_of(heading) or "overview"
    passage = Passage(fold(one.text), tuple(range(len(one.text))), role, "", heading)
    return (passage,), Report(None, one.agency, one.year, None, None, None)


def figure_examples(one: AnnotatedText, segment: Segmenter) -> Iterator[FigureExample]:
    """Every figure of a text with what its marks say; unmarked ones are `other`."""
    for sentence, labelled, family in _sentences(one):
        words = SentenceWords(sentence, segment)
        for anchor, marks in labelled.items():
            if anchor.index is None:
                continue
            start, end = sentence.passage.place(anchor.start, anchor.end)
            yield FigureExample(
                one.id,
                start,
                end,
                tuple(figure_features(words, anchor.index, family)),
                "+".join(sorted({mark.metrics[0] for mark in marks})) or OTHER,
                marks[0].basis if marks else "total",
                not any(mark.subject for mark in marks),
                any(mark.optional for mark in marks),
                marks[0].metrics[1:] if len(marks) == 1 else (),
            )


def denial_examples(one: AnnotatedText, segment: Segmenter) -> Iterator[DenialExample]:
    """Every word that denies with each metric named near it, but for pairs that are open: those of
    marks that readers could dispute, and of a metric that another word of the sentence denies."""
    for sentence, labelled, family in _sentences(one):
        denials = {anchor: marks for anchor, marks in labelled.items() if anchor.index is None}
        if not denials:
            continue
        words, named = SentenceWords(sentence, segment), named_metrics(sentence)
        anywhere = {mark.metrics[0] for marks in denials.values() for mark in marks}
        for anchor, marks in denials.items():
            if any(mark.optional and mark.metrics[0] == OTHER for mark in marks):
                continue  # nobody decided
            here = {mark.metrics[0] for mark in marks if not mark.optional}
            open_ = {code for mark in marks for code in mark.metrics} | anywhere
            start, end = sentence.passage.place(anchor.start, anchor.end)
            denial = Denial(words, anchor, named, family)
            for name in named:
                if name.metric in here or name.metric not in open_:
                    features = tuple(denial.features(name))
                    yield DenialExample(
                        one.id, start, end, features, name.metric, name.metric in here
                    )


def _sentences(
    one: AnnotatedText,
) -> Iterator[tuple[Sentence, dict[Anchor, tuple[Mark, ...]], str]]:
    """The sentences of a text, the figures and denials of each with their marks, and the family of
    the report's tables."""
    passages, report = read_text(one)
    family = family_of(report)
    for passage in passages:
        figures = find_figures(passage.text)
        for sentence in sentences_of(passage, figures, enumerations(passage.text, figures)):
            figured = [anchor for anchor in anchors(sentence) if anchor.index is not None]
            found = sorted([*figured, *denials_in(sentence)], key=lambda one: one.start)
            marked = _labelled(sentence, found, one.marks)
            yield sentence, {anchor: marked.get(anchor, ()) for anchor in found}, family


def _labelled(
    sentence: Sentence, found: list[Anchor], marks: tuple[Mark, ...]
) -> dict[Anchor, tuple[Mark, ...]]:
    """The marks that belong to each anchor of a sentence."""
    passage = sentence.passage
    first, last = passage.place(sentence.start, sentence.end)
    own: dict[Anchor, tuple[Mark, ...]] = {}
    places = {anchor: passage.place(anchor.start, anchor.end) for anchor in found}
    for mark in marks:
        if mark.kind != "fact" or mark.end <= first or mark.start >= last:
            continue
        inside = [a for a in found if places[a][0] < mark.end and mark.start < places[a][1]]
        figures = [a for a in inside if a.index is not None]
        if figures:
            chosen = _figure_of(mark, figures, sentence)
        else:
            chosen = _denial_of(mark, [a for a in found if a.index is None], places)
        if chosen is not None:
            own[chosen] = (*own.get(chosen, ()), mark)
    return own


def _figure_of(mark: Mark, figures: list[Anchor], sentence: Sentence) -> Anchor | None:
    """The figure whose value a mark gives; the scale of money differs between print and metric."""
    for anchor in reversed(figures):
        value = sentence.figures[anchor.index or 0].value
        for scale in (1, 10_000, 0.0001, 100_000_000, 0.1):
            if abs(abs(value) * scale - abs(mark.value)) <= 1e-6 * max(1, abs(mark.value)):
                return anchor
    return figures[-1] if len(figures) == 1 and mark.value else None


def _denial_of(
    mark: Mark, denials: list[Anchor], places: dict[Anchor, tuple[int, int]]
) -> Anchor | None:
    """The denial inside a mark; else the last before it, else the first behind it."""
    if mark.value != 0 or not denials:
        return None
    inside = [a for a in denials if mark.start <= places[a][0] < mark.end]
    before = [a for a in denials if places[a][0] < mark.start]
    return inside[0] if inside else before[-1] if before else denials[0]


def clause_examples(one: AnnotatedText, segment: Segmenter) -> Iterator[ClauseExample]:
    """Every marked item of a text and what only looks like one; of a report also its sentences,
    those outside the marks being neither problem nor plan."""
    marks = [mark for mark in one.marks if mark.kind != "fact"]
    if not marks:
        return
    passages, _ = read_text(one)
    for mark in marks:
        passage = next((p for p in passages if p.offsets[0] <= mark.start <= p.offsets[-1]), None)
        role, heading = (passage.role, passage.heading) if passage else ("overview", "")
        words = "".join(fold(one.text[mark.start : mark.end]).split())
        features = tuple(clause_features(words, role, heading, segment))
        yield ClauseExample(one.id, mark.start, mark.end, features, mark.kind, mark.topic)
    if is_report(one):
        yield from _sentence_examples(one, passages, marks, segment)


def _sentence_examples(
    one: AnnotatedText, passages: tuple[Passage, ...], marks: list[Mark], segment: Segmenter
) -> Iterator[ClauseExample]:
    number = 0
    for passage in passages:
        inside = passage.role in ("problems", "plans")
        for first, last in sentences(passage.text):
            number += 1
            start, end = passage.place(first, last)
            around = [m for m in marks if min(m.end, end) - max(m.start, start) > (end - start) / 2]
            if not around and not inside and number % _SPARE:
                continue
            words = passage.text[first:last]
            features = tuple(clause_features(words, passage.role, passage.heading, segment))
            kind = around[0].kind if around else NEITHER
            yield ClauseExample(one.id, start, end, features, kind, None)
