"""A report result as one screen of text: who and when, what contradicts what, then the rest.

The differences stand first, both sides in the words of the report. Nothing printed in the report
is altered: a long quote loses words between its figures, marked with …
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp import metrics
from nlp.metrics import Lang
from nlp.output import wording
from nlp.output.columns import fold, number, one_line, pad, shorten, width_of, wrap
from nlp.records import Cell, Check, Fact, Finding, Item, ReadingWarning, ReportResult

_RED, _BOLD, _PLAIN = "\x1b[31m", "\x1b[1m", "\x1b[0m"
_MOST_QUOTES = 4
_MOST_PARTS = 8
_MARGIN = 22  # before a quote of a difference: indent, 正文, the value
# Most qualifiers stand before the number (近5万条); these behind it (20余件, 30多条), or behind the
# unit (40篇以上)
_AFTER_NUMBER = ("余", "多")
_AFTER_UNIT = ("以上", "以下", "以内", "左右", "上下")


@dataclass(frozen=True, slots=True)
class _View:
    """What every part of the screen needs to know."""

    result: ReportResult
    lang: Lang
    why: bool
    width: int
    colour: bool
    say: dict[str, str]
    facts: dict[str, Fact] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)

    def heading(self, key: str, n: int) -> list[str]:
        words = self.say[key].format(n=n)
        return ["", f"{_BOLD}{words}{_PLAIN}" if self.colour else words]

    def alarm(self, words: str) -> str:
        return f"{_RED}{words}{_PLAIN}" if self.colour else words

    def quoted(self, text: str, columns: int) -> str:
        inner = shorten(one_line(text), max(10, columns - 4))
        return f"{self.say['open']}{inner}{self.say['close']}"


def render(
    result: ReportResult,
    *,
    lang: Lang = "zh",
    why: bool = False,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The screen, without a line end at its end. `width` in columns, at least 40.

    `why` adds the rule and the reasons of each figure, the figures of no metric, and the notes.
    """
    view = _View(
        result=result,
        lang=lang,
        why=why,
        width=max(40, width),
        colour=colour,
        say=wording.screen(lang),
        facts={fact.id: fact for fact in result.facts},
        cells={cell.id: cell for cell in result.cells},
    )
    parts = (_head, _mismatches, _violated, _agreeing, _facts, _items, _warnings)
    return "\n".join(line for part in parts for line in part(view))


def _head(view: _View) -> list[str]:
    report, say, source = view.result.report, view.say, view.result.document.source
    title = one_line(report.title or source.path)
    who = one_line(report.agency) if report.agency else say["agency_unknown"]
    year = say["year"].format(year=report.year) if report.year else say["year_unknown"]
    facts = [who, year, say["template"].format(name=wording.template(report.template, view.lang))]
    if report.published:
        facts.append(say["published"].format(date=report.published))
    lines = [shorten(title, view.width), *wrap(facts, view.width, joint="  ")]
    return [*lines, _summary(view), *_summary_of_findings(view)]


def _summary(view: _View) -> str:
    verdicts = Counter(check.verdict for check in view.result.checks)
    if not verdicts:
        return view.say["summary_none"]
    return view.say["summary"].format(
        total=len(view.result.checks),
        agree=verdicts["match"],
        approximate=verdicts["approximate"],
        mismatch=verdicts["mismatch"],
    )


def _summary_of_findings(view: _View) -> list[str]:
    verdicts = Counter(finding.verdict for finding in view.result.findings)
    if not verdicts:
        return []
    counts = {name: verdicts[name] for name in ("holds", "violated", "unverifiable")}
    return [view.say["findings"].format(**counts)]


def _mismatches(view: _View) -> list[str]:
    checks = [check for check in view.result.checks if check.verdict == "mismatch"]
    if not checks:
        return []
    lines = view.heading("mismatches", len(checks))
    for check in checks:
        lines += _mismatch(check, view)
    return lines


def _mismatch(check: Check, view: _View) -> list[str]:
    say = view.say
    more = check.stated >= check.table
    gap = number(abs(check.stated - check.table))
    apart = say["stated_more" if more else "stated_less"].format(n=gap)
    lines = [f"  × {view.alarm(metrics.name(check.metric, view.lang))}  {apart}"]
    lines += _side(say["stated"], _stated(check, view), view)
    lines += _side(say["table"], _printed(check, view), view)
    return lines + (_told(check.message, view) if view.why and check.message else [])


def _stated(check: Check, view: _View) -> list[tuple[str, str]]:
    """Value and words of each fact of a check, those that differ from the table first."""
    facts = [view.facts[name] for name in check.facts if name in view.facts]
    facts.sort(key=lambda fact: (fact.value != check.stated, fact.value == check.table))
    rows = [(number(fact.value), view.quoted(fact.text, view.width - _MARGIN)) for fact in facts]
    return rows or [(number(check.stated), "")]


