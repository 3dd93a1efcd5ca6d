"""The results of each section as tables of words, for the screen and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nlp import metrics
from nlp.bootstrap import Interval
from nlp.evaluate.answers import BOTH, CLASSIFIER, RULES, SCOPES, SYSTEMS
from nlp.evaluate.bundled import Bundled
from nlp.evaluate.calibration import Reliability
from nlp.evaluate.confusion import Confusion, Confusions
from nlp.evaluate.fact_scores import KINDS, FactScores
from nlp.evaluate.groups import Group, GroupScores
from nlp.evaluate.item_scores import ItemScores, Taken, Topics
from nlp.evaluate.learning_curve import Point
from nlp.evaluate.masking import Masking
from nlp.evaluate.wording import words
from nlp.metrics import OTHER, Lang
from nlp.output.tabular import NOTHING, Row, Table
from nlp.scoring import Counts
from nlp.suspicious import Contradiction, Suspicious

_MOST = 30


def tables(section: str, result: Any, lang: Lang, most: int | None = _MOST) -> list[Table]:
    """The tables of a section; of long lists the first `most` rows."""
    say = words(lang)
    made: list[Table] = _SECTIONS[section](result, say, lang)
    return [_first(table, most, say) for table in made]


def _first(table: Table, most: int | None, say: Mapping[str, str]) -> Table:
    if most is None or len(table.rows) <= most:
        return table
    more = say["more"].format(n=len(table.rows) - most)
    note = f"{table.note}  {more}".strip()
    return Table(table.title, table.head, table.rows[:most], note)


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}%"


def precision(counts: Counts) -> str:
    return percent(counts.precision if counts.right + counts.wrong else None)


def recall(counts: Counts) -> str:
    return percent(counts.recall if counts.needed else None)


def f1(counts: Counts) -> str:
    return percent(counts.f1 if counts.right + counts.wrong + counts.needed else None)


def metric_name(code: str, lang: Lang, other: str) -> str:
    """The metric's name; `other` says what it means that there is none."""
    return other if code == OTHER else metrics.name(code, lang)


def _counts(counts: Counts) -> Row:
    numbers = (counts.needed, counts.right, counts.wrong)
    return (*map(str, numbers), precision(counts), recall(counts), f1(counts))


def _count_heads(say: Mapping[str, str]) -> Row:
    return tuple(say[key] for key in ("needed", "right", "wrong", "precision", "recall", "f1"))


def _facts(result: FactScores, say: Mapping[str, str], lang: Lang) -> list[Table]:
    def spread(groups: Mapping[str, Mapping[str, Counts]], names: Iterable[str]) -> tuple[Row, ...]:
        return tuple(
            (say[name], say[system], *_counts(groups[name][system]))
            for name in names
            for system in SYSTEMS
        )

    heads = _count_heads(say)
    metric_rows = tuple(
        (metrics.name(metric, lang), *_systems(counts)) for metric, counts in result.metrics.items()
    )
    return [
        Table(say["facts"], (say["scope"], say["system"], *heads), spread(result.scopes, SCOPES)),
        Table(say["gains"], (say["scope"], "", say["gain"], say["interval"]), _gains(result, say)),
        Table(say["by_kind"], (say["kind"], say["system"], *heads), spread(result.kinds, KINDS)),
        Table(say["by_metric"], (say["metric"], *_system_heads(say)), metric_rows),
    ]


def _gains(result: FactScores, say: Mapping[str, str]) -> tuple[Row, ...]:
    def bounds(one: Interval) -> Row:
        return f"{100 * one.difference:+.1f}", f"{100 * one.low:+.1f} … {100 * one.high:+.1f}"

    return tuple(
        (say[scope], say[f"over_{other}"], *bounds(gain))
        for scope, gains in result.gains.items()
        for other, gain in gains.items()
    )


def _system_heads(say: Mapping[str, str]) -> Row:
    alone = (f"{say[RULES]} F1", f"{say[CLASSIFIER]} F1")
    return (say["needed"], *alone, *(f"{say[BOTH]} {letter}" for letter in ("P", "R", "F1")))


