"""Headings: where one stands, how deep it is, and which role its words give the section.

Numbering styles set the level (一、 1; （一） 2; 1. 3; （1） 4), the words set the role, and the
running number is never trusted: reports restart, repeat and skip it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.records import Role

_HAN = "一二三四五六七八九十"
_STYLES = (
    (
        1,
        re.compile(
            rf"第?[{_HAN}]{{1,3}}(?:部分|章)?\s*[、.．:：]\s*|第[{_HAN}]{{1,3}}(?:部分|章)\s*"
        ),
    ),
    (2, re.compile(rf"[（(]\s*[{_HAN}]{{1,3}}\s*[)）]\s*[、.．]?\s*")),
    # 6  不足和下步安排: a bare number parted by blanks heads a chapter, 2.1 one below it
    (1, re.compile(r"\d{1,2}[ \u3000\t]+(?=[\u4e00-\u9fff]{2,20}\s*$)")),
    (2, re.compile(r"\d{1,2}\.\d{1,2}[ \u3000\t]+(?=[\u4e00-\u9fff]{2,20}\s*$)")),
    (3, re.compile(r"\d{1,2}\s*(?:[、．.](?!\d)|[)）])\s*")),
    (4, re.compile(r"[（(]\s*\d{1,2}\s*[)）]\s*[、.．]?\s*|[①-⑳]\s*")),
)
_MARKUP = re.compile(r"(?:#{1,6}|[*_]{2})\s*")

# The first that matches gives the role, so the special stand before the general.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("proposals", re.compile(r"建议.{0,6}提案|人大代表|政协|代表建议|委员提案|议案")),
    (
        "other",
        re.compile(
            r"其[他它](?:需要|应当?|有关|要)?(?:报告|说明)|其[他它]事项|其[他它]情况|附件|附表|统计表|^附[：:]"
        ),
    ),
    (
        "problems",
        re.compile(
            r"问题|不足|困难|差距|薄弱|短板"
            r"|(?:需要?|有待|需加以|亟待)改进的?(?:方面|地方|之处|环节|工作)"
        ),
    ),
    (
        "plans",
        re.compile(
            r"下一步|下步|改进(?:措施|情况|方向|意见|计划|工作)?$|(?:工作)?(?:打算|思路|设想|安排|计划|展望|目标|努力方向)$|(?:工作|年度?|主要)重点$"
            r"|今后|(?:整改|具体)措施|意见(?:和|及)建议|明年"
        ),
    ),
    ("review", re.compile(r"复[议仪]|诉讼|投诉|举报|申诉")),
    ("requests", re.compile(r"依?申请公?开?|收费|减免|费用")),
    (
        "disclosure",
        re.compile(r"主动公开|公开内容|公开(?:的)?(?:类别|形式|渠道|途径|数量)|重点领域|信息发布"),
    ),
    (
        "overview",
        re.compile(r"总体|概述|概况|基本情况|工作情况|组织领导|总述|综述|主要做法|工作开展"),
    ),
)

# Headings of reports whose line breaks are lost: the number, then words that only headings use.
_GLUED = re.compile(
    rf"(?:第?[{_HAN}]{{1,2}}(?:部分)?\s*[、.．])\s*("
    r"(?:政府信息(?:与政务)?公开)?(?:工作)?(?:的)?(?:总体|基本)(?:工作)?(?:情况|概况)"
    r"|(?:工作)?(?:概述|概况|总述|综述)"
    r"|(?:政府信息)?主动公开(?:政府)?(?:信息)?(?:的)?(?:工作)?情况"
    r"|收到和处理(?:政府)?信息公开申请(?:的)?情况"
    r"|(?:政府信息|信息)?依申请公开(?:政府信息)?(?:工作)?(?:的)?(?:办理|受理)?(?:工作)?(?:及[^，。；]{0,10})?情况"
    r"|(?:政府信息公开)?(?:的)?收费(?:及|和|与)?(?:其)?减免(?:的)?情况"
    r"|(?:因)?(?:政府信息公开(?:工作|申请)?)?(?:而|被|引起的?|的)?(?:申请|提起)?行政复[议仪](?:和|、|及|与|或)?(?:被)?"
    r"(?:提起|引起的?)?(?:行政)?诉讼?(?:的)?(?:情况|有关情况)"
    r"|(?:政府信息公开)?(?:工作)?(?:中)?(?:存在的?)?(?:主要)?(?:困难和)?(?:问题|不足)(?:(?:和|及|与|以及|、)(?:其|原因)*(?:20\d\d年度?)?"
    r"(?:下一?步|今后|改进|整改|工作|主要|努力|明年|的)*(?:情况|措施|打算|计划|思路|安排|方向|意见|建议|重点|举措))?"
    r"|下一?步(?:工作)?(?:打算|计划|思路|安排|重点|举措|措施)"
    r"|其[他它]需要(?:报告|说明)的?(?:事项|情况|问题)|[^，。；\s]{0,26}统计表|附(?:表|件)"
    r")(?![、，,；;]|等[几一二三四五六七八九十\d])"
)
# （二）改进措施 and its like, where the body follows without a mark between
_GLUED_BELOW = re.compile(
    rf"(?<=[。；：\s])[（(][{_HAN}]{{1,2}}[)）]\s*(?:(?:工作)?(?:中)?(?:仍|还)?(?:存在的?)?(?:主要)?(?:困难和)?(?:问题|不足)(?:及原因)?"
    r"|(?:下一?步|今后)?(?:工作)?(?:改进|整改)(?:措施|情况|方向|计划)|下一?步(?:工作)?(?:打算|计划|安排|思路|措施|重点)"
    r"|上一?年度?[^，。；]{0,8}问题(?:的)?(?:整改|改进)(?:落实)?情况)(?![，、；的])"
)
# 。 五、收费、复议、诉讼及举报投诉情况 我局…: a heading in any words, where blanks stand for line breaks
_PARTED = re.compile(
    rf"(?<=[。；！？])\s+(?P<heading>(?:第[{_HAN}]{{1,2}}部分\s*[、.．：:]?|[{_HAN}]{{1,2}}\s*[、.．])"
    r"[^，。；：！？,;:\s\d]{2,30})(?=\s+[一-鿿\d（(“《])"
)
_APPENDED = re.compile(
    r"附(?:件|表|录)?\s*[\d一二三四五]{0,2}\s*[：:](?![^。]*[。；])|附(?:件|表)\s*[\d一二三四五]{0,2}$"
)
_HEADING_LENGTH = 45
_INLINE_LENGTH = 30
_SENTENCE_MARK = re.compile(r"[，。；！？,;]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at `start:end` of the folded text; `words` without number (`marker`) and mark-up."""

    level: int
    start: int
    end: int
    words: str
    whole_line: bool
    marker: str = ""


