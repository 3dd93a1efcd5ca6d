"""Lists without ordinals: they fall apart at ；, then at 。, then at ，, where each part can stand alone."""

from __future__ import annotations

import re
from itertools import pairwise

from nlp.classifier.reader import Reader
from nlp.items.stretches import Stretch
from nlp.items.turns import ONLY_GENERIC, PROBLEM
from nlp.records import ItemKind, Passage
from nlp.structure.sentences import sentences

_FAULT = re.compile(rf"{PROBLEM.pattern}|^(?:进一步|继续|加强|加大|提高|完善)")


# Words that blame where a fault is expected; they do not part one fault from the next.
_BLAME = re.compile(
    r"拖延|拖拉|应付|流于形式|走过场|敷衍|遗漏|漏报|迟报|差错|错敏|疏于|疏漏|无专人|没有(?:专|固定|真正|完全)|缺位|淡薄|松懈|雷同|堆砌|笼统|粗糙|粗略|陈旧|老化|闲置|摆设"
    r"|僵尸|看不到|找不到|用不上|拿不准|吃不透|不愿|不敢|不会|不爱|不想|[重偏][^，。；]{1,8}轻|脱节|照抄|时有发生|仍有发生|争议"
)
_LEAD_IN = re.compile(
    r"(?:[：:]|主要(?:表现|体现|是|有)(?:在|为)?[，,：:]?|表现在|体现在|如下[：:。]|以下[^，。：]{0,12}[：:。])"
)


# 离群众的期望还有距离，如甲；乙；丙。
_SUCH_AS = re.compile(
    r"[，,](?:例如|比如|譬如|诸如|如(?![果何实期下此同上今一]))[，,：:]?(?=[^。]*；)"
)
_GOAL = re.compile(
    r"(?:从而|以|进一步|不断|切实|全面|努力|推动|促进)*(?:提高|提升|推动|促进|推进|开创|保障)[^，。]{0,22}(?:水平|质量|能力|发展|新局面|新台阶|知情权)。?$"
)


