"""A run: files in, outcomes and rows into the database, whatever happens to files and workers.

Files are taken window by window, so that neither their bytes nor their results fill the memory; a
window's files that are known already go to no worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from nlp.batch.between import compare_all
from nlp.batch.database import allow_sorting, open_results
from nlp.batch.engines import CHUNK, Engine, chunked, dask, local
from nlp.batch.fingerprint import fingerprint
from nlp.batch.inputs import File, Inputs, windows
from nlp.batch.results import Results
from nlp.batch.worker import Outcome, Setup, Task
from nlp.errors import InstallationError

TIME_LIMIT = 60.0
_CHUNKS_IN_WINDOW = 32  # for each worker


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `jobs` counts local processes (None: one for each core); a `scheduler` is the
    address of a Dask cluster, which is used instead; `seconds` is the limit for one report."""

    jobs: int | None = None
    scheduler: str | None = None
    model: str | None = None
    segmenter: str = "jieba"
    seconds: float = TIME_LIMIT


@dataclass(slots=True)
class Tally:
    """What has become of the files so far: `known` ones had been read before."""

    total: int
    read: int = 0
    known: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        """Files that need nothing more."""
        return self.read + self.known + self.failed

    def add(self, outcome: Outcome, *, read: bool = False) -> None:
        """Count what became of a file; `read` where that was just read from its bytes."""
        if outcome.error:
            self.failed += 1
        elif read:
            self.read += 1
        else:
            self.known += 1


def run(
    inputs: Inputs,
    out: Path,
    options: Options,
    *,
    tell: Callable[[Tally], None] = lambda _: None,
    comparing: Callable[[], None] = lambda: None,
) -> Tally:
    """Read all inputs into the database in `out`, then compare the reports with each other.

    `tell` is called whenever some files are done, `comparing` when all are. Raises `ReportError`
    for inputs that name nothing, a database that cannot be written, a broken installation, a
    cluster that does not answer. What had been read by then is kept.
    """
    inputs.check()
    found = fingerprint(options.model, options.segmenter)
    setup = Setup(found.version, options.model, options.segmenter, options.seconds)
    tally = Tally(sum(1 for _ in inputs.find()))
    with open_results(out, create=True) as connection, _engine(options, setup) as engine:
        results = Results(connection, found)
        words = [*inputs.words, *(f"--list {path}" for path in inputs.lists)]
        results.begin(inputs=words, engine=_name(options), jobs=engine.jobs)
        size = CHUNK * _CHUNKS_IN_WINDOW * engine.jobs
        try:
            for window in windows(inputs.find(), files=size):
                _read_window(window, engine, results, tally, tell)
        finally:  # interrupted as well: what is done is kept
            results.commit()
        comparing()
        allow_sorting(connection)
        compare_all(connection)
        results.end(found=tally.done, read=tally.read, known=tally.known, failed=tally.failed)
    return tally


def _engine(options: Options, setup: Setup) -> AbstractContextManager[Engine]:
    if options.scheduler:
        return dask(options.scheduler, setup)
    return local(options.jobs, setup)


def _name(options: Options) -> str:
    return f"dask {options.scheduler}" if options.scheduler else "local"


def _read_window(
    window: Sequence[File],
    engine: Engine,
    results: Results,
    tally: Tally,
    tell: Callable[[Tally], None],
) -> None:
    tasks: dict[str, Task] = {}
    others: dict[str, list[str]] = defaultdict(list)  # further files of a task's content
    for file, outcome in _known(window, results):
        if outcome is not None:
            results.settle([outcome])
            tally.add(outcome)
        elif file.sha256 in tasks:
            others[file.sha256].append(file.name)
        elif file.sha256:
            tasks[file.sha256] = Task(file.name, file.sha256, file.data)
    tell(tally)
    for result in engine.read(list(chunked(tasks.values()))):
        if result.broken:
            raise InstallationError(*result.broken)
        results.add(result)
        for outcome in result.outcomes:
            tally.add(outcome, read=True)
            for name in others.get(outcome.sha256 or "", ()):
                same = Outcome(name, outcome.sha256, outcome.error)
                results.settle([same])
                tally.add(same)
        tell(tally)


def _known(window: Sequence[File], results: Results) -> Iterator[tuple[File, Outcome | None]]:
    """Each file with its outcome, where that needs no reading."""
    known = results.known(file.sha256 for file in window if file.sha256)
    for file in window:
        if file.error:
            yield file, Outcome(file.name, None, file.error)
        elif file.sha256 in known:
            yield file, Outcome(file.name, file.sha256, known[file.sha256])
        else:
            yield file, None
