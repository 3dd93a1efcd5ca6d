"""Spoil the project's own reports and see that reading them never crashes and never hangs.

    python scripts/fuzz.py --count 2000 --seed 1
    python scripts/fuzz.py --seed 1 --only 137          the same spoilt report again, with its times

Each case has a generator of its own, made of the seed and its number: a case can be repeated
alone. A case passes that gives a result whose evidence stands where it says, or one `InputError`.
A traceback or a case beyond --limit seconds is a failure: its input is saved under --keep, and the
exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "corpora" / "reports"
LIMIT = 10.0
LARGEST = 1_000_000  # bytes; a real report has some 30,000, and time grows with length
SLOWEST = 10
MARKS = "，。；：、（）()“”《》0123456789一二十百千万亿年月日件条次%％\t |\n其中未无较比占为"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case ended: `read`, the code of an `InputError`, `crashed`, `hung`, `died`."""

    number: int
    verdict: str
    seconds: float
    size: int = 0
    details: str = ""
    slow_rules: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return self.verdict in ("crashed", "hung", "died")


# What is done to a report


def flip_bytes(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    spoilt = bytearray(data)
    for _number in range(chance.choice((1, 3, 20, 200))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def truncate(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Anywhere: of three cuts two fall in the middle of a character."""
    at = chance.randrange(1, len(data))
    return data[:at] if chance.random() < 0.5 else data[at:]


def insert_bytes(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.choice((1, 2, 30, 1000))) + data[at:]


def join_two(data: bytes, chance: random.Random, reports: list[bytes]) -> bytes:
    other = chance.choice(reports)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def shuffle_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if chance.random() < 0.5:
        chance.shuffle(lines)
        return "".join(lines)
    at = chance.randrange(len(lines))
    some = lines[at : at + 12]
    chance.shuffle(some)
    return "".join([*lines[:at], *some, *lines[at + 12 :]])


def repeat_lines(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    block = lines[at : at + chance.choice((1, 1, 3, 40))]
    return "".join([*lines[:at], *block * chance.choice((2, 10, 50)), *lines[at:]])


def drop_lines(text: str, chance: random.Random) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if chance.random() < 0.8)


def join_lines(text: str, chance: random.Random) -> str:
    """A report without line ends, or cut at every so many characters."""
    flat = text.replace("\n", chance.choice(("", " ", "\t", "。", "|")))
    width = chance.choice((0, 0, 1, 7, 35))
    return "\n".join(flat[i : i + width] for i in range(0, len(flat), width)) if width else flat


def long_run(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    piece = chance.choice((chance.choice(MARKS), chance.choice(MARKS), text[at : at + 3]))
    return text[:at] + piece * chance.choice((50, 1000, 20_000)) + text[at:]


def unbalance(text: str, chance: random.Random) -> str:
    brackets = "（）()《》“”[]【】"
    if chance.random() < 0.4:
        gone = chance.choice(brackets)
        return text.replace(gone, "")
    for _ in range(chance.choice((1, 10, 200))):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(brackets) + text[at:]
    return text


def multiply_digits(text: str, chance: random.Random) -> str:
    times = chance.choice((2, 5, 40, 400))
    share = chance.choice((0.02, 0.2, 1.0)) if times < 40 else 0.01
    return re.sub(
        r"[\d一二三四五六七八九十百千万亿.,]",
        lambda found: found[0] * times if chance.random() < share else found[0],
        text,
    )


def nest(text: str, chance: random.Random) -> str:
    depth = chance.choice((3, 30, 500, 3000))
    at = chance.randrange(len(text))
    inside = text[at : at + chance.choice((0, 5, 60))]
    opened, closed = chance.choice((("（", "）"), ("(", ")"), ("（其中", "）"), ("《", "》")))
    return text[:at] + opened * depth + inside + closed * depth + text[at:]


def without_stops(text: str, chance: random.Random) -> str:
    """One sentence without an end: the longest that the rules ever see."""
    return re.sub(chance.choice(("[。；]", "[。；，、]", "[。；\n]", r"[。；，、\s]")), "", text)


def swap_characters(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(chance.choice((5, 100, 1000))):
        letters[chance.randrange(len(letters))] = chance.choice(MARKS)
    return "".join(letters)


ON_BYTES = (flip_bytes, truncate, insert_bytes, join_two)
ON_TEXT: tuple[Callable[[str, random.Random], str], ...] = (
    shuffle_lines, repeat_lines, drop_lines, join_lines, long_run, unbalance, multiply_digits,
    nest, without_stops, swap_characters,
)  # fmt: skip


def case(
    seed: int, number: int, reports: list[bytes], *, largest: int = LARGEST
) -> tuple[bytes, list[str]]:
    """The spoilt report of this number, cut at `largest` bytes, and what was done to it."""
    chance = random.Random(f"{seed}:{number}")
    data = chance.choice(reports)
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        spoil = chance.choice((*ON_TEXT, *ON_BYTES))
        done.append(spoil.__name__)
        if spoil in ON_TEXT:
            encoding = "utf-8" if _is(data, "utf-8") else "gb18030"
            text = data.decode(encoding, "replace")
            data = spoil(text, chance).encode(encoding, "replace") or b"\n"
        else:
            data = spoil(data, chance, reports)
    return data[:largest], done


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


# What must hold of a result


def broken_promises(result: Any) -> list[str]:
    """What the result says of itself that does not hold: evidence, ids, references, order."""
    text = result.document.text
    found = [
        f"{record.id}: {words!r} does not stand at {record.start}:{record.end}"
        for record, words in (
            *((cell, cell.raw) for cell in result.cells),
            *((fact, fact.text) for fact in result.facts),
            *((item, item.text) for item in result.items),
        )
        if text[record.start : record.end] != words or record.start < 0
    ]
    for record in (*result.facts, *result.items):
        if record.start >= record.end:
            found.append(f"{record.id}: no evidence")
    for fact in result.facts:
        if not fact.low <= fact.value <= fact.high:
            found.append(f"{fact.id}: {fact.value} outside {fact.low}..{fact.high}")
        if not fact.sentence[0] <= fact.start < fact.end <= fact.sentence[1]:
            found.append(f"{fact.id}: {fact.start}:{fact.end} outside sentence {fact.sentence}")
    lists = ("sections", "cells", "facts", "items", "checks", "findings")
    ids = [record.id for name in lists for record in getattr(result, name)]
    found += [f"{id_}: {count} records" for id_, count in Counter(ids).items() if count > 1]
    named = {id_ for check in result.checks for id_ in (*check.facts, *check.cells)}
    named |= {id_ for finding in result.findings for id_ in finding.evidence}
    found += [f"{id_}: named, but there is no such record" for id_ in sorted(named - {*ids})]
    # by their figures, whose evidence may reach back over each other: so the sentences are compared
    if [fact.sentence for fact in result.facts] != sorted(fact.sentence for fact in result.facts):
        found.append("facts are not in text order")
    return found


def attempt(data: bytes, number: int) -> Outcome:
    """Read and print one report in this process."""
    from nlp.errors import InputError
    from nlp.output import json as json_output
    from nlp.output import terminal
    from nlp.pipeline import analyse
    from nlp.reading import read_bytes

    began = time.perf_counter()
    slow: tuple[str, ...] = ()
    try:
        result = analyse(read_bytes(data, path="case"))
        took = time.perf_counter() - began
        json.loads(json_output.dumps(result, include_text=True, why=True))
        terminal.render(result, lang="zh", why=True, width=80, colour=False)
        broken = broken_promises(result)
        slow = tuple(w.message for w in result.warnings if w.code == "slow_rule")
        verdict, details = ("crashed", "\n".join(broken[:5])) if broken else ("read", "")
    except InputError as error:
        took = time.perf_counter() - began
        verdict, details = error.code, ""
    except Exception:
        took = time.perf_counter() - began
        verdict, details = "crashed", traceback.format_exc()
    return Outcome(number, verdict, took, len(data), details, slow)


# Many cases, in processes that can be ended


@dataclass(slots=True)
class Worker:
    """A process that takes numbers and gives outcomes; it is ended where it takes too long."""

    process: BaseProcess
    pipe: Connection
    number: int | None = None
    since: float = field(default_factory=time.monotonic)

    def give(self, number: int) -> None:
        self.pipe.send(number)
        self.number, self.since = number, time.monotonic()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, seed: int, reports: list[bytes]) -> None:
    attempt(reports[0], -1)  # loads rules and libraries: no case pays for that
    pipe.send(None)
    while True:
        number = pipe.recv()
        pipe.send(attempt(case(seed, number, reports)[0], number))


def _start(seed: int, reports: list[bytes]) -> Worker:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(theirs, seed, reports), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    return Worker(process, ours)


def outcomes(
    numbers: list[int], *, seed: int, reports: list[bytes], limit: float = LIMIT, jobs: int = 1
) -> Iterator[Outcome]:
    """The outcome of each case, in the order in which they end."""
    waiting = list(reversed(numbers))
    workers = [_start(seed, reports) for _ in range(max(1, min(jobs, len(numbers))))]
    try:
        while waiting or any(worker.number is not None for worker in workers):
            for index, worker in enumerate(workers):
                outcome = _taken(worker, limit)
                if outcome is not None:
                    yield outcome
                    if outcome.verdict in ("hung", "died"):
                        worker.end()
                        workers[index] = worker = _start(seed, reports)
                    worker.number = None
                if worker.number is None and waiting:
                    worker.give(waiting.pop())
            busy = [worker.pipe for worker in workers if worker.number is not None]
            wait(busy, timeout=0.5)
    finally:
        for worker in workers:
            worker.end()


def _taken(worker: Worker, limit: float) -> Outcome | None:
    if worker.number is None:
        return None
    took = time.monotonic() - worker.since
    try:
        if worker.pipe.poll():
            outcome: Outcome = worker.pipe.recv()
            return outcome
    except (EOFError, OSError):
        return Outcome(worker.number, "died", took)
    return Outcome(worker.number, "hung", took) if took > limit else None


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", metavar="NUMBER")
    parser.add_argument("--limit", type=float, default=LIMIT, metavar="SECONDS")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", metavar="FOLDER")
    parser.add_argument("--save", action="store_true", help="keep the inputs of --only as well")
    args = parser.parse_args(words)
    reports = [path.read_bytes() for path in sorted(args.reports.glob("*.txt"))]
    numbers = args.only or list(range(args.count))
    ended = []
    for outcome in outcomes(
        numbers, seed=args.seed, reports=reports, limit=args.limit, jobs=args.jobs
    ):
        ended.append(outcome)
        if outcome.failed or (args.save and args.only):
            data, done = case(args.seed, outcome.number, reports)
            args.keep.mkdir(parents=True, exist_ok=True)
            kept = args.keep / f"{args.seed}-{outcome.number}.txt"
            kept.write_bytes(data)
            print(f"{_described(outcome, args.seed, done)}\n  input: {kept}\n{outcome.details}")
        if sys.stderr.isatty():
            print(f"\r{len(ended)} of {len(numbers)}", end="", file=sys.stderr, flush=True)
    _summarise(ended, args.seed, reports)
    return 1 if any(outcome.failed for outcome in ended) else 0


def _described(outcome: Outcome, seed: int, done: list[str]) -> str:
    spoilt = " + ".join(done)
    return (
        f"{outcome.verdict:12} {outcome.seconds:7.2f} s {outcome.size:8,} bytes"
        f"  --seed {seed} --only {outcome.number}  ({spoilt})"
    )


def _summarise(ended: list[Outcome], seed: int, reports: list[bytes]) -> None:
    print(f"{len(ended)} cases, {sum(outcome.seconds for outcome in ended):.1f} s of work")
    for verdict, count in Counter(outcome.verdict for outcome in ended).most_common():
        print(f"  {verdict:12} {count}")
    slow = Counter(words for outcome in ended for words in {*outcome.slow_rules})
    for message, count in slow.most_common():
        print(f"  in {count} cases: {message}")
    print("slowest:")
    for outcome in sorted(ended, key=lambda outcome: -outcome.seconds)[:SLOWEST]:
        print("  " + _described(outcome, seed, case(seed, outcome.number, reports)[1]))


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(ROOT))
    sys.exit(main())
