"""The database of a batch, DIR/results.duckdb: made, opened, and refused where it is not ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import UNREADABLE_INPUT, WRONG_USAGE, InstallationError, ReportError

if TYPE_CHECKING:
    import duckdb

NAME = "results.duckdb"
SCHEMA = 1
# Enough to append, so that a run's memory does not grow with what it has read; and enough to sort
# millions of rows for comparing and exporting (more is put on disk).
_TO_APPEND, _TO_SORT = "64MB", "512MB"


class DatabaseError(ReportError):
    """A database that is in use, damaged or of another schema (exit status 3)."""

    status = UNREADABLE_INPUT


class NoResultsError(ReportError):
    """A folder without a database (exit status 2)."""

    status = WRONG_USAGE


@contextlib.contextmanager
def open_results(folder: Path, *, create: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database of a batch folder, for reading, or with `create` for writing.

    Raises `NoResultsError` where there is none, `DatabaseError` where another run has it open or
    it cannot be read, `InstallationError` without DuckDB.
    """
    path = folder / NAME
    if create:
        _make(folder)
    elif not path.is_file():
        advice = "请先运行 python -m nlp.batch INPUT… --out DIR"
        raise NoResultsError("results", f"没有 {NAME}", where=str(folder), advice=advice)
    connection = _connect(path, read_only=not create)
    import duckdb

    try:
        if create:
            _prepare(connection)
        _check(connection, path)
        yield connection
    except duckdb.Error as error:
        problem = f"数据库读写出错（{_first_line(error)}）"
        advice = "请检查磁盘空间；已提交的结果没有丢失，再次运行即可继续"
        raise DatabaseError("database", problem, where=str(path), advice=advice) from error
    finally:
        connection.close()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"无法建立文件夹（{error.strerror}）"
        raise NoResultsError("output", problem, where=str(folder), advice="请换一个位置") from error


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        import duckdb
        import pyarrow  # noqa: F401 - by which rows go in
    except ImportError as error:
        advice = "请运行 pip install 'nianbao-nlp[batch]'"
        raise InstallationError("dependency", f"缺少组件：{error}", advice=advice) from error
    # one thread: the cores belong to the workers, and files come out in one order
    options: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": _TO_SORT if read_only else _TO_APPEND,
        "temp_directory": f"{path}.tmp",
    }
    try:
        return duckdb.connect(str(path), read_only=read_only, config=options)
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            problem, advice = "另一次运行正在使用这个数据库", "请等它结束，或换一个 --out"
        else:
            problem = f"数据库无法打开（{_first_line(error)}）"
            advice = "请换一个 --out，或删去该文件重新运行"
        raise DatabaseError("database", problem, where=str(path), advice=advice) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    tables = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    if tables == (0,):
        connection.execute(resources.files("nlp.batch").joinpath("schema.sql").read_text("utf-8"))
        connection.execute("INSERT INTO meta VALUES (?)", [SCHEMA])
    connection.commit()


def _check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    import duckdb

    try:
        found = connection.execute("SELECT schema_version FROM meta").fetchone()
    except duckdb.Error:
        found = None
    if found != (SCHEMA,):
        problem = f"数据库的格式为{found[0] if found else '未知'}，本程序只认{SCHEMA}"
        raise DatabaseError("database", problem, where=str(path), advice="请换一个 --out")


def allow_sorting(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a database that was opened for writing use as much memory as one that is read."""
    connection.execute(f"SET memory_limit = '{_TO_SORT}'")
