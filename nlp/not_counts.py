"""What holds a numeral and counts nothing: dates, ordinals, codes, names, idioms.

Everything here looks at the surroundings of a numeral that `numbers.py` has found.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from nlp.numerals import HAN

_DASH = "-—–~～至到"
_CONTACT = re.compile(
    r"(?:电话|传真|邮编|邮政编码|邮码|热线|QQ群?|号码|[账帐]号|微信号|代码|编号|门牌|手机|联系方式)[^0-9，。；]{0,4}\Z"
)
_HOTLINE = re.compile(r"12[13][0-9]{2}|110|11[49]|12[0-2]|10086|95[0-9]{3}|985|211|1[3-9][0-9]{9}")
_ORDINALS = re.compile(rf"第[0-9{HAN}]+[、至到~—–-]+\Z")
_ONE_OF = (
    "件 条 次 期 篇 份 个 项 人 名 人次 件次 条次 场 场次 班次 宗 家 户 部 台 册 个月 个工作日"
    " 工作日 大类 课 学时 课时 卷 则 幅 辆 套 小时 周 倍 元 万元 成 位 个百分点 集 支"
)
_ONES = frozenset(_ONE_OF.split())
_LONGEST_MOTTO = 60
_EACH_ONE = re.compile(r"一(?:件|个|项|次|条|位|户|方|批|类|份|颗|片|场)(?=[一-鿿])")
_PLACES = frozenset(("处", "间", "所"))
_NOT_AFTER = frozenset("号室层楼路版型年月日时届级度后强线点代栋幢弄巷街佳世℃岁区县#")
_AND_AFTER = frozenset("和及与其占均同较比已未并至到")
_COUNTED = frozenset("数为达共计额量逾超约近过破")
_JOINS = frozenset("、至到~—–-")
_LISTS = frozenset(".、．)）")
_CODE_BEFORE = frozenset(map(chr, range(128))) - set(' -,:;()"?!>|~%') | set("＃№×")
_SUMS = ("合计", "相加", "总计", "之和", "共计")
_POINTING = frozenset("这那前头该此")
_SINGLING = frozenset("每某任同另唯单统逐首合专划归上下后其何哪之十不")
_LASTING = frozenset("续近达满期每过逾超约足了")
DATE_AFTER = frozenset("年月日时学版届级财.-/—–~～至到、和:：)）+×0123456789")
DATE = re.compile(  # from the first digit on: what is no count whatever follows
    rf"[0-9]{{2,4}}年(?:[0-9]{{1,2}}[{_DASH}、])?[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?|[0-9]{{1,2}}月[0-9]{{1,2}}日"
    r"|(?:19|20)[0-9]{2}(?:[-./][0-9]{1,2}){1,2}(?![0-9.]|[万亿%件条次个])日?"
    rf"|(?:19|20)[0-9]{{2}}年?[{_DASH}、和]+(?:(?:19|20)[0-9]{{2}}(?!件|条|次|个|[0-9])|[0-9]{{2}}(?=年|学年))"
    r"|(?:19|20)[0-9]{2}(?:学年|年|版|届|级|财年)"
    rf"|[0-9]{{1,2}}月?[{_DASH}、]+[0-9]{{1,2}}(?:月|日(?!内))|[0-9]{{1,2}}月|[0-9]{{1,2}}[:：][0-5][0-9](?![0-9])"
    r"|0[0-9]{2,3}[)）]?[-—–]+[0-9]{7,8}(?:[-—–、，,/转][0-9]+)*|[48]00[-—–][0-9]{3}[-—–]?[0-9]{4}"
    r"|[0-9]+(?:\.[0-9]+){2,}|[0-9]+[+×/][0-9A-Za-z]+(?:[+×:/][0-9A-Za-z]+)*|[0-9]+[:：][0-9]+(?!件|条)"
)
CLOSED = re.compile(  # names, quotations and addresses: no figure begins inside
    r"[《“‘「〔【\[\"A-Za-z0-9](?:(?<=《)[^《》]{0,80}》|(?<=“)[^“”]{0,15}”|(?<=‘)[^‘’]{0,15}’"
    r"|(?<=「)[^「」]{0,15}」|(?<=[〔\[【])[^〔〕\[\]【】]{0,9}[〕\]】](?:第?[0-9]+号)?|(?<=\")[^\"。；]{0,15}\""
    r"|(?<=[A-Za-z0-9])(?<![A-Za-z0-9_.~-].)[A-Za-z0-9_.~-]{0,60}(?:://|@|\.(?:com|cn|gov|org|net))[!-~]*)"
)


def names_something(text: str, found: re.Match[str], unit: str) -> bool:
    """Ordinals, dates, named stages: what surrounds a numeral that has a unit (or none)."""
    start, end = found.start(), found.end()
    last = text[start - 1 : start]
    if last in ("第", "届", "〔", "["):
        return True
    if last in _JOINS and _ORDINALS.search(text, max(0, start - 9), start):
        return True
    if unit == "日":
        return not (text.startswith(("内", "之内"), end) or found["after"])
    if unit == "次" and text.startswith(("会议", "全会", "全体", "党代会", "代表大会"), end):
        return any(word in text[max(0, start - 8) : start] for word in ("届", "大"))
    if unit == "期":
        return text.startswith(("工程", "项目", "建设", "平台"), end)
    return unit == "年" and _names_year(text, found, last)


def _names_year(text: str, found: re.Match[str], last: str) -> bool:
    """18年 is a year, 连续18年 is none; 三年行动计划 is a name."""
    start, end = found.start(), found.end()
    if text.startswith(("级", "计划", "规划", "行动", "一度", "期计划", "度"), end):
        return True
    if found["arabic"] is None:  # 二○一三年, 一八年
        core = text[start : found.end("han")]
        return len(core) > 1 and not set(core) & set("十百千万亿")
    number = text[start : found.end("arabic")]
    if len(number) < 2 or found["odd"] or found["more"] or found["after"]:
        return False
    return last not in _LASTING and not text.startswith(("来", "内", "间", "期"), end)


def stands_alone(text: str, found: re.Match[str], whole: str, unit: str, before: int) -> bool:
    """Whether an Arabic numeral is a count, and not part of a code, a list number or a name."""
    start = found.start()
    last, behind = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    following = text[found.end() : found.end() + 1]
    if last in _CODE_BEFORE:
        return bool(unit) and _is_letter(last) and _is_letter(behind)
    if last in ("-", "−") and (_is_letter(behind) or following == "-"):
        return False
    if _is_letter(following) or following in ("_", "@", "+", "/", "\\"):
        return False
    if unit or found["scale"]:
        return True
    if last in ("（", "(") and following in ("）", ")"):
        return False
    return _is_bare_count(text, found, whole, before)


def _is_bare_count(text: str, found: re.Match[str], whole: str, before: int) -> bool:
    """Without a unit a number counts only after a noun: 政务信息39（…, 粉丝数54373."""
    start, end = found.start(), found.end()
    last = text[start - 1 : start]
    following = text[end : end + 1]
    if not last or last.isspace() or following in _NOT_AFTER or in_set_phrase(text, start):
        return False
    if last not in _COUNTED and (
        _is_year(found, whole) or len(whole) >= 7 or found["fraction"] or _HOTLINE.fullmatch(whole)
    ):
        return False
    if _CONTACT.search(text, max(0, start - 12), start) or _is_list_number(text, start, end, whole):
        return False
    if last in "，,、；;。":
        return before == start - 1 and last in "，,、"
    if _is_han(following) and not (found["odd"] or found["after"]):
        return following in _AND_AFTER
    return _is_han(last) or last in "：:（()）-−—–~～“”"


def _is_year(found: re.Match[str], whole: str) -> bool:
    return len(whole) == 4 and not found["groups"] and 1949 <= int(whole) <= 2050


def _is_list_number(text: str, start: int, end: int, whole: str) -> bool:
    if text[end : end + 1] not in _LISTS or int(whole) > 30:
        return False
    last = text[start - 1]
    if text[end] == ".":  # 主要做法1.加强…: a heading glued to its list
        return True
    return last in "。；;！？!?” " or (last in "：:" and (whole == "1" or text[end] != "、"))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def is_negative(text: str, start: int) -> bool:
    """Whether the dash before a number is a minus: none of a range, a date or a code."""
    if text[start - 1 : start] not in ("-", "−"):
        return False
    behind = text[start - 2 : start - 1] if start > 1 else ""
    return not (
        behind.isdigit() or _is_letter(behind) or behind in ("%", "月", "日", "年", "—", "-")
    )


def is_indefinite(text: str, start: int, core: str, unit: str) -> bool:
    """一 as an article, and 百, 千, 万 without a numeral before them."""
    last = text[start - 1 : start]
    if last in _POINTING:
        return True
    if core in ("百", "千", "万", "亿"):
        return last not in ("近", "逾", "超", "过", "破", "约") or text[:start].endswith(
            ("附近", "最近")
        )
    if (
        core in ("两", "二", "三")
        and unit in ("项", "类", "个")
        and text.startswith(_SUMS, start + 2)
    ):
        return True  # 予以公开、部分公开分别为41件、9件，两项合计…: the figures just named
    if core == "一":
        if unit in _PLACES and last in "点室所区台栏":
            return False  # 查阅点一处, 阅览室一间: counted behind its name
        if unit not in _ONES or last in _SINGLING:
            return True
        if _in_motto(text, start):
            return True
        # 一人一档: both are "every"
        return text[start + 2 : start + 3] == "一" or (start > 1 and text[start - 2] == "一")
    return core == "零" and last in ("清", "归", "从")


def _in_motto(text: str, start: int) -> bool:
    """“办结一件申请、解决一个问题”: each of them, in a phrase within quotes."""
    opened = text.rfind("“", max(0, start - _LONGEST_MOTTO), start)
    closed = text.find("”", start, start + _LONGEST_MOTTO)
    if opened < 0 or closed < 0 or "”" in text[opened:start]:
        return False
    return len(_EACH_ONE.findall(text, opened, closed)) > 1


def in_set_phrase(text: str, start: int) -> bool:
    """Whether the numeral at `start` stands in a phrase of `set_phrases.txt`."""
    phrases = _set_phrases().get(text[start : start + 2], ())
    return any(start >= at and text.startswith(phrase, start - at) for phrase, at in phrases)


@cache
def _set_phrases() -> dict[str, list[tuple[str, int]]]:
    """Phrases by the two characters at each numeral in them, with the numeral's place."""
    lines = Path(__file__).with_name("set_phrases.txt").read_text("utf-8").splitlines()
    table: dict[str, list[tuple[str, int]]] = {}
    for phrase in filter(None, (line.partition("#")[0].strip() for line in lines)):
        for at, character in enumerate(phrase[:-1]):
            if character in HAN or character.isdigit():
                table.setdefault(phrase[at : at + 2], []).append((phrase, at))
    return table
