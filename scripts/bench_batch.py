"""What `bench.py --batch N` measures: reports/s, memory, and yardsticks over the same text.

Each run is a process of its own, which notes how far it is and how much memory it and its largest
worker have. Rates count from the first report read (workers started, models loaded) to the last.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_YARDSTICK = 300  # reports
_FLAT_FROM = 1_000
_MB = 2**20


def measure(count: int, jobs: Sequence[int], place: Path | None) -> None:
    """Make `count` reports, read them with each number of jobs, and print what that took."""
    from many_reports import write

    place = place or Path(tempfile.mkdtemp(prefix="bench-batch-"))
    folder = write(place / f"reports{count}", count)
    rates = {}
    for number in jobs:
        samples = _run(folder, place / f"out-{number}-{time.time_ns()}", number)
        rates[number] = _rate(samples)
        print(f"batch, {number} jobs, {samples[-1]['read']:,} reports")
        print(f"  {rates[number]:8.1f} reports/s, {rates[number] / number:.1f} for each job")
        _print_memory(samples)
    for one, other in pairwise(jobs):
        print(f"  {other} jobs are {rates[other] / rates[one]:.2f} times as fast as {one}")
    _yardsticks(folder, 1000 * jobs[-1] / rates[jobs[-1]])


def _run(folder: Path, out: Path, jobs: int) -> list[dict[str, Any]]:
    words = [sys.executable, __file__, os.fspath(folder), os.fspath(out), str(jobs)]
    log = out.with_suffix(".jsonl")  # can be looked at while it grows
    with log.open("wb") as stream:
        subprocess.run(words, cwd=ROOT, check=True, stdout=stream)
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def _rate(samples: list[dict[str, Any]]) -> float:
    first, last = (next(s for s in order if s["read"]) for order in (samples, samples[::-1]))
    return float((last["read"] - first["read"]) / max(1e-9, last["at"] - first["at"]))


def _print_memory(samples: list[dict[str, Any]]) -> None:
    for who in ("parent", "worker"):
        early = [s[who] for s in samples if s["read"] <= _FLAT_FROM]
        late = [s[who] for s in samples if s["read"] > _FLAT_FROM]
        peak = max(early + late) / _MB
        print(f"  {who:8} at most {peak:6.0f} MB", end="")
        if late:
            grown = max(late) / max(early) - 1
            print(f", after {_FLAT_FROM:,} reports {grown:+.1%} on what it was by then", end="")
        print()


def _yardsticks(folder: Path, ours: float) -> None:
    """Segmentation alone, over the same texts, in this process and on one core."""
    import jieba
    import spacy

    from nlp.reading import read_path

    texts = [read_path(path).text for path in sorted(folder.rglob("*.txt"))[:_YARDSTICK]]
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    tokenizer = {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}
    blank = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
    print(f"milliseconds a report and core: the batch {ours:.1f}")
    for name, cut in (("jieba.lcut alone", jieba.lcut), ('spacy.blank("zh") with jieba', blank)):
        cut(texts[0])
        began = time.perf_counter()
        for text in texts:
            cut(text)
        took = 1000 * (time.perf_counter() - began) / len(texts)
        print(f"  {name:30} {took:6.1f}, the batch takes {ours / took:.2f} times that")


def sampled(folder: Path, out: Path, jobs: int) -> None:
    """Run a batch and print a sample for each portion that is done."""
    import psutil

    from nlp.batch.inputs import Inputs
    from nlp.batch.run import Options, Tally, run

    own = psutil.Process()
    last = [0.0]

    def tell(tally: Tally) -> None:
        now = time.perf_counter()
        if now - last[0] < 0.5 and tally.done < tally.total:
            return
        last[0] = now
        children = []
        for child in own.children(recursive=True):
            try:
                children.append(child.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        sample = {"at": now, "read": tally.read, "parent": own.memory_info().rss}
        print(json.dumps(sample | {"worker": max(children, default=0)}), flush=True)

    run(Inputs([os.fspath(folder)]), out, Options(jobs=jobs), tell=tell)


if __name__ == "__main__":
    sys.path[:0] = [os.fspath(ROOT), os.fspath(ROOT / "scripts")]
    sampled(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
