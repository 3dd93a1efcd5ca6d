"""How requests came in and who sent them, where their total stands in a sentence before.

共收到申请312件，比上年增长13%。从渠道看，网络214件，信函71件，当面33件: no 其中 joins the list to its
total, but each request came in one way and from one applicant, so the parts cannot exceed it.
"""

from __future__ import annotations

from itertools import groupby, pairwise

from nlp.facts import Read
from nlp.findings import add_finding, ids_at, metric_at
from nlp.narrative.kinds import APPLICANTS, PAIRS, WAYS_TO_APPLY, kind_of
from nlp.numerals import tidy
from nlp.records import Cell, Fact, Finding, FindingVerdict, Number, Report

_TOTAL = "request.received"
_COUNTED_ALSO = ("request.received", "request.carried_in", "reply.total", "request.closed")


def application_findings(
    read: Read,
    by_id: dict[str, Fact],
    cells: tuple[Cell, ...],
    report: Report,
    found: list[Finding],
) -> None:
    """Add the ways to apply, and the applicants, that no list has joined to their total."""
    listed = {index for one in read.lists for index in (*one.parts, *one.rest)}
    for run in _runs(read, by_id, report):
        total = _total_before(read, run[0], by_id, report)
        if total is None or listed & set(run):
            continue
        metrics = {metric_at(read, index, by_id) for index in run}
        values = [read.figures[index].value for index in run]
        computed = tidy(sum(values))
        verdict = _verdict(total.value, computed, metrics, _known(read, run[0], by_id, cells))
        if verdict is None:
            continue
        words = read.passage.text[read.figures[run[0]].start : read.figures[run[-1]].end]
        message = f"“{total.text}”，而“{words}”合计{computed:,}"
        ids = (total.id, *ids_at(read, run))
        add_finding(
            found, "narrative", "narrative.parts", verdict, total.value, computed, ids, message
        )


def _verdict(
    total: Number, computed: Number, metrics: set[str], known: set[Number]
) -> FindingVerdict | None:
    if computed == total:
        return "holds"
    if computed in known:
        return None  # with last year's, or of those that were answered
    return "violated" if computed > total or metrics in PAIRS else None


def _runs(read: Read, by_id: dict[str, Fact], report: Report) -> list[list[int]]:
    """Two or more exact parts of one kind behind each other in a sentence, each of another metric."""
    text, figures = read.passage.text, read.figures
    own = [
        index
        for index, figure in enumerate(figures)
        if figure.exact and kind_of(metric_at(read, index, by_id)) in (WAYS_TO_APPLY, APPLICANTS)
        and _is_own(by_id[read.by_figure[index][0]], report)
    ]  # fmt: skip
    step = {
        after: any(mark in text[figures[before].end : figures[after].start] for mark in "。；")
        for before, after in pairwise(own)
    }
    sentence = 0
    placed = []
    for index in own:
        sentence += step.get(index, False)
        placed.append((sentence, kind_of(metric_at(read, index, by_id)), index))
    runs = [[index for *_, index in run] for _, run in groupby(placed, key=lambda one: one[:2])]
    return [
        run for run in runs
        if len(run) > 1 and len({metric_at(read, index, by_id) for index in run}) == len(run)
    ]  # fmt: skip


def _total_before(read: Read, first: int, by_id: dict[str, Fact], report: Report) -> Fact | None:
    """The requests received, as the passage counts them before the parts, where it does so once."""
    totals = [
        by_id[id_]
        for index in range(first)
        for id_ in read.by_figure.get(index, ())
        if by_id[id_].metric == _TOTAL and _is_own(by_id[id_], report)
    ]
    alone = len({fact.value for fact in totals}) == 1
    return totals[0] if alone and totals[0].low == totals[0].high else None


def _known(read: Read, first: int, by_id: dict[str, Fact], cells: tuple[Cell, ...]) -> set[Number]:
    """What else the parts may add up to: any count before them, and the table's totals."""
    table = {c.metric: c.value or 0 for c in cells if c.applicant in (None, "total")}
    carried = [fact.value for fact in by_id.values() if fact.metric == "request.carried_in"]
    carried.append(table.get("request.carried_in", 0))
    received = [fact.value for fact in by_id.values() if fact.metric == _TOTAL]
    received.append(table.get(_TOTAL, 0))
    sums = {one + other for one in received for other in carried if other}
    before = {figure.value for figure in read.figures[:first]}
    return before | sums | {table[metric] for metric in _COUNTED_ALSO if metric in table}


def _is_own(fact: Fact, report: Report) -> bool:
    return fact.subject is None and fact.year == report.year and fact.basis == "total"
