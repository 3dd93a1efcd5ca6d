"""What the rules and verdicts of comparisons are called, in Chinese and in English."""

from __future__ import annotations

from nlp.metrics import Lang

_RULES = {
    "years.carried": ("上年结转", "carried over"),
    "years.carried.applicants": ("上年结转（申请人分列）", "carried over, by applicant"),
    "years.restated": ("重述往年数字", "earlier figure restated"),
    "years.in_force": ("现行有效件数", "in force"),
    "years.listed_items": ("上一年项目数量", "items listed a year before"),
    "years.stale": ("沿用旧数", "figure left over"),
    "years.stale_period": ("沿用旧统计期限", "period left over"),
    "years.copied_sentence": ("逐字相同的句子", "copied sentence"),
    "years.copied_table": ("与上年相同的表格", "copied table"),
    "years.target": ("上年计划的数字", "last year's target"),
    "years.plan": ("上年计划与本年情况", "last year's plan"),
    "years.repeated_plan": ("重复的计划", "repeated plan"),
    "years.repeated_problem": ("重复的问题", "repeated problem"),
    "years.missing": ("缺少年度", "missing year"),
    "years.versions": ("同年多份报告", "versions of one year"),
    "years.same_name": ("同名报告", "reports of one name"),
    "parts.sum": ("与所属机关合计", "parts together"),
    "parts.exceeds": ("所属机关大于整体", "part exceeds the whole"),
}  # fmt: skip
_VERDICTS = {
    "violated": ("不符", "violated"),
    "unverifiable": ("无从判断", "unverifiable"),
    "note": ("提示", "note"),
    "holds": ("相符", "holds"),
}


def rule(code: str, lang: Lang = "zh") -> str:
    """The name of a rule; an unknown code stands for itself."""
    return _RULES.get(code, (code, code))[lang == "en"]


def verdict(code: str, lang: Lang = "zh") -> str:
    """The name of a verdict."""
    return _VERDICTS[code][lang == "en"]


def rules() -> tuple[str, ...]:
    """The codes of all rules, the gravest first."""
    return tuple(_RULES)
