"""Figures in running text: value, interval, qualifier, unit and span.

`find_figures` reads folded text without line breaks (a `Passage`). One pattern finds every numeral
that may count something; what stands around it then decides: years, dates, ordinals, document
numbers, telephone numbers, quoted names and set phrases (`set_phrases.txt`) are no figures.

Money keeps its printed unit: 10万元 is 10 万元 and exact, whereas 17.46万条 is 174600 条, give or
take 50. `convert` turns 元, 万元 and 亿元 into each other. A share in tenths (九成) is 90 %.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from nlp.not_counts import (
    CLOSED,
    DATE,
    DATE_AFTER,
    in_set_phrase,
    is_indefinite,
    is_negative,
    names_something,
    stands_alone,
)
from nlp.numerals import (
    HAN,
    LONGEST,
    SCALES,
    Reading,
    arabic_reading,
    compound_reading,
    decimal_reading,
    han_reading,
    tidy,
)
from nlp.reading import fold
from nlp.records import Figure, Number

# A unit, and after "/" the characters that make it part of another word (3人大代表, 5处理).
_UNITS = """
%/ ‰/ 个百分点/ 百分点/ 成/立员功为果绩效交本长熟套分品都就群年因型 倍/ 元/旦素月首 美元/ 欧元/
人次/ 件次/ 条次/ 场次/ 班次/ 批次/ 个次/ 篇次/ 期次/ 项次/ 户次/ 家次/ 人天/ 车次/ 轮次/ 频次/
宗次/ 份次/ 个工作日/ 工作日/ 个月/ 个小时/ 小时/ 分钟/ 秒/钟 年/ 天/然津 周/年边期末 学时/ 课时/
日/ 个/人性别 件/ 条/例款目线 次/序要日年级 期/间限刊货待望 篇/幅章 份/额 项/目 项目/
人/大民才口员事力工物社均 名/称单录誉义牌优校胜师片目 位/于置 场/所景地合面馆 批/准复评示
起/来草诉到点步止源动始码 宗/教旨 册/ 部/门分委属队署件 户/籍口外 家/庭长属园
处/理室置罚长级分于以 台/账湾风阶办 页/面码 张/贴 类/别似型 大类/ 小类/ 方面/ 种/植 组/织成长建
所/有属以在需示得列述谓 本/级市县区省机单局年部着地报系科行办院厅委条期届身人质 支/持付出部撑队
支队/ 套/ 幅/度 段/ 句/ 字/节号段 栏/ 栏目/ 门/户类槛牌诊头 节/约日点假能水 票/
通/过知报道信告用讯俗行常畅稿 封/闭面 集/中体团合成约市聚 则/ 帖/ 贴/ 笔/记试 例/如外会行 桩/
轮/值流 遍/布及 卷/宗 盒/ 块/ 座/谈 辆/ 艘/ 间/隔接 架/构 支付/
分/之类析公工布级享配局管解发行包批开步为部别管会局 环节/ 阶段/ 层次/ 吨/ 亩/ 公顷/ 公里/ 千米/
海里/ 平方米/ 平方公里/ 立方米/ ㎡/ 千瓦/ 万千瓦/ 千克/ 公斤/ 米/ 株/ 头/条版 只/ 枚/ 根/据 颗/
片/区 班/子级 堂/ 课/题程 讲/解话座
"""
_MONEY = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}
_ABOUT, _ABOVE, _BELOW = range(3)
_BEFORE = {
    "近": _BELOW, "将近": _BELOW, "接近": _BELOW, "约": _ABOUT, "大约": _ABOUT, "约为": _ABOUT,
    "超": _ABOVE, "超过": _ABOVE, "逾": _ABOVE, "突破": _ABOVE, "不少于": _ABOVE, "至少": _ABOVE,
    "不低于": _ABOVE, "不下": _ABOVE, "不下于": _ABOVE, "高于": _ABOVE, "大于": _ABOVE,
    "不足": _BELOW, "不到": _BELOW, "不超过": _BELOW, "不超": _BELOW, "最多": _BELOW,
    "不多于": _BELOW, "低于": _BELOW, "小于": _BELOW,
}  # fmt: skip
_AFTER = {
    "以上": _ABOVE, "左右": _ABOUT, "上下": _ABOUT, "以内": _BELOW, "以下": _BELOW,
}  # fmt: skip
_PREFIX = re.compile(
    r"(?:(?<!最)(?<!附)(?<!邻)(?<!远)(?<!亲)(?<!就)(?:将|接)?近|(?<![节预签契制邀合条公特违履])大?约为?"
    r"|不超过?|超过?|逾|突破|不少于|至少|不低于|不下于?|不足|不到|不多于|最多|高于|低于|大于|小于)"
    r"(?:了|有)?\Z"
)


def _alternatives() -> str:
    units = dict(entry.split("/") for entry in _UNITS.split())
    return "|".join(
        f"{unit}(?![{units[unit]}])(?!信(?!息))"  # 5个信息查阅点, but 个信
        if unit == "个"
        else f"{unit}(?![{units[unit]}])"
        if units[unit]
        else unit
        for unit in sorted(units, key=len, reverse=True)
    )


_UNIT = _alternatives()
_TAIL = rf"(?:（(?:{_UNIT})）|\((?:{_UNIT})\))?(?P<after>以[上内下]|左右|上下(?![功联游班级]))?"
_FIGURE = re.compile(
    rf"[0-9{HAN}]"
    r"(?:(?<=[0-9])(?P<arabic>(?>[0-9]*))(?P<groups>(?>(?:[,， ][0-9]{3}(?![0-9]))*))"
    r"(?P<fraction>(?>(?:\.[0-9]+)?))"
    r"(?P<odd>[余多几])?(?P<scale>万亿|千万(?!瓦)|百万|万|亿|千(?![瓦克米])|百(?!分))?"
    rf"(?P<rest>(?<=[亿万])[0-9]{{1,4}}[万千]?(?![0-9年月日]))?(?P<more>[余多](?!少))?"
    rf"(?:(?P<unit>{_UNIT})|[（(](?P<bracketed>{_UNIT})[)）])?"
    r"|(?<=[百千])分之(?P<share>(?>[0-9]+(?:\.[0-9]+)?|[零〇○一二三四五六七八九十百两点]+))(?P<over>[余多])?"
    rf"|(?<=[{HAN}])(?<![{HAN}].)(?P<han>(?>[{HAN}]*))(?P<hodd>[余多几])?(?P<hscale>[万亿])?(?P<hmore>余)?"
    rf"(?P<hunit>{_UNIT})|(?<=为零)(?![{HAN}部距基]))" + _TAIL
)

_BOTH = re.compile(
    r"率(?P<full>(?:均|都|双双|再次|继续|实现|达到?|保持|为|了|“)*双百(?:分百)?”?)(?![强万县佳])"
)
_LEFT_OPEN = frozenset(HAN + "0123456789.几数第")
_DURATIONS = frozenset(("年", "天", "周", "日", "个月", "小时", "分钟"))


def find_figures(text: str) -> tuple[Figure, ...]:
    """The figures of folded running text without line breaks, in order and disjoint.

    Figures of durations and of money are among them; years, ordinals and names are not. Spans
    include the qualifier on either side. Never raises."""
    figures: list[Figure] = []
    closed = [
        *((found.start(), found.end()) for found in CLOSED.finditer(text)),
        (len(text) + 1, 0),
    ]
    at = nearest = 0
    while found := _FIGURE.search(text, at):
        start = found.start()
        while start >= closed[nearest][0] and start >= closed[nearest][1]:
            nearest += 1
        if start >= closed[nearest][0]:
            at = closed[nearest][1]
            continue
        is_arabic = found["arabic"] is not None
        if is_arabic and text[found.end("arabic") : found.end("arabic") + 1] in DATE_AFTER:
            date = None if text[start - 1 : start] == "第" else DATE.match(text, start)
            if date:
                at = date.end()
                continue
        if found["groups"] and not _is_grouped(text, found):
            found = _FIGURE.match(text, start, found.end("arabic")) or found
        before = figures[-1].end if figures else 0
        figure = _read_arabic(text, found, before) if is_arabic else _read_han(text, found, before)
        if figure:
            figures.append(figure)
        at = figure.end if figure else found.end("fraction" if is_arabic else "han")
        at = max(at, start + 1)
    return tuple(_both_full(text, figures) if "双百" in text else figures)


def _both_full(text: str, figures: list[Figure]) -> list[Figure]:
    """With 办结率、满意率双百, which states 100 % of both, put in its place."""
    full = [
        Figure(
            start=found.start("full"), end=found.end("full"), unit_start=found.end("full") - 1,
            value=100, low=100, high=100, qualifier=None, unit="%", exact=True,
        )
        for found in _BOTH.finditer(text)
        if not any(one.start < found.end() and found.start("full") < one.end for one in figures)
    ]  # fmt: skip
    return sorted([*figures, *full], key=lambda one: one.start) if full else figures


def convert(figure: Figure, unit: str) -> Figure:
    """A sum of money in another unit (元, 万元, 亿元 …); any other figure comes back unchanged."""
    if figure.unit == unit or figure.unit not in _MONEY or unit not in _MONEY:
        return figure
    factor = _MONEY[figure.unit] / _MONEY[unit]
    value, low, high = (tidy(part * factor) for part in (figure.value, figure.low, figure.high))
    return replace(figure, value=value, low=low, high=high, unit=unit)


def value_of(text: str) -> Number | None:
    """A bare number in any script (2,345; １７.46万; 三百二十; 二○一三), or None."""
    bare = fold(text).strip()
    plain = re.fullmatch(
        r"([-−]?)([0-9]{1,15}|[0-9]{1,3}(?:[,，][0-9]{3}){1,4})(\.[0-9]{1,9})?(万|亿)?", bare
    )
    if plain:
        number = float(re.sub("[,，]", "", plain[2]) + (plain[3] or "")) * SCALES.get(plain[4], 1)
        return tidy(-number if plain[1] else number)
    reading = han_reading(bare) if bare and not bare.strip(HAN) else None
    return reading.value if reading else None


def _read_arabic(text: str, found: re.Match[str], before: int) -> Figure | None:
    start, unit = found.start(), found["unit"] or found["bracketed"] or ""
    whole = text[start : found.end("groups")]
    if found["groups"]:
        whole = re.sub("[,， ]", "", whole)
    if len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0") or found["odd"] == "几":
        return None
    scale = found["scale"] or ""
    if names_something(text, found, unit) or not stands_alone(text, found, whole, unit, before):
        return None
    fraction = found["fraction"] or ""
    factor = 100 if scale == "百" else SCALES.get(scale, 1)
    money = (bool(scale) and scale + unit in _MONEY) or (
        scale in ("万", "亿") and unit in ("美元", "欧元")
    )
    if found["rest"]:
        reading = compound_reading(float(whole + fraction) * factor, factor, found["rest"])
        money = False
    else:
        reading = arabic_reading(whole, fraction, 1 if money else factor)
    if reading is None:
        return None
    if is_negative(text, start):
        reading = reading._replace(value=-reading.value)
        start -= 1
    unit_start = found.start("scale") if money else _unit_start(found, "unit", "bracketed", "more")
    number = _Number(start, unit_start, (scale if money else "") + unit, reading)
    return _figure(text, found, number, bool(found["odd"] or found["more"]), before)


def _read_han(text: str, found: re.Match[str], before: int) -> Figure | None:
    start = found.start()
    if text[start - 1 : start] in _LEFT_OPEN:
        return None
    if not found["share"] and in_set_phrase(text, start):
        return None
    if found["share"]:
        share = found["share"]
        bare = decimal_reading(share)
        if bare is None:
            return None
        number = _Number(start, found.end("share"), "%" if text[start] == "百" else "‰", bare)
        return _figure(text, found, number, bool(found["over"]), before)
    unit = found["hunit"] or ""
    if not unit:  # 为零
        number = _Number(start, start + 1, "", Reading(0, 1, 1, False))
        return _figure(text, found, number, False, before)
    core = text[start : found.end("han")]
    scale = found["hscale"] or ""
    if names_something(text, found, unit) or is_indefinite(text, start, core, unit):
        return None
    unit_start = found.start("hunit")
    if unit == "元" and not scale and core[-1] in "万亿" and not set(core[:-1]) & {"万", "亿"}:
        core, unit, unit_start = core[:-1], core[-1] + unit, found.end("han") - 1
    elif scale and unit == "元":
        unit, unit_start, scale = scale + unit, found.start("hscale"), ""
    bare = (
        Reading(SCALES.get(core, 100), 1, 1, False)
        if core in ("百", "千", "万", "亿")
        else han_reading(core)
    )
    if bare is None or (found["hodd"] == "几" and not core.endswith("十")):
        return None
    factor = SCALES.get(scale, 1)
    bare = Reading(
        bare.value * factor, bare.grain * factor, bare.step * factor, bare.scaled or factor > 1
    )
    number = _Number(start, unit_start, unit, bare)
    return _figure(text, found, number, bool(found["hodd"] or found["hmore"]), before)


class _Number(NamedTuple):
    start: int
    unit_start: int
    unit: str
    reading: Reading


def _figure(text: str, found: re.Match[str], number: _Number, more: bool, before: int) -> Figure:
    """Put the qualifiers of either side to a number, and with them its interval."""
    value, grain, step, scaled = number.reading
    unit, start = number.unit, number.start
    if unit == "成":
        value, step, unit = value * 10, 10, "%"
    bounds: list[tuple[Number, Number]] = []
    qualifier = None
    if more:
        odd = found["odd"] or found["more"] or found["over"] or found["hodd"] or found["hmore"]
        qualifier, bounds = odd, [(value, value + step)]
    after = found["after"]
    if after:
        qualifier, bounds = qualifier or after, [*bounds, _bounds(value, _AFTER[after])]
    prefix = _prefix(text, start, before, unit)
    if prefix:
        qualifier, start = prefix[0], prefix[1]
        bounds.append(_bounds(value, _BEFORE[qualifier]))
    exact = not bounds and not scaled
    if not bounds:
        half = grain / 2 if scaled else 0
        bounds = [(value - half, value + half)]
    return Figure(
        start=start,
        end=found.end(),
        unit_start=number.unit_start,
        value=tidy(value),
        low=tidy(min(low for low, _ in bounds)),
        high=tidy(max(high for _, high in bounds)),
        qualifier=qualifier,
        unit=unit,
        exact=exact,
    )


def _bounds(value: Number, kind: int) -> tuple[Number, Number]:
    low = value if kind == _ABOVE else 0.9 * value
    high = value if kind == _BELOW else 1.1 * value
    return min(low, high), max(low, high)


def _prefix(text: str, start: int, before: int, unit: str) -> tuple[str, int] | None:
    """The qualifier in front of a number and where it begins."""
    if not start or text[start - 1] not in "近约为超过逾破于少下足到多了有":
        return None
    found = _PREFIX.search(text, max(before, start - 6), start)
    if not found:
        return None
    word = found[0].rstrip("了有")
    if word == "近" and unit in _DURATIONS:  # 近3年: the last three years
        return None
    return ("约" if word == "约为" else "大约" if word == "大约为" else word), found.start()


def _is_grouped(text: str, found: re.Match[str]) -> bool:
    """1，234条 is one number; 分别为123，456，789件 and 123，456，78 are lists."""
    first = text[found.start() : found.end("arabic")]
    if len(first) > 3 or first[0] == "0":
        return False
    groups = found["groups"]
    if set(groups) & {"，", " "} and len({*groups} - set("0123456789")) > 1:
        return False
    if "，" in groups:
        near = text[max(0, found.start() - 14) : found.start()]
        lists = any(word in near for word in ("分别", "依次", "各为")) or near.endswith(
            ("，", "、")
        )
        more = re.match(r"[,，、][0-9]", text[found.end("groups") :][:2])
        return not lists and not more
    return "," in groups or bool(found["unit"])


def _unit_start(found: re.Match[str], *groups: str) -> int:
    """Where the unit begins; where there is none, the end of the number."""
    for group in groups[:-1]:
        if found[group]:
            return found.start(group)
    return next(
        found.end(g) for g in ("more", "rest", "scale", "odd", "fraction") if found[g] is not None
    )
