"""The words by which a sentence turns to problems, to plans, or to what was done about them."""

from __future__ import annotations

import re

from nlp.records import ItemKind, Report

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
        r"|(?<=[，,])(?:首先|其次|再次|再者|最后)(?:是|，)|(?<=[，,])最后(?=[^，。；]{4})|(?<=[，,])(?:一方面|另一方面)[，,]?|(?<=[，,将要])(?:首先|其次|再次)(?:是|要)?"
    ),
    re.compile(r"^(?:[-—–]{1,2}|[•●○◆◇■□▪★☆▲△►▶➤➢※·✓√])(?=[一-鿿《“【])"),
    re.compile(rf"(?:^|(?<=[。；！：:\s]))(?:问题|不足)(?:之)?[{NUM}\d]{{1,2}}[：:、，.．]"),
)


PROBLEM = re.compile(
    r"不够|不足|不高|不强|不全|不及时|不到位|不完善|不健全|不规范|不平衡|不均衡|不紧|不深|不熟|不大|不广|不多|不快|不畅|不统一|不一致|不准确|不严|(?<!拿)不准|不细|不透|不理想|不明显|不适应|不丰富|不充分|不好|不便|不易|不清|不明[确晰]?|不顺|不实|不匀|不均|不齐|不稳|不严谨|不完整|不合理|不对称|不匹配|不衔接|不同步|不了解|不知道|不掌握|不重视|不主动(?!公开的)|不经常|不积极"
    r"|有待|仍需|还需|尚需|需要|需进|需加|亟需|亟待|急需|应进一步|欠缺|缺乏|缺少|薄弱|滞后|(?:较|偏|太|过于|比较|相对)(?:少|低|差|慢|弱|窄|粗|浅|散|旧|长)|单一|单调|空泛|脱节|断档|照搬|看不懂|跟不上|[得的人]少(?=[，。；、]|$)|差距|参差不|良莠不|难以|困难|未能|还不|尚不|尚未|仍不|无法|不能|存在|短板|弱项|流动性|[换动整岗迁](?:较为|比较|过于|较|过|太|也)?频繁"
)


_TO_PLAN = re.compile(
    r"(?:针对|对于|对照|根据|结合|围绕)(?:以上|上述|存在|这些|这一|这种|此类|该|此)?的?(?:存在)?(?:的)?(?:以上|上述|这些)?(?:问题|不足|情况|困难)|下一?步|下一?阶段|今后|接下来|新的一年|明年|来年"
    r"|改进的?(?:措施|方向|办法|思路|计划|工作)|整改措施|^(?:具体|主要|工作|有关)?措施|(?:我[们局市县区厅委省镇]|本[机单部局]\S{0,3}|全[市县区局省]\S{0,4})将|(?:打算|考虑|准备)(?:在|把|从|给|对|用)|将(?:采取|从|着力|重点|进一步|继续|按照|以|围绕|认真|着重|针对)|拟(?:从|采取|重点)|打算"
)


_TO_PROBLEM = re.compile(
    r"^(?:主要|存在的?|突出)*(?:问题|不足)[：:]|(?:存在|有|暴露|反映|面临)[^。；]{0,24}(?:问题|不足|差距|距离|薄弱环节|困难|短板|弱项|不适应|缺点|之处|欠缺|地方|缺憾|难点)|(?:还|仍|仍然|也|依然|尚)存在(?:着)?[^。；：]{4,160}(?:问题|不足|现象)|(?:需要|有待|值得)(?:进一步)?(?:改进|加强|完善|提高)的(?:地方|方面|环节)|差距(?:仍然?|依然|还是?)?(?:不小|较大|很大|明显|存在)|(?:问题|不足|差距|困难)(?:和不足)?(?:，主要|主要)?(?:表现|体现|集中|是|有|在于|包括|如下)|主要(?:问题|不足|困难)"
)


# 针对解读形式单一的问题，推行…: an answer that names its problem
_ANSWERS = re.compile(
    r"针对(?!(?:以上|上述|这些|存在|该|此|前述)的?)[^，。；：]{2,40}"
    r"(?:问题|不足|现象|情况|短板|薄弱环节|困难)，"
)


DONE = re.compile(
    r"已(?!经?成为)|(?<![为除])了(?!解)|(?:均|都|也|全部|基本|有效)得到|得到(?:有效|明显|较大|显著|初步|很大)|完毕|有序进行|取得|目前[^，。]{0,12}已"
)


FUTURE = re.compile(r"将|拟|继续|进一步|下一步|要(?=[加强深做把抓])|计划|持续|不断|着力|切实")


_SAID_DONE = re.compile(
    r"^[^。；]{0,6}(?:去年|上年度?|上一年度?)[^。；，]{0,24}(?:反映|提到|提出|指出|查摆|存在|讲到)的?[^。；]{0,40}[，：](?:现|今年|年内|均|都|已经|已|我[局市县区镇委厅院])"
    r"|^[^。；]{0,8}(?:针对|对照)[^。；，]{0,6}(?:上一?年度?|去年|20\d\d年度?(?:[^。；，]{0,12})?(?:报告|年报))[^。；，]{0,30}(?:问题|不足)|(?:上年度?|去年|上一年度?|20\d\d年度?)[^。；]{0,44}问题[^。；]{0,70}(?:整改|改进|解决|落实|完成)|(?:整改|改进)(?:落实)?(?:完成|到位|情况)"
)


