"""Candidates become facts: which reading of a figure holds, and its year, subject and basis.

The one place where rules (and, from the next version on, the classifier) are weighed against
each other. A figure that no reading explains is still reported, as `other`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.context.enumerations import Enumeration, enumerations, parent_of
from nlp.context.subjects import Agency, subject_of
from nlp.context.times import AVERAGE, TARGET, TO_DATE, year_of
from nlp.context.topics import about, mentions, named_channels
from nlp.metrics import load as load_metrics
from nlp.numbers import convert, find_figures
from nlp.records import Basis, Fact, Figure, Item, Passage, ReadingWarning, Report
from nlp.rules.match import Candidate, View, mask, match
from nlp.structure.sentences import clause_start, sentences

_NEGATION = re.compile(r"[未无没不零免]")
_CLAUSE_END = re.compile(r"[，。；：！？,;:]")
_STOCK = frozenset({"website.visits", "wechat.followers", "weibo.followers", "media.accounts"})
_ITEM_HEAD = re.compile(r"[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．]|[一二三四五六七八九十]是")
_BY_MEANS = re.compile(r"^(?:主要)?(?:通过|利用|依托|借助|在|以|充分发挥|充分利用|运用|依靠)")
_PROPOSAL = {
    ("npc", "lead"): "proposal.npc_lead", ("npc", "co"): "proposal.npc_co", ("npc", ""): "proposal.npc",
    ("cppcc", "lead"): "proposal.cppcc_lead", ("cppcc", "co"): "proposal.cppcc_co", ("cppcc", ""): "proposal.cppcc",
    ("", "lead"): "proposal.lead", ("", "co"): "proposal.co", ("", ""): "proposal.total",
}  # fmt: skip
_PROPOSAL_PLACE = {code: place for place, code in _PROPOSAL.items()}
# The words of one family's rows, in the tables of the families that came after.
_LATER: dict[str, dict[str, str]] = {
    "2019": {
        "request.closed": "reply.total",
        "disclosure.normative_documents_issued": "normative_document.made",
        "disclosure.normative_documents": "normative_document.published",
        "reply.not_exist": "reply.unavailable.not_held",
    },
    "2021": {
        "request.closed": "reply.total",
        "disclosure.normative_documents_issued": "normative_document.made",
        "disclosure.normative_documents": "normative_document.made",
        "normative_document.repealed_total": "normative_document.repealed",
        "reply.not_exist": "reply.unavailable.not_held",
        "fee.charged": "fee.processing_amount",
    },
}


@dataclass(frozen=True, slots=True)
class Read:
    """A passage with what was found in it; `facts` are parallel to nothing, `figures` to `lists`."""

    passage: Passage
    figures: tuple[Figure, ...]
    lists: tuple[Enumeration, ...]
    by_figure: dict[int, tuple[str, ...]]  # figure index -> fact ids


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    start: int
    end: int
    view: View
    first: int
    figures: tuple[Figure, ...]
    lists: list[Enumeration]


def read_facts(
    passages: tuple[Passage, ...], report: Report, text: str
) -> tuple[tuple[Fact, ...], tuple[Read, ...], tuple[ReadingWarning, ...]]:
    """Every figure and every zero statement of the running text, in text order."""
    agency = Agency(report.agency)
    facts: list[Fact] = []
    reads: list[Read] = []
    warnings: list[ReadingWarning] = []
    for passage in passages:
        figures = find_figures(passage.text)
        broken = _broken(passage, figures, warnings)
        lists = enumerations(passage.text, figures)
        by_figure: dict[int, tuple[str, ...]] = {}
        carried: str | None = None
        for sentence in _sentences(passage, figures, lists):
            chosen = _choose(sentence, agency, warnings)
            for index, readings in chosen:
                if index in broken:
                    continue
                made = [_fact(sentence, index, one, report, agency, carried, text) for one in readings]
                made = [_inherit(sentence, index, fact, facts, by_figure) for fact in made]
                if index is not None:
                    by_figure[index] = tuple(f"f{len(facts) + i + 1}" for i in range(len(made)))
                facts.extend(replace(fact, id=f"f{len(facts) + i + 1}") for i, fact in enumerate(made))
            carried = _carry(sentence, agency, carried)
        reads.append(Read(passage, figures, tuple(lists), by_figure))
    return tuple(facts), tuple(reads), tuple(warnings)


def planned(facts: tuple[Fact, ...], items: tuple[Item, ...], report: Report) -> tuple[Fact, ...]:
    """Figures inside a plan are demanded, not done: `target`, and next year's where none is named."""
    plans = [(item.start, item.end) for item in items if item.kind == "plan"]
    inside = [any(start <= fact.start < end for start, end in plans) for fact in facts]
    following = report.year + 1 if report.year is not None else None
    return tuple(
        replace(fact, basis="target", year=following if fact.year == report.year else fact.year)
        if aimed and fact.basis in ("total", "part")
        else fact
        for fact, aimed in zip(facts, inside, strict=True)
    )


