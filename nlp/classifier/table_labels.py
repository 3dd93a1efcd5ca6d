"""Labels that nobody wrote: a figure of the prose that equals exactly one value of the report's own
tables, of a fitting kind and unit, counts what that cell counts."""

from __future__ import annotations

from collections import defaultdict

from nlp.annotations import AnnotatedText
from nlp.markup import Mark
from nlp.metrics import counted_in
from nlp.numbers import convert, find_figures
from nlp.records import Cell, Document, Figure
from nlp.structure.prose import read_prose
from nlp.structure.tables import read_tables

BY = "tables"
_SMALLEST = 4  # 1, 2 and 3 stand everywhere in the prose, whatever the table says


def table_labelled(document: Document, text_id: str) -> AnnotatedText:
    """The report with a mark for every figure that its tables explain; the others stay unknown
    (`by` is `BY`, so that no unmarked figure is taken for one that counts nothing)."""
    tables = read_tables(document)
    _, passages = read_prose(document, tables.regions)
    metrics_of = _metrics_of(tables.cells)
    marks = []
    for passage in passages:
        for figure in find_figures(passage.text):
            if figure.qualifier or not figure.exact:
                continue
            found = {
                code
                for value in _values(figure)
                for code in metrics_of.get(value, ())
                if counted_in(code, figure.unit)
            }
            if len(found) == 1 and figure.value >= _SMALLEST:
                start, end = passage.place(figure.start, figure.end)
                marks.append(Mark(start, end, "fact", (found.pop(),), figure.value))
    return AnnotatedText(text_id, document.text, tuple(marks), by=BY)


def _values(figure: Figure) -> set[float]:
    """The value of a figure, and of money what it is in 元 and in 万元."""
    units = ("元", "万元") if figure.unit.endswith("元") else ()
    return {float(figure.value), *(float(convert(figure, unit).value) for unit in units)}


def _metrics_of(cells: tuple[Cell, ...]) -> dict[float, set[str]]:
    """The metrics that have each value in the tables, totals of the applicants only."""
    found: dict[float, set[str]] = defaultdict(set)
    for cell in cells:
        if cell.value is not None and cell.applicant in (None, "total"):
            found[float(cell.value)].add(cell.metric)
    return found


def wrong_labels(labelled: AnnotatedText, marked: AnnotatedText) -> tuple[int, int]:
    """How many of the labels contradict the marks that a person made, and how many there are."""
    wrong = 0
    for label in labelled.marks:
        there = [
            mark
            for mark in marked.marks
            if mark.kind == "fact" and mark.start < label.end and label.start < mark.end
        ]
        wrong += not any(label.metrics[0] in mark.metrics for mark in there)
    return wrong, len(labelled.marks)
