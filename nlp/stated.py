"""What a reading states, as a fact: with its year, its subject, its basis, its unit and its evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.context.basis import basis_of
from nlp.context.owners import in_words, owner_of, printed
from nlp.context.sentence import Sentence, what_of
from nlp.context.subjects import Agency
from nlp.context.times import year_of
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.numbers import convert
from nlp.numerals import tidy
from nlp.records import Basis, Fact, Figure, Passage, Report


@dataclass(frozen=True, slots=True)
class Reading:
    """What a figure (or a denial, `index` None) is taken to state, in the words `start:end`."""

    index: int | None
    metric: str
    start: int
    end: int
    basis: Basis
    method: str
    confidence: float
    why: tuple[str, ...]
    value: float = 0


def fact_of(
    id_: str, sentence: Sentence, reading: Reading, report: Report, agency: Agency, carried: str | None, text: str
) -> Fact:  # fmt: skip
    """The fact `id_` that a reading in this sentence states; `carried` is the body that the sentences
    before are about, `text` the document's."""
    passage, index, metric = sentence.passage, reading.index, reading.metric
    figure = sentence.figures[index] if index is not None else None
    at = figure.start if figure else reading.start
    year = year_of(passage.text, at, sentence.start, sentence.end, report.year)
    subject, _ = owner_of(sentence, at, agency, carried)
    if metric.startswith(("training.", "staff.")) and subject and in_words(sentence, at, subject):
        subject = None  # 各处室、委属单位360余人次参训: whose people, not whose figure
    start, end = passage.place(
        min(reading.start, at), max(reading.end, figure.end if figure else 0)
    )
    number = _in_unit(figure, metric, passage.text) if figure else None
    return Fact(
        id=id_,
        metric=metric,
        value=number.value if number else reading.value,
        unit=(number if metric == OTHER and number else figure).unit if figure else "",
        low=number.low if number else 0,
        high=number.high if number else 0,
        qualifier=figure.qualifier if figure else None,
        year=year,
        subject=subject,
        basis=basis_of(sentence, index, at, metric, reading.basis, year, report, subject),
        text=text[start:end],
        start=start,
        end=end,
        sentence=passage.place(sentence.start, sentence.end),
        method=reading.method,
        confidence=reading.confidence,
        what=what_of(sentence, figure) if metric == OTHER and figure else None,
        why=reading.why,
    )


def _in_unit(figure: Figure, metric: str, text: str) -> Figure:
    unit = load_metrics()[metric].unit if metric in load_metrics() else ""
    if unit not in ("元", "万元") or not figure.unit.endswith("元"):
        return figure
    converted = convert(figure, unit)
    if converted.value <= figure.value or figure.qualifier or not figure.exact:
        return converted
    # 1842.65万元 of a sum counted in 元 leaves its last digit open, as 17.46万条 does.
    printed = re.search(r"\d+(?:\.(\d+))?$", text[figure.start : figure.unit_start])
    decimals = len(printed.group(1) or "") if printed else 0
    half = converted.value / figure.value / 10**decimals / 2
    low, high = tidy(converted.value - half), tidy(converted.value + half)
    return replace(converted, low=low, high=high, exact=False)


def as_printed(fact: Fact, passage: Passage, text: str) -> Fact:
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
