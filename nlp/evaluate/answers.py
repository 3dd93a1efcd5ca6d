"""What each system answers: the rules alone, the classifier alone, and both together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp import metrics
from nlp.annotations import AnnotatedText
from nlp.classifier.examples import is_report
from nlp.classifier.reader import Reader
from nlp.markup import Mark
from nlp.records import Fact, Item
from nlp.scoring import Counts, FactScore, needed, read_annotated, score_facts

RULES, CLASSIFIER, BOTH = "rules", "classifier", "both"
SYSTEMS = (RULES, CLASSIFIER, BOTH)
SCOPES = ("all", "reports", "sentences")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a text, set against its marks."""

    one: AnnotatedText
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    score: FactScore

    @property
    def scope(self) -> str:
        return "reports" if is_report(self.one) else "sentences"


Answers = dict[str, tuple[Answer, ...]]


def answers(
    texts: Iterable[AnnotatedText], reader: Reader | None, muted: frozenset[str] = frozenset()
) -> tuple[Answer, ...]:
    """Read the texts, without the rules for the `muted` metrics. Where only clauses are marked
    figures are not judged: they are not unmarked because they count nothing."""
    read = []
    for one in texts:
        if not (is_report(one) or marks_facts(one)):
            continue
        facts, items = read_annotated(one, reader, muted)
        score = score_facts(facts, one) if marks_facts(one) else FactScore((), (), ())
        read.append(Answer(one, facts, items, score))
    return tuple(read)


def marks_facts(one: AnnotatedText) -> bool:
    """Whether the figures of a text are marked (training asks the same)."""
    return any(mark.kind == "fact" for mark in one.marks)


def by_system(system: str, texts: Iterable[AnnotatedText], reader: Reader) -> tuple[Answer, ...]:
    """The classifier alone is the pipeline without any rule that names a metric: what tells that a
    figure counts nothing stays."""
    muted = frozenset(metrics.load()) if system == CLASSIFIER else frozenset()
    return answers(texts, None if system == RULES else reader, muted)


def within(read: Sequence[Answer], scope: str) -> tuple[Answer, ...]:
    """The answers for whole reports, for lone sentences, or all."""
    return tuple(one for one in read if scope in ("all", one.scope))


def total(read: Iterable[Answer], metric: str | None = None) -> Counts:
    """The counts of all texts together."""
    return sum((one.score.counts(metric) for one in read), Counts())


def tally(
    score: FactScore, mark_counts: Callable[[Mark], bool], fact_counts: Callable[[Fact], bool]
) -> Counts:
    """The counts of some of the marks and of some of the facts beside them."""
    right = sum(1 for mark, _ in score.found if needed(mark) and mark_counts(mark))
    missed = sum(1 for mark in score.missed if mark_counts(mark))
    return Counts(right, sum(1 for fact in score.wrong if fact_counts(fact)), right + missed)
