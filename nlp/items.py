"""Named problems and next-year plans, one item for each that the office lists.

The stretch that speaks of problems (or plans) is found by headings and lead-in words; within
it the outermost list style decides where an item begins, whatever its numbers say. Lists
without ordinals fall apart at ；, then at 。, then at ，.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.records import Item, ItemKind, Passage, Report, Section
from nlp.structure.sentences import sentences

_NUM = "一二三四五六七八九十"
_STYLES = (
    re.compile(rf"(?:^|(?<=[。；！：:\s]))[（(][{_NUM}]{{1,3}}[)）][、.．]?"),
    re.compile(r"(?:^|(?<=[。；！：:\s]))\d{1,2}[、.．](?!\d)"),
    re.compile(r"(?:^|(?<=[。；！：:，,\s]))[（(]\d{1,2}[)）][、.．]?|[①-⑳]"),
    re.compile(rf"(?:^|(?<=[。；！：:，,、\s”]))(?:[{_NUM}]{{1,2}}(?:是(?!否|不是)|要(?=[^求点素])|则)|第[{_NUM}][，,、：:]|其[{_NUM}][，,、：:是])"),
    re.compile(r"(?:^|(?<=[。；！：:]))(?:首先|其次|再次|再者|最后|另外|此外)[，,]?(?:是)?"),
)
_PROBLEM = re.compile(
    r"不够|不足|不高|不强|不全|不及时|不到位|不完善|不健全|不规范|不平衡|不均衡|不紧|不深|不熟|不大|不广|不多|不快|不畅|不统一|不一致|不准确|不严|不准|不细|不透|不理想|不明显|不适应|不丰富|不充分"
    r"|有待|仍需|还需|尚需|需要|需进|需加|亟需|亟待|急需|应进一步|欠缺|缺乏|缺少|薄弱|滞后|较弱|偏弱|较少|偏少|较低|偏低|较差|较慢|单一|差距|参差不|良莠不|难以|困难|未能|还不|尚不|尚未|仍不|无法|不能|存在|短板|弱项|流动性"
)
_FAULT = re.compile(rf"{_PROBLEM.pattern}|^(?:进一步|继续|加强|加大|提高|完善)")
_REMEDY = re.compile(r"已(?!经?成为)|了(?!解)|得到|完毕|有序进行|取得|目前[^，。]{0,12}已")
_FUTURE = re.compile(r"将|拟|继续|进一步|下一步|要(?=[加强深做把抓])|计划|持续|不断|着力|切实")

_TO_PLAN = re.compile(
    r"(?:针对|对于|对照|根据|结合|围绕)(?:以上|上述|存在|这些|此类)?的?(?:存在)?(?:的)?(?:以上|上述|这些)?(?:问题|不足|情况|困难)|下一?步|下一?阶段|今后|接下来|新的一年|明年|来年"
    r"|改进(?:措施|方向|办法|思路|计划|工作)|整改措施|(?:我[们局市县区厅委省镇]|本[机单部局]\S{0,3}|全[市县区局省]\S{0,4})将|将(?:采取|从|着力|重点|进一步|继续|按照|以|围绕|认真|着重|针对)|拟(?:从|采取|重点)|打算"
)
_TO_PROBLEM = re.compile(
    r"(?:存在|有)[^。；]{0,24}(?:问题|不足|差距|距离|薄弱环节|困难|短板|弱项|不适应|缺点|之处)|(?:问题|不足|差距|困难)(?:和不足)?(?:主要)?(?:表现|体现|集中|是|有|在于|包括|如下)|主要(?:问题|不足|困难)"
)
_LEAD_IN = re.compile(r"(?:[：:]|主要(?:表现|体现|是|有)(?:在|为)?[，,：:]?|表现在|体现在|如下[：:。]|以下[^，。：]{0,12}[：:。])")
_SAID_DONE = re.compile(r"(?:上年度?|去年|上一年度?|20\d\d年度?)[^。；]{0,44}问题[^。；]{0,70}(?:整改|改进|解决|落实|完成)|(?:整改|改进)(?:落实)?(?:完成|到位|情况)")
_SOLUTION = re.compile(r"(?<=[。；])(?:针对(?:这一|此|该|上述|以上)|为此|对此|下一步|今后|我[们局市县区厅委省镇](?:将|已))")
_ONLY_GENERIC = re.compile(
    rf"^[^，。；]{{0,8}}?问题(?:的)?(?:整改|改进)(?:落实)?情况[：:。]?$|^[（(]?[{_NUM}\d]{{0,3}}[)）、.．]*\s*(?:(?:政府信息公开|政务公开)?(?:工作)?(?:中)?(?:仍|还|尚)?(?:目前)?存在(?:的)?(?:主要)?(?:困难|问题|不足|和|及|与|、|主要|差距)*"
    r"|(?:主要)?(?:问题|不足|困难)(?:和不足)?|(?:下一?步|20\d\d年|今后)?(?:主要)?(?:的)?(?:工作)?(?:改进|整改|具体|工作|主要|重点)*(?:措施|情况|打算|计划|思路|安排|举措|方向|意见|建议|做法)(?:和[^，。]{0,8})?|下一?步[^，。；]{0,10})[：:。]?$"
)
_GOAL = re.compile(r"(?:从而|以|进一步|不断|切实|全面|努力|推动|促进)*(?:提高|提升|推动|促进|推进|开创|保障)[^，。]{0,22}(?:水平|质量|能力|发展|新局面|新台阶|知情权)。?$")
_TRIM = "，,；;、 ：:"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Sentences in a row that speak of the same kind; `passage` and its `start:end`."""

    kind: ItemKind
    passage: Passage
    start: int
    end: int
    lead: bool  # the first sentence opens the subject


