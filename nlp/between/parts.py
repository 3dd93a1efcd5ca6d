"""A government's report beside those of its departments and towns, as notes.

Some governments' tables take in all of their parts, some only the office: which, no report says
in a way that could be relied on. So nothing here is ever held against anyone.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.between.figures import Given, number, tabled
from nlp.between.records import Comparison, YearlyReport
from nlp.metrics import name
from nlp.numerals import tidy

SUM = "parts.sum"
EXCEEDS = "parts.exceeds"
# What a table that takes in the parts adds up.
METRICS = (
    "request.received", "request.carried_in", "request.carried_out", "reply.total", "review.total",
    "litigation.total", "disclosure.total",
)  # fmt: skip
_ALWAYS = "request.received"


def compare_parts(whole: YearlyReport, parts: Sequence[YearlyReport]) -> tuple[Comparison, ...]:
    """Notes on a report and those of the body's own parts in the same year.

    The requests received are always set beside each other; other metrics where the parts come to
    more than the whole. A part that alone exceeds the whole has a note of its own.
    """
    found = []
    for metric in METRICS:
        total = tabled(whole, metric)
        given = [(part, value) for part in parts if (value := tabled(part, metric))]
        if total is None or not given:
            continue
        largest = max(given, key=lambda one: (one[1].value, one[0].key))
        if largest[1].value > total.value:
            found.append(_exceeds(whole, total, *largest, metric))
        summed = tidy(sum(value.value for _, value in given))
        if metric == _ALWAYS or summed > total.value:
            found.append(_summed(whole, total, given, metric))
    return tuple(found)


def _exceeds(
    whole: YearlyReport, total: Given, part: YearlyReport, value: Given, metric: str
) -> Comparison:
    message = (
        f"{name(metric)}：所属的{part.agency}{number(value.value)}，"
        f"大于{whole.agency}的{number(total.value)}，{whole.agency}的表格可能只含本级"
    )
    return _note(EXCEEDS, whole, total, part, value, value.value, metric, message)


def _summed(
    whole: YearlyReport, total: Given, given: Sequence[tuple[YearlyReport, Given]], metric: str
) -> Comparison:
    largest, value = max(given, key=lambda one: (one[1].value, one[0].key))
    summed = tidy(sum(one.value for _, one in given))
    message = (
        f"{name(metric)}：{whole.agency}{number(total.value)}，"
        f"所属{len(given)}个机关的报告合计{number(summed)}（最多的是{largest.agency}{number(value.value)}）"
    )
    return _note(SUM, whole, total, largest, value, summed, metric, message)


def _note(
    rule: str, whole: YearlyReport, total: Given, part: YearlyReport, value: Given,
    computed: float, metric: str, message: str,
) -> Comparison:  # fmt: skip
    return Comparison(
        rule=rule,
        scope="parts",
        verdict="note",
        agency=whole.agency,
        year=whole.year,
        other_agency=part.agency,
        other_year=part.year,
        key=whole.key,
        other_key=part.key,
        metric=metric,
        stated=total.value,
        computed=tidy(computed),
        evidence=total.evidence,
        other_evidence=value.evidence,
        words=total.words,
        other_words=value.words,
        message=message,
    )
