"""What a worker does: a chunk of files to finished rows, whatever the files hold.

Files come as bytes, so that a worker on another computer needs no file system of ours, and so that
what was hashed is what is read.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from nlp.batch.deadline import TimeLimitError, time_limit
from nlp.batch.fingerprint import NO_MODEL, fingerprint
from nlp.batch.rows import Rows, Tables
from nlp.classifier.reader import Reader, open_reader
from nlp.errors import InstallationError, ReportError
from nlp.pipeline import analyse
from nlp.reading import read_bytes
from nlp.records import ReportResult

# Errors of the machine and not of the file: another run tries these files again.
TIME_LIMIT, WORKER_DIED, MEMORY = "time_limit", "worker_died", "memory"
TRANSIENT = frozenset({TIME_LIMIT, WORKER_DIED, MEMORY})


@dataclass(frozen=True, slots=True)
class Setup:
    """How all reports of a run are read. `seconds` is the limit for one report."""

    version: str
    model: str | None
    segmenter: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read; `path` is how it is named in results."""

    path: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tasks that go to a worker together. `number` is unique among the chunks of a window.

    Like all here it has no weak references, for whose sake joblib leaves its bytes inside the task:
    it would spread them over Dask's workers, where they die with one of them.
    """

    number: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Error:
    """Why a file gave no report, for errors.code and errors.message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: read where `error` is None. `sha256` is None for unreadable bytes."""

    path: str
    sha256: str | None
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a chunk, with the rows of the reports that were read; `broken` instead where
    the worker's installation is at fault and not the files."""

    number: int
    outcomes: tuple[Outcome, ...]
    tables: Tables
    broken: tuple[str, str] | None = None


def read_chunk(chunk: Chunk, setup: Setup) -> Result:
    """Read every file of a chunk; never raises for what a file holds."""
    try:
        reader = _reader(setup)
    except InstallationError as error:  # as words: exceptions with keywords cannot be sent
        return Result(chunk.number, (), {}, (error.code, str(error)))
    rows = Rows(setup.version)
    outcomes = tuple(
        Outcome(task.path, task.sha256, _add(task, reader, setup, rows)) for task in chunk.tasks
    )
    return Result(chunk.number, outcomes, rows.tables())


def _reader(setup: Setup) -> Reader | None:
    """The trained reader, opened before any limit runs; checked to be the one that was asked for."""
    found = fingerprint(setup.model, setup.segmenter).version
    if found != setup.version:
        raise InstallationError(
            "version",
            f"工作进程的程序、规则或模型（{found}）与主进程（{setup.version}）不同",
            advice="请在各台计算机上安装同一版本",
        )
    return None if setup.model == NO_MODEL else open_reader(setup.model, setup.segmenter)


def _add(task: Task, reader: Reader | None, setup: Setup, rows: Rows) -> Error | None:
    """Read one file into `rows`, or tell why not."""
    began = time.perf_counter()
    try:
        with time_limit(setup.seconds):
            result: ReportResult = analyse(read_bytes(task.data, path=task.path), reader)
        rows.add(result, round(time.perf_counter() - began, 4))
    except TimeLimitError:
        return too_slow(setup)
    except MemoryError:
        return Error(MEMORY, "内存不足；请减少 --jobs 或换一台内存更大的计算机")
    except InstallationError:
        raise
    except ReportError as error:
        return told(error)
    except Exception as error:
        return Error("internal", f"程序内部错误 {type(error).__name__}: {error}；请报告给项目")
    return None


def told(error: ReportError) -> Error:
    """The words of an error without its place, which has a column of its own."""
    words = f"{error.problem}；{error.advice}" if error.advice else error.problem
    return Error(error.code, " ".join(words.split()))


def too_slow(setup: Setup) -> Error:
    """The error of a report that took too long, however that was noticed."""
    words = f"超过每份报告的时限{setup.seconds:g}秒；如属正常，请用 --time-limit 放宽后再运行"
    return Error(TIME_LIMIT, words)
