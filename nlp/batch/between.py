"""The step after reading: the reports in the database compared with each other, agency by agency.

Everything is worked out anew in one transaction, so that a killed run leaves either the earlier
comparisons or the new ones; nothing is done where no report has changed since the last time. Only
a portion of the agencies is in memory at once: rows are first put in the agencies' order on disk.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp import between
from nlp.between import parts
from nlp.between.agencies import agency_of, parent_of
from nlp.between.records import Comparison, YearlyReport
from nlp.between.timeline import compare_years
from nlp.checks import PARTS
from nlp.numerals import tidy
from nlp.records import Cell, Check, Fact, Item, Number, Report

if TYPE_CHECKING:
    import duckdb

_PORTION = 100  # reports in memory at once, more only where one agency has more
_MEMORY = "128MB"  # of DuckDB, for the rows that wait: the rest goes to the disk
_NEVER_MORE = 60  # reports of one name: more are not one body's
_OFFICES = ("政府办公室", "政府办公厅", "政府办")

Rows = dict[int, list[tuple[Any, ...]]]


def compare_all(connection: duckdb.DuckDBPyConnection) -> int:
    """Compare all current reports and store what was found in `between_findings`; the number of
    comparisons. The same reports give the same rows."""
    connection.execute("CREATE TABLE IF NOT EXISTS between_state (signature VARCHAR NOT NULL)")
    signature = _signature(connection)
    if connection.execute("SELECT signature FROM between_state").fetchall() != [(signature,)]:
        with _little_memory(connection):
            connection.begin()
            try:
                _renew(connection, signature)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    count = connection.execute("SELECT count(*) FROM between_findings").fetchone()
    return int(count[0]) if count else 0


def _renew(connection: duckdb.DuckDBPyConnection, signature: str) -> None:
    connection.execute("DELETE FROM between_findings")
    _order(connection)
    for found in chain(_of_years(connection), _of_parts(connection)):
        _insert(connection, found)
    connection.execute("DELETE FROM between_state")
    connection.execute("INSERT INTO between_state VALUES (?)", [signature])
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE {table}")


@contextmanager
def _little_memory(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    before = connection.execute("SELECT current_setting('memory_limit')").fetchone()
    connection.execute(f"SET memory_limit = '{_MEMORY}'")
    try:
        yield
    finally:
        connection.execute(f"SET memory_limit = '{before[0]}'" if before else "RESET memory_limit")


def _signature(connection: duckdb.DuckDBPyConnection) -> str:
    """Changes with the reports and with the code that compares them."""
    state = connection.execute(
        "SELECT count(*), coalesce(bit_xor(hash(sha256, version)), 0) FROM current_reports"
    ).fetchone()
    digest = hashlib.sha256(repr(state).encode())
    for path in sorted([*Path(between.__path__[0]).glob("*.py"), Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_TEMPORARY = ("agencies", "panel", "panel_cells", "panel_facts", "panel_items", "panel_checks",
              "families", "family_cells")  # fmt: skip
_CELLS = "id, metric, applicant, value"
_FACTS = "id, metric, value, low, high, c.year, basis, text, sentence, method, confidence"
_ITEMS = "id, kind, ordinal, text, topic"
_CHECKS = 'id, metric, verdict, facts, cells, stated, "table"'
_ORDERED = """
CREATE TEMP TABLE panel_{table} AS SELECT place, {columns}
FROM {table} c JOIN panel USING (sha256, version) WHERE {condition} ORDER BY place, {order}"""


def _order(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables with the rows of all reports that have another to be compared with; `place`
    counts the reports, those of one agency together."""
    _name_agencies(connection)
    connection.execute(
        """
        CREATE TEMP TABLE panel AS
        SELECT row_number() OVER (ORDER BY key, r.year, sha256) AS place, key, r.*
        FROM current_reports r JOIN agencies USING (agency)
        WHERE r.year IS NOT NULL
        QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND ?""",
        [_NEVER_MORE],
    )
    for table, columns, condition, order in (
        ("cells", _CELLS, "true", "start, length(id), id"),
        ("facts", _FACTS, "subject IS NULL", "start, length(id), id"),
        ("items", _ITEMS, "true", "start, length(id), id"),
        ("checks", _CHECKS, "verdict = 'mismatch'", "length(id), id"),
    ):
        connection.execute(
            _ORDERED.format(table=table, columns=columns, condition=condition, order=order)
        )


