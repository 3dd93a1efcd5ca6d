"""Tables of the database as files: Parquet, CSV or JSON lines by DuckDB, a workbook by workbook.py.

Rows stand in one order (by content of the report, then as in the report), so the same results give
the same bytes, whoever read them. Times and runs stay in the database: no two runs share them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.output.writing import OutputError

if TYPE_CHECKING:
    import duckdb

WORKBOOK = "reports.xlsx"

# Ids are a letter and a number: f2 stands before f10.
_BY_ID = "sha256, version, length(id), id"
TABLES = {
    "reports": "SELECT * FROM current_reports ORDER BY path, sha256",
    **{
        name: f"SELECT * FROM current_{name} ORDER BY {_BY_ID}"
        for name in ("sections", "cells", "facts", "items", "checks", "findings")
    },
    "warnings": "SELECT * FROM current_warnings ORDER BY sha256, version, ordinal",
    "between_findings": "SELECT * FROM between_findings "
    "ORDER BY agency, year, sha256, length(id), id",
    "errors": "SELECT * FROM current_errors ORDER BY path, version",
}
_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER",
    "jsonl": "FORMAT json",
}


def export(
    connection: duckdb.DuckDBPyConnection,
    formats: Sequence[str],
    folder: Path,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write the results into `folder` and return the files. Each is whole or not there. Formats are
    parquet, csv, jsonl and xlsx.

    Raises `OutputError` where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "output",
            f"无法建立文件夹（{error.strerror}）",
            where=str(folder),
            advice="请换一个位置",
        ) from error
    written = []
    for format_ in dict.fromkeys(formats):
        if format_ == "xlsx":
            from nlp.batch.workbook import write

            tell(WORKBOOK)
            path = folder / WORKBOOK
            with _whole(path) as draft:
                write(connection, draft)
            written.append(path)
        else:
            written += _copy(connection, format_, folder, tell)
    return written


def _copy(
    connection: duckdb.DuckDBPyConnection,
    format_: str,
    folder: Path,
    tell: Callable[[str], None],
) -> list[Path]:
    written = []
    for name, query in TABLES.items():
        path = folder / f"{name}.{format_}"
        tell(path.name)
        chosen = _joined_lists(connection, query) if format_ == "csv" else query
        with _whole(path) as draft:
            place = str(draft).replace("'", "''")
            connection.execute(f"COPY ({chosen}) TO '{place}' ({_OPTIONS[format_]})")
        written.append(path)
    return written


def _joined_lists(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """A CSV cell holds one text: ids and reasons stand in it with ; between them."""
    columns = connection.execute(f"DESCRIBE {query}").fetchall()
    lists = [name for name, kind, *_ in columns if kind.endswith("[]")]
    joined = ", ".join(f"array_to_string({name}, ';') AS {name}" for name in lists)
    return f"SELECT * REPLACE ({joined}) FROM ({query})" if lists else query


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A draft beside the place of a file, moved there when the block ends well."""
    import duckdb

    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield draft
        draft.replace(path)
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        problem = f"无法写入（{reason}）"
        raise OutputError("output", problem, where=str(path), advice="请换一个位置") from error
    finally:
        draft.unlink(missing_ok=True)
