"""Which metric a reading states: the channel, the level and role of proposals, the words of the family."""

from __future__ import annotations

import re

from nlp.context.enumerations import parent_of
from nlp.context.sentence import Sentence, own_words
from nlp.context.topics import named_channels
from nlp.records import Report
from nlp.rules.match import Candidate
from nlp.structure.sentences import clause_start

_BY_MEANS = re.compile(r"^(?:主要)?(?:通过|利用|依托|借助|在|以|充分发挥|充分利用|运用|依靠)")


_PROPOSAL = {
    ("npc", "lead"): "proposal.npc_lead", ("npc", "co"): "proposal.npc_co", ("npc", ""): "proposal.npc",
    ("cppcc", "lead"): "proposal.cppcc_lead", ("cppcc", "co"): "proposal.cppcc_co", ("cppcc", ""): "proposal.cppcc",
    ("", "lead"): "proposal.lead", ("", "co"): "proposal.co", ("", ""): "proposal.total",
}  # fmt: skip


_PROPOSAL_PLACE = {code: place for place, code in _PROPOSAL.items()}


# The words of one family's rows, in the tables of the families that came after.
_LATER: dict[str, dict[str, str]] = {
    "2019": {
        "request.closed": "reply.total",
        "disclosure.normative_documents_issued": "normative_document.made",
        "disclosure.normative_documents": "normative_document.published",
        "reply.not_exist": "reply.unavailable.not_held",
    },
    "2021": {
        "request.closed": "reply.total",
        "disclosure.normative_documents_issued": "normative_document.made",
        "disclosure.normative_documents": "normative_document.made",
        "normative_document.repealed_total": "normative_document.repealed",
        "reply.not_exist": "reply.unavailable.not_held",
        "fee.charged": "fee.processing_amount",
    },
}


# 主要负责人参加在线访谈1期: all there is, where no figure before says how many there were
_LED = {
    "response.interviews_led": ("response.interviews", "访谈"),
    "response.press_conferences_led": ("response.press_conferences", "(?:发布|通气|吹风)会"),
}
# 3件全部按期答复: where the tables have no row for what was in time, all that was answered
_ALL_ON_TIME = re.compile(r"(?:均|都|全部|皆)[^，。；]{0,12}(?:按[时期]|期限|时限|时间)")


# 废止（失效）13件: one word for both, as the table's row means it
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")


def metric_of(sentence: Sentence, index: int | None, reading: Candidate, report: Report) -> str:
    metric = reading.rule.metric
    if metric in ("disclosure.*", "disclosure.channel"):
        metric = _disclosure(sentence, index, reading, joined=metric == "disclosure.*")
    if metric.startswith("proposal.") and metric in _PROPOSAL_PLACE and index is not None:
        metric = _proposal(sentence, index, metric)
    words = sentence.passage.text[reading.start : reading.end]
    if metric in ("request.carried_in", "request.carried_out"):
        metric = _carried(words, metric, report)
    if metric == "normative_document.repealed_total" and "失效" in _IN_BRACKETS.sub("", words):
        return metric  # the table counts what was repealed, not what has lapsed besides
    if metric == "request.closed_on_time" and _ALL_ON_TIME.search(words):
        metric = "request.closed" if family_of(report) in _LATER else metric
    if metric in _LED and family_of(report) in _LATER and _is_all(sentence, reading, metric):
        metric = _LED[metric][0]
    if metric == "fee.charged" and "处理费" in sentence.passage.text[sentence.start : sentence.end]:
        return "fee.processing_amount"
    return as_of(metric, report)


def _is_all(sentence: Sentence, reading: Candidate, metric: str) -> bool:
    """Whether what the head of the body took part in is named in full, and counted for the first
    time: since 2019 no row asks for it apart."""
    noun, text = _LED[metric][1], sentence.passage.text
    if not re.search(noun, text[reading.start : reading.end]):
        return False
    before = text[: reading.start]
    return not re.search(rf"{noun}[^。；，]{{0,12}}\d|\d[^。；，]{{0,12}}{noun}", before)


def as_of(metric: str, report: Report) -> str:
    """The code that the tables of the report's family use for a metric."""
    return _LATER.get(family_of(report), {}).get(metric, metric)


