"""Which reports to annotate: files, folders, or the results of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp.errors import InputError

_SUFFIXES = frozenset({".txt", ".text", ".md", ".htm", ".html", ""})
_RESULTS = "results.duckdb"  # what a batch leaves in its folder


def report_paths(words: Iterable[str]) -> list[Path]:
    """The files that were named, those in folders that were named (at any depth, in order of their
    names), and those of batch results; each once.

    Raises `InputError` for a name that nothing has, or where nothing is found.
    """
    found: dict[Path, Path] = {}
    named = list(words)
    for word in named:
        for path in _paths(Path(word)):
            found.setdefault(path.resolve(), path)
    if not found:
        raise InputError("missing", "没有可标注的报告", where="、".join(named), advice="请检查路径")
    return list(found.values())


def _paths(path: Path) -> Iterator[Path]:
    if path.suffix == Path(_RESULTS).suffix or (path / _RESULTS).is_file():
        yield from paths_of_batch(path / _RESULTS if path.is_dir() else path)
    elif path.is_dir():
        yield from (
            one
            for one in sorted(path.rglob("*"))
            if one.suffix.lower() in _SUFFIXES and not one.name.startswith(".") and not one.is_dir()
        )
    elif path.exists():
        yield path
    else:
        raise InputError("missing", "文件不存在", where=str(path), advice="请检查路径")


def paths_of_batch(database: Path) -> list[Path]:
    """The report paths of a batch result: the table `reports(path)` of a DuckDB file, in its order.

    Relative paths are taken from where the command runs. Raises `InputError` where the file, the
    table or the library is missing.
    """
    if not database.is_file():
        raise InputError("missing", "文件不存在", where=str(database), advice="请检查路径")
    try:
        import duckdb
    except ImportError as error:
        raise InputError(
            "dependency",
            "读批量结果需要 duckdb",
            where=str(database),
            advice="请运行 pip install duckdb",
        ) from error
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute("SELECT path FROM reports").fetchall()
    except duckdb.Error as error:
        problem = f"不是批量结果（{str(error).splitlines()[0]}）"
        raise InputError("batch", problem, where=str(database)) from error
    return [Path(row[0]) for row in rows if row[0]]