def _broken(passage: Passage, figures: tuple[Figure, ...], warnings: list[ReadingWarning]) -> set[int | None]:
    """Figures that a line break may have cut in two: read neither half."""
    cut: set[int | None] = set()
    for index, figure in enumerate(figures[:-1]):
        follower = figures[index + 1]
        if passage.text[figure.end : follower.start] == " " and not figure.unit:
            cut |= {index, index + 1}
            start, end = passage.place(figure.start, follower.end)
            message = f"数字可能被换行断开，未读取：{passage.text[figure.start : follower.end]}"
            warnings.append(ReadingWarning("broken_number", message, start, end))
    return cut


def _sentences(passage: Passage, figures: tuple[Figure, ...], lists: list[Enumeration]) -> list[_Sentence]:
    """The sentences that carry a figure or a negation; the others state nothing."""
    found = []
    at = 0
    for start, end in sentences(passage.text):
        first = at
        while at < len(figures) and figures[at].start < end:
            at += 1
        inside = figures[first:at]
        if inside or _NEGATION.search(passage.text, start, end):
            view = mask(passage.text, start, end, inside, first)
            found.append(_Sentence(passage, start, end, view, first, figures, lists))
    return found


def _choose(
    sentence: _Sentence, agency: Agency, warnings: list[ReadingWarning]
) -> list[tuple[int | None, list[Candidate | None]]]:
    """For each figure the readings that hold (None: no metric), then the zero statements."""
    candidates, slow = match(sentence.view)
    for one in slow:
        start, end = sentence.passage.place(one.start, one.end)
        warnings.append(ReadingWarning("slow_rule", f"规则 {one.rule} 在此句超时，未采用", start, end))
    held = [c for c in candidates if _on_topic(c, sentence) and not _is_slogan(c, sentence)]
    chosen: list[tuple[int | None, list[Candidate | None]]] = []
    for index in sentence.view.figures:
        own = [c for c in held if c.figure == index and (not c.rule.others or _has_owner(sentence, index, agency))]
        best = max(own, key=_weight, default=None)
        shared = [c for c in own if c.rule.also and best and best.rule.also and c.rule.metric != best.rule.metric]
        by_metric = {c.rule.metric: c for c in sorted(shared, key=_weight)}
        chosen.append((index, [best, *by_metric.values()]))
    zeros: dict[str, Candidate] = {}
    for candidate in held:
        if candidate.figure is None:
            known = zeros.get(candidate.rule.metric)
            if known is None or candidate.end - candidate.start < known.end - known.start:
                zeros[candidate.rule.metric] = candidate
    chosen += [(None, [zero]) for zero in zeros.values()]
    return sorted(chosen, key=lambda pair: _position(pair, sentence))


