"""The statistics tables of a report: which form they have, and every value printed in them.

Tables are recognised by their row labels, not by the report's year: bodies keep old forms for
years. Values are read as printed; what cannot be assigned with certainty is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nlp.records import Cell, Document, ReadingWarning
from nlp.structure.applicants import read_applicants
from nlp.structure.chapter_two import read_chapter_two
from nlp.structure.clusters import Entry, Page, Reading, blank_marks, clusters
from nlp.structure.labels import Hit, compact, find_labels, templates
from nlp.structure.review import read_reviews
from nlp.structure.single import read_single
from nlp.structure.values import amount

_MOST_LABELS = 2_000
_MOST_TABLES = 12  # of one kind: a report with annexes has two or three
_MOST_DIGITS = 15  # before the point: more are cells that ran together, and beyond exact floats
# Borders, and columns that the reading does not use
_REST_OF_ROW = re.compile(r"[ \t|\u3000]*(?:[\d.,\-—/ \t|\u3000]+(?=[\r\n]|\Z))?")


@dataclass(frozen=True, slots=True)
class TableReading:
    """What the tables of a report say.

    `template` is "2014", "2019", "2021", "local" or None; `cells` stand in text order; `regions`
    are half-open spans of the text that are table, captions and headers included, headings not.
    """

    template: str | None
    cells: tuple[Cell, ...]
    regions: tuple[tuple[int, int], ...]
    warnings: tuple[ReadingWarning, ...]


def read_tables(document: Document) -> TableReading:
    """Read every statistics table of a report."""
    view = blank_marks(document.folded)
    page = Page(view, compact(view))
    hits = find_labels(page.squeezed)
    warnings: list[ReadingWarning] = []
    if len(hits) > _MOST_LABELS:
        at = hits[_MOST_LABELS].start
        message = f"行名多于{_MOST_LABELS}个，其后的表格未读"
        warnings.append(ReadingWarning("too_many_labels", message, at, len(view)))
        hits = hits[:_MOST_LABELS]
    readings, template = _read_all(page, hits)
    readings.sort(key=lambda reading: (reading.start, reading.end))
    cells, repeated = _cells(document, readings)
    for reading in readings:
        warnings += reading.warnings
    warnings += repeated
    warnings.sort(key=lambda warning: (warning.start or 0, warning.end or 0))
    return TableReading(
        template or _single_template(cells, readings),
        tuple(cells),
        _regions(view, readings),
        tuple(warnings),
    )


def _read_all(page: Page, hits: list[Hit]) -> tuple[list[Reading], str | None]:
    readings: list[Reading] = []
    template: str | None = None
    for cluster in clusters(page, hits, "chapter_two"):
        chapter = read_chapter_two(page, cluster)
        if chapter:
            readings.append(chapter[0])
            template = template or chapter[1]
    # Labels alone are words of the prose; they must not use up the tables that are tried.
    tables = [one for one in clusters(page, hits, "applicants") if len(one.hits) > 2]
    for cluster in tables[:_MOST_TABLES]:
        applicants = read_applicants(page, cluster)
        if applicants:
            readings.append(applicants)
            parts = any(value[0].startswith("reply.other.") for value in applicants.values)
            template = template or ("2021" if parts else "2019")
    reviews = read_reviews(page, _MOST_TABLES)
    readings += reviews
    taken = [(reading.start, reading.end) for reading in readings]
    for cluster in clusters(page, hits, "single"):
        if len(cluster.hits) > 2 and not _inside(cluster.hits[0].start, taken):
            single = read_single(page, cluster)
            if single:
                readings.append(single)
    if template is None and reviews and not any(r.kind == "single" for r in readings):
        template = "2019"
    return readings, template


def _inside(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _single_template(cells: list[Cell], readings: list[Reading]) -> str | None:
    if not any(reading.kind == "single" for reading in readings):
        return None
    national = _national_metrics()
    count = len({cell.metric for cell in cells if cell.metric in national})
    return "2014" if count >= templates().least_rows else "local"


@cache
def _national_metrics() -> frozenset[str]:
    # Rows that only the national form has: channels of response, organisation, meetings, reasons.
    heads = (
        "response.",
        "organisation.",
        "meeting.",
        "training.",
        "reply.refused.",
        "request.closed",
    )
    rows = templates().rows.values()
    found = {row["single"].metric for row in rows if "single" in row}
    return frozenset(metric for metric in found if metric.startswith(heads))


def _whole_digits(number: str) -> int:
    return sum(map(str.isdecimal, number.partition(".")[0]))


def _cells(document: Document, readings: list[Reading]) -> tuple[list[Cell], list[ReadingWarning]]:
    """The cells in text order; of a table printed twice the first, unless it is blank there. A
    number of more digits than anything counts is no value: it is warned of and left out."""
    chosen: dict[tuple[str, str | None], tuple[Entry, int]] = {}
    repeated: dict[int, ReadingWarning] = {}
    for number, reading in enumerate(readings):
        for entry in reading.values:
            key = (entry[0], entry[1])
            before = chosen.get(key)
            if before is None or (entry[2].number and not before[0][2].number):
                chosen[key] = (entry, number)
            if before is not None and before[1] != number and number not in repeated:
                message = "同一张统计表再次出现，取先出现的数"
                span = (reading.start, reading.end)
                repeated[number] = ReadingWarning("table_repeated", message, *span)
    entries = sorted((entry for entry, _ in chosen.values()), key=lambda entry: entry[2][:2])
    text = document.text
    cells: list[Cell] = []
    warnings = list(repeated.values())
    for metric, applicant, value, stated, unit, label in entries:
        start, end = value.start, value.end
        raw = text[start:end]
        if len(value.number) > _MOST_DIGITS and _whole_digits(value.number) > _MOST_DIGITS:
            message = f"“{label}”一格的数字位数过多，未读取"
            warnings.append(ReadingWarning("number_too_long", message, start, end))
            continue
        worth = amount(value, stated, unit)
        id_ = f"c{len(cells) + 1}"
        cells.append(Cell(id_, metric, applicant, worth, raw, unit, label, start, end))
    return cells, warnings


def _regions(view: str, readings: list[Reading]) -> tuple[tuple[int, int], ...]:
    """The spans of the tables, overlapping ones joined, with the rest of their last row."""
    joined: list[tuple[int, int]] = []
    for reading in readings:
        start, end = reading.start, reading.end
        rest = _REST_OF_ROW.match(view, end)
        end = rest.end() if rest else end
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
