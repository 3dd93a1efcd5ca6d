"""Candidates become facts: which reading of a figure holds, and its year, subject and basis.

The one place where rules (and, from the next version on, the classifier) are weighed against
each other. A figure that no reading explains is still reported, as `other`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from nlp.context.basis import basis_of
from nlp.context.enumerations import Enumeration, enumerations
from nlp.context.naming import metric_of
from nlp.context.neighbours import inherit
from nlp.context.owners import carried_owner, in_words, owner_of, printed
from nlp.context.sentence import Sentence, sentences_of, what_of
from nlp.context.subjects import Agency
from nlp.context.times import year_of
from nlp.context.topics import about, mentions, possible
from nlp.metrics import load as load_metrics
from nlp.numbers import convert, find_figures
from nlp.reading import fold
from nlp.records import Fact, Figure, Item, Passage, ReadingWarning, Report
from nlp.rules.match import Candidate, match

_CLAUSE_END = re.compile(r"[，。；：！？,;:]")


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what was found in it; `facts` are parallel to nothing, `figures` to `lists`."""

    passage: Passage
    figures: tuple[Figure, ...]
    lists: tuple[Enumeration, ...]
    by_figure: dict[int, tuple[str, ...]]  # figure index -> fact ids


def read_facts(
    passages: tuple[Passage, ...], report: Report, text: str
) -> tuple[tuple[Fact, ...], tuple[Read, ...], tuple[ReadingWarning, ...]]:
    """Every figure and every zero statement of the running text, in text order."""
    agency = Agency(fold(report.agency) if report.agency else None)
    facts: list[Fact] = []
    reads: list[Read] = []
    warnings: list[ReadingWarning] = []
    for passage in passages:
        figures = find_figures(passage.text)
        broken = _broken(passage, figures, warnings)
        lists = enumerations(passage.text, figures)
        by_figure: dict[int, tuple[str, ...]] = {}
        first_here = len(facts)
        carried: str | None = None
        for sentence in sentences_of(passage, figures, lists):
            chosen = _choose(sentence, agency, warnings)
            for index, readings in chosen:
                if index in broken:
                    continue
                first = len(facts) + 1
                for reading in readings:
                    fact = _fact(
                        f"f{len(facts) + 1}",
                        sentence,
                        index,
                        reading,
                        report,
                        agency,
                        carried,
                        text,
                    )
                    facts.append(inherit(sentence, index, fact, facts, by_figure))
                if index is not None:
                    by_figure[index] = tuple(
                        f"f{number}" for number in range(first, len(facts) + 1)
                    )
            carried = carried_owner(sentence, agency, carried)
        facts[first_here:] = [_as_printed(fact, passage, text) for fact in facts[first_here:]]
        reads.append(Read(passage, figures, tuple(lists), by_figure))
    return tuple(facts), tuple(reads), tuple(warnings)


def _as_printed(fact: Fact, passage: Passage, text: str) -> Fact:
    """The fact with the names in it as the document prints them."""
    if not fact.subject and not fact.what:
        return fact
    subject = printed(fact.subject, passage, text) if fact.subject else None
    what = printed(fact.what, passage, text) if fact.what else fact.what
    return (
        fact
        if (subject, what) == (fact.subject, fact.what)
        else replace(fact, subject=subject, what=what)
    )


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


def _choose(
    sentence: Sentence, agency: Agency, warnings: list[ReadingWarning]
) -> list[tuple[int | None, list[Candidate | None]]]:
    """For each figure the readings that hold (None: no metric), then the zero statements."""
    candidates, slow = match(
        sentence.view,
        lambda topics: possible(topics, sentence.passage, sentence.start, sentence.end),
    )
    for one in slow:
        start, end = sentence.passage.place(one.start, one.end)
        warnings.append(
            ReadingWarning("slow_rule", f"规则 {one.rule} 在此句超时，未采用", start, end)
        )
    held = [c for c in candidates if _on_topic(c, sentence) and not _is_slogan(c, sentence)]
    chosen: list[tuple[int | None, list[Candidate | None]]] = []
    for index in sentence.view.figures:
        own = [
            c
            for c in held
            if c.figure == index and (not c.rule.others or _has_owner(sentence, index, agency))
        ]
        members = _by_member(own)
        if len(members) > 1:
            chosen.append((index, members))
            continue
        best = max(own, key=_weight, default=None)
        shared = [
            c
            for c in own
            if c.rule.also and best and best.rule.also and c.rule.metric != best.rule.metric
        ]
        by_metric = {c.rule.metric: c for c in sorted(shared, key=_weight)}
        chosen.append((index, [best, *by_metric.values()]))
    zeros: dict[str, Candidate] = {}
    for candidate in held:
        if candidate.figure is None:
            known = zeros.get(candidate.rule.metric)
            if known is None or candidate.end - candidate.start < known.end - known.start:
                zeros[candidate.rule.metric] = candidate
    stated = {
        (reading.rule.metric, sentence.figures[index].start)
        for index, readings in chosen
        for reading in readings
        if reading and index is not None
    }
    chosen += [
        (None, [zero])
        for zero in zeros.values()
        if not any(
            metric == zero.rule.metric and zero.start <= at < zero.end for metric, at in stated
        )
    ]
    return sorted(chosen, key=lambda pair: _position(pair, sentence))


