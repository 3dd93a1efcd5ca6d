"""Where a report speaks of problems, of plans, and of remedies: headings and lead-in words.

Runs of sentences of one kind, in text order; `items.py` cuts them into items.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from nlp.classifier.reader import NEITHER, Reader
from nlp.records import ItemKind, Passage, Report, Section
from nlp.structure.sentences import sentences

NUM = "一二三四五六七八九十"


STYLES = (
    re.compile(rf"(?:^|(?<=[。；！：:\s]))[（(][{NUM}]{{1,3}}[)）][、.．]?"),
    re.compile(r"(?:^|(?<=[。；！：:\s]))\d{1,2}[、.．](?!\d)"),
    re.compile(r"(?:^|(?<=[。；！：:，,\s]))[（(]\d{1,2}[)）][、.．]?|[①-⑳]"),
    re.compile(
        rf"(?:^|(?<=[。；！：:，,、\s”]))(?:[{NUM}]{{1,2}}(?:是(?!否|不是)|要(?=[^求点素])|则)|第[{NUM}][，,、：:]|其[{NUM}][，,、：:是])"
    ),
    re.compile(
        r"(?:^|(?<=[。；！：:]))(?:首先|其次|再次|再者|最后|另外|此外|还有(?=[，,])|一方面|另一方面|再一方面|还有一方面)[，,]?(?:是)?"
        r"|(?<=[，,])(?:首先|其次|再次|再者|最后)(?:是|，)"
    ),
    re.compile(rf"(?:^|(?<=[。；！：:\s]))(?:问题|不足)(?:之)?[{NUM}\d]{{1,2}}[：:、，.．]"),
)


PROBLEM = re.compile(
    r"不够|不足|不高|不强|不全|不及时|不到位|不完善|不健全|不规范|不平衡|不均衡|不紧|不深|不熟|不大|不广|不多|不快|不畅|不统一|不一致|不准确|不严|不准|不细|不透|不理想|不明显|不适应|不丰富|不充分"
    r"|有待|仍需|还需|尚需|需要|需进|需加|亟需|亟待|急需|应进一步|欠缺|缺乏|缺少|薄弱|滞后|较弱|偏弱|较少|偏少|较低|偏低|较差|较慢|单一|差距|参差不|良莠不|难以|困难|未能|还不|尚不|尚未|仍不|无法|不能|存在|短板|弱项|流动性|[换动整岗迁](?:较为|比较|过于|较|过|太|也)?频繁"
)


_TO_PLAN = re.compile(
    r"(?:针对|对于|对照|根据|结合|围绕)(?:以上|上述|存在|这些|这一|这种|此类|该|此)?的?(?:存在)?(?:的)?(?:以上|上述|这些)?(?:问题|不足|情况|困难)|下一?步|下一?阶段|今后|接下来|新的一年|明年|来年"
    r"|改进(?:措施|方向|办法|思路|计划|工作)|整改措施|^(?:具体|主要|工作|有关)?措施|(?:我[们局市县区厅委省镇]|本[机单部局]\S{0,3}|全[市县区局省]\S{0,4})将|(?:打算|考虑|准备)(?:在|把|从|给|对|用)|将(?:采取|从|着力|重点|进一步|继续|按照|以|围绕|认真|着重|针对)|拟(?:从|采取|重点)|打算"
)


_TO_PROBLEM = re.compile(
    r"^(?:主要|存在的?|突出)*(?:问题|不足)[：:]|(?:存在|有)[^。；]{0,24}(?:问题|不足|差距|距离|薄弱环节|困难|短板|弱项|不适应|缺点|之处)|(?:还|仍|仍然|也|依然|尚)存在(?:着)?[^。；：]{4,160}(?:问题|不足|现象)|(?:需要|有待|值得)(?:进一步)?(?:改进|加强|完善|提高)的(?:地方|方面|环节)|差距(?:仍然?|依然|还是?)?(?:不小|较大|很大|明显|存在)|(?:问题|不足|差距|困难)(?:和不足)?(?:主要)?(?:表现|体现|集中|是|有|在于|包括|如下)|主要(?:问题|不足|困难)"
)


_SAID_DONE = re.compile(
    r"^[^。；]{0,6}(?:去年|上年度?|上一年度?)[^。；，]{0,24}(?:反映|提到|提出|指出|查摆|存在|讲到)的?[^。；]{0,40}[，：](?:现|今年|年内|均|都|已经|已|我[局市县区镇委厅院])"
    r"|^[^。；]{0,8}(?:针对|对照)[^。；，]{0,6}(?:上一?年度?|去年|20\d\d年度?(?:[^。；，]{0,12})?(?:报告|年报))[^。；，]{0,30}(?:问题|不足)|(?:上年度?|去年|上一年度?|20\d\d年度?)[^。；]{0,44}问题[^。；]{0,70}(?:整改|改进|解决|落实|完成)|(?:整改|改进)(?:落实)?(?:完成|到位|情况)"
)


ONLY_GENERIC = re.compile(
    rf"^[^，。；]{{0,14}}?问题(?:的)?(?:整改|改进)(?:落实)?(?:情况)?[：:。]?$|^[（(]?[{NUM}\d]{{0,3}}[)）、.．]*\s*(?:(?:本年度?|今年|20\d\d年度?|当前|目前|现阶段|现)?(?:政府信息公开|政务公开)?(?:工作)?(?:中)?(?:仍|还|尚)?(?:目前|当前)?存在(?:的)?(?:主要)?(?:困难|问题|不足|和|及|与|、|主要|差距)*(?:(?:下一?步|今后)?(?:的)?(?:改进|整改|应对|解决)(?:的)?(?:措施|情况|打算|办法|思路|方向|意见))?"
    r"|(?:主要)?(?:问题|不足|困难)(?:和不足)?|(?:下一?步|20\d\d年|今后)?(?:主要)?(?:的)?(?:工作)?(?:改进|整改|具体|工作|主要|重点)*(?:措施|情况|打算|计划|思路|安排|举措|方向|意见|建议|做法)(?:和[^，。]{0,8})?|下一?步[^，。；]{0,10}|(?:着重|重点|主要|具体|切实|努力)?(?:抓好|做好|从|开展)(?:以下|如下)?[一二三四五六七八九十\d]个?方面(?:的)?(?:工作|入手|着手)?|[^，。；]{0,4}(?:今年|本年度?)的?(?:问题|不足)(?:和|与|及)[^，。；]{0,6})[：:。]?$"
)


# 【不足】… 【原因】… 【打算】…, 不足：… 对策：…: one labelled paragraph is one item, causes are none
_LABEL = re.compile(
    r"(?P<open>[【［\[])?(?:(?P<problem>(?:存在|主要|突出)?的?(?:问题|不足|短板|差距|困难)(?:表现|描述)?)|(?P<cause>(?:主要|问题|产生)?原因(?:分析)?|成因)"
    r"|(?P<plan>(?:下一?步|工作|今后|整改|改进|具体|主要|应对)*(?:打算|措施|对策|计划|举措|方向|目标|思路|安排)))(?(open)[】］\]]|)[：:]?"
)
_BULLET_HEAD = re.compile(r"[◆◇●○■□▲★▶►※]\s*[^，。；：]{2,16}")


# How sure the classifier must be that a sentence without ordinal or announcement turns to another kind.
_TURNS = 0.7


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences in a row that speak of the same kind; `passage` and its `start:end`."""

    kind: ItemKind
    passage: Passage
    start: int
    end: int
    lead: bool  # the first sentence opens the subject
    whole: bool = False  # one item, not to be cut


