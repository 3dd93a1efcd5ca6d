"""Reports compared in the database: the same as in memory, in one transaction, and only when needed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from batches import batch, read_here, rows
from loading import REPORTS, ROOT, script
from nlp.batch import between
from nlp.batch.__main__ import main
from nlp.batch.between import compare_all
from nlp.batch.database import open_results
from nlp.batch.sheets import sheets
from nlp.between.agencies import agency_of
from nlp.between.records import Comparison, YearlyReport, yearly
from nlp.between.timeline import compare_years
from nlp.pipeline import read_report

COLUMNS = (
    "rule, scope, verdict, agency, year, other_agency, other_year, sha256, other_sha256, metric, "
    "stated, computed, evidence, other_evidence, words, other_words, message"
)
STORED = f"SELECT {COLUMNS} FROM between_findings ORDER BY ALL"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of 30 reports with breaks between them and one bad file, and the batch of it."""
    folder, out = tmp_path_factory.mktemp("panel"), tmp_path_factory.mktemp("out")
    script("make_panel").write_panel(folder)
    (folder / "empty.txt").write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        read_here(patch)
        batch(folder, out)
    return folder, out


def in_memory(folder: Path) -> list[Comparison]:
    agencies: dict[str, list[YearlyReport]] = defaultdict(list)
    for path in sorted(folder.rglob("2*.txt")):
        result = read_report(path)
        agency = agency_of(result.report.agency)
        assert agency is not None
        agencies[agency.key].append(yearly(result))
    return [one for reports in agencies.values() for one in compare_years(reports)]


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in row)


def test_the_database_tells_what_memory_tells(panel: tuple[Path, Path]) -> None:
    folder, out = panel
    stored = sorted(map(plain, rows(out, STORED)), key=repr)
    expected = sorted(
        (tuple(float(v) if n in (10, 11) and v is not None else v for n, v in enumerate(astuple(one)))
         for one in in_memory(folder)),
        key=repr,
    )  # fmt: skip
    assert len(stored) > 100
    assert stored == expected


def test_ids_count_within_a_report(panel: tuple[Path, Path]) -> None:
    ids = defaultdict(list)
    for sha256, id_ in rows(panel[1], "SELECT sha256, id FROM between_findings"):
        ids[sha256].append(id_)
    assert len(ids) > 20
    for own in ids.values():
        assert sorted(own, key=lambda id_: int(id_[1:])) == [f"y{n + 1}" for n in range(len(own))]


