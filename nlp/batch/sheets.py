"""What stands in the workbook for auditors, sheet by sheet, as rows of plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp import metrics
from nlp.between import wording as compared
from nlp.checks import PARTS
from nlp.output import wording

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 1_000  # rows taken from the database


@dataclass(frozen=True, slots=True)
class Column:
    """Head, width in characters, and look: text, long, year, number, whole, wrong."""

    head: str
    width: float
    look: str = "text"


@dataclass(frozen=True, slots=True)
class FromProse:
    """A number of the prose, where the tables give none."""

    value: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """`frozen` columns stay in sight; `none` stands there when there are no rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    none: str
    frozen: int = 2


_AGENCY, _YEAR = Column("机关", 24), Column("年度", 7, "year")
_PATH = Column("文件", 48)

# What a body's report is read for: these have a column each.
MAIN_METRICS = (
    "disclosure.total", "regulation.made", "regulation.in_force",
    "normative_document.made", "normative_document.repealed", "normative_document.in_force",
    "licence.decisions", "penalty.decisions", "coercion.decisions", "admin_fee.amount",
    "request.received", "request.carried_in", "reply.total", "reply.granted", "reply.partly_granted",
    "reply.refused", "reply.unavailable", "reply.unprocessed", "reply.other", "request.carried_out",
    "review.total", "review.corrected", "litigation.total", "litigation.corrected",
    "response.interpretations", "response.press_conferences",
    "training.sessions", "training.participants",
)  # fmt: skip


def sheets(connection: duckdb.DuckDBPyConnection) -> Iterator[Sheet]:
    """The sheets in their order; the rows of each are read while it is written."""
    yield _differences(connection)
    yield _relations(connection)
    yield _between(connection)
    yield _reports(connection)
    yield _items(connection)
    yield _errors(connection)