def runs_of(
    passages: tuple[Passage, ...],
    sections: tuple[Section, ...],
    report: Report,
    reader: Reader | None,
) -> list[list[Stretch]]:
    """Stretches of one kind, grouped as long as they follow each other."""
    roles = {section.id: section for section in sections}
    own_chapter = any(passage.role in ("problems", "plans") for passage in passages)
    runs: list[list[Stretch]] = []
    kind: ItemKind | None = None
    chapter = ""
    numbered = _Numbered()
    for passage in passages:
        inside = passage.role in ("problems", "plans")
        if inside and _chapter(passage, roles) != chapter:
            chapter = _chapter(passage, roles)
            runs.append([])
            kind = "plan" if passage.role == "plans" else None
        hidden = not inside and _hidden(passage.text, report)
        if not inside:
            kind = None if own_chapter or not hidden else kind
            chapter = ""
        signature = _SIGNATURE.search(passage.text[:40])
        kind = None if signature else kind
        if signature or _is_chapter(passage, roles):
            continue
        if inside and _BULLET_HEAD.fullmatch(passage.text):
            continue
        pairs = _pairs(passage) if inside else []
        if pairs:
            for paired, start, end in pairs:
                runs += [[Stretch(paired, passage, start, end, True, True)], []]
            kind = pairs[-1][0]
            continue
        labelled = _labelled(passage) if inside else None
        if labelled:
            kind, start = labelled
            if kind:
                runs += [[Stretch(kind, passage, start, len(passage.text), True, True)], []]
            continue
        if inside or not own_chapter or hidden:
            kind = numbered.kind_of_next(passage.text, kind) if inside else kind
            kind = _add(passage, kind, inside, report, runs, reader)
            numbered.answered = _ends_with_answer(runs, passage)
    return runs


