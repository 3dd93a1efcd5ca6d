"""What the page may send, checked field by field: nothing else reaches the log."""

from __future__ import annotations

from typing import Any

from nlp.annotate.tasks import BASES, ITEM_KINDS
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.output.wording import topic_codes

_LONGEST_SUBJECT = 60
_YEARS = range(1990, 2101)


class RequestError(Exception):
    """A request that cannot be done, in words for the person at the page."""


def metric_codes(payload: dict[str, Any]) -> list[str] | None:
    """The metrics that a figure shall have; None where the request leaves them as they are."""
    codes = payload.get("metrics")
    if codes is None:
        return None
    known = [*load_metrics(), OTHER]  # a list: what is sent need not be hashable
    if not isinstance(codes, list) or not codes or not all(code in known for code in codes):
        raise RequestError(f"没有这个指标：{codes}")
    if OTHER in codes and len(codes) > 1:
        raise RequestError("“其他数字”不能与指标并列")
    return list(dict.fromkeys(codes))


def fact_fields(payload: dict[str, Any]) -> dict[str, Any]:
    """Year, subject and basis, as far as the request names them."""
    fields: dict[str, Any] = {}
    if "year" in payload:
        fields["year"] = _year(payload["year"])
    if "subject" in payload:
        fields["subject"] = _subject(payload["subject"])
    if "basis" in payload:
        if payload["basis"] not in BASES:
            raise RequestError(f"没有这个口径：{payload['basis']}")
        fields["basis"] = payload["basis"]
    return fields


def _year(given: Any) -> int | None:
    if given is None or given == "":
        return None
    try:
        year = int(given)
    except (TypeError, ValueError):
        year = 0
    if year not in _YEARS:
        raise RequestError(f"年度应为四位数字：{given}")
    return year


def _subject(given: Any) -> str | None:
    if given is None or not str(given).strip():
        return None
    subject = " ".join(str(given).split())
    if len(subject) > _LONGEST_SUBJECT:
        raise RequestError(f"主体名称过长（至多{_LONGEST_SUBJECT}字）")
    if not subject.isprintable():  # half a surrogate pair, which no file can hold, among them
        raise RequestError("主体名称里有不能显示的字符")
    return subject


def item_kind(payload: dict[str, Any]) -> str | None:
    kind = payload.get("kind")
    if kind is not None and kind not in ITEM_KINDS:
        raise RequestError(f"没有这种条目：{kind}")
    return kind


def item_topic(payload: dict[str, Any]) -> str | None:
    topic = payload.get("topic")
    if topic is not None and topic not in topic_codes():
        raise RequestError(f"没有这个主题：{topic}")
    return topic
