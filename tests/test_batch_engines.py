"""Real workers: processes of this computer and of a Dask cluster, some of which die.

Workers are started with a `sitecustomize` that makes some reports deadly; nothing of that is in
the program.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from batches import SHORT, batch, fill, read_here, tables
from loading import ROOT, script
from nlp.batch.engines import EngineError, chunked
from nlp.batch.fingerprint import fingerprint
from nlp.batch.inputs import Inputs
from nlp.batch.isolation import IsolatedWorker
from nlp.batch.run import Options, Tally, run
from nlp.batch.worker import Chunk, Setup, Task

kill_batch = script("kill_batch")

DEADLY = """
import os, signal
import nlp.batch.deadline
nlp.batch.deadline.GRACE = 0.2
import nlp.pipeline
analyse = nlp.pipeline.analyse

def deadly(document, *rest):
    if "杀死进程" in document.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "没完没了" in document.text:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        while True:
            pass
    return analyse(document, *rest)

nlp.pipeline.analyse = deadly
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deadly").mkdir()
    (tmp_path / "deadly" / "sitecustomize.py").write_text(DEADLY, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'deadly'}{os.pathsep}{ROOT}")


def fill_with_deadly(folder: Path) -> Path:
    fill(folder)
    text = "某县2020年政府信息公开工作年度报告\n"
    (folder / "a-kills.txt").write_text(text + "杀死进程", "utf-8")
    (folder / "z-runs.txt").write_text(text + "没完没了", "utf-8")
    return folder


def told(out: Path) -> list[tuple[str, str]]:
    return [(Path(path).name, code) for path, _, _, code, _ in tables(out)["errors"]]


@pytest.mark.usefixtures("deadly")
def test_a_report_that_ends_its_worker_costs_nobody_else(tmp_path: Path) -> None:
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor(max_workers=2).shutdown(wait=True)  # its workers may be older
    folder = fill_with_deadly(tmp_path / "in")
    tally = batch(folder, tmp_path / "out", jobs=2, seconds=4.0, model="none")
    get_reusable_executor(max_workers=2).shutdown(wait=True)
    assert (tally.read, tally.failed) == (len(SHORT), 2)
    assert told(tmp_path / "out") == [("a-kills.txt", "worker_died"), ("z-runs.txt", "time_limit")]
    assert "SIGKILL" in tables(tmp_path / "out")["errors"][0][4]


def killing(victim: Callable[[], psutil.Process | None]) -> Callable[[Tally], None]:
    """Kill a process as soon as the first report is read."""
    left = [1]

    def tell(tally: Tally) -> None:
        if tally.read and left and (process := victim()):
            left.clear()
            process.kill()

    return tell


def a_worker() -> psutil.Process | None:
    children = psutil.Process().children(recursive=True)
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            if (
                "loky" in " ".join(child.cmdline())
                and "resource_tracker" not in child.cmdline()[-1]
            ):
                return child
    return None


def many(folder: Path, count: int) -> Path:
    for number in range(count):
        for path in SHORT:
            words = path.read_bytes() + f"\n\n编号{number}\n".encode("ascii", "ignore")
            folder.mkdir(exist_ok=True)
            (folder / f"{number:03d}-{path.name}").write_bytes(words + b"%d" % number)
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of 40 reports, and its results undisturbed."""
    place = tmp_path_factory.mktemp("plain")
    folder = many(place / "in", 8)
    with pytest.MonkeyPatch.context() as patch:
        read_here(patch)
        batch(folder, place / "out", model="none")
    return folder, place / "out"


def test_a_killed_worker_costs_no_report(plain: tuple[Path, Path], tmp_path: Path) -> None:
    folder, expected = plain
    options = Options(jobs=2, model="none")
    run(Inputs([str(folder)]), tmp_path / "out", options, tell=killing(a_worker))
    assert tables(tmp_path / "out") == tables(expected)


def test_a_killed_command_is_continued(plain: tuple[Path, Path], tmp_path: Path) -> None:
    folder, expected = plain
    words = [str(folder), "--out", str(tmp_path / "out"), "--model", "none", "--quiet"]
    command = [sys.executable, "-m", "nlp.batch", *words]
    for seconds in (1.2, 2.4):
        process = subprocess.Popen([*command, "--jobs", "2"], cwd=ROOT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        workers = (
            psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        )
        process.kill()
        process.wait()
        assert not psutil.wait_procs(workers, timeout=20)[1]
    assert (
        subprocess.run([*command, "--jobs", "1"], cwd=ROOT, stderr=subprocess.DEVNULL).returncode
        == 0
    )
    assert tables(tmp_path / "out") == tables(expected)


@pytest.fixture(scope="module")
def dask() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    pytest.importorskip("distributed")
    with kill_batch.cluster() as cluster:
        yield cluster


def test_a_cluster_gives_the_same_and_survives_a_worker(
    plain: tuple[Path, Path], dask: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    folder, expected = plain
    address, (_, worker, _) = dask

    def its_process() -> psutil.Process | None:
        return next(iter(psutil.Process(worker.pid).children()), None)

    options = Options(scheduler=address, model="none")
    run(Inputs([str(folder)]), tmp_path / "out", options, tell=killing(its_process))
    assert tables(tmp_path / "out") == tables(expected)


def test_a_cluster_that_does_not_answer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlp.batch import engines

    monkeypatch.setattr(engines, "_CONNECT", "0.2s")
    with pytest.raises(EngineError) as caught:
        run(
            Inputs([str(SHORT[0])]),
            tmp_path / "out",
            Options(scheduler="tcp://127.0.0.1:9", model="none"),
        )
    assert caught.value.status == 4


def test_an_isolated_worker_that_was_killed_between_two_reports_is_started_anew() -> None:
    setup = Setup(fingerprint("none").version, "none", "jieba", 20.0)
    chunk = Chunk(0, (Task("/x", "0" * 64, SHORT[0].read_bytes()),))
    with IsolatedWorker(setup) as isolated:
        assert [one.outcomes[0].error for one in isolated.read([chunk])] == [None]
        assert isolated._process is not None
        isolated._process.send_signal(signal.SIGKILL)
        isolated._process.wait()
        assert [one.outcomes[0].error for one in isolated.read([chunk])] == [None]


def test_a_worker_that_cannot_start_blames_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(1)", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    setup = Setup(fingerprint("none").version, "none", "jieba", 20.0)
    with IsolatedWorker(setup) as isolated:
        (made,) = isolated.read([Chunk(0, (Task("/x", "0" * 64, b""),))])
    assert made.outcomes == ()
    assert made.broken is not None


def test_chunks_end_by_number_or_by_weight() -> None:
    tasks = [Task(str(size), "", b"x" * size) for size in [1] * 9 + [2**20, 1]]
    chunks = list(chunked(tasks))
    assert [[len(task.data) for task in chunk.tasks] for chunk in chunks] == [
        [1] * 8, [1], [2**20], [1],
    ]  # fmt: skip
    assert [chunk.number for chunk in chunks] == [0, 1, 2, 3]
