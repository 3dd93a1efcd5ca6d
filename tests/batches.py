"""What tests of batches share: an engine without processes, and the tables that a run leaves."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from loading import REPORTS
from nlp.batch import run as running
from nlp.batch.database import open_results
from nlp.batch.export import TABLES
from nlp.batch.inputs import Inputs
from nlp.batch.run import Options, Tally, run
from nlp.batch.worker import Chunk, Result, Setup, read_chunk

SHORT = sorted(REPORTS, key=lambda path: path.stat().st_size)[:5]


class Direct:
    """Reads in this process, the last chunk first."""

    jobs = 1

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        for chunk in reversed(chunks):
            yield read_chunk(chunk, self.setup)


def read_here(monkeypatch: pytest.MonkeyPatch, engine: type = Direct) -> None:
    """Let `run` read in this process."""

    @contextlib.contextmanager
    def local(jobs: int | None, setup: Setup) -> Iterator[Any]:
        yield engine(setup)

    monkeypatch.setattr(running, "local", local)


def batch(folder: Path, out: Path, **options: Any) -> Tally:
    """Read a folder."""
    return run(Inputs([str(folder)]), out, Options(**options))


def tables(out: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What every table shows."""
    with open_results(out) as connection:
        return {name: connection.execute(query).fetchall() for name, query in TABLES.items()}


def rows(out: Path, query: str) -> list[tuple[Any, ...]]:
    with open_results(out) as connection:
        return connection.execute(query).fetchall()


def fill(folder: Path, count: int = len(SHORT)) -> Path:
    """A folder with some bundled reports."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in SHORT[:count]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
