"""Which year a figure is about, and whether it runs over more than that year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_YEAR = r"(?P<year>20\d\d|19\d\d)年"
_NAMES = re.compile(r"《[^》]*》|“[^”]{0,40}”")
# 2018年度部门预算, 2018年工作要点: the year belongs to a document, not to the figure
_ATTRIBUTE = (
    r"(?!度?(?:部门|财政|政府|省级|市级|县级|区级|本级)?(?:预|决)算|度?(?:政务公开|政府信息公开)?(?:工作)?(?:要点|重点|主要任务|计划)"
    r"|度?(?:继续|结转|转入|转来|遗留|未办|接转|续办)|[版级届]|度?(?:政府)?信息公开工作?(?:年度)?报告|度工作(?:报告|总结)|1[0-2]?月|[2-9]月)"
)
_TIME = re.compile(
    rf"(?P<carried>(?:结转|转|顺延|延续|推迟|延)(?:至|到|入)?)?(?P<compare>较之?|比|同比|对比|相比|与|同|由|从|自|起?于)?(?P<since>自|从)?(?:{_YEAR}(?:度|底|末|同期)?{_ATTRIBUTE}(?:，?(?:全年|年内))?"
    r"|(?P<carry>上一?年度?(?=度?(?:结转|转入|遗留|未办结)))"  # came into the report's year
    r"|(?P<last>上一?年度?|去年|上年同期|上年度|前一年)(?!度?(?:均|也)?(?:无|没有|未)?(?:结转|转入|转来|遗留|未办|接转|续办|跨年|延续|结余|末结|存在|提出))"
    r"|(?P<this>本年度?|今年|全年|年内|报告期|当年)"
    r"|(?P<next>下一?年度?|明年|来年)(?!度?(?:继续|办理|答复)))"
    r"(?P<on>以来|至今|起|底|末|年底)?"
)
_CLOSED = re.compile(r"[（(][^（()）]*[)）]")
_SPAN = re.compile(r"^[（(][^（()）]{0,20}[)）]")  # 比上年（2008年5月至12月）的64件
_CHANGE = re.compile(r"增|减|长|升|降|回落|提高|多|少|相比|持平")
_COMMA = re.compile(r"[，；：]")
_HINT = re.compile(r"年|报告期")
TO_DATE = re.compile(
    r"历年|(?<![今本]年)(?<!年初)以来[^。；]{0,24}(?:累计|共|已)|至今|自[^，。；]{1,16}(?:开通|成立|施行|实施|上线|运行|建立)(?:以来)?|自创[办刊]以来|开通以来|建站以来|上线以来|运行以来"
    r"|(?:截至|截止)[^。；]{0,24}(?<!全年)(?<!当年)(?<!本年)(?:累计|历年|总共已|已累计)"
)
AVERAGE = re.compile(
    r"(?:日|月|周|年|季)均|平均每?|人均|每(?:天|日|周|月|年|季度|个月|季|次|期|件|人|名|个|篇|条)"
)
TARGET = re.compile(
    r"(?:计划|拟|力争|争取|预计|要求|确保|目标|不得少于|应当?不?少?于?|规定|需要?|必须|将)[^，。；]{0,24}$"
)


@dataclass(frozen=True, slots=True)
class _Time:
    """A time named in a sentence: `year` (or an offset to the report's), and how far it governs."""

    start: int
    end: int
    year: int | None
    offset: int
    compared: bool
    adverbial: bool
    bracket_end: int  # the end of the bracket it stands in; what stands outside is not governed


@lru_cache(maxsize=256)
def _times(text: str, floor: int, end: int) -> tuple[_Time, ...]:
    """The times that the sentence `text[floor:end]` names, names of documents left out."""
    words = text[floor:end]
    if not _HINT.search(words):
        return ()
    words = _NAMES.sub(lambda m: "　" * len(m.group()), words)
    closed = [found.span() for found in _CLOSED.finditer(words)]
    found_times = []
    for found in _TIME.finditer(words):
        if found["carried"] or found["since"] or (found["compare"] in ("自", "从") and found["on"]):
            continue
        inside = next((stop for start, stop in closed if start < found.start() < stop), len(words))
        found_times.append(
            _Time(
                floor + found.start(),
                floor + found.end(),
                int(found["year"]) if found["year"] else None,
                -1 if found["last"] else 1 if found["next"] else 0,
                bool(found["compare"]),
                _adverbial(words, found),
                floor + inside,
            )
        )
    return tuple(found_times)


def _adverbial(before: str, found: re.Match[str]) -> bool:
    """Whether a time stands where it governs what follows: at the head of a clause."""
    head = before[: found.start()].rstrip("　")
    return (
        not head
        or head[-1] in "，。；：、（(,;:是在而"
        or head.endswith(("截至", "截止", "其中", "到", "至", "于"))
    )


def year_of(text: str, at: int, floor: int, end: int, report_year: int | None) -> int | None:
    """The year that governs the figure at index `at` of the sentence `text[floor:end]`: the last
    one named before it that reaches so far, else the report's own."""
    if report_year is None:
        return None
    governing: _Time | None = None
    for time in _times(text, floor, end):
        if time.end > at or time.bracket_end <= at:
            continue
        between = _SPAN.sub("", text[time.end : at])
        if time.compared and (len(between) > 8 or _CHANGE.search(between)):
            continue
        if not time.adverbial and _COMMA.search(between):
            continue  # 2023年某计划的分配结果；…: the year of one member of a list
        if _COMMA.search(between) and _founded(text, time):
            continue  # 早在2007年11月即成立领导小组，指定专职人员1名: the body was founded then
        governing = time
    if governing is None:
        return report_year
    return governing.year if governing.year is not None else report_year + governing.offset


_FOUNDED = re.compile(
    r"(?:\d{1,2}月)?(?:\d{1,2}日)?(?:份|初|底|起|，)?(?:即|就|便|已|我[局市县区厅委])*(?:正式)?(?:成立|组建)"
)


def _founded(text: str, time: _Time) -> bool:
    """Whether a time only says since when a body has been there."""
    return text.endswith("早在", 0, time.start) or bool(_FOUNDED.match(text, time.end))
