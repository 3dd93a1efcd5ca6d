"""The registry of metrics: every code a cell, fact or check may carry, with its names and unit.

The table itself is `metrics.tsv` beside this module: one line per code, in the order of the
output contract. `other` (a figure that belongs to none of them) has a name but no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from nlp.errors import InstallationError

Kind = Literal["count", "money", "rate", "persons"]
Lang = Literal["zh", "en"]

OTHER = "other"
_OTHER_NAMES = {"zh": "其他数字", "en": "other figure"}
_HEADER = ["code", "zh", "en", "unit", "kind", "parent"]
_KINDS: dict[str, Kind] = {"count": "count", "money": "money", "rate": "rate", "persons": "persons"}


@dataclass(frozen=True, slots=True)
class Metric:
    """What is counted: `unit` is the unit of `Fact.value`, `parent` the metric it is a part of."""

    code: str
    zh: str
    en: str
    unit: str
    kind: Kind
    parent: str | None


@cache
def load() -> dict[str, Metric]:
    """Every metric by code, in the order of the contract.

    Raises `InstallationError` where `metrics.tsv` is missing or damaged.
    """
    try:
        source = resources.files("nlp").joinpath("metrics.tsv").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(f"无法读取（{type(error).__name__}）") from error
    return parse(source)


def parse(source: str) -> dict[str, Metric]:
    """Read the text of a registry. Raises `InstallationError` with the number of the bad line."""
    lines = source.splitlines()
    if not lines or lines[0].split("\t") != _HEADER:
        raise _broken("第1行不是表头 " + " ".join(_HEADER))
    metrics: dict[str, Metric] = {}
    for number, line in enumerate(lines[1:], start=2):
        columns = line.split("\t")
        if len(columns) != len(_HEADER) or not all(columns[:5]) or columns[4] not in _KINDS:
            raise _broken(f"第{number}行残缺")
        code, zh, en, unit, kind, parent = columns
        if code in metrics:
            raise _broken(f"第{number}行重复 {code}")
        metrics[code] = Metric(code, zh, en, unit, _KINDS[kind], parent or None)
    for metric in metrics.values():
        if metric.parent is not None and metric.parent not in metrics:
            raise _broken(f"{metric.code} 的上级 {metric.parent} 不存在")
    return metrics


def name(code: str, lang: Lang = "zh") -> str:
    """The name of a metric for readers; a code that the registry does not know stands for itself."""
    if code == OTHER:
        return _OTHER_NAMES[lang]
    metric = load().get(code)
    if metric is None:
        return code
    return metric.en if lang == "en" else metric.zh


def counted_in(code: str, unit: str) -> bool:
    """Whether a printed unit can count a metric: shares in percent, money in 元, persons never in
    places or copies, and nothing else in any of these."""
    metric = load().get(code)
    if metric is None:
        return code == OTHER
    if metric.kind in ("rate", "money"):
        return unit == "%" if metric.kind == "rate" else unit.endswith("元") or not unit
    if metric.kind == "persons":
        return unit in _PERSONS
    return unit not in _NEVER_COUNTS and not unit.endswith("元")


_PERSONS = frozenset({
    "人", "名", "位", "人次", "个", "户", "次", "余人", "人（次）", "粉丝", "用户", "点击", "条", "",
})  # fmt: skip
_NEVER_COUNTS = frozenset({
    "%", "‰", "个百分点", "百分点", "倍", "成", "个工作日", "工作日", "天", "小时", "个小时", "分钟", "年", "个月",
    "周", "学时", "课时", "字", "页", "分",
})  # fmt: skip


def _broken(problem: str) -> InstallationError:
    return InstallationError(
        "metrics", problem, where="nlp/metrics.tsv", advice="请重新安装 nianbao-nlp"
    )
