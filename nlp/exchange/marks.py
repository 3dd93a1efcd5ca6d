"""What all exchange formats share: a mark as a label with further fields, and the way back.

The label that a tool shows is the first metric code of a fact (`request.received`) or the kind of an
item (`problem`); everything else are fields. In the tool borders are moved, labels changed, entities
added; then what is known of the mark stays, and what is not known is read from the text:

- another metric: value, year, subject and basis stay, codes accepted besides the old one go;
- an added metric: the value is that of the only figure inside, in the unit of the metric;
- an added or changed item: `problem`, or with its topic `problem:staff`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nlp.annotations import AnnotatedText, as_json
from nlp.errors import InputError
from nlp.markup import Mark
from nlp.metrics import OTHER, load
from nlp.numbers import convert, find_figures
from nlp.reading import fold
from nlp.records import Number

KINDS = ("problem", "plan", "remedy", "neither")
TEXT_FIELDS = ("id", "year", "agency", "heading", "by")
_NONE = type(None)
_TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "value": (int, float),
    "year": (int, _NONE),
    "subject": (str, _NONE),
    "basis": (str,),
    "optional": (bool,),
    "topic": (str, _NONE),
}
_BREAK = re.compile(r"\s*[\r\n]\s*")


@dataclass(frozen=True, slots=True)
class Entity:
    """What a tool knows of a mark."""

    label: str
    start: int
    end: int


def label_of(mark: Mark) -> str:
    if mark.kind == "fact" and mark.metrics:
        return mark.metrics[0]
    return mark.kind


def entity_of(mark: Mark) -> Entity:
    return Entity(label_of(mark), mark.start, mark.end)


def entity_in(fields: Mapping[str, Any], where: str) -> Entity:
    """The entity of a mark in JSON."""
    place = Entity("", offset(fields.get("start"), where), offset(fields.get("end"), where))
    return replace(place, label=label_of(_typed(place, without_place(fields), where)))


def fields_of(mark: Mark) -> dict[str, Any]:
    """All but the place, without what is at its default."""
    fields: dict[str, Any] = as_json(AnnotatedText("", "", (mark,)))["marks"][0]
    return {name: value for name, value in fields.items() if name not in ("start", "end")}


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """In text order, the longer first; of two at one place the one that came first."""
    return tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end)))


def mark_of(entity: Entity, fields: Mapping[str, Any], *, text: str, where: str) -> Mark:
    """The mark of an entity; `fields` as `fields_of` gave them, none for one added in the tool.

    Raises `InputError` with `where` and the offsets for a place outside the text, a label that is
    neither code nor kind, fields of a wrong type, and an added fact without exactly one figure.
    """
    where = f"{where} {entity.start}–{entity.end}"
    _check_place(entity, text, where)
    before = _typed(entity, fields, where)
    if before.kind and label_of(before) == entity.label:
        return before
    codes = tuple(entity.label.split("/"))
    if {*codes} <= {*load(), OTHER}:
        is_known = before.kind == "fact" or "value" in fields
        words = text[entity.start : entity.end]
        value = before.value if is_known else _only_value(words, codes[0], where)
        return replace(before, kind="fact", metrics=codes, value=value, topic=None)
    kind, _, topic = entity.label.partition(":")
    if kind not in KINDS:
        raise InputError(
            "exchange",
            f"标签无法识别：{entity.label}",
            where=where,
            advice=f"应为 nlp/metrics.tsv 的指标代码，或 {'、'.join(KINDS)}",
        )
    topic = topic or before.topic or ""
    return Mark(entity.start, entity.end, kind, optional=before.optional, topic=topic or None)


def restore(
    entities: Sequence[Entity], known: Sequence[Mapping[str, Any]], *, text: str, where: str
) -> tuple[Mark, ...]:
    """Marks of entities which carry no fields of their own, from those `known` when they were
    exported (JSON of marks): unchanged ones first, then what was relabelled, then what was moved."""
    partners = _partners(entities, [entity_in(fields, where) for fields in known])
    ranked = sorted(
        (partners.get(number, len(known) + number), number) for number in range(len(entities))
    )
    marks = []
    for rank, number in ranked:
        fields = known[rank] if rank < len(known) else {}
        marks.append(mark_of(entities[number], without_place(fields), text=text, where=where))
    return in_order(marks)


def without_place(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in ("start", "end")}


def text_fields(one: AnnotatedText) -> dict[str, Any]:
    """The fields of a text besides text and marks."""
    return {name: getattr(one, name) for name in TEXT_FIELDS}


def text_id(fields: Mapping[str, Any], text: str) -> str:
    """The text's id; that of a text made in a tool is made from its characters."""
    name = fields.get("id")
    if name is None:
        return f"text.{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return str(name)