def read_items(
    passages: tuple[Passage, ...], sections: tuple[Section, ...], report: Report, text: str
) -> tuple[Item, ...]:
    """Problems, plans and remedies in text order; ordinals count from 1 for each kind."""
    found: list[tuple[ItemKind, int, int]] = []
    for run in _runs(passages, sections, report):
        found += _itemise(run)
    counts: dict[str, int] = {}
    items = []
    for kind, start, end in sorted(set(found), key=lambda one: one[1]):
        counts[kind] = counts.get(kind, 0) + 1
        item = Item(f"i{len(items) + 1}", kind, counts[kind], text[start:end], start, end, None, "rule", 0.9)
        items.append(item)
    return tuple(items)


def _runs(
    passages: tuple[Passage, ...], sections: tuple[Section, ...], report: Report
) -> list[list[_Stretch]]:
    """Stretches of one kind, grouped as long as they follow each other."""
    roles = {section.id: section for section in sections}
    own_chapter = any(passage.role in ("problems", "plans") for passage in passages)
    runs: list[list[_Stretch]] = []
    kind: ItemKind | None = None
    chapter = ""
    for passage in passages:
        inside = passage.role in ("problems", "plans")
        if inside and _chapter(passage, roles) != chapter:
            chapter = _chapter(passage, roles)
            kind = "plan" if passage.role == "plans" else None
        if not inside:
            kind = None if own_chapter or not _hidden(passage.text) else kind
            chapter = ""
        if _SIGNATURE.search(passage.text[:40]):
            kind = None
        if _is_chapter(passage, roles) or _SIGNATURE.search(passage.text[:40]):
            continue
        if inside or not own_chapter or _hidden(passage.text):
            kind = _add(passage, kind, inside, report, runs)
    return runs