def _systems(counts: Mapping[str, Counts]) -> Row:
    both = counts[BOTH]
    alone = (f1(counts[RULES]), f1(counts[CLASSIFIER]))
    return (str(both.needed), *alone, precision(both), recall(both), f1(both))


def _items(result: ItemScores, say: Mapping[str, str], lang: Lang) -> list[Table]:
    rows = tuple(
        (say[system], say[kind], *_counts(counts))
        for system, kinds in result.items.items()
        for kind, counts in kinds.items()
    )
    topics = [(say[name], *_topics(one)) for name, one in result.topics.items()]
    topics.append((say["clauses_alone"], *_topics(result.clause_topics)))
    heads = (say["system"], *(say[key] for key in ("marked", "given", "topic_accuracy")), "")
    return [
        Table(
            say["items_of"].format(n=result.reports),
            (say["system"], say["kind"], *_count_heads(say)), rows,
        ),
        Table(say["topics"], heads, tuple(topics)),
        _kinds(say["kinds"], result.kinds["with_reader"], say),
        _kinds(say["clause_kinds"], result.clause_kinds, say),
    ]  # fmt: skip


def _topics(one: Topics) -> Row:
    share = one.right / one.given if one.given else None
    return str(one.marked), str(one.given), str(one.right), percent(share)


def _kinds(title: str, taken: Sequence[Taken], say: Mapping[str, str]) -> Table:
    """A row for each marked kind, a column for each predicted one."""
    kinds = ("problem", "plan", "remedy", "neither")
    counts = {(one.true, one.predicted): one.count for one in taken}
    rows = tuple(
        (say[true], *(str(counts.get((true, said), 0)) for said in kinds)) for true in kinds
    )
    return Table(title, (f"{say['true']} ↓ {say['predicted']} →", *(say[k] for k in kinds)), rows)


def _groups(result: GroupScores, say: Mapping[str, str], lang: Lang) -> list[Table]:
    def table(title: str, groups: Sequence[Group]) -> Table:
        rows = tuple((one.name, str(one.texts), *_systems(one.counts)) for one in groups)
        return Table(say[title], (say["group"], say["texts"], *_system_heads(say)), rows)

    return [
        table("templates", result.templates),
        table("layouts", result.layouts),
        table("years", result.years),
    ]


def _confusion(result: Confusions, say: Mapping[str, str], lang: Lang) -> list[Table]:
    return [
        _confused(say["confusions"], result.pairs, say, lang),
        _confused(say["between"], result.between, say, lang),
    ]


def _confused(title: str, pairs: Sequence[Confusion], say: Mapping[str, str], lang: Lang) -> Table:
    heads = tuple(say[key] for key in ("true", "predicted", "count", "example"))
    rows = tuple(
        (
            metric_name(one.true, lang, say["other_true"]),
            metric_name(one.predicted, lang, say["unread"]),
            str(one.count),
            one.example,
        )
        for one in pairs
    )
    return Table(title, heads, rows)


def _curve(result: Sequence[Point], say: Mapping[str, str], lang: Lang) -> list[Table]:
    heads = ("share", "texts", "figures", "classifier_f1", "both_f1")
    rows = tuple(
        (
            f"{100 * one.share:g}%",
            str(one.texts),
            str(one.figures),
            f1(one.counts[CLASSIFIER]),
            f1(one.counts[BOTH]),
        )
        for one in result
    )
    return [Table(say["curve"], tuple(say[key] for key in heads), rows)]


def _masking(result: Masking, say: Mapping[str, str], lang: Lang) -> list[Table]:
    def row(name: str, counts: Mapping[str, Counts]) -> Row:
        whole = counts["all"]
        apart = (f"{precision(counts[s])}/{recall(counts[s])}" for s in SCOPES[1:])
        numbers = (whole.needed, whole.right, whole.wrong)
        return (name, *map(str, numbers), precision(whole), recall(whole), *apart)

    rows = [row(metrics.name(one.metric, lang), one.counts) for one in result.metrics]
    rows.append(row(say["mask_sum"], result.totals))
    shown = {
        scope: say["reached_of"].format(reached=one.reached, of=one.of)
        for scope, one in result.reached.items()
    }
    keys = (
        "metric",
        "needed",
        "right",
        "wrong",
        "precision",
        "recall",
        "reports_pr",
        "sentences_pr",
    )
    heads = tuple(say[key] for key in keys)
    return [Table(say["masked"], heads, tuple(rows), say["reached"].format(**shown))]


