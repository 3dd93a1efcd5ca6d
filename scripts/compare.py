"""What a change of the rules gains and loses over folders of reports.

    python scripts/compare.py HEAD corpora/reports ../shared/reports       HEAD against these files
    python scripts/compare.py main topic corpora/reports                   two revisions
    python scripts/compare.py HEAD~3 corpora/reports --json

A word that is no folder is a revision; without a second one the working tree is the new side. A
revision is unpacked with `git archive` into a temporary folder (a worktree would leave its name in
.git where the script is interrupted), and its extractor runs there with this Python.

Each line is + gained, - lost, ~ changed (the same evidence, read otherwise), ! not readable.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("report", "facts", "items", "cells", "checks", "findings")
_AT_ONCE = 100  # reports for each process: an argument list has its limits
Record = dict[str, Any]


@dataclass(slots=True)
class Difference:
    """Of one kind of records in one report; a changed one is (old, new)."""

    gained: list[Record] = field(default_factory=list)
    lost: list[Record] = field(default_factory=list)
    changed: list[tuple[Record, Record]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.changed)


# What is compared of each kind, and when two records that differ are still the same one

_FIELDS: dict[str, tuple[str, ...]] = {
    "report": ("title", "agency", "year", "period", "published", "template"),
    "facts": ("metric", "value", "low", "high", "unit", "year", "subject", "basis", "text"),
    "items": ("kind", "topic", "text"),
    "cells": ("metric", "applicant", "value", "raw", "unit"),
    "checks": ("metric", "verdict", "stated", "table"),
    "findings": ("rule", "scope", "verdict", "stated", "computed"),
}


def _overlap(a: Record, b: Record) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _same(*names: str) -> Callable[[Record, Record], bool]:
    return lambda a, b: all(a.get(name) == b.get(name) for name in names)


def _same_place(*names: str) -> Callable[[Record, Record], bool]:
    return lambda a, b: _same(*names)(a, b) and _overlap(a, b)


# Tried one after the other, so that a fact is paired with its nearest kin.
_KIN: dict[str, tuple[Callable[[Record, Record], bool], ...]] = {
    "report": (lambda a, b: True,),
    "facts": (_same_place("metric", "value"), _same_place("value"), _same_place("metric")),
    "items": (_same_place("kind"), _same_place()),
    "cells": (_same("metric", "applicant"),),
    "checks": (_same("metric"),),
    "findings": (
        _same("rule", "scope", "stated", "computed"),
        _same("scope", "stated", "computed"),
        _same("rule", "scope", "stated"),
        _same("rule", "scope", "computed"),
    ),
}


def differences(old: Record, new: Record) -> dict[str, Difference]:
    """Kind by kind what two results of one report do not share; kinds without difference left out."""
    found = {}
    for kind in KINDS:
        before, after = (
            [side.get(kind, {})] if kind == "report" else side.get(kind, []) for side in (old, new)
        )
        difference = _difference(kind, before, after)
        if difference:
            found[kind] = difference
    return found


def _difference(kind: str, before: list[Record], after: list[Record]) -> Difference:
    def essence(record: Record) -> str:
        place = [record.get("start"), record.get("end")]
        return json.dumps([*place, *(record.get(name) for name in _FIELDS[kind])])

    left, right = list(before), list(after)
    pairs = []
    tests = (lambda a, b: essence(a) == essence(b), *_KIN[kind])
    for are_kin in tests:
        for one in list(left):
            other = next((candidate for candidate in right if are_kin(one, candidate)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                pairs.append((one, other))
    changed = [(one, other) for one, other in pairs if _changes(kind, one, other)]
    return Difference(right, left, changed)


def _changes(kind: str, old: Record, new: Record) -> list[str]:
    return [name for name in _FIELDS[kind] if old.get(name) != new.get(name)]


# Running the extractor of a revision


@contextlib.contextmanager
def tree_of(revision: str | None, root: Path) -> Iterator[Path]:
    """A folder with the files of a revision; the working tree itself for None."""
    if revision is None:
        yield root
        return
    command = ["git", "-C", os.fspath(root), "archive", "--format=tar", revision]
    archive = subprocess.run(command, capture_output=True, check=False)
    if archive.returncode != 0:
        raise SystemExit(f"compare: {archive.stderr.decode(errors='replace').strip()}")
    with tempfile.TemporaryDirectory(prefix="nianbao-compare-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
            packed.extractall(folder, filter="data")
        yield Path(folder)


def results(tree: Path, reports: Sequence[Path]) -> dict[Path, Record]:
    """What the extractor in `tree` says of each report: its JSON, or a record with `error`."""
    if not (tree / "nlp" / "__init__.py").exists():
        # an installed nlp would answer in its stead
        raise SystemExit(f"compare: no package nlp in {tree}")
    found: dict[Path, Record] = {}
    for first in range(0, len(reports), _AT_ONCE):
        some = reports[first : first + _AT_ONCE]
        words = [sys.executable, "-m", "nlp.extract", "--format", "json", *map(os.fspath, some)]
        environment = {**os.environ, "PYTHONPATH": os.fspath(tree), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            words, capture_output=True, encoding="utf-8", cwd=tree, env=environment, check=False
        )
        for line in done.stdout.splitlines():
            record = json.loads(line)
            found[Path(record["source"]["path"])] = record
        words_of_error = (done.stderr.strip().splitlines() or ["no result"])[-1]
        for path in some:
            found.setdefault(path, {"error": {"code": "none", "message": words_of_error}})
    return found


# What is printed


def described(kind: str, record: Record) -> str:
    """A record on one line."""
    if kind == "facts":
        whose = [record["year"], record["subject"], record["basis"]]
        words = "; ".join(str(one) for one in whose if one not in (None, "total"))
        return f"{record['metric']} = {record['value']} [{words}] {_quoted(record)}"
    if kind == "items":
        return f"{record['kind']} {_quoted(record)}"
    if kind == "cells":
        return f"{record['metric']} {record['applicant'] or ''} = {record['value']}"
    if kind == "checks":
        sides = f"{record['stated']} / {record['table']}"
        return f"{record['metric']} {record['verdict']} {sides}"
    if kind == "findings":
        pair = f"{record['stated']} / {record['computed']}"
        return f"{record['scope']} {record['verdict']} {pair} {record['rule']} {record['message']}"
    return " ".join(str(record.get(name)) for name in _FIELDS[kind])


def _quoted(record: Record) -> str:
    return "“" + " ".join(record["text"].split()) + "”"


def lines(found: dict[str, Difference]) -> Iterator[str]:
    for kind, difference in found.items():
        yield from (f"- {kind:8} {described(kind, record)}" for record in difference.lost)
        yield from (f"+ {kind:8} {described(kind, record)}" for record in difference.gained)
        for old, new in difference.changed:
            names = _changes(kind, old, new)
            what = ", ".join(f"{name} {old.get(name)!r} -> {new.get(name)!r}" for name in names)
            yield f"~ {kind:8} {described(kind, new)}: {what}"


def totals(all_found: Sequence[dict[str, Difference]]) -> dict[str, dict[str, int]]:
    return {
        kind: {
            name: sum(len(getattr(one[kind], name)) for one in all_found if kind in one)
            for name in ("gained", "lost", "changed")
        }
        for kind in KINDS
    }


def compare(
    old: dict[Path, Record], new: dict[Path, Record]
) -> tuple[dict[Path, dict[str, Difference]], dict[Path, str]]:
    """The differences of each report that both sides could read, and why others were not read."""
    found, unread = {}, {}
    for path, after in new.items():
        before = old[path]
        errors = [
            f"{side}: {record['error']['code']} {record['error']['message']}"
            for side, record in (("old", before), ("new", after))
            if "error" in record
        ]
        if errors:
            unread[path] = "; ".join(errors)
        else:
            found[path] = differences(before, after)
    return found, unread


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("words", nargs="+", metavar="OLD_REV [NEW_REV] FOLDER...")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--repository", type=Path, default=ROOT, metavar="FOLDER")
    args = parser.parse_intermixed_args(words)
    revisions = [word for word in args.words if not Path(word).is_dir()]
    folders = [Path(word).resolve() for word in args.words if Path(word).is_dir()]
    if not 1 <= len(revisions) <= 2 or not folders:
        parser.error("one or two revisions and at least one folder are needed")
    reports = sorted(path for folder in folders for path in folder.glob("*.txt"))
    newer = revisions[1] if len(revisions) == 2 else None
    root = args.repository.resolve()
    with tree_of(revisions[0], root) as old_tree, tree_of(newer, root) as new_tree:
        found, unread = compare(results(old_tree, reports), results(new_tree, reports))
    if args.json:
        print(json.dumps(_as_json(found, unread), ensure_ascii=False, indent=1))
    else:
        _print(found, unread)
    return 0


def _print(found: dict[Path, dict[str, Difference]], unread: dict[Path, str]) -> None:
    for path, one in found.items():
        if one:
            print(path.name)
            for line in lines(one):
                print("  " + line)
    for path, why in unread.items():
        print(f"! {path.name}: {why}")
    same = sum(not one for one in found.values())
    print(f"{len(found)} reports, {same} without difference, {len(unread)} not read")
    for kind, counts in totals(list(found.values())).items():
        print(f"  {kind:9}" + "".join(f" {name} {count:<5}" for name, count in counts.items()))


def _as_json(found: dict[Path, dict[str, Difference]], unread: dict[Path, str]) -> Record:
    def plain(difference: Difference) -> Record:
        changed = [{"old": old, "new": new} for old, new in difference.changed]
        return {"gained": difference.gained, "lost": difference.lost, "changed": changed}

    return {
        "reports": {
            os.fspath(path): {kind: plain(difference) for kind, difference in one.items()}
            for path, one in found.items()
        },
        "unread": {os.fspath(path): why for path, why in unread.items()},
        "totals": totals(list(found.values())),
    }


if __name__ == "__main__":
    sys.exit(main())