def role_of(words: str) -> Role | None:
    """The role that a heading's words give its section, or None where they say nothing."""
    words = re.sub(r"[（(].*?[)）]|\s", "", words).strip("：:。【】［］[]")
    for role, pattern in _ROLES:
        if pattern.search(words):
            return role
    return None


def marker(text: str, start: int, end: int) -> tuple[int, int]:
    """Level and end of the ordinal that opens `text[start:end]`; level 0 where there is none."""
    for level, style in _STYLES:
        found = style.match(text, start, end)
        if found:
            return level, found.end()
    return 0, start


def glued_headings(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of chapter headings, and of those on problems and plans below them, that stand
    inside a run of text."""
    spans = {found.span() for found in _GLUED.finditer(text, start, end)}
    spans |= {found.span() for found in _GLUED_BELOW.finditer(text, start, end)}
    apart = {found.span("heading") for found in _PARTED.finditer(text, start, end)}
    spans |= {one for one in apart if not any(one[0] == start for start, _ in spans)}
    return sorted(spans)


def read_heading(text: str, start: int, end: int) -> Heading | None:
    """The heading that the line `text[start:end]` is, or opens with (（一）主动公开方面。…)."""
    at = start
    hashes = 0
    while found := _MARKUP.match(text, at, end):
        hashes = max(hashes, found.group().count("#"))
        at = found.end()
    level, words_at = marker(text, at, end)
    if text.startswith(("是", "要"), words_at):  # 一是…: a list item, whatever mark-up OCR gave it
        return None
    words = text[words_at:end].rstrip("*_ \t")
    stop = _SENTENCE_MARK.search(words)
    if (
        level
        and (stop is None or _only_a_final_stop(words, stop))
        and 0 < len(words) <= _HEADING_LENGTH
    ):
        return Heading(level, start, end, words.rstrip("。：:"), True, text[at:words_at])
    if level and stop and stop.group() == "。" and stop.start() <= _INLINE_LENGTH:
        return Heading(
            level, start, words_at + stop.start(), words[: stop.start()], False, text[at:words_at]
        )
    if level == 0 and len(words) <= _HEADING_LENGTH and _APPENDED.match(words):
        return Heading(1, start, end, words.strip(), True)
    glued = _GLUED.match(text, at, end) if level == 1 else None
    if glued:
        return Heading(1, start, glued.end(), text[words_at : glued.end()], False)
    if (
        level == 0
        and stop is None
        and 2 <= len(words.strip()) <= 28
        and (hashes or _bare_heading(words))
    ):
        return Heading(1, start, end, words.strip(), True)
    return None


def _only_a_final_stop(words: str, stop: re.Match[str]) -> bool:
    """Short headings may carry 、-lists and commas, but a sentence has its 。 inside."""
    if stop.group() in "，,":
        return (
            len(words) <= 24
            and not words.rstrip().endswith(("。", "；", "，"))
            and "。" not in words
        )
    return False


_BARE = re.compile(
    r"(?:存在的?)?(?:主要)?(?:问题|不足|短板)(?:[和与及](?:不足|差距|打算|措施|计划|改进措施))?"
    r"|(?:20\d\d年)?(?:下一?步)?(?:工作)?(?:打算|计划|安排|思路)|改进措施|其[他它]需要(?:说明|报告)的?(?:事项|情况)?"
)
_BRACKETED = re.compile(r"[【［\[](?P<words>[^】］\]]{2,20})[】］\]]")


def _bare_heading(words: str) -> bool:
    """An unnumbered line is a heading only when its words are a chapter's own, or in 【】."""
    bare = words.strip().rstrip("：:")
    boxed = _BRACKETED.fullmatch(bare)
    if boxed:
        return role_of(boxed["words"]) is not None
    return len(bare) >= 2 and bool(_GLUED.fullmatch("一、" + bare) or _BARE.fullmatch(bare))