_SIGNATURE = re.compile(
    r"^[^，。；：一二三四五六七八九十（(\d][^，。；：]{1,24}(?:政府|厅|局|委|办|会|办公室|中心)$|^(?:\D{2,5}[：:])?[〇○零一二三四五六七八九\d]{4}年[^，。]{2,9}日$"
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


def _hidden(text: str) -> bool:
    return bool(_HIDDEN.search(text))


def _add(
    passage: Passage, kind: ItemKind | None, inside: bool, report: Report, runs: list[list[_Stretch]]
) -> ItemKind | None:
    for start, end in sentences(passage.text):
        words = passage.text[start:end]
        turned = _turn(words, kind, report, inside)
        lead = turned is not None
        if turned is not None and (turned != kind or _leads(words, start)):
            runs.append([])
        kind = turned or kind
        if kind is None and inside and passage.role == "problems" and (_ordinal(words) or _PROBLEM.search(words)):
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
            runs[-1].append(_Stretch(kind, passage, start, end, lead))
    if not inside:
        return None
    return kind


def _leads(words: str, start: int) -> bool:
    """A paragraph that announces a list of its own, after one of the same kind."""
    return start == 0 and bool(re.search(r"[：:]|将(?!公开|信息)|下一?步|措施|针对", words[:40]))


def _ordinal(words: str) -> bool:
    return any(style.match(words) for style in _STYLES)


def _turn(words: str, kind: ItemKind | None, report: Report, inside: bool) -> ItemKind | None:
    """The kind that a sentence turns to, or None where it goes on with the last."""
    head = re.split(r"[，。：:]", words, maxsplit=3)
    opening = "，".join(head[:3])
    ordinal = next((m for style in _STYLES if (m := style.match(words))), None)
    bare = words[ordinal.end() :] if ordinal else words
    if ordinal and not _ONLY_GENERIC.match(words.strip()):
        return None
    if _SAID_DONE.search(opening) and not re.search(r"20\d\d年.*将", opening):
        return "remedy"
    if re.match(rf"(?:但|虽)?[^。：]{{0,60}}?(?:{_TO_PROBLEM.pattern})", words) and not re.match(r"(?:针对|围绕|对于|对照)(?![^。]{0,60}(?:仍|还|也|尚|依然|主要)(?:存在|有))", bare):
        return "problem"
    if _TO_PLAN.search(opening) or _next_year(opening, report):
        if kind is None and not inside and not _HIDDEN.search(words):
            return None
        return "plan"
    if _ONLY_GENERIC.match(words.strip()):
        return "problem" if re.search(r"问题|不足|困难|差距", words) and "改进" not in words else "plan"
    return None


def _next_year(words: str, report: Report) -> bool:
    return any(report.year is not None and int(year) == report.year + 1 for year in re.findall(r"(20\d\d)年", words))


def _itemise(run: list[_Stretch]) -> list[tuple[ItemKind, int, int]]:
    """Items of one run as document spans."""
    if not run:
        return []
    kind = run[0].kind
    style = _outermost(run)
    spans: list[tuple[Passage, int, Passage, int]] = []
    if style is None:
        for stretch in run:
            for start, end in _unnumbered(stretch, alone=len(run) == 1):
                spans.append((stretch.passage, start, stretch.passage, end))
    else:
        spans = _numbered(run, style)
    found: list[tuple[ItemKind, int, int]] = []
    for first, start, last, end in spans:
        found += _split_remedy(kind, first, start, last, end)
    return found


def _outermost(run: list[_Stretch]) -> re.Pattern[str] | None:
    """The list style that opens the run, unless it numbers nothing but a generic heading."""
    best: tuple[int, int, re.Pattern[str]] | None = None
    for order, stretch in enumerate(run):
        for style in _STYLES:
            for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
                words = stretch.passage.text[mark.start() : stretch.end]
                if _ONLY_GENERIC.match(re.split(r"(?<=[。：:])", words, maxsplit=1)[0].strip()):
                    continue
                place = (order, mark.start())
                if best is None or place < best[:2]:
                    best = (*place, style)
                break
    return best[2] if best else None


def _numbered(run: list[_Stretch], style: re.Pattern[str]) -> list[tuple[Passage, int, Passage, int]]:
    marks: list[tuple[int, int, int]] = []
    for order, stretch in enumerate(run):
        for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
            rest = stretch.passage.text[mark.start() : stretch.end]
            if not _ONLY_GENERIC.match(re.split(r"(?<=[。：:])", rest, maxsplit=1)[0].strip()):
                marks.append((order, mark.start(), mark.end()))
    spans = []
    for index, (order, _, start) in enumerate(marks):
        if index + 1 < len(marks):
            next_order, next_start, _ = marks[index + 1]
        else:
            next_order, next_start = len(run), 0
        last = order if next_order == order else max(order, next_order - 1)
        end = next_start if next_order == order else run[last].end
        if index + 1 == len(marks):  # the list ends with its last paragraph
            last = _last_paragraph(run, order)
            end = run[last].end
        spans.append((run[order].passage, start, run[last].passage, end))
    return spans


def _last_paragraph(run: list[_Stretch], order: int) -> int:
    """A heading alone takes the paragraphs below it; an item with a body ends with its own."""
    last = order
    alone = len(run[order].passage.text) <= 40 and order + 1 < len(run)
    while last + 1 < len(run) and (alone or run[last + 1].passage is run[last].passage):
        last += 1
        alone = False
    return last


def _unnumbered(stretch: _Stretch, *, alone: bool) -> list[tuple[int, int]]:
    text = stretch.passage.text
    start = stretch.start
    if stretch.lead:
        start = _after_lead(stretch)
        if start >= stretch.end:
            listed = _comma_list(stretch)
            return listed
    body = text[start : stretch.end]
    if "；" in body.rstrip("；。") or ";" in body.rstrip(";。"):
        pieces = _pieces(text, start, stretch.end, "；;")
        if start > stretch.start:
            return [piece for piece in pieces if piece[1] - piece[0] >= 5]
    elif body.count("。") > 1 or not body.rstrip().endswith("。"):
        pieces = [(s + start, e + start) for s, e in sentences(body)]
        if len(pieces) == 1:
            pieces = _clauses(text, *pieces[0], stretch.kind)
    else:
        pieces = _clauses(text, start, stretch.end, stretch.kind)
    return [piece for piece in pieces if _is_item(text[piece[0] : piece[1]], stretch.kind)]


def _after_lead(stretch: _Stretch) -> int:
    """Where the list begins behind the words that announce it."""
    text = stretch.passage.text
    first_end = next(e for s, e in sentences(text) if e > stretch.start)
    end = min(first_end, stretch.end)
    if stretch.kind == "problem":
        lead = list(_LEAD_IN.finditer(text, stretch.start, end))
        if lead and lead[0].end() < end - 4:
            return lead[0].end()
        return end
    mark = re.compile(
        r"(?:将|要|拟|重点(?:做好|抓好|从|加强)?)(?:切实|采取|着力|重点|从以下|继续|在)*(?:抓好|做好|从)?[^，。：]{0,10}?(?:以下|如下)[^，。：]{0,16}[：:。，]|[：:]"
    ).search(text, stretch.start, end)
    if mark and mark.end() < end - 4:
        return mark.end()
    if mark:
        return end
    opened = re.compile(
        r"(?:下一?步|今后|接下来|20\d\d年|针对[^，。]{0,16}|我[们局市县区厅委省镇]|本[^，。]{0,4}|全[市县区局省])[^。]{0,30}?将|(?:下一?步|今后|20\d\d年)[^，。]{0,6}，"
    ).match(text, stretch.start, end)
    return opened.end() if opened else stretch.start


_SAID_LIST = re.compile(r"(?:存在|有)(?:着)?(?:一些)?(?:诸如|如|例如)?(?P<list>[^。：；]{6,160}?)(?:等)?(?:方面)?(?:的)?(?:问题|不足|现象|情况)(?:和不足)?[。，；]")


def _comma_list(stretch: _Stretch) -> list[tuple[int, int]]:
    """存在A、B、C等问题: the members, when each names a fault."""
    found = _SAID_LIST.search(stretch.passage.text, stretch.start, stretch.end)
    if stretch.kind != "problem" or not found:
        return []
    pieces = _pieces(stretch.passage.text, *found.span("list"), "、，")
    faulty = [p for p in pieces if _PROBLEM.search(stretch.passage.text[p[0] : p[1]])]
    return faulty if len(faulty) == len(pieces) or (faulty and len(pieces) - len(faulty) <= 1) else []


def _pieces(text: str, start: int, end: int, marks: str) -> list[tuple[int, int]]:
    spans = []
    at = start
    for index in range(start, end + 1):
        if index == end or text[index] in marks:
            if index > at:
                spans.append((at, index))
            at = index + 1
    return spans


def _clauses(text: str, start: int, end: int, kind: ItemKind) -> list[tuple[int, int]]:
    """One item per clause that names a fault (or a measure); other clauses join their neighbour."""
    merged: list[tuple[int, int]] = []
    for piece in _pieces(text, start, end, "，,"):
        words = text[piece[0] : piece[1]]
        if merged and kind == "problem" and not _PROBLEM.search(text[merged[-1][0] : merged[-1][1]]):
            merged[-1] = (merged[-1][0], piece[1])
        elif merged and not (_FAULT.search(words) if kind == "problem" else len(words) >= 6):
            merged[-1] = (merged[-1][0], piece[1])
        else:
            merged.append(piece)
    if kind == "plan" and len(merged) > 2 and _GOAL.match(text[merged[-1][0] : merged[-1][1]]):
        merged.pop()
    return merged


def _is_item(words: str, kind: ItemKind) -> bool:
    bare = words.strip("。；，、 ")
    if len(bare) < 5 or _ONLY_GENERIC.match(bare):
        return False
    if kind == "problem":
        return bool(_FAULT.search(bare)) and not re.match(r"(?:虽然|尽管|总的来看|20\d\d年)", bare)
    return True


def _split_remedy(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    """A problem with its remedy in one paragraph is two items; a plan in the past tense is a remedy."""
    if first is last and kind == "problem":
        cut = _SOLUTION.search(first.text, start + 4, end)
        if cut:
            tail = first.text[cut.start() : end]
            other: ItemKind = "plan" if _FUTURE.search(tail) else "remedy"
            return [*_place(kind, first, start, first, cut.start()), *_place(other, first, cut.start(), last, end)]
    words = first.text[start:end] if first is last else first.text[start:] + last.text[:end]
    if kind == "plan" and _REMEDY.search(words) and not _FUTURE.search(words):
        kind = "remedy"
    return _place(kind, first, start, last, end)


def _place(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    while start < len(first.text) and first.text[start] in _TRIM:
        start += 1
    while end > 0 and last.text[end - 1] in _TRIM:
        end -= 1
    if end <= 0 or start >= len(first.text) or first.offsets[start] >= last.offsets[end - 1]:
        return []
    return [(kind, first.offsets[start], last.offsets[end - 1] + 1)]
