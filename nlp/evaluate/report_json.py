"""An evaluation as one JSON object.

schema, side, annotations, splits, model {version, folder}, texts {reports, sentences, clauses}
and one key for each section that was run (names.py). Counts are {right, wrong, needed,
precision, recall, f1}; a share of nothing is null. Fields are those of the sections' records.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from nlp.scoring import Counts

SCHEMA = "1.0"


def dumps(head: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """One object, on one line."""
    return json.dumps(plain({"schema": SCHEMA, **head, **results}), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Records as objects, down to the last."""
    if isinstance(value, Counts):
        return {
            "right": value.right,
            "wrong": value.wrong,
            "needed": value.needed,
            "precision": value.precision if value.right + value.wrong else None,
            "recall": value.recall if value.needed else None,
            "f1": value.f1 if value.right + value.wrong + value.needed else None,
        }
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
