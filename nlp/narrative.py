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
from nlp.findings import add_finding, fits, quote, times, words_before
from nlp.numerals import tidy
from nlp.rates import (
    counted_whole,
    growth_finding,
    ids_at,
    metric_at,
    of_earlier,
    share_finding,
    shares_fill,
)
from nlp.records import Cell, Fact, Finding, FindingVerdict, Number, Report
from nlp.structure import divisions
from nlp.structure.sentences import clause_start

_CHANNELS = re.compile(
    r"^(?:disclosure\.(?:gazette|website|weibo|wechat|other_channels)|response\.(?:weibo_wechat|other)_events)$"
)
_REPLIES = 2
_KINDS = (
    re.compile(r"^request\.received_(?:in_person|fax|online|letter|other)$"),
    re.compile(r"^request\.received_(?:individuals|organisations)$"),
    re.compile(r"^reply\.|^request\.carried_out$"),
    re.compile(r"^(?:review|litigation)\.(?:upheld|corrected|other|pending)$"),
    re.compile(r"^proposal\.(?:\w+_)?(?:lead|co)$"),
    re.compile(r"^proposal\.(?:npc|cppcc)$"),
    re.compile(r"^request\.closed_(?:on_time|extended)$"),
    re.compile(r"^archive\.(?:paper|electronic)$"),
    re.compile(r"^staff\.(?:full|part)_time$"),
    re.compile(r"^media\.accounts$"),
    _CHANNELS,
)
_EXHAUSTIVE = {0, 3}  # the ways to apply, and what became of a case
_PAIRS = (
    {"proposal.lead", "proposal.co"}, {"proposal.npc_lead", "proposal.npc_co"}, {"proposal.npc", "proposal.cppcc"},
    {"proposal.cppcc_lead", "proposal.cppcc_co"}, {"staff.full_time", "staff.part_time"},
    {"request.closed_on_time", "request.closed_extended"}, {"archive.paper", "archive.electronic"},
    {"request.received_individuals", "request.received_organisations"},
)  # fmt: skip
# The ways in which the Regulations let one apply: a list of all four leaves none out.
_WAYS = {
    "request.received_in_person", "request.received_online", "request.received_letter", "request.received_fax",
}  # fmt: skip
_JOINED = re.compile(r"[、和及与].{1,16}?(?:共|合计|总计|累计)")
_CALLED_WHOLE = re.compile(r"^[^。]{0,8}(?:[：:]|分别|具体(?:为|是))")
_SOME = re.compile(r"^[（(]?(?:其中|含|包[括含]|如|主要|截至)|主要|包[括含]|例如")


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
            for parts in _divisions(read, one, by_id):
                if (one.total, *parts) not in tested:
                    tested.add((one.total, *parts))
                    _parts(read, one, parts, by_id, cells, found)
        _categories(read, facts, by_id, report, found)
        for index, figure in enumerate(read.figures):
            if figure.unit in ("%", "％"):
                share_finding(read, index, by_id, facts, cells, found)
                growth_finding(read, index, by_id, facts, found)


def _kind(metric: str) -> int:
    return next((number for number, kind in enumerate(_KINDS) if kind.match(metric)), -1)


def _divisions(read: Read, one: Enumeration, by_id: dict[str, Fact]) -> list[tuple[int, ...]]:
    """The parts of a list, without what only follows it; two ways to divide the total apart."""
    if one.complete and not _goes_on(read, one, by_id):
        return [one.parts]
    parts = _near(read, one, by_id)
    runs = [
        (kind, tuple(run))
        for kind, run in groupby(parts, key=lambda index: _kind(metric_at(read, index, by_id)))
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
        return not any(map(_CHANNELS.match, metrics)) and set(metrics[:-1]) not in _PAIRS
    kinds = set(map(_kind, metrics))
    if len(kinds) == 1 and kinds <= _EXHAUSTIVE:
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
            and not _kind(metrics[0]) == _kind(metrics[number]) >= 0
        ):  # fmt: skip
            break
        parted = "；" in between and number == 1 and not rest
        if parted and not (
            _kind(metrics[0]) == _kind(metrics[1]) >= 0
            or divisions.levels([words_before(read, listed[0]), words_before(read, index)])
            or (len(gaps) > 1 and all("；" in gap for gap in gaps))
        ):
            break
        if below and metrics[number] != "other" and not metrics[number].startswith(f"{whole}."):
            break
        parts.append(index)
    return tuple(parts)


def _parts(
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
    if max(each) > 1 and computed < stated:
        return
    verdict = _verdict_of_parts(read, one, parts, metrics, by_id, cells)
    if verdict == "violated" and (
        (
            metric_at(read, one.total, by_id) != "reply.total"
            and _explained(metrics, computed, by_id.values(), cells)
        )
        or _of_both(read, one, computed)
        or of_earlier(read, one, parts, computed)
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
    joined = _takes_up(read, one, parts)
    if all(_CHANNELS.match(m) for m in metrics) and not joined:
        return "unverifiable"  # an item published in two channels counts in both
    kinds = {_kind(metric) for metric in metrics}
    complete = _is_complete(read, one, parts, metrics, by_id, cells) or joined
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


def _is_complete(
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
    if any(map(_CHANNELS.match, metrics)):
        return any("其余" in word or "余下" in word for word in words)
    one_kind = len({_kind(metric) for metric in metrics}) == 1 and _kind(metrics[0]) >= 0
    if divisions.is_rest(words[-1]) or (one_kind and any(map(divisions.is_rest, words))):
        return True
    if divisions.excepts(words, text[read.figures[parts[0]].end : read.figures[parts[1]].start]):
        return True
    if divisions.closes(lead, words[-1]) or set(metrics) in _PAIRS:
        return True  # both of two
    denied = {fact.metric for fact in by_id.values() if fact.value == 0}
    ways = set(metrics) | (denied & _WAYS)
    if set(metrics) <= _WAYS and (ways >= _WAYS or (denied & _WAYS and len(ways) >= 3)):
        return True
    if divisions.all_ways(words) or divisions.forms(words) or divisions.named_all(words):
        return True
    if counted_whole(read, one, parts) or divisions.levels(words) or shares_fill(read, parts):
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
    if len(named) + open_ones < 5 or {_kind(metric) for metric in metrics} != {_REPLIES}:
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


def _takes_up(read: Read, one: Enumeration, parts: tuple[int, ...]) -> bool:
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


def _of_both(read: Read, one: Enumeration, computed: Number) -> bool:
    """建议3件、提案7件，其中主办4件、协办6件: the parts divide what stands before them together."""
    text, figures = read.passage.text, read.figures
    before = [figures[one.total].value]
    for i in range(one.total, max(0, one.total - 3), -1):
        if re.search(r"[；。]", text[figures[i - 1].end : figures[i].start]):
            break
        before.insert(0, figures[i - 1].value)
    return any(abs(sum(before[-size:]) - computed) < 1e-6 for size in range(2, len(before) + 1))


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
    totals = [fact for fact in facts if fact.end <= at and _is_own_total(fact, report)]
    if not totals:
        return
    total = totals[-1]
    computed = tidy(sum(read.figures[i].value for i in run))
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


def _is_own_total(fact: Fact, report: Report) -> bool:
    own = fact.subject is None and fact.year == report.year
    return own and fact.metric == "disclosure.total" and fact.basis == "total"