ONLY_GENERIC = re.compile(
    rf"^[^，。；]{{0,14}}?问题(?:的)?(?:整改|改进)(?:落实)?(?:情况)?[：:。]?$|^[-—–•●○◆◇■□▪★▶➢※·✓√]?[（(]?[{NUM}\d]{{0,3}}[)）、.．]*\s*(?:(?:本年度?|今年|20\d\d年度?|当前|目前|现阶段|现)?(?:政府信息公开|政务公开)?(?:工作)?(?:中)?(?:仍|还|尚)?(?:目前|当前)?存在(?:的)?(?:主要)?(?:困难|问题|不足|和|及|与|、|主要|差距)*(?:(?:下一?步|今后)?(?:的)?(?:改进|整改|应对|解决)(?:的)?(?:措施|情况|打算|办法|思路|方向|意见))?"
    r"|(?:20\d\d年度?|本年度?|当前|目前|现阶段|现有|主要|突出|存在|具体|工作|中|仍|还|尚|的|政府信息公开|政务公开|信息公开)*(?:问题|不足|差距|短板|困难|薄弱环节|不足之处)(?:(?:以及|和|与|及|、)(?:问题|不足|差距|短板|困难|薄弱环节))*"
    r"|(?:下一?步|下一?阶段|今后|明年|来年|20\d\d年度?|工作|改进|整改|具体|主要|重点|对策|应对|相应|解决|努力|拟采取|采取|政府信息公开|政务公开|信息公开|的|与|和|及|、)*(?:措施|打算|计划|思路|安排|举措|方向|意见|建议|做法|对策|办法|目标|设想|任务)"
    r"|(?:下一?步|20\d\d年|今后)?(?:主要)?(?:的)?(?:工作)?(?:改进|整改|具体|工作|主要|重点)*(?:措施|情况|打算|计划|思路|安排|举措|方向|意见|建议|做法)(?:和[^，。]{0,8})?|下一?步[^，。；]{0,10}|(?:着重|重点|主要|具体|切实|努力)?(?:抓好|做好|从|开展)(?:以下|如下)?[一二三四五六七八九十\d]个?方面(?:的)?(?:工作|入手|着手)?|[^，。；]{0,4}(?:今年|本年度?)的?(?:问题|不足)(?:和|与|及)[^，。；]{0,6})[：:。]?$"
)


_IMPROVED = re.compile(r"(?:主要|具体|工作|相应|有关)?的?改进(?:的)?(?:情况|措施)[。：:]?")


_HIDDEN = re.compile(
    r"(?:^|[。；])(?:但|同时|当然|虽然[^。]{0,60})?[^。；]{0,40}(?:还|仍|也)?(?:然)?存在(?:着)?[^。；]{0,16}(?:问题|不足|差距)[^。；]{0,8}[：:，。]"
    r"|(?:^|[。；])(?:下一步|下步|今后|20\d\d年|接下来)，?[^。；]{0,24}(?:将|要|拟)"
)


_ANNOUNCES = re.compile(r"存在|下一?步|今后|接下来|20\d\d年")


def hidden(text: str, report: Report) -> bool:
    """Whether a sentence outside the chapters on problems and plans announces one."""
    if not _ANNOUNCES.search(text):
        return False
    found = _HIDDEN.search(text)
    years = re.findall(r"20\d\d(?=年)", found.group()) if found else []
    return found is not None and (not years or next_year(found.group(), report))


def opening_style(text: str) -> int | None:
    """Which list style a paragraph opens with."""
    return next((place for place, style in enumerate(STYLES) if style.match(text)), None)


_NUMERAL = re.compile(rf"[（(]?(?:第|其)?([{NUM}]{{1,3}}|\d{{1,2}}|[①-⑳])")


def ordinal_number(text: str) -> int:
    """Which number the ordinal has that a paragraph opens with; 0 where it cannot be read."""
    found = _NUMERAL.match(text)
    if not found:
        return 0
    words = found.group(1)
    if words.isdecimal():
        return int(words)
    if "①" <= words <= "⑳":
        return ord(words) - ord("①") + 1
    tens, ten, ones = words.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (10 * (NUM.index(tens) + 1 if tens else 1) if ten else 0) + (
        NUM.index(ones) + 1 if ones else 0
    )


def is_listed(words: str) -> bool:
    return any(style.match(words) for style in STYLES)


def turn_of(words: str, kind: ItemKind | None, report: Report, inside: bool) -> ItemKind | None:
    """The kind that a sentence turns to, or None where it goes on with the last."""
    head = re.split(r"[，。：:]", words, maxsplit=3)
    opening = "，".join(head[:3])
    ordinal = next((m for style in STYLES if (m := style.match(words))), None)
    bare = words[ordinal.end() :] if ordinal else words
    if ordinal and not ONLY_GENERIC.match(words.strip()):
        return None
    if kind is None and not inside and not hidden(words, report):
        return None
    if _IMPROVED.fullmatch(bare.strip()):
        return "plan"  # what was done so already says so itself
    if _ANSWERS.match(bare) and kind and not _SAID_DONE.search(opening):
        done = DONE.search(words) and not FUTURE.search(words)
        return None if kind != "problem" else "remedy" if done else "plan"
    if _SAID_DONE.search(opening) and not (next_year(opening, report) and "将" in opening):
        return "remedy"
    if re.match(rf"(?:但|虽)?[^。：]{{0,60}}?(?:{_TO_PROBLEM.pattern})", words) and not re.match(
        r"(?:针对|围绕|对于|对照)(?![^。]{0,60}(?:仍|还|也|尚|依然|主要)(?:存在|有))", bare
    ):
        return "problem"
    if _TO_PLAN.search(opening) or next_year(opening, report):
        return "plan"
    if ONLY_GENERIC.match(words.strip()):
        return (
            "problem"
            if re.search(r"问题|不足|困难|差距", words) and "改进" not in words
            else "plan"
        )
    return None


def next_year(words: str, report: Report) -> bool:
    return any(
        report.year is not None and int(year) == report.year + 1
        for year in re.findall(r"(20\d\d)年", words)
    )
