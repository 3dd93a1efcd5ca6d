"""Arithmetic inside the prose: lists of parts, shares, growth.

An office that writes 其中 does not promise to be complete, so a sum below the total is a fault
only where the list says that it is complete: it ends with 其他, it names both roles, or it
takes up the very names that the total joined (微博、微信共…其中微博…，微信…).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.context.enumerations import Enumeration
from nlp.facts import Read
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
_OTHER = re.compile(r"(?:^|[，、；：及和])(?:以及)?(?:作|作出)?其[他它]")
_JOINED = re.compile(r"[、和及与].{1,16}?(?:共|合计|总计|累计)")
_SHARE = re.compile(r"^[，,（(]?(?:约)?(?:占比?|所占比例|比例|占比重)(?:约|为|达|达到|是)?(?:[^，。；：、（）\d]{0,10}?的)?(?:比例|比重)?(?:约|为|达|达到)?$")
_RISE = re.compile(r"(?P<down>下降|减少|降低|回落|下滑|减)|(?P<up>增长|增加|上升|提高|提升|增幅|增)")
_COMPARED = re.compile(r"同比|较|比(?!例|重|较)|环比|增幅|上年|去年")


def narrative_findings(
    facts: tuple[Fact, ...], reads: tuple[Read, ...], cells: tuple[Cell, ...], report: Report
) -> list[Finding]:
    """Sums, shares and growth that the running text states and lets one compute."""
    by_id = {fact.id: fact for fact in facts}
    found: list[Finding] = []
    for read in reads:
        for one in read.lists:
            _parts(read, one, by_id, cells, found)
        _categories(read, facts, by_id, report, found)
        for index, figure in enumerate(read.figures):
            if figure.unit in ("%", "％"):
                _share(read, index, by_id, facts, cells, found)
                _growth(read, index, by_id, facts, found)
    return found


def _metric(read: Read, index: int, by_id: dict[str, Fact]) -> str:
    ids = read.by_figure.get(index, ())
    return by_id[ids[0]].metric if ids else "other"


def _ids(read: Read, indices: Iterable[int]) -> tuple[str, ...]:
    return tuple(id_ for index in indices for id_ in read.by_figure.get(index, ())[:1])


def _words(read: Read, index: int) -> str:
    """What stands before a figure, back to the figure or the clause mark before it."""
    text, figure = read.passage.text, read.figures[index]
    floor = read.figures[index - 1].end if index else 0
    return text[max(floor, clause_start(text, figure.start, 0)) : figure.start]


def _parts(read: Read, one: Enumeration, by_id: dict[str, Fact], cells: tuple[Cell, ...], found: list[Finding]) -> None:
    if len(one.parts) < 2:
        return
    figures = read.figures
    total = figures[one.total]
    metrics = [_metric(read, index, by_id) for index in one.parts]
    stated, computed = total.value, _plain(sum(figures[index].value for index in one.parts))
    if _fits(total, [figures[index] for index in one.parts]):
        _report(found, "narrative.parts", "holds", stated, computed, _ids(read, (one.total, *one.parts)), "分项之和与总数")
        return
    verdict = _verdict_of_parts(read, one, metrics, _metric(read, one.total, by_id), computed > stated)
    if verdict == "violated" and (
        (_metric(read, one.total, by_id) != "reply.total" and _explained(metrics, computed, by_id.values(), cells))
        or _of_both(read, one, computed)
    ):
        verdict = "unverifiable"
    if verdict:
        message = f"“{_quote(read, one)}”：总数{stated:,}，所列分项合计{computed:,}"
        _report(found, "narrative.parts", verdict, stated, computed, _ids(read, (one.total, *one.parts)), message)


def _fits(total: Figure, parts: list[Figure]) -> bool:
    low, high = sum(p.low for p in parts), sum(p.high for p in parts)
    slack = 1e-6 * max(1.0, abs(total.value))
    return low - slack <= total.high and total.low <= high + slack


def _verdict_of_parts(
    read: Read, one: Enumeration, metrics: list[str], whole: str, above: bool
) -> FindingVerdict | None:
    text, total_value = read.passage.text, read.figures[one.total].value
    kinds = {next((i for i, kind in enumerate(_KINDS) if kind.match(m)), -1) for m in metrics}
    joined = _takes_up(read, one)
    if all(_CHANNELS.match(m) for m in metrics) and not joined:
        return "unverifiable"  # an item published in two channels counts in both
    if len(kinds) > 1 and not joined:
        return None  # channels and applicants side by side: two divisions of one total
    last = read.figures[one.parts[-1]]
    open_end = text[last.end : last.end + 6].lstrip("）)").startswith("等")
    complete = (
        bool(_OTHER.search("，" + _words(read, one.parts[-1]))) or set(metrics) in _PAIRS or joined
    ) and not open_end
    subjects = {_words(read, index)[-1:] for index in one.parts}
    short = total_value - sum(read.figures[i].value for i in one.parts)
    nearly = not above and len(one.parts) >= 3 and not open_end and 0 < short <= 0.03 * total_value and total_value >= 30
    if complete or nearly or (above and (len(kinds) == 1 and -1 not in kinds or _alike(read, one) or len(subjects) == 1)):
        return "violated"
    return "unverifiable" if above else None


def _takes_up(read: Read, one: Enumeration) -> bool:
    """Whether the total's own words join the names that the parts take up again."""
    own = _words(read, one.total)
    if not _JOINED.search(own):
        return False
    names = [re.sub(r"^[，。；：、其中包括和及]+", "", _words(read, index))[:6] for index in one.parts]
    return len(names) <= 5 and all(any(name[i : i + 2] in own for i in range(len(name) - 1)) for name in names if len(name) > 1)