@dataclass(slots=True)
class _Numbered:
    """（二）…空泛。我们将建立台账。（三）…: the answer to one problem is no part of the next. The list
    style of the last numbered paragraph, and whether an answer ended it."""

    style: int | None = None
    answered: bool = False

    def kind_of_next(self, text: str, kind: ItemKind | None) -> ItemKind | None:
        style = _opening_style(text)
        if style is None:
            return kind
        again = style == self.style and self.answered
        self.style = style
        return "problem" if again else kind


def _ends_with_answer(runs: list[list[Stretch]], passage: Passage) -> bool:
    last = next((run[-1] for run in reversed(runs) if run), None)
    return last is not None and last.passage is passage and last.whole


def _opening_style(text: str) -> int | None:
    """Which list style a paragraph opens with."""
    return next((place for place, style in enumerate(STYLES) if style.match(text)), None)


_SIGNATURE = re.compile(
    r"^[^，。；：一二三四五六七八九十（(\d][^，。；：]{1,24}(?:政府|厅|局|委|办|会|办公室|中心|公司|集团|医院|学校|学院|大学|中学|小学|幼儿园|图书馆)$|^(?:\D{2,5}[：:])?[〇○零一二三四五六七八九\d]{4}年[^，。]{2,9}日$"
    r"|^附(?:表|件)|^(?:单位负责人|审核人?|填报|填表|联系电话|联系人|签发|抄送|信息来源|责任编辑|发布日期)"
)


def _is_chapter(passage: Passage, sections: dict[str, Section]) -> bool:
    """Whether a passage is nothing but the heading of a chapter."""
    section = sections.get(passage.section)
    return (
        section is not None
        and section.level == 1
        and passage.offsets[0] <= section.start + 4
        and passage.offsets[-1] < section.start + len(section.heading)
    )


def _chapter(passage: Passage, sections: dict[str, Section]) -> str:
    """The id of the first-level section above a passage (section ids run in text order)."""
    number = int(passage.section[1:] or 0) if passage.section else 0
    while number > 0:
        section = sections[f"s{number}"]
        if section.level == 1:
            return section.id
        number -= 1
    return passage.section


_HIDDEN = re.compile(
    r"(?:^|[。；])(?:但|同时|当然|虽然[^。]{0,60})?[^。；]{0,40}(?:还|仍|也)?(?:然)?存在(?:着)?[^。；]{0,16}(?:问题|不足|差距)[^。；]{0,8}[：:，。]"
    r"|(?:^|[。；])(?:下一步|下步|今后|20\d\d年|接下来)，?[^。；]{0,24}(?:将|要|拟)"
)


_ANNOUNCES = re.compile(r"存在|下一?步|今后|接下来|20\d\d年")


def _hidden(text: str, report: Report) -> bool:
    """Whether a sentence outside the chapters on problems and plans announces one."""
    if not _ANNOUNCES.search(text):
        return False
    found = _HIDDEN.search(text)
    years = re.findall(r"20\d\d(?=年)", found.group()) if found else []
    return found is not None and (not years or _next_year(found.group(), report))


def _pairs(passage: Passage) -> list[tuple[ItemKind, int, int]]:
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


def _labelled(passage: Passage) -> tuple[ItemKind | None, int] | None:
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


def _add(
    passage: Passage,
    kind: ItemKind | None,
    inside: bool,
    report: Report,
    runs: list[list[Stretch]],
    reader: Reader | None,
) -> ItemKind | None:
    answered = _answered(passage.text)
    free = reader is not None and inside and not any(s.search(passage.text) for s in STYLES)
    for start, end in sentences(passage.text):
        words = passage.text[start:end]
        within = kind == "problem" and start in answered
        turned = None if within else _turn(words, kind, report, inside)
        lead = turned is not None
        if reader and free and not lead:
            said = reader.kind(words, passage)
            if said.label != NEITHER and said.label != kind and said.probability >= _TURNS:
                turned = cast(ItemKind, said.label)
        if kind == "problem" and turned in ("plan", "remedy") and inside:
            answer_at = _whole_answer(passage.text, start)
            if answer_at is not None:
                answer = Stretch(turned, passage, answer_at, len(passage.text), True, True)
                runs += [[answer], []]
                return turned
        if turned is not None and (turned != kind or _leads(words, start)):
            runs.append([])
        kind = turned or kind
        if (
            kind is None
            and inside
            and passage.role == "problems"
            and (_ordinal(words) or PROBLEM.search(words))
        ):
            kind = "problem"
            runs.append([])
        if kind is None:
            continue
        if not runs or (runs[-1] and runs[-1][-1].kind != kind):
            runs.append([])
        last = runs[-1][-1] if runs[-1] else None
        if last and last.passage is passage and last.end == start and not lead:
            runs[-1][-1] = replace(last, end=end)
        else:
            runs[-1].append(Stretch(kind, passage, start, end, lead))
    if not inside:
        return None
    return kind


