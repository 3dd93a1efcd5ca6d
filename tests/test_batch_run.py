"""Runs: what is read once is not read again, nothing is lost or there twice."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from batches import SHORT, Direct, batch, fill, read_here, rows, tables
from loading import REPORTS, ROOT
from nlp.batch import run as running
from nlp.batch import worker
from nlp.batch.__main__ import main
from nlp.batch.database import DatabaseError, NoResultsError, open_results
from nlp.batch.wording import progress_words
from nlp.batch.worker import Chunk, Result
from nlp.errors import InstallationError

NO_MODEL = {"model": "none"}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def counts(tally: Any) -> tuple[int, int, int]:
    return tally.read, tally.known, tally.failed


def test_a_second_run_reads_nothing_and_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "in")
    (tmp_path / "in" / "bad.txt").write_text("今天天气很好。")
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (5, 0, 1)
    first = tables(tmp_path / "out")
    assert len(first["reports"]) == 5
    assert [row[3] for row in first["errors"]] == ["not_a_report"]
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (0, 5, 1)
    assert tables(tmp_path / "out") == first
    runs = rows(tmp_path / "out", "SELECT run, found, read, known, failed FROM runs ORDER BY run")
    assert runs == [(1, 6, 5, 0, 1), (2, 6, 0, 5, 1)]


def test_the_same_content_under_two_names_is_one_report(tmp_path: Path) -> None:
    fill(tmp_path / "in", 2)
    shutil.copy(tmp_path / "in" / SHORT[0].name, tmp_path / "in" / "copy.txt")
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (2, 1, 0)
    assert len(rows(tmp_path / "out", "FROM files")) == 3
    found = rows(tmp_path / "out", "SELECT path, copies FROM current_reports ORDER BY copies DESC")
    assert found[0] == (str(tmp_path / "in" / min("copy.txt", SHORT[0].name)), 2)


def test_the_same_content_in_two_windows_is_one_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    monkeypatch.setattr(running, "_CHUNKS_IN_WINDOW", 1)
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        shutil.copy(SHORT[0], tmp_path / "in" / name)
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (1, 2, 0)
    assert rows(tmp_path / "out", "SELECT count(*) FROM reports") == [(1,)]


def test_two_names_of_one_bad_content_are_two_errors(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text("今天天气很好。")
    for _ in range(2):
        assert batch(tmp_path / "in", tmp_path / "out", **NO_MODEL).failed == 2
        errors = [
            (Path(path).name, code) for path, _, _, code, _ in tables(tmp_path / "out")["errors"]
        ]
        assert errors == [("a.txt", "not_a_report"), ("b.txt", "not_a_report")]


def test_a_file_that_was_corrected_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    fill(tmp_path / "in", 2)
    bad = tmp_path / "in" / SHORT[0].name
    good = bad.read_bytes()
    bad.write_bytes(good + "\n更正：收到申请1件。".encode())
    batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)
    earlier = tables(tmp_path / "out")["reports"]
    bad.write_bytes(good)
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (1, 1, 0)
    later = tables(tmp_path / "out")["reports"]
    assert len(later) == 2
    assert later != earlier
    assert rows(tmp_path / "out", "SELECT count(*) FROM reports") == [(3,)]


def test_another_model_reads_again_and_the_first_one_need_not(tmp_path: Path) -> None:
    fill(tmp_path / "in", 2)
    batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)
    rules_alone = tables(tmp_path / "out")
    assert counts(batch(tmp_path / "in", tmp_path / "out")) == (2, 0, 0)
    both = tables(tmp_path / "out")
    assert len(both["reports"]) == 2
    assert both["reports"] != rules_alone["reports"]
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (0, 2, 0)
    assert tables(tmp_path / "out") == rules_alone


def test_an_error_that_is_gone_is_gone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "r.txt").symlink_to(tmp_path / "later.txt")
    assert batch(tmp_path / "in", tmp_path / "out", **NO_MODEL).failed == 1
    shutil.copy(SHORT[0], tmp_path / "later.txt")
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (1, 0, 0)
    shown = tables(tmp_path / "out")
    assert (len(shown["reports"]), shown["errors"]) == (1, [])


def test_what_the_machine_was_to_blame_for_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "in", 1)
    with monkeypatch.context() as patched:

        def out_of_memory(document: Any, reader: Any) -> None:
            raise MemoryError

        patched.setattr(worker, "analyse", out_of_memory)
        assert batch(tmp_path / "in", tmp_path / "out", **NO_MODEL).failed == 1
    assert [row[3] for row in tables(tmp_path / "out")["errors"]] == ["memory"]
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (1, 0, 0)
    assert tables(tmp_path / "out")["errors"] == []


class Interrupted(Direct):
    """Ctrl-C after the first chunk."""

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        yield from super().read([Chunk(0, chunks[0].tasks[:2])])
        raise KeyboardInterrupt


def test_an_interrupted_run_keeps_what_it_read_and_is_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "in")
    batch(tmp_path / "in", tmp_path / "plain", **NO_MODEL)
    with monkeypatch.context() as patched:
        read_here(patched, Interrupted)
        with pytest.raises(KeyboardInterrupt):
            batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)
    assert rows(tmp_path / "out", "SELECT count(*) FROM reports") == [(2,)]
    assert rows(tmp_path / "out", "SELECT ended FROM runs") == [(None,)]
    assert counts(batch(tmp_path / "in", tmp_path / "out", **NO_MODEL)) == (3, 2, 0)
    assert tables(tmp_path / "out") == tables(tmp_path / "plain")


class Misplaced(Direct):
    """A worker whose installation is another."""

    def read(self, chunks: Sequence[Chunk]) -> Iterator[Result]:
        yield Result(0, (), {}, ("version", "工作进程的版本不同"))


def test_a_broken_worker_ends_the_run_and_blames_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch, Misplaced)
    with pytest.raises(InstallationError):
        batch(fill(tmp_path / "in", 1), tmp_path / "out", **NO_MODEL)
    assert tables(tmp_path / "out")["errors"] == []


# database.py


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseError), open_results(tmp_path, create=True):
        pass
    assert (tmp_path / "results.duckdb").read_bytes() == b"no database" * 1000


def test_a_database_of_a_later_schema_is_refused(tmp_path: Path) -> None:
    with open_results(tmp_path, create=True) as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    with pytest.raises(DatabaseError, match="99"), open_results(tmp_path):
        pass


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoResultsError) as caught, open_results(tmp_path / "none"):
        pass
    assert caught.value.status == 2
    assert not (tmp_path / "none").exists()


# __main__.py


def test_the_command_tells_what_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "in", 2)
    words = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--model", "none"]
    assert main([*words, "--export", "csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == str(tmp_path / "out" / "export" / "reports.csv")
    assert "新读 2 份" in printed.err
    (tmp_path / "in" / "bad.txt").write_bytes(b"")
    assert main(words) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "失败 1 个" in printed.err


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readmes_show_what_is_told(name: str) -> None:
    told = progress_words("zh")["done"]
    lines = [
        told.format(total=len(REPORTS), read=read, known=len(REPORTS) - read, failed=0)
        for read in (len(REPORTS), 0)
    ]
    text = (ROOT / name).read_text("utf-8")
    assert all(line in text for line in (*lines, progress_words("zh")["between"]))


@pytest.mark.parametrize(
    "words",
    [
        ["gone.txt"],
        [".", "--engine", "dask"],
        [".", "--scheduler", "tcp://127.0.0.1:1"],
        [".", "--jobs", "0"],
        [".", "--time-limit", "-1"],
    ],
)
def test_wrong_usage_is_one_line_and_status_2(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    try:
        status = main([*words, "--out", "out"])
    except SystemExit as error:
        status = int(str(error.code))
    assert status == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_interrupt_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_here(monkeypatch, Interrupted)
    fill(tmp_path / "in")
    assert main([str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--model", "none"]) == 130
    assert "再次运行" in capsys.readouterr().err
