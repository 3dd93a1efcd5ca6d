"""Labels before problems and plans (问题1：, 【不足】, 改进措施：), and answers within a problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from nlp.items.turns import NUM, ONLY_GENERIC, PROBLEM, STYLES, opening_style
from nlp.records import ItemKind, Passage
from nlp.structure.sentences import sentences

_NUMBER = rf"(?:之?(?:[{NUM}]{{1,2}}|\d{{1,2}}|[（(][{NUM}\d]{{1,2}}[)）]|[①-⑳]))"
_PROBLEM_WORDS = (
    r"(?:存在|主要|突出|具体)?的?(?:问题|不足|短板|差距|困难|薄弱环节)(?:表现|描述|情况)?"
)
_CAUSE_WORDS = (
    r"(?:主要|问题|产生|存在)?的?原因(?:分析)?|成因(?:分析)?"
    r"|责任(?:单位|科室|部门|人)|(?:完成|整改)(?:时限|时间|期限)"
)
_PLAN_WORDS = (
    r"(?:下一?步|工作|今后|整改|改进|具体|主要|应对|对应|相应|解决|拟采取|采取|努力)*的?"
    r"(?:打算|措施|对策|计划|举措|方向|目标|思路|安排|办法|建议)|下一?步|怎么改"
)
_DONE_WORDS = r"(?:整改|改进|落实|解决|完成)(?:落实|进展|完成)?(?:情况|结果|成效|进展)"
# 【不足】… 【原因】… 【打算】…, 1.问题：… 措施：…: one labelled paragraph is one item, causes are none
_LABEL = re.compile(
    rf"(?P<ordinal>(?:[（(][{NUM}\d]{{1,3}}[)）]|(?:\d{{1,2}}|[{NUM}]{{1,2}})[、.．]|[①-⑳])[、.．]?)?(?P<open>[【［\[〔])?"
    rf"(?:(?P<problem>第[{NUM}]个?(?:问题|不足)|{_PROBLEM_WORDS})|(?P<cause>{_CAUSE_WORDS})"
    rf"|(?P<done>{_DONE_WORDS})|(?P<plan>{_PLAN_WORDS}))(?P<number>{_NUMBER})?"
    r"(?:(?(open)[】］\]〕][：:]?|(?:[：:]|[—－–-]{1,2}|$))|(?(number)(?:[、，,.．。—－–-]|(?<=\d)(?=[一-鿿])(?![个项条类点种大件年月日份次])|(?<=[）)①-⑳]))|(?!)))"
)
_BEFORE = ("", "；", "。", "，", "：", ":", "！", " ")


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a paragraph at `start:end`. `kind` is None before a cause, a term, an office in
    charge; one that is `boxed` (【不足】) or numbered, thus `sure`, opens one item."""

    kind: ItemKind | None
    start: int
    end: int
    boxed: bool
    sure: bool


def _read(found: re.Match[str]) -> Label:
    kind: ItemKind | None = (
        "problem"
        if found["problem"]
        else "plan"
        if found["plan"]
        else "remedy"
        if found["done"]
        else None
    )
    return Label(kind, found.start(), found.end(), bool(found["open"]), bool(found["number"]))


def label_of(text: str) -> Label | None:
    """The label that a paragraph opens with."""
    found = _LABEL.match(text)
    return _read(found) if found else None


def labels_in(text: str) -> list[Label]:
    """The labels with a colon that part a paragraph: 存在问题：…；改进措施：…"""
    return [
        _read(found)
        for found in _LABEL.finditer(text)
        if text[found.end() - 1] in "：:】］]" and text[: found.start()][-1:] in _BEFORE
    ]


def is_paired(passages: list[Passage]) -> bool:
    """Whether a chapter answers its problems one by one, so that each label opens one item: two
    labels of problems, or more, each of them with an answer below."""
    kinds = []
    for passage in passages:
        parts = labels_in(passage.text)
        first = label_of(passage.text)
        parts = parts or ([first] if first else [])
        kinds += [part.kind for part in parts if part.kind]
    turns = sum(a == "problem" and b != "problem" for a, b in pairwise(kinds))
    return turns >= 2


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


_BODY = r"(?:我[们局厅委市县区镇乡街院校办]|本[局厅委院校办]|[^，。；]{1,6}(?:局|厅|委|院|街道|镇|乡|政府))"
# 将对照目录公开, but not 将条例纳入学法内容: there 将 is 把
_WILL = r"将(?![^，。；]{1,24}(?:纳入|列入|作为|融入|打造|建成|整合|统一|固定|延伸|细化|列为|贯穿))"
ANSWER_LEAD = re.compile(
    rf"(?:(?:针对|对于?)(?:这一|此|该|上述|以上|这些|这个|这)[^，。]{{0,8}}，|为此，?|对此，?)?"
    rf"(?:(?:下一?步|今后|明年|20\d\d年|接下来|下一?阶段)(?:工作中)?，?(?:{_BODY}(?=将|拟|要|计划|准备))?(?:{_WILL}|拟|计划|准备)?"
    rf"|(?:{_BODY}(?=将|已|拟|要|计划|准备|采取|通过))?(?:将(?=[^《〈“]{{0,3}}(?:采取|通过|继续|进一步|加强|建立|完善|做到|制定|组织|开展))|拟|计划|准备)?)"
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


# 【关于新媒体】互动功能单一。开发查询功能。: a box that names what both the fault and the answer concern
_BOX = re.compile(r"[【［\[〔](?:关于|在)?(?P<words>[^】］\]〕]{2,16})[】］\]〕]")


def halves_of(text: str) -> tuple[int, int] | None:
    """Where the fault begins in a boxed paragraph, and where the answer to it does (the end of the
    paragraph where there is none); None where no box opens it or no fault follows the box."""
    box = _BOX.match(text)
    if box is None or label_of(text) or not text[box.end() :].strip():
        return None
    pieces = [piece for piece in sentences(text) if piece[1] > box.end()]
    if not PROBLEM.search(text, box.end(), pieces[0][1]):
        return None
    answer = next(
        (start for start, end in pieces[1:] if not PROBLEM.search(text, start, end)), len(text)
    )
    return box.end(), answer
