"""Exports: equal results give equal bytes; the workbook shows differences first."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batches import batch, fill, read_here
from loading import ROOT, bundled
from nlp.batch.database import open_results
from nlp.batch.export import TABLES, export
from nlp.batch.inputs import Inputs
from nlp.batch.run import Options, run
from nlp.batch.sheets import MAIN_METRICS
from nlp.metrics import load
from nlp.output.writing import OutputError

DEMO = ROOT / "corpora" / "reports" / "2021-tabs-county.txt"
FORMATS = ("parquet", "csv", "jsonl", "xlsx")


def exported(out: Path, to: Path, *formats: str) -> dict[str, bytes]:
    with open_results(out) as connection:
        return {path.name: path.read_bytes() for path in export(connection, formats, to)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of the demo, others, a formula and a bad file."""
    place = tmp_path_factory.mktemp("batch")
    fill(place / "in", 3)
    (place / "in" / DEMO.name).write_bytes(DEMO.read_bytes())
    formula = "某县2020年政府信息公开工作年度报告\n五、存在的主要问题\n（一）=1+1，解读不够。\n"
    (place / "in" / "formula.txt").write_text(formula, "utf-8")
    (place / "in" / "bad.txt").write_text("今天天气很好。")
    with pytest.MonkeyPatch.context() as patch:
        read_here(patch)
        batch(place / "in", place / "out")
    return place


def test_the_order_of_reading_leaves_no_trace(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch)
    paths = sorted((folder / "in").iterdir(), reverse=True)
    for path in paths:  # a run for each, the last file first
        run(Inputs([str(path)]), tmp_path / "out", Options())
    one = exported(folder / "out", tmp_path / "one", *FORMATS)
    assert one == exported(tmp_path / "out", tmp_path / "other", *FORMATS)
    assert len(one) == 3 * len(TABLES) + 1


def test_json_lines_and_csv_say_what_the_records_say(folder: Path, tmp_path: Path) -> None:
    made = exported(folder / "out", tmp_path, "jsonl", "csv")
    result = bundled(DEMO.name)
    own = result.document.source.sha256
    facts = [json.loads(line) for line in made["facts.jsonl"].decode().splitlines()]
    told = [(row["id"], row["metric"], row["value"], row["text"], row["why"]) for row in facts
            if row["sha256"] == own]  # fmt: skip
    assert told == [(f.id, f.metric, f.value, f.text, list(f.why)) for f in result.facts]
    checks = list(csv.DictReader(made["checks.csv"].decode().splitlines()))
    assert [row["facts"] for row in checks if row["sha256"] == own] == [
        ";".join(check.facts) for check in result.checks
    ]


def test_a_file_that_cannot_be_written_leaves_the_earlier_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").mkdir()
    with pytest.raises(OutputError):
        exported(folder / "out", tmp_path, "csv")
    assert not list(tmp_path.glob(".*"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        exported(folder / "out", tmp_path / "file", "csv")


# workbook.py


@pytest.fixture(scope="module")
def book(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    to = tmp_path_factory.mktemp("book")
    exported(folder / "out", to, "xlsx")
    return openpyxl.load_workbook(to / "reports.xlsx")


def cells(book: Any, name: str) -> list[dict[str, Any]]:
    head, *others = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in others]


def test_differences_stand_first_with_both_sides(book: Any) -> None:
    assert book.sheetnames == [
        "差异", "勾稽关系", "跨年核对", "各报告", "问题和计划", "未能读取",
    ]  # fmt: skip
    (row,) = [row for row in cells(book, "差异") if row["机关"] == "青屿县人民政府"]
    assert (row["年度"], row["指标"]) == (2024, "收到申请数")
    assert (row["正文数值"], row["表格数值"], row["正文减表格"]) == (136, 163, -27)
    assert row["正文原文"] == "新收政府信息公开申请136件"
    assert row["正文原文"] in re.sub(r"\s", "", row["所在句子"])
    assert row["文件"].endswith(DEMO.name)


def test_every_sheet_can_be_filtered_and_keeps_its_head_in_sight(book: Any) -> None:
    for page in book:
        assert page.freeze_panes is not None
        assert page.freeze_panes.endswith("2")
        if page.max_row > 2:
            assert page.auto_filter.ref is not None
        assert all(page.column_dimensions[cell.column_letter].width > 5 for cell in page[1])


def test_a_report_is_a_row_with_its_main_metrics(book: Any) -> None:
    (row,) = [row for row in cells(book, "各报告") if row["机关"] == "青屿县人民政府"]
    assert (row["差异"], row["核对一致"], row["收到申请数"], row["予以公开数"]) == (1, 9, 163, 72)
    assert row["不予公开数"] == 13  # the sum of its rows: the tables since 2019 have no other
    assert row["政策解读稿件发布数"] == 46  # of the prose: the tables do not have it
    assert set(MAIN_METRICS) <= set(load())


def test_numbers_of_the_prose_look_otherwise(book: Any) -> None:
    page = book["各报告"]
    head = [cell.value for cell in page[1]]
    rows = [row for row in page.iter_rows(min_row=2) if row[0].value == "青屿县人民政府"]
    looks = {
        name: rows[0][head.index(name)].font.i
        for name in ("收到申请数", "不予公开数", "政策解读稿件发布数")
    }
    assert looks == {"收到申请数": False, "不予公开数": False, "政策解读稿件发布数": True}


def test_no_words_of_a_report_become_a_formula(book: Any) -> None:
    assert not any(cell.data_type == "f" for page in book for row in page for cell in row)
    assert any("=1+1" in (row["内容"] or "") for row in cells(book, "问题和计划"))


def test_what_failed_has_its_reason(book: Any) -> None:
    (row,) = cells(book, "未能读取")
    assert row["文件"].endswith("bad.txt")
    assert row["代码"] == "not_a_report"


def test_a_sheet_that_is_full_is_continued(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlp.batch import workbook

    monkeypatch.setattr(workbook, "_MOST_ROWS", 3)
    exported(folder / "out", tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "reports.xlsx")
    assert [name for name in book.sheetnames if name.startswith("各报告")] == ["各报告", "各报告2"]
    assert len(cells(book, "各报告")) + len(cells(book, "各报告2")) == 5
