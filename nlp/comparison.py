"""Two models on the same texts: how good each is, and every answer that one gives and the other does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.annotations import AnnotatedText
from nlp.errors import ReportError

if TYPE_CHECKING:
    from nlp.classifier.reader import Reader
    from nlp.records import Fact
    from nlp.scoring import Counts

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader says of the test texts, with the counts of each."""

    facts: dict[str, tuple[Fact, ...]]
    fact_counts: tuple[Counts, ...]
    item_counts: tuple[Counts, ...]
    right: frozenset[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that one of the two models gives (`sign`: "−" the one in use, "+" the new) and the
    other does not; `right` None where no annotation tells."""

    text: str
    start: int
    sign: str
    metric: str
    value: float
    basis: str
    words: str
    right: bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """New against in use on the test texts. Counts are (right, wrong, needed); `before` and
    `difference` (of the F1 of facts, with its 95 % interval) are None without a model in use."""

    against: str | None
    training: int
    testing: int
    facts: tuple[int, int, int]
    items: tuple[int, int, int]
    facts_before: tuple[int, int, int] | None
    items_before: tuple[int, int, int] | None
    difference: tuple[float, float, float] | None
    calibration: dict[str, float]
    worse: bool
    changes: tuple[Change, ...] = ()
    elsewhere: tuple[Change, ...] = ()


def answered(texts: Sequence[AnnotatedText], reader: Reader) -> Answers:
    """Read all test texts with rules and classifier."""
    from nlp.classifier.examples import is_report
    from nlp.scoring import read_annotated, score_facts, score_items

    facts, fact_counts, item_counts = {}, [], []
    right: set[tuple[str, int, str]] = set()
    for one in texts:
        if not is_report(one) and not any(mark.kind == "fact" for mark in one.marks):
            continue  # a clause: what it counts is not marked
        found, items = read_annotated(one, reader)
        score = score_facts(found, one)
        facts[one.id] = found
        fact_counts.append(score.counts())
        if is_report(one):
            item_counts.append(score_items(items, one))
        right.update((one.id, fact.start, fact.metric) for _, fact in score.found)
    return Answers(facts, tuple(fact_counts), tuple(item_counts), frozenset(right))


def is_worse(before: Answers, after: Answers) -> bool:
    """Whether facts or items of the test texts have a lower F1."""
    from nlp.scoring import total

    return (
        total(after.fact_counts).f1 < total(before.fact_counts).f1
        or total(after.item_counts).f1 < total(before.item_counts).f1
    )


def interval(better: Answers, worse: Answers) -> tuple[float, float, float]:
    """The difference in F1 of facts, and the ends of its 95 % interval."""
    from nlp.bootstrap import paired

    found = paired(better.fact_counts, worse.fact_counts)
    return found.difference, found.low, found.high


def summed(counts: Sequence[Counts]) -> tuple[int, int, int]:
    from nlp.scoring import total

    one = total(counts)
    return one.right, one.wrong, one.needed


def changed(texts: Sequence[AnnotatedText], before: Answers, after: Answers) -> tuple[Change, ...]:
    """Every answer that one of the two gives and the other does not, with its words."""
    found = []
    for one in texts:
        pair = (before.facts.get(one.id, ()), after.facts.get(one.id, ()))
        for change in _differing(one.id, *pair):
            answers = before if change.sign == "−" else after
            right = (one.id, change.start, change.metric) in answers.right
            found.append(replace(change, right=right))
    return tuple(sorted(found, key=lambda change: (change.text, change.start, change.sign)))


def _differing(name: str, before: Sequence[Fact], after: Sequence[Fact]) -> list[Change]:
    found = []
    for sign, facts, others in (("−", before, after), ("+", after, before)):
        known = {_key(fact) for fact in others}
        found += [
            Change(
                name, fact.start, sign, fact.metric, fact.value, fact.basis,
                " ".join(fact.text.split()), None,
            )
            for fact in facts
            if fact.metric != "other" and _key(fact) not in known
        ]  # fmt: skip
    return found


def _key(fact: Fact) -> tuple[int, str, float, str, str | None, int | None]:
    return fact.start, fact.metric, fact.value, fact.basis, fact.subject, fact.year


def changed_in_reports(
    paths: Sequence[Path], old: Reader, new: Reader, tell: Tell
) -> tuple[Change, ...]:
    """What the two read differently in reports that nobody annotated."""
    from nlp.pipeline import analyse
    from nlp.reading import read_path

    found: list[Change] = []
    if paths:
        tell(f"在{len(paths)}份报告上比较…")
    for path in paths:
        try:
            document = read_path(path)
            before, after = (analyse(document, reader).facts for reader in (old, new))
        except ReportError as error:
            tell(f"  未比较：{error}")
            continue
        found += sorted(
            _differing(path.name, before, after), key=lambda change: (change.start, change.sign)
        )
    return tuple(found)
