"""Section `bundled`: the discrepancies recorded in corpora/reports.toml, and what is found beyond."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.classifier.reader import Reader
from nlp.errors import InputError
from nlp.evaluate.answers import BOTH, RULES
from nlp.pipeline import read_report
from nlp.records import Check, Finding, ReportResult

_LISTING = "reports.toml"
_ROUNDING = 0.005


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two statements of a report, by its words."""

    file: str
    words: str


@dataclass(frozen=True, slots=True)
class Bundled:
    """Of the recorded discrepancies how many were found; false alarms on the reports that have
    none, and beyond the recorded ones on the others."""

    reports: int
    clean: int
    recorded: int
    found: int
    missed: tuple[Difference, ...]
    on_clean: tuple[Difference, ...]
    beyond: tuple[Difference, ...]


def bundled(corpora: Path, reader: Reader) -> dict[str, Bundled]:
    """For the rules alone and both together; nothing where the reports are not there."""
    listing = corpora / _LISTING
    if not listing.is_file():
        return {}
    try:
        listed: list[dict[str, Any]] = tomllib.loads(listing.read_text("utf-8"))["report"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        problem = f"无法读取（{type(error).__name__}）"
        raise InputError("corpora", problem, where=str(listing)) from error
    found = {}
    for name, used in ((RULES, None), (BOTH, reader)):
        results = [read_report(corpora / "reports" / one["file"], used) for one in listed]
        found[name] = compare(list(zip(listed, results, strict=True)))
    return found


def compare(reports: Iterable[tuple[dict[str, Any], ReportResult]]) -> Bundled:
    """What is recorded of each report against what was found in it."""
    pairs = list(reports)
    recorded, missed = 0, []
    false: dict[bool, list[Difference]] = {True: [], False: []}
    for listed, result in pairs:
        known = listed.get("discrepancy", [])
        recorded += len(known)
        found = differences(result)
        missed += [
            Difference(listed["file"], one["note"])
            for one in known
            if not any(is_recorded(difference, one) for difference in found)
        ]
        false[listed["clean"]] += [
            Difference(listed["file"], one.message)
            for one in found
            if not any(is_recorded(one, record) for record in known)
        ]
    clean = sum(1 for listed, _ in pairs if listed["clean"])
    hits = recorded - len(missed)
    return Bundled(
        len(pairs), clean, recorded, hits, tuple(missed), tuple(false[True]), tuple(false[False])
    )


def differences(result: ReportResult) -> list[Check | Finding]:
    """Every mismatch and every violated relation."""
    mismatches = [check for check in result.checks if check.verdict == "mismatch"]
    return [*mismatches, *(one for one in result.findings if one.verdict == "violated")]


def is_recorded(found: Check | Finding, recorded: dict[str, Any]) -> bool:
    """Whether a difference is the recorded one; a relation may name its two sides either way."""
    if isinstance(found, Check):
        return (
            recorded["kind"] == "check"
            and recorded["metric"] == found.metric
            and (recorded["stated"], recorded["table"]) == (found.stated, found.table)
        )
    sides = (recorded["stated"], recorded.get("computed", 0))
    return (
        recorded["kind"] == "finding"
        and recorded["scope"] == found.scope
        and any(
            _near(found.stated, one) and _near(found.computed, other)
            for one, other in (sides, sides[::-1])
        )
    )


def _near(found: float | None, recorded: float) -> bool:
    return found is not None and abs(found - recorded) <= _ROUNDING * max(1, abs(recorded))
