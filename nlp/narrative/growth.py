"""Growth in the prose (增长 p%), against this year's count and the earlier one."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.facts import Read
from nlp.findings import add_finding, decimals, ids_at, metric_at
from nlp.records import Fact, Figure, Finding, Number
from nlp.structure.sentences import clause_start

_RISE = re.compile(
    r"(?P<down>下降|减少|降低|回落|下滑|减)|(?P<up>增长|增加|上升|提高|提升|增幅|增)"
)
_COMPARED = re.compile(r"同比|较|比(?!例|重|较)|环比|增幅|上年|去年")
_CHANGE = re.compile(r"(?:增加|减少|多|少|增长|下降)(?:了)?$")
_REACHED = re.compile(r"(?:到|至|为)(?:了)?(?:20\d\d年的?|今年的?|本年的?)?$")
_OF_BEFORE = re.compile(
    r"(?:由|从|较|比|上一?年度?的?|去年度?的?|上一?年度?同期的?|20\d\d年的?|同期的?)$"
)
_SINCE = re.compile(r"(?:由|从|较|比|上一?年|去年|同期)[^，。]{0,14}$")
# 与2020年新收26件相比，增加5件; 上年是268条，多44条
_WITH_BEFORE = re.compile(
    r"(?:与|同|较)(?:20\d\d年|上年|去年)(?:度)?(?:的)?[^，。；\d]{0,6}$|(?:上年|去年)(?:同期)?(?:是|为|有|仅有?|只有)?$"
)
_CLOSE = 0.06  # percent: a rate printed with one decimal


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
    slack = max(0.05, 1.001 * 10 ** -decimals(text[share.start : share.unit_start]))
    fits = min(low, high) - slack <= share.value <= max(low, high) + slack
    if not fits and _fits_otherwise(read, _counts_before(read, index, sentence_at), share, by_id):
        return
    digits = max(2, decimals(text[share.start : share.unit_start]))
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


def _fits_otherwise(read: Read, counts: list[int], share: Figure, by_id: dict[str, Fact]) -> bool:
    """Whether the rate follows from another count of an earlier year: 2018年公开3954条，今年增加432条
    has its base first, 网站3846条，微博2214条，…，与2019年的6204条相比 the sum of a list. This year's
    count is no base: 638件，2019年为412件，增长35.4% stays wrong."""
    values = [read.figures[i].value for i in counts]
    years = [next((by_id[id_].year for id_ in read.by_figure.get(i, ())), None) for i in counts]
    latest = max((year for year in years if year is not None), default=0)
    earlier = [
        v for v, year in zip(values, years, strict=True) if year is not None and year < latest
    ]
    grown = {*values, sum(values), sum(values[1:])}
    grown |= {sum(values[:at]) for at in range(2, len(values))}
    return any(
        before and abs(abs(change / before) * 100 - share.value) <= _CLOSE
        for before in earlier
        for now in grown - {before}
        for change in ((now - before, now) if now in values else (now - before,))
    )


def _now_and_before(
    read: Read, index: int, floor: int, by_id: dict[str, Fact], facts: tuple[Fact, ...]
) -> tuple[Figure | Fact | None, Figure | Fact | None]:
    """The two counts that a growth rate compares; None where the sentence does not give them."""
    text, figures = read.passage.text, read.figures
    counts = _counts_before(read, index, floor)
    if not counts:
        return None, None
    leading = {i: text[max(floor, figures[i].start - 12) : figures[i].start] for i in counts}
    changes = [i for i in counts if _CHANGE.search(leading[i])]
    change = changes[-1] if changes else None
    earlier = next(
        (
            i for i in counts
            if i != change
            and (_is_earlier(text, figures[i].start, floor) or _of_last_year(read, i, counts, by_id))
        ),
        None,
    )  # fmt: skip
    others = [i for i in counts if i not in (change, earlier)]
    if earlier is not None:
        now = _after(read, earlier, counts, others, leading, by_id)
        if now is None and change is not None and counts[-1] == change:
            moved, base = figures[change], figures[earlier]
            if moved.unit == base.unit and moved.exact and base.exact:
                fewer = re.search(r"减少|少|下降", leading[change])
                return _same(base, base.value + (-moved.value if fewer else moved.value)), base
        if counts[-1] in (now, earlier, change):
            return (figures[now] if now is not None else None), figures[earlier]
        others, change = [counts[-1]], None  # the rate is of another figure that follows
    if change is not None and others and others[-1] < change:
        current, moved = figures[others[-1]], figures[change]
        if current.unit == moved.unit:
            if not current.exact or not moved.exact:
                return None, None
            sign = -1 if re.search(r"减少|少|下降", leading[change]) else 1
            return current, _same(current, current.value - sign * moved.value)
    if not others or index - others[-1] > 1:
        return None, None
    return figures[others[-1]], _restated(read, others[-1], by_id, facts)


def _after(
    read: Read, earlier: int, counts: list[int], others: list[int], leading: dict[int, str],
    by_id: dict[str, Fact],
) -> int | None:  # fmt: skip
    """The count that is compared with an earlier one: to which it rose, or the same one before it."""
    later = [i for i in counts if i > earlier and _REACHED.search(leading[i])]
    if later:
        return later[0]
    metric = metric_at(read, earlier, by_id)
    alike = [i for i in others if i < earlier and metric_at(read, i, by_id) == metric]
    return alike[-1] if alike and metric != "other" else None


def _of_last_year(read: Read, index: int, counts: list[int], by_id: dict[str, Fact]) -> bool:
    """Whether the same is counted of the year after (公开3416条，2011年为2958条)."""
    own = next((by_id[id_] for id_ in read.by_figure.get(index, ())), None)
    if own is None or own.year is None or not counts or index == counts[0]:
        return False
    words = read.passage.text[max(0, read.figures[index].start - 10) : read.figures[index].start]
    if f"{own.year}年" not in words:
        return False
    others = [by_id[id_] for i in counts if i < index for id_ in read.by_figure.get(i, ())[:1]]
    return any(
        one.metric == own.metric and one.metric != "other" and one.year == own.year + 1
        for one in others
    )


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


def _is_earlier(text: str, at: int, floor: int) -> bool:
    """Whether the figure at `at` is the one compared with (比2016年的610件, 由9件)."""
    return bool(
        _OF_BEFORE.search(text[max(floor, at - 12) : at])
        and _SINCE.search(text[max(floor, at - 16) : at])
    ) or bool(_WITH_BEFORE.search(text[max(floor, at - 16) : at]))


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
