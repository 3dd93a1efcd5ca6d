"""Last year's plans beside what this year's report tells, and problems that come back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from nlp.between.figures import Given, given, number, of_fact
from nlp.between.records import Comparison, Pair, Side, YearlyReport
from nlp.metrics import OTHER, name
from nlp.output.columns import one_line
from nlp.records import Fact, Item, ItemKind

TARGET = "years.target"
PLAN = "years.plan"
REPEATED_PLAN = "years.repeated_plan"
REPEATED_PROBLEM = "years.repeated_problem"

_NOT_LETTERS = re.compile(r"[-—]\s*\d+\s*[-—]|[\s，。；：、！？,.;:!?“”\"'‘’（）()《》]")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_DOWNWARD = re.compile(r"不超过|不高于|控制在|压减|减少|降低|下降|压缩|至多|以内|以下")
_SAME = 0.9  # share of letters that stay: 个别 for 部分 is the same problem
_LEAST_LETTERS = 6


def targets(pair: Pair) -> list[Comparison]:
    """Figures that last year's report promised for this year, against this year's."""
    found = []
    for fact in pair.earlier.facts:
        if fact.basis != "target" or not fact.value or fact.subject is not None:
            continue
        if fact.year not in (None, pair.earlier.year, pair.later.year):
            continue
        results = given(pair.later, fact.metric) if fact.metric != OTHER else []
        if results:
            found.append(_target(pair, fact, results))
    return found


def _target(pair: Pair, fact: Fact, results: list[Given]) -> Comparison:
    promised = of_fact(fact)
    best = max(results, key=lambda one: one.high)
    sentence = pair.earlier.sentences.get(fact.id, fact.text)
    reached = best.high >= promised.low and not _DOWNWARD.search(sentence)
    ending = "已达到" if reached else "请核对是否完成"
    message = (
        f"{name(fact.metric)}：{pair.earlier.year}年度报告计划{promised.words}，"
        f"本年度为{best.words}，{ending}"
    )
    return pair.note(TARGET, best.side, promised.side, message, fact.metric)


def plans(pair: Pair) -> list[Comparison]:
    """Each plan of last year with what this year's report says on its topic: a measure taken, a
    problem that is still one. Plans that nothing answers are left out: silence proves nothing."""
    found = []
    for plan in _of_kind(pair.earlier, "plan"):
        remedy = _nearest(plan, _of_kind(pair.later, "remedy"))
        problem = _nearest(plan, _of_kind(pair.later, "problem"))
        if remedy is None and problem is None:
            continue
        both = [item for item in (remedy, problem) if item is not None]
        said = ["已采取措施"] * (remedy is not None) + ["仍有问题"] * (problem is not None)
        message = f"{pair.earlier.year}年度报告计划的事项，本年度报告在同一方面{'，但'.join(said)}"
        words = "；".join(one_line(item.text).rstrip("。；") for item in both)
        now = Side(None, words, tuple(item.id for item in both))
        found.append(pair.note(PLAN, now, _side(plan), message))
    return found


def repeated(pair: Pair, kind: ItemKind, since: dict[str, int] | None = None) -> list[Comparison]:
    """Problems (or plans) that stand in both reports in the same words. `since` tells, by an
    item's id in the earlier report, the first year in which the words appeared."""
    rule = REPEATED_PROBLEM if kind == "problem" else REPEATED_PLAN
    found = []
    for item, old in same_items(pair, kind):
        first = (since or {}).get(old.id, pair.earlier.year)
        what = "问题" if kind == "problem" else "计划"
        exactly = "逐字相同" if letters(item.text) == letters(old.text) else "几乎相同"
        message = f"这条{what}与{pair.earlier.year}年度报告{exactly}"
        if first < pair.earlier.year:
            message += f"，自{first}年度起连续{number(pair.later.year - first + 1)}年出现"
        found.append(pair.note(rule, _side(item), _side(old), message))
    return found


def same_items(pair: Pair, kind: ItemKind) -> list[tuple[Item, Item]]:
    """Items of the later report with the item of the earlier one that has the same words."""
    before = [item for item in _of_kind(pair.earlier, kind) if _is_long(item)]
    found = []
    for item in _of_kind(pair.later, kind):
        likest = _likest(item, before)
        if _is_long(item) and likest and _likeness(item, likest) >= _SAME:
            found.append((item, likest))
    return found


def letters(text: str) -> str:
    """The words of an item, without punctuation and years."""
    return _NOT_LETTERS.sub("", _YEAR.sub("", text))


def _side(item: Item) -> Side:
    return Side(None, one_line(item.text), (item.id,))


def _of_kind(one: YearlyReport, kind: ItemKind) -> list[Item]:
    return [item for item in one.items if item.kind == kind]


def _is_long(item: Item) -> bool:
    return len(letters(item.text)) >= _LEAST_LETTERS


def _nearest(plan: Item, items: Sequence[Item]) -> Item | None:
    """The item on the plan's topic that shares most words with it."""
    on_topic = [
        item for item in items if item.topic == plan.topic and plan.topic not in (None, OTHER)
    ]
    return max(on_topic, key=lambda item: _shared(plan, item), default=None)


def _likest(item: Item, others: Sequence[Item]) -> Item | None:
    return max(others, key=lambda other: _likeness(item, other), default=None)


def _likeness(one: Item, other: Item) -> float:
    """From 0 to 1, and 0 for whatever is clearly not the same."""
    a, b = letters(one.text), letters(other.text)
    if a == b:
        return 1.0
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < _SAME or matcher.quick_ratio() < _SAME:
        return 0.0
    return matcher.ratio()


def _shared(one: Item, other: Item) -> float:
    """The share of the shorter item's neighbouring letters that the other has too."""
    mine, its = _pairs(letters(one.text)), _pairs(letters(other.text))
    least = min(len(mine), len(its))
    return len(mine & its) / least if least else 0.0


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
