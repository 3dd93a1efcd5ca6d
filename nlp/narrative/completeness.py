"""Whether a list of parts leaves nothing out, by its words or by what there is to list."""

from __future__ import annotations

import re
from itertools import pairwise

from nlp.context.enumerations import Enumeration
from nlp.facts import Read
from nlp.findings import metric_at, words_before
from nlp.narrative.kinds import CHANNELS, PAIRS, REPLIES, WAYS, kind_of
from nlp.narrative.shares import shares_fill
from nlp.records import Cell, Fact
from nlp.structure import divisions
from nlp.structure.sentences import clause_start

_JOINED = re.compile(r"[、和及与].{1,16}?(?:共|合计|总计|累计)")
_CALLED_WHOLE = re.compile(r"^[^。]{0,8}(?:[：:]|分别|具体(?:为|是))")
_SOME = re.compile(r"^[（(]?(?:其中|含|包[括含]|如|主要|截至)|主要|包[括含]|例如")


def is_complete(
    read: Read,
    one: Enumeration,
    parts: tuple[int, ...],
    metrics: list[str],
    by_id: dict[str, Fact],
    cells: tuple[Cell, ...],
) -> bool:
    """Whether a list leaves nothing out, by its words or by what there is to list."""
    words = [words_before(read, index) for index in parts]
    text = read.passage.text
    lead = text[clause_start(text, read.figures[one.total].start) : one.start]
    if any(map(CHANNELS.match, metrics)):
        return any("其余" in word or "余下" in word for word in words)
    one_kind = len({kind_of(metric) for metric in metrics}) == 1 and kind_of(metrics[0]) >= 0
    if divisions.is_rest(words[-1]) or (one_kind and any(map(divisions.is_rest, words))):
        return True
    if divisions.excepts(words, text[read.figures[parts[0]].end : read.figures[parts[1]].start]):
        return True
    if divisions.closes(lead, words[-1]) or set(metrics) in PAIRS:
        return True  # both of two
    denied = {fact.metric for fact in by_id.values() if fact.value == 0}
    ways = set(metrics) | (denied & WAYS)
    if set(metrics) <= WAYS and (ways >= WAYS or (denied & WAYS and len(ways) >= 3)):
        return True
    if divisions.all_ways(words) or divisions.forms(words) or divisions.named_all(words):
        return True
    if _counted_whole(read, one, parts) or divisions.levels(words) or shares_fill(read, parts):
        return True
    whole = metric_at(read, one.total, by_id)
    if whole.startswith(("review", "litigation")) and divisions.outcomes(words):
        return True
    return _all_replies(metrics, cells) or _called_whole(read, one, parts, words)


def _all_replies(metrics: list[str], cells: tuple[Cell, ...]) -> bool:
    """Five kinds of reply, or four and what is still open: an office that names so many names all,
    unless its table gives some besides."""
    named = {metric for metric in metrics if metric.startswith("reply.") and metric.count(".") == 1}
    open_ones = "request.carried_out" in metrics
    if len(named) + open_ones < 5 or {kind_of(metric) for metric in metrics} != {REPLIES}:
        return False
    rows = {c.metric: c.value or 0 for c in cells if c.applicant in (None, "total")}
    besides = [
        value
        for metric, value in rows.items()
        if metric.startswith("reply.") and metric != "reply.total"
        and not any(metric == one or metric.startswith(f"{one}.") for one in metrics)
    ]  # fmt: skip
    return not any(besides)


def _called_whole(read: Read, one: Enumeration, parts: tuple[int, ...], words: list[str]) -> bool:
    """6篇（图解4篇、问答2篇）, 5件：维持2件、纠正3件: a list that no 其中 opens."""
    text, figures = read.passage.text, read.figures
    opener = text[figures[one.total].end : figures[parts[0]].start]
    units = {figures[index].unit for index in (one.total, *parts)}
    if len(units) > 1 or units == {""} or _SOME.search(opener) or "其中" in opener:
        return False
    between = [text[figures[a].end : figures[b].start] for a, b in pairwise(parts)]  # fmt: skip
    if one.words == "bracket":
        return all(gap.startswith("、") for gap in between)
    return one.words == "列举" and bool(_CALLED_WHOLE.match(opener)) and all(words)


def takes_up(read: Read, one: Enumeration, parts: tuple[int, ...]) -> bool:
    """Whether the total's own words join the names that the parts take up again."""
    own = words_before(read, one.total)
    if not _JOINED.search(own):
        return False
    names = [
        re.sub(r"^[，。；：、其中包括和及]+", "", words_before(read, index))[:6] for index in parts
    ]
    return len(names) <= 5 and all(
        any(name[i : i + 2] in own for i in range(len(name) - 1)) for name in names if len(name) > 1
    )


def _counted_whole(read: Read, one: Enumeration, parts: tuple[int, ...]) -> bool:
    """7件，共计1940元，其中…3件860元、…4件1080元: the counts beside the sums of money are all."""
    figures, text = read.figures, read.passage.text
    beside = [index - 1 for index in parts]
    if set(beside) & set(parts) or one.total in beside or beside[0] < 0:
        return False
    if any(figures[index].start - figures[index - 1].end > 1 for index in parts):
        return False
    units = {figures[index].unit for index in beside}
    before = [
        figure for figure in figures[max(0, one.total - 2) : one.total]
        if {figure.unit} == units and "。" not in text[figure.end : figures[one.total].start]
    ]  # fmt: skip
    return bool(before) and before[-1].value == sum(figures[index].value for index in beside)