def _alike(read: Read, one: Enumeration) -> bool:
    """Parts of one division: the same unit, and words of the same make (动态类信息发布, 解读类信息发布)."""
    units = {read.figures[index].unit for index in one.parts}
    words = [_words(read, index) for index in one.parts]
    shared = set(words[0]).intersection(*map(set, words[1:])) - set("，。；：、的了其中包括和及与为共")
    return len(units) == 1 and len(shared) >= 1


def _explained(metrics: list[str], computed: Number, facts: Iterable[Fact], cells: tuple[Cell, ...]) -> bool:
    """Parts of the replies may add up to what was handled (with last year's) instead of what came in."""
    if not all(m.startswith(("reply.", "request.")) for m in metrics):
        return False
    sums = {fact.value for fact in facts if fact.metric in ("reply.total", "request.received", "request.closed")}
    table = {c.metric: c.value for c in cells if c.applicant in (None, "total") and c.value is not None}
    sums |= {value for metric, value in table.items() if metric in ("reply.total", "request.received")}
    sums.add(table.get("request.received", 0) + table.get("request.carried_in", 0))
    return computed in sums


def _of_both(read: Read, one: Enumeration, computed: Number) -> bool:
    """建议3件、提案7件，其中主办4件、协办6件: the parts divide what stands before them together."""
    before = [read.figures[i].value for i in range(max(0, one.total - 3), one.total + 1)]
    return any(abs(sum(before[-size:]) - computed) < 1e-6 for size in range(2, len(before) + 1))


def _quote(read: Read, one: Enumeration) -> str:
    start = clause_start(read.passage.text, read.figures[one.total].start, 0)
    words = read.passage.text[start : max(one.end, read.figures[one.parts[-1]].end)]
    return words if len(words) <= 60 else f"{words[:28]}…{words[-28:]}"