def test_nothing_is_done_twice(panel: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, out = panel
    before = rows(out, STORED)
    monkeypatch.setattr(between, "_order", None)  # a call would fail
    with open_results(out, create=True) as connection:
        assert compare_all(connection) == len(before)
    assert rows(out, STORED) == before


def test_an_interrupted_comparison_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script("make_panel").write_panel(tmp_path / "reports", breaks=(), agencies=1)
    last = sorted(tmp_path.rglob("2024.txt"))[0]
    folder, out = last.parent, tmp_path / "out"
    held_back = last.read_bytes()
    last.unlink()
    read_here(monkeypatch)
    batch(folder, out)
    before = rows(out, STORED)
    last.write_bytes(held_back)
    with monkeypatch.context() as patch:
        patch.setattr(between, "_of_parts", lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batch(folder, out)
    assert rows(out, STORED) == before
    batch(folder, out)
    assert len(rows(out, STORED)) > len(before)


def test_portions_make_no_difference(
    panel: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = "SELECT * FROM between_findings ORDER BY ALL"
    monkeypatch.setattr(between, "_PORTION", 1)
    with open_results(panel[1], create=True) as connection:
        before = connection.execute(everything).fetchall()
        connection.execute("DELETE FROM between_state")
        compare_all(connection)
        assert connection.execute(everything).fetchall() == before


def test_parts_are_noted_beside_their_government(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "reports", tmp_path / "out"
    folder.mkdir()
    (base,) = [path for path in REPORTS if path.name == "2021-tabs-county.txt"]
    text = base.read_text("utf-8")
    title, _, rest = text.partition("\n")
    names = (
        "青屿县人民政府",
        "青屿县自然资源局",
        "青屿县财政局",
        "青屿县人民政府办公室",
        "白石县财政局",
    )
    for name in names:
        body = rest.replace("\t163", "\t200") if name == "青屿县财政局" else rest
        printed = title.replace("青屿县人民政府", name)
        (folder / f"{name}.txt").write_text(f"{printed}\n{body}", "utf-8")
    read_here(monkeypatch)
    batch(folder, out)
    found = rows(
        out,
        "SELECT rule, verdict, agency, other_agency, metric, stated, computed FROM between_findings "
        "WHERE metric = 'request.received' ORDER BY rule",
    )
    head = ("note", "青屿县人民政府", "青屿县财政局", "request.received", 163.0)
    assert found == [("parts.exceeds", *head, 200.0), ("parts.sum", *head, 363.0)]
    assert rows(out, "SELECT DISTINCT scope FROM between_findings") == [("parts",)]


def test_the_sheet_has_what_differs_first(panel: tuple[Path, Path]) -> None:
    with open_results(panel[1]) as connection:
        (sheet,) = [one for one in sheets(connection) if one.name == "跨年核对"]
        heads = [column.head for column in sheet.columns]
        found = [dict(zip(heads, row, strict=True)) for row in sheet.rows]
    verdicts = [row["结论"] for row in found]
    assert verdicts == sorted(verdicts, key=["不符", "无从判断", "提示"].index)
    assert verdicts.count("不符") == 8
    first = found[0]
    assert (first["机关"], first["年度"], first["对照年度"]) == ("云岭县人民政府", 2017, 2016)
    assert (first["事项"], first["指标"], first["相差"]) == ("重述往年数字", "收到申请数", 7)
    assert first["文件"].endswith("2017.txt")
    assert first["对照文件"].endswith("2016.txt")


# The summary


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["summary", *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_summary_on_the_terminal(
    panel: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = told(capsys, str(panel[1]))
    assert (status, err) == (0, "")
    assert "30 份报告，3 个机关，2015—2024 年度" in out
    assert "未能读取的文件 1 个" in out
    assert re.search(r"重述往年数字 +3 +— +24 +—", out)
    assert re.search(r"2019 +— +3 +— +— +3", out)  # by form
    assert re.search(r"收到申请数 +26 +— +4 +— +100\.0%", out)
    assert re.search(r"empty +1 +1 ", out)
    status, out, _ = told(capsys, str(panel[1]), "--lang", "en", "--most", "3")
    assert "30 reports, 3 bodies, 2015–2024" in out
    assert "more rows" in out


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_summary_is_what_the_readmes_show(
    name: str, panel: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = told(capsys, str(panel[1]))
    (block,) = re.findall(
        r"^跨年核对\n.*?(?=^\.\.\.$)", (ROOT / name).read_text("utf-8"), re.M | re.S
    )
    assert block in out


def test_the_summary_as_json(panel: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = told(capsys, str(panel[1]), "--format", "json")
    found = json.loads(out)
    assert status == 0
    assert found["head"] | {"facts": 0, "cells": 0} == {
        "reports": 30, "agencies": 3, "first_year": 2015, "last_year": 2024, "failed": 1,
        "facts": 0, "cells": 0,
    }  # fmt: skip
    (received,) = [one for one in found["agreement"] if one["metric"] == "request.received"]
    assert received == {"metric": "request.received", "match": 25, "approximate": 0, "mismatch": 1}
    given = [one for one in found["coverage"] if one["metric"] == "request.received"]
    assert given == [{"metric": "request.received", "both": 26, "table": 0, "prose": 4}]


def test_the_summary_as_a_page(
    panel: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert told(capsys, str(panel[1]), "--html", str(page))[0] == 0
    text = page.read_text("utf-8")
    assert text.count("<svg") == text.count("</svg>") == 5
    assert not re.search(r"""(?:src|href)=["'](?!#)|url\((?!#)|<script""", text)
    assert "各年度的报告" in text
    told(capsys, str(panel[1]), "--html", str(page))
    assert page.read_text("utf-8") == text


def test_the_summary_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = told(capsys, str(tmp_path))
    assert (status, out) == (2, "")
    assert "没有 results.duckdb" in err
    with open_results(tmp_path, create=True):
        pass
    page = tmp_path / "page.html"
    status, out, err = told(capsys, str(tmp_path), "--html", str(page))
    assert (status, err) == (0, "")
    assert "还没有读成的报告" in out
    assert page.exists()
