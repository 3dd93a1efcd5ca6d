"""Lists of parts in the prose against their totals.

An office that writes 其中 does not promise to be complete, so a sum below the total is a fault
only where the list says that it is complete: it ends with 其他, it names both roles, or it
takes up the very names that the total joined (微博、微信共…其中微博…，微信…). A sum above the
total is one where the parts exclude each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from nlp.context.enumerations import Enumeration
from nlp.facts import Read
from nlp.findings import add_finding, fits, ids_at, metric_at, quote, times, words_before
from nlp.narrative.completeness import is_complete, takes_up
from nlp.narrative.kinds import CHANNELS, EXHAUSTIVE, PAIRS, kind_of
from nlp.numerals import tidy
from nlp.records import Cell, Fact, Finding, FindingVerdict, Number
from nlp.structure import divisions


def divisions_of(read: Read, one: Enumeration, by_id: dict[str, Fact]) -> list[tuple[int, ...]]:
    """The parts of a list, without what only follows it; two ways to divide the total apart."""
    if one.complete and not _goes_on(read, one, by_id):
        return [one.parts]
    parts = _near(read, one, by_id)
    runs = [
        (kind, tuple(run))
        for kind, run in groupby(parts, key=lambda index: kind_of(metric_at(read, index, by_id)))
    ]
    if len(runs) > 1 and all(kind >= 0 for kind, _ in runs):
        return [run for _, run in runs if len(run) > 1]
    return [parts] if len(parts) > 1 else []


def _goes_on(read: Read, one: Enumeration, by_id: dict[str, Fact]) -> bool:
    """Whether parts that happen to make the total are followed by 其他, or by one more reply."""
    if not one.rest:
        return False
    last, following = one.parts[-1], one.rest[0]
    between = read.passage.text[read.figures[last].end : read.figures[following].start]
    if not divisions.is_near(between) or "；" in between:
        return False
    metrics = [metric_at(read, index, by_id) for index in (*one.parts, following)]
    if divisions.is_other(words_before(read, following)):
        return not any(map(CHANNELS.match, metrics)) and set(metrics[:-1]) not in PAIRS
    kinds = set(map(kind_of, metrics))
    if len(kinds) == 1 and kinds <= EXHAUSTIVE:
        return True
    whole = metric_at(read, one.total, by_id)
    return not (whole.startswith("reply.") and whole != "reply.total") and all(
        metric.startswith("reply.") and metric.count(".") == 1 and metric != "reply.total"
        for metric in metrics
    )


def _near(read: Read, one: Enumeration, by_id: dict[str, Fact]) -> tuple[int, ...]:
    """The parts up to where a clause of its own, or a figure of another division, ends the list."""
    text, figures = read.passage.text, read.figures
    listed = (*one.parts, *one.rest)
    whole = metric_at(read, one.total, by_id)
    metrics = [metric_at(read, index, by_id) for index in listed]
    below = metrics[0].startswith(f"{whole}.")
    gaps = [text[figures[a].end : figures[b].start] for a, b in pairwise(listed)]  # fmt: skip
    parts = [listed[0]]
    for number, (index, between) in enumerate(zip(listed[1:], gaps, strict=True), start=1):
        rest = divisions.is_rest(words_before(read, index))
        if not divisions.is_near(between) and not rest:
            break
        if (
            number > 1 and not rest and between.startswith("，")
            and all(gap.startswith("、") for gap in gaps[: number - 1])
            and not kind_of(metrics[0]) == kind_of(metrics[number]) >= 0
        ):  # fmt: skip
            break
        parted = "；" in between and number == 1 and not rest
        if parted and not (
            kind_of(metrics[0]) == kind_of(metrics[1]) >= 0
            or divisions.levels([words_before(read, listed[0]), words_before(read, index)])
            or (len(gaps) > 1 and all("；" in gap for gap in gaps))
        ):
            break
        if below and metrics[number] != "other" and not metrics[number].startswith(f"{whole}."):
            break
        parts.append(index)
    return tuple(parts)


def parts_finding(
    read: Read,
    one: Enumeration,
    parts: tuple[int, ...],
    by_id: dict[str, Fact],
    cells: tuple[Cell, ...],
    found: list[Finding],
) -> None:
    figures = read.figures
    total = figures[one.total]
    # A part that counts what the whole counts is of no kind of its own.
    whole = metric_at(read, one.total, by_id)
    metrics = [metric_at(read, index, by_id) for index in parts]
    metrics = ["other" if metric == whole else metric for metric in metrics]
    each = [times(read, index) for index in parts]
    stated = total.value
    computed = tidy(sum(n * figures[index].value for n, index in zip(each, parts, strict=True)))
    ids = ids_at(read, (one.total, *parts))
    if fits(total, [figures[index] for index in parts], each):
        add_finding(
            found, "narrative", "narrative.parts", "holds", stated, computed, ids, "分项之和与总数"
        )
        return
    if computed < stated and (max(each) > 1 or _breaks_off(read, parts)):
        return
    verdict = _verdict_of_parts(read, one, parts, metrics, by_id, cells)
    if verdict == "violated" and (
        (
            metric_at(read, one.total, by_id) != "reply.total"
            and _explained(metrics, computed, by_id.values(), cells)
        )
        or _of_both(read, one, computed)
        or _of_earlier(read, one, parts, computed)
    ):
        verdict = "unverifiable"
    if verdict:
        message = f"“{quote(read, one, parts)}”：总数{stated:,}，所列分项合计{computed:,}"
        add_finding(found, "narrative", "narrative.parts", verdict, stated, computed, ids, message)


def _verdict_of_parts(
    read: Read,
    one: Enumeration,
    parts: tuple[int, ...],
    metrics: list[str],
    by_id: dict[str, Fact],
    cells: tuple[Cell, ...],
) -> FindingVerdict | None:
    figures = read.figures
    total, values = figures[one.total], [figures[index].value for index in parts]
    words = [words_before(read, index) for index in parts]
    first_end = figures[parts[0]].end
    if any(
        figures[index].value > total.value
        and "；" in read.passage.text[first_end : figures[index].start]
        for index in parts
    ):
        return None  # 访谈643次，其中主要负责同志参加208次；回应事件15263次: another thing
    above = sum(values) > total.value
    joined = takes_up(read, one, parts)
    if all(CHANNELS.match(m) for m in metrics) and not joined:
        return "unverifiable"  # an item published in two channels counts in both
    kinds = {kind_of(metric) for metric in metrics}
    complete = is_complete(read, one, parts, metrics, by_id, cells) or joined
    if {"reply.total", "request.closed"} & set(metrics) or (
        len(kinds) > 1 and not complete and not (above and -1 in kinds)
    ):
        return None  # channels and applicants side by side: two divisions of one total
    last = figures[parts[-1]]
    open_end = read.passage.text[last.end : last.end + 6].lstrip("）)").startswith("等")
    # A list of one division that falls just short has a slip in it rather than a part left out.
    reach = 0.03 if -1 not in kinds else 0.015
    listed = len(parts) >= 3 and not open_end and total.value >= 30
    nearly = listed and len(kinds) == 1 and 0 < total.value - sum(values) <= reach * total.value
    if (complete and not open_end) or nearly:
        return "violated"
    if not above:
        return None
    return "violated" if _exclude(read, one, parts, kinds, words) else "unverifiable"


def _exclude(
    read: Read, one: Enumeration, parts: tuple[int, ...], kinds: set[int], words: list[str]
) -> bool:
    """Whether no thing can be counted in two of the parts, so that these cannot exceed the total."""
    figures = read.figures
    values = [figures[index].value for index in parts]
    if any(
        first and first == sum(values[at + 1 : stop])
        for at, first in enumerate(values)
        for stop in range(at + 3, len(values) + 1)
    ):
        return False  # one of them is the sum of those behind it
    if len(kinds) == 1 and -1 not in kinds:
        return True
    units = {figures[index].unit for index in parts}
    if len(units) > 1 or units != {figures[one.total].unit}:
        return False
    if not any(word.strip("，、；：。其中") for word in words):
        return True
    if len({word[-1:] for word in words}) == 1 or divisions.share_a_word(words):
        return kinds == {-1}
    named = divisions.levels(words) or divisions.places(words) or divisions.parallel(words)
    return named or any(figures[index].low > figures[one.total].high for index in parts)


def _explained(
    metrics: list[str], computed: Number, facts: Iterable[Fact], cells: tuple[Cell, ...]
) -> bool:
    """Parts of the replies may add up to what was handled (with last year's) instead of what came in."""
    if not all(m.startswith(("reply.", "request.carried_out")) for m in metrics):
        return False
    sums = {
        fact.value
        for fact in facts
        if fact.metric in ("reply.total", "request.received", "request.closed")
    }
    table = {
        c.metric: c.value for c in cells if c.applicant in (None, "total") and c.value is not None
    }
    sums |= {
        value for metric, value in table.items() if metric in ("reply.total", "request.received")
    }
    sums.add(table.get("request.received", 0) + table.get("request.carried_in", 0))
    return computed in sums


def _breaks_off(read: Read, parts: tuple[int, ...]) -> bool:
    """Whether the passage ends at a ； behind the last part, so that its list goes on elsewhere."""
    behind = read.passage.text[read.figures[parts[-1]].end :].rstrip()
    return "。" not in behind and behind.endswith(("；", "，", "、", ";", ","))


def _of_both(read: Read, one: Enumeration, computed: Number) -> bool:
    """建议3件、提案7件，其中主办4件、协办6件: the parts divide what stands before them together."""
    text, figures = read.passage.text, read.figures
    before = [figures[one.total].value]
    for i in range(one.total, max(0, one.total - 3), -1):
        if re.search(r"[；。]", text[figures[i - 1].end : figures[i].start]):
            break
        before.insert(0, figures[i - 1].value)
    return any(abs(sum(before[-size:]) - computed) < 1e-6 for size in range(2, len(before) + 1))


def _of_earlier(read: Read, one: Enumeration, parts: tuple[int, ...], computed: Number) -> bool:
    """收到67件，结转3件。其中网络42件、信函25件: parts that each exceed the nearest total, or that make
    an earlier one, are parts of that."""
    figures, total = read.figures, read.figures[one.total]
    if all(figures[index].value > total.value for index in parts):
        return True
    return any(
        figure.value == computed and figure.unit == total.unit for figure in figures[: one.total]
    )
