"""Figures of an earlier year as a later report repeats them (较2023年的153万次增长20%)."""

from __future__ import annotations

import re

from nlp.between.figures import Given, distinct, given, is_whole, number, of_fact
from nlp.between.records import Comparison, Pair
from nlp.metrics import load, name
from nlp.records import Fact

RULE = "years.restated"
_REVISED = re.compile(r"口径|调整后|修正|更正|核实|核减|核增|修订后|重新统计|同比口径|可比")
# 2023年上半年收到50件 says nothing of the year
_PART_OF_YEAR = re.compile(r"[上下]半年|季度|\d月|前[一二三四五六七八九十\d]+个月|截至|截止|以来")
_NEAR = 20
# Counted by other rules where the form of the tables changed.
_REDEFINED = (
    "disclosure.", "normative_document.", "regulation.", "fee.", "reply.other",
    "reply.unavailable", "reply.refused.", "response.",
)  # fmt: skip
# Whose count depends on the day, or on what of the many sites and accounts is counted in.
_LOOSE = ("website.", "wechat.", "weibo.", "media.", "hotline.", "message.", "catalogue.",
          "service.", "satisfaction.")  # fmt: skip


def restated(pair: Pair) -> list[Comparison]:
    """One relation for each figure of the earlier year in the later report, where the earlier
    report gives the metric too. It holds if it agrees with anything given there."""
    found: dict[tuple[str, float], Comparison] = {}
    for fact in pair.later.facts:
        if fact.year == pair.earlier.year and is_whole(fact) and fact.metric in load():
            known = given(pair.earlier, fact.metric)
            if known and (fact.metric, fact.value) not in found:
                found[fact.metric, fact.value] = _compared(pair, fact, known)
    return list(found.values())


def _compared(pair: Pair, fact: Fact, known: list[Given]) -> Comparison:
    now = of_fact(fact)
    agreeing = [one for one in known if now.agrees(one)]
    before = agreeing[0] if agreeing else known[0]
    message = (
        f"{name(fact.metric)}：{pair.later.year}年度报告称{pair.earlier.year}年为{now.words}，"
        f"{pair.earlier.year}年度报告为{before.words}"
    )
    doubt = None if agreeing else _doubt(pair, fact, now, known)
    return pair.relation(
        RULE, now.side, before.side, message, holds=bool(agreeing), metric=fact.metric, doubt=doubt
    )


def _doubt(pair: Pair, fact: Fact, now: Given, known: list[Given]) -> str | None:
    """Why a differing figure need not be wrong."""
    sentence = pair.later.sentences.get(fact.id, "") or fact.text
    if _REVISED.search(sentence):
        return "原文说明作过调整"
    at = max(0, sentence.find(fact.text))
    if _PART_OF_YEAR.search(sentence[max(0, at - _NEAR) : at] + fact.text):
        return "原文说的可能不是全年"
    if not now.certain or not known[0].certain:
        return "正文的说法不够明确"
    if fact.metric.startswith(_LOOSE):
        return "这类数字的统计范围常有变化"
    if _redefined(pair, fact.metric):
        return "两年的统计表格式不同"
    if not known[0].in_table and distinct(known):
        return f"{pair.earlier.year}年度报告有{number(len(known))}个不同的说法"
    return None


def _redefined(pair: Pair, metric: str) -> bool:
    forms = {pair.earlier.report.template, pair.later.report.template}
    return len(forms) > 1 and metric.startswith(_REDEFINED)