def _by_member(own: list[Candidate]) -> list[Candidate | None]:
    """The best reading for each member of a list whose one figure stands for them all."""
    best = {candidate.words: candidate for candidate in sorted(own, key=_weight) if candidate.words}
    return list({candidate.rule.metric: candidate for candidate in best.values()}.values())


def _has_owner(sentence: Sentence, index: int, agency: Agency) -> bool:
    return owner_of(sentence, sentence.figures[index].start, agency, None)[0] is not None


def _is_slogan(candidate: Candidate, sentence: Sentence) -> bool:
    """“办结一件申请、解决一个问题”: a number word inside quotes counts nothing."""
    if candidate.figure is None:
        return False
    text, figure = sentence.passage.text, sentence.figures[candidate.figure]
    opened = text.rfind("“", sentence.start, figure.start)
    return (
        opened >= 0
        and "”" not in text[opened : figure.start]
        and not re.search(r"\d", text[figure.start : figure.end])
    )


def sentence_readings(passage: Passage) -> list[tuple[Candidate, tuple[int, int]]]:
    """Every candidate that holds in a passage, chosen or not, with the span of its figure
    (of its words where it has none); what tests of rules and `--why` look at."""
    figures = find_figures(passage.text)
    found = []
    for sentence in sentences_of(passage, figures, enumerations(passage.text, figures)):
        for candidate in match(sentence.view)[0]:
            if _on_topic(candidate, sentence):
                figure = figures[candidate.figure] if candidate.figure is not None else None
                span = (figure.start, figure.end) if figure else (candidate.start, candidate.end)
                found.append((candidate, span))
    return found


def _position(pair: tuple[int | None, list[Candidate | None]], sentence: Sentence) -> int:
    index, readings = pair
    if index is not None:
        return sentence.figures[index].start
    return readings[0].start if readings[0] else sentence.start


def _weight(candidate: Candidate) -> tuple[int, int]:
    return candidate.rule.rank, candidate.end - candidate.start


def _on_topic(candidate: Candidate, sentence: Sentence) -> bool:
    topics = candidate.rule.topic
    at = sentence.figures[candidate.figure].start if candidate.figure is not None else candidate.end
    end = max(at, candidate.end)
    stop = _CLAUSE_END.search(sentence.passage.text, end, sentence.end)
    clause_end = stop.start() if stop else sentence.end
    words = sentence.passage.text[sentence.start : at]
    if any(mentions(topic[1:], words) for topic in topics if topic.startswith("-")):
        return False
    wanted = [topic for topic in topics if not topic.startswith("-")]
    return not wanted or any(
        about(topic, sentence.passage, sentence.start, at, place, candidate.words)
        for topic in wanted
        for place in (end, clause_end)
    )


def _fact(
    id_: str, sentence: Sentence, index: int | None, reading: Candidate | None, report: Report, agency: Agency,
    carried: str | None, text: str,
) -> Fact:  # fmt: skip
    passage = sentence.passage
    figure = sentence.figures[index] if index is not None else None
    metric = metric_of(sentence, index, reading, report) if reading else "other"
    at = figure.start if figure else (reading.start if reading else sentence.start)
    year = year_of(passage.text, at, sentence.start, sentence.end, report.year)
    subject, _ = owner_of(sentence, at, agency, carried)
    if metric.startswith(("training.", "staff.")) and subject and in_words(sentence, at, subject):
        subject = None  # 各处室、委属单位360余人次参训: whose people, not whose figure
    low = min(reading.start, at) if reading and metric != "other" else at
    high = max(figure.end if figure else 0, reading.end if reading and metric != "other" else 0)
    start, end = passage.place(low, high)
    number = _in_unit(figure, metric) if figure else None
    return Fact(
        id=id_,
        metric=metric,
        value=number.value if number else (reading.rule.value or 0 if reading else 0),
        unit=number.unit
        if figure and number and metric == "other"
        else (figure.unit if figure else ""),
        low=number.low if number else 0,
        high=number.high if number else 0,
        qualifier=figure.qualifier if figure else None,
        year=year,
        subject=subject,
        basis=basis_of(sentence, index, at, metric, reading, year, report, subject),
        text=text[start:end],
        start=start,
        end=end,
        sentence=passage.place(sentence.start, sentence.end),
        method="rule",
        confidence=0.0
        if metric == "other"
        else 0.9 + 0.02 * min(reading.rule.rank if reading else 0, 1),
        what=what_of(sentence, figure) if metric == "other" and figure else None,
        why=(reading.rule.id,) if reading else (),
    )


def _in_unit(figure: Figure, metric: str) -> Figure:
    unit = load_metrics()[metric].unit if metric in load_metrics() else ""
    return (
        convert(figure, unit) if unit in ("元", "万元") and figure.unit.endswith("元") else figure
    )
