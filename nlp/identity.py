"""Who reported on which year: title, agency, period, day of publication.

The year is the title's or the period's, never the day of publication's; the agency is the name
the title gives, or where the title uses a short form (自治区科技厅) the full name of the same
body that the text gives elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter

from nlp.numbers import value_of
from nlp.records import Document, Passage, Report

_HAN = r"[一-鿿]"
_DIGIT_YEAR = r"(?:(?:20|19)\d\d|[二一][〇○零九O0][〇○零一二三四五六七八九O0]{2})"
_SUBJECT = r"(?:政府|政务)?信息(?:与政务)?公开"
_REPORT = r"(?:工作)?(?:的)?(?:情况)?(?:年度)?(?:工作)?(?:的)?(?:年度)?(?:总结)?(?:报告|年报)"
_TITLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<body>(?:{_HAN}|[（）()“”·]){{0,40}}?)(?:关于)?(?:{_DIGIT_YEAR}[-—－–~至])?(?P<year>{_DIGIT_YEAR})(?:学年度?|年度?)"
        rf"(?P<after>{_HAN}{{0,30}}?){_SUBJECT}{_REPORT}",
        rf"(?P<body>{_HAN}{{2,40}}?){_SUBJECT}(?:工作)?(?P<year>{_DIGIT_YEAR})年度?(?:工作)?(?:报告|年报)",
        rf"(?P<body>{_HAN}{{0,40}}?){_SUBJECT}{_REPORT}[（(]?(?P<year>{_DIGIT_YEAR})年?度?[)）]?",
    )
)
_NOT_TITLE = re.compile(r"(?:做好|要求|根据|印发|《|编制|发布|公布)$")
_NAVIGATION = re.compile(
    r"^.*(?:报告|年报|正文|公告|浏览|来源|首页|当前位置|标题|名称|索引号|现公布|现将|特公布|日期)"
)
_DAY = r"(?P<y{0}>(?:20|19)\d\d)年(?P<m{0}>\d{{1,2}})月(?P<d{0}>\d{{1,2}})日"
_PERIOD = re.compile(
    r"(?P<y1>(?:20|19)\d\d)年?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日?起?(?:至|到|—|-|－|–|~|～)+(?:(?P<y2>(?:20|19)\d\d)年)?(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
)
_SIGNED = re.compile(_DAY.format(1))
_STAMPED = re.compile(
    r"(?:^|(?:发布|公开|成文|生成|发文|更新)(?:时间|日期)?[：:]?|(?:时间|日期)[：:])(?P<y1>20\d\d)[-./年](?P<m1>\d{1,2})[-./月](?P<d1>\d{1,2})"
)
_YEAR = re.compile(rf"({_DIGIT_YEAR})年")
_BODY_END = (
    r"(?:人民政府(?:办公[厅室])?|人民政府|管委会|管理委员会|委员会|办公[厅室]|政府|公安局|分局|总局|总队|支队|街道办事处|办事处|集团|公司|大学|学院"
    r"|医院|中心|检察院|法院|研究院|[厅局委部署省市县区旗州盟镇乡院站台会])"
)
_EDITOR = (
    re.compile(
        rf"(?:由|，)(?P<body>{_HAN}{{3,30}}?{_BODY_END})(?:办公[厅室])?(?:根据[^，。]{{0,60}})?(?:负责)?(?:编制|编写|编撰|汇总|起草|发布|综合)"
    ),
    re.compile(
        rf"(?:^|[。，、\n要求定）]|的要求，)(?P<body>{_HAN}{{3,30}}?{_BODY_END})(?:办公[厅室])?(?:编制|编写)(?:了|完成|而成|本|并|的)?"
    ),
    re.compile(
        rf"(?:从|在|登录|登陆|通过|可在|“|请与|与|联系)(?P<body>{_HAN}{{3,30}}?{_BODY_END})(?:党组)?(?:办公[厅室])?(?:门户|政府|官方|政务|信息|“|”)*(?:网站|网|办公[厅室]|联系)"
    ),
    re.compile(
        rf"(?:20\d\d年|年来)，?(?P<body>{_HAN}{{3,30}}?{_BODY_END})(?:认真|深入|坚持|严格|在|全面|积极|紧紧|高度|按照|以|持续|扎实|不断|切实|始终|政府信息公开)"
    ),
)
_SHORT_START = re.compile(r"^(?:自治区|省|市|县|区|州|盟|旗|我|本)")
_NOT_BODY = re.compile(
    r"^(?:国务院|省政府|党中央|国家|中共|省委|市委|区委|县委|上级)|信息公开|政务公开|电子版|条例|规定|各[级县区]|广大"
)


def identify(document: Document, passages: tuple[Passage, ...], template: str | None) -> Report:
    """Title, agency, year, period and day of publication of a report; null where not stated."""
    head = _head(passages)
    title, body, title_year = _title(head)
    whole = "\n".join(passage.text for passage in passages)
    period = _period(whole)
    year = title_year or (int(period[1][:4]) if period else None) or _commonest_year(whole)
    return Report(
        title=_printed(title, passages, document),
        agency=_printed(_agency(body, head, whole), passages, document),
        year=year,
        period=period,
        published=_published(passages, year),
        template=template,
    )


def _printed(words: str | None, passages: tuple[Passage, ...], document: Document) -> str | None:
    """Words of the running text as the document prints them."""
    for passage in passages if words else ():
        index = passage.text.find(words or "")
        if index >= 0:
            return "".join(
                document.text[passage.offsets[i]] for i in range(index, index + len(words or ""))
            )
    return words


def _head(passages: tuple[Passage, ...]) -> str:
    """The first passages, a title broken over lines put together."""
    return "\n".join(passage.text for passage in passages[:8])[:1200]


def _title(head: str) -> tuple[str | None, str, int | None]:
    """The title, the body named in it, and its year."""
    joined = head.replace("\n", "")[:500]
    for pattern in _TITLES:
        for found in pattern.finditer(joined):
            body = _NAVIGATION.sub("", found["body"])
            if _NOT_TITLE.search(body):
                continue
            start = found.start("body") + len(found["body"]) - len(body)
            words = joined[start : found.end()].lstrip("（）()")
            body = body or found.groupdict().get("after") or ""
            # 某区人民政府信息公开工作报告: the two 政府 are printed once
            return words, body + "政府" * body.endswith("人民"), _as_year(found["year"])
    return None, "", None


def _as_year(words: str) -> int | None:
    if words.isdigit():
        return int(words)
    value = value_of(words.replace("○", "〇").replace("O", "〇").replace("0", "〇"))
    return int(value) if value and 1990 <= value <= 2100 else None


def _period(text: str) -> tuple[str, str] | None:
    found = _PERIOD.search(text)
    if not found:
        return None
    first, last = found["y1"], found["y2"] or found["y1"]
    if int(last) < int(first):
        return None
    return (
        f"{first}-{int(found['m1']):02}-{int(found['d1']):02}",
        f"{last}-{int(found['m2']):02}-{int(found['d2']):02}",
    )


def _commonest_year(text: str) -> int | None:
    years = Counter(year for word in _YEAR.findall(text) if (year := _as_year(word)))
    return min(years, key=lambda year: (-years[year], year)) if years else None


def _published(passages: tuple[Passage, ...], year: int | None) -> str | None:
    """The day under the signature, or one printed at the head (发布时间：2020-01-15); after the year."""
    for passage in (*passages[:-15:-1], *passages[:6]):
        found = _SIGNED.search(passage.text) if len(passage.text) <= 30 else None
        found = found or _STAMPED.search(passage.text[:300])
        if found and year is not None and year < int(found["y1"]) <= year + 2:
            return f"{found['y1']}-{int(found['m1']):02}-{int(found['d1']):02}"
    return None


def _agency(body: str, head: str, whole: str) -> str | None:
    titled = _clean(body)
    if titled and not _SHORT_START.match(titled):
        return titled
    named = [
        _clean(found["body"])
        for pattern in _EDITOR
        for found in pattern.finditer(whole[:3000])
        if not _NOT_BODY.search(found["body"])
    ]
    named += [
        _clean(line)
        for line in whole.split("\n")[-8:]
        if re.fullmatch(rf"{_HAN}{{3,30}}{_BODY_END}", line)
    ]
    named = [name for name in named if len(name) >= 3]
    if titled:
        fuller = [name for name in named if _extends(name, titled)]
        return Counter(fuller).most_common(1)[0][0] if fuller else titled
    full = [name for name in named if not _SHORT_START.match(name)] or named
    return Counter(full).most_common(1)[0][0] if full else None


def _clean(name: str) -> str:
    name = re.sub(
        r"^.*(?:报告|正文|公告|浏览|来源|首页|当前位置|标题|名称|索引号)|^关于|[“”\s（）()]",
        "",
        name,
    )
    name = (
        re.sub(r"^.*?(?:要求|规定|通知)(?:，|的)?", "", name)
        if re.search(r"要求|规定|通知", name)
        else name
    )
    name = re.sub(r"^(?:由|与|请|从|在|向|是|为|将|可|经|年|并)+(?=.{3})", "", name)
    return re.sub(r"(?:关于|的|年|度|门户|政府网站|网站)+$", "", name)


def _extends(full: str, short: str) -> bool:
    """Whether `full` is the long form of `short`: same last character, its characters in order."""
    letters = iter(full)
    return len(full) > len(short) and full[-1] == short[-1] and all(c in letters for c in short)