def _categories(read: Read, facts: tuple[Fact, ...], by_id: dict[str, Fact], report: Report, found: list[Finding]) -> None:
    """主要类别有：机构职能类9条，…其他信息5条: a full list whose total stands elsewhere."""
    taken = {index for one in read.lists for index in one.parts}
    run = [i for i, f in enumerate(read.figures) if f.unit == "条" and i not in taken]
    if len(run) < 4 or run != list(range(run[0], run[-1] + 1)):
        return
    words = [_words(read, index) for index in run]
    if sum("类" in word for word in words) < 3 or not _OTHER.search("，" + words[-1]):
        return
    at = read.passage.offsets[0]
    totals = [
        fact for fact in facts
        if fact.metric == "disclosure.total" and fact.subject is None and fact.basis == "total" and fact.end <= at and fact.year == report.year
    ]  # fmt: skip
    if not totals or "类" in read.passage.text[: read.figures[run[0]].start].split("：")[0][-40:] and not totals:
        return
    total = totals[-1]
    computed = _plain(sum(read.figures[i].value for i in run))
    verdict: FindingVerdict = "holds" if total.low <= computed <= total.high else "violated"
    message = f"“{total.text}”，而所列各类（含其他）合计{computed:,}"
    _report(found, "narrative.categories", verdict, total.value, computed, (total.id, *_ids(read, run)), message)


def _share(
    read: Read, index: int, by_id: dict[str, Fact], facts: tuple[Fact, ...], cells: tuple[Cell, ...], found: list[Finding]
) -> None:
    """A count, then 占 p%: the base is the total whose part the count is, if the words leave no other."""
    if not index:
        return
    share, part = read.figures[index], read.figures[index - 1]
    if not _SHARE.match(read.passage.text[part.end : share.start]) or part.unit in ("%", "个百分点") or share.value > 100:
        return
    digits = _decimals(read.passage.text[share.start : share.unit_start])
    slack = 1.001 * 10**-digits
    own = next((one.total for one in read.lists if index - 1 in one.parts), None)
    bases = [f.value for i, f in enumerate(read.figures) if i != index - 1 and f.unit not in ("%", "个百分点")]
    bases += [fact.value for fact in facts if fact.metric in ("reply.total", "request.received", "disclosure.total")]
    bases += [cell.value for cell in cells if cell.applicant == "total" and cell.value]
    table = {c.metric: c.value or 0 for c in cells if c.applicant == "total"}
    bases.append(table.get("request.received", 0) + table.get("request.carried_in", 0))
    if any(base and abs(100 * part.value / base - share.value) <= slack for base in bases):
        _report(found, "narrative.share", "holds", share.value, share.value, _ids(read, (index - 1, index)), "占比")
        return
    metric = _metric(read, index - 1, by_id)
    base = read.figures[own].value if own is not None else None
    if base is None and metric.startswith("reply."):
        base = next((f.value for f in facts if f.metric == "reply.total" and f.subject is None), table.get("reply.total"))
    if not base or share.qualifier or part.value > base:
        return
    if 100 * part.low / base - slack <= share.value <= 100 * part.high / base + slack:
        return
    computed = round(100 * part.value / base, max(2, digits))
    message = f"“{read.passage.text[part.start : share.end]}”：{part.value:,}占{base:,}为{computed}%"
    _report(found, "narrative.share", "violated", share.value, computed, _ids(read, (index - 1, index)), message)


def _decimals(words: str) -> int:
    found = re.search(r"\d+\.(\d+)", words)
    return len(found.group(1)) if found else 0


def _growth(read: Read, index: int, by_id: dict[str, Fact], facts: tuple[Fact, ...], found: list[Finding]) -> None:
    """A count with an earlier one (or the increase) beside it, then growth in percent."""
    text, share = read.passage.text, read.figures[index]
    sentence_at = max(text.rfind(mark, 0, share.start) for mark in "。；") + 1
    rise = _RISE.search(text[max(sentence_at, share.start - 8) : share.start])
    if not rise or share.qualifier or not _COMPARED.search(text[sentence_at : share.start]):
        return
    now, before, change = _now_and_before(read, index, sentence_at, by_id, facts)
    if now is None or before is None or not before.value:
        return
    sign = -1 if rise["down"] else 1
    computed = 100 * (now.value - before.value) / before.value * sign
    low = 100 * (now.low - before.high) / max(before.high, 1e-9) * sign
    high = 100 * (now.high - before.low) / max(before.low, 1e-9) * sign
    slack = max(0.05, 1.001 * 10 ** -_decimals(text[share.start : share.unit_start]))
    fits = min(low, high) - slack <= share.value <= max(low, high) + slack
    digits = max(2, _decimals(text[share.start : share.unit_start]))
    message = f"“{text[sentence_at : share.end][-60:]}”：由{before.value:,}到{now.value:,}，变动{round(computed, digits)}%"
    ids = _ids(read, (index,))
    _report(found, "narrative.growth", "holds" if fits else "violated", share.value, round(computed, digits), ids, message)