def _has_owner(sentence: _Sentence, index: int, agency: Agency) -> bool:
    return _subject(sentence, sentence.figures[index].start, agency, None)[0] is not None


def _is_slogan(candidate: Candidate, sentence: _Sentence) -> bool:
    """“办结一件申请、解决一个问题”: a number word inside quotes counts nothing."""
    if candidate.figure is None:
        return False
    text, figure = sentence.passage.text, sentence.figures[candidate.figure]
    opened = text.rfind("“", sentence.start, figure.start)
    return opened >= 0 and "”" not in text[opened : figure.start] and not re.search(r"\d", text[figure.start : figure.end])


def sentence_readings(passage: Passage) -> list[tuple[Candidate, tuple[int, int]]]:
    """Every candidate that holds in a passage, chosen or not, with the span of its figure
    (of its words where it has none); what tests of rules and `--why` look at."""
    figures = find_figures(passage.text)
    found = []
    for sentence in _sentences(passage, figures, enumerations(passage.text, figures)):
        for candidate in match(sentence.view)[0]:
            if _on_topic(candidate, sentence):
                figure = figures[candidate.figure] if candidate.figure is not None else None
                span = (figure.start, figure.end) if figure else (candidate.start, candidate.end)
                found.append((candidate, span))
    return found


def _position(pair: tuple[int | None, list[Candidate | None]], sentence: _Sentence) -> int:
    index, readings = pair
    if index is not None:
        return sentence.figures[index].start
    return readings[0].start if readings[0] else sentence.start


def _weight(candidate: Candidate) -> tuple[int, int]:
    return candidate.rule.rank, candidate.end - candidate.start


def _on_topic(candidate: Candidate, sentence: _Sentence) -> bool:
    topics = candidate.rule.topic
    at = sentence.figures[candidate.figure].start if candidate.figure is not None else candidate.end
    end = max(at, candidate.end)
    stop = _CLAUSE_END.search(sentence.passage.text, end, sentence.end)
    clause_end = stop.start() if stop else sentence.end
    words = sentence.passage.text[sentence.start : at]
    if any(mentions(topic[1:], words) for topic in topics if topic.startswith("-")):
        return False
    wanted = [topic for topic in topics if not topic.startswith("-")]
    return not wanted or any(
        about(topic, sentence.passage, sentence.start, at, place, candidate.words)
        for topic in wanted
        for place in (end, clause_end)
    )


def _fact(
    sentence: _Sentence, index: int | None, reading: Candidate | None, report: Report, agency: Agency,
    carried: str | None, text: str,
) -> Fact:  # fmt: skip
    passage = sentence.passage
    figure = sentence.figures[index] if index is not None else None
    metric = _metric(sentence, index, reading, report) if reading else "other"
    at = figure.start if figure else (reading.start if reading else sentence.start)
    year, explicit = year_of(passage.text, at, sentence.start, report.year)
    subject, _ = _subject(sentence, at, agency, carried)
    if metric.startswith(("training.", "staff.")) and subject and _in_words(sentence, at, subject):
        subject = None  # 各处室、委属单位360余人次参训: whose people, not whose figure
    low = min(reading.start, at) if reading and metric != "other" else at
    high = max(figure.end if figure else 0, reading.end if reading and metric != "other" else 0)
    start, end = passage.place(low, high)
    number = _in_unit(figure, metric) if figure else None
    return Fact(
        id="",
        metric=metric,
        value=number.value if number else (reading.rule.value or 0 if reading else 0),
        unit=number.unit if figure and number and metric == "other" else (figure.unit if figure else ""),
        low=number.low if number else 0,
        high=number.high if number else 0,
        qualifier=figure.qualifier if figure else None,
        year=year,
        subject=_printed(subject, passage, sentence, text),
        basis=_basis(sentence, index, at, metric, reading, year, report),
        text=text[start:end],
        start=start,
        end=end,
        sentence=passage.place(sentence.start, sentence.end),
        method="rule",
        confidence=0.0 if metric == "other" else 0.9 + 0.02 * min(reading.rule.rank if reading else 0, 1),
        what=_printed(_what(sentence, figure), passage, sentence, text) if metric == "other" and figure else None,
        why=(reading.rule.id,) if reading else (),
    )


