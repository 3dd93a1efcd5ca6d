"""Ten years of three agencies: the breaks planted between the years are found, and no others."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from loading import script
from nlp.between.agencies import agency_of
from nlp.between.records import Comparison, YearlyReport, yearly
from nlp.between.timeline import compare_years
from nlp.pipeline import read_report

SOFT = {"years.in_force"}


def compared(folder: Path) -> list[Comparison]:
    """What is said between all reports of a folder, agency by agency as their names are read."""
    agencies: dict[str, list[YearlyReport]] = defaultdict(list)
    for path in sorted(folder.rglob("*.txt")):
        result = read_report(path)
        agency = agency_of(result.report.agency)
        assert agency is not None
        agencies[agency.key].append(yearly(result))
    return [one for reports in agencies.values() for one in compare_years(reports)]


def found(comparisons: list[Comparison], verdict: str) -> set[tuple[str, int, str]]:
    return {(one.agency, one.year, one.rule) for one in comparisons if one.verdict == verdict}


@pytest.fixture(scope="module")
def broken(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[Comparison], set[tuple[str, int, str]]]:
    folder = tmp_path_factory.mktemp("panel")
    planted = script("make_panel").write_panel(folder, seed=1)
    return compared(folder), {(one.agency, one.year, one.rule) for one in planted}


def test_planted_breaks_are_found_and_no_others(
    broken: tuple[list[Comparison], set[tuple[str, int, str]]],
) -> None:
    comparisons, planted = broken
    assert len(planted) == len(script("make_panel").BREAKS)
    assert found(comparisons, "violated") == {one for one in planted if one[2] not in SOFT}
    assert found(comparisons, "unverifiable") == {one for one in planted if one[2] in SOFT}


def test_relations_are_tested_in_every_year(
    broken: tuple[list[Comparison], set[tuple[str, int, str]]],
) -> None:
    """No break is missed because nothing was compared."""
    comparisons, _ = broken
    tested = defaultdict(set)
    for one in comparisons:
        if one.verdict != "note":
            tested[one.rule].add((one.agency, one.year))
    assert len(tested["years.restated"]) == 27  # three agencies, every year but the first
    assert len(tested["years.carried"]) == 15  # since the tables have the row


def test_a_panel_in_order_has_no_breaks(tmp_path: Path) -> None:
    script("make_panel").write_panel(tmp_path, seed=2, breaks=())
    comparisons = compared(tmp_path)
    assert found(comparisons, "violated") == set()
    assert found(comparisons, "unverifiable") == set()
