"""Lists of parts in the prose against their totals.

An office that writes 其中 does not promise to be complete, so a sum below the total is a fault
only where the list says that it is complete: it ends with 其他, it names both roles, or it
takes up the very names that the total joined (微博、微信共…其中微博…，微信…).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.context.enumerations import Enumeration
from nlp.facts import Read
from nlp.findings import add_finding
from nlp.numerals import tidy
from nlp.rates import growth_finding, ids_at, metric_at, share_finding
from nlp.records import Cell, Fact, Figure, Finding, FindingVerdict, Number, Report
from nlp.structure.sentences import clause_start

_CHANNELS = re.compile(r"^disclosure\.(?:gazette|website|weibo|wechat|other_channels)$")


_KINDS = (
    re.compile(r"^request\.received_(?:in_person|fax|online|letter|other)$"),
    re.compile(r"^request\.received_(?:individuals|organisations)$"),
    re.compile(r"^reply\."),
    re.compile(r"^(?:review|litigation)\.(?:upheld|corrected|other|pending)$"),
    re.compile(r"^proposal\.(?:\w+_)?(?:lead|co)$"),
    re.compile(r"^proposal\.(?:npc|cppcc)$"),
    _CHANNELS,
)


_PAIRS = (
    {"proposal.lead", "proposal.co"}, {"proposal.npc_lead", "proposal.npc_co"}, {"proposal.npc", "proposal.cppcc"},
    {"proposal.cppcc_lead", "proposal.cppcc_co"}, {"staff.full_time", "staff.part_time"},
)  # fmt: skip


# The ways in which the Regulations let one apply: a list of all four leaves none out.
_WAYS = {
    "request.received_in_person", "request.received_online", "request.received_letter", "request.received_fax",
}  # fmt: skip


_OTHER = re.compile(r"(?:^|[，、；：及和])(?:以及)?(?:作|作出)?其[他它]")


_JOINED = re.compile(r"[、和及与].{1,16}?(?:共|合计|总计|累计)")


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
        for one in read.lists:
            _parts(read, one, by_id, cells, found)
        _categories(read, facts, by_id, report, found)
        for index, figure in enumerate(read.figures):
            if figure.unit in ("%", "％"):
                share_finding(read, index, by_id, facts, cells, found)
                growth_finding(read, index, by_id, facts, found)


def _words(read: Read, index: int) -> str:
    """What stands before a figure, back to the figure or the clause mark before it."""
    text, figure = read.passage.text, read.figures[index]
    floor = read.figures[index - 1].end if index else 0
    return text[max(floor, clause_start(text, figure.start, 0)) : figure.start]


def _parts(
    read: Read,
    one: Enumeration,
    by_id: dict[str, Fact],
    cells: tuple[Cell, ...],
    found: list[Finding],
) -> None:
    if len(one.parts) < 2:
        return
    figures = read.figures
    total = figures[one.total]
    metrics = [metric_at(read, index, by_id) for index in one.parts]
    stated, computed = total.value, tidy(sum(figures[index].value for index in one.parts))
    if _fits(total, [figures[index] for index in one.parts]):
        add_finding(
            found,
            "narrative",
            "narrative.parts",
            "holds",
            stated,
            computed,
            ids_at(read, (one.total, *one.parts)),
            "分项之和与总数",
        )
        return
    none = {fact.metric for fact in by_id.values() if fact.value == 0}
    verdict = _verdict_of_parts(
        read, one, metrics, computed > stated, every_way=set(metrics) | none >= _WAYS
    )
    if verdict == "violated" and (
        (
            metric_at(read, one.total, by_id) != "reply.total"
            and _explained(metrics, computed, by_id.values(), cells)
        )
        or _of_both(read, one, computed)
    ):
        verdict = "unverifiable"
    if verdict:
        message = f"“{_quote(read, one)}”：总数{stated:,}，所列分项合计{computed:,}"
        add_finding(
            found,
            "narrative",
            "narrative.parts",
            verdict,
            stated,
            computed,
            ids_at(read, (one.total, *one.parts)),
            message,
        )


def _fits(total: Figure, parts: list[Figure]) -> bool:
    low, high = sum(p.low for p in parts), sum(p.high for p in parts)
    slack = 1e-6 * max(1.0, abs(total.value))
    return low - slack <= total.high and total.low <= high + slack


def _verdict_of_parts(
    read: Read, one: Enumeration, metrics: list[str], above: bool, *, every_way: bool
) -> FindingVerdict | None:
    text, total_value = read.passage.text, read.figures[one.total].value
    kinds = {next((i for i, kind in enumerate(_KINDS) if kind.match(m)), -1) for m in metrics}
    joined = _takes_up(read, one)
    if all(_CHANNELS.match(m) for m in metrics) and not joined:
        return "unverifiable"  # an item published in two channels counts in both
    if (len(kinds) > 1 and not joined) or {"reply.total", "request.closed"} & set(metrics):
        return None  # channels and applicants side by side: two divisions of one total
    last = read.figures[one.parts[-1]]
    open_end = text[last.end : last.end + 6].lstrip("）)").startswith("等")
    complete = (
        bool(_OTHER.search("，" + _words(read, one.parts[-1])))
        or set(metrics) in _PAIRS
        or joined
        or (every_way and set(metrics) <= _WAYS)
    ) and not open_end
    subjects = {_words(read, index)[-1:] for index in one.parts}
    short = total_value - sum(read.figures[i].value for i in one.parts)
    # A list of one division that falls just short has a slip in it rather than a part left out.
    reach = 0.03 if -1 not in kinds else 0.015
    listed = len(one.parts) >= 3 and not open_end and total_value >= 30
    nearly = not above and listed and 0 < short <= reach * total_value
    if (
        complete
        or nearly
        or (
            above
            and ((len(kinds) == 1 and -1 not in kinds) or _alike(read, one) or len(subjects) == 1)
        )
    ):
        return "violated"
    return "unverifiable" if above else None


def _takes_up(read: Read, one: Enumeration) -> bool:
    """Whether the total's own words join the names that the parts take up again."""
    own = _words(read, one.total)
    if not _JOINED.search(own):
        return False
    names = [
        re.sub(r"^[，。；：、其中包括和及]+", "", _words(read, index))[:6] for index in one.parts
    ]
    return len(names) <= 5 and all(
        any(name[i : i + 2] in own for i in range(len(name) - 1)) for name in names if len(name) > 1
    )