_SHORTEST = 8  # shorter words without a fault in them are labels, of a chart say
_FAULTY = 0.6  # how sure the classifier must be of a fault without any of the usual words
# 由法规处统一把关, 并附上整改情况: how a measure is done is no measure of its own
_JOINS = re.compile(
    r"并(?!行)|由|除|派|从而|做到|确保|让|使|以便|方便|争取|力争|达到|避免|防止|实现|其中"
    r"|(?:全年|年内|每(?:半年|季度?|年))?[^，]{0,4}(?:不少于|不低于|不得少于)"
)
# 另外…的人少, and 解读多是转发，结合本镇实际讲的不多: what begins another fault, though it names none yet
_ANOTHER = re.compile(r"(?:另外|此外|还有|再者)(?![，的])")
_BEARER = re.compile(
    r"部分|个别|少数|多数|不少|一些|有[的些]|同时|另外|此外|还|也|且|而且|甚至|对|在|与|和|没|不|未|难|缺|影响|导致|造成|致使|使|以致|给"
)
# 对上年报告提到的设备简陋问题，今年我们…: what a remedy answers is no part of it
_ANSWERED = re.compile(
    r"(?:(?:针对|对照|对于?)?[^。；，]{0,8}(?:去年|上年度?|上一年度?|20\d\d年度?)[^。；，]{2,60}|针对[^。；，]{2,40}(?:问题|不足|情况|现象)(?:较多|突出)?)，"
    r"(?:(?:今年|年内|20\d\d年|一年来)，?)?(?:我[们局厅委市县区镇乡街院校办]|本[局厅委院校办镇乡区县市]|[全各][市县区镇乡街]|街道|[镇乡])?"
)
# 完善机制，加强培训: a list of measures, each of which could stand alone
_MEASURE = re.compile(
    r"(?:并|同时|还|也|要|将|再|着力|切实|进一步|逐步|不断|继续|持续|大力|积极|努力|全面|认真|及时|充分|重点|稳步|扎实|有效|更加|分[类批片级期]|统一|集中|逐[项一个]|联合|主动|适时|常态化|科学|合理|精准|着重)*"
    r"(?:加强|加大|加快|完善|健全|建立|规范|推进|推动|提高|提升|强化|深化|拓展|拓宽|丰富|创新|优化|改进|探索|扩大|落实|严格|细化|做好|抓好|开展|增强|增加|充实|发挥|明确|夯实|压实|理顺|畅通|整合|梳理|依托|围绕|制定|编制|修订|打造|注重|坚持|实现|确保|促进|保障|构建|巩固|深入|统筹|会同|商请|协调|对接|聘请|委托|引入|引进|邀请|吸纳|推出|开辟|选聘|选派|组织|举办|定期|督促|聚焦|突出|稳定|培养|配备|配强|调整|改善|减少|降低|出台|推行|实行|试行|编印|学习|总结|宣传|引导|鼓励|支持|把|打通|升级|搭建|建设|增设|新增|开设|开通|设立|推广|利用|运用|办好|用好|建好|管好|组建|成立|清理|开发|改版)"
)
_PERIOD = re.compile(
    r"(?:力争|计划|准备)?(?:每(?:半年|季度?|年|月|周|学期|旬)|全年|年内|上半年|下半年|定期|适时)[^，]{0,4}?(?:至少|集中)?(?:开展|举办|组织|召开|培训|检查|抽查|通报|更新|公布|印发|推出|邀请)"
)
# 对街镇人员开展轮训, 还要由分管领导自编解读
_ALSO = re.compile(
    r"(?:对|给|为|向|面向|在)(?!此)[^，]{2,24}?(?:开展|进行|实行|实施|组织)(?:一次|一遍)?[^，]{0,10}(?:培训|轮训|检查|抽查|整治|清理|评估|考核|督查|试点|测评|演练)|(?:还要|还将|还拟|还打算)[^，]{6,}"
)
# 创新公众参与方式，邀请代表列席…: a few words of will before the measure that they stand for
_HEADLINE = 8
_LONG = 10
_ADDS = re.compile(r"(?<=。)(?:与此同时|同时|此外|另外|再者|还要|并且?)(?:，|要|将)?")
_COMPLIES = re.compile(
    r"，?(?:继续|认真|深入|全面|严格|进一步|切实|坚决|坚持|始终|一如既往地?)*(?:(?:学习)?(?:宣传)?贯彻(?:落实|执行)?|按照|根据|遵循|落实|以)[^，。；]{0,40}"
    r"(?:精神|部署|要求|《[^》]{1,30}》|条例|规定|思想|为(?:指导|契机|抓手|引领|主线|目标|导向)|领导下)(?:，|$)"
)
_SLOGAN = re.compile(
    r"(?:(?:并|从而|以此|以便|不断|进一步|切实|继续)*(?:通过(?:以上|上述|这些|不懈)[^，]{0,10}，|(?:我们)?(?:相信|坚信)[^。]{0,40}，|总之，?))?(?:我[们局厅委市县区镇乡街院校办])?[^，。；\d]{0,6}?"
    r"(?:努力|力争|争取|力求|全力|奋力|切实|不断|全面|进一步|持续|推动|推进|促进|确保|真正|使|让|为|把|将|一定能|更好地?)[^，。；\d]{0,40}"
    r"(?:台阶|新局面|新水平|新的水平|更高(?:的)?水平|更上一层楼|新成效|新进展|新突破|更大(?:的)?(?:成绩|进步|成效|贡献|作用)|新的?贡献|贡献|桥梁和?纽带(?:作用)?|(?:深入|健康|良性|有序)(?:开展|发展)|保驾护航|阳光政府|服务型政府)。?"
)
_GENERIC = re.compile(
    r"(?:我[们局厅委市县区镇乡街院校办])?(?:将|要)?(?:继续|进一步|不断|努力|认真|切实)*(?:做好|抓好|推进|深化|开展)(?:政府|政务|本?单位)?(?:信息)?公开(?:的)?(?:各项)?工作。?"
)
# 2023年将采取针对性措施加以改进。: that something will be done, and not what
_NO_MEASURE = re.compile(
    r"(?:着力|重点|主要|切实|努力|认真|要|将)*(?:做好|抓好|办好|从|做到|做|抓)?(?:以下|如下|下列|这)?(?:几|[一二三四五六七八九十两\d]+)(?:件|项|个|点|个?方面)(?:的)?(?:事情?|实事|工作|任务|方面|入手|着手|改进|做起)*。?|"
    r"(?:我[们局厅委市县区镇乡街院校办])?(?:将|要|会)?(?:在(?:今后|下一?步|以后|新的一年)(?:的)?(?:工作)?中?，?)?(?:将|要)?"
    r"(?:认真|逐步|切实|努力|着力|进一步|积极|及时|不断|高度重视|逐一|深入|全力|，)*"
    r"(?:(?:对照|针对)(?:问题|不足|差距)，?)?(?:(?:采取|制定|研究)(?:更加|更|有力|有效|有针对性|针对性|切实|可行|得力|相应|积极|一系列|多种|的)*(?:措施|举措|办法|对策)，?)?"
    r"(?:认真|逐步|切实|努力|着力|进一步|积极|及时|不断|逐一|加以|予以|进行|抓好|研究)*(?:改进|解决|整改|克服|纠正|弥补)(?:和(?:完善|提高|解决|改进))?。?"
)
_FEW = 3  # as many clauses may tell of one measure