_EARLIER = re.compile(r"(?:上一?年度?|去年|20\d\d年度?|上年同期|同期)(?:同期|全年)?(?:的|为|是|共|公开|收到|受理)*$")
_SAID = {"受理": "request.received", "收到": "request.received"}
_OWNED = re.compile(r"(?:共|全年|代(?:表)?[^，]{1,8}?)?(?:主办|举办|承办|受理|收到|公开|发布|收取|办理|召开|开展|组织|报送|完成)?(?:了|信息|政府信息|申请|有|为|是)*$")


def _inherit(
    sentence: _Sentence, index: int | None, fact: Fact, facts: list[Fact], by_figure: dict[int, tuple[str, ...]]
) -> Fact:
    """A figure without words of its own counts what its neighbour counts: last year's in a
    comparison (比2016年的610件), another body's in a list (沭阳县15期)."""
    if index is None or fact.metric != "other":
        return fact
    figure, text = sentence.figures[index], sentence.passage.text
    floor = sentence.figures[index - 1].end if index else 0
    before = text[max(floor, clause_start(text, figure.start, 0)) : figure.start]
    earlier = bool(_EARLIER.search(text[max(floor, figure.start - 14) : figure.start]))
    owner = fact.subject if fact.subject and before.lstrip("，、。；：（(").removeprefix("其中").startswith(fact.subject) else None
    rest = before.split(fact.subject, 1)[1] if owner and fact.subject else None
    if rest is not None and owner:
        said = next((metric for verb, metric in _SAID.items() if verb in rest), None)
        if said and figure.unit in ("件", "条"):
            return replace(fact, metric=said, what=None, confidence=0.85, why=("同前",))
    known = {one.id: one for one in facts}
    if rest is None and fact.subject and index and not before.strip("、，,和及"):
        neighbours = [known[id_] for id_ in by_figure.get(index - 1, ()) if id_ in known]
        rest = "" if any(one.subject == fact.subject and one.metric != "other" for one in neighbours) else None
    if not earlier and (rest is None or not _OWNED.fullmatch(rest)):
        return fact
    for other in range(index - 1, max(-1, index - 9), -1):
        ids = by_figure.get(other, ())
        source = known.get(ids[0]) if ids else None
        if source and source.metric != "other" and sentence.figures[other].unit == figure.unit:
            if earlier and source.year == fact.year or (not earlier and source.subject == fact.subject):
                return fact
            return _as_source(fact, source)
    if rest is not None and not any(by_figure.get(other) for other in range(index)):
        above = [
            one for one in facts[-12:]
            if one.metric != "other" and one.unit == figure.unit and one.basis == "total" and one.value >= figure.value
        ]  # fmt: skip
        if above:  # 从县区看，某县8316条，…: the list opens a paragraph, its total stands above
            return _as_source(fact, above[-1])
    return fact


def _as_source(fact: Fact, source: Fact) -> Fact:
    return replace(fact, metric=source.metric, what=None, confidence=0.85, why=("同前", *source.why[-1:]))


def _in_unit(figure: Figure, metric: str) -> Figure:
    unit = load_metrics()[metric].unit if metric in load_metrics() else ""
    return convert(figure, unit) if unit in ("元", "万元") and figure.unit.endswith("元") else figure


