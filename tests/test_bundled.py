"""The bundled reports: what corpora/reports.toml records of each is found, and nothing beyond it."""

import tomllib
from typing import Any

import pytest

from loading import REPORTS, ROOT, bundled
from nlp.evaluate.bundled import differences as differences_of
from nlp.evaluate.bundled import is_recorded
from nlp.records import Check, Finding

LISTED = tomllib.loads((ROOT / "corpora" / "reports.toml").read_text("utf-8"))["report"]
EACH = pytest.mark.parametrize("listed", LISTED, ids=lambda listed: listed["file"])
DISCREPANCIES = [
    pytest.param(listed["file"], one, id=f"{listed['file']}-{one['stated']}")
    for listed in LISTED
    for one in listed.get("discrepancy", [])
]


def differences(name: str) -> list[Check | Finding]:
    """Every mismatch and every violated relation."""
    return differences_of(bundled(name))


def test_every_report_is_listed() -> None:
    assert sorted(listed["file"] for listed in LISTED) == [path.name for path in REPORTS]
    assert {listed["clean"] for listed in LISTED} == {True, False}


@EACH
def test_clean_means_that_no_discrepancy_is_recorded(listed: dict[str, Any]) -> None:
    assert listed["clean"] == (not listed.get("discrepancy"))


@EACH
def test_identity(listed: dict[str, Any]) -> None:
    result = bundled(listed["file"])
    assert result.document.source.encoding == listed["encoding"]
    assert result.report.year == listed["year"]
    assert (result.report.template or "none") == listed["family"]
    title = result.report.title or ""
    place = listed["agency"].removesuffix("人民政府")
    # 云岭县2016年政府信息公开工作年度报告 names the place alone
    accepted = {listed["agency"]} if listed["agency"] in title else {listed["agency"], place}
    assert result.report.agency in accepted


@pytest.mark.parametrize(("name", "recorded"), DISCREPANCIES)
def test_recorded_discrepancies_are_found_once(name: str, recorded: dict[str, Any]) -> None:
    found = differences(name)
    assert sum(is_recorded(one, recorded) for one in found) == 1, [one.message for one in found]


@EACH
def test_nothing_is_found_beyond_the_recorded(listed: dict[str, Any]) -> None:
    recorded = listed.get("discrepancy", [])
    beyond = [
        one.message
        for one in differences(listed["file"])
        if not any(is_recorded(one, known) for known in recorded)
    ]
    assert beyond == []


@EACH
def test_differences_point_at_their_figures(listed: dict[str, Any]) -> None:
    """A difference without evidence could not be looked up in the report."""
    result = bundled(listed["file"])
    ids = {record.id for record in (*result.facts, *result.cells)}
    for one in differences(listed["file"]):
        evidence = {*one.facts, *one.cells} if isinstance(one, Check) else {*one.evidence}
        assert evidence and evidence <= ids, one.message
