"""Readings become facts: which reading of a figure holds, and its year, subject and basis.

The one place where rules and classifier are weighed against each other (`_settle`). A figure that
neither explains is still reported, as `other`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from typing import cast

from nlp.classifier.predict import Judgement
from nlp.classifier.reader import OWN, Denied, Opinion, Opinions, Reader
from nlp.context.enumerations import Enumeration, enumerations
from nlp.context.naming import codes_of, family_of, metric_of
from nlp.context.neighbours import inherit
from nlp.context.owners import carried_owner, owner_of
from nlp.context.sentence import Sentence, clause_of, sentences_of
from nlp.context.subjects import Agency
from nlp.context.topics import of_disputes
from nlp.metrics import OTHER, counted_in
from nlp.numbers import find_figures
from nlp.reading import fold
from nlp.readings import Chosen, choose
from nlp.records import Basis, Fact, Figure, Item, Passage, ReadingWarning, Report
from nlp.rules.match import Candidate
from nlp.stated import Reading, as_printed, fact_of

# How sure the classifier must be: to name what no rule reads, where training has not measured what
# the label needs; to decide between rules, or overrule one; to say that nothing happened. A zero
# statement of the rules falls where it finds that all but impossible.
NAMES, DECIDES, DENIES, IMPOSSIBLE = 0.8, 0.9, 0.8, 0.1
# The same for what else it says of a figure that only it reads: the basis, and that it is not ours.
BASIS, FOREIGN = 0.5, 0.8
_BEHIND = 12  # as far behind a figure its noun may stand
_TAUGHT = re.compile(r"训|讲|学|课|班|辅导|研讨")
_RULE, _SURE_RULE, _DOUBTED, _AGREED = 0.9, 0.92, 0.8, 0.95
_SAYS = 0.5  # from here on the classifier says it, however unsure


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what was found in it; `facts` are parallel to nothing, `figures` to `lists`."""

    passage: Passage
    figures: tuple[Figure, ...]
    lists: tuple[Enumeration, ...]
    by_figure: dict[int, tuple[str, ...]]  # figure index -> fact ids


def read_facts(
    passages: tuple[Passage, ...],
    report: Report,
    text: str,
    reader: Reader | None,
    muted: frozenset[str] = frozenset(),
) -> tuple[tuple[Fact, ...], tuple[Read, ...], tuple[ReadingWarning, ...]]:
    """Every figure and every zero statement of the running text, in text order; without a
    `reader` by the rules alone, and without the rules for the `muted` metrics."""
    agency = Agency(fold(report.agency) if report.agency else None)
    facts: list[Fact] = []
    reads: list[Read] = []
    warnings: list[ReadingWarning] = []
    figured = [(passage, find_figures(passage.text)) for passage in passages]
    listed = [(*one, enumerations(one[0].text, one[1])) for one in figured]
    parted = [(*one, sentences_of(*one)) for one in listed]
    opinions = _opinions([one for *_, here in parted for one in here], report, reader)
    for passage, figures, lists, sentences in parted:
        broken = _broken(passage, figures, warnings)
        by_figure: dict[int, tuple[str, ...]] = {}
        first_here = len(facts)
        carried: str | None = None
        for sentence in sentences:
            chosen = choose(sentence, agency, warnings)
            if muted:
                chosen = _without(chosen, muted, sentence, report)
            owned = partial(_owned, sentence, agency, carried)
            for reading in _settle(sentence, chosen, next(opinions), report, owned):
                if reading.index in broken:
                    continue
                id_ = f"f{len(facts) + 1}"
                fact = fact_of(id_, sentence, reading, report, agency, carried, text)
                fact = inherit(sentence, reading.index, fact, facts, by_figure)
                facts.append(fact)
                if reading.index is not None:
                    by_figure[reading.index] = (*by_figure.get(reading.index, ()), id_)
            carried = carried_owner(sentence, agency, carried)
        facts[first_here:] = [as_printed(fact, passage, text) for fact in facts[first_here:]]
        reads.append(Read(passage, figures, tuple(lists), by_figure))
    return _one_total_each(facts), tuple(reads), tuple(warnings)


def _opinions(
    sentences: list[Sentence], report: Report, reader: Reader | None
) -> Iterator[Opinions]:
    """What the classifier makes of each sentence; asked once for all of them."""
    if reader is None:
        return repeat(Opinions({}, ()))
    return iter(reader.opinions(sentences, family_of(report)))


