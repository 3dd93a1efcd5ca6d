"""Who does the work: processes of this computer, or the workers of a Dask cluster.

Both are backends of joblib, and get the same chunks. Results come as they are finished. When a
worker is lost, the chunks that were under way are read again in isolation (isolation.py), so that
a lost worker costs at most the report that ended it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from nlp.batch.deadline import GRACE
from nlp.batch.isolation import START, IsolatedWorker, read_in_isolation
from nlp.batch.worker import Chunk, Result, Setup, Task, read_chunk
from nlp.errors import BROKEN_INSTALLATION, InstallationError, ReportError

if TYPE_CHECKING:
    from distributed import Client
    from joblib import Parallel

CHUNK, _CHUNK_BYTES = 8, 2**20  # reports to a worker at once: a third of a second of work

_CONNECT = "20s"  # for the scheduler to answer, and for its first worker to come


class EngineError(ReportError):
    """Workers that cannot be reached or started (exit status 4)."""

    status = BROKEN_INSTALLATION


class Engine(Protocol):
    """Reads chunks; `jobs` is how many at once."""

    jobs: int

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        """The results of all chunks, in any order, those of a chunk perhaps in several parts."""


@contextlib.contextmanager
def local(jobs: int | None, setup: Setup) -> Iterator[Engine]:
    """`jobs` processes on this computer, by default one for each core."""
    import joblib

    jobs = jobs or joblib.cpu_count()
    with IsolatedWorker(setup) as alone, _no_warnings():
        yield _Alone(alone) if jobs == 1 else _Pool(setup, alone, jobs)


@contextlib.contextmanager
def dask(scheduler: str, setup: Setup) -> Iterator[Engine]:
    """The workers of the cluster at `scheduler` (tcp://host:port). Raises `EngineError` where it
    does not answer or has no workers."""
    try:
        from distributed import Client
    except ImportError as error:
        advice = "请运行 pip install 'nianbao-nlp[dask]'"
        raise InstallationError("dependency", f"缺少组件：{error}", advice=advice) from error
    for name in ("distributed", "asyncio"):  # what they would log is told by errors of ours
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        advice = "请检查地址，并确认 dask scheduler 正在运行"
        problem = f"连不上 Dask 调度器（{type(error).__name__}）"
        raise EngineError("engine", problem, where=scheduler, advice=advice) from error
    with client, IsolatedWorker(setup) as alone, _no_warnings():
        try:
            client.wait_for_workers(1, timeout=_CONNECT)
        except TimeoutError as error:
            advice = f"请先启动 dask worker {scheduler}"
            raise EngineError(
                "engine", "Dask 集群没有工作进程", where=scheduler, advice=advice
            ) from error
        threads = sum(client.nthreads().values())
        yield _Pool(setup, alone, threads, client=client)


@contextlib.contextmanager
def _no_warnings() -> Iterator[None]:
    """What joblib and Dask warn of (workers that stopped, large tasks) is dealt with here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


class _Alone:
    """A single process."""

    jobs = 1

    def __init__(self, worker: IsolatedWorker) -> None:
        self._worker = worker

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        return self._worker.read(chunks)


class _Pool:
    """Several workers behind joblib: processes, or those of a client's cluster."""

    def __init__(
        self, setup: Setup, alone: IsolatedWorker, jobs: int, *, client: Client | None = None
    ) -> None:
        self._setup, self._alone, self.jobs, self._client = setup, alone, jobs, client

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        waiting = {chunk.number: chunk for chunk in chunks}
        while waiting:
            begun: set[int] = set()
            try:
                for result in self._results(list(waiting.values()), begun):
                    del waiting[result.number]
                    yield result
            except self._losses() as error:
                self._must_answer(error)
                lost = sorted(begun & waiting.keys()) or [min(waiting)]
                yield from self._alone.read([waiting.pop(number) for number in lost])

    def _results(self, chunks: list[Chunk], begun: set[int]) -> Iterator[Result]:
        from joblib import delayed

        read = read_chunk if self._client is None else read_in_isolation

        def calls() -> Iterator[Any]:
            for chunk in chunks:
                begun.add(chunk.number)
                yield delayed(read)(chunk, self._setup)

        yield from self._parallel()(calls())

    def _parallel(self) -> Parallel:
        from joblib import Parallel, parallel_config

        how = {"n_jobs": self.jobs, "return_as": "generator_unordered", "batch_size": 1}
        if self._client is None:
            # one thread each: numpy's sums must not depend on how many workers there are
            begin = {"initializer": _end_with, "initargs": (os.getpid(),)}
            with parallel_config("loky", inner_max_num_threads=1, **begin):
                return Parallel(**how)
        # joblib is not told of a task that Dask gives up: it is missed when nothing else comes
        patience = START + CHUNK * (self._setup.seconds + 2 * GRACE)
        with parallel_config("dask", client=self._client):
            return Parallel(**how, timeout=patience)

    def _losses(self) -> tuple[type[BaseException], ...]:
        from concurrent.futures import BrokenExecutor, CancelledError

        if self._client is None:
            return (BrokenExecutor,)
        from distributed import KilledWorker

        return (KilledWorker, CancelledError, OSError)  # of which a timeout is one

    def _must_answer(self, error: BaseException) -> None:
        """A cluster that is gone is no fault of the reports that it was reading."""
        if self._client is None or (self._client.status == "running" and self._client.nthreads()):
            return
        problem = f"Dask 集群失去联系（{type(error).__name__}）"
        advice = "已读的都已保存；恢复后再运行同一命令即可继续"
        raise EngineError("engine", problem, advice=advice) from error


def _end_with(parent: int) -> None:
    """Let a process of the pool not outlive the command: it would wait for minutes for work."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def chunked(tasks: Iterable[Task]) -> Iterator[Chunk]:
    """Tasks in groups for a worker; one of more than `_CHUNK_BYTES` goes alone."""
    group: list[Task] = []
    number = weight = 0
    for task in tasks:
        if group and (len(group) == CHUNK or weight + len(task.data) > _CHUNK_BYTES):
            yield Chunk(number, tuple(group))
            group, number, weight = [], number + 1, 0
        group.append(task)
        weight += len(task.data)
    if group:
        yield Chunk(number, tuple(group))
