"""Named problems and next-year plans, one item for each that the office lists.

Within a stretch (`stretches.py`) the outermost list style decides where an item begins,
whatever its numbers say. Lists without ordinals fall apart at ；, then at 。, then at ，.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nlp.classifier.reader import Reader
from nlp.records import Item, ItemKind, Passage, Report, Section
from nlp.stretches import ONLY_GENERIC, PROBLEM, STYLES, Stretch, runs_of
from nlp.structure.sentences import sentences

_FAULT = re.compile(rf"{PROBLEM.pattern}|^(?:进一步|继续|加强|加大|提高|完善)")


_REMEDY = re.compile(
    r"已(?!经?成为)|(?<![为除])了(?!解)|(?:均|都|也|全部|基本|有效)得到|得到(?:有效|明显|较大|显著|初步|很大)|完毕|有序进行|取得|目前[^，。]{0,12}已"
)


_FUTURE = re.compile(r"将|拟|继续|进一步|下一步|要(?=[加强深做把抓])|计划|持续|不断|着力|切实")


_LEAD_IN = re.compile(
    r"(?:[：:]|主要(?:表现|体现|是|有)(?:在|为)?[，,：:]?|表现在|体现在|如下[：:。]|以下[^，。：]{0,12}[：:。])"
)


_SOLUTION = re.compile(
    r"(?<=[。；])(?:改进|整改|下步|应对|对应|解决)?(?:措施|对策|打算)[：:]|(?<=[。；])(?:针对(?:这一|此|该|上述|以上)|为此|对此|下一步|今后|我[们局市县区厅委省镇](?:将|已))"
)


_GOAL = re.compile(
    r"(?:从而|以|进一步|不断|切实|全面|努力|推动|促进)*(?:提高|提升|推动|促进|推进|开创|保障)[^，。]{0,22}(?:水平|质量|能力|发展|新局面|新台阶|知情权)。?$"
)


_SHORTEST = 8  # shorter words without a fault in them are labels, of a chart say
_FAULTY = 0.6  # how sure the classifier must be of a fault without any of the usual words
# 由法规处统一把关, 并附上整改情况: how a measure is done is no measure of its own
_JOINS = re.compile(
    r"并(?!行)|由|除|派|从而|做到|确保|让|使|以便|方便|争取|力争|达到|避免|防止|实现|其中"
)
# 对上年报告提到的设备简陋问题，今年我们…: what a remedy answers is no part of it
_ANSWERED = re.compile(
    r"(?:(?:针对|对照|对于?)?[^。；，]{0,8}(?:去年|上年度?|上一年度?|20\d\d年度?)[^。；，]{2,60}|针对[^。；，]{2,40}(?:问题|不足|情况|现象)(?:较多|突出)?)，"
    r"(?:(?:今年|年内|20\d\d年|一年来)，?)?(?:我[们局厅委市县区镇乡街院校办]|本[局厅委院校办]|街道)?"
)
# 完善机制，加强培训: a list of measures, each of which could stand alone
_MEASURE = re.compile(
    r"(?:并|同时|还|也|要|将|再|着力|切实|进一步|逐步|不断|继续|持续|大力|积极|努力|全面|认真|及时|充分|重点|稳步|扎实|有效|更加)*"
    r"(?:加强|加大|加快|完善|健全|建立|规范|推进|推动|提高|提升|强化|深化|拓展|拓宽|丰富|创新|优化|改进|探索|扩大|落实|严格|细化|做好|抓好|开展|增强|增加|充实|发挥|明确|夯实|压实|理顺|畅通|整合|梳理|依托|围绕|制定|编制|修订|打造|注重|坚持|实现|确保|促进|保障|构建|巩固|深入|统筹|选派|组织|举办|定期|督促|聚焦|突出|稳定|培养|配备|配强|调整|改善|减少|降低|出台|推行|实行|试行|编印|学习|总结|宣传|引导|鼓励|支持|把)"
)
_FEW = 3  # as many clauses may tell of one measure
_GOES_ON = re.compile(r"(?:其次|再次|再者|最后|另外|此外|还有)")
_OPENING = re.compile(
    r"[，,；;、 ：:]*(?:(?:此外|另外|同时|还有|最后|其次)[，,]|但(?!是否)是?|然而|不过)?[，,]?"
)
_WRITTEN = re.compile(r"[，。；：！]")
_TRIM = "，,；;、 ：:"


def read_items(
    passages: tuple[Passage, ...],
    sections: tuple[Section, ...],
    regions: tuple[tuple[int, int], ...],
    report: Report,
    text: str,
    reader: Reader | None,
) -> tuple[Item, ...]:
    """Problems, plans and remedies in text order; ordinals count from 1 for each kind.

    No item reaches over one of the table `regions`. Without a `reader` the rules alone decide,
    and no item has a topic.
    """
    found: list[tuple[ItemKind, int, int]] = []
    for run in runs_of(passages, sections, report, reader):
        for part in _between(run, regions):
            found += _itemise(part, reader)
    counts: dict[str, int] = {}
    items: list[Item] = []
    for kind, start, end in sorted(set(found), key=lambda one: one[1]):
        counts[kind] = counts.get(kind, 0) + 1
        item = Item(
            f"i{len(items) + 1}", kind, counts[kind], text[start:end], start, end, None, "rule", 0.9
        )
        items.append(item)
    return tuple(_judged(items, passages, reader) if reader else items)


def _judged(items: list[Item], passages: tuple[Passage, ...], reader: Reader) -> Iterator[Item]:
    """The items with their topics, and with what the classifier thinks of their kinds."""
    places = [next(p for p in passages if p.offsets[0] <= i.start <= p.offsets[-1]) for i in items]
    words = [
        place.text[place.find(item.start) : place.find(item.end - 1) + 1]
        for item, place in zip(items, places, strict=True)
    ]
    said = reader.clauses(list(zip(words, places, strict=True)))
    for item, (kind, topic) in zip(items, said, strict=True):
        agreed = kind.label == item.kind
        yield replace(
            item,
            topic=topic.label,
            method="both" if agreed else "rule",
            confidence=max(item.confidence, kind.probability) if agreed else 0.8,
            why=(
                f"分类器 {kind.label} {kind.probability:.2f}",
                f"主题 {topic.label} {topic.probability:.2f}",
            ),
        )


def _between(run: list[Stretch], regions: tuple[tuple[int, int], ...]) -> list[list[Stretch]]:
    """A run cut where a table stands between two of its stretches; what follows the table must
    be written: a chart has labels too."""
    parts: list[list[Stretch]] = []
    for stretch in run:
        start = stretch.passage.offsets[stretch.start]
        last = parts[-1][-1].passage.offsets[0] if parts and parts[-1] else start
        if not parts or any(last < region_start < start for region_start, _ in regions):
            parts.append([])
        if len(parts) == 1 or _WRITTEN.search(stretch.passage.text, stretch.start, stretch.end):
            parts[-1].append(stretch)
    return parts


def _itemise(run: list[Stretch], reader: Reader | None) -> list[tuple[ItemKind, int, int]]:
    """Items of one run as document spans."""
    if not run:
        return []
    kind = run[0].kind
    if run[0].whole:
        return _place(kind, run[0].passage, run[0].start, run[0].passage, run[0].end)
    style = _outermost(run)
    spans: list[tuple[Passage, int, Passage, int]] = []
    paragraphs = _paragraphs(run) if style is None else []
    if len(paragraphs) > 1:
        spans = [(one[0].passage, one[0].start, one[-1].passage, one[-1].end) for one in paragraphs]
    elif style is None:
        several = sum(not stretch.lead for stretch in run) > 1
        for stretch in run:
            for start, end in _unnumbered(stretch, reader, several):
                spans.append((stretch.passage, start, stretch.passage, end))
    else:
        spans = _numbered(run, style)
    found: list[tuple[ItemKind, int, int]] = []
    for first, start, last, end in spans:
        found += _split_remedy(kind, first, start, last, end)
    return found


def _paragraphs(run: list[Stretch]) -> list[list[Stretch]]:
    """思想认识有待提高。个别单位…: paragraphs that a short sentence heads are an item each; empty
    where fewer than two are so headed. What stands before the first only leads in."""
    by_passage: dict[int, list[Stretch]] = {}
    for stretch in run:
        by_passage.setdefault(id(stretch.passage), []).append(stretch)
    headed = []
    for parts in by_passage.values():
        text = parts[0].passage.text
        pieces = sentences(text[parts[0].start : parts[-1].end])
        first = text[parts[0].start :][slice(*pieces[0])] if pieces else ""
        if len(pieces) > 1 and _is_head(first) and not ONLY_GENERIC.match(first.strip()):
            headed.append(parts)
        elif headed:
            return []
    return headed if len(headed) > 1 else []


def _outermost(run: list[Stretch]) -> re.Pattern[str] | None:
    """The list style that opens the run, unless it numbers nothing but a generic heading."""
    best: tuple[int, int, re.Pattern[str]] | None = None
    for order, stretch in enumerate(run):
        for style in STYLES:
            for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
                words = stretch.passage.text[mark.start() : stretch.end]
                if ONLY_GENERIC.match(re.split(r"(?<=[。：:])", words, maxsplit=1)[0].strip()):
                    continue
                if _GOES_ON.match(words):
                    break  # 此外 opens no list: what stands before it is one too
                place = (order, mark.start())
                if best is None or place < best[:2]:
                    best = (*place, style)
                break
    return best[2] if best else None


def _numbered(
    run: list[Stretch], style: re.Pattern[str]
) -> list[tuple[Passage, int, Passage, int]]:
    marks: list[tuple[int, int, int]] = []
    for order, stretch in enumerate(run):
        for mark in style.finditer(stretch.passage.text, stretch.start, stretch.end):
            rest = stretch.passage.text[mark.start() : stretch.end]
            if not ONLY_GENERIC.match(re.split(r"(?<=[。：:])", rest, maxsplit=1)[0].strip()):
                marks.append((order, mark.start(), mark.end()))
    spans = []
    for index, (order, _, start) in enumerate(marks):
        if index + 1 < len(marks):
            next_order, next_start, _ = marks[index + 1]
        else:
            next_order, next_start = len(run), 0
        last = order if next_order == order else max(order, next_order - 1)
        end = next_start if next_order == order else run[last].end
        if order < next_order < len(run) and run[next_order].passage is run[order].passage:
            last, end = next_order, next_start  # a sentence of its own stretch goes on with it
        if index + 1 == len(marks):  # the list ends with its last paragraph
            last = _last_paragraph(run, order)
            end = run[last].end
        spans.append((run[order].passage, start, run[last].passage, end))
    return spans


def _last_paragraph(run: list[Stretch], order: int) -> int:
    """A heading alone takes the paragraphs below it; an item with a body ends with its own."""
    last = order
    alone = len(run[order].passage.text) <= 40 and order + 1 < len(run)
    while last + 1 < len(run) and (alone or run[last + 1].passage is run[last].passage):
        last += 1
        alone = False
    return last


def _unnumbered(stretch: Stretch, reader: Reader | None, several: bool) -> list[tuple[int, int]]:
    """The items of a stretch without ordinals. Where `several` paragraphs name one each, none of
    them falls apart at its commas."""
    text = stretch.passage.text
    start = stretch.start
    if stretch.lead:
        start = _after_lead(stretch)
        if start >= stretch.end:
            return _comma_list(stretch)
    if stretch.kind == "remedy":
        answered = _ANSWERED.match(text, start, stretch.end)
        start = answered.end() if answered else start
    body = text[start : stretch.end]
    if "；" in body.rstrip("；。") or ";" in body.rstrip(";。"):
        pieces = _pieces(text, start, stretch.end, "；;")
        if start > stretch.start:
            return [piece for piece in pieces if piece[1] - piece[0] >= 5]
    elif body.count("。") > 1 or not body.rstrip().endswith("。"):
        pieces = _headed(text, [(s + start, e + start) for s, e in sentences(body)])
        if len(pieces) == 1:
            pieces = _clauses(text, *pieces[0], stretch.kind)
    elif several and not stretch.lead:
        pieces = [(start, stretch.end)]
    elif start > stretch.start and (listed := _listed(text, start, stretch)):
        return listed
    else:
        pieces = _clauses(text, start, stretch.end, stretch.kind)
    return [
        (first, last)
        for first, last in pieces
        if _is_item(text[first:last], stretch.kind)
        and (stretch.kind != "problem" or _is_fault(text[first:last], stretch.passage, reader))
    ]


def _listed(text: str, start: int, stretch: Stretch) -> list[tuple[int, int]]:
    """主要是A不够、B不足、C不平衡等。: each of which names a fault; empty where one does not."""
    body = text[start : stretch.end]
    if stretch.kind != "problem" or "，" in body or "、" not in body:
        return []
    end = start + len(re.sub(r"等?(?:方面)?(?:的)?(?:问题|不足)?。?$", "", body))
    pieces = _pieces(text, start, end, "、")
    return pieces if all(PROBLEM.search(text, *piece) for piece in pieces) else []


def _headed(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """强化统筹推进。深化试点…。强化解读。建立专家库…。: each short sentence heads the next."""
    joined: list[tuple[int, int]] = []
    for piece in pieces:
        if joined and _is_head(text[slice(*joined[-1])]) and not _is_head(text[slice(*piece)]):
            joined[-1] = (joined[-1][0], piece[1])
        else:
            joined.append(piece)
    heads = sum(_is_head(text[slice(*piece)]) for piece in pieces)
    return joined if heads >= 2 and len(joined) == heads else pieces


def _is_head(sentence: str) -> bool:
    return len(sentence.strip()) <= 16 and "，" not in sentence and sentence.rstrip().endswith("。")


def _after_lead(stretch: Stretch) -> int:
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
        r"(?:下一?步|今后|接下来|20\d\d年|针对[^，。]{0,16}|我[们局市县区厅委省镇]|本[^，。]{0,4}|全[市县区局省])[^。]{0,30}?(?:将|要(?=[^求点素])|打算|考虑(?:在20\d\d年)?|准备|拟|计划)|(?:下一?步|今后|20\d\d年)[^，。]{0,6}，"
    ).match(text, stretch.start, end)
    return opened.end() if opened else stretch.start


_CONCESSION = re.compile(
    r"虽|尽管|取得|成绩|成效|进步|进展|^(?:从[^，]{2,30}看|总的来?看|客观地?说)$"
)
_SAID_LIST = re.compile(
    r"(?:存在|有)(?:着)?(?:一些)?(?:诸如|如|例如)?(?P<list>[^。：；]{6,160}?)(?:等)?(?:方面)?(?:的)?(?:问题|不足|现象|情况)(?:和不足)?[。，；]"
)


def _comma_list(stretch: Stretch) -> list[tuple[int, int]]:
    """存在A、B、C等问题: the members, when each names a fault."""
    found = _SAID_LIST.search(stretch.passage.text, stretch.start, stretch.end)
    if stretch.kind != "problem" or not found:
        return []
    members = _members(stretch.passage.text, *found.span("list"))
    if len(members) > 1:
        return members
    pieces = _pieces(stretch.passage.text, *found.span("list"), "、，")
    faulty = [p for p in pieces if PROBLEM.search(stretch.passage.text[p[0] : p[1]])]
    return (
        faulty if len(faulty) == len(pieces) or (faulty and len(pieces) - len(faulty) <= 1) else []
    )


def _members(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A、B、C, each with commas of its own (身兼数职，业务不深、知晓率不高): what names no fault yet
    goes on; empty where that leaves no list."""
    if "，" not in text[start:end]:
        return []
    members: list[tuple[int, int]] = []
    opened = start
    for _, last in _pieces(text, start, end, "、"):
        if PROBLEM.search(text, opened, last):
            members.append((opened, last))
            opened = last + 1
    return members if opened >= end else []


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
    pieces = _pieces(text, start, end, "，,")
    for piece in pieces:
        words = text[piece[0] : piece[1]]
        if kind == "problem" and not merged and _CONCESSION.search(words):
            continue  # 虽有进步，但…: what was achieved is no part of the problem
        if (
            (merged and _JOINS.match(words))
            or (
                merged
                and kind == "problem"
                and not PROBLEM.search(text[merged[-1][0] : merged[-1][1]])
            )
            or (merged and not (_FAULT.search(words) if kind == "problem" else len(words) >= 6))
        ):
            merged[-1] = (merged[-1][0], piece[1])
        else:
            merged.append(piece)
    listed = (kind == "plan" and len(merged) > _FEW) or all(
        _MEASURE.match(text, *piece) for piece in pieces
    )
    if kind != "problem" and not listed:
        return [(start, end)]  # 准备每季度搞一次培训，新人先跟班一周: one measure, and how
    if kind == "plan" and len(merged) > 2 and _GOAL.match(text[merged[-1][0] : merged[-1][1]]):
        merged.pop()
    return merged


