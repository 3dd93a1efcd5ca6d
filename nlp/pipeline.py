"""The steps from a document to a report result, in this order and nowhere else.

>>> from nlp.pipeline import analyse_text
>>> result = analyse_text("某县2020年政府信息公开工作年度报告\\n全年收到政府信息公开申请3件。")
>>> [(fact.metric, fact.value, fact.text) for fact in result.facts]
[('request.received', 3, '收到政府信息公开申请3件')]
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from nlp.arithmetic import tested_relations
from nlp.checks import compare
from nlp.classifier.reader import Reader, open_reader
from nlp.errors import InputError
from nlp.facts import Read, planned, read_facts
from nlp.identity import identify
from nlp.items import read_items
from nlp.reading import read_bytes, read_path
from nlp.records import Document, ReportResult
from nlp.structure.prose import read_prose
from nlp.structure.tables import read_tables

# The reader of the model in use, opened when the first report needs it.
CURRENT: Final = "current"


def read_report(path: str | Path, reader: Reader | str | None = CURRENT) -> ReportResult:
    """Read and analyse one file. Raises `InputError` where it is no readable report."""
    return analyse(read_path(path), reader)


def analyse_text(text: str, reader: Reader | str | None = CURRENT) -> ReportResult:
    """Analyse a report that is already a string. Raises `InputError` as `analyse` does, and for
    half a surrogate pair, which no file can hold."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            "encoding", f"第{error.start}个字符不是合法的字符", where="<text>"
        ) from error
    return analyse(read_bytes(data, path="<text>"), reader)


def analyse(
    document: Document,
    reader: Reader | str | None = CURRENT,
    muted: frozenset[str] = frozenset(),
) -> ReportResult:
    """Everything the report says, as records in text order.

    `reader` is the trained half: the model in use, one from `open_reader`, or None for the rules
    alone; rules for the metrics in `muted` are switched off (evaluation does that). Raises
    `InputError` ("not_a_report") for a text that speaks of no information disclosure,
    `InstallationError` where the model is missing or corrupt.
    """
    return analyse_with_reads(document, reader, muted)[0]


def analyse_with_reads(
    document: Document,
    reader: Reader | str | None = CURRENT,
    muted: frozenset[str] = frozenset(),
) -> tuple[ReportResult, tuple[Read, ...]]:
    """As `analyse`, with the passages that the facts were read from and the figures in each."""
    trained = open_reader() if reader == CURRENT else reader
    assert not isinstance(trained, str)
    tables = read_tables(document)
    sections, passages = read_prose(document, tables.regions)
    report = identify(document, passages, tables.template)
    if not _is_report(document, bool(tables.cells)):
        raise InputError(
            "not_a_report",
            "不是政府信息公开工作年度报告（未见相关字样和统计表）",
            where=document.source.path,
            advice="请检查文件是否选错",
        )
    facts, reads, warnings = read_facts(passages, report, document.text, trained, muted)
    items = read_items(passages, sections, tables.regions, report, document.text, trained)
    facts = planned(facts, items, report)
    checks = compare(facts, tables.cells, report)
    findings = tested_relations(facts, reads, tables.cells, report)
    result = ReportResult(
        document=document,
        report=report,
        sections=sections,
        cells=tables.cells,
        facts=facts,
        items=items,
        checks=checks,
        findings=findings,
        warnings=(*tables.warnings, *warnings),
    )
    return result, reads


def _is_report(document: Document, has_cells: bool) -> bool:
    words = ("信息公开", "政务公开", "公开政府信息", "政府信息")
    return has_cells or any(word in document.folded for word in words)