def _alike(read: Read, one: Enumeration) -> bool:
    """Parts of one division: the same unit, and words of the same make (动态类信息发布, 解读类信息发布)."""
    units = {read.figures[index].unit for index in one.parts}
    words = [_words(read, index) for index in one.parts]
    shared = set(words[0]).intersection(*map(set, words[1:])) - set(
        "，。；：、的了其中包括和及与为共"
    )
    return len(units) == 1 and len(shared) >= 1


def _explained(
    metrics: list[str], computed: Number, facts: Iterable[Fact], cells: tuple[Cell, ...]
) -> bool:
    """Parts of the replies may add up to what was handled (with last year's) instead of what came in."""
    if not all(m.startswith(("reply.", "request.")) for m in metrics):
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
    before = [read.figures[i].value for i in range(max(0, one.total - 3), one.total + 1)]
    return any(abs(sum(before[-size:]) - computed) < 1e-6 for size in range(2, len(before) + 1))


def _quote(read: Read, one: Enumeration) -> str:
    """The words of the total and of its parts; a long list is left out between whole figures."""
    text, figures = read.passage.text, read.figures
    start = clause_start(text, figures[one.total].start, 0)
    end = figures[one.parts[-1]].end
    if end - start <= 80 or len(one.parts) < 3:
        return text[start:end]
    head = text[start : max(figures[one.total].end, figures[one.parts[0]].end)]
    return f"{head}……{_words(read, one.parts[-1]).lstrip('，。；：、')}{text[figures[one.parts[-1]].start : end]}"


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
    words = [_words(read, index) for index in run]
    if sum("类" in word for word in words) < 3 or not _OTHER.search("，" + words[-1]):
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