def _one_total_each(facts: list[Fact]) -> tuple[Fact, ...]:
    """A report states one total of a metric: where the rules have read it, another figure that only
    the classifier takes for it is a part of it, or, being larger, something else; and what was
    charged somewhere was not charged for nothing."""
    stated = {_whole(fact): fact.value for fact in facts if fact.method != "classifier"}
    charged = {_whole(fact) for fact in facts if fact.value > 0}
    settled = []
    for fact in facts:
        total = stated.get(_whole(fact))
        denied = fact.value == 0 and not fact.unit and _whole(fact) in charged
        if denied and (fact.method == "classifier" or fact.metric.startswith("fee.")):
            continue  # 主动公开的信息一律不收费, where fees were taken for others
        if (
            fact.method == "classifier"
            and fact.basis == "total"
            and total not in (None, fact.value)
        ):
            smaller = total is not None and fact.value < total
            fact = replace(fact, basis="part") if smaller else _unnamed(fact)
        settled.append(fact)
    return tuple(settled)


def _whole(fact: Fact) -> tuple[str, int | None, str | None, str]:
    return fact.metric, fact.year, fact.subject, "total" if fact.basis == "total" else fact.id


def _unnamed(fact: Fact) -> Fact:
    return replace(fact, metric=OTHER, confidence=0.0, what=fact.text)


def _without(chosen: Chosen, muted: frozenset[str], sentence: Sentence, report: Report) -> Chosen:
    """What the rules read, but for readings of the `muted` metrics."""

    def kept(index: int | None, candidates: Iterable[Candidate]) -> list[Candidate]:
        return [c for c in candidates if metric_of(sentence, index, c, report) not in muted]

    return Chosen(
        tuple((index, kept(index, candidates)) for index, candidates in chosen.figures),
        tuple(kept(None, chosen.zeros)),
        {index: tuple(kept(index, rivals)) for index, rivals in chosen.rivals.items()},
    )


def _owned(sentence: Sentence, agency: Agency, carried: str | None, at: int) -> bool:
    """Whether the words say which other body the figure at `at` belongs to."""
    return owner_of(sentence, at, agency, carried)[0] is not None


def _settle(
    sentence: Sentence,
    chosen: Chosen,
    opinions: Opinions,
    report: Report,
    owned: Callable[[int], bool],
) -> list[Reading]:
    """The readings that hold, in text order, each with who says so; `owned` tells of a place
    whether another body is named whose figure it is.

    The rules' reading stands, unless the classifier is sure of another and the rule is none of the
    strong ones; where no rule reads a figure, or two read it differently, a classifier that is
    sure decides.
    """
    settled: list[Reading] = []
    for index, candidates in chosen.figures:
        opinion = opinions.figures.get(index)
        rivals = chosen.rivals.get(index, ())
        named = [_by_rule(sentence, index, c, opinion, report) for c in candidates]
        if opinion is not None and (
            better := _better(sentence, index, named, candidates, rivals, opinion, report, owned)
        ):
            named = better
        settled += named or [_unread(sentence, index, opinion)]
    zeros = [_by_rule(sentence, None, c, None, report) for c in chosen.zeros]
    settled += _denials(sentence, zeros, settled, opinions.denials, report)
    return sorted(settled, key=lambda one: _place(one, sentence))


def _place(reading: Reading, sentence: Sentence) -> int:
    return reading.start if reading.index is None else sentence.figures[reading.index].start


def _by_rule(
    sentence: Sentence,
    index: int | None,
    candidate: Candidate,
    opinion: Opinion | None,
    report: Report,
) -> Reading:
    metric = metric_of(sentence, index, candidate, report)
    said = opinion.metric if opinion else None
    agreed = said is not None and metric in codes_of(said.label, report)
    doubted = said is not None and not agreed and said.probability >= _SAYS
    confidence = (
        max(_AGREED, said.probability)
        if said and agreed
        else _DOUBTED
        if doubted
        else _SURE_RULE
        if candidate.rule.rank > 0
        else _RULE
    )
    return Reading(
        index,
        metric,
        candidate.start,
        candidate.end,
        candidate.rule.basis,
        "both" if agreed else "rule",
        confidence if metric != OTHER else 0.0,
        (candidate.rule.id, *_said(said)),
        candidate.rule.value or 0,
    )


def _better(
    sentence: Sentence,
    index: int,
    named: list[Reading],
    candidates: list[Candidate],
    rivals: tuple[Candidate, ...],
    opinion: Opinion,
    report: Report,
    owned: Callable[[int], bool],
) -> list[Reading]:
    """The readings that the classifier puts in the place of the rules', or none."""
    said = opinion.metric
    codes = codes_of(said.label, report)
    stated = {one.metric for one in named}
    if stated & set(codes):
        return []
    if said.label == OTHER:
        return []  # a rule knows its wording; the classifier only has not met it
    unit = sentence.figures[index].unit
    if not all(counted_in(code, unit) for code in codes):
        return []
    if said.probability >= DECIDES:
        strongest = max((c.rule.rank for c in candidates), default=0)
        for rival in rivals:
            reading = _by_rule(sentence, index, rival, opinion, report)
            if reading.metric in codes and rival.rule.rank == strongest:
                return [reading]
    weak = all(c.rule.rank <= 0 and c.words is None for c in candidates)
    read = bool(stated - {OTHER})
    usual = opinion.needed if all(_named(sentence, index, code) for code in codes) else None
    needed = DECIDES if read else usual or NAMES
    if said.probability < needed or (read and not weak):
        return []
    if any(_of_disputes(sentence, code) for code in codes):
        return []
    foreign = opinion.owner.label != OWN and opinion.owner.probability >= FOREIGN
    if foreign and not owned(sentence.figures[index].start):
        return []  # another body's, but nobody knows whose
    start, end = clause_of(sentence, index)
    basis = cast(Basis, opinion.basis.label) if opinion.basis.probability >= BASIS else "total"
    return [
        Reading(index, code, start, end, basis, "classifier", said.probability, _said(said))
        for code in codes
    ]


