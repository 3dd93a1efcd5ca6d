"""Prose against table, one verdict per metric that both give."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import ne

from nlp.metrics import name
from nlp.numerals import tidy
from nlp.records import Cell, Check, CheckVerdict, Fact, Number, Report

ORGANISATIONS = ("company", "research_institute", "social_organisation", "legal_service", "other")
_RESULTS = ("total", "upheld", "corrected", "other", "pending")
_REFUSED = ("state_secret", "other_law", "security", "third_party", "internal_affairs", "deliberative",
            "enforcement_file", "administrative_query")  # fmt: skip
# Metrics that the tables since 2019 give only in parts: the sum of these rows is compared.
PARTS: dict[str, tuple[str, ...]] = {
    **{
        f"litigation.{r}": (f"litigation_direct.{r}", f"litigation_after_review.{r}")
        for r in _RESULTS
    },
    "reply.refused": tuple(f"reply.refused.{r}" for r in _REFUSED),
    "reply.unavailable": tuple(
        f"reply.unavailable.{r}" for r in ("not_held", "must_create", "still_unclear")
    ),
    "reply.unprocessed": tuple(
        f"reply.unprocessed.{r}"
        for r in ("petition", "repeat", "publication", "excessive", "reconfirm")
    ),
    "reply.other": tuple(f"reply.other.{r}" for r in ("late_correction", "unpaid_fee", "misc")),
}
# 收到N件 may mean the new requests, or these and the carried-in ones together.
_WITH_CARRIED = (
    "request.received",
    "request.received_individuals",
    "request.received_organisations",
)


_ACCUSES = 0.97
_ONE_SIZE = 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the table says for a metric under one reading of its words."""

    value: Number
    cells: tuple[Cell, ...]
    words: str


def compare(facts: tuple[Fact, ...], cells: tuple[Cell, ...], report: Report) -> tuple[Check, ...]:
    """A check for each metric of which the prose gives a figure of the whole body, the report's
    year and basis `total`, and the table a filled value."""
    stated: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if (
            fact.subject is None
            and fact.year == report.year
            and fact.basis == "total"
            and fact.metric != "other"
        ):
            stated[fact.metric].append(fact)
    table = _Table(cells)
    checks: list[Check] = []
    for metric, told in stated.items():
        readings = table.readings(metric)
        told = [fact for fact in told if _bears_witness(fact, readings)]
        told = [fact for fact in told if not _of_less(fact, told, readings)]
        if readings and told:
            checks.append(_check(f"k{len(checks) + 1}", metric, told, readings))
    return tuple(checks)


def _bears_witness(fact: Fact, readings: list[_Reading]) -> bool:
    """A figure that only the classifier reads speaks for the table; against it only where the
    classifier is all but certain."""
    if fact.method != "classifier" or fact.confidence >= _ACCUSES:
        return True
    return any(fact.low <= reading.value <= fact.high for reading in readings)


def _of_less(fact: Fact, told: list[Fact], readings: list[_Reading]) -> bool:
    """全省举办新闻发布会613次 agrees with the table; that 省政府新闻办…举行新闻发布会36场 stands there
    too says nothing against it, unless it looks like the table's figure misprinted."""
    agrees = [one for one in told if _any_admits(one, readings)]
    if not agrees or fact in agrees:
        return False
    return not any(_alike(fact.value, reading.value) for reading in readings)


def _alike(one: Number, other: Number) -> bool:
    """Whether two figures are of one size, or differ in a digit or in the order of the digits."""
    if min(one, other) >= max(one, other) * _ONE_SIZE:
        return True
    digits, others = (re.sub(r"\D", "", f"{tidy(value)}") for value in (one, other))
    if len(digits) != len(others):
        return False
    return sorted(digits) == sorted(others) or sum(map(ne, digits, others)) == 1


class _Table:
    """The cells by metric and applicant; the `total` column where there are applicants."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self._cells: dict[tuple[str, str | None], Cell] = {}
        for cell in cells:
            self._cells.setdefault((cell.metric, cell.applicant), cell)

    def readings(self, metric: str) -> list[_Reading]:
        plain = self._value(metric)
        found = [plain] if plain else []
        if metric in _WITH_CARRIED:
            base = (
                plain
                if metric == "request.received"
                else self._applicants("request.received", metric)
            )
            carried = (
                self._value("request.carried_in")
                if metric == "request.received"
                else self._applicants("request.carried_in", metric)
            )
            found = [base] if base else []
            if base and carried and carried.value:
                found.append(
                    _Reading(
                        base.value + carried.value, base.cells + carried.cells, "新收加上年结转"
                    )
                )
        return found

    def _value(self, metric: str) -> _Reading | None:
        cell = self._cells.get((metric, "total")) or self._cells.get((metric, None))
        if cell and cell.value is not None:
            return _Reading(cell.value, (cell,), "")
        if metric in PARTS:
            return self._sum(
                self._cells.get((part, "total")) or self._cells.get((part, None))
                for part in PARTS[metric]
            )
        return None

    def _applicants(self, metric: str, group: str) -> _Reading | None:
        columns = ("natural_person",) if group == "request.received_individuals" else ORGANISATIONS
        return self._sum(self._cells.get((metric, column)) for column in columns)

    @staticmethod
    def _sum(cells: Iterable[Cell | None]) -> _Reading | None:
        filled = []
        for cell in cells:
            if cell is None or cell.value is None:
                return None
            filled.append(cell)
        values: list[Number] = [cell.value for cell in filled if cell.value is not None]
        return _Reading(sum(values), tuple(filled), "各分项合计") if filled else None


def _check(id_: str, metric: str, facts: list[Fact], readings: list[_Reading]) -> Check:
    reading = next((r for r in readings if all(_admits(f, r.value) for f in facts)), readings[0])
    wrong = [fact for fact in facts if not _any_admits(fact, readings)]
    exact = all(any(_equal(fact.value, r.value) for r in readings) for fact in facts)
    verdict: CheckVerdict = "mismatch" if wrong else "match" if exact else "approximate"
    shown = wrong[0] if wrong else facts[0]
    difference = tidy(shown.value - reading.value)
    return Check(
        id=id_,
        metric=metric,
        verdict=verdict,
        facts=tuple(fact.id for fact in facts),
        cells=tuple(cell.id for cell in reading.cells),
        stated=shown.value,
        table=tidy(reading.value),
        difference=difference,
        message=_message(metric, verdict, shown, reading),
    )


def _any_admits(fact: Fact, readings: list[_Reading]) -> bool:
    return any(_admits(fact, reading.value) for reading in readings)


def _admits(fact: Fact, value: Number) -> bool:
    slack = 1e-6 * max(1.0, abs(value))
    return fact.low - slack <= value <= fact.high + slack or _equal(fact.value, value)


def _equal(left: Number, right: Number) -> bool:
    return abs(left - right) <= 1e-6 * max(1.0, abs(right))


def _message(metric: str, verdict: CheckVerdict, fact: Fact, reading: _Reading) -> str:
    table = f"{tidy(reading.value):,}" + (f"（{reading.words}）" if reading.words else "")
    words = {"match": "一致", "approximate": "在表述允许的范围内", "mismatch": "不一致"}[verdict]
    return f"{name(metric, 'zh')}：正文“{fact.text}”，统计表 {table}，{words}"
