"""All reports of one agency: which stand for which year, which are compared, what that comes to.

Several reports of one year are versions of one report (a correction), or else the name is that of
several bodies. Consecutive years are compared, and figures of years further back. What a corrected
report says now is held against all that the year before has said: a relation is violated only if
no two versions satisfy it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product

from nlp.between.agencies import agency_of
from nlp.between.carried import carried
from nlp.between.copied import copied_sentences, copied_table, stale, stale_period
from nlp.between.promises import plans, repeated, same_items, targets
from nlp.between.records import Comparison, Pair, Side, YearlyReport
from nlp.between.restated import RULE as RESTATED
from nlp.between.restated import restated
from nlp.between.stocks import in_force, listed_items
from nlp.metrics import name

GAP = "years.missing"
VERSIONS = "years.versions"
SAME_NAME = "years.same_name"
_SHORTEST = 200  # days; a quarter is no year, the last eight months of 2008 are
_MOST_VERSIONS, _MOST_NAMED = 3, 5
_NOTHING = Side()
_LEAST_SHARED, _LEAST_EQUAL = 3, 0.5
_KINDEST = ("holds", "note", "unverifiable", "violated")
_GRAVEST = ("violated", "unverifiable", "note", "holds")
_REFORM = "其间有机构改革，统计制度也有变化"
_AMBIGUOUS = "同名的报告不止一份，内容差别很大，未必是同一机关"
_GUESSED = "有一份报告没有标题和统计期限，年度是推断的"
_NOT_ADJOINING = "两份报告的统计期限不相接"

Years = Mapping[int, Sequence[YearlyReport]]


def compare_years(reports: Iterable[YearlyReport]) -> tuple[Comparison, ...]:
    """Everything to say between the reports of one agency, by year.

    The reports are taken to be of one body (`agencies.agency_of` gives them one key). Reports
    without a year are passed over; the order in which the reports come makes no difference.
    """
    years = versions_by_year(reports)
    ambiguous = any(not _alike(a, b) for group in years.values() for a, b in pairwise(group))
    found = _on_versions(years)
    since: dict[str, int] = {}
    for before, year in pairwise(sorted(years)):
        if year - before == 1:
            found += _consecutive(years[before], years[year], ambiguous=ambiguous)
            newest = _pair(years[before][0], years[year][0], ambiguous=ambiguous)
            found += repeated(newest, "problem", since) + repeated(newest, "plan")
            since = _first_years(newest, since)
        else:
            found.append(_gap(years[before][0], years[year][0]))
            since = {}
    found += _further_back(years, ambiguous=ambiguous)
    return tuple(
        sorted(found, key=lambda one: (one.year, -one.other_year, _GRAVEST.index(one.verdict)))
    )


def versions_by_year(reports: Iterable[YearlyReport]) -> dict[int, list[YearlyReport]]:
    """The reports of each year, the latest published first, never more than three. Reports on
    a quarter stand back where there is one on the year."""
    years: dict[int, dict[str, YearlyReport]] = defaultdict(dict)
    for one in reports:
        if one.report.year is not None:
            years[one.year][one.key] = one
    found = {}
    for year, group in years.items():
        by_key = sorted(group.values(), key=lambda one: one.key)
        newest = sorted(by_key, key=lambda one: one.report.published or "", reverse=True)
        whole = [one for one in newest if _days(one) >= _SHORTEST]
        found[year] = (whole or newest)[:_MOST_VERSIONS]
    return found


def _consecutive(
    before: Sequence[YearlyReport], now: Sequence[YearlyReport], *, ambiguous: bool
) -> list[Comparison]:
    """Relations between any of the versions; what only the latest of this year says, and notes."""
    relations = [
        [*carried(pair), *in_force(pair), *listed_items(pair)]
        for b, a in product(_standing(now), before)
        for pair in [_pair(a, b, ambiguous=ambiguous)]
    ]
    newest = _pair(before[0], now[0], ambiguous=ambiguous)
    notes = [*copied_sentences(newest), *copied_table(newest), *targets(newest), *plans(newest)]
    return [
        *_kindest(relations),
        *_restated(before, now[0], ambiguous=ambiguous),
        *stale(newest),
        *stale_period(newest),
        *notes,
    ]


def _standing(group: Sequence[YearlyReport]) -> Sequence[YearlyReport]:
    """The version that counts, or all of them where no day of publication tells which it is."""
    days = [one.report.published for one in group]
    return group[:1] if None not in days and len(set(days)) == len(days) else group


def _restated(
    before: Sequence[YearlyReport], now: YearlyReport, *, ambiguous: bool
) -> list[Comparison]:
    return _kindest([restated(_pair(one, now, ambiguous=ambiguous)) for one in before])


def _kindest(relations: Sequence[Sequence[Comparison]]) -> list[Comparison]:
    """Of each relation the best outcome between any two versions."""
    found: dict[tuple[object, ...], Comparison] = {}
    for one in (one for every in relations for one in every):
        # a report may restate two figures of one metric; what it carries in is one figure
        key = (one.rule, one.metric, one.stated if one.rule == RESTATED else None)
        known = found.get(key)
        if known is None or _KINDEST.index(one.verdict) < _KINDEST.index(known.verdict):
            found[key] = one
    return list(found.values())


def _further_back(years: Years, *, ambiguous: bool) -> list[Comparison]:
    """Figures of years before the last one (由2021年的20件增至…) against those years' reports."""
    return [
        one
        for year, before in product(sorted(years), sorted(years))
        if before < year - 1
        for one in _restated(years[before], years[year][0], ambiguous=ambiguous)
    ]


