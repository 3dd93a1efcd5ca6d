"""What is compared, and what a comparison comes to.

A comparison belongs to one report (the later of two, the parent) and holds it against another.
It is a relation (`holds`, `violated`, `unverifiable`) or a `note`, which accuses nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from nlp.records import Cell, Check, Fact, Item, Number, Report, ReportResult

Scope = Literal["years", "parts"]
Verdict = Literal["holds", "violated", "unverifiable", "note"]


@dataclass(frozen=True)
class YearlyReport:
    """What one report says. `key` names it among all (the SHA-256 of its bytes); `sentences` are
    the words around each fact, by the fact's id."""

    key: str
    report: Report
    cells: tuple[Cell, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    checks: tuple[Check, ...] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def table(self) -> Mapping[tuple[str, str | None], Cell]:
        """Cells by metric and applicant, the first of each."""
        return {(cell.metric, cell.applicant): cell for cell in reversed(self.cells)}

    @property
    def year(self) -> int:
        """The year reported on, of a report that states one."""
        assert self.report.year is not None
        return self.report.year

    @property
    def agency(self) -> str:
        """The body's name as printed."""
        return self.report.agency or ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One relation between two reports, or one note on them.

    What begins with `other_` is of the report held against (the earlier year, a part). `stated`
    is printed in the report itself, `computed` is what it should be by the other (of a figure left
    over from last year, by this year's table). `words` are printed words,
    `evidence` ids of cells, facts and items, each within its own report.
    """

    rule: str
    scope: Scope
    verdict: Verdict
    agency: str
    year: int
    other_agency: str
    other_year: int
    key: str
    other_key: str
    metric: str | None
    stated: Number | None
    computed: Number | None
    evidence: tuple[str, ...]
    other_evidence: tuple[str, ...]
    words: str
    other_words: str
    message: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two reports contributes: a value, its words, and the ids they come from."""

    value: Number | None = None
    words: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports of one agency. `doubt` says why a difference between them proves nothing, or
    is None."""

    earlier: YearlyReport
    later: YearlyReport
    doubt: str | None = None

    def relation(
        self, rule: str, now: Side, before: Side, message: str, *, holds: bool,
        metric: str | None = None, doubt: str | None = None,
    ) -> Comparison:  # fmt: skip
        """A tested relation; `doubt` is of this relation alone."""
        reason = doubt or self.doubt
        verdict: Verdict = "holds" if holds else "unverifiable" if reason else "violated"
        ending = "相符" if holds else f"不一致；{reason}，无从判断" if reason else "不符"
        return self._made(rule, verdict, now, before, f"{message}，{ending}", metric)

    def note(
        self, rule: str, now: Side, before: Side, message: str, metric: str | None = None
    ) -> Comparison:
        """A remark that accuses nobody."""
        return self._made(rule, "note", now, before, message, metric)

    def _made(
        self, rule: str, verdict: Verdict, now: Side, before: Side, message: str, metric: str | None
    ) -> Comparison:
        return Comparison(
            rule=rule,
            scope="years",
            verdict=verdict,
            agency=self.later.agency,
            year=self.later.year,
            other_agency=self.earlier.agency,
            other_year=self.earlier.year,
            key=self.later.key,
            other_key=self.earlier.key,
            metric=metric,
            stated=now.value,
            computed=before.value,
            evidence=now.evidence,
            other_evidence=before.evidence,
            words=now.words,
            other_words=before.words,
            message=message,
        )


def yearly(result: ReportResult) -> YearlyReport:
    """The part of a report result that is compared with other reports."""
    text = result.document.text
    return YearlyReport(
        key=result.document.source.sha256,
        report=result.report,
        cells=result.cells,
        facts=result.facts,
        items=result.items,
        checks=result.checks,
        sentences={fact.id: text[slice(*fact.sentence)] for fact in result.facts},
    )
