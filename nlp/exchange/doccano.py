"""doccano's JSONL of sequence labelling and relation extraction. Offsets are code points.

    {"id": "r.1", "text": "收到申请5件", "entities": [{"id": 1, "label": "request.received",
     "start_offset": 0, "end_offset": 6}], "relations": [], "Comments": [], "meta": {…}}

doccano gives texts and entities numbers of its own, and entities no further fields, but keeps
`meta` as it is: there stand the text's id and fields and the marks as they were exported, to which
`load` matches the entities again. The older `"label": [[0, 6, "request.received"]]` is read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from nlp.annotations import AnnotatedText, as_json
from nlp.errors import InputError
from nlp.exchange.marks import Entity, entity_of, offset, restore, text_fields, text_id, text_of


def dump(texts: Iterable[AnnotatedText]) -> str:
    """One line a text."""
    return "".join(json.dumps(_record(one), ensure_ascii=False) + "\n" for one in texts)


def load(content: str) -> tuple[AnnotatedText, ...]:
    """Raises `InputError` with the number of the line, or the text's id and the offsets."""
    texts = []
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            texts.append(_text(line, where=f"第{number}行"))
    return tuple(texts)


def _record(one: AnnotatedText) -> dict[str, Any]:
    entities = [
        {"id": number, "label": place.label, "start_offset": place.start, "end_offset": place.end}
        for number, place in enumerate(map(entity_of, one.marks), start=1)
    ]
    meta = text_fields(one) | {"marks": as_json(one)["marks"]}
    return {
        "id": one.id,
        "text": one.text,
        "entities": entities,
        "relations": [],
        "Comments": [],
        "meta": meta,
    }


def _text(line: str, where: str) -> AnnotatedText:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise InputError("exchange", f"不是 JSON（{error}）", where=where) from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError("exchange", "缺少 text", where=where)
    meta = record.get("meta") or {}
    known = meta.get("marks", []) if isinstance(meta, dict) else None
    if not isinstance(known, list) or not all(isinstance(fields, dict) for fields in known):
        raise InputError("exchange", "meta 无法识别", where=where)
    fields = {name: value for name, value in record.items() if name != "meta"} | meta
    text = record["text"]
    where = text_id(fields, text)
    marks = restore(_entities(record, where), known, text=text, where=where)
    return text_of(fields, text, marks)


def _entities(record: dict[str, Any], where: str) -> list[Entity]:
    names = [name for name in ("entities", "label", "labels") if record.get(name)]
    if not names:
        return []
    entities = []
    try:
        for written in record[names[0]]:
            if isinstance(written, dict):
                label = written["label"]
                start, end = written["start_offset"], written["end_offset"]
            else:
                start, end, label = written
            if not isinstance(label, str):
                raise TypeError(f"标签 {label!r}")
            entities.append(Entity(label, offset(start, where), offset(end, where)))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("exchange", f"{names[0]} 无法识别（{error}）", where=where) from error
    return entities
