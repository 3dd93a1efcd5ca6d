"""The scripts of development: compare, fuzz and bench, on small matter."""

import dataclasses
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from loading import REPORTS, ROOT, bundled, script
from nlp.pipeline import analyse_text

compare = script("compare")
fuzz = script("fuzz")
bench = script("bench")
SHORT = [path.read_bytes() for path in sorted(REPORTS, key=lambda path: path.stat().st_size)[:5]]


# compare.py: what two results do not share


def fact(**other: Any) -> dict[str, Any]:
    made = {"id": "f1", "metric": "request.received", "value": 3, "low": 3, "high": 3}
    made |= {"unit": "件", "year": 2018, "subject": None, "basis": "total"}
    return made | {"text": "收到申请3件", "start": 10, "end": 16} | other


def item(**other: Any) -> dict[str, Any]:
    made = {"id": "i1", "kind": "plan", "topic": None, "text": "加强培训", "start": 50, "end": 54}
    return made | other


def cell(value: int | None) -> dict[str, Any]:
    return {"id": "c1", "metric": "fee.charged", "applicant": None, "value": value, "unit": "万元"}


def check(verdict: str) -> dict[str, Any]:
    return {"id": "k1", "metric": "fee.charged", "verdict": verdict, "stated": 1, "table": 2}


def finding(verdict: str, **other: Any) -> dict[str, Any]:
    made = {"id": "v1", "rule": "table.sum", "scope": "table", "verdict": verdict}
    return made | {"stated": 5, "computed": 4, "message": "总数5，合计4"} | other


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [
        ({"facts": [fact()]}, {"facts": [fact(id="f9")]}, []),
        ({"facts": [fact()]}, {}, ["- facts    request.received = 3 [2018] “收到申请3件”"]),
        (
            {},
            {"facts": [fact(subject="县水利局", basis="part")]},
            ["+ facts    request.received = 3 [2018; 县水利局; part] “收到申请3件”"],
        ),
        (
            {"facts": [fact()]},
            {"facts": [fact(year=2017)]},
            ["~ facts    request.received = 3 [2017] “收到申请3件”: year 2018 -> 2017"],
        ),
        (
            {"facts": [fact()]},
            {"facts": [fact(metric="other", text="3件", start=14)]},
            [
                "~ facts    other = 3 [2018] “3件”: metric 'request.received' -> 'other', "
                "text '收到申请3件' -> '3件'"
            ],
        ),
        (  # the same figure in another place is another fact
            {"facts": [fact()]},
            {"facts": [fact(start=110, end=116)]},
            [
                "- facts    request.received = 3 [2018] “收到申请3件”",
                "+ facts    request.received = 3 [2018] “收到申请3件”",
            ],
        ),
        (
            {"items": [item()]},
            {"items": [item(kind="remedy")]},
            ["~ items    remedy “加强培训”: kind 'plan' -> 'remedy'"],
        ),
        (
            {"cells": [cell(1)]},
            {"cells": [cell(None)]},
            ["~ cells    fee.charged  = None: value 1 -> None"],
        ),
        (
            {"checks": [check("match")]},
            {"checks": [check("mismatch")]},
            ["~ checks   fee.charged mismatch 1 / 2: verdict 'match' -> 'mismatch'"],
        ),
        (
            {"findings": [finding("violated")]},
            {"findings": [finding("holds", computed=5)]},
            [
                "~ findings table holds 5 / 5 table.sum 总数5，合计4: "
                "verdict 'violated' -> 'holds', computed 4 -> 5"
            ],
        ),
        (
            {"report": {"year": 2017}},
            {"report": {"year": 2018}},
            ["~ report   None None 2018 None None None: year 2017 -> 2018"],
        ),
    ],
)
def test_differences(old: dict[str, Any], new: dict[str, Any], printed: list[str]) -> None:
    assert list(compare.lines(compare.differences(old, new))) == printed


def test_a_fact_is_paired_with_its_nearest_kin() -> None:
    """处理费2件，共计620元: two figures under one evidence do not change places."""
    old = [fact(value=2, metric="fee.cases"), fact(value=620, metric="fee.amount")]
    new = [fact(value=620, metric="other"), fact(value=2, metric="fee.cases")]
    found = compare.differences({"facts": old}, {"facts": new})["facts"]
    assert [(a["value"], b["value"]) for a, b in found.changed] == [(620, 620)]
    assert found.gained == found.lost == []


EXTRACTOR = """
import json, sys
for path in sys.argv[1:]:
    if not path.endswith(".txt"):
        continue
    record = {"source": {"path": path}}
    if "bad" in path:
        record["error"] = {"code": "empty", "message": "文件是空的"}
    else:
        record |= {"report": {}, "checks": [{"metric": "m", "verdict": VERDICT, "stated": 1, "table": 1}]}
    print(json.dumps(record))
"""


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_revisions_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def git(*words: str) -> None:
        options = ("-c", "user.name=n", "-c", "user.email=e@example.org")
        subprocess.run(["git", *options, *words], cwd=repo, check=True, capture_output=True)

    repo, reports = tmp_path / "repo", tmp_path / "reports"
    (repo / "nlp").mkdir(parents=True)
    reports.mkdir()
    for name in ("good.txt", "bad.txt"):
        (reports / name).write_text("x", "utf-8")
    (repo / "nlp" / "__init__.py").touch()
    extractor = repo / "nlp" / "extract.py"
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    git("init", "--quiet")
    for verdict in ("match", "approximate", "mismatch"):
        extractor.write_text(EXTRACTOR.replace("VERDICT", repr(verdict)), "utf-8")
        if verdict != "mismatch":  # which stays in the working tree
            git("add", ".")
            git("commit", "--quiet", "--message", verdict)

    def printed(*words: str) -> list[str]:
        assert compare.main([*words, str(reports), "--repository", str(repo)]) == 0
        return capsys.readouterr().out.splitlines()

    line = "  ~ checks   m {1} 1 / 1: verdict '{0}' -> '{1}'".format
    assert printed("HEAD")[:2] == ["good.txt", line("approximate", "mismatch")]
    lines = printed("HEAD~1", "HEAD")
    assert lines[1] == line("match", "approximate")
    assert lines[2].startswith("! bad.txt: old: empty 文件是空的; new: ")
    assert lines[3] == "1 reports, 0 without difference, 1 not read"
    assert printed("HEAD", "HEAD")[1] == "1 reports, 1 without difference, 1 not read"
    answer = json.loads("\n".join(printed("HEAD", "--json")))
    assert answer["totals"]["checks"] == {"gained": 0, "lost": 0, "changed": 1}
    assert [Path(path).name for path in answer["unread"]] == ["bad.txt"]
    with pytest.raises(SystemExit, match="no-such-revision"):
        printed("no-such-revision")