def unnumbered(stretch: Stretch, reader: Reader | None, several: bool) -> list[tuple[int, int]]:
    """The items of a stretch without ordinals. Where `several` paragraphs name one each, none of
    them falls apart at its commas."""
    text, start = stretch.passage.text, stretch.start
    if stretch.lead:
        start = _after_lead(stretch)
        if start >= stretch.end:
            return _comma_list(stretch)
    found: list[tuple[int, int]] = []
    for first, last in _broken(text, start, stretch.end):
        begun = first > stretch.start
        found += _fallen_apart(stretch, first, last, reader, several and not stretch.lead, begun)
    if stretch.kind == "problem":
        return found
    found = [(_after_answered(text, first, last), last) for first, last in found]
    return without_slogans(text, found) if stretch.kind == "plan" else found


def _broken(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """甲；乙。同时，丙，丁。: a sentence that only adds to a list parted by ； falls apart for itself."""
    adds = list(_ADDS.finditer(text, start, end)) if "；" in text[start:end] else []
    firsts = [start, *(found.end() for found in adds)]
    return list(zip(firsts, [*(found.start() for found in adds), end], strict=True))


def _fallen_apart(
    stretch: Stretch, start: int, end: int, reader: Reader | None, one_each: bool, begun: bool
) -> list[tuple[int, int]]:
    text, kind = stretch.passage.text, stretch.kind
    body = text[start:end]
    if "；" in body.rstrip("；。") or ";" in body.rstrip(";。"):
        pieces = _pieces(text, start, end, "；;")
        if begun:
            return [piece for piece in pieces if piece[1] - piece[0] >= 5]
    elif body.count("。") > 1 or not body.rstrip().endswith("。"):
        pieces = _headed(text, [(s + start, e + start) for s, e in sentences(body)])
        if len(pieces) == 1:
            pieces = _clauses(text, *pieces[0], kind)
    elif one_each:
        pieces = [(start, end)]
    elif begun and (listed := _listed(text, start, stretch)):
        return listed
    else:
        pieces = _clauses(text, start, end, kind)
    return [
        (first, last)
        for first, last in pieces
        if _is_item(text[first:last], kind)
        and (kind != "problem" or _is_fault(text[first:last], stretch.passage, reader))
    ]


def _after_answered(text: str, start: int, end: int) -> int:
    """Where a measure begins behind the words that say what it answers."""
    answered = _ANSWERED.match(text, start, end)
    return answered.end() if answered and answered.end() < end - 4 else start


def without_slogans(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Measures without the words of good will around them: what only complies with the law or with
    superiors before the first, what all of it is for behind the last. One alone stays."""
    if not found:
        return found
    first, last = found[0]
    complied = _COMPLIES.match(text, first, last)
    if complied and complied.end() < last - 6:  # 认真贯彻落实上级部署，把…
        found[0] = (complied.end(), last)
    first, last = found[-1]
    comma = text.rfind("，", first, last)
    if comma > first + 6 and is_slogan(text[comma + 1 : last]):
        found[-1] = (first, comma)
    kept = [
        (first, last)
        for first, last in found
        if not is_slogan(text[first:last].lstrip("，；"))
        and not _COMPLIES.fullmatch(text, first, last)
    ]
    return kept or found


def is_slogan(words: str) -> bool:
    """努力使全县公开工作再上新台阶。: an end without a measure."""
    return bool(_SLOGAN.fullmatch(words)) or bool(_GENERIC.fullmatch(words))


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
        if joined and is_head(text[slice(*joined[-1])]) and not is_head(text[slice(*piece)]):
            joined[-1] = (joined[-1][0], piece[1])
        else:
            joined.append(piece)
    heads = sum(is_head(text[slice(*piece)]) for piece in pieces)
    return joined if heads >= 2 and len(joined) == heads else pieces


def is_head(sentence: str) -> bool:
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
        such = _SUCH_AS.search(text, stretch.start, end)
        return such.end() if such else end
    mark = re.compile(
        r"(?:将|要|拟|重点(?:做好|抓好|从|加强)?)(?:切实|采取|着力|重点|从以下|继续|在)*(?:抓好|做好|从)?[^，。：]{0,10}?(?:以下|如下)[^，。：]{0,16}[：:。，]|[：:]"
    ).search(text, stretch.start, end)
    if mark and mark.end() < end - 4:
        return mark.end()
    if mark:
        return end
    opened = re.compile(
        r"在?(?:下一?步|下一?阶段|今后|接下来|新的一年|明年|来年|20\d\d年|针对[^，。]{0,16}|我[们局市县区厅委省镇]|本[^，。]{0,4}|全[市县区局省])[^。]{0,30}?(?:将|要(?=[^求点素])|打算|考虑(?:在20\d\d年)?|准备|拟|计划)|(?:下一?步|今后|20\d\d年)[^，。]{0,6}，"
    ).match(text, stretch.start, end)
    return opened.end() if opened else stretch.start


_CONCESSION = re.compile(
    r"虽|尽管|取得|成绩|成效|进步|进展|^(?:从[^，]{2,30}看|总的来?看|客观地?说)$"
)
_VAGUE = re.compile(r"(?:但|也|还|仍|然|依|存在|有|一些|一定|不少|许多|较多|着|的|诸多)*")
_SAID_LIST = re.compile(
    r"(?:存在|有(?!了|所))(?:着)?(?:一些)?(?:诸如|如|例如)?(?P<list>[^。：；]{6,160}?)(?:等)?(?:方面)?(?:的)?(?:问题|不足|现象|情况)(?:和不足)?[。，；]"
)


def _comma_list(stretch: Stretch) -> list[tuple[int, int]]:
    """存在A、B、C等问题: the members, when each names a fault."""
    found = _SAID_LIST.search(stretch.passage.text, stretch.start, stretch.end)
    if stretch.kind != "problem" or not found:
        return []
    text, span = stretch.passage.text, found.span("list")
    for marks in ("、，", "，"):
        pieces = _pieces(text, *span, marks)
        if len(pieces) > 1 and all(PROBLEM.search(text, *piece) for piece in pieces):
            return pieces
    members = _members(text, *span)
    if len(members) > 1:
        return members
    pieces = _pieces(text, *span, "、，")
    faulty = [p for p in pieces if PROBLEM.search(text, *p) and not _VAGUE.fullmatch(text, *p)]
    return faulty if faulty and len(pieces) - len(faulty) <= 1 else []


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
    for piece, following in pairwise([*pieces, None]):
        assert piece is not None
        words = text[piece[0] : piece[1]]
        if kind == "problem" and not merged and _CONCESSION.search(words):
            continue  # 虽有进步，但…: what was achieved is no part of the problem
        if merged and kind == "problem" and _opens(text, merged[-1], piece, following):
            merged.append(piece)
        elif (
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
    if kind == "plan":
        merged = _headlined(text, _standing(text, merged))
    listed = (kind == "plan" and len(merged) > _FEW) or all(
        _stands(text, piece) for piece in (merged if kind == "plan" else pieces)
    )
    if kind != "problem" and not listed:
        return [(start, end)]  # 准备每季度搞一次培训，新人先跟班一周: one measure, and how
    if kind == "plan" and len(merged) > 2 and _GOAL.match(text[merged[-1][0] : merged[-1][1]]):
        merged.pop()
    if kind == "plan" and len(merged) > 1 and _tails(merged[-2:]):
        merged[-2:] = [(merged[-2][0], merged[-1][1])]
    if kind == "plan" and len(merged) == 2 and _GENERIC.fullmatch(text[slice(*merged[0])]):
        return [(start, end)]
    return merged


def _opens(
    text: str, last: tuple[int, int], piece: tuple[int, int], following: tuple[int, int] | None
) -> bool:
    """Whether a clause without a fault begins the next one, which the clause behind it names."""
    if _ANOTHER.match(text, *piece):
        return True
    words = text[slice(*piece)]
    if following is None or _FAULT.search(words) or _BLAME.search(words):
        return False
    named = PROBLEM.search(text, *last) and PROBLEM.search(text, *following)
    return bool(named) and not (_BEARER.match(words) or _BEARER.match(text, *following))


def _tails(pieces: list[tuple[int, int]]) -> bool:
    """对公开栏开展一次集中整治，落实专人管护。: a few words at the end of a list of long measures."""
    (first, middle), (start, end) = pieces
    return end - start <= _HEADLINE and middle - first > _LONG + _FEW


def _stands(text: str, piece: tuple[int, int]) -> bool:
    """Whether a clause could be a measure of its own, by its first words."""
    return bool(
        _MEASURE.match(text, *piece) or _PERIOD.match(text, *piece) or _ALSO.match(text, *piece)
    )


def _standing(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """建立制度，对超期的通报，整合栏目: where two clauses or more stand alone, the others go with the
    one before them; else as they are."""
    if sum(_stands(text, piece) for piece in pieces[1:]) < 2 and not (
        len(pieces) > 2 and sum(_stands(text, piece) for piece in pieces) >= 2
    ):
        return pieces
    merged = pieces[:1]
    for piece in pieces[1:]:
        if _stands(text, piece):
            merged.append(piece)
        else:
            merged[-1] = (merged[-1][0], piece[1])
    return merged


def _headlined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """整合各部门网站，建立栏目更新巡查制度: a headline goes with what follows, in a list of long ones."""
    if sum(last - first > _LONG for first, last in pieces) < 2:
        return pieces
    merged: list[tuple[int, int]] = []
    for piece in pieces:
        if merged and merged[-1][1] - merged[-1][0] <= _HEADLINE < piece[1] - piece[0]:
            merged[-1] = (merged[-1][0], piece[1])
        else:
            merged.append(piece)
    return merged


def _is_item(words: str, kind: ItemKind) -> bool:
    bare = words.strip("。；，、 ")
    if len(bare) < 4 or bare.endswith(("：", ":")) or ONLY_GENERIC.match(bare):
        return False
    if kind == "plan" and _NO_MEASURE.fullmatch(bare):
        return False
    return kind != "problem" or not re.match(r"(?:虽然|尽管|总的来看|20\d\d年)", bare)


def _is_fault(words: str, passage: Passage, reader: Reader | None) -> bool:
    """Whether a piece names a fault: by its words, or else in the classifier's eyes."""
    if _FAULT.search(words.strip("。；，、 ")) or _BLAME.search(words):
        return True
    if reader is None or len(words) < _SHORTEST:
        return False
    said = reader.kind(words, passage)
    return said.label == "problem" and said.probability >= _FAULTY
