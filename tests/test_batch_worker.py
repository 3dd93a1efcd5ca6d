"""One report in a worker: its rows, its errors, its time."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from batches import SHORT
from loading import ROOT, bundled
from nlp.batch import worker
from nlp.batch.database import open_results
from nlp.batch.deadline import TimeLimitError, time_limit
from nlp.batch.fingerprint import _files, fingerprint
from nlp.batch.rows import COLUMNS, Rows
from nlp.batch.worker import Chunk, Error, Setup, Task, read_chunk

SETUP = Setup(fingerprint("none").version, "none", "jieba", 20.0)
GOOD = Task("/x/good.txt", "0" * 64, SHORT[0].read_bytes())


def outcome(data: bytes) -> Error | None:
    (one,) = read_chunk(Chunk(0, (Task("/x/bad.txt", "1" * 64, data),)), SETUP).outcomes
    return one.error


# rows.py


def test_columns_are_those_of_the_database(tmp_path: Path) -> None:
    with open_results(tmp_path, create=True) as connection:
        for table, names in COLUMNS.items():
            columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            assert columns == ["sha256", "version", *names], table


def test_rows_say_what_the_records_say() -> None:
    result = bundled("2021-tabs-county.txt")
    rows = Rows("v")
    rows.add(result, 0.5)
    tables = rows.tables()
    assert {name: table.num_rows for name, table in tables.items()} == {
        "reports": 1, "timings": 1, "sections": len(result.sections), "cells": len(result.cells),
        "facts": len(result.facts), "items": len(result.items), "checks": len(result.checks),
        "findings": len(result.findings),
        **({"warnings": len(result.warnings)} if result.warnings else {}),
    }  # fmt: skip
    for row, fact in zip(tables["facts"].to_pylist(), result.facts, strict=True):
        assert row["text"] == fact.text == result.document.text[row["start"] : row["end"]]
        assert row["sentence"] == result.document.text[row["sentence_start"] : row["sentence_end"]]
        assert (row["value"], row["why"]) == (fact.value, list(fact.why))
    (report,) = tables["reports"].to_pylist()
    assert (report["agency"], report["year"]) == ("青屿县人民政府", 2024)
    assert {row["table"] for row in tables["checks"].to_pylist()} == {
        check.table for check in result.checks
    }


def test_a_day_that_does_not_exist_stays_as_printed() -> None:
    text = "某县2020年政府信息公开工作年度报告\n统计期限自2020年1月1日至2020年2月31日。公开9条。"
    made = read_chunk(Chunk(0, (Task("/x", "2" * 64, text.encode()),)), SETUP)
    assert made.tables["reports"].to_pylist()[0]["period_end"] == "2020-02-31"


# worker.py


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "binary"),
        ("政府信息公开".encode() + b"\xff\xfe\x81" * 300, "encoding"),
        ("今天天气很好。".encode(), "not_a_report"),
    ],
)
def test_a_bad_file_is_an_error_with_its_reason(data: bytes, code: str) -> None:
    error = outcome(data)
    assert error is not None
    assert error.code == code
    assert "/x/bad.txt" not in error.message


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (RuntimeError("oh\nno"), "internal", "RuntimeError"),
        (RecursionError(), "internal", "RecursionError"),
        (MemoryError(), "memory", "内存"),
        (TimeLimitError(), "time_limit", "20秒"),
    ],
)
def test_whatever_happens_in_a_report_the_others_are_read(
    raised: BaseException, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse = worker.analyse

    def failing(document: Any, reader: Any) -> Any:
        if document.source.path == "/x/bad.txt":
            raise raised
        return analyse(document, reader)

    monkeypatch.setattr(worker, "analyse", failing)
    bad = Task("/x/bad.txt", "1" * 64, GOOD.data)
    made = read_chunk(Chunk(0, (bad, GOOD)), SETUP)
    errors = [one.error for one in made.outcomes]
    assert errors[0] is not None
    assert errors[0].code == code
    assert words in errors[0].message
    assert errors[1] is None
    assert made.tables["reports"].num_rows == 1


def test_another_version_in_the_worker_is_told_and_nothing_is_read() -> None:
    made = read_chunk(Chunk(0, (GOOD,)), Setup("another", "none", "jieba", 20.0))
    assert made.broken is not None
    assert made.broken[0] == "version"
    assert made.outcomes == ()


# deadline.py


def endless() -> None:
    while True:
        pass


def test_a_runaway_is_stopped() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):
        endless()


def test_a_runaway_in_another_thread_is_stopped() -> None:
    stopped = []

    def reader() -> None:
        try:
            with time_limit(0.05):
                endless()
        except TimeLimitError:
            stopped.append(True)

    thread = threading.Thread(target=reader, daemon=True)
    thread.start()
    thread.join(30)
    assert stopped == [True]


def test_what_does_not_hear_the_signal_ends_with_its_process() -> None:
    code = (
        "import signal, nlp.batch.deadline as d\n"
        "d.GRACE = 0.1\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
        "with d.time_limit(0.1):\n"
        "    while True: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, capture_output=True)
    assert done.returncode == 1
    assert done.stderr == b""


# fingerprint.py


def test_the_fingerprint_covers_what_reads_and_nothing_else() -> None:
    names = {path.relative_to(ROOT / "nlp").as_posix() for path in _files()}
    assert {"pipeline.py", "metrics.tsv", "rules/data/requests.toml", "batch/rows.py"} <= names
    assert not {"batch/export.py", "extract.py", "output/terminal.py"} & names


def test_model_and_segmenter_make_another_version() -> None:
    versions = {
        fingerprint().version,
        fingerprint("none").version,
        fingerprint(None, "pkuseg").version,
    }
    assert len(versions) == 3
    assert fingerprint("none").rules == fingerprint().rules


def test_a_changed_rule_makes_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nlp.batch import fingerprint as module

    def version() -> str:
        fingerprint.cache_clear()
        return fingerprint("none").version

    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules" / "a.toml"
    rule.write_text("one")
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    one = version()
    rule.write_text("two")
    assert version() != one
    rule.write_text("one")
    os.utime(rule, (1, 1))
    assert version() == one
    fingerprint.cache_clear()