def _is_item(words: str, kind: ItemKind) -> bool:
    bare = words.strip("。；，、 ")
    if len(bare) < 4 or bare.endswith(("：", ":")) or ONLY_GENERIC.match(bare):
        return False
    return kind != "problem" or not re.match(r"(?:虽然|尽管|总的来看|20\d\d年)", bare)


def _is_fault(words: str, passage: Passage, reader: Reader | None) -> bool:
    """Whether a piece names a fault: by its words, or else in the classifier's eyes."""
    if _FAULT.search(words.strip("。；，、 ")):
        return True
    if reader is None or len(words) < _SHORTEST:
        return False
    said = reader.kind(words, passage)
    return said.label == "problem" and said.probability >= _FAULTY


def _split_remedy(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    """A problem with its remedy in one paragraph is two items; a plan in the past tense is a remedy."""
    if first is last and kind == "problem":
        cut = _SOLUTION.search(first.text, start + 4, end)
        if cut:
            tail = first.text[cut.start() : end]
            other: ItemKind = "plan" if _FUTURE.search(tail) or "：" in cut.group() else "remedy"
            return [
                *_place(kind, first, start, first, cut.start()),
                *_place(other, first, cut.end() if "：" in cut.group() else cut.start(), last, end),
            ]
    words = first.text[start:end] if first is last else first.text[start:] + last.text[:end]
    if kind == "plan" and _REMEDY.search(words) and not _FUTURE.search(words):
        kind = "remedy"
    return _place(kind, first, start, last, end)


def _place(
    kind: ItemKind, first: Passage, start: int, last: Passage, end: int
) -> list[tuple[ItemKind, int, int]]:
    opened = _OPENING.match(first.text, start)
    start = opened.end() if opened else start
    while end > 0 and last.text[end - 1] in _TRIM:
        end -= 1
    if end <= 0 or start >= len(first.text) or first.offsets[start] >= last.offsets[end - 1]:
        return []
    return [(kind, first.offsets[start], last.offsets[end - 1] + 1)]