def codes_of(label: str, report: Report) -> list[str]:
    """The metrics of a classifier's label (several joined by +), as the report's family calls them."""
    return [
        # 政策文件类412条 is a class of what was published, never the row of documents made
        code if code == "disclosure.normative_documents" else as_of(code, report)
        for code in label.split("+")
    ]


def _carried(words: str, metric: str, report: Report) -> str:
    """结转2026年办理2件 of a report on 2025 goes out of the year, 2024年结转3件 came into it."""
    into = re.search(r"(?:结转|转|顺延|延续)(?:至|到|入)?(20\d\d)年", words)
    out_of = re.search(r"(20\d\d)年度?(?:结转|转入|遗留)", words)
    if report.year is None:
        return metric
    if into:
        return "request.carried_out" if int(into.group(1)) > report.year else "request.carried_in"
    if out_of:
        return "request.carried_in" if int(out_of.group(1)) < report.year else "request.carried_out"
    return metric


def family_of(report: Report) -> str:
    """The family whose words the prose uses: its table's, else that of its year."""
    if report.template in ("2014", "2019", "2021"):
        return report.template
    return (
        "2014"
        if report.year is None or report.year < 2019
        else "2019"
        if report.year < 2021
        else "2021"
    )


def _disclosure(sentence: Sentence, index: int | None, reading: Candidate, *, joined: bool) -> str:
    """A total, unless the words around it name one channel; `joined` False where several channels
    together make no total (通过公开栏、网站发布通知56条)."""
    text = sentence.passage.text
    if reading.words:
        own = named_channels(reading.words, 0, len(reading.words))
        if len(own) == 1:
            return "other" if own[0] == "mixed" else own[0]
    at = sentence.figures[index].start if index is not None else reading.end
    floor = sentence.start
    if index is not None:
        ends = [figure.end for figure in sentence.figures[sentence.first : index]]
        floor = max([floor, *(end for end in ends if end <= reading.start)])
    start = clause_start(text, at, floor)
    channels = named_channels(text, start, at)
    if not channels and start > floor:
        before = clause_start(text, start - 1, floor)
        if _BY_MEANS.match(text[before:start].lstrip("，、。；")):
            channels = named_channels(text, before, start)
            if len(channels) == 1 and re.search(r"等|、|和|及", text[before:start]):
                channels = []
    if not channels and joined:
        channels = named_channels(sentence.passage.heading, 0, len(sentence.passage.heading))
        if len(channels) != 1 or re.search(r"平台|目录|、|和|及", sentence.passage.heading):
            channels = []
    if len(channels) == 1:
        return "other" if channels[0] == "mixed" else channels[0]
    return "disclosure.total" if joined else "other"


def _proposal(sentence: Sentence, index: int, metric: str) -> str:
    """What the words leave open (level or role) comes from the total whose part the figure is."""
    level, role = _PROPOSAL_PLACE[metric]
    parent = parent_of(sentence.lists, index)
    seen = {index}
    while parent is not None and parent not in seen and not (level and role):
        seen.add(parent)
        words = own_words(sentence, parent)
        if not level and not _sums_over_levels(sentence, parent):
            level = (
                "cppcc"
                if re.search(r"提案", words) and not re.search(r"建议|议案", words)
                else level
            )
            level = (
                "npc" if re.search(r"建议|议案", words) and not re.search(r"提案", words) else level
            )
        if not role:
            role = "lead" if re.search(r"主办|独办|牵头|主合办|领办|单独办理", words) else role
            role = "co" if not role and re.search(r"协办|会办|分办|协助", words) else role
        parent = parent_of(sentence.lists, parent)
    return _PROPOSAL[level, role]


def _sums_over_levels(sentence: Sentence, parent: int) -> bool:
    """建议6件、提案9件，其中主办…: where the parts make more than their last neighbour, the list
    is about both, and roles stay without a level."""
    parts = [one for one in sentence.lists if one.total == parent]
    whole = sentence.figures[parent].value
    return bool(parts) and sum(sentence.figures[i].value for i in parts[0].parts) > whole
