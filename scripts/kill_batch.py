"""Kill a batch in every way, go on, and compare its tables with those of an undisturbed run.

    python scripts/kill_batch.py parent --reports 600 --kills 10     SIGKILL of the command itself
    python scripts/kill_batch.py worker --reports 600 --kills 10     of its worker processes
    python scripts/kill_batch.py dask --reports 600                  of one of two Dask workers
    python scripts/kill_batch.py scheduler --reports 600             of the Dask scheduler; then local

Exit status 1 where the tables differ. The reports come from scripts/many_reports.py.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 1_800.0
_STARTING = 4.0  # seconds until workers read


def command(folder: Path, out: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a batch; its messages go to a file beside its results."""
    out.mkdir(parents=True, exist_ok=True)
    log = (out / "log.txt").open("ab")
    begun = [sys.executable, "-m", "nlp.batch", os.fspath(folder), "--out", os.fspath(out), *words]
    return subprocess.Popen(begun, cwd=ROOT, stdout=log, stderr=log)


def finish(folder: Path, out: Path, *words: str) -> int:
    return command(folder, out, *words).wait(PATIENCE)


def tables(out: Path) -> dict[str, bytes]:
    """The bytes of every exported table, and the workbook's."""
    shutil.rmtree(out / "export", ignore_errors=True)
    words = ["export", os.fspath(out), "--format", "csv", "--format", "parquet", "--format", "xlsx"]
    subprocess.run([sys.executable, "-m", "nlp.batch", *words], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    return {path.name: path.read_bytes() for path in sorted((out / "export").iterdir())}


def kill_parent(folder: Path, out: Path, kills: int, seconds: float, chance: random.Random) -> None:
    for number in range(kills):
        wait = chance.uniform(0, _STARTING + 2 * seconds / kills)
        process = command(folder, out, "--jobs", "2", "--quiet")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        orphans = psutil.Process(process.pid).children(recursive=True) if not_over(process) else []
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(orphans, timeout=20)
        print(f"  kill {number + 1} after {wait:.1f} s: {kept(out)} reports kept, "
              f"{len(alive)} orphans left", flush=True)  # fmt: skip
    print(f"  at last: status {finish(folder, out, '--jobs', '2', '--quiet')}")


def kept(out: Path) -> int:
    """How many reports a killed run has left in the database."""
    from nlp.batch.database import open_results
    from nlp.errors import ReportError

    try:
        with open_results(out) as results:
            found = results.execute("SELECT count(*) FROM reports").fetchone()
    except ReportError:  # not even made
        return 0
    return int(found[0]) if found else 0


def not_over(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


def kill_workers(folder: Path, out: Path, kills: int, chance: random.Random) -> None:
    process = command(folder, out, "--jobs", "2", "--quiet")
    killed = 0
    while killed < kills and not_over(process):
        time.sleep(chance.uniform(0.5, 4))
        with contextlib.suppress(psutil.NoSuchProcess):
            workers = [
                child
                for child in psutil.Process(process.pid).children(recursive=True)
                if "resource_tracker" not in " ".join(child.cmdline())
            ]
            if workers:
                chance.choice(workers).kill()
                killed += 1
    print(f"  {killed} workers killed; status {process.wait(PATIENCE)}")


@contextlib.contextmanager
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers, as processes; their address."""
    place = Path(tempfile.mkdtemp(prefix="dask-"))
    log = (place / "log").open("ab")
    file = place / "scheduler.json"
    env = os.environ | {"PYTHONPATH": os.fspath(ROOT)}

    def start(name: str, *words: str) -> subprocess.Popen[bytes]:
        code = f"from distributed.cli.dask_{name} import main; main()"
        return subprocess.Popen([sys.executable, "-c", code, *words], cwd=place, stdout=log, stderr=log,
                                env=env)  # fmt: skip

    scheduler = start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    processes = [scheduler]
    try:
        while not file.exists():
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        for _ in range(2):
            processes.append(start("worker", address, "--nthreads", "1", "--no-dashboard"))
        yield address, processes
    finally:
        for process in reversed(processes):
            end(process)
        shutil.rmtree(place, ignore_errors=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with its children: a nanny would start its worker anew."""
    if not_over(process):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


def with_dask(folder: Path, out: Path, victim: int, seconds: float) -> None:
    """Kill a worker (with its nanny: it does not come back) or the scheduler in the middle."""
    with cluster() as (address, processes):
        time.sleep(5)
        process = command(folder, out, "--engine", "dask", "--scheduler", address)
        time.sleep(seconds / 2)
        end(processes[victim])
        print(f"  killed; status {process.wait(PATIENCE)}")
    if victim == 0:
        print(f"  continued locally: status {finish(folder, out, '--jobs', '2', '--quiet')}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("how", choices=("parent", "worker", "dask", "scheduler"))
    parser.add_argument("--reports", type=int, default=600)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path, help="folder to work in; kept")
    args = parser.parse_args()
    from many_reports import write

    place = args.place or Path(tempfile.mkdtemp(prefix="kill-batch-"))
    folder = write(place / f"reports{args.reports}", args.reports)
    plain, killed = place / f"plain{args.reports}", place / args.how
    shutil.rmtree(killed, ignore_errors=True)
    began = time.monotonic()
    if not (plain / "results.duckdb").exists():
        print(f"undisturbed: status {finish(folder, plain, '--jobs', '2', '--quiet')}")
    seconds = max(20.0, time.monotonic() - began)
    print(f"killing: {args.how}, seed {args.seed}", flush=True)
    chance = random.Random(args.seed)
    if args.how == "parent":
        kill_parent(folder, killed, args.kills, seconds, chance)
    elif args.how == "worker":
        kill_workers(folder, killed, args.kills, chance)
    else:
        with_dask(folder, killed, {"dask": 1, "scheduler": 0}[args.how], seconds)
    one, other = tables(plain), tables(killed)
    differing = [name for name in one if one[name] != other.get(name)]
    print("equal: " + ", ".join(one) if not differing else "DIFFERENT: " + ", ".join(differing))
    return int(bool(differing))


if __name__ == "__main__":
    sys.path[:0] = [os.fspath(ROOT), os.fspath(ROOT / "scripts")]
    sys.exit(main())
