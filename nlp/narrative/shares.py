"""Shares in the prose (占 p%), against the counts beside them."""

from __future__ import annotations

import re

from nlp.facts import Read
from nlp.findings import add_finding, decimals, ids_at, metric_at
from nlp.records import Cell, Fact, Figure, Finding, Number

_SHARE = re.compile(
    r"^[，,（(]?(?:约)?(?:占比?|所占比例|比例|占比重)(?:约|为|达|达到|是)?(?:[^，。；：、（）\d]{0,10}?的)?(?:比例|比重)?(?:约|为|达|达到)?$"
)
_WHOLES = ("reply.total", "request.received", "disclosure.total")


def share_finding(
    read: Read,
    index: int,
    by_id: dict[str, Fact],
    facts: tuple[Fact, ...],
    cells: tuple[Cell, ...],
    found: list[Finding],
) -> None:
    """A count, then 占 p%: the base is the total whose part the count is, the total that the other
    shares of the sentence have in common, or what its metric is a part of."""
    if not _is_share(read, index):
        return
    share, part = read.figures[index], read.figures[index - 1]
    totals = _totals(facts, cells)
    base, sure = _base(read, index, by_id, facts, cells)
    near = [] if sure else [*_bases_near(read, index), *totals]
    ids = ids_at(read, (index - 1, index))
    if (base and _agrees(part, base, share, read, 1)) or any(
        _agrees(part, one, share, read, 0.5) for one in near
    ):
        add_finding(
            found, "narrative", "narrative.share", "holds", share.value, share.value, ids, "占比"
        )
        return
    if not base or share.qualifier or part.value > base:
        return
    digits = decimals(read.passage.text[share.start : share.unit_start])
    computed = round(100 * part.value / base, max(2, digits))
    words = read.passage.text[part.start : share.end]
    message = f"“{words}”：{part.value:,}占{base:,}为{computed}%"
    add_finding(
        found, "narrative", "narrative.share", "violated", share.value, computed, ids, message
    )


def _is_share(read: Read, index: int) -> bool:
    if not index:
        return False
    share, part = read.figures[index], read.figures[index - 1]
    between = read.passage.text[part.end : share.start]
    return bool(
        _SHARE.match(between)
        and share.unit in ("%", "％")
        and part.unit not in ("%", "％", "个百分点")
        and share.value <= 100
    )


def _agrees(part: Figure, base: Number, share: Figure, read: Read, units: float) -> bool:
    """Whether a share is right to so many units of its last digit (it may be rounded, or cut off)."""
    if not base or part.value > base:
        return False
    digits = decimals(read.passage.text[share.start : share.unit_start])
    slack: float = 1.001 * units * 10**-digits
    return 100 * part.low / base - slack <= share.value <= 100 * part.high / base + slack


def _base(
    read: Read, index: int, by_id: dict[str, Fact], facts: tuple[Fact, ...], cells: tuple[Cell, ...]
) -> tuple[Number | None, bool]:
    """What a share is a share of, and whether nothing else can be meant."""
    own = next((one.total for one in read.lists if index - 1 in one.parts), None)
    listed = read.figures[own].value if own is not None else None
    start, stop = _sentence(read, index)
    beside = [
        i for i in range(1, len(read.figures))
        if i != index and start <= read.figures[i].start < stop and _is_share(read, i)
    ]  # fmt: skip
    candidates = dict.fromkeys(
        [*([listed] if listed else []), *_totals(facts, cells), *_bases_near(read, index)]
    )
    for base in candidates:
        if len(beside) >= 2 and all(
            _agrees(read.figures[i - 1], base, read.figures[i], read, 1) for i in beside
        ):
            return base, True
    if listed:
        return listed, any(
            _agrees(read.figures[i - 1], listed, read.figures[i], read, 0.5) for i in beside
        )
    metric = metric_at(read, index - 1, by_id)
    known = _of_metric(metric, facts, cells)
    if known and any(
        metric_at(read, i - 1, by_id).split(".")[0] == metric.split(".")[0]
        and _agrees(read.figures[i - 1], known, read.figures[i], read, 0.5)
        for i in beside
    ):
        return known, True
    if known is None and len(beside) == 1:
        i = beside[0]
        metrics = {metric_at(read, one - 1, by_id).split(".")[0] for one in (i, index)}
        totals = [
            base for base in _totals(facts, cells)
            if len(metrics) == 1 and _agrees(read.figures[i - 1], base, read.figures[i], read, 0.5)
        ]  # fmt: skip
        known = totals[0] if totals else None
    return known, False


def _sentence(read: Read, index: int) -> tuple[int, int]:
    text, at = read.passage.text, read.figures[index].start
    end = text.find("。", at)
    return text.rfind("。", 0, at) + 1, end if end >= 0 else len(text)


def _bases_near(read: Read, index: int) -> list[Number]:
    """The counts of the sentence and of the two before it."""
    start, stop = _sentence(read, index)
    for _ in range(2):
        start = read.passage.text.rfind("。", 0, max(0, start - 1)) + 1
    return [
        figure.value
        for i, figure in enumerate(read.figures)
        if i != index - 1 and start <= figure.start < stop
        and figure.unit not in ("%", "％", "个百分点") and figure.value
    ]  # fmt: skip


def _totals(facts: tuple[Fact, ...], cells: tuple[Cell, ...]) -> list[Number]:
    """The totals that shares are usually of."""
    table = {c.metric: c.value or 0 for c in cells if c.applicant in (None, "total")}
    totals = [fact.value for fact in facts if fact.metric in _WHOLES]
    totals += [cell.value for cell in cells if cell.applicant == "total" and cell.value]
    totals += [table[metric] for metric in _WHOLES if metric in table]
    totals.append(table.get("request.received", 0) + table.get("request.carried_in", 0))
    return [total for total in totals if total]


def _of_metric(metric: str, facts: tuple[Fact, ...], cells: tuple[Cell, ...]) -> Number | None:
    """The total of the family, where the report gives a single one."""
    if metric.startswith("reply.") and metric != "reply.total":
        whole = "reply.total"
    elif metric.startswith("request.received_"):
        whole = "request.received"
    else:
        return None
    stated = [f for f in facts if f.metric == whole and f.subject is None]
    latest = max((f.year for f in stated if f.year), default=None)  # 上年的287件 is no base
    exact = {f.value for f in stated if f.basis == "total" and f.low == f.high and f.year == latest}
    printed = {c.value for c in cells if c.metric == whole and c.applicant in (None, "total")}
    values = {value for value in exact | printed if value}
    if whole == "reply.total":
        return stated[0].value if stated else max(values, default=None)
    return values.pop() if len(values) == 1 else None


def shares_fill(read: Read, parts: tuple[int, ...]) -> bool:
    """县直部门2761条，占64%；各乡镇1551条，占36%: shares that make the whole."""
    shares = []
    for index in parts:
        following = read.figures[index + 1] if index + 1 < len(read.figures) else None
        between = read.passage.text[read.figures[index].end : following.start] if following else ""
        if following is None or following.unit not in ("%", "％") or "占" not in between[:6]:
            return False
        shares.append(following.value)
    return abs(sum(shares) - 100) <= 0.1 * len(shares) or sum(shares) == 100