def _printed(check: Check, view: _View) -> list[tuple[str, str]]:
    """The table's value with its row; where it is a sum, the sum and then every part."""
    cells = [view.cells[name] for name in check.cells if name in view.cells]
    rows = [(cell.raw, _in_table(cell, view, view.width - _MARGIN)) for cell in cells]
    if len(cells) == 1:
        return [(number(check.table), rows[0][1])]
    return [(number(check.table), view.say["sum"] if cells else ""), *rows]


def _side(label: str, rows: list[tuple[str, str]], view: _View) -> list[str]:
    """正文  35  “收到申请35件”, the further values and quotes below the first."""
    start = f"      {label}  "
    margin = " " * width_of(start)
    lines = [f"{pad(value, 8, right=True)}  {words}".rstrip() for value, words in rows]
    shown = lines if view.why else lines[:_MOST_QUOTES]
    if len(shown) < len(lines):
        shown.append(f"{'':10}{view.say['more_quotes'].format(n=len(lines) - len(shown))}")
    return [(start if place == 0 else margin) + line for place, line in enumerate(shown)]


def _in_table(cell: Cell, view: _View, columns: int) -> str:
    """“本年新收政府信息公开申请数量”总计列 33: the row label, the column, what is printed."""
    end = f"{wording.applicant(cell.applicant, view.lang)} {one_line(cell.raw)}".rstrip()
    return view.quoted(cell.label, columns - width_of(end)) + end


def _told(message: str, view: _View) -> list[str]:
    return [f"      {line}" for line in fold(one_line(message), view.width - 6)]


def _violated(view: _View) -> list[str]:
    findings = [one for one in view.result.findings if one.verdict == "violated"]
    if not findings:
        return []
    lines = view.heading("violated", len(findings))
    for finding in findings:
        lines += _violation(finding, view)
    return lines


def _violation(finding: Finding, view: _View) -> list[str]:
    scope = view.say[f"scope_{finding.scope}"]
    rule = f"  [{finding.rule}]" if view.why or view.lang == "en" else ""
    lines = [f"  × {view.alarm(scope)}  {_printed_and_computed(finding, view)}{rule}".rstrip()]
    message = one_line(finding.message or finding.rule)
    lines += _told(message, view)
    quotes = [quote for quote in _evidence(finding, view) if quote not in message]
    shown = quotes if view.why else quotes[:_MOST_PARTS]
    if len(shown) < len(quotes):
        shown.append(view.say["more_quotes"].format(n=len(quotes) - len(shown)))
    wrapped = wrap(shown, view.width - 6, joint=view.say["list"])
    return lines + [f"      {line}" for line in wrapped]


def _printed_and_computed(finding: Finding, view: _View) -> str:
    if finding.stated is None or finding.computed is None:
        return ""
    return view.say["printed"].format(
        stated=number(finding.stated), computed=number(finding.computed)
    )


def _evidence(finding: Finding, view: _View) -> list[str]:
    """Rows and words that a relation rests on: what is set against the rest first, and of many
    rows those that are not 0. Rows with one label (行政复议, five times) go by their metric."""
    quotes = []
    cells = [view.cells[name] for name in finding.evidence if name in view.cells]
    alike = Counter((cell.label, cell.applicant) for cell in cells)
    long = len(finding.evidence) > _MOST_PARTS and not view.why
    for place, name in enumerate(finding.evidence):
        cell, fact = view.cells.get(name), view.facts.get(name)
        if cell and (place == 0 or cell.value != 0 or not long):
            if alike[cell.label, cell.applicant] > 1:
                quotes.append(f"{metrics.name(cell.metric, view.lang)} {one_line(cell.raw)}")
            else:
                quotes.append(_in_table(cell, view, view.width - 8))
        elif fact:
            quotes.append(view.quoted(fact.text, view.width - 8))
    return quotes


def _agreeing(view: _View) -> list[str]:
    lines: list[str] = []
    for verdict, key in (("match", "agreeing"), ("approximate", "approximating")):
        checks = [check for check in view.result.checks if check.verdict == verdict]
        names = [_agreement(check, view) for check in checks]
        if names:
            label = view.say[key]
            indent = " " * width_of(label)
            names[0] = label + names[0]
            lines += wrap(names, view.width, joint=view.say["list"], indent=indent)
    return ["", *lines] if lines else []


def _agreement(check: Check, view: _View) -> str:
    words = f"{metrics.name(check.metric, view.lang)} {number(check.table)}"
    return f"{words}（{one_line(check.message)}）" if view.why and check.message else words