def _metric(sentence: _Sentence, index: int | None, reading: Candidate, report: Report) -> str:
    metric = reading.rule.metric
    if metric in ("disclosure.*", "disclosure.channel"):
        metric = _disclosure(sentence, index, reading, joined=metric == "disclosure.*")
    if metric.startswith("proposal.") and metric in _PROPOSAL_PLACE and index is not None:
        metric = _proposal(sentence, index, metric)
    if metric in ("request.carried_in", "request.carried_out"):
        metric = _carried(sentence.passage.text[reading.start : reading.end], metric, report)
    family = _family(report)
    if metric == "fee.charged" and "处理费" in sentence.passage.text[sentence.start : sentence.end]:
        return "fee.processing_amount"
    return _LATER.get(family, {}).get(metric, metric)


def _carried(words: str, metric: str, report: Report) -> str:
    """结转2026年办理2件 of a report on 2025 goes out of the year, 2024年结转3件 came into it."""
    into = re.search(r"(?:结转|转|顺延|延续)(?:至|到|入)?(20\d\d)年", words)
    out_of = re.search(r"(20\d\d)年度?(?:结转|转入|遗留)", words)
    if report.year is None:
        return metric
    if into:
        return "request.carried_out" if int(into.group(1)) > report.year else "request.carried_in"
    if out_of:
        return "request.carried_in" if int(out_of.group(1)) < report.year else "request.carried_out"
    return metric


def _family(report: Report) -> str:
    """The family whose words the prose uses: its table's, else that of its year."""
    if report.template in ("2014", "2019", "2021"):
        return report.template
    return "2014" if report.year is None or report.year < 2019 else "2019" if report.year < 2021 else "2021"


def _disclosure(sentence: _Sentence, index: int | None, reading: Candidate, *, joined: bool) -> str:
    """A total, unless the words around it name one channel; `joined` False where several channels
    together make no total (通过公开栏、网站发布通知56条)."""
    text = sentence.passage.text
    at = sentence.figures[index].start if index is not None else reading.end
    floor = sentence.start
    if index is not None and index > sentence.first:
        floor = max(floor, sentence.figures[index - 1].end)
    start = clause_start(text, at, floor)
    channels = named_channels(text, start, at)
    if not channels and start > floor:
        before = clause_start(text, start - 1, floor)
        if _BY_MEANS.match(text[before:start].lstrip("，、。；")):
            channels = named_channels(text, before, start)
            if len(channels) == 1 and re.search(r"等|、|和|及", text[before:start]):
                channels = []
    if not channels and joined:
        channels = named_channels(sentence.passage.heading, 0, len(sentence.passage.heading))
        if len(channels) != 1 or re.search(r"平台|目录|、|和|及", sentence.passage.heading):
            channels = []
    if len(channels) == 1:
        return "other" if channels[0] == "mixed" else channels[0]
    return "disclosure.total" if joined else "other"


def _proposal(sentence: _Sentence, index: int, metric: str) -> str:
    """What the words leave open (level or role) comes from the total whose part the figure is."""
    level, role = _PROPOSAL_PLACE[metric]
    parent = parent_of(sentence.lists, index)
    seen = {index}
    while parent is not None and parent not in seen and not (level and role):
        seen.add(parent)
        words = _own_words(sentence, parent)
        if not level and not _sums_over_levels(sentence, parent):
            level = "cppcc" if re.search(r"提案", words) and not re.search(r"建议|议案", words) else level
            level = "npc" if re.search(r"建议|议案", words) and not re.search(r"提案", words) else level
        if not role:
            role = "lead" if re.search(r"主办|独办|牵头|主合办|领办|单独办理", words) else role
            role = "co" if not role and re.search(r"协办|会办|分办|协助", words) else role
        parent = parent_of(sentence.lists, parent)
    return _PROPOSAL[level, role]


def _own_words(sentence: _Sentence, index: int) -> str:
    """The words of the clause before a figure and right behind it (17件人大代表建议)."""
    text, figure = sentence.passage.text, sentence.figures[index]
    floor = sentence.figures[index - 1].end if index else 0
    start = max(floor, clause_start(text, figure.start, 0))
    behind = re.match(r"[^，。；：、（(和及与其]{0,12}", text[figure.end :])
    return text[start : figure.start] + (behind.group() if behind else "")