def text_of(fields: Mapping[str, Any], text: str, marks: tuple[Mark, ...]) -> AnnotatedText:
    """Raises `InputError` for a field of a wrong type."""
    name = text_id(fields, text)
    rest = {field: fields.get(field) for field in TEXT_FIELDS if field != "id"}
    for field, value in rest.items():
        right = (int, _NONE) if field == "year" else (str, _NONE)
        if type(value) not in right:
            raise InputError("exchange", f"{field} 的写法不对：{value!r}", where=name)
    return AnnotatedText(id=name, text=text, marks=marks, **rest)


def read_fields(written: str, where: str) -> dict[str, Any]:
    """Fields from a note of the tool. A remark in the annotator's own words is no field; only what
    opens with a brace is taken for JSON, and raises `InputError` where it is none."""
    if not written.strip().startswith("{"):
        return {}
    try:
        fields = json.loads(written)
    except ValueError as error:
        raise InputError("exchange", f"附注不是 JSON（{error}）", where=where) from error
    assert isinstance(fields, dict)
    return fields


def offset(value: object, where: str) -> int:
    """An offset from a file. Raises `InputError` for anything but a whole number."""
    if type(value) is not int:
        raise InputError("exchange", f"偏移不是整数：{value!r}", where=where)
    return value


def _check_place(entity: Entity, text: str, where: str) -> None:
    if not 0 <= entity.start < entity.end <= len(text):
        raise InputError("exchange", f"标注超出文本（{len(text)} 字）", where=where)


def _typed(entity: Entity, fields: Mapping[str, Any], where: str) -> Mark:
    """The mark as the fields have it, its kind empty where they do not say."""
    metrics = fields.get("metrics", ())
    wrong = [name for name in fields if name not in _TYPES and name != "metrics"]
    wrong += [name for name in _TYPES if name in fields and type(fields[name]) not in _TYPES[name]]
    if not isinstance(metrics, list | tuple) or not all(isinstance(code, str) for code in metrics):
        wrong.append("metrics")
    if wrong:
        raise InputError("exchange", f"字段的写法不对：{'、'.join(wrong)}", where=where)
    rest = {"kind": ""} | dict(fields) | {"metrics": tuple(metrics)}
    return Mark(entity.start, entity.end, **rest)


def _only_value(words: str, code: str, where: str) -> Number:
    figures = find_figures(_BREAK.sub("", fold(words)))
    if len(figures) != 1:
        raise InputError(
            "exchange",
            f"新增的 {code} 应恰有一个数字，实有{len(figures)}个",
            where=where,
            advice="请改正边界，或写明 value",
        )
    metric = load().get(code)
    return convert(figures[0], metric.unit).value if metric else figures[0].value


def _partners(entities: Sequence[Entity], known: Sequence[Entity]) -> dict[int, int]:
    """For the numbers of entities the numbers of those that they were when exported."""
    stages: tuple[Callable[[Entity, Entity], bool], ...] = (
        lambda one, other: one == other,
        lambda one, other: (one.start, one.end) == (other.start, other.end),
        lambda one, other: one.label == other.label and _overlap(one, other) > 0,
    )
    partners: dict[int, int] = {}
    free = dict(enumerate(known))
    for is_same in stages:
        for number, entity in enumerate(entities):
            if number in partners:
                continue
            candidates = [at for at, other in free.items() if is_same(entity, other)]
            if candidates:
                best = max(candidates, key=lambda at: _overlap(entity, free[at]))
                partners[number] = best
                del free[best]
    return partners


def _overlap(one: Entity, other: Entity) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
