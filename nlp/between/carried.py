"""上年结转 of one year against 结转下年度 of the year before, of the tables or else of the prose."""

from __future__ import annotations

from nlp.arithmetic import APPLICANTS
from nlp.between.figures import Given, cell_of, distinct, number, tabled, told
from nlp.between.records import Comparison, Pair, Side, YearlyReport
from nlp.records import Cell, Number

RULE = "years.carried"
BY_APPLICANT = "years.carried.applicants"
_IN, _OUT = "request.carried_in", "request.carried_out"
_BLANK = "有一年的表格留空"
_COLUMNS = {
    "natural_person": "自然人", "company": "商业企业", "research_institute": "科研机构",
    "social_organisation": "社会公益组织", "legal_service": "法律服务机构", "other": "其他",
}  # fmt: skip


def carried(pair: Pair) -> list[Comparison]:
    """The relation of the totals, and of the applicants' columns where the totals agree."""
    later, earlier = tabled(pair.later, _IN), tabled(pair.earlier, _OUT)
    if later and earlier:
        holds = later.agrees(earlier)
        return [_compared(pair, later, earlier), *(_columns(pair) if holds else [])]
    from_prose = _of_prose(pair)
    return [from_prose] if from_prose else _blank(pair, later, earlier)


def _compared(pair: Pair, later: Given, earlier: Given, doubt: str | None = None) -> Comparison:
    holds = later.agrees(earlier)
    message = (
        f"{pair.later.year}年度上年结转{number(later.value)}件，"
        f"{pair.earlier.year}年度结转下年度{number(earlier.value)}件"
    )
    if not holds:
        message += _hint(pair, later.value)
    return pair.relation(
        RULE, later.side, earlier.side, message, holds=holds, metric=_IN, doubt=doubt
    )


def _hint(pair: Pair, value: Number) -> str:
    """What the other year's report says that would explain the value."""
    before = tabled(pair.earlier, _IN)
    if value and before and before.value == value:
        return f"（与{pair.earlier.year}年度的上年结转数相同，可能沿用了旧数）"
    prose = [one for one in told(pair.earlier, _OUT, pair.earlier.year) if one.value == value]
    if prose:
        return f"（{pair.earlier.year}年度正文为{prose[0].words}）"
    columns = [
        _COLUMNS[a]
        for a in APPLICANTS
        if _value(pair.later, _IN, a) != _value(pair.earlier, _OUT, a)
    ]
    return f"（不同的列：{'、'.join(columns)}）" if columns else ""


def _columns(pair: Pair) -> list[Comparison]:
    """Totals agree, columns do not: a request may have been put down to another kind of
    applicant in the meantime, so this is only shown."""
    cells = [(cell_of(pair.later, _IN, a), cell_of(pair.earlier, _OUT, a)) for a in APPLICANTS]
    differing: list[tuple[Cell, Cell]] = [
        (now, before)
        for now, before in cells
        if now and before and None not in (now.value, before.value) and now.value != before.value
    ]
    if not differing:
        return []
    told_apart = "，".join(
        f"{_COLUMNS[now.applicant or '']}{number(before.value)}变为{number(now.value)}"
        for now, before in differing
    )
    now = Side(None, "", tuple(cell.id for cell, _ in differing))
    before = Side(None, "", tuple(cell.id for _, cell in differing))
    message = f"结转总数相同，申请人分列不同：{told_apart}，可能作过重新归类"
    return [pair.note(BY_APPLICANT, now, before, message, _IN)]


def _of_prose(pair: Pair) -> Comparison | None:
    """Where a table is missing or blank: the one figure that the prose gives instead."""
    later = _one(pair.later, _IN)
    earlier = _one(pair.earlier, _OUT)
    if later is None or earlier is None:
        return None
    certain = later.certain and earlier.certain
    doubt = None if certain else "正文的说法不够明确"
    return _compared(pair, later, earlier, doubt)


def _one(one: YearlyReport, metric: str) -> Given | None:
    """The table's value, or the prose's if it gives no two."""
    table = tabled(one, metric)
    if table:
        return table
    values = told(one, metric, one.year)
    return values[0] if values and not distinct(values) else None


def _blank(pair: Pair, later: Given | None, earlier: Given | None) -> list[Comparison]:
    """A blank is no zero: where the other year prints a number, nothing can be said."""
    printed = later or earlier
    if not printed or not printed.value:
        return []
    now = cell_of(pair.later, _IN)
    before = cell_of(pair.earlier, _OUT)
    if now is None or before is None:
        return []
    message = (
        f"{pair.later.year}年度上年结转{number(now.value)}，"
        f"{pair.earlier.year}年度结转下年度{number(before.value)}"
    )
    sides = (Side(now.value, "", (now.id,)), Side(before.value, "", (before.id,)))
    return [pair.relation(RULE, *sides, message, holds=False, metric=_IN, doubt=_BLANK)]


def _value(one: YearlyReport, metric: str, applicant: str) -> Number | None:
    cell = cell_of(one, metric, applicant)
    return cell.value if cell else None
