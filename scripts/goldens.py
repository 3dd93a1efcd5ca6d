"""What the extractor reads from the bundled reports, kept in tests/goldens to be compared with.

    python scripts/goldens.py              print what differs; exit status 1 if anything does
    python scripts/goldens.py --write      renew the files, and print what changed

The goldens are not answers known to be right: they are what was read last. A person reads the
difference before it is committed. Each record stands on a line of its own.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.records import ReportResult

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "corpora" / "reports"
GOLDENS = ROOT / "tests" / "goldens"


def golden(result: ReportResult) -> dict[str, Any]:
    """A result without offsets, intervals and confidence: what a change of rules may alter."""
    report = result.report
    return {
        "report": [
            [name, getattr(report, name)]
            for name in ("title", "agency", "year", "published", "template")
        ]
        + [["period", list(report.period) if report.period else None]],
        "cells": [[cell.metric, cell.applicant, cell.value] for cell in result.cells],
        "facts": [
            [fact.metric, fact.value, fact.year, fact.subject, fact.basis, fact.text]
            for fact in result.facts
        ],
        "items": [[item.kind, item.text] for item in result.items],
        "checks": [[check.metric, check.verdict] for check in result.checks],
        "violated": [
            [finding.rule, finding.scope, finding.stated, finding.computed]
            for finding in result.findings
            if finding.verdict == "violated"
        ],
        "warnings": [warning.code for warning in result.warnings],
    }


def written(one: dict[str, Any]) -> str:
    """A golden as JSON with a record on each line."""
    lists = []
    for name, records in one.items():
        lines = ",\n".join("  " + json.dumps(record, ensure_ascii=False) for record in records)
        lists.append(f'"{name}": [\n{lines}\n]' if records else f'"{name}": []')
    return "{\n" + ",\n".join(lists) + "\n}\n"


def changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """`- facts …` and `+ facts …`, a line for each record that only one of two goldens has."""
    for name in dict.fromkeys((*old, *new)):
        before, after = (
            [json.dumps(record, ensure_ascii=False) for record in side.get(name, [])]
            for side in (old, new)
        )
        for line in difflib.ndiff(before, after):
            if line[0] in "+-":
                yield f"{line[0]} {name} {line[2:]}"


def current() -> dict[str, dict[str, Any]]:
    """The goldens of the bundled reports as they would be written now, by report name."""
    from nlp.pipeline import read_report

    return {path.stem: golden(read_report(path)) for path in sorted(REPORTS.glob("*.txt"))}


def kept(name: str) -> dict[str, Any]:
    place = GOLDENS / f"{name}.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8")) if place.exists() else {}
    return found


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="renew tests/goldens")
    args = parser.parse_args(words)
    changed = 0
    for name, new in current().items():
        lines = list(changes(kept(name), new))
        changed += bool(lines)
        if lines:
            print("\n  ".join([name, *lines]))
        if args.write:
            GOLDENS.mkdir(exist_ok=True)
            (GOLDENS / f"{name}.json").write_text(written(new), "utf-8", newline="\n")
    print(f"{changed} reports differ" + (", goldens renewed" if args.write else ""))
    return 1 if changed and not args.write else 0


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(ROOT))
    sys.exit(main())
