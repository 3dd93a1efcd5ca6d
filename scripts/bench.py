"""How long reading reports takes, against yardsticks that run on the same machine in turns.

    python scripts/bench.py                                   cold and warm
    python scripts/bench.py --warm --profile --reports ../shared/reports
    python scripts/bench.py --batch 2000                      nlp.batch instead (bench_batch.py)

Cold: a process that reads one report and prints its JSON, against a process that only imports
spaCy; A B A B after a warm-up of each. Warm: in one process, every report of a folder read from
its bytes and analysed, against `jieba.lcut` alone over the same texts, jieba's dictionary loaded.
Ratios of medians travel between machines, milliseconds do not. Nothing passes or fails here.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "corpora" / "reports"
ONE_REPORT = REPORTS / "2021-tabs-county.txt"
# What the pipeline calls its steps; arithmetic is what it calls last.
STEPS = {
    "tables": "read_tables",
    "prose": "read_prose",
    "identity": "identify",
    "facts": "read_facts",
    "items": "read_items",
    "plans": "planned",
    "checks": "compare",
    "arithmetic": "tested_relations",
}


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def in_turns(
    one: Callable[[], object], other: Callable[[], object], runs: int
) -> tuple[list[float], list[float]]:
    """The times of both, run alternately after a warm-up of each."""
    one()
    other()
    pairs = [(seconds(one), seconds(other)) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def cold(runs: int) -> None:
    def process(*words: str) -> None:
        subprocess.run([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)

    print(f"cold, {runs} runs each, whole processes")
    ours, spacy = in_turns(
        lambda: process("-m", "nlp.extract", os.fspath(ONE_REPORT), "--format", "json"),
        lambda: process("-c", "import spacy"),
        runs,
    )
    _print("python -m nlp.extract REPORT", ours, 1000, "ms")
    _print("python -c 'import spacy'", spacy, 1000, "ms")
    print(f"  ratio of medians {statistics.median(ours) / statistics.median(spacy):.2f}")


def warm(folder: Path, runs: int, profile: bool) -> None:
    import jieba

    from nlp.pipeline import analyse
    from nlp.reading import read_bytes

    data = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    texts = [read_bytes(one, path="report").text for one in data]
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()

    def ours() -> None:
        for one in data:
            analyse(read_bytes(one, path="report"))

    def words_alone() -> None:
        for text in texts:
            jieba.lcut(text)

    size = sum(map(len, texts))
    print(f"warm, {runs} runs each over {len(data)} reports of {size:,} characters in {folder}")
    mine, cutting = in_turns(ours, words_alone, runs)
    _print("reading and analysing", mine, 1000 / len(data), "ms a report")
    _print("jieba.lcut alone", cutting, 1000 / len(data), "ms a report")
    print(f"  ratio of medians {statistics.median(mine) / statistics.median(cutting):.2f}")
    if profile:
        _print_profile(data, runs)


def _print(name: str, times: list[float], factor: float, unit: str) -> None:
    middle, least, most = (f(times) * factor for f in (statistics.median, min, max))
    print(f"  {name:30} median {middle:8.2f} {unit} ({least:.2f} to {most:.2f})")


def _print_profile(data: list[bytes], runs: int) -> None:
    spent = profile_of(data, runs)
    whole = sum(spent.values())
    print("  steps, ms a report:")
    for name, took in spent.items():
        print(f"    {name:12} {took * 1000 / len(data) / runs:8.2f} {took / whole:7.1%}")


def profile_of(data: list[bytes], runs: int) -> dict[str, float]:
    """Seconds spent in each step of the pipeline, in its order."""
    from nlp import pipeline
    from nlp.reading import read_bytes

    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return step(*args, **options)
            finally:
                spent[name] += time.perf_counter() - began

        return run

    original = {step: getattr(pipeline, step) for step in STEPS.values()}
    read = timed("reading", read_bytes)
    try:
        for name, step in STEPS.items():
            setattr(pipeline, step, timed(name, original[step]))
        for _ in range(runs):
            for one in data:
                pipeline.analyse(read(one, path="report"))
    finally:
        for step, function in original.items():
            setattr(pipeline, step, function)
    return dict(spent)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="time of each step, warm")
    parser.add_argument("--batch", type=int, metavar="N", help="a batch of N reports instead")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="of the batch")
    parser.add_argument("--place", type=Path, metavar="FOLDER", help="of the batch; is kept")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--cold", action="store_true", help="only cold")
    only.add_argument("--warm", action="store_true", help="only warm")
    args = parser.parse_args(words)
    if args.batch:
        from bench_batch import measure

        measure(args.batch, args.jobs, args.place)
        return 0
    if not args.warm:
        cold(args.runs)
    if not args.cold:
        warm(args.reports, args.runs, args.profile)
    return 0


if __name__ == "__main__":
    sys.path[:0] = [os.fspath(ROOT), os.fspath(ROOT / "scripts")]
    sys.exit(main())
