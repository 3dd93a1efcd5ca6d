"""Annotated texts, as JSON lines that are only ever appended to.

    {"id": "requests.3fa9c1d2", "text": "全年收到申请5件。", "year": 2016, "heading": "依申请公开",
     "agency": null, "by": "corpus", "marks": [{"start": 2, "end": 8, "kind": "fact", …}]}

A later line with the id of an earlier one takes its place, so that a correction never rewrites
what was decided before it. Offsets are code points into `text`, as everywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

from nlp.errors import InputError
from nlp.markup import Mark

_DEFAULTS = {f.name: f.default for f in fields(Mark)}


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A report, a sentence or a clause with its marks. `year` is the year reported on, `heading`
    what a lone sentence stood under, `by` who marked it."""

    id: str
    text: str
    marks: tuple[Mark, ...] = ()
    year: int | None = None
    agency: str | None = None
    heading: str | None = None
    by: str | None = None


def dumps(one: AnnotatedText) -> str:
    """One line of JSON, without the line end; fields that a mark leaves at their default are left out."""
    return json.dumps(as_json(one), ensure_ascii=False)


def as_json(one: AnnotatedText) -> dict[str, Any]:
    record = {f.name: getattr(one, f.name) for f in fields(one)}
    record["marks"] = [
        {name: value for name, value in asdict(mark).items() if value != _DEFAULTS[name]}
        for mark in one.marks
    ]
    return record


def from_json(record: dict[str, Any]) -> AnnotatedText:
    """Raises `ValueError`, `KeyError` or `TypeError` where fields are missing or wrong, and
    `ValueError` where a mark reaches outside the text."""
    marks = tuple(
        Mark(**(mark | {"metrics": tuple(mark.get("metrics", ()))})) for mark in record["marks"]
    )
    for mark in marks:
        if not 0 <= mark.start < mark.end <= len(record["text"]):
            raise ValueError(f"标注 {mark.start}–{mark.end} 超出文本（{len(record['text'])} 字）")
    return AnnotatedText(**(record | {"marks": marks}))


def read(path: str | Path) -> tuple[AnnotatedText, ...]:
    """Every text with its latest marks, in the order in which the texts first appear.

    Raises `InputError` with the number of a line that cannot be read; an unfinished last line,
    which a crash while appending leaves, is passed over.
    """
    latest: dict[str, AnnotatedText] = {}
    for one in _lines(Path(path)):
        latest[one.id] = one
    return tuple(latest.values())


def _lines(path: Path) -> Iterator[AnnotatedText]:
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "annotations", f"无法读取（{type(error).__name__}）", where=str(path)
        ) from error
    lines = content.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield from_json(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                return
            raise InputError(
                "annotations",
                f"第{number}行无法识别（{error}）",
                where=str(path),
                advice="改正或删去这一行",
            ) from error


def append(path: str | Path, texts: Iterable[AnnotatedText]) -> None:
    """Add texts to the end of a file, made where it is missing, and see them onto the disk."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _mend_tail(file)
        for one in texts:
            file.write(dumps(one).encode("utf-8") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _mend_tail(file: BinaryIO) -> None:
    """End the last line; cut off one that a crash left half written, since nobody was told of it."""
    file.seek(0)
    content = file.read()
    tail = content[content.rfind(b"\n") + 1 :]
    if not tail:
        return
    try:
        from_json(json.loads(tail))
    except (ValueError, KeyError, TypeError):
        file.truncate(len(content) - len(tail))
    else:
        file.write(b"\n")
