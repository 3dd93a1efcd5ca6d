"""Writing the results of a run: what is known already, and what became of each file.

The rows of a report, the state of its file and its error go into one transaction: after any kill a
report is there with everything or not at all. One process writes, so no two rows are the same.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nlp.batch.fingerprint import Fingerprint
from nlp.batch.worker import TRANSIENT, Error, Outcome, Result

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_PORTION, _SECONDS = 200, 5.0  # to a transaction: at most what a kill makes one read again


class Results:
    """One run's writing. Files that were settled wait until there are enough for a transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fingerprint: Fingerprint) -> None:
        self._connection = connection
        self._version = fingerprint.version
        self._run = 0
        self._committed = time.monotonic()
        self._settled: list[Outcome] = []
        self._tables: dict[str, list[pa.Table]] = defaultdict(list)
        known = connection.execute(
            "SELECT count(*) FROM versions WHERE version = ?", [self._version]
        ).fetchone()
        if known == (0,):
            row = [self._version, *asdict(fingerprint).values()]
            connection.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)", row)

    def begin(self, *, inputs: Sequence[str], engine: str, jobs: int) -> None:
        """Note that a run begins."""
        latest = self._connection.execute("SELECT coalesce(max(run), 0) FROM runs").fetchone()
        assert latest is not None
        self._run = int(latest[0]) + 1
        self._connection.execute(
            "INSERT INTO runs (run, version, inputs, engine, jobs, started) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [self._run, self._version, list(inputs), engine, jobs, _now()],
        )

    def end(self, *, found: int, read: int, known: int, failed: int) -> None:
        """Note that the run has come to its end."""
        self._connection.execute(
            "UPDATE runs SET ended = ?, found = ?, read = ?, known = ?, failed = ? WHERE run = ?",
            [_now(), found, read, known, failed, self._run],
        )

    def known(self, digests: Iterable[str]) -> dict[str, Error | None]:
        """Of these contents those that this version has dealt with: None where a report was read,
        the error where it is the content's own and would come again."""
        self.commit()  # or what was settled just now would not be known
        rows = self._connection.execute(
            "WITH asked AS (SELECT unnest($2::VARCHAR[]) AS sha256) "
            "SELECT sha256, NULL, NULL FROM reports SEMI JOIN asked USING (sha256) "
            "WHERE version = $1 UNION "
            "SELECT sha256, code, message FROM errors SEMI JOIN asked USING (sha256) "
            "WHERE version = $1 AND NOT list_contains($3, code)",
            [self._version, sorted(set(digests)), sorted(TRANSIENT)],
        ).fetchall()
        return {sha256: Error(code, message) if code else None for sha256, code, message in rows}

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """What became of files that no worker had to read."""
        self._settled += outcomes
        late = time.monotonic() - self._committed >= _SECONDS
        if len(self._settled) >= _PORTION or late:
            self.commit()

    def add(self, result: Result) -> None:
        """What became of a worker's files, with the rows of their reports."""
        for name, table in result.tables.items():
            self._tables[name].append(table)
        self.settle(result.outcomes)

    def commit(self) -> None:
        """Put everything that was settled into the database, at once."""
        self._committed = time.monotonic()
        if not self._settled:
            return
        self._connection.begin()
        try:
            for name, tables in self._tables.items():
                self._insert(name, tables)
            self._set_states()
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        self._settled, self._tables = [], defaultdict(list)

    def _insert(self, name: str, tables: list[pa.Table]) -> None:
        import pyarrow as pa

        self._connection.register("incoming", pa.concat_tables(tables))
        self._connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def _set_states(self) -> None:
        """The files of `_settled` as they are now."""
        import pyarrow as pa

        last = list({one.path: one for one in self._settled}.values())
        errors = [one.error for one in last]
        columns = {
            "path": [one.path for one in last],
            "sha256": [one.sha256 for one in last],
            "version": [self._version] * len(last),
            "code": [error and error.code for error in errors],
            "message": [error and error.message for error in errors],
        }
        self._connection.register(
            "incoming",
            pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}),
        )
        for statement in _STATES:
            self._connection.execute(statement.replace(":run", str(self._run)))
        self._connection.unregister("incoming")


# A million files that are as they were are not written again.
_STATES = (
    """CREATE OR REPLACE TEMP TABLE changed AS SELECT * FROM incoming ANTI JOIN files
    ON files.path = incoming.path AND files.version = incoming.version
    AND files.sha256 = incoming.sha256 AND files.error IS NULL AND incoming.code IS NULL""",
    "DELETE FROM files WHERE path IN (SELECT path FROM changed)",
    "INSERT INTO files SELECT path, sha256, version, code, :run FROM changed",
    "DELETE FROM errors USING changed "
    "WHERE errors.path = changed.path AND errors.version = changed.version",
    "INSERT INTO errors SELECT path, sha256, version, code, message FROM changed "
    "WHERE code IS NOT NULL",
)


def _now() -> datetime:
    """The time by Greenwich, without saying so: columns without zones are the same everywhere."""
    return datetime.now(UTC).replace(tzinfo=None)