def _facts(view: _View) -> list[str]:
    facts = view.result.facts
    shown = [fact for fact in facts if view.why or fact.metric != metrics.OTHER]
    if not facts:
        return []
    lines = view.heading("facts", len(facts))
    rows = [(fact, _name(fact, view), _value(fact)) for fact in shown]
    names = min(max((width_of(row[1]) for row in rows), default=0), view.width * 2 // 5)
    values = max((width_of(row[2]) for row in rows), default=0)
    if rows:
        say = view.say
        names = max(names, width_of(say["head_metric"]))
        values = max(values, width_of(say["head_value"]))
        head = f"{pad(say['head_metric'], names)}  {pad(say['head_value'], values, right=True)}"
        lines.append(f"    {head}  {say['head_words']}")
    lines += _groups(rows, names, values, view)
    if len(shown) < len(facts):
        lines.append(f"  {view.say['more_others'].format(n=len(facts) - len(shown))}")
    return lines


def _groups(
    rows: Iterable[tuple[Fact, str, str]], names: int, values: int, view: _View
) -> list[str]:
    groups: dict[int, list[str]] = {}
    for fact, name, value in rows:
        start = f"    {pad(shorten(name, names), names)}  {pad(value, values, right=True)}  "
        start += _marks(fact, view)
        row = start + shorten(one_line(fact.text), max(16, view.width - width_of(start)))
        group = groups.setdefault(wording.group_of(fact.metric), [])
        group += [row, *_reasons(fact, view)]
    return [
        line
        for place in sorted(groups)
        for line in (f"  {wording.group_name(place, view.lang)}", *groups[place])
    ]


def _name(fact: Fact, view: _View) -> str:
    if fact.metric == metrics.OTHER and fact.what:
        return one_line(fact.what)
    return metrics.name(fact.metric, view.lang)


def _value(fact: Fact) -> str:
    """近50000人次, 20余次: the value with its printed unit and qualifier; money, which may have been
    converted, and figures printed without a unit carry the metric's."""
    metric = metrics.load().get(fact.metric)
    unit = metric.unit if metric and (not fact.unit or fact.unit.endswith("元")) else fact.unit
    if not fact.qualifier:
        return number(fact.value) + unit
    if fact.qualifier in _AFTER_NUMBER:
        return number(fact.value) + fact.qualifier + unit
    if fact.qualifier in _AFTER_UNIT:
        return number(fact.value) + unit + fact.qualifier
    return fact.qualifier + number(fact.value) + unit


def _marks(fact: Fact, view: _View) -> str:
    """[2017年] [省财政厅] [目标]: what keeps a figure from being this year's own total."""
    marks = []
    if fact.year is not None and fact.year != view.result.report.year:
        marks.append(view.say["other_year"].format(year=fact.year))
    if fact.subject:
        marks.append(one_line(fact.subject))
    if fact.basis != "total":
        marks.append(view.say[f"basis_{fact.basis}"])
    return "".join(f"[{mark}] " for mark in marks)


def _reasons(record: Fact | Item, view: _View) -> list[str]:
    if not view.why:
        return []
    say = view.say
    method = say.get(f"method_{record.method}", record.method)
    parts = [method]
    if record.confidence > 0:
        parts.append(say["confidence"].format(percent=round(record.confidence * 100)))
    if isinstance(record, Fact) and record.low != record.high:
        interval = {"low": number(record.low), "high": number(record.high)}
        parts.append(say["interval"].format(**interval))
    parts += [one_line(reason) for reason in record.why]
    return [
        f"        {line}" for line in wrap(parts, view.width - 8, joint=say["clause"], indent="")
    ]


def _items(view: _View) -> list[str]:
    lines: list[str] = []
    for kind in ("problem", "plan", "remedy"):
        items = [item for item in view.result.items if item.kind == kind]
        if items:
            lines += view.heading(kind, len(items))
        for item in items:
            start = f"  {item.ordinal:>2}. "
            topic = f"  [{wording.topic(item.topic, view.lang)}]" if item.topic else ""
            room = view.width - len(start) - width_of(topic)
            lines += [f"{start}{shorten(one_line(item.text), room)}{topic}", *_reasons(item, view)]
    return lines


def _warnings(view: _View) -> list[str]:
    warnings = view.result.warnings
    if not warnings:
        return []
    if not view.why:
        return ["", view.say["warnings"].format(n=len(warnings))]
    lines = view.heading("warnings_listed", len(warnings))
    return [*lines, *(_warning(warning, view) for warning in warnings)]


def _warning(warning: ReadingWarning, view: _View) -> str:
    words = f"  {one_line(warning.message)}"
    if warning.start is None:
        return words
    place = view.say["place"].format(start=warning.start)
    quote = ""
    if warning.end is not None:
        quote = view.quoted(view.result.document.text[warning.start : warning.end], 40)
    return f"{words}  {place} {quote}".rstrip()
