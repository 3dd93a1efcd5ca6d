"""Shares and growth in the prose, against the counts beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nlp.facts import Read
from nlp.findings import add_finding
from nlp.records import Cell, Fact, Figure, Finding, Number
from nlp.structure.sentences import clause_start

_SHARE = re.compile(
    r"^[，,（(]?(?:约)?(?:占比?|所占比例|比例|占比重)(?:约|为|达|达到|是)?(?:[^，。；：、（）\d]{0,10}?的)?(?:比例|比重)?(?:约|为|达|达到)?$"
)


_RISE = re.compile(
    r"(?P<down>下降|减少|降低|回落|下滑|减)|(?P<up>增长|增加|上升|提高|提升|增幅|增)"
)


_COMPARED = re.compile(r"同比|较|比(?!例|重|较)|环比|增幅|上年|去年")


def metric_at(read: Read, index: int, by_id: dict[str, Fact]) -> str:
    ids = read.by_figure.get(index, ())
    return by_id[ids[0]].metric if ids else "other"


def ids_at(read: Read, indices: Iterable[int]) -> tuple[str, ...]:
    return tuple(id_ for index in indices for id_ in read.by_figure.get(index, ())[:1])


def share_finding(
    read: Read,
    index: int,
    by_id: dict[str, Fact],
    facts: tuple[Fact, ...],
    cells: tuple[Cell, ...],
    found: list[Finding],
) -> None:
    """A count, then 占 p%: the base is the total whose part the count is, if the words leave no other."""
    if not index:
        return
    share, part = read.figures[index], read.figures[index - 1]
    if (
        not _SHARE.match(read.passage.text[part.end : share.start])
        or part.unit in ("%", "个百分点")
        or share.value > 100
    ):
        return
    digits = _decimals(read.passage.text[share.start : share.unit_start])
    slack = 1.001 * 10**-digits
    own = next((one.total for one in read.lists if index - 1 in one.parts), None)
    bases = [
        f.value
        for i, f in enumerate(read.figures)
        if i != index - 1 and f.unit not in ("%", "个百分点")
    ]
    bases += [
        fact.value
        for fact in facts
        if fact.metric in ("reply.total", "request.received", "disclosure.total")
    ]
    bases += [cell.value for cell in cells if cell.applicant == "total" and cell.value]
    table = {c.metric: c.value or 0 for c in cells if c.applicant == "total"}
    bases.append(table.get("request.received", 0) + table.get("request.carried_in", 0))
    if any(base and abs(100 * part.value / base - share.value) <= slack for base in bases):
        add_finding(
            found,
            "narrative",
            "narrative.share",
            "holds",
            share.value,
            share.value,
            ids_at(read, (index - 1, index)),
            "占比",
        )
        return
    metric = metric_at(read, index - 1, by_id)
    base = read.figures[own].value if own is not None else None
    if base is None and metric.startswith("reply."):
        base = next(
            (f.value for f in facts if f.metric == "reply.total" and f.subject is None),
            table.get("reply.total"),
        )
    if not base or share.qualifier or part.value > base:
        return
    if 100 * part.low / base - slack <= share.value <= 100 * part.high / base + slack:
        return
    computed = round(100 * part.value / base, max(2, digits))
    message = (
        f"“{read.passage.text[part.start : share.end]}”：{part.value:,}占{base:,}为{computed}%"
    )
    add_finding(
        found,
        "narrative",
        "narrative.share",
        "violated",
        share.value,
        computed,
        ids_at(read, (index - 1, index)),
        message,
    )


def _decimals(words: str) -> int:
    found = re.search(r"\d+\.(\d+)", words)
    return len(found.group(1)) if found else 0


def growth_finding(
    read: Read, index: int, by_id: dict[str, Fact], facts: tuple[Fact, ...], found: list[Finding]
) -> None:
    """A count with an earlier one (or the increase) beside it, then growth in percent."""
    text, share = read.passage.text, read.figures[index]
    sentence_at = max(text.rfind(mark, 0, share.start) for mark in "。；") + 1
    rise = _RISE.search(text[max(sentence_at, share.start - 8) : share.start])
    if not rise or share.qualifier or not _COMPARED.search(text[sentence_at : share.start]):
        return
    now, before = _now_and_before(read, index, sentence_at, by_id, facts)
    if now is None or before is None or not before.value:
        return
    sign = -1 if rise["down"] else 1
    computed = 100 * (now.value - before.value) / before.value * sign
    low = 100 * (now.low - before.high) / max(before.high, 1e-9) * sign
    high = 100 * (now.high - before.low) / max(before.low, 1e-9) * sign
    slack = max(0.05, 1.001 * 10 ** -_decimals(text[share.start : share.unit_start]))
    fits = min(low, high) - slack <= share.value <= max(low, high) + slack
    digits = max(2, _decimals(text[share.start : share.unit_start]))
    words = text[
        max(
            sentence_at, clause_start(text, share.start - 45, 0) if share.start > 45 else 0
        ) : share.end
    ]
    message = f"“{words}”：由{before.value:,}到{now.value:,}，变动{round(computed, digits)}%"
    ids = ids_at(read, (*_counts_before(read, index, sentence_at), index))
    add_finding(
        found,
        "narrative",
        "narrative.growth",
        "holds" if fits else "violated",
        share.value,
        round(computed, digits),
        ids,
        message,
    )


def _now_and_before(
    read: Read, index: int, floor: int, by_id: dict[str, Fact], facts: tuple[Fact, ...]
) -> tuple[Figure | Fact | None, Figure | Fact | None]:
    """The two counts that a growth rate compares; None where the sentence does not give them."""
    text = read.passage.text
    counts = _counts_before(read, index, floor)
    if not counts:
        return None, None
    leading = {
        i: text[max(floor, read.figures[i].start - 12) : read.figures[i].start] for i in counts
    }
    change = next(
        (
            i
            for i in reversed(counts)
            if re.search(r"(?:增加|减少|多|少|增长|下降)(?:了)?$", leading[i])
        ),
        None,
    )
    earlier = next(
        (i for i in counts if i != change and _is_earlier(text, read.figures[i].start, floor)), None
    )
    others = [i for i in counts if i not in (change, earlier)]
    if earlier is not None:
        later = [
            i
            for i in counts
            if i > earlier
            and re.search(r"(?:到|至|为)(?:了)?(?:20\d\d年的?|今年的?|本年的?)?$", leading[i])
        ]
        alike = [
            i
            for i in others
            if i < earlier and metric_at(read, i, by_id) == metric_at(read, earlier, by_id)
        ]
        now = (
            later[0]
            if later
            else alike[-1]
            if alike and metric_at(read, earlier, by_id) != "other"
            else None
        )
        return (read.figures[now] if now is not None else None), read.figures[earlier]
    if (
        change is not None
        and others
        and others[-1] < change
        and read.figures[others[-1]].unit == read.figures[change].unit
    ):
        current, moved = read.figures[others[-1]], read.figures[change]
        if not current.exact or not moved.exact:
            return None, None
        sign = -1 if re.search(r"减少|少|下降", leading[change]) else 1
        value = current.value - sign * moved.value
        return current, _same(current, value)
    now = others[-1] if others else None
    if now is None or index - now > 1:
        return None, None
    return read.figures[now], _restated(read, now, by_id, facts)


def _counts_before(read: Read, index: int, floor: int) -> list[int]:
    """The counts of a sentence before its growth rate; those of a closed bracket (331件（含上年度
    结转5件），比2019年增加47件) are not compared."""
    text, figures = read.passage.text, read.figures
    return [
        i
        for i in range(index)
        if figures[i].start >= floor
        and figures[i].unit not in ("%", "个百分点", "倍")
        and not _bracketed(text[figures[i].end : figures[index].start])
    ]


def _bracketed(between: str) -> bool:
    """Whether a bracket closes between two figures that opened before the first."""
    return any(between.count(close) > between.count(opened) for opened, close in ("（）", "()"))


_OF_BEFORE = re.compile(r"(?:由|从|较|比|上年的?|去年的?|上年同期的?|20\d\d年的?|同期的?)$")
_SINCE = re.compile(r"(?:由|从|较|比|上年|去年|同期)[^，。]{0,14}$")


def _is_earlier(text: str, at: int, floor: int) -> bool:
    """Whether the figure at `at` is the one compared with (比2016年的610件, 由9件)."""
    return bool(
        _OF_BEFORE.search(text[max(floor, at - 12) : at])
        and _SINCE.search(text[max(floor, at - 16) : at])
    )


def _same(figure: Figure, value: Number) -> Figure:
    return replace(figure, value=value, low=value, high=value)


def _restated(read: Read, now: int, by_id: dict[str, Fact], facts: tuple[Fact, ...]) -> Fact | None:
    """Last year's figure for the same metric, where the report gives it elsewhere."""
    ids = read.by_figure.get(now, ())
    fact = by_id[ids[0]] if ids else None
    if fact is None or fact.metric == "other" or fact.year is None or fact.subject is not None:
        return None
    earlier = [
        f
        for f in facts
        if f.metric == fact.metric
        and f.year == fact.year - 1
        and f.subject is None
        and f.basis == "total"
    ]
    return earlier[0] if len(earlier) == 1 else None