def _now_and_before(
    read: Read, index: int, floor: int, by_id: dict[str, Fact], facts: tuple[Fact, ...]
) -> tuple[Figure | Fact | None, Figure | Fact | None, Figure | None]:
    """The two counts that a growth rate compares; None where the sentence does not give them."""
    text = read.passage.text
    counts = [i for i in range(index) if read.figures[i].start >= floor and read.figures[i].unit not in ("%", "个百分点", "倍")]
    if not counts:
        return None, None, None
    leading = {i: text[max(floor, read.figures[i].start - 12) : read.figures[i].start] for i in counts}
    change = next((i for i in reversed(counts) if re.search(r"(?:增加|减少|多|少|增长|下降)(?:了)?$", leading[i])), None)
    earlier = next(
        (i for i in counts if re.search(rf"(?:由|从|较|比|上年的?|去年的?|上年同期的?|20\d\d年的?|同期的?)$", leading[i]) and i != change
         and re.search(r"(?:由|从|较|比|上年|去年|同期)[^，。]{0,14}$", text[max(floor, read.figures[i].start - 16) : read.figures[i].start])),
        None,
    )  # fmt: skip
    others = [i for i in counts if i not in (change, earlier)]
    if earlier is not None:
        later = [i for i in counts if i > earlier and re.search(r"(?:到|至|为)(?:了)?(?:20\d\d年的?|今年的?|本年的?)?$", leading[i])]
        alike = [i for i in others if i < earlier and _metric(read, i, by_id) == _metric(read, earlier, by_id)]
        now = later[0] if later else alike[-1] if alike and _metric(read, earlier, by_id) != "other" else None
        return (read.figures[now] if now is not None else None), read.figures[earlier], None
    if change is not None and others and others[-1] < change and read.figures[others[-1]].unit == read.figures[change].unit:
        current, moved = read.figures[others[-1]], read.figures[change]
        if not current.exact or not moved.exact:
            return None, None, None
        sign = -1 if re.search(r"减少|少|下降", leading[change]) else 1
        value = current.value - sign * moved.value
        return current, _same(current, value), moved
    now = others[-1] if others else None
    if now is None or index - now > 1:
        return None, None, None
    return read.figures[now], _restated(read, now, by_id, facts), None


def _same(figure: Figure, value: Number) -> Figure:
    from dataclasses import replace

    return replace(figure, value=value, low=value, high=value)


def _restated(read: Read, now: int, by_id: dict[str, Fact], facts: tuple[Fact, ...]) -> Fact | None:
    """Last year's figure for the same metric, where the report gives it elsewhere."""
    ids = read.by_figure.get(now, ())
    fact = by_id[ids[0]] if ids else None
    if fact is None or fact.metric == "other" or fact.year is None or fact.subject is not None:
        return None
    earlier = [f for f in facts if f.metric == fact.metric and f.year == fact.year - 1 and f.subject is None and f.basis == "total"]
    return earlier[0] if len(earlier) == 1 else None


def _plain(value: Number) -> Number:
    rounded = round(value, 6)
    return int(rounded) if float(rounded).is_integer() else rounded


def _report(
    found: list[Finding], rule: str, verdict: FindingVerdict, stated: Number, computed: Number,
    evidence: tuple[str, ...], message: str,
) -> None:  # fmt: skip
    ending = {"holds": "相符", "violated": "不符", "unverifiable": "无法核实"}[verdict]
    found.append(Finding("", rule, "narrative", verdict, stated, computed, evidence, f"{message}，{ending}"))
