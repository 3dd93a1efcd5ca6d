"""What one report gives for a metric: its table's values and its prose's, with their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.between.records import Side, YearlyReport
from nlp.checks import PARTS
from nlp.metrics import OTHER, name
from nlp.numerals import tidy
from nlp.output.columns import one_line
from nlp.records import Cell, Fact, Number

TOTAL = "total"
_ACCUSES = (
    0.97  # as in nlp.checks: what only the classifier reads accuses where it is all but certain
)
_COUNTS_CARRIED = "request.received"


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a report gives for a metric: what the wording leaves open, the words, the ids.
    `certain` is False where it should not be held against another value."""

    value: Number
    low: Number
    high: Number
    words: str
    evidence: tuple[str, ...]
    in_table: bool
    certain: bool = True

    def agrees(self, other: Given) -> bool:
        """Whether one number could be meant by both."""
        slack = 1e-6 * max(1.0, abs(self.value), abs(other.value))
        return self.low - slack <= other.high and other.low - slack <= self.high

    @property
    def side(self) -> Side:
        """This value as one side of a comparison."""
        return Side(self.value, self.words, self.evidence)


def cell_of(one: YearlyReport, metric: str, applicant: str | None = None) -> Cell | None:
    """The first cell of a metric: of a column, or the column of totals (or the only one)."""
    if applicant:
        return one.table.get((metric, applicant))
    return one.table.get((metric, TOTAL)) or one.table.get((metric, None))


def tabled(one: YearlyReport, metric: str) -> Given | None:
    """What the tables give for a metric, blanks left out; summed where they give it in parts."""
    cell = cell_of(one, metric)
    if cell is not None and cell.value is not None:
        return _of_cells([cell], metric)
    parts = [cell_of(one, part) for part in PARTS.get(metric, ())]
    filled = [part for part in parts if part is not None and part.value is not None]
    return _of_cells(filled, metric) if filled and len(filled) == len(parts) else None


def with_carried(one: YearlyReport, metric: str) -> Given | None:
    """收到 in its wider sense: the new requests and those carried in, where the table has both."""
    if metric != _COUNTS_CARRIED:
        return None
    cells = [cell_of(one, code) for code in (metric, "request.carried_in")]
    filled = [cell for cell in cells if cell is not None and cell.value is not None]
    return _of_cells(filled, metric, "新收加上年结转") if len(filled) == len(cells) else None


def told(one: YearlyReport, metric: str, year: int) -> list[Given]:
    """What the prose says the whole body counted of a metric in a year."""
    return [
        of_fact(fact)
        for fact in one.facts
        if fact.metric == metric and is_whole(fact) and fact.year == year
    ]


def is_whole(fact: Fact) -> bool:
    """Whether a fact is the reporting body's own figure for a whole year."""
    return fact.subject is None and fact.basis == "total" and fact.metric != OTHER


def given(one: YearlyReport, metric: str) -> list[Given]:
    """Everything a report gives for a metric of its own year, the table first."""
    table = [tabled(one, metric), with_carried(one, metric)]
    return [value for value in table if value] + told(one, metric, one.year)


def of_fact(fact: Fact) -> Given:
    """A figure of the prose."""
    return Given(
        value=fact.value,
        low=fact.low,
        high=fact.high,
        words=f"“{one_line(fact.text)}”",
        evidence=(fact.id,),
        in_table=False,
        certain=fact.method != "classifier" or fact.confidence >= _ACCUSES,
    )


def number(value: Number | None) -> str:
    """A number as messages print it."""
    return "空白" if value is None else f"{tidy(value):,}"


def distinct(values: Iterable[Given]) -> bool:
    """Whether the values do not all mean one number."""
    every = list(values)
    return any(not every[0].agrees(other) for other in every[1:])


def _of_cells(cells: list[Cell], metric: str, how: str = "各分项合计") -> Given:
    value = tidy(sum(cell.value for cell in cells if cell.value is not None))
    label = name(metric) + (f"（{how}）" if len(cells) > 1 else "")
    ids = tuple(cell.id for cell in cells)
    return Given(value, value, value, f"表格 {label} {number(value)}", ids, in_table=True)
