"""Report results as rows of the database: one Arrow table for each table of schema.sql.

Columns are the fields of the records; what is nested is laid flat here (a period into two days, a
sentence into its words and two offsets). Arrow, because DuckDB takes it in without a loop over rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nlp.records import Fact, Number, ReportResult

if TYPE_CHECKING:
    import pyarrow as pa

Tables = dict[str, "pa.Table"]

_SPAN = ("start", "end")
# The columns after sha256 and version, in the order of schema.sql.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "reports": ("format", "encoding", "text_length", "title", "agency", "year",
                "period_start", "period_end", "published", "template"),
    "timings": ("seconds",),
    "sections": ("id", "level", "heading", "role", *_SPAN),
    "cells": ("id", "metric", "applicant", "value", "raw", "unit", "label", *_SPAN),
    "facts": ("id", "metric", "value", "unit", "low", "high", "qualifier", "year", "subject",
              "basis", "text", *_SPAN, "sentence", "sentence_start", "sentence_end", "method",
              "confidence", "what", "why"),
    "items": ("id", "kind", "ordinal", "text", *_SPAN, "topic", "method", "confidence", "why"),
    "checks": ("id", "metric", "verdict", "facts", "cells", "stated", "table", "difference",
               "message"),
    "findings": ("id", "rule", "scope", "verdict", "stated", "computed", "evidence", "message"),
    "warnings": ("ordinal", "code", "message", *_SPAN),
}  # fmt: skip
_NUMBERS = frozenset({
    "value", "low", "high", "confidence", "stated", "computed", "table", "difference", "seconds",
})  # fmt: skip
_INTEGERS = frozenset({
    "text_length", "year", "level", "ordinal", "sentence_start", "sentence_end", *_SPAN,
})  # fmt: skip
_LISTS = frozenset({"facts", "cells", "evidence", "why"})


class Rows:
    """Rows of several reports, column by column."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._columns: dict[str, dict[str, list[Any]]] = {
            table: defaultdict(list) for table in COLUMNS
        }

    def add(self, result: ReportResult, seconds: float) -> None:
        """All rows of one report. Raises OverflowError for a number that is none for a computer
        (10 to the 400th); then nothing of the report has been added."""
        sha256 = result.document.source.sha256
        made = {table: _records(table, result, seconds) for table in COLUMNS}
        for table, records in made.items():
            columns = self._columns[table]
            for name in COLUMNS[table]:
                columns[name] += [record[name] for record in records]
            columns["sha256"] += [sha256] * len(records)

    def tables(self) -> Tables:
        """The rows as Arrow tables; tables without rows are left out."""
        import pyarrow as pa

        tables = {}
        for table, columns in self._columns.items():
            count = len(columns["sha256"])
            if count:
                arrays = [pa.array(columns["sha256"], pa.string())]
                arrays.append(pa.array([self._version] * count, pa.string()))
                arrays += [pa.array(columns[name], _type(name)) for name in COLUMNS[table]]
                names = ["sha256", "version", *COLUMNS[table]]
                tables[table] = pa.Table.from_arrays(arrays, names=names)
        return tables


def _type(name: str) -> pa.DataType:
    import pyarrow as pa

    if name in _NUMBERS:
        return pa.float64()
    if name in _INTEGERS:
        return pa.int32()
    return pa.list_(pa.string()) if name in _LISTS else pa.string()


def _records(table: str, result: ReportResult, seconds: float) -> list[dict[str, Any]]:
    if table == "reports":
        return [_report(result)]
    if table == "timings":
        return [{"seconds": seconds}]
    if table == "facts":
        return [_fact(fact, result.document.text) for fact in result.facts]
    if table == "warnings":
        return [
            _plain(table, warning, ordinal=ordinal)
            for ordinal, warning in enumerate(result.warnings, start=1)
        ]
    records: Iterable[Any] = getattr(result, table)
    return [_plain(table, record) for record in records]


def _plain(table: str, record: Any, **others: Any) -> dict[str, Any]:
    made = {
        name: _number(getattr(record, name)) if name in _NUMBERS else getattr(record, name)
        for name in COLUMNS[table]
        if name not in others
    }
    return made | others


def _fact(fact: Fact, text: str) -> dict[str, Any]:
    start, end = fact.sentence
    places = {"sentence": text[start:end], "sentence_start": start, "sentence_end": end}
    return _plain("facts", fact, **places)


def _report(result: ReportResult) -> dict[str, Any]:
    source, report = result.document.source, result.report
    first, last = report.period or (None, None)
    return {
        "format": source.format,
        "encoding": source.encoding,
        "text_length": source.text_length,
        "title": report.title,
        "agency": report.agency,
        "year": report.year,
        "period_start": first,
        "period_end": last,
        "published": report.published,
        "template": report.template,
    }


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)
