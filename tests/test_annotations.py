"""The file of annotated texts: what is appended is read again, whatever a crash left behind."""

from pathlib import Path

import pytest

from nlp import annotations
from nlp.annotations import AnnotatedText
from nlp.errors import InputError
from nlp.markup import Mark

TEXT = "全年收到申请5件，同比下降3.5%。\r\n下一步加强培训。𠮷😀"
FIRST = AnnotatedText(
    "requests.1",
    TEXT,
    (
        Mark(2, 8, "fact", ("request.received", "request.closed"), 5, subject="某县\t民政局"),
        Mark(9, 17, "fact", ("other",), 3.5, year=2016, basis="target", optional=True),
        Mark(20, 28, "plan", topic="staff"),
    ),
    year=2016,
    agency="某县",
    heading="依申请公开",
    by="corpus",
)
SECOND = AnnotatedText("requests.2", "未收到申请。")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "texts.jsonl"


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        annotations.read(path)
    assert caught.value.code == "annotations"
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_appended_is_read(path: Path) -> None:
    annotations.append(path, [FIRST])
    annotations.append(path, [SECOND])
    assert annotations.read(path) == (FIRST, SECOND)
    assert path.read_bytes().count(b"\n") == 2


def test_a_later_line_takes_the_place_of_an_earlier(path: Path) -> None:
    mended = AnnotatedText("requests.1", TEXT, FIRST.marks[:1], by="second reader")
    annotations.append(path, [FIRST, SECOND])
    before = path.read_bytes()
    annotations.append(path, [mended])
    assert annotations.read(path) == (mended, SECOND)
    assert path.read_bytes().startswith(before)


def test_defaults_are_left_out() -> None:
    record = annotations.as_json(FIRST)
    assert record["marks"][2] == {"start": 20, "end": 28, "kind": "plan", "topic": "staff"}
    assert annotations.from_json(record) == FIRST


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_half_written_tail_is_passed_over_and_cut_off(path: Path, kept: int) -> None:
    annotations.append(path, [SECOND])
    with path.open("ab") as file:
        file.write(annotations.dumps(FIRST).encode("ascii", "backslashreplace")[:kept])
    assert annotations.read(path) == (SECOND,)
    annotations.append(path, [FIRST])
    assert annotations.read(path) == (SECOND, FIRST)


def test_a_tail_that_lacks_only_its_line_end_is_kept(path: Path) -> None:
    annotations.append(path, [FIRST])
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    annotations.append(path, [SECOND])
    assert annotations.read(path) == (FIRST, SECOND)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "a"}',
        '{"id": "a", "text": "收到", "marks": [{"kind": "plan"}]}',
        '{"id": "a", "text": "收到", "marks": [], "colour": 1}',
        '{"id": "a", "text": "收到", "marks": [{"start": 0, "end": 2, "kind": "plan", "x": 1}]}',
    ],
)
def test_a_bad_line_is_named(path: Path, line: str) -> None:
    annotations.append(path, [FIRST])
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    annotations.append(path, [SECOND])
    assert "第2行" in refusal(path)


@pytest.mark.parametrize("place", [(0, 3), (-1, 1), (1, 1), (2, 1)])
def test_an_offset_outside_is_named(path: Path, place: tuple[int, int]) -> None:
    annotations.append(path, [AnnotatedText("a", "收到", (Mark(*place, "plan"),)), SECOND])
    assert "第1行" in refusal(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(tmp_path)
    assert "FileNotFoundError" in refusal(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("收到".encode("gbk"))
    assert "UnicodeDecodeError" in refusal(tmp_path / "gbk.jsonl")
