"""The reports at hand: each read once in the background, its tasks kept, its text kept while in use."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.annotate.figures import Tables, figure_tasks
from nlp.annotate.items import item_tasks
from nlp.annotate.tasks import Task
from nlp.classifier.reader import Reader
from nlp.errors import InstallationError, ReportError
from nlp.output import console
from nlp.pipeline import analyse_with_reads
from nlp.reading import read_path
from nlp.records import Passage, ReportResult

_HELD = (
    2_000_000  # characters of the texts in memory; others are read again when they are asked for
)


@dataclass(frozen=True)
class Opened:
    """A report with its passages and tasks, as one reader reads it."""

    name: str
    result: ReportResult
    passages: tuple[Passage, ...]
    tables: Tables
    tasks: dict[str, Task]


@dataclass
class Entry:
    """A report of the library; `error` where it cannot be read, `twin` where another file has the
    same bytes."""

    number: int
    path: Path
    name: str = ""
    title: str = ""
    error: str = ""
    twin: str = ""
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def is_read(self) -> bool:
        return bool(self.name or self.error or self.twin)


class Library:
    """Reports by number. Safe to ask from several threads."""

    def __init__(self, paths: Sequence[Path], reader: Reader | None) -> None:
        self.entries = [Entry(number, path) for number, path in enumerate(paths, start=1)]
        self.reader = reader
        self.version = 0  # another whenever there are other tasks
        self._held: OrderedDict[int, Opened] = OrderedDict()
        self._by_name: dict[str, Entry] = {}
        self._lock = threading.RLock()

    def read_all(self, *, stop: threading.Event | None = None) -> None:
        """Read every report that has not been read; for a thread of its own."""
        for entry in self.entries:
            if stop is not None and stop.is_set():
                return
            if not entry.is_read:
                self.open(entry)

    def use(self, reader: Reader | None) -> None:
        """Read everything anew with another model."""
        with self._lock:
            self.reader = reader
            self.version += 1
            self._held.clear()
            self._by_name.clear()
            for entry in self.entries:
                entry.name = entry.error = entry.twin = ""
                entry.tasks = {}

    def open(self, entry: Entry) -> Opened | None:
        """A report as it is read now; None where it cannot be, which `entry.error` explains.
        Raises `InstallationError` alone."""
        with self._lock:
            reader = self.reader
            if entry.number in self._held:
                self._held.move_to_end(entry.number)
                return self._held[entry.number]
        opened, problem = self._read(entry.path, reader)  # without the lock: it may take seconds
        with self._lock:
            if reader is not self.reader:
                return self.open(entry)
            if opened is None:
                entry.error = problem
                return None
            return self._keep(entry, opened)

    def _read(self, path: Path, reader: Reader | None) -> tuple[Opened | None, str]:
        try:
            return opened_report(path, reader), ""
        except InstallationError:
            raise
        except ReportError as error:
            return None, str(error)
        except Exception as error:
            return None, str(console.unexpected(error, where=str(path)))

    def _keep(self, entry: Entry, opened: Opened) -> Opened | None:
        twin = self._by_name.setdefault(opened.name, entry)
        if twin is not entry:
            entry.twin = twin.path.name
            return None
        if entry.name and entry.name != opened.name:  # the file has changed since
            self._by_name.pop(entry.name, None)
        report = opened.result.report
        self.version += entry.tasks != opened.tasks
        entry.tasks, entry.name = opened.tasks, opened.name
        entry.title = " ".join((report.title or entry.path.name).split())[:80]
        self._held[entry.number] = opened
        while len(self._held) > 1 and self._characters() > _HELD:
            self._held.popitem(last=False)
        return opened

    def _characters(self) -> int:
        return sum(one.result.document.source.text_length for one in self._held.values())

    def entry(self, number: int) -> Entry | None:
        return self.entries[number - 1] if 1 <= number <= len(self.entries) else None

    def named(self, report: str) -> Entry | None:
        """The report of a task, where it is at hand."""
        return self._by_name.get(report)

    def find(self, name: str) -> Task | None:
        """A task by its name, where its report has been read."""
        report, _, key = name.partition(":")
        entry = self._by_name.get(report)
        return entry.tasks.get(key) if entry else None

    def tasks(self) -> list[tuple[Entry, Task]]:
        """Every task of the reports read so far."""
        return [(entry, task) for entry in self.entries for task in list(entry.tasks.values())]


def opened_report(path: Path, reader: Reader | None) -> Opened:
    """Read one report and find its tasks. Raises `ReportError`."""
    result, reads = analyse_with_reads(read_path(path), reader)
    name = result.document.source.sha256[:12]
    passages = tuple(read.passage for read in reads)
    tasks = figure_tasks(result, reads, reader, name)
    tasks += item_tasks(result, passages, reader, name)
    return Opened(name, result, passages, Tables(result), {task.key: task for task in tasks})