def _name_agencies(connection: duckdb.DuckDBPyConnection) -> None:
    """The body that each printed name means, and the government it belongs to."""
    import pyarrow as pa

    names = [
        str(name)
        for (name,) in connection.execute(
            "SELECT DISTINCT agency FROM current_reports WHERE agency IS NOT NULL ORDER BY agency"
        ).fetchall()
    ]
    known = {name: agency for name in names if (agency := agency_of(name))}
    governments = {agency.key for agency in known.values() if agency.governs}
    parents = {name: parent_of(agency, governments) for name, agency in known.items()}
    for name, agency in known.items():
        if agency.key in {f"{parents[name]}{office}" for office in _OFFICES}:
            parents[name] = None  # it reports for the government rather than to it
    columns = {
        "agency": list(known),
        "key": [agency.key for agency in known.values()],
        "parent": [parents[name] for name in known],
    }
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    connection.register("incoming", table)
    connection.execute("CREATE TEMP TABLE agencies AS SELECT * FROM incoming")
    connection.unregister("incoming")


# Years


def _of_years(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Comparison]]:
    for first, last in _portions(connection, "panel", "key"):
        reports = _load(connection, first, last)
        yield [
            one
            for _, group in groupby(reports, key=itemgetter(0))
            for one in compare_years(report for _, report in group)
        ]


def _portions(
    connection: duckdb.DuckDBPyConnection, table: str, group: str
) -> Iterator[tuple[int, int]]:
    """First and last places of portions; what belongs together is in one."""
    ends = connection.execute(
        f"SELECT max(place) FROM {table} GROUP BY {group} ORDER BY 1"
    ).fetchall()
    first = 1
    for n, (end,) in enumerate(ends):
        following = ends[n + 1][0] if n + 1 < len(ends) else None
        if following is None or following - first >= _PORTION:
            yield first, end
            first = end + 1


def _load(
    connection: duckdb.DuckDBPyConnection, first: int, last: int
) -> list[tuple[str, YearlyReport]]:
    """The reports of a portion, each with the key of its agency."""

    def rows(table: str) -> Rows:
        found: Rows = defaultdict(list)
        query = f"SELECT * FROM panel_{table} WHERE place BETWEEN ? AND ?"
        for place, *values in connection.execute(query, [first, last]).fetchall():
            found[place].append(tuple(values))
        return found

    cells, facts, items, checks = map(rows, ("cells", "facts", "items", "checks"))
    heads = connection.execute(
        "SELECT place, key, sha256, title, agency, year, period_start, period_end, published, "
        "template FROM panel WHERE place BETWEEN ? AND ? ORDER BY place",
        [first, last],
    ).fetchall()
    return [
        (
            key,
            YearlyReport(
                key=sha256,
                report=_report(*head),
                cells=tuple(_cell(*row) for row in cells[place]),
                facts=tuple(_fact(*row) for row in facts[place]),
                items=tuple(_item(*row) for row in items[place]),
                checks=tuple(_check(*row) for row in checks[place]),
                sentences={row[0]: row[8] for row in facts[place]},
            ),
        )
        for place, key, sha256, *head in heads
    ]


def _number(value: float) -> Number:
    """The integer that it is: the database has one kind of numbers."""
    return int(value) if value.is_integer() else value


def _report(
    title: str, agency: str, year: int, first: str | None, last: str | None,
    published: str | None, template: str | None,
) -> Report:  # fmt: skip
    return Report(
        title, agency, year, (first, last) if first and last else None, published, template
    )


def _cell(id_: str, metric: str, applicant: str | None, value: float | None) -> Cell:
    number = None if value is None else _number(value)
    return Cell(id_, metric, applicant, number, "" if value is None else str(number), "", "", 0, 0)


def _fact(
    id_: str, metric: str, value: float, low: float, high: float, year: int | None, basis: Any,
    text: str, sentence: str, method: str, confidence: float,
) -> Fact:  # fmt: skip
    return Fact(
        id=id_, metric=metric, value=_number(value), unit="", low=_number(low), high=_number(high),
        qualifier=None, year=year, subject=None, basis=basis, text=text, start=0, end=0,
        sentence=(0, len(sentence)), method=method, confidence=confidence,
    )  # fmt: skip


def _item(id_: str, kind: Any, ordinal: int, text: str, topic: str | None) -> Item:
    return Item(id_, kind, ordinal, text, 0, len(text), topic, "", 1.0)