def _differences(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (
        _AGENCY, _YEAR, Column("指标", 24, "long"), Column("正文数值", 11, "number"), Column("正文原文", 44, "long"),
        Column("表格数值", 11, "number"), Column("表格行名", 28, "long"), Column("正文减表格", 11, "wrong"),
        Column("所在句子", 60, "long"), _PATH,
    )  # fmt: skip
    query = """
    WITH quoted AS (
        SELECT c.sha256, c.version, c.id,
            string_agg(DISTINCT f.text, '；' ORDER BY f.text) AS words,
            string_agg(DISTINCT f.sentence, ' ／ ' ORDER BY f.sentence) AS sentences
        FROM (SELECT *, unnest(facts) AS fact FROM current_checks WHERE verdict = 'mismatch') c
        JOIN current_facts f ON (f.sha256, f.version, f.id) = (c.sha256, c.version, c.fact)
        GROUP BY ALL
    ), labelled AS (
        SELECT c.sha256, c.version, c.id, string_agg(DISTINCT l.label, '；' ORDER BY l.label) AS labels
        FROM (SELECT *, unnest(cells) AS cell FROM current_checks WHERE verdict = 'mismatch') c
        JOIN current_cells l ON (l.sha256, l.version, l.id) = (c.sha256, c.version, c.cell)
        GROUP BY ALL
    )
    SELECT agency, year, metric, stated, words, "table", labels, difference, sentences, path
    FROM current_checks c JOIN current_reports r USING (sha256, version)
    LEFT JOIN quoted q ON (q.sha256, q.version, q.id) = (c.sha256, c.version, c.id)
    LEFT JOIN labelled l ON (l.sha256, l.version, l.id) = (c.sha256, c.version, c.id)
    WHERE verdict = 'mismatch' ORDER BY agency, year, path, length(c.id), c.id"""
    rows = (
        (_agency(agency), year, metrics.name(metric), *others)
        for agency, year, metric, *others in _fetch(connection, query)
    )
    return Sheet("差异", columns, rows, "正文与统计表没有不符之处")


def _relations(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (
        _AGENCY, _YEAR, Column("范围", 8), Column("所载", 11, "number"), Column("算得", 11, "number"),
        Column("所载减算得", 11, "wrong"), Column("说明", 90, "long"), _PATH,
    )  # fmt: skip
    query = """
    SELECT agency, year, scope, stated, computed, round(stated - computed, 6), message, path
    FROM current_findings f JOIN current_reports r USING (sha256, version)
    WHERE verdict = 'violated' ORDER BY agency, year, path, length(f.id), f.id"""
    rows = (
        (_agency(agency), year, wording.screen("zh")[f"scope_{scope}"], *others)
        for agency, year, scope, *others in _fetch(connection, query)
    )
    return Sheet("勾稽关系", columns, rows, "没有不成立的勾稽关系")


def _between(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (
        _AGENCY, _YEAR, Column("对照年度", 7, "year"), Column("事项", 16), Column("结论", 9),
        Column("指标", 20, "long"),
        Column("本报告数", 11, "number"), Column("应为", 11, "number"), Column("相差", 11, "wrong"),
        Column("说明", 60, "long"), Column("本报告原文", 40, "long"), Column("对照报告原文", 40, "long"),
        Column("对照机关", 24), _PATH, Column("对照文件", 48),
    )  # fmt: skip
    query = """
    SELECT b.agency, b.year, other_year, rule, verdict, metric, stated, computed,
        round(stated - computed, 6), message, words, other_words, other_agency, r.path, o.path
    FROM between_findings b JOIN current_reports r USING (sha256)
    JOIN current_reports o ON o.sha256 = other_sha256
    WHERE verdict <> 'holds'
    ORDER BY array_position(['violated', 'unverifiable', 'note'], verdict), b.agency, b.year,
        other_year DESC, r.path, scope DESC, length(b.id), b.id"""
    rows = (
        (
            *(agency, year, other_year, compared.rule(rule), compared.verdict(verdict)),
            metrics.name(metric) if metric else "",
            *others,
        )
        for agency, year, other_year, rule, verdict, metric, *others in _fetch(connection, query)
    )
    return Sheet("跨年核对", columns, rows, "没有可以对照的报告，或各年度都相符", frozen=3)


def _reports(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (
        _AGENCY, _YEAR, Column("差异", 6, "whole"), Column("勾稽不成立", 7, "whole"),
        Column("核对一致", 6, "whole"), Column("发布日期", 11), Column("统计表格式", 17),
        *(Column(metrics.name(code), 11, "whole") for code in MAIN_METRICS),
        Column("标题（蓝色斜体数字取自正文，其余取自统计表）", 44), _PATH,
    )  # fmt: skip
    rows = (
        (
            _agency(agency), year, differing, violated, agreeing, published,
            wording.template(template, "zh"),
            *map(_valued, values[:-2:2], values[1:-2:2]), *values[-2:],
        )
        for agency, year, differing, violated, agreeing, published, template, *values in _fetch(
            connection, _reports_query()
        )
    )  # fmt: skip
    return Sheet("各报告", columns, rows, "没有读成的报告")


_OWN_CELL, _SUM_OF_PARTS, _PROSE = range(3)


def _valued(value: float | None, source: int | None) -> float | FromProse | None:
    return FromProse(value) if value is not None and source == _PROSE else value


def _reports_query() -> str:
    """A row for each report; for each main metric its value and where that comes from: the table's
    cell; the sum of its parts where the table has only these; or the prose."""
    chosen = ", ".join(
        f"arg_min(value, source) FILTER (metric = '{code}'), min(source) FILTER (metric = '{code}')"
        for code in MAIN_METRICS
    )
    wanted = ", ".join(f"'{code}'" for code in MAIN_METRICS)
    parts = ", ".join(
        f"('{whole}', '{part}', {len(of)})" for whole, of in PARTS.items() for part in of
    )
    return _REPORTS.format(
        chosen=chosen, wanted=wanted, parts=parts, own=_OWN_CELL, sums=_SUM_OF_PARTS, prose=_PROSE
    )


_REPORTS = """
WITH cell AS (
    SELECT sha256, version, metric, arg_min(value, start) AS value
    FROM current_cells WHERE coalesce(applicant, 'total') = 'total' GROUP BY ALL
), parts (whole, part, pieces) AS (VALUES {parts}),
valued AS (
    SELECT *, {own} AS source FROM cell WHERE value IS NOT NULL
    UNION ALL
    SELECT sha256, version, whole, sum(value), {sums}
    FROM cell JOIN parts ON metric = part
    GROUP BY sha256, version, whole, pieces HAVING count(value) = pieces
    UNION ALL
    SELECT f.sha256, f.version, metric, arg_min(value, start), {prose}
    FROM current_facts f JOIN current_reports r
    ON f.sha256 = r.sha256 AND f.version = r.version AND f.year = r.year
    WHERE subject IS NULL AND basis = 'total' GROUP BY ALL
), main AS (
    SELECT sha256, version, {chosen} FROM valued WHERE metric IN ({wanted})
    GROUP BY sha256, version
), checked AS (
    SELECT sha256, version, count(*) FILTER (verdict = 'mismatch') AS differing,
        count(*) FILTER (verdict <> 'mismatch') AS agreeing
    FROM current_checks GROUP BY ALL
), tested AS (
    SELECT sha256, version, count(*) AS violated
    FROM current_findings WHERE verdict = 'violated' GROUP BY ALL
)
SELECT agency, year, coalesce(differing, 0), coalesce(violated, 0), coalesce(agreeing, 0),
    published, template, main.* EXCLUDE (sha256, version), title, path
FROM current_reports r LEFT JOIN main USING (sha256, version)
LEFT JOIN checked USING (sha256, version) LEFT JOIN tested USING (sha256, version)
ORDER BY agency, year, path"""


def _items(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (
        _AGENCY, _YEAR, Column("类别", 10), Column("序号", 6, "whole"), Column("主题", 12),
        Column("内容", 100, "long"), _PATH,
    )  # fmt: skip
    query = """
    SELECT agency, year, kind, ordinal, topic, text, path
    FROM current_items i JOIN current_reports r USING (sha256, version)
    ORDER BY agency, year, path, array_position(['problem', 'plan', 'remedy'], kind), ordinal"""
    rows = (
        (
            _agency(agency),
            year,
            _KINDS[kind],
            ordinal,
            wording.topic(topic, "zh") if topic else "",
            *others,
        )
        for agency, year, kind, ordinal, topic, *others in _fetch(connection, query)
    )
    return Sheet("问题和计划", columns, rows, "没有读到问题或计划")


_KINDS = {"problem": "存在的问题", "plan": "下一年计划", "remedy": "已采取措施"}


def _errors(connection: duckdb.DuckDBPyConnection) -> Sheet:
    columns = (Column("文件", 70), Column("原因", 90, "long"), Column("代码", 14))
    query = "SELECT path, message, code FROM current_errors ORDER BY path, version"
    return Sheet("未能读取", columns, _fetch(connection, query), "全部文件都已读成", frozen=1)


def _agency(name: str | None) -> str:
    return name or "机关不明"


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    rows = connection.cursor().execute(query)
    while portion := rows.fetchmany(_AT_ONCE):
        yield from portion
