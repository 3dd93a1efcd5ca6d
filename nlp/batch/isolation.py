"""One worker process of our own, one report at a time: so it is known what a report did to it.

Reports that were lost with a worker of a pool are read here: the one that ends the process again
is the one at fault. `--jobs 1` reads everything here, in a process that it may lose as well.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from nlp.batch.deadline import GRACE
from nlp.batch.worker import (
    WORKER_DIED,
    Chunk,
    Error,
    Outcome,
    Result,
    Setup,
    Task,
    read_chunk,
    too_slow,
)

_START = 120.0  # seconds to start Python and load the model, on a slow disk


class IsolatedWorker:
    """A process that reads one report after another, started anew when a report has ended it."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> IsolatedWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """A result for each task of each chunk."""
        for chunk in chunks:
            for task in chunk.tasks:
                yield self._read(Chunk(chunk.number, (task,)))

    def _read(self, chunk: Chunk) -> Result:
        pipe = self._pipe or self._start()
        task = chunk.tasks[0]
        try:
            pipe.send(chunk)
            if pipe.poll(self._setup.seconds + 2 * GRACE):
                result: Result = pipe.recv()
                return result
            self._stop()
            return _lost(chunk.number, task, too_slow(self._setup))
        except (EOFError, OSError):
            status = self._stop()
            return _lost(chunk.number, task, self._reason(status))

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")  # a fork would share the database's lock
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._setup), daemon=True)
        self._process.start()
        theirs.close()
        with contextlib.suppress(EOFError, OSError):
            if self._pipe.poll(_START):
                self._pipe.recv()  # it is ready: from now on the time is the report's
        return self._pipe

    def _stop(self) -> int | None:
        """End the process and return what it had ended with by itself."""
        if self._process is None or self._pipe is None:
            return None
        self._pipe.close()
        self._process.join(1)
        status = self._process.exitcode
        self._process.kill()
        self._process.join()
        self._process = self._pipe = None
        return status

    def _reason(self, status: int | None) -> Error:
        if status == 1:  # what faulthandler leaves with: nothing else in a worker does
            return too_slow(self._setup)
        return died(status)


def died(status: int | None) -> Error:
    """The error of a report that ended its process."""
    how = f"退出状态 {status}"
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            how = f"信号 {signal.Signals(-status).name}"
    advice = "请检查内存是否不足，再运行一次；仍如此请把该文件报告给项目"
    return Error(WORKER_DIED, f"读这份报告时工作进程终止（{how}）；{advice}")


def _lost(number: int, task: Task, error: Error) -> Result:
    return Result(number, (Outcome(task.path, task.sha256, error),), {})


def _serve(pipe: Connection, setup: Setup) -> None:
    """The process: it ends when the other end of the pipe does."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        read_chunk(Chunk(0, ()), setup)  # loads the model
        pipe.send("ready")
        while True:
            pipe.send(read_chunk(pipe.recv(), setup))
