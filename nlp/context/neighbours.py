"""Figures without words of their own take the meaning of their neighbour."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.context.sentence import Sentence
from nlp.records import Fact
from nlp.structure.sentences import clause_start

_EARLIER = re.compile(
    r"(?:上一?年度?|去年|20\d\d年度?|上年同期|同期)(?:同期|全年)?(?:（[^（）。；]{0,16}）)?(?:的|为|是|共|公开|发布|收到|受理|新收|办理|（|\()*$"
)


_SAID = {"受理": "request.received", "收到": "request.received"}


# 受理较多的单位依次为…, 公开量居前三位的部门是…: a list of bodies by one count
_RANKED = re.compile(
    r"(?P<verb>受理|收到|公开|发布|申请|办件|收件)(?:申请|信息)?(?:数量|总量|量|数)?(?:较|比较|最|相对)?(?:较多|最多|集中|较大|最大|多|居前|靠前|排名?|位居|位列|前)(?:[^，。；：]{0,12}|的?，)(?:为|是|有|：)"
)
# 按公开主体分，…: a division of the total above by bodies
_DIVIDED = re.compile(
    r"[按从](?:照)?(?:公开|发布|受理|办理|责任|收件)?(?:主体|单位|部门|层级|机构)(?:来)?(?:分|看|划分|统计)"
)
_COUNTED = {
    **dict.fromkeys(("受理", "收到", "申请", "办件", "收件"), ("request.received", ("件", "宗", "条"))),
    "公开": ("disclosure.total", ("条",)), "发布": ("disclosure.total", ("条",)),
}  # fmt: skip


_OWNED = re.compile(
    r"(?:共|全年|代(?:表)?[^，]{1,8}?)?(?:主办|举办|举行|承办|受理|收到|公开|发布|收取|办理|召开|开展|组织|报送|完成)?(?:了|信息|政府信息|申请|有|为|是)*$"
)


def inherit(
    sentence: Sentence,
    index: int | None,
    fact: Fact,
    facts: list[Fact],
    by_figure: dict[int, tuple[str, ...]],
) -> Fact:
    """A figure without words of its own counts what its neighbour counts: last year's in a
    comparison (比2016年的610件), another body's in a list (某县15期)."""
    if index is None:
        return fact
    figure, text = sentence.figures[index], sentence.passage.text
    floor = sentence.figures[index - 1].end if index else 0
    before = text[max(floor, clause_start(text, figure.start, 0)) : figure.start]
    earlier = bool(_EARLIER.search(text[max(floor, figure.start - 28) : figure.start]))
    if _knows_itself(fact, earlier):
        return fact
    owner = (
        fact.subject
        if fact.subject
        and before.lstrip("，、。；：（(").removeprefix("其中").startswith(fact.subject)
        else None
    )
    rest = before.split(fact.subject, 1)[1] if owner and fact.subject else None
    if (said := _said(rest)) and figure.unit in ("件", "条", "宗", "起", "件次"):
        return replace(fact, metric=said, what=None, confidence=0.85, why=("同前",))
    if fact.subject and (metric := _of_list(sentence, figure.start, figure.unit, facts)):
        return replace(fact, metric=metric, what=None, confidence=0.85, why=("同前",))
    known = {one.id: one for one in facts[-60:]}
    if rest is None and fact.subject and index and not before.strip("、，,和及"):
        neighbours = [known[id_] for id_ in by_figure.get(index - 1, ()) if id_ in known]
        rest = (
            ""
            if any(one.subject == fact.subject and one.metric != "other" for one in neighbours)
            else None
        )
    if not earlier and (rest is None or not _OWNED.fullmatch(rest)):
        return fact
    for other in range(index - 1, max(-1, index - 9), -1):
        ids = by_figure.get(other, ())
        source = known.get(ids[0]) if ids else None
        if source and source.metric != "other" and sentence.figures[other].unit == figure.unit:
            if (earlier and source.year == fact.year) or (
                not earlier and source.subject == fact.subject
            ):
                return fact
            return _as_source(fact, source)
    if rest is not None and not any(by_figure.get(other) for other in range(index)):
        above = [
            one for one in facts[-12:]
            if one.metric != "other" and one.unit == figure.unit and one.basis == "total" and one.value >= figure.value
        ]  # fmt: skip
        if above:  # 从县区看，某县8316条，…: the list opens a paragraph, its total stands above
            return _as_source(fact, above[-1])
    return fact


def _said(rest: str | None) -> str | None:
    """What the verb behind the name of another body says (县（市）受理278件)."""
    return next((metric for verb, metric in _SAID.items() if rest and verb in rest), None)


def _knows_itself(fact: Fact, earlier: bool) -> bool:
    """网站公开16842条，比2021年公开的15377条增长: the neighbour knows better than the classifier."""
    return fact.metric != "other" and not (earlier and fact.method == "classifier")


def _of_list(sentence: Sentence, at: int, unit: str, facts: list[Fact]) -> str | None:
    """What a list of bodies counts, as the words that open it tell."""
    words = sentence.passage.text[sentence.start : at]
    ranked = list(_RANKED.finditer(words))
    if ranked and not re.search(r"[。；]", words[ranked[-1].end() :]):
        metric, units = _COUNTED[ranked[-1]["verb"]]
        return metric if unit in units else None
    if _DIVIDED.search(words):
        above = [
            one.metric for one in facts[-40:]
            if one.subject is None and one.unit == unit and one.metric in ("disclosure.total", "request.received")
        ]  # fmt: skip
        return above[-1] if above else None
    return None


def _as_source(fact: Fact, source: Fact) -> Fact:
    return replace(
        fact, metric=source.metric, what=None, confidence=0.85, why=("同前", *source.why[-1:])
    )
