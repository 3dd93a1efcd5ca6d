"""brat's standoff: `NAME.txt` and `NAME.ann`. Offsets are code points.

    T1 ⇥ request-received 2 6;8 12 ⇥ 收到申请 共计5件     a span over a line break, in two fragments
    A1 ⇥ Optional T1                                     `optional`
    A2 ⇥ Basis T1 target                                 a basis other than total
    #1 ⇥ AnnotatorNotes T1 ⇥ {"kind": "fact", …}         the other fields, as JSON

A brat type is letters, digits, "-" and "_": "." is written "-", any other character by its number
(`U2fZ` for a slash). A fragment holds no line break, so that a mark which begins or ends with one
has its true span in the note. What a `.ann` has no place for (id and fields of the text, marks of
nothing but line breaks) stands in `NAME.json`, which brat does not look at; without it `NAME` is the id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nlp.annotations import AnnotatedText
from nlp.errors import InputError
from nlp.exchange.marks import (
    KINDS,
    Entity,
    entity_in,
    fields_of,
    in_order,
    label_of,
    mark_of,
    offset,
    read_fields,
    text_fields,
    text_of,
    without_place,
)
from nlp.markup import Mark

CONFIGURATION = "annotation.conf"
_BASES = ("total", "average", "part", "to_date", "target")
# Whatever ends a line for Python, since brat reads its files with it.
_NO_BREAKS = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINE_ENDS_IN_JSON = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_ENTITY = re.compile(r"T(\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t.*)?")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (\S+)(?: (\S+))?\s*")
_NOTE = re.compile(r"#\d*\t\S+ (\S+)(?:\t(.*))?")


@dataclass(frozen=True, slots=True)
class Standoff:
    """The files of one text: name without suffix, content of .txt, .ann and .json."""

    name: str
    text: str
    ann: str
    fields: str | None = None


def dump(texts: Iterable[AnnotatedText]) -> tuple[Standoff, ...]:
    """Raises `InputError` for two texts of one id."""
    documents = {}
    for one in texts:
        name = _file_name(one.id)
        if name in documents:
            raise InputError("exchange", "id 重复", where=one.id)
        documents[name] = _document(name, one)
    return tuple(documents.values())


def load(documents: Iterable[Standoff]) -> tuple[AnnotatedText, ...]:
    """Raises `InputError` with the file and line, or the text's id and the offsets. Relations and
    events, which we have none of, are passed over."""
    return tuple(_text(document) for document in documents)


def write(folder: Path, documents: Iterable[Standoff]) -> None:
    """All files into a folder, made where it is missing, with a configuration of the types for brat."""
    folder.mkdir(parents=True, exist_ok=True)
    types = set(KINDS)
    for document in documents:
        contents = {".txt": document.text, ".ann": document.ann, ".json": document.fields}
        for suffix, content in contents.items():
            if content is not None:
                _write(folder / f"{document.name}{suffix}", content)
        types |= {found[2] for found in map(_ENTITY.match, document.ann.split("\n")) if found}
    lines = ["[entities]", *sorted(types), "[relations]", "[events]", "[attributes]"]
    lines += ["Optional\tArg:<ENTITY>", f"Basis\tArg:<ENTITY>, Value:{'|'.join(_BASES)}"]
    _write(folder / CONFIGURATION, "\n".join(lines) + "\n")


def read(folder: Path) -> tuple[Standoff, ...]:
    """Every `.ann` of a folder with its `.txt`, by name. Raises `InputError` for what is unreadable."""
    names = sorted(path.stem for path in folder.glob("*.ann"))
    if not names:
        raise InputError("exchange", "没有 .ann 文件", where=str(folder))
    documents = []
    for name in names:
        text, ann = (_read(folder / f"{name}{suffix}") for suffix in (".txt", ".ann"))
        beside = folder / f"{name}.json"
        documents.append(Standoff(name, text, ann, _read(beside) if beside.exists() else None))
    return tuple(documents)


def type_of(label: str) -> str:
    """A label as a brat type, reversibly: capitals occur only in what `U…Z` stands for."""
    return "".join(
        "-"
        if character == "."
        else f"U{ord(character):x}Z"
        if _is_foreign(character)
        else character
        for character in label
    )


def label_in(brat_type: str) -> str:
    return re.sub(
        r"U([0-9a-f]{1,6})Z", lambda found: chr(int(found[1], 16)), brat_type.replace("-", ".")
    )


def _is_foreign(character: str) -> bool:
    return not re.fullmatch("[a-z0-9_]", character)


def _document(name: str, one: AnnotatedText) -> Standoff:
    lines: list[str] = []
    hidden = []
    attributes = 0
    for number, mark in enumerate(one.marks, start=1):
        pieces = _fragments(one.text, mark.start, mark.end)
        fields = fields_of(mark)
        if not pieces:
            hidden.append({"start": mark.start, "end": mark.end} | fields)
            continue
        if (pieces[0][0], pieces[-1][1]) != (mark.start, mark.end):
            fields["span"] = [mark.start, mark.end]
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(one.text[start:end] for start, end in pieces)
        lines.append(f"T{number}\t{type_of(label_of(mark))} {places}\t{words}")
        for attribute in _attributes(number, fields):
            attributes += 1
            lines.append(f"A{attributes}\t{attribute}")
        lines.append(f"#{number}\tAnnotatorNotes T{number}\t{_one_line(fields)}")
    beside = text_fields(one) | ({"marks": hidden} if hidden else {})
    ann = "".join(line + "\n" for line in lines)
    return Standoff(name, one.text, ann, json.dumps(beside, ensure_ascii=False) + "\n")


def _attributes(number: int, fields: dict[str, Any]) -> Iterator[str]:
    """What brat shows as attributes, taken out of the fields."""
    if fields.pop("optional", False):
        yield f"Optional T{number}"
    if fields.get("basis") in _BASES:
        yield f"Basis T{number} {fields.pop('basis')}"


def _fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [found.span() for found in _NO_BREAKS.finditer(text, start, end)]


def _one_line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False).translate(_LINE_ENDS_IN_JSON)


def _text(document: Standoff) -> AnnotatedText:
    beside: dict[str, Any] = {"id": unquote(document.name)}
    beside |= read_fields(document.fields or "", f"{document.name}.json")
    where = str(beside["id"])
    notes = _notes(document)
    ranked = [
        (number, _mark(entity, notes.get(f"T{number}", {}), document.text, where))
        for number, entity in _entities(document)
    ]
    marks = [mark for _, mark in sorted(ranked, key=lambda pair: pair[0])]
    marks += _hidden(beside.get("marks", []), document.text, where)
    return text_of(beside, document.text, in_order(marks))


def _hidden(written: object, text: str, where: str) -> Iterator[Mark]:
    if not isinstance(written, list) or not all(isinstance(fields, dict) for fields in written):
        raise InputError("exchange", "marks 无法识别", where=where)
    for fields in written:
        yield mark_of(entity_in(fields, where), without_place(fields), text=text, where=where)


def _mark(entity: Entity, fields: dict[str, Any], text: str, where: str) -> Mark:
    span = fields.pop("span", None)
    if isinstance(span, list) and len(span) == 2:
        start, end = (offset(side, where) for side in span)
        pieces = _fragments(text, start, end)
        if pieces and (pieces[0][0], pieces[-1][1]) == (entity.start, entity.end):
            entity = Entity(entity.label, start, end)
    return mark_of(entity, fields, text=text, where=where)


def _entities(document: Standoff) -> Iterator[tuple[int, Entity]]:
    for number, line in _lines(document, "T"):
        found = _ENTITY.fullmatch(line)
        if not found:
            raise _unreadable(document, number)
        places = [int(place) for place in re.split("[ ;]", found[3])]
        yield int(found[1]), Entity(label_in(found[2]), min(places), max(places))


def _notes(document: Standoff) -> dict[str, dict[str, Any]]:
    notes: dict[str, dict[str, Any]] = {}
    for number, line in _lines(document, "#"):
        found = _NOTE.fullmatch(line)
        if not found:
            raise _unreadable(document, number)
        fields = read_fields(found[2] or "", f"{document.name}.ann 第{number}行")
        notes.setdefault(found[1], {}).update(fields)
    for number, line in _lines(document, "AM"):
        found = _ATTRIBUTE.fullmatch(line)
        if not found:
            raise _unreadable(document, number)
        name, target, value = found.groups()
        if name in ("Optional", "Basis"):
            notes.setdefault(target, {})[name.lower()] = value if name == "Basis" else True
    return notes


def _lines(document: Standoff, kinds: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(document.ann.split("\n"), start=1):
        line = line.rstrip("\r")
        if line and line[0] in kinds:
            yield number, line


def _unreadable(document: Standoff, number: int) -> InputError:
    return InputError("exchange", f"第{number}行无法识别", where=f"{document.name}.ann")


def _file_name(name: str) -> str:
    """An id as a file name: what some system forbids is written as in addresses (%2F)."""

    def escaped(found: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))

    return re.sub(r"[^\w.-]|^\.", escaped, name) or "%"


def _write(path: Path, content: str) -> None:
    try:
        data = content.encode("utf-8")
    except UnicodeEncodeError as error:
        problem = f"第{error.start}个字符不是合法的字符"
        raise InputError("encoding", problem, where=str(path)) from error
    path.write_bytes(data)


def _read(path: Path) -> str:
    """With the line ends as they are in the file."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"无法读取（{type(error).__name__}）"
        raise InputError("exchange", problem, where=str(path)) from error
