"""Real reports with answers made by hand, which lie beside the repository: ../shared."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from loading import SHARED, module_at
from nlp.output.json import to_dict
from nlp.pipeline import read_report

GOLD = sorted((SHARED / "gold").glob("*.json"))
SCORER = SHARED / "tools" / "score.py"

pytestmark = pytest.mark.skipif(
    not (GOLD and SCORER.exists()), reason=f"no gold answers and scorer in {SHARED}"
)


class Scores:
    """What the scorer counts over all gold reports, and what it complains of."""

    def __init__(self) -> None:
        score = module_at(SCORER)
        self.complaints: list[str] = []
        self.counts: dict[str, list[int]] = {}
        self.misplaced = 0
        parts: dict[str, Callable[..., tuple[int, ...]]] = {
            "facts": score.score_facts,
            "items": score.score_items,
            "cells": score.score_cells,
            "checks": score.score_checks,
            "findings": score.score_findings,
        }
        for path in GOLD:
            gold = json.loads(path.read_text("utf-8"))
            found = to_dict(read_report(SHARED / "reports" / gold["name"]), include_text=True)
            self.complaints.append(gold["name"])
            for name, count in parts.items():
                arguments = [gold, found[name]]
                self._add(name, count(*arguments, self.complaints.append))
            self._add("identity", self._identity(gold, found["report"]))
            self.misplaced += score.evidence(found, self.complaints.append)

    def _add(self, name: str, counts: tuple[int, ...]) -> None:
        before = self.counts.get(name, [0] * len(counts))
        self.counts[name] = [a + b for a, b in zip(before, counts, strict=True)]

    def _identity(self, gold: dict[str, Any], report: dict[str, Any]) -> tuple[int, int]:
        asked = [name for name in ("year", "agency", "template") if gold.get(name) is not None]
        right = 0
        for name in asked:
            accepted = gold[name] if isinstance(gold[name], list) else [gold[name]]
            right += report[name] in accepted
        return right, len(asked)

    def percent(self, name: str, kind: str) -> float:
        hits, *rest = self.counts[name]
        needed = rest[-1]
        precision = 100 * hits / (hits + rest[0]) if hits + rest[0] else 0.0
        share = 100 * hits / needed if needed else 100.0
        if kind == "precision":
            return precision
        if kind == "f1":
            return 2 * precision * share / (precision + share) if precision + share else 0.0
        return share


@pytest.fixture(scope="module")
def scores() -> Scores:
    return Scores()


@pytest.mark.parametrize(
    ("name", "kind", "least"),
    [
        ("facts", "precision", 97),
        ("facts", "recall", 95),
        ("items", "f1", 95),
        ("cells", "share", 99.5),
        ("checks", "share", 98),
        ("findings", "share", 100),
        ("identity", "share", 100),
    ],
)
def test_shares(scores: Scores, name: str, kind: str, least: float) -> None:
    assert scores.percent(name, kind) >= least, "\n".join(scores.complaints)


@pytest.mark.parametrize("name", ["checks", "findings"])
def test_no_false_alarm(scores: Scores, name: str) -> None:
    assert scores.counts[name][1] == 0, "\n".join(scores.complaints)


def test_all_evidence_stands_where_it_says(scores: Scores) -> None:
    assert scores.misplaced == 0, "\n".join(scores.complaints)