def _sums_over_levels(sentence: _Sentence, parent: int) -> bool:
    """建议6件、提案9件，其中主办…: where the parts make more than their last neighbour, the list
    is about both, and roles stay without a level."""
    parts = [one for one in sentence.lists if one.total == parent]
    whole = sentence.figures[parent].value
    return bool(parts) and sum(sentence.figures[i].value for i in parts[0].parts) > whole


def _subject(sentence: _Sentence, at: int, agency: Agency, carried: str | None) -> tuple[str | None, bool]:
    places = sentence.view.places
    index = next((i for i, place in enumerate(places) if place >= at), len(places))
    subject, said = subject_of(sentence.view.text, index, 0, agency)
    return (carried, False) if not said and carried else (subject, said)


def _printed(name: str | None, passage: Passage, sentence: _Sentence, text: str) -> str | None:
    """A name as the document prints it (traditional characters, say), not as it was folded."""
    index = passage.text.find(name, sentence.start) if name else -1
    if name is None or index < 0:
        return name
    return "".join(text[passage.offsets[i]] for i in range(index, index + len(name)))


def _in_words(sentence: _Sentence, at: int, name: str) -> bool:
    text = sentence.passage.text
    return name in text[max(sentence.start, at - len(name) - 2) : at]


def _carry(sentence: _Sentence, agency: Agency, carried: str | None) -> str | None:
    """A body that opens a paragraph or a list item stays the subject of the sentences after it."""
    text = sentence.passage.text
    if sentence.start and not _ITEM_HEAD.match(text, sentence.start):
        return carried
    head = re.search(r"[，；：]", sentence.view.text)
    at = head.start() if head else len(sentence.view.text)
    subject, said = subject_of(sentence.view.text, at, 0, agency)
    return subject if said else carried


def _basis(
    sentence: _Sentence, index: int | None, at: int, metric: str, reading: Candidate | None, year: int | None, report: Report
) -> Basis:
    text = sentence.passage.text
    clause = text[clause_start(text, at, sentence.start) : at]
    if reading and reading.rule.basis != "total":
        return reading.rule.basis
    if AVERAGE.search(clause[-16:]):
        return "average"
    if (year and report.year and year > report.year) or (
        sentence.passage.role in ("plans", "problems") and TARGET.search(clause)
    ):
        return "target"
    if metric not in _STOCK and TO_DATE.search(text[sentence.start : at]):
        return "to_date"
    if index is not None and metric != "other" and _is_part(sentence, index, metric):
        return "part"
    return "total"


def _is_part(sentence: _Sentence, index: int, metric: str) -> bool:
    """A figure listed under a total of the same metric (办理建议60件，其中省人大建议8件)."""
    parent = parent_of(sentence.lists, index)
    if parent is None:
        return False
    words = _own_words(sentence, parent)
    own = _own_words(sentence, index)
    if metric in ("proposal.npc", "proposal.cppcc"):
        same = "提案" if metric.endswith("cppcc") else "建议"
        other = "建议" if same == "提案" else "提案"
        return same in words and other not in words and bool(re.search(r"全国|省|市|区|县|重点", own))
    return metric == "disclosure.total" and "信息" in words


def _what(sentence: _Sentence, figure: Figure) -> str:
    """The words that say what was counted: behind the unit, or else before the number."""
    text = sentence.passage.text
    behind = re.match(r"[^，。；：、（）()！？\d“”《]{2,16}", text[figure.end : sentence.end])
    start = clause_start(text, figure.start, sentence.start)
    before = re.split(r"[、（）(\ue000]", text[start : figure.start])[-1]
    before = re.sub(r"(?:共计|合计|累计|总计|共|达到|达|为|是|有|了|约)+$", "", before)
    return before[-16:] if before else behind.group() if behind else ""
