"""A report result as one JSON object, schema 1.0 of the output contract.

The fields of the records are the fields of the contract, in the same order; so the records are
written out as they are. Nulls are present, tuples become lists. `why` is added when asked for.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from nlp.errors import ReportError
from nlp.records import ReportResult

SCHEMA = "1.0"
_LISTS = ("sections", "cells", "facts", "items", "checks", "findings", "warnings")


def to_dict(
    result: ReportResult, *, include_text: bool = False, why: bool = False
) -> dict[str, Any]:
    """The result as plain dicts, lists, strings, numbers and None.

    `include_text` adds the decoded text that every offset points into; `why` adds to facts and
    items the steps that led to them.
    """
    answer: dict[str, Any] = {"schema": SCHEMA, "source": _plain(result.document.source, why=why)}
    if include_text:
        answer["text"] = result.document.text
    answer["report"] = _plain(result.report, why=why)
    for name in _LISTS:
        answer[name] = [_plain(record, why=why) for record in getattr(result, name)]
    return answer


def error_to_dict(path: str, error: ReportError) -> dict[str, Any]:
    """The record that stands in for a report that could not be read."""
    return {"source": {"path": path}, "error": {"code": error.code, "message": str(error)}}


def dumps(result: ReportResult, *, include_text: bool = False, why: bool = False) -> str:
    """The result on one line; the same result gives the same bytes."""
    return line(to_dict(result, include_text=include_text, why=why))


def line(record: dict[str, Any], *, encoding: str = "utf-8") -> str:
    """One JSON object on one line that a stream of this encoding can carry.

    JSON is UTF-8: for any other stream (a GBK console), and for a file name that is no valid
    UTF-8, everything beyond ASCII is escaped, so that what arrives is still JSON.
    """
    printed = json.dumps(record, ensure_ascii=False, allow_nan=False)
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8") and _encodable(printed):
        return printed
    return json.dumps(record, ensure_ascii=True, allow_nan=False)


def _encodable(printed: str) -> bool:
    try:
        printed.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _plain(record: Any, *, why: bool) -> dict[str, Any]:
    names = [field.name for field in fields(record) if why or field.name != "why"]
    return {name: _listed(getattr(record, name)) for name in names}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