def _check(
    id_: str, metric: str, verdict: Any, facts: list[str], cells: list[str], stated: float,
    table: float,
) -> Check:  # fmt: skip
    difference = tidy(stated - table)
    return Check(
        id_,
        metric,
        verdict,
        tuple(facts),
        tuple(cells),
        _number(stated),
        _number(table),
        difference,
        "",
    )


# Parts


def _of_parts(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Comparison]]:
    """Notes on governments and the bodies that belong to them, year by year."""
    codes = [code for metric in parts.METRICS for code in (metric, *PARTS.get(metric, ()))]
    connection.execute(_FAMILIES)
    connection.execute(_FAMILY_CELLS, [codes])
    for first, last in _portions(connection, "families", "family"):
        members = _members(connection, first, last)
        found: list[Comparison] = []
        for _, group in groupby(members, key=itemgetter(0)):
            whole, *others = [report for _, report in group]
            found += parts.compare_parts(whole, others)
        yield found


# The newest report of each body in each year; in a family the government stands first.
_FAMILIES = """
CREATE TEMP TABLE families AS
WITH newest AS (
    SELECT key, parent, r.* FROM current_reports r JOIN agencies USING (agency)
    WHERE r.year IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY key, r.year ORDER BY published DESC NULLS LAST, sha256
    ) = 1
), members AS (
    SELECT whole.key AS family, whole.year AS of_year, whole.sha256 AS head, part.*
    FROM newest whole JOIN newest part ON part.parent = whole.key AND part.year = whole.year
), everyone AS (
    SELECT DISTINCT family, of_year, true AS is_head, key, sha256, version, agency, year
    FROM newest JOIN (SELECT DISTINCT family, of_year, head FROM members)
    ON sha256 = head AND year = of_year
    UNION ALL
    SELECT family, of_year, false, key, sha256, version, agency, year FROM members
)
SELECT row_number() OVER (ORDER BY family, of_year, NOT is_head, key) AS place,
    family || ' ' || of_year AS family, sha256, version, agency, year
FROM everyone"""
_FAMILY_CELLS = """
CREATE TEMP TABLE family_cells AS
SELECT place, id, metric, applicant, value FROM cells JOIN families USING (sha256, version)
WHERE list_contains(?, metric) AND coalesce(applicant, 'total') = 'total'
ORDER BY place, start, length(id), id"""


def _members(
    connection: duckdb.DuckDBPyConnection, first: int, last: int
) -> list[tuple[str, YearlyReport]]:
    cells: Rows = defaultdict(list)
    query = "SELECT * FROM family_cells WHERE place BETWEEN ? AND ?"
    for place, *values in connection.execute(query, [first, last]).fetchall():
        cells[place].append(tuple(values))
    heads = connection.execute(
        "SELECT place, family, sha256, agency, year FROM families "
        "WHERE place BETWEEN ? AND ? ORDER BY place",
        [first, last],
    ).fetchall()
    return [
        (
            family,
            YearlyReport(
                key=sha256,
                report=Report(None, agency, year, None, None, None),
                cells=tuple(_cell(*row) for row in cells[place]),
            ),
        )
        for place, family, sha256, agency, year in heads
    ]


# Rows out

_NUMBERS = frozenset({"stated", "computed"})
_LISTS = frozenset({"evidence", "other_evidence"})
_YEARS = frozenset({"year", "other_year"})


def _insert(connection: duckdb.DuckDBPyConnection, found: Sequence[Comparison]) -> None:
    """Append comparisons; ids count those of one report, y1 between years and p1 with parts."""
    import pyarrow as pa

    if not found:
        return
    counts: dict[tuple[str, str], int] = defaultdict(int)
    ids = []
    for one in found:
        counts[one.key, one.scope] += 1
        ids.append(f"{one.scope[0]}{counts[one.key, one.scope]}")
    columns: dict[str, Any] = {"id": pa.array(ids, pa.string())}
    names = [field.name for field in fields(Comparison)]
    for name, values in zip(names, zip(*map(astuple, found), strict=True), strict=True):
        columns[name.replace("key", "sha256")] = pa.array(values, _type(name))
    connection.register("incoming", pa.table(columns))
    connection.execute("INSERT INTO between_findings BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")


def _type(name: str) -> Any:
    import pyarrow as pa

    if name in _NUMBERS:
        return pa.float64()
    if name in _YEARS:
        return pa.int32()
    return pa.list_(pa.string()) if name in _LISTS else pa.string()
