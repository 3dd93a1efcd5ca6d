"""What is counted over all current reports of a batch, each by one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_MOST_SLOW = 10


@dataclass(frozen=True, slots=True)
class Head:
    """The batch at a glance; years are None where no report states one."""

    reports: int
    agencies: int
    first_year: int | None
    last_year: int | None
    failed: int
    facts: int
    cells: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many reports give a metric for themselves: in table and prose, in one of them."""

    metric: str
    both: int
    table: int
    prose: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the checks of a metric came out."""

    metric: str
    match: int
    approximate: int
    mismatch: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How relations came out: of a scope (table, narrative), or of a rule between reports."""

    name: str
    holds: int
    violated: int
    unverifiable: int
    note: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """How many problems, plans and remedies have a topic, and how many reports such a problem."""

    topic: str | None
    problems: int
    plans: int
    remedies: int
    reports: int


@dataclass(frozen=True, slots=True)
class Often:
    """Something that happened `count` times, in `reports` reports or files; one example."""

    code: str
    count: int
    reports: int
    example: str


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds for a report: quantiles, reports by tenth of a second (up to its end), slowest."""

    median: float
    most: float
    longest: float
    histogram: tuple[tuple[float, int], ...]
    slowest: tuple[tuple[str, float, int], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that is told of a batch. `years` counts reports by year and form of tables."""

    head: Head
    years: tuple[tuple[int | None, str | None, int], ...]
    coverage: tuple[Coverage, ...]
    agreement: tuple[Agreement, ...]
    relations: tuple[Outcomes, ...]
    between: tuple[Outcomes, ...]
    topics: tuple[Topic, ...]
    times: Times | None
    warnings: tuple[Often, ...]
    errors: tuple[Often, ...]


def summarise(connection: duckdb.DuckDBPyConnection) -> Summary:
    """Count everything."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query).fetchall()

    return Summary(
        head=Head(*rows(_HEAD)[0]),
        years=tuple(rows(_YEARS)),
        coverage=tuple(Coverage(*row) for row in rows(_COVERAGE)),
        agreement=tuple(Agreement(*row) for row in rows(_AGREEMENT)),
        relations=tuple(Outcomes(*row) for row in rows(_RELATIONS)),
        between=tuple(Outcomes(*row) for row in rows(_BETWEEN)),
        topics=tuple(Topic(*row) for row in rows(_TOPICS)),
        times=_times(connection),
        warnings=tuple(Often(*row) for row in rows(_WARNINGS)),
        errors=tuple(Often(*row) for row in rows(_ERRORS)),
    )


def _times(connection: duckdb.DuckDBPyConnection) -> Times | None:
    found = connection.execute(
        "SELECT quantile_cont(seconds, 0.5), quantile_cont(seconds, 0.95), max(seconds) "
        "FROM current_timings"
    ).fetchone()
    if found is None or found[0] is None:
        return None
    median, most, longest = found
    return Times(
        median=median,
        most=most,
        longest=longest,
        histogram=tuple(connection.execute(_HISTOGRAM).fetchall()),
        slowest=tuple(connection.execute(_SLOWEST, [_MOST_SLOW]).fetchall()),
    )


_HEAD = """
SELECT count(*), count(DISTINCT agency), min(year), max(year),
    (SELECT count(*) FROM current_errors), (SELECT count(*) FROM current_facts),
    (SELECT count(*) FROM current_cells WHERE value IS NOT NULL)
FROM current_reports"""
_YEARS = """
SELECT year, template, count(*) FROM current_reports GROUP BY ALL
ORDER BY year NULLS LAST, template NULLS LAST"""
_COVERAGE = """
WITH given AS (
    SELECT DISTINCT sha256, metric, true AS in_table FROM current_cells WHERE value IS NOT NULL
    UNION ALL
    SELECT DISTINCT sha256, metric, false FROM current_facts f JOIN current_reports r
    USING (sha256, version)
    WHERE f.year = r.year AND subject IS NULL AND basis = 'total' AND metric <> 'other'
), by_report AS (
    SELECT sha256, metric, bool_or(in_table) AS t, bool_or(NOT in_table) AS p
    FROM given GROUP BY ALL
)
SELECT metric, count(*) FILTER (t AND p), count(*) FILTER (t AND NOT p), count(*) FILTER (NOT t)
FROM by_report GROUP BY metric ORDER BY count(*) DESC, metric"""
_AGREEMENT = """
SELECT metric, count(*) FILTER (verdict = 'match'), count(*) FILTER (verdict = 'approximate'),
    count(*) FILTER (verdict = 'mismatch')
FROM current_checks GROUP BY metric
ORDER BY count(*) FILTER (verdict = 'mismatch') DESC, count(*) DESC, metric"""
_VERDICTS = """count(*) FILTER (verdict = 'holds'), count(*) FILTER (verdict = 'violated'),
    count(*) FILTER (verdict = 'unverifiable')"""
_RELATIONS = f"SELECT scope, {_VERDICTS} FROM current_findings GROUP BY scope ORDER BY scope DESC"
_BETWEEN = f"""
SELECT rule, {_VERDICTS}, count(*) FILTER (verdict = 'note') FROM between_findings
GROUP BY rule ORDER BY count(*) FILTER (verdict = 'violated') DESC,
    count(*) FILTER (verdict = 'unverifiable') DESC, count(*) DESC, rule"""
_TOPICS = """
SELECT topic, count(*) FILTER (kind = 'problem'), count(*) FILTER (kind = 'plan'),
    count(*) FILTER (kind = 'remedy'), count(DISTINCT sha256) FILTER (kind = 'problem')
FROM current_items GROUP BY topic
ORDER BY count(*) FILTER (kind = 'problem') DESC, count(*) DESC, topic"""
_WARNINGS = """
SELECT code, count(*), count(DISTINCT sha256), min(message) FROM current_warnings
GROUP BY code ORDER BY 2 DESC, 1"""
_ERRORS = """
SELECT code, count(*), count(DISTINCT path), min(path) FROM current_errors
GROUP BY code ORDER BY 2 DESC, 1"""
_HISTOGRAM = """
SELECT least(ceil(seconds * 50) / 50, 1.0) AS upto, count(*) FROM current_timings
GROUP BY 1 ORDER BY 1"""
_SLOWEST = """
SELECT path, seconds, text_length FROM current_timings JOIN current_reports
USING (sha256, version) ORDER BY seconds DESC, path LIMIT ?"""