def _pair(earlier: YearlyReport, later: YearlyReport, *, ambiguous: bool) -> Pair:
    return Pair(earlier, later, _AMBIGUOUS if ambiguous else _doubt(earlier, later))


def _doubt(earlier: YearlyReport, later: YearlyReport) -> str | None:
    """Why a difference between two years proves nothing. In 2018 departments were merged, in 2019
    those of counties as well, and the applicants' table was new."""
    if earlier.year < 2019 <= later.year:
        return _REFORM
    if earlier.year < 2018 <= later.year and not _governs(later):
        return _REFORM
    if any(one.report.title is None and one.report.period is None for one in (earlier, later)):
        return _GUESSED
    return None if _adjoin(earlier, later) else _NOT_ADJOINING


def _governs(one: YearlyReport) -> bool:
    agency = agency_of(one.report.agency)
    return agency is not None and agency.governs


def _adjoin(earlier: YearlyReport, later: YearlyReport) -> bool:
    """Whether no days lie between the periods. One that is not of the report's year is a slip of
    the pen (see `stale_period`), and says nothing about what was counted."""
    before, now = earlier.report.period, later.report.period
    if before is None or now is None or later.year - earlier.year != 1:
        return True
    if not all(period[1].startswith(f"{one.year}-") for period, one in ((before, earlier), (now, later))):  # fmt: skip
        return True
    first, last = _day(now[0]), _day(before[1])
    return first is None or last is None or abs(first - last) <= timedelta(days=2)


def _days(one: YearlyReport) -> int:
    """The length of the period, a year where none is printed."""
    ends = [_day(day) for day in one.report.period or ()]
    first, last = ends if len(ends) == 2 else (None, None)
    return (last - first).days + 1 if first and last else 365


def _day(text: str) -> date | None:
    """None for 2月30日."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _alike(one: YearlyReport, other: YearlyReport) -> bool:
    """Whether two reports of one year are versions of one: most figures that both give are the
    same. Two that share next to nothing are not taken for versions."""
    mine, its = _counted(one), _counted(other)
    shared = mine.keys() & its.keys()
    if len(shared) < _LEAST_SHARED:
        return False
    return sum(mine[key] == its[key] for key in shared) >= _LEAST_EQUAL * len(shared)


def _counted(one: YearlyReport) -> dict[tuple[str, str | None], float]:
    """Values other than zero: of cells, and of the prose where a metric has no cell."""
    values: dict[tuple[str, str | None], float] = {
        (fact.metric, None): fact.value
        for fact in one.facts
        if fact.subject is None and fact.year == one.year and fact.metric != "other"
    }
    values |= {key: cell.value for key, cell in one.table.items() if cell.value is not None}
    return {key: value for key, value in values.items() if value}


def _on_versions(years: Years) -> list[Comparison]:
    """A note for each further report of a year."""
    found = []
    for group in years.values():
        for other in group[1:]:
            pair = Pair(other, group[0])
            if not _alike(group[0], other):
                found.append(
                    pair.note(SAME_NAME, _NOTHING, _NOTHING, f"{_AMBIGUOUS}，未作年度间判断")
                )
                continue
            mine, its = _counted(group[0]), _counted(other)
            changed = dict.fromkeys(key[0] for key in mine if mine[key] != its.get(key))
            if changed:  # or else the same report in two files
                names = "、".join(name(metric) for metric in list(changed)[:_MOST_NAMED])
                message = f"同一年度有两份报告，{len(changed)}项指标不同：{names}"
                found.append(pair.note(VERSIONS, _NOTHING, _NOTHING, message))
    return found


def _gap(before: YearlyReport, after: YearlyReport) -> Comparison:
    missing = [str(year) for year in range(before.year + 1, after.year)]
    words = missing[0] if len(missing) == 1 else f"{missing[0]}至{missing[-1]}"
    message = f"缺{words}年度的报告，{before.year}与{after.year}年度之间的结转等关系无从核对"
    return Pair(before, after).note(GAP, _NOTHING, _NOTHING, message)


def _first_years(pair: Pair, since: Mapping[str, int]) -> dict[str, int]:
    """For the later report's problems that are not new: the year in which they first stood."""
    return {
        item.id: since.get(old.id, pair.earlier.year) for item, old in same_items(pair, "problem")
    }
