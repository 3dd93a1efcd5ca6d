"""What was left standing when last year's report was taken as the model of this year's."""

from __future__ import annotations

import re

from nlp.between.figures import Given, cell_of, given, is_whole, number, of_fact, tabled
from nlp.between.records import Comparison, Pair, Side, YearlyReport
from nlp.metrics import name
from nlp.output.columns import one_line
from nlp.records import Cell, Fact, Number

STALE = "years.stale"
PERIOD = "years.stale_period"
SENTENCE = "years.copied_sentence"
TABLE = "years.copied_table"

# What stays the same for years: staff, offices, accounts, documents in force.
_STANDING = re.compile(
    r"^(?:staff|organisation|media|fund)\.|\.(?:in_force|cumulative|previous|followers)$|rate$"
)
_YEAR = re.compile(r"(?:19|20)\d\d年")
_BLANK = re.compile(r"\s+")
_LEAST_LETTERS = 12
_LARGE = 20  # a figure that two years do not share by chance
_LEAST_CELLS = 6
_MOST_QUOTED = 60


def stale(pair: Pair) -> list[Comparison]:
    """Prose that differs from this year's table and has last year's figure instead."""
    facts = {fact.id: fact for fact in pair.later.facts}
    found = []
    for check in pair.later.checks:
        if check.verdict != "mismatch" or not check.stated:
            continue
        told = [facts[id_] for id_ in check.facts if id_ in facts]
        old = next((one for one in told if one.value == check.stated), None)
        last = next(
            (one for one in given(pair.earlier, check.metric) if _same(one, check.stated)), None
        )
        now = tabled(pair.later, check.metric)
        if old is None or last is None or now is None or now.agrees(last):
            continue
        if _names_last_year(pair, old):
            continue
        message = (
            f"{name(check.metric)}：正文{of_fact(old).words}与本年表格{number(check.table)}不符，"
            f"却与{pair.earlier.year}年度报告的{last.words}相同，可能沿用了旧数"
        )
        side = Side(check.stated, of_fact(old).words, (*check.facts, *check.cells))
        before = Side(check.table, last.words, last.evidence)
        # The difference itself stands within one report, so nothing between the two excuses it.
        undoubted = Pair(pair.earlier, pair.later)
        found.append(
            undoubted.relation(STALE, side, before, message, holds=False, metric=check.metric)
        )
    return found


def _names_last_year(pair: Pair, fact: Fact) -> bool:
    """2023年全年收到申请136件: not left over, but told of last year."""
    return bool(
        re.search(rf"{pair.earlier.year}年|上一?年|去年", pair.later.sentences.get(fact.id, ""))
    )


def _same(one: Given, value: Number) -> bool:
    return one.value == value and one.low == one.high


def stale_period(pair: Pair) -> list[Comparison]:
    """统计期限为2023年1月1日至12月31日, in the report on 2024 as in that on 2023."""
    period, before = pair.later.report.period, pair.earlier.report.period
    if period is None or period != before or int(period[1][:4]) != pair.earlier.year:
        return []
    printed = f"{period[0]}至{period[1]}"
    message = (
        f"统计期限为{printed}，与{pair.earlier.year}年度报告相同，而报告年度是{pair.later.year}年"
    )
    sides = Side(pair.earlier.year, printed), Side(pair.later.year, printed)
    return [Pair(pair.earlier, pair.later).relation(PERIOD, *sides, message, holds=False)]


def copied_sentences(pair: Pair) -> list[Comparison]:
    """Sentences that stand in both reports word for word, their figures included."""
    before = _sentences(pair.earlier)
    found = []
    for words, facts in _sentences(pair.later).items():
        if words in before and _is_telling(facts):
            quoted = pair.later.sentences[facts[0].id]
            figures = "、".join(dict.fromkeys(of_fact(fact).words for fact in facts))
            message = f"这句话与{pair.earlier.year}年度报告逐字相同，数字也相同：{figures}，请核对是否本年数字"
            now = Side(None, _short(quoted), tuple(fact.id for fact in facts))
            earlier = pair.earlier.sentences[before[words][0].id]
            then = Side(None, _short(earlier), tuple(fact.id for fact in before[words]))
            found.append(pair.note(SENTENCE, now, then, message))
    return found


def _sentences(one: YearlyReport) -> dict[str, list[Fact]]:
    """The facts of each sentence, by its words without the year and blanks."""
    found: dict[str, list[Fact]] = {}
    for fact in one.facts:
        words = _YEAR.sub("年", _BLANK.sub("", one.sentences.get(fact.id, "")))
        if len(words) >= _LEAST_LETTERS and is_whole(fact) and fact.year == one.year:
            found.setdefault(words, []).append(fact)
    return found


def _is_telling(facts: list[Fact]) -> bool:
    """Whether the figures would differ from year to year: one large, or two that are not alike."""
    values = {
        of_fact(fact).value
        for fact in facts
        if fact.value > 1 and not _STANDING.search(fact.metric)
    }
    return len(values) > 1 or any(value >= _LARGE for value in values)


def copied_table(pair: Pair) -> list[Comparison]:
    """All of the requests and replies of one year in the other's table again."""
    now = [cell for cell in pair.later.cells if _counts(cell)]
    before = [cell_of(pair.earlier, cell.metric, cell.applicant) for cell in now]
    filled = [cell for cell in now if cell.value]
    if len(filled) < _LEAST_CELLS or max(cell.value or 0 for cell in filled) < _LARGE:
        return []
    same = [old for cell, old in zip(now, before, strict=True) if old and old.value == cell.value]
    if len(same) < len(now):
        return []
    message = (
        f"依申请公开各行与{pair.earlier.year}年度的表格完全相同（{number(len(filled))}格不为零），"
        "请核对是否本年数字"
    )
    sides = Side(None, "", tuple(c.id for c in filled)), Side(None, "", tuple(c.id for c in same))
    return [pair.note(TABLE, *sides, message)]


def _counts(cell: Cell) -> bool:
    return cell.metric.startswith(("request.", "reply."))


def _short(words: str) -> str:
    words = one_line(words)
    return words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}…"
