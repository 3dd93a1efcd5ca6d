"""Total, average, part, to-date or target: what a figure is a count of."""

from __future__ import annotations

import re

from nlp.context.enumerations import parent_of
from nlp.context.sentence import Sentence, own_words
from nlp.context.times import AVERAGE, TARGET, TO_DATE
from nlp.records import Basis, Report
from nlp.structure.sentences import clause_start

# What the total's words must say for a part of it to be a part of the same metric.
_WHOLES = {
    "disclosure.total": "(?:公开|发布|公布)[^，]{0,12}信息",
    "response.interpretations": "解读", "response.press_conferences": "发布会",
    "response.interviews": "访谈", "training.sessions": "培训", "message.received": "留言|来信|信件|诉求",
    "consultation.count": "征集|征求", "meeting.sessions": "会议", "website.visits": "访问|浏览",
}  # fmt: skip
_HOPED = re.compile(r"(?:力争|争取|确保)[^，。；]{0,24}$")
_FIRST_YEAR = 2008
_IN_FORCE = re.compile(
    r"自(?:2008年)?(?:5月1日)?[^，。；]{0,12}《[^》]*条例》[^，。；]{0,8}(?:施行|实施)(?:以来|之日起|后|起)?"
)
_STOCK = frozenset({"website.visits", "wechat.followers", "weibo.followers", "media.accounts"})


def basis_of(
    sentence: Sentence,
    index: int | None,
    at: int,
    metric: str,
    stated: Basis,
    year: int | None,
    report: Report,
    subject: str | None,
) -> Basis:
    """The basis of the figure at `at`, where its reading states none (`stated` total); another
    body's figure is that body's total."""
    text = sentence.passage.text
    clause = text[clause_start(text, at, sentence.start) : at]
    if stated != "total":
        return stated
    if AVERAGE.search(clause[-16:]):
        return "average"
    if (
        (year and report.year and year > report.year)
        or (sentence.passage.role in ("plans", "problems") and TARGET.search(clause))
        or _HOPED.search(clause)
    ):
        return "target"
    if metric not in _STOCK and (since := _since(text[sentence.start : at], report.year)):
        return since
    if (
        subject is None
        and index is not None
        and metric != "other"
        and _is_part(sentence, index, metric)
    ):
        return "part"
    return "total"


def _since(words: str, report_year: int | None) -> Basis | None:
    """`to_date` where the words before a figure count from before the report's year, `total` where
    they then turn to this year's again (累计公开5200条，其中本年公开1300条)."""
    own = words.replace(f"{report_year}年以来", "").replace(f"{report_year}年1月以来", "")
    if report_year == _FIRST_YEAR:
        own = _IN_FORCE.sub("", own)  # the first reports run from the day of the Regulations on
    since = TO_DATE.search(own)
    if since is None:
        return None
    again = re.search(rf"其中，?(?:{report_year}年|本年|当年|今年)", own[since.end() :])
    return "total" if again else "to_date"


def _is_part(sentence: Sentence, index: int, metric: str) -> bool:
    """A figure listed under a total of the same metric (办理建议60件，其中省人大建议8件)."""
    parent = parent_of(sentence.lists, index)
    if parent is None:
        return False
    words = own_words(sentence, parent)
    own = own_words(sentence, index)
    if metric in ("proposal.npc", "proposal.cppcc"):
        same = "提案" if metric.endswith("cppcc") else "建议"
        other = "建议" if same == "提案" else "提案"
        return (
            same in words and other not in words and bool(re.search(r"全国|省|市|区|县|重点", own))
        )
    return metric in _WHOLES and re.search(_WHOLES[metric], words) is not None