def _named(sentence: Sentence, index: int, code: str) -> bool:
    """Whether the sentence has a usual word for what the classifier says is counted: 全年开展3次网上监测
    is no training, though the sentences before it are about one; without it more is needed."""
    if not code.startswith("training."):
        return True
    at = sentence.figures[index].end
    return bool(_TAUGHT.search(sentence.passage.text, sentence.start, at + _BEHIND))


def _of_disputes(sentence: Sentence, code: str) -> bool:
    """五、举报投诉情况。全年收到2件: no requests, though the words are those that usually count them."""
    words = sentence.passage.text[sentence.start : sentence.end]
    return (
        code.startswith("request.received")
        and "申请" not in words
        and of_disputes(sentence.passage, sentence.start)
    )


def _denials(
    sentence: Sentence,
    zeros: list[Reading],
    stated: list[Reading],
    denials: tuple[Denied, ...],
    report: Report,
) -> list[Reading]:
    """The rules' zero statements, and those that only the classifier sees."""
    probable: dict[str, float] = {}
    for one in denials:
        for code in codes_of(one.said.label, report):
            probable[code] = max(probable.get(code, 0), one.said.probability)
    found = [zero for zero in zeros if probable.get(zero.metric, 1) >= IMPOSSIBLE]
    known = {one.metric for one in (*found, *stated)}
    for one in sorted(denials, key=lambda one: -one.said.probability):
        said, at = one.said, one.anchor.start
        for place, zero in enumerate(found):
            agrees = zero.metric in codes_of(said.label, report) and said.probability >= _SAYS
            if agrees and zero.method == "rule" and zero.start <= at < zero.end:
                sure = max(_AGREED, said.probability)
                why = (*zero.why, *_said(said))
                found[place] = replace(zero, method="both", confidence=sure, why=why)
        if said.probability < (one.needed or DENIES):
            continue
        start, end = clause_of(sentence, None, at)
        for code in codes_of(said.label, report):
            if code not in known:
                known.add(code)
                found.append(
                    Reading(
                        None, code, start, end, "total", "classifier", said.probability, _said(said)
                    )
                )
    return found


def _unread(sentence: Sentence, index: int, opinion: Opinion | None) -> Reading:
    figure = sentence.figures[index]
    said = _said(opinion.metric) if opinion else ()
    return Reading(
        index, OTHER, figure.start, figure.end, "total", "both" if opinion else "rule", 0.0, said
    )


def _said(said: Judgement | None) -> tuple[str, ...]:
    return (f"分类器 {said.label} {said.probability:.2f}",) if said else ()


def planned(facts: tuple[Fact, ...], items: tuple[Item, ...], report: Report) -> tuple[Fact, ...]:
    """Figures inside a plan are demanded, not done: `target`, and next year's where none is named."""
    plans = sorted((item.start, item.end) for item in items if item.kind == "plan")
    starts = [start for start, _ in plans]
    inside = []
    for fact in facts:
        before = bisect_right(starts, fact.start) - 1
        inside.append(before >= 0 and fact.start < plans[before][1])
    following = report.year + 1 if report.year is not None else None
    return tuple(
        replace(fact, basis="target", year=following if fact.year == report.year else fact.year)
        if aimed and fact.basis in ("total", "part")
        else fact
        for fact, aimed in zip(facts, inside, strict=True)
    )


def _broken(
    passage: Passage, figures: tuple[Figure, ...], warnings: list[ReadingWarning]
) -> set[int | None]:
    """Figures that a line break may have cut in two: read neither half."""
    cut: set[int | None] = set()
    for index, figure in enumerate(figures[:-1]):
        follower = figures[index + 1]
        if passage.text[figure.end : follower.start] == " " and not figure.unit:
            cut |= {index, index + 1}
            start, end = passage.place(figure.start, follower.end)
            message = f"数字可能被换行断开，未读取：{passage.text[figure.start : follower.end]}"
            warnings.append(ReadingWarning("broken_number", message, start, end))
    return cut