def test_a_revision_that_cannot_run_leaves_every_report_unread(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no package nlp"):
        compare.results(tmp_path, [REPORTS[0]])
    (tmp_path / "nlp").mkdir()
    (tmp_path / "nlp" / "__init__.py").touch()
    (tmp_path / "nlp" / "extract.py").write_text("raise SystemExit('broken')", "utf-8")
    found = compare.results(tmp_path, [REPORTS[0]])
    assert found[REPORTS[0]]["error"] == {"code": "none", "message": "broken"}


# fuzz.py: spoilt reports are read, or refused in one way


@pytest.mark.parametrize("number", range(60))
def test_spoilt_reports_are_read_or_refused(number: int) -> None:
    data, done = fuzz.case(7, number, SHORT, largest=40_000)  # large ones are for the script
    outcome = fuzz.attempt(data, number)
    assert not outcome.failed, f"{done}\n{outcome.details}"


@pytest.mark.parametrize(
    ("name", "number"),
    # 400 digits in a cell; beyond 4300 digits Python refuses to read a number at all
    [(name, digits) for name in ("2014-tabs-department", "2021-tabs-county", "2019-glued-county")
     for digits in (16, 400, 5000)],
)  # fmt: skip
def test_numbers_of_absurd_length(name: str, number: int) -> None:
    text = bundled(f"{name}.txt").document.text
    for character in "137":
        outcome = fuzz.attempt(text.replace(character, character * number, 9).encode(), 0)
        assert not outcome.failed, outcome.details


def test_a_cell_with_too_many_digits_is_warned_of_and_no_cell() -> None:
    text = bundled("2021-tabs-county.txt").document.text
    broken = text.replace("\t163\n", "\t" + "163" * 200 + "\n")
    assert broken != text
    result = analyse_text(broken)
    assert "number_too_long" in {warning.code for warning in result.warnings}
    assert ("request.received", "total") not in {(c.metric, c.applicant) for c in result.cells}


def test_cases_are_repeatable_and_differ() -> None:
    cases = [fuzz.case(1, number, SHORT) for number in range(40)]
    assert cases == [fuzz.case(1, number, SHORT) for number in range(40)]
    assert len({data for data, _ in cases}) > 35


@pytest.mark.parametrize("spoil", fuzz.ON_TEXT, ids=lambda spoil: spoil.__name__)
def test_every_way_of_spoiling_takes_the_shortest_text(spoil: Any) -> None:
    for seed in range(5):
        assert isinstance(spoil("件\n", random.Random(seed)), str)


def test_broken_promises_are_seen() -> None:
    result = bundled(REPORTS[0].name)
    assert fuzz.broken_promises(result) == []
    first, *rest = result.facts
    wrong = dataclasses.replace(first, start=first.start + 1)
    for facts in ((wrong, *rest), (first, first, *rest), (*rest, first), ()):
        assert fuzz.broken_promises(dataclasses.replace(result, facts=facts))


@pytest.mark.parametrize(("since", "verdict"), [(11, "hung"), (1, None)])
def test_a_case_that_takes_too_long_has_hung(since: float, verdict: str | None) -> None:
    ours, theirs = multiprocessing.Pipe()
    worker = fuzz.Worker(None, ours, number=5, since=time.monotonic() - since)
    outcome = fuzz._taken(worker, limit=10)
    assert (outcome and outcome.verdict) == verdict
    theirs.close()
    assert fuzz._taken(worker, limit=10).verdict == "died"


def test_fuzz_in_processes_of_its_own(tmp_path: Path) -> None:
    words = ["scripts/fuzz.py", "--count", "6", "--jobs", "2", "--keep", str(tmp_path)]
    done = run(*words)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("6 cases, ")
    assert list(tmp_path.iterdir()) == []


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip


# bench.py


def test_the_profile_names_every_step_and_leaves_the_pipeline_as_it_was() -> None:
    from nlp import pipeline

    before = {step: getattr(pipeline, step) for step in bench.STEPS.values()}
    spent = bench.profile_of(SHORT[:1], 1)
    assert list(spent) == ["reading", *bench.STEPS]
    assert all(took > 0 for took in spent.values())
    assert before == {step: getattr(pipeline, step) for step in bench.STEPS.values()}


def test_yardsticks_run_in_turns() -> None:
    calls: list[str] = []
    times = bench.in_turns(lambda: calls.append("a"), lambda: calls.append("b"), 3)
    assert "".join(calls) == "ab" * 4
    assert [len(one) for one in times] == [3, 3]
