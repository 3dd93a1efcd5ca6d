"""Which files a batch takes, in which order, and what it says of those it cannot read."""

import os
from pathlib import Path

import pytest

from loading import script
from nlp.batch.inputs import Found, Inputs, UsageError, absolute, load, windows

many = script("many_reports")


def found(*words: str, **others: object) -> list[str]:
    return [one.path for one in Inputs(words, **others).find()]  # type: ignore[arg-type]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "b/2.txt",
        "b/10.txt",
        "b/c/1.html",
        "a/z.txt",
        ".git/x.txt",
        "a/.hidden",
        "d.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_words_keep_their_order_and_folders_are_walked_by_name(tree: Path) -> None:
    assert found("d.txt", "b", "a") == ["d.txt", "b/10.txt", "b/2.txt", "b/c/1.html", "a/z.txt"]


def test_patterns_reach_into_folders(tree: Path) -> None:
    assert found("**/*.txt") == ["a/z.txt", "b/10.txt", "b/2.txt", "d.txt"]


def test_match_limits_folders_but_not_files_that_are_named(tree: Path) -> None:
    assert found("b", "a/z.txt", match="*.html") == ["b/c/1.html", "a/z.txt"]


def test_a_list_has_a_path_on_each_line(tree: Path) -> None:
    Path("list").write_bytes("﻿d.txt\r\n\n报告 一.txt\nb\n".encode())
    paths = [Path("list")]
    assert found(lists=paths) == ["d.txt", "报告 一.txt", "b/10.txt", "b/2.txt", "b/c/1.html"]
    gone = load(Found("报告 一.txt"))
    assert gone.error is not None
    assert gone.error.code == "missing"


@pytest.mark.parametrize("words", [["gone.txt"], ["*.pdf"], []])
def test_a_word_that_names_nothing_is_refused_before_any_work(words: list[str], tree: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Inputs(words).check()
    assert caught.value.status == 2


def test_every_kind_of_bad_file_has_its_reason(tmp_path: Path) -> None:
    made = many.write_bad(tmp_path / "bad", len(many._BAD))
    kinds = {
        path: codes for path, codes in made.items() if codes <= {"loop", "missing", "unreadable"}
    }
    codes = {}
    for one in Inputs([str(tmp_path / "bad")]).find():
        file = load(one)
        if file.error:
            codes[Path(one.path)] = file.error.code
            assert "\n" not in file.error.message
    for path, expected in kinds.items():
        assert codes[path if path in codes else path / "again"] in expected
    assert "too_large" in codes.values()
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    assert "permission" in codes.values()


def test_links_into_the_same_folder_twice_are_no_circle(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.txt").write_text("x")
    (tmp_path / "b").symlink_to("a")
    assert [one.error for one in Inputs([str(tmp_path)]).find()] == [None, None]


def test_names_that_are_no_text_stay_apart_and_can_be_stored() -> None:
    names = [absolute(os.fsdecode(name)) for name in (b"/x/\xff.txt", b"/x/\xfe.txt")]
    assert names == ["/x/\\xff.txt", "/x/\\xfe.txt"]


def test_windows_end_by_number_or_by_weight(tmp_path: Path) -> None:
    for name, size in {"1": 5, "2": 90, "3": 20, "4": 5, "5": 5, "6": 5}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    names = [
        [Path(file.name).name for file in window]
        for window in windows(Inputs([str(tmp_path)]).find(), files=3, most_bytes=90)
    ]
    assert names == [["1", "2"], ["3", "4", "5"], ["6"]]
