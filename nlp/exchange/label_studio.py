"""Label Studio's JSON: tasks with `data.text` and `annotations[].result[]`.

Label Studio counts offsets as JavaScript does, in UTF-16 code units: an emoji or a character outside
the BMP counts two. `dump` and `load` convert from and to code points.

A mark is a region of type `labels`; its other fields stand as one line of JSON in a `textarea` of the
same region, where the annotator can change them. The labelling interface for this:

    <View>
      <Labels name="label" toName="text"><Label value="request.received"/>…</Labels>
      <Text name="text" value="$text" granularity="symbol"/>
      <TextArea name="fields" toName="text" perRegion="true"/>
    </View>
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from nlp.annotations import AnnotatedText
from nlp.errors import InputError
from nlp.exchange.marks import (
    Entity,
    fields_of,
    in_order,
    label_of,
    mark_of,
    offset,
    read_fields,
    text_fields,
    text_id,
    text_of,
)
from nlp.markup import Mark

_LABELS = ("labels", "hypertextlabels")


def dump(texts: Iterable[AnnotatedText]) -> str:
    """A list of tasks, to import into a project."""
    return json.dumps([_task(one) for one in texts], ensure_ascii=False, indent=1) + "\n"


def load(content: str) -> tuple[AnnotatedText, ...]:
    """From an export as "JSON" (not "JSON-MIN"); of several annotations of a task the last that was
    not skipped. Raises `InputError` with the task's number, or the text's id and the offsets."""
    try:
        tasks = json.loads(content)
    except ValueError as error:
        raise InputError("exchange", f"不是 JSON（{error}）") from error
    if not isinstance(tasks, list):
        raise InputError("exchange", "不是 Label Studio 的任务列表")
    return tuple(_text(task, where=f"第{number}个任务") for number, task in enumerate(tasks, 1))


def _task(one: AnnotatedText) -> dict[str, Any]:
    units = _units(one.text)
    result = [
        region
        for number, mark in enumerate(one.marks, start=1)
        for region in _regions(f"m{number}", mark, one.text, units)
    ]
    return {"data": {"text": one.text} | text_fields(one), "annotations": [{"result": result}]}


def _regions(name: str, mark: Mark, text: str, units: list[int]) -> Iterator[dict[str, Any]]:
    place = {"start": units[mark.start], "end": units[mark.end]}
    words = text[mark.start : mark.end]
    fields = json.dumps(fields_of(mark), ensure_ascii=False)
    target = {"id": name, "to_name": "text"}
    labels = place | {"text": words, "labels": [label_of(mark)]}
    yield target | {"from_name": "label", "type": "labels", "value": labels}
    yield target | {"from_name": "fields", "type": "textarea", "value": place | {"text": [fields]}}


def _text(task: Any, where: str) -> AnnotatedText:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise InputError("exchange", "缺少 data.text", where=where)
    fields = {"id": task.get("id")} | data
    text = data["text"]
    where = text_id(fields, text)
    try:
        result = _last_result(task)
        notes = _notes(result, where)
        marks = [
            mark_of(entity, notes.get(name, {}), text=text, where=where)
            for name, entity in _entities(result, text, where)
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError("exchange", f"annotations 无法识别（{error}）", where=where) from error
    return text_of(fields, text, in_order(marks))


def _last_result(task: dict[str, Any]) -> list[dict[str, Any]]:
    kept = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
    return list(kept[-1]["result"]) if kept else []


def _notes(result: list[dict[str, Any]], where: str) -> dict[str, dict[str, Any]]:
    """What is written beside each region: in its textarea, or in its `meta`."""
    notes: dict[str, dict[str, Any]] = {}
    for region in result:
        written = list(region.get("meta", {}).get("text", ()))
        if region["type"] == "textarea":
            texts = region["value"]["text"]
            written += [texts] if isinstance(texts, str) else texts
        for line in written:
            notes.setdefault(region["id"], {}).update(read_fields(line, where))
    return notes


def _entities(result: list[dict[str, Any]], text: str, where: str) -> Iterator[tuple[str, Entity]]:
    units = _units(text)
    for region in result:
        if region["type"] not in _LABELS:
            continue
        value = region["value"]
        labels = value.get("labels") or value.get("hypertextlabels")
        if not labels:
            problem = f"没有标签的区域 {value['start']}–{value['end']}"
            raise InputError("exchange", problem, where=where)
        start, end = (_code_point(value[side], units, where) for side in ("start", "end"))
        for label in labels:
            yield region.get("id", ""), Entity(str(label), start, end)


def _units(text: str) -> list[int]:
    """The UTF-16 offset of every code point, and of the end."""
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))


def _code_point(unit: object, units: list[int], where: str) -> int:
    unit = offset(unit, where)
    at = bisect_left(units, unit)
    if at == len(units) or units[at] != unit:
        problem = f"偏移 {unit} 不在字符边界上（按 UTF-16 计，全文 {units[-1]}）"
        raise InputError("exchange", problem, where=where)
    return at
