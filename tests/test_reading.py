"""Reading files: every encoding gives the same text, every fault its own line."""

import hashlib
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nlp import reading
from nlp.errors import InputError
from nlp.reading import fold, read_bytes, read_path, read_stdin

TEXT = "某市2024年政府信息公开工作年度报告\n一、总体情况\n全年主动公开政府信息1,234条，收到申请56件。\n"
TRADITIONAL = "某市政府資訊公開工作年度報告\n全年收到申請56件，辦理復議3件，開展業務訓練。\n"


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_encodings(written: str, named: str) -> None:
    document = read_bytes(TEXT.encode(written), path="a.txt")
    assert (document.source.encoding, document.text) == (named, TEXT)
    assert document.source.text_length == len(TEXT)
    assert document.source.sha256 == hashlib.sha256(TEXT.encode(written)).hexdigest()


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8", "utf-16-le"])
def test_traditional(encoding: str) -> None:
    document = read_bytes(TRADITIONAL.encode(encoding), path="a.txt")
    assert (document.source.encoding, document.text) == (encoding, TRADITIONAL)
    assert "报告" in document.folded
    assert "复议" in document.folded


def test_utf16_without_a_single_zero_byte() -> None:
    text = "政府信息公开年度报告，主动公开情况。" * 3
    document = read_bytes(text.encode("utf-16-be"), path="a.txt")
    assert (document.source.encoding, document.text) == ("utf-16-be", text)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_newlines_stay_and_end_lines(newline: str) -> None:
    printed = TEXT.replace("\n", newline)
    document = read_bytes(printed.encode(), path="a.txt")
    assert document.text == printed and len(document.folded) == len(printed)
    assert [line.strip() for line in document.folded.split("\n")] == TEXT.split("\n")


def test_controls_keep_their_place() -> None:
    document = read_bytes(f"{TEXT}公开\x0c1\x002条\ufeff。".encode(), path="a.txt")
    assert document.text == f"{TEXT}公开\x0c1\x002条\ufeff。"
    assert document.folded == f"{TEXT}公开 1 2条 。"


def test_html_is_named() -> None:
    data = b"<!DOCTYPE html><html><body>1</body></html>"
    assert read_bytes(data, path="a").source.format == "html"
    assert read_bytes(TEXT.encode(), path="a").source.format == "txt"


@pytest.mark.parametrize(
    ("data", "code", "hint"),
    [
        (b"", "empty", "空"),
        (b" \n\t\r\n", "empty", "空"),
        (b"\xef\xbb\xbf", "empty", "空"),
        ("　\u200b\n".encode(), "empty", "空"),
        (b"%PDF-1.4\n...", "binary", "pdftotext"),
        (b"PK\x03\x04....", "binary", "docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "binary", "doc"),
        (b"\x89PNG\r\n\x1a\n", "binary", "PNG"),
        (b"\xff\xd8\xff\xe0", "binary", "JPEG"),
        (b"\x1f\x8b\x08", "binary", "gzip"),
        (bytes(range(256)) * 20, "binary", "二进制"),
        (b"\x01\x02\x03abc" * 50, "binary", "二进制"),
        (TEXT[:23].encode() + b"\xff" + TEXT[23:].encode(), "encoding", "第 59 字节"),
        ("公开".encode("utf-16") + b"\x00", "encoding", "字节"),
        (b"\xef\xbb\xbf\xff\xff", "encoding", "字节"),
    ],
)
def test_faults(data: bytes, code: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(data, path="报告.txt")
    assert caught.value.code == code
    assert hint in str(caught.value)
    assert str(caught.value).startswith("报告.txt：")
    assert "\n" not in str(caught.value)


def test_paths(tmp_path: Path) -> None:
    report = tmp_path / "报告.txt"
    report.write_bytes(TEXT.encode("gb18030"))
    assert read_path(report).text == read_path(str(report)).text == TEXT
    assert read_path(report).source.path == str(report)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".", "folder"),
        ("nowhere.txt", "missing"),
        ("a.txt/b.txt", "missing"),
        ("a\0b", "unreadable"),
    ],
)
def test_bad_paths(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError) as caught:
        read_path(f"{tmp_path}/{name}")
    assert caught.value.code == code


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_permission(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch(mode=0o000)
    with pytest.raises(InputError, match="权限"):
        read_path(tmp_path / "a.txt")


def test_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError) as caught:
        read_path(tmp_path / "a.txt")
    assert caught.value.code == "permission"


def test_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "big.txt"
    with report.open("wb") as stream:
        stream.truncate(50_000_000)

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(InputError) as caught:
        read_path(report)
    assert caught.value.code == "too_large"
    assert "20 MB" in str(caught.value)


def test_unnameable_bytes_in_a_path(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    str(caught.value).encode()


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    document = read_stdin()
    assert (document.source.path, document.text) == ("-", TEXT)


def test_endless_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))
    with pytest.raises(InputError) as caught:
        read_stdin()
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("１２３ＡＢｃ％＋－．／＝", "123ABc%+-./="),
        ("，。；：（）“”《》、！？", "，。；：（）“”《》、！？"),
        ("a b　c\u00a0d\u2003e", "a b c d e"),
        ("a\u200bb\ufeffc\x07d\re", "a b c d e"),
        ("\t\n", "\t\n"),
        ("⼈⼤代表，⻔户", "人大代表，门户"),
        ("門戶報告復議", "门户报告复议"),
        ("…㈠Ⅱ㎡①", "…㈠Ⅱ㎡①"),
        ("［２０１９］１７号", "[2019]17号"),
        ("二○一三〇", "二○一三〇"),
        ("薴", "苎"),
    ],
)
def test_fold(printed: str, folded: str) -> None:
    assert fold(printed) == folded


def test_fold_of_every_character_keeps_its_place() -> None:
    everything = "".join(map(chr, range(0x30000)))
    folded = fold(everything)
    assert len(folded) == len(everything)
    assert fold(folded) == folded
