"""A report result made by hand, and a pipeline that answers by file name.

The commands' tests run on these: exit statuses and output must not depend on what the rules read.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import nlp
from nlp.errors import InputError, InstallationError
from nlp.records import (
    Cell,
    Check,
    Document,
    Fact,
    Finding,
    Item,
    ReadingWarning,
    Report,
    ReportResult,
    Section,
    Source,
)

TITLE = "某县2022年政府信息公开工作年度报告"
TEXT = (
    f"{TITLE}\n一、总体情况\n2022年，全县收到政府信息公开申请35件，答复40件。"
    "公开信息17.46万条，2021年公开15万条。全年先后组织各乡镇、各部门开展业务培训20余次。"
    "县财政局收取信息处理费0元。计划召开会议4次。开展就业培训9场。\n"
    "一、本年新收政府信息公开\n申请数量\t30\t3\t33\n存在的问题：公开内容不够全面。"
)
SOURCE = Source("某县.txt", "0" * 64, "txt", "utf-8", len(TEXT))


def _place(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def fact(name: str, metric: str, value: float, words: str, **other: Any) -> Fact:
    unit = words.rstrip("。")[-1]
    fields = {"unit": unit, "low": value, "high": value, "qualifier": None, "year": 2022}
    fields |= {"subject": None, "basis": "total", "method": "rule", "confidence": 0.95}
    fields |= {"sentence": (0, 10), **_place(words), **other}
    return Fact(id=name, metric=metric, value=value, text=words, **fields)


RECEIVED = fact("f1", "request.received", 35, "收到政府信息公开申请35件", why=("rule.received",))
FACTS = (
    RECEIVED,
    fact("f2", "reply.total", 40, "答复40件"),
    fact("f3", "disclosure.total", 174600, "公开信息17.46万条", low=174550, high=174650),
    fact("f4", "disclosure.total", 150000, "公开15万条", low=145000, high=155000, year=2021),
    fact("f5", "training.sessions", 20, "业务培训20余次", low=20, high=30, qualifier="余"),
    fact("f6", "fee.processing_amount", 0, "收取信息处理费0元", subject="县财政局"),
    fact("f7", "meeting.sessions", 4, "召开会议4次", basis="target"),
    fact("f8", "other", 9, "就业培训9场", what="就业培训"),
)
CELL = Cell(
    "c1", "request.received", "total", 33, "33", "件", "一、本年新收政府信息公开\n申请数量",
    **_place("33"),
)  # fmt: skip
PROBLEM = Item(
    "i1", "problem", 1, "公开内容不够全面", **_place("公开内容不够全面"),
    topic=None, method="rule", confidence=0.9,
)  # fmt: skip
MISMATCH = Check("k1", "request.received", "mismatch", ("f1",), ("c1",), 35, 33, 2, "多于表格")
VIOLATED = Finding(
    "n1", "reply.within", "narrative", "violated", 40, 35, ("f2", "f1"), "答复数大于收到数"
)


def result(*, different: bool = True) -> ReportResult:
    """With a mismatch and a violated relation, or (`different=False`) with neither."""
    checks = (
        Check("k2", "review.total", "match", (), (), 1, 1, 0, ""),
        Check("k3", "disclosure.total", "approximate", ("f3",), (), 174600, 174612, -12, ""),
    )
    findings = (Finding("n2", "total", "table", "holds", 33, 33, ("c1",), ""),)
    return ReportResult(
        document=Document(SOURCE, TEXT, TEXT),
        report=Report(
            TITLE, "某县人民政府", 2022, ("2022-01-01", "2022-12-31"), "2023-01-20", "2021"
        ),
        sections=(Section("s1", 1, "一、总体情况", "overview", 20, len(TEXT)),),
        cells=(CELL,),
        facts=FACTS,
        items=(PROBLEM,),
        checks=(MISMATCH, *checks) if different else checks,
        findings=(VIOLATED, *findings) if different else findings,
        warnings=(ReadingWarning("cell", "表格一格无法读取", *_place("30").values()),),
    )


def read_report(path: str | Path, reader: object = None) -> ReportResult:
    """missing* raises InputError, bug* ValueError, corrupt* InstallationError, endless* Ctrl-C;
    different* has differences, anything else has none."""
    name = Path(path).name
    if name.startswith("missing"):
        raise InputError("not_found", "没有这个文件", where=str(path), advice="请检查路径")
    if name.startswith("corrupt"):
        raise InstallationError("rules", "规则缺失", advice="请重新安装")
    if name.startswith("bug"):
        raise ValueError("something\nunforeseen")
    if name.startswith("endless"):
        raise KeyboardInterrupt
    return result(different=name.startswith("different"))


def modules() -> dict[str, types.ModuleType]:
    """Stand-ins for `nlp.pipeline` and `nlp.reading`."""
    pipeline, reading = types.ModuleType("nlp.pipeline"), types.ModuleType("nlp.reading")
    pipeline.read_report = read_report  # type: ignore[attr-defined]
    pipeline.analyse = lambda document, reader=None: result(different=False)  # type: ignore[attr-defined]
    reading.read_stdin = lambda: Document(SOURCE, TEXT, TEXT)  # type: ignore[attr-defined]
    return {"pipeline": pipeline, "reading": reading}


def install() -> None:
    """Put the stand-ins in place for the rest of this process."""
    for name, module in modules().items():
        sys.modules[f"nlp.{name}"] = module
        setattr(nlp, name, module)
