"""A process of our own that reads one report at a time: so it is known what a report did to it.

Three need it: `--jobs 1`; reports that were lost with a worker of a pool (the one that ends the
process again is the one at fault); and the workers of a Dask cluster, which must not be ended by a
report, since Dask would hand that report to the next worker, and the next.

    python -m nlp.batch.isolation        pickled: a Setup, then Chunks on stdin; Results on stdout
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from nlp.batch.deadline import ENDED_BY_LIMIT, GRACE
from nlp.batch.worker import (
    TIME_LIMIT,
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

START = 120.0  # seconds to start Python and load the model, on a slow disk
_READY = "ready"
_TRIES = 3
_NO_START = ("worker", "工作进程无法启动；请检查内存和安装")


class IsolatedWorker:
    """The process, started when it is needed and started anew when a report has ended it."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[Any] = queue.Queue()

    def __enter__(self) -> IsolatedWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Result]:
        """A result for each task of each chunk."""
        for chunk in chunks:
            for task in chunk.tasks:
                yield self._read(chunk.number, task)

    def _read(self, number: int, task: Task) -> Result:
        error = None
        for _ in range(_TRIES):  # another cause than the report may have ended the process before
            if not self._ready():
                return Result(number, (), {}, _NO_START)
            answer = self._answer(Chunk(number, (task,)))
            if isinstance(answer, Result):
                return answer
            error = answer
            if error.code == TIME_LIMIT:
                break
        return Result(number, (Outcome(task.path, task.sha256, error),), {})

    def _answer(self, chunk: Chunk) -> Result | Error:
        answer = None
        with contextlib.suppress(OSError):  # its pipe is closed: it has ended
            self._send(chunk)
            try:
                answer = self._answers.get(timeout=self._setup.seconds + 2 * GRACE)
            except queue.Empty:
                self._stop()
                return too_slow(self._setup)
        if isinstance(answer, Result):
            return answer
        status = self._stop()
        return too_slow(self._setup) if status == ENDED_BY_LIMIT else died(status)

    def _ready(self) -> bool:
        """Whether the process waits for a report; it is started where it does not."""
        for _ in range(_TRIES):
            if self._process is not None and self._process.poll() is None:
                return True
            self._stop()
            self._start()
            with contextlib.suppress(OSError, queue.Empty):
                self._send(self._setup)
                if self._answers.get(timeout=START) == _READY:
                    return True
            self._stop()
        return False

    def _start(self) -> None:
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
        # not a fork, which would hold the database open; not multiprocessing, since Dask's
        # workers are daemons, and those may have no children of that kind
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nlp.batch.isolation"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        )
        self._answers = queue.Queue()
        threading.Thread(
            target=_listen, args=(self._process.stdout, self._answers), daemon=True
        ).start()

    def _send(self, what: object) -> None:
        assert self._process is not None and self._process.stdin is not None
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()

    def _stop(self) -> int | None:
        """End the process; the status that it had ended with by itself, if it had."""
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None


def read_in_isolation(chunk: Chunk, setup: Setup) -> Result:
    """Read a chunk in a process that belongs to the calling thread: a worker of Dask calls this."""
    import pyarrow as pa

    results = list(_own_worker(setup).read([chunk]))
    names = {name for result in results for name in result.tables}
    return Result(
        chunk.number,
        tuple(outcome for result in results for outcome in result.outcomes),
        {
            name: pa.concat_tables([one.tables[name] for one in results if name in one.tables])
            for name in sorted(names)
        },
        next((result.broken for result in results if result.broken), None),
    )


_of_thread = threading.local()


def _own_worker(setup: Setup) -> IsolatedWorker:
    kept: tuple[Setup, IsolatedWorker] | None = getattr(_of_thread, "worker", None)
    if kept is None or kept[0] != setup:
        if kept:
            kept[1].__exit__()
        kept = _of_thread.worker = setup, IsolatedWorker(setup)
    return kept[1]


def died(status: int | None) -> Error:
    """The error of a report that ended its process."""
    how = f"退出状态 {status}"
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            how = f"信号 {signal.Signals(-status).name}"
    advice = "请检查内存是否不足，再运行一次；仍如此请把该文件报告给项目"
    return Error(WORKER_DIED, f"读这份报告时工作进程终止（{how}）；{advice}")


def _listen(stream: IO[bytes], answers: queue.Queue[Any]) -> None:
    """Put what the process says into the queue, at last None."""
    with stream, contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            answers.put(pickle.load(stream))
    answers.put(None)


def main() -> int:
    """Serve until stdin ends, which it does with the process at its other end."""
    tasks, results = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no result
    try:
        setup = pickle.load(tasks)
        read_chunk(Chunk(0, ()), setup)  # loads the model
        _say(_READY, results)
        while True:
            _say(read_chunk(pickle.load(tasks), setup), results)
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return 0
    except Exception:
        traceback.print_exc()
        return 3  # not 1, with which a time limit ends the process


def _say(what: object, stream: IO[bytes]) -> None:
    pickle.dump(what, stream)
    stream.flush()


if __name__ == "__main__":
    # under its importable name, so that what it pickles can be read at the other end
    from nlp.batch import isolation

    sys.exit(isolation.main())
