"""The words of the page."""

from __future__ import annotations

from nlp.annotate.tasks import FactLabel, ItemLabel, Label
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.metrics import name as metric_name
from nlp.output import wording
from nlp.output.columns import number as number

REASONS = {
    "disagree": "规则与分类器说法不一",
    "border": "分类器拿不准",
    "differs": "与统计表不符",
    "rest": "按报告顺序",
    "random": "随机抽查，用来估计准确率",
    "dispute": "标注人之间不一致",
    "chosen": "您点开的",
}
BASES = {
    "total": "合计（全年总数）",
    "average": "平均",
    "part": "其中一部分",
    "to_date": "累计",
    "target": "目标（计划数）",
}
KINDS = {"problem": "问题", "plan": "计划", "remedy": "已采取的措施", "neither": "都不是"}
METHODS = {"rule": "规则", "classifier": "分类器", "both": "规则和分类器", "": "无"}
VERDICTS = {"match": "一致", "approximate": "约数相符", "mismatch": "不符"}


def metrics(label: str) -> str:
    """The names of a metric, or of several joined by +."""
    return "＋".join(metric_name(code) for code in label.split("+"))


def unit(code: str) -> str:
    metric = load_metrics().get(code)
    return metric.unit if metric else ""


def topic(code: str | None) -> str:
    return wording.topic(code, "zh") if code else "无主题"


def label(one: Label, year: int | None) -> str:
    """A label in one line; `year` is the report's, which goes without saying."""
    if isinstance(one, ItemLabel):
        return f"{KINDS[one.kind]}·{topic(one.topic)}" if one.topic else KINDS[one.kind]
    if one.metric == OTHER:
        return metric_name(OTHER)
    parts = [f"{metric_name(one.metric)} {number(one.value)}{unit(one.metric)}"]
    parts += [f"{one.year}年"] if one.year and one.year != year else []
    parts += [one.subject] if one.subject else []
    parts += [BASES[one.basis]] if one.basis != "total" else []
    return "，".join(parts)


def labels(many: tuple[Label, ...], year: int | None) -> str:
    return "；".join(label(one, year) for one in many) or "并入前一条"


def is_fact(one: Label) -> bool:
    return isinstance(one, FactLabel)


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def sureness(probability: float) -> str:
    """A probability of the classifier, never as a certainty."""
    if probability >= 0.995:
        return ">99%"
    return f"{100 * probability:.0f}%" if probability >= 0.01 else "<1%"


def printable(text: str) -> str:
    """Text as a page can show it, one character for each: control characters, which a browser
    would drop, become visible."""
    return text.translate(_CONTROLS)


_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "\ufffd") | {13: " "}
