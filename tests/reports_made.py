"""Reports made by hand for tests of what is compared between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlp.between.records import YearlyReport
from nlp.records import Cell, Check, Fact, Item, Number, Report

COUNTY = "青屿县人民政府"


def report(year: int, *, agency: str | None = COUNTY, key: str | None = None,
           cells: Mapping[str, Number | None] | None = None, facts: tuple[Fact, ...] = (),
           items: tuple[Item, ...] = (), checks: tuple[Check, ...] = (),
           template: str | None = "2021", period: tuple[str, str] | None = None,
           published: str | None = None, sentences: Mapping[str, str] | None = None,
           ) -> YearlyReport:  # fmt: skip
    """A report; a cell's key is its metric, or metric/column."""
    made = tuple(cell(f"c{n}", key, value) for n, (key, value) in enumerate((cells or {}).items()))
    return YearlyReport(
        key=key or f"{year}",
        report=Report("", agency, year, period, published, template),
        cells=made,
        facts=facts,
        items=items,
        checks=checks,
        sentences=sentences or {fact.id: fact.text for fact in facts},
    )


def cell(id_: str, metric: str, value: Number | None) -> Cell:
    metric, _, column = metric.partition("/")
    return Cell(id_, metric, column or None, value, str(value or ""), "件", "", 0, 0)


def fact(metric: str, value: Number, year: int, text: str = "", **other: Any) -> Fact:
    fields: dict[str, Any] = {
        "id": f"f{metric}{year}{value}", "metric": metric, "value": value, "unit": "件",
        "low": value, "high": value, "qualifier": None, "year": year, "subject": None,
        "basis": "total", "text": text or f"{value}件", "start": 0, "end": 0, "sentence": (0, 0),
        "method": "rule", "confidence": 0.9,
    }  # fmt: skip
    return Fact(**fields | other)


def item(kind: Any, text: str, topic: str | None = None, id_: str = "") -> Item:
    return Item(id_ or f"i{text}", kind, 1, text, 0, len(text), topic, "both", 0.9)
