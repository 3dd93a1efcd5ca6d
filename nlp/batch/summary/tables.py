"""A summary as tables of words, for the screen and for the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nlp.batch.summary.tallies import Often, Outcomes, Summary
from nlp.batch.summary.wording import words
from nlp.between import wording as compared
from nlp.metrics import Lang, name
from nlp.output import wording
from nlp.output.columns import one_line
from nlp.output.tabular import NOTHING, Row, Table

Say = Mapping[str, str]
_WHOLE = frozenset({"between", "relations", "years"})  # never so many rows that some are left out
FORMS = ("2014", "2019", "2021", "local", None)


def heading(summary: Summary, lang: Lang) -> str:
    """The batch in one sentence."""
    say, head = words(lang), summary.head
    if not head.reports and not head.failed:
        return say["empty"]
    years = say["no_years"]
    if head.first_year is not None:
        years = say["years_of"].format(first=head.first_year, last=head.last_year)
    return say["head"].format(
        reports=head.reports, agencies=head.agencies, years=years, facts=head.facts,
        cells=head.cells, failed=head.failed,
    )  # fmt: skip


def sections(summary: Summary, lang: Lang, most: int) -> list[tuple[str, list[Table]]]:
    """Every section that has something to tell, with its table; of long ones the first `most` rows."""
    say = words(lang)
    made: list[tuple[str, list[Table]]] = []
    for section, build in _SECTIONS.items():
        table = build(summary, say, lang)
        if table.rows:
            whole = section in _WHOLE
            made.append((say[section], [table if whole else _first(table, most, say)]))
    return made


def _first(table: Table, most: int, say: Say) -> Table:
    if len(table.rows) <= most:
        return table
    more = say["more"].format(n=len(table.rows) - most)
    note = f"{table.note}  {more}".strip()
    return Table(table.title, table.head, table.rows[:most], note)


def _years(summary: Summary, say: Say, lang: Lang) -> Table:
    counts = {(year, form): n for year, form, n in summary.years}
    years = list(dict.fromkeys(year for year, _, _ in summary.years))
    forms = [form for form in FORMS if any((year, form) in counts for year in years)]
    rows = [
        (
            str(year) if year else say["unknown"],
            *(_count(counts.get((year, form), 0)) for form in forms),
            _count(sum(counts.get((year, form), 0) for form in forms)),
        )
        for year in years
    ]
    head = (say["year"], *(wording.template(form, lang) for form in forms), say["all"])
    return Table(say["years"], head, tuple(rows))


def _coverage(summary: Summary, say: Say, lang: Lang) -> Table:
    total = summary.head.reports
    rows = [
        (
            name(one.metric, lang),
            *map(_count, (one.both, one.table, one.prose)),
            _count(total - one.both - one.table - one.prose),
            percent(one.both + one.table + one.prose, total),
        )
        for one in summary.coverage
    ]
    head = ("metric", "both", "only_table", "only_prose", "neither", "share")
    return Table(say["coverage"], _say(say, head), tuple(rows))


def _agreement(summary: Summary, say: Say, lang: Lang) -> Table:
    rows = []
    for one in summary.agreement:
        checked = one.match + one.approximate + one.mismatch
        counts = (checked, one.match, one.approximate, one.mismatch)
        agreeing = percent(checked - one.mismatch, checked)
        rows.append((name(one.metric, lang), *map(_count, counts), agreeing))
    checked = sum(one.match + one.approximate + one.mismatch for one in summary.agreement)
    differing = sum(one.mismatch for one in summary.agreement)
    note = say["not_agreeing"].format(
        checked=checked, mismatch=differing, share=percent(differing, checked)
    )
    head = ("metric", "checked", "match", "approximate", "mismatch", "agree_share")
    return Table(say["agreement"], _say(say, head), tuple(rows), note if rows else "")


def _relations(summary: Summary, say: Say, lang: Lang) -> Table:
    scopes = wording.screen(lang)
    rows = [(scopes[f"scope_{one.name}"], *_outcomes(one)[:3]) for one in summary.relations]
    head = ("scope", "violated", "unverifiable", "holds")
    return Table(say["relations"], _say(say, head), tuple(rows))


def _between(summary: Summary, say: Say, lang: Lang) -> Table:
    rows = [(compared.rule(one.name, lang), *_outcomes(one)) for one in summary.between]
    head = ("rule", "violated", "unverifiable", "holds", "note")
    return Table(say["between"], _say(say, head), tuple(rows))


def _topics(summary: Summary, say: Say, lang: Lang) -> Table:
    rows = [
        (
            wording.topic(one.topic, lang) if one.topic else say["no_topic"],
            *map(_count, (one.problems, one.reports, one.plans, one.remedies)),
        )
        for one in summary.topics
    ]
    head = ("topic", "problems", "reports_with", "plans", "remedies")
    return Table(say["topics"], _say(say, head), tuple(rows))


def _times(summary: Summary, say: Say, lang: Lang) -> Table:
    times = summary.times
    if times is None:
        return Table(say["times"])
    rows = [(f"{seconds:.2f}", f"{length:,}", path) for path, seconds, length in times.slowest]
    note = say["times_note"].format(median=times.median, most=times.most, longest=times.longest)
    return Table(say["times"], _say(say, ("seconds", "characters", "path")), tuple(rows), note)


def _warnings(summary: Summary, say: Say, lang: Lang) -> Table:
    head = _say(say, ("code", "count", "reports", "example"))
    return Table(say["warnings"], head, _often(summary.warnings))


def _errors(summary: Summary, say: Say, lang: Lang) -> Table:
    head = _say(say, ("code", "count", "files", "example"))
    return Table(say["errors"], head, _often(summary.errors))


def _often(found: Sequence[Often]) -> tuple[Row, ...]:
    return tuple(
        (one.code, _count(one.count), _count(one.reports), one_line(one.example)) for one in found
    )


def _outcomes(one: Outcomes) -> Row:
    return tuple(map(_count, (one.violated, one.unverifiable, one.holds, one.note)))


def _say(say: Say, keys: Sequence[str]) -> Row:
    return tuple(say[key] for key in keys)


def _count(number: int) -> str:
    return f"{number:,}" if number else NOTHING


def percent(part: int, whole: int) -> str:
    """A share; a dash of nothing. What is not all never rounds to 100 %."""
    if not whole:
        return NOTHING
    share = 100 * part / whole
    return f"{min(share, 99.9) if part < whole else share:.1f}%"


_SECTIONS: Mapping[str, Callable[[Summary, Say, Lang], Table]] = {
    "agreement": _agreement,
    "between": _between,
    "relations": _relations,
    "years": _years,
    "coverage": _coverage,
    "topics": _topics,
    "errors": _errors,
    "warnings": _warnings,
    "times": _times,
}
