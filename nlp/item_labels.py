"""Labels before problems and plans (问题1：, 【不足】, 改进措施：), and answers within a problem."""

from __future__ import annotations

import re

from nlp.records import ItemKind, Passage
from nlp.turns import ONLY_GENERIC, STYLES, opening_style

# 【不足】… 【原因】… 【打算】…, 不足：… 对策：…: one labelled paragraph is one item, causes are none
_LABEL = re.compile(
    r"(?P<open>[【［\[])?(?:(?P<problem>(?:存在|主要|突出)?的?(?:问题|不足|短板|差距|困难)(?:表现|描述)?)|(?P<cause>(?:主要|问题|产生)?原因(?:分析)?|成因)"
    r"|(?P<plan>(?:下一?步|工作|今后|整改|改进|具体|主要|应对)*(?:打算|措施|对策|计划|举措|方向|目标|思路|安排)))(?(open)[】］\]]|)[：:]?"
)


def pairs(passage: Passage) -> list[tuple[ItemKind, int, int]]:
    """存在问题：…；改进措施：…: the stretches that two labels or more part a paragraph into."""
    found = [
        label
        for label in _LABEL.finditer(passage.text)
        if passage.text[label.end() - 1] in "：:"
        and passage.text[: label.start()][-1:] in ("", "；", "。", "，")
    ]
    if len(found) < 2 or found[0].start() or any(s.search(passage.text) for s in STYLES):
        return []
    ends = [*(label.start() for label in found[1:]), len(passage.text)]
    kinds: list[ItemKind | None] = [
        "problem" if label["problem"] else "plan" if label["plan"] else None for label in found
    ]
    return [
        (kind, label.end(), end)
        for kind, label, end in zip(kinds, found, ends, strict=True)
        if kind
    ]


def labelled_kind(passage: Passage) -> tuple[ItemKind | None, int] | None:
    """The kind that a paragraph's label gives it and where its words begin; None without label,
    and where a label with a colon opens a list."""
    text = passage.text
    found = _LABEL.match(text)
    if not found or found.end() >= len(text):
        return None
    if not found["open"] and (
        text[found.end() - 1] not in "：:"
        or "；" in text[:-1]
        or any(style.search(text) for style in STYLES)
    ):
        return None
    return "problem" if found["problem"] else "plan" if found["plan"] else None, found.end()


_ANSWER = re.compile(
    r"(?<=[。；])(?:(?:下一?步|今后)?(?:的)?(?:改进|整改|应对|解决|具体)?(?:措施|对策|打算|办法)[：:])"
)


def answers_in(text: str) -> frozenset[int]:
    """1.…不均。改进措施：…。2.…不透。改进措施：…: where the answers begin that belong to the item
    before them, each of which has one; one answer to a whole list is none of these."""
    if not any(style.match(text) or len(style.findall(text)) > 1 for style in STYLES):
        return frozenset()
    found = list(_ANSWER.finditer(text))
    single = any(len(style.findall(text)) == 1 and style.match(text) for style in STYLES)
    if not (len(found) > 1 or (found and single)):
        return frozenset()
    return frozenset(one.start() for one in found)


ANSWER_LEAD = re.compile(
    r"(?:(?:针对|对于?)(?:这一|此|该|上述|以上|这些|这个|这)[^，。]{0,8}，|为此，?|对此，?|(?:下一?步|今后|20\d\d年|接下来|下一?阶段)(?:工作中)?，?)?"
    r"(?:(?:我[们局厅委市县区镇乡街院校办]|本[局厅委院校办])(?=将|已|拟|要|计划|准备|采取|通过))?(?:将(?=[^《〈“]{0,3}(?:采取|通过|继续|进一步|加强|建立|完善|做到|制定|组织|开展))|拟|计划|准备)?"
)


def whole_answer(text: str, start: int) -> int | None:
    """（二）…空泛。我们将建立台账，每周巡检一次。: where the answer begins with which a numbered
    problem ends; None where the paragraph has no number, or another list follows."""
    if opening_style(text) is None or any(style.search(text, start) for style in STYLES):
        return None
    if sum(len(style.findall(text, 0, start)) for style in STYLES) != 1:
        return None
    if text.rstrip().endswith(("：", ":")) or ONLY_GENERIC.match(text, start):
        return None  # what is announced stands in the paragraphs below
    lead = ANSWER_LEAD.match(text, start)
    return lead.end() if lead else start
