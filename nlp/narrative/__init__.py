"""What the running text lets one compute: sums of parts, shares, growth."""

from __future__ import annotations

import re

from nlp.facts import Read
from nlp.findings import add_finding, ids_at, words_before
from nlp.narrative.applications import application_findings
from nlp.narrative.growth import growth_finding
from nlp.narrative.parts import divisions_of, parts_finding
from nlp.narrative.shares import share_finding
from nlp.numerals import tidy
from nlp.records import Cell, Fact, Finding, FindingVerdict, Number, Report
from nlp.structure import divisions

# what of the information is divided: some bodies' only, or one channel's
_OF_SOME = re.compile(
    r"(?:^|[，。；：])(?:在|从|其中，?|对)?(?!我|本|全|各级|所|主动|20\d\d|公开|发布)[^，。；：]{2,40}(?<!主动)(?<!累计)(?<!共)(?:主动)?(?:公开|发布|公布|产生|报送|上传|登载)的?(?:各类|全部)?(?:政府|政务)?信息(?:中|里|内|按[^，。]{2,8}分)[，：,:]"
)


def narrative_findings(
    facts: tuple[Fact, ...],
    reads: tuple[Read, ...],
    cells: tuple[Cell, ...],
    report: Report,
    found: list[Finding],
) -> None:
    """Add to `found` the sums, shares and growth that the running text states and lets one compute."""
    by_id = {fact.id: fact for fact in facts}
    for read in reads:
        tested: set[tuple[int, ...]] = set()
        for one in read.lists:
            for parts in divisions_of(read, one, by_id):
                if (one.total, *parts) not in tested:
                    tested.add((one.total, *parts))
                    parts_finding(read, one, parts, by_id, cells, found)
        application_findings(read, by_id, cells, report, found)
        _categories(read, facts, by_id, report, found)
        for index, figure in enumerate(read.figures):
            if figure.unit in ("%", "％"):
                share_finding(read, index, by_id, facts, cells, found)
                growth_finding(read, index, by_id, facts, found)


def _categories(
    read: Read,
    facts: tuple[Fact, ...],
    by_id: dict[str, Fact],
    report: Report,
    found: list[Finding],
) -> None:
    """主要类别有：机构职能类9条，…其他信息5条: a full list whose total stands elsewhere."""
    taken = {index for one in read.lists for index in one.parts}
    run = [i for i, f in enumerate(read.figures) if f.unit == "条" and i not in taken]
    if len(run) < 4 or run != list(range(run[0], run[-1] + 1)):
        return
    words = [words_before(read, index) for index in run]
    if sum("类" in word for word in words) < 3 or not divisions.is_rest(words[-1]):
        return
    at = read.passage.offsets[0]
    computed = tidy(sum(read.figures[i].value for i in run))
    total = _divided(read, run[0], [fact for fact in facts if fact.end <= at], computed, report)
    if total is None:
        return
    verdict: FindingVerdict = "holds" if total.low <= computed <= total.high else "violated"
    message = f"“{total.text}”，而所列各类（含其他）合计{computed:,}"
    add_finding(
        found,
        "narrative",
        "narrative.categories",
        verdict,
        total.value,
        computed,
        (total.id, *ids_at(read, run)),
        message,
    )


def _divided(
    read: Read, first: int, before: list[Fact], computed: Number, report: Report
) -> Fact | None:
    """The total that the categories divide: the report's last one, or that of a part of its bodies
    (在市直部门公开的信息中，…), which may be another's."""
    totals = [one for one in before if _is_own_total(one, report)]
    if not _OF_SOME.search(read.passage.text[: read.figures[first].start]):
        return totals[-1] if totals else None
    every = [
        one for one in before
        if one.metric == "disclosure.total" and one.year == report.year and one.low <= computed <= one.high
    ]  # fmt: skip
    return every[-1] if every else None


def _is_own_total(fact: Fact, report: Report) -> bool:
    own = fact.subject is None and fact.year == report.year
    return own and fact.metric == "disclosure.total" and fact.basis == "total"