def _calibration(
    result: Mapping[str, Reliability], say: Mapping[str, str], lang: Lang
) -> list[Table]:
    heads = tuple(say[key] for key in ("bin", "count", "stated", "true_share"))
    return [
        Table(
            say[f"reliability_{name}"],
            heads,
            tuple(
                (f"{one.low:.1f}–{one.high:.1f}", str(one.count), percent(one.stated), percent(one.right))
                for one in model.bins
            ),
            say["calibration_note"].format(
                n=model.examples,
                accuracy=percent(model.accuracy),
                error=percent(model.error),
                error_of_bins=percent(model.error_of_bins),
            ),
        )
        for name, model in result.items()
    ]  # fmt: skip


def _bundled(result: Mapping[str, Bundled], say: Mapping[str, str], lang: Lang) -> list[Table]:
    keys = ("system", "reports", "recorded", "found", "clean", "false_alarms", "beyond")
    rows = tuple(
        (
            say[name],
            *map(str, (one.reports, one.recorded, one.found, one.clean)),
            *map(str, (len(one.on_clean), len(one.beyond))),
        )
        for name, one in result.items()
    )
    made = [Table(say["bundled"], tuple(say[key] for key in keys), rows)]
    wrong = tuple(
        (say[name], one.file, what, one.words)
        for name, both in result.items()
        for what, ones in (
            (say["missed"], both.missed),
            (say["false_alarms"], both.on_clean),
            (say["beyond"], both.beyond),
        )
        for one in ones
    )
    heads = (say["system"], say["file"], say["what"], "")
    return [*made, Table(say["missed_ones"], heads, wrong)] if wrong else made


def _suspicious(result: Suspicious, say: Mapping[str, str], lang: Lang) -> list[Table]:
    rows = tuple(row for one in result.contradictions for row in _contradiction(one, lang))
    title = say["contradictions"].format(n=len(result.contradictions))
    heads = tuple(say[key] for key in ("contradicted", "label", "count", "text_id"))
    contradicted = Table(title, heads, rows)
    if result.doubts is None:
        return [Table(say["doubts_skipped"]), contradicted]
    heads = tuple(say[key] for key in ("probability", "label", "predicted", "text_id", "words"))
    doubts = tuple(
        (
            f"{one.probability:.3f}",
            _label(one.label, lang),
            _label(one.predicted, lang),
            one.text_id,
            one.words,
        )
        for one in result.doubts
    )
    return [Table(say["doubts"].format(n=len(doubts)), heads, doubts), contradicted]


def _label(label: str, lang: Lang) -> str:
    """A label may join several metrics."""
    return "+".join(metrics.name(code, lang) for code in label.split("+"))


def _contradiction(one: Contradiction, lang: Lang) -> list[Row]:
    """A row for each label, the wording in the first."""
    return [
        (one.wording if place == 0 else "", _label(said.label, lang), str(said.count), said.text_id)
        for place, said in enumerate(one.labels)
    ]


_SECTIONS: dict[str, Callable[[Any, Mapping[str, str], Lang], list[Table]]] = {
    "facts": _facts,
    "items": _items,
    "groups": _groups,
    "confusion": _confusion,
    "learning_curve": _curve,
    "masking": _masking,
    "calibration": _calibration,
    "bundled": _bundled,
    "suspicious": _suspicious,
}


def heading(head: Mapping[str, Any], lang: Lang) -> str:
    """What was judged, in one line."""
    say = words(lang)
    return say["head"].format(
        side=say[f"side_{head['side']}"], model=head["model"]["version"], **head["texts"]
    )