_ANSWER = re.compile(
    r"(?<=[。；])(?:(?:下一?步|今后)?(?:的)?(?:改进|整改|应对|解决|具体)?(?:措施|对策|打算|办法)[：:])"
)


def _answered(text: str) -> frozenset[int]:
    """1.…不均。改进措施：…。2.…不透。改进措施：…: where the answers begin that belong to the item
    before them, each of which has one; one answer to a whole list is none of these."""
    if not any(style.match(text) or len(style.findall(text)) > 1 for style in STYLES):
        return frozenset()
    found = list(_ANSWER.finditer(text))
    single = any(len(style.findall(text)) == 1 and style.match(text) for style in STYLES)
    if not (len(found) > 1 or (found and single)):
        return frozenset()
    return frozenset(one.start() for one in found)


_ANSWER_LEAD = re.compile(
    r"(?:(?:针对|对于?)(?:这一|此|该|上述|以上|这些|这个|这)[^，。]{0,8}，|为此，?|对此，?|(?:下一?步|今后|20\d\d年|接下来|下一?阶段)(?:工作中)?，?)?"
    r"(?:(?:我[们局厅委市县区镇乡街院校办]|本[局厅委院校办])(?=将|已|拟|要|计划|准备|采取|通过))?(?:将(?=[^《〈“]{0,3}(?:采取|通过|继续|进一步|加强|建立|完善|做到|制定|组织|开展))|拟|计划|准备)?"
)


def _whole_answer(text: str, start: int) -> int | None:
    """（二）…空泛。我们将建立台账，每周巡检一次。: where the answer begins with which a numbered
    problem ends; None where the paragraph has no number, or another list follows."""
    if _opening_style(text) is None or any(style.search(text, start) for style in STYLES):
        return None
    if sum(len(style.findall(text, 0, start)) for style in STYLES) != 1:
        return None
    if text.rstrip().endswith(("：", ":")) or ONLY_GENERIC.match(text, start):
        return None  # what is announced stands in the paragraphs below
    lead = _ANSWER_LEAD.match(text, start)
    return lead.end() if lead else start


def _leads(words: str, start: int) -> bool:
    """A paragraph that announces a list of its own, after one of the same kind."""
    return start == 0 and bool(re.search(r"[：:]|将(?!公开|信息)|下一?步|措施|针对", words[:40]))


def _ordinal(words: str) -> bool:
    return any(style.match(words) for style in STYLES)


def _turn(words: str, kind: ItemKind | None, report: Report, inside: bool) -> ItemKind | None:
    """The kind that a sentence turns to, or None where it goes on with the last."""
    head = re.split(r"[，。：:]", words, maxsplit=3)
    opening = "，".join(head[:3])
    ordinal = next((m for style in STYLES if (m := style.match(words))), None)
    bare = words[ordinal.end() :] if ordinal else words
    if ordinal and not ONLY_GENERIC.match(words.strip()):
        return None
    if kind is None and not inside and not _hidden(words, report):
        return None
    if _SAID_DONE.search(opening) and not (_next_year(opening, report) and "将" in opening):
        return "remedy"
    if re.match(rf"(?:但|虽)?[^。：]{{0,60}}?(?:{_TO_PROBLEM.pattern})", words) and not re.match(
        r"(?:针对|围绕|对于|对照)(?![^。]{0,60}(?:仍|还|也|尚|依然|主要)(?:存在|有))", bare
    ):
        return "problem"
    if _TO_PLAN.search(opening) or _next_year(opening, report):
        return "plan"
    if ONLY_GENERIC.match(words.strip()):
        return (
            "problem"
            if re.search(r"问题|不足|困难|差距", words) and "改进" not in words
            else "plan"
        )
    return None


def _next_year(words: str, report: Report) -> bool:
    return any(
        report.year is not None and int(year) == report.year + 1
        for year in re.findall(r"(20\d\d)年", words)
    )
