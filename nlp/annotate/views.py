"""What the templates show, worked out beforehand: cards of a task, and the head of every page."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nlp.annotate import items, words
from nlp.annotate.agreement import answers
from nlp.annotate.figures import GUESSES
from nlp.annotate.session import Session, Shown, value_of
from nlp.annotate.tasks import BASES, ITEM_KINDS, FactLabel, ItemLabel, RuleSays, Task
from nlp.metrics import OTHER
from nlp.output.columns import number
from nlp.output.wording import topic_codes
from nlp.reading import fold

_AROUND = 240  # characters shown before and behind a sentence
_LEAST = 0.001  # guesses less probable than that are left to the search


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters, with the classes of the marks that they stand in."""

    text: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, beside it, its key, and what it sends."""

    name: str
    note: str
    key: str
    act: str
    current: bool = False


def act(name: str, **fields: Any) -> str:
    """What a button sends, as JSON."""
    return json.dumps({"act": name, **fields}, ensure_ascii=False)


def card(session: Session, shown: Shown) -> dict[str, Any]:
    """Everything that the card of a task shows."""
    task = shown.task
    common = {
        "task": task,
        "report": shown.opened.result.report,
        "entry": shown.entry,
        "headings": _headings(shown),
        "pieces": around(shown),
        "reason": words.REASONS[task.reason],
        "done": shown.done,
        "method": words.METHODS.get(task.method, task.method),
        "others": _others(session, shown) if task.reason == "dispute" else [],
    }
    return common | (_item_card(session, shown) if task.is_item else _fact_card(shown))


def _fact_card(shown: Shown) -> dict[str, Any]:
    task, year = shown.task, shown.opened.result.report.year
    labels = [one for one in shown.labels if isinstance(one, FactLabel)]
    first = labels[0]
    named = [one.metric for one in labels]
    return {
        "kind": "fact",
        "label": words.metrics("+".join(named)),
        "is_other": named == [OTHER],
        "value": _value(task, labels),
        "first": first,
        "year": year,
        "bases": [(code, words.BASES[code]) for code in BASES],
        "guesses": list(_guesses(task, named)),
        "rules": _by_metric(task.rules),
        "classifier": task.ranked[0] if task.ranked else None,
        "table": task.table or _table_of(shown, named),
        "verdict": words.VERDICTS.get(task.table.verdict or "") if task.table else None,
        "metrics_now": json.dumps(named),
        "guess": words.labels(task.guess, year),
    }


def _by_metric(rules: tuple[RuleSays, ...]) -> list[tuple[str, list[RuleSays]]]:
    """Who says what: several rules often say the same."""
    found: dict[str, list[RuleSays]] = {}
    for rule in rules:
        found.setdefault(rule.metric, []).append(rule)
    return [(words.metrics(metric), says) for metric, says in found.items()]


def _value(task: Task, labels: list[FactLabel]) -> str:
    """The figure as printed, with its value where the words do not show it (17.46万条 is 174600)."""
    printed = task.context.text[task.context.at : task.context.end]
    digits = fold(printed).replace(",", "")
    values = dict.fromkeys(
        number(one.value) + words.unit(one.metric) for one in labels if one.metric != OTHER
    )
    told = all(number(one.value) in digits for one in labels) or not values
    return words.printable(printed if told else f"{printed} = {'、'.join(values)}")


def _table_of(shown: Shown, named: list[str]) -> Any:
    sides = (shown.opened.tables.printed(code) for code in named)
    return next((side for side in sides if side), None)


def _guesses(task: Task, named: list[str]) -> Iterable[Choice]:
    """The next best labels: those of the rules, then the classifier's."""
    probability = dict(task.ranked)
    labels = [one.metric for one in task.rules]
    labels += [label for label, chance in task.ranked if chance >= _LEAST]
    offered = [one for one in dict.fromkeys(labels) if one not in ("+".join(named), OTHER)]
    for place, label in enumerate(offered[:GUESSES], start=1):
        chance = probability.get(label)
        by_rule = any(one.metric == label for one in task.rules)
        notes = ["规则"] if by_rule else []
        notes += [f"分类器 {words.sureness(chance)}"] if chance is not None else []
        codes = label.split("+")
        value = value_of(task, codes[0])
        yield Choice(
            words.metrics(label), f"{number(value)}{words.unit(codes[0])} · {'，'.join(notes)}",
            str(place), act("decide", metrics=codes),
        )  # fmt: skip


def _item_card(session: Session, shown: Shown) -> dict[str, Any]:
    task = shown.task
    label = next(one for one in shown.labels if isinstance(one, ItemLabel))
    chances = dict(task.ranked)
    kinds = [
        Choice(
            words.KINDS[kind], words.sureness(chances[kind]) if kind in chances else "", str(place),
            act("edit", edit="kind", kind=kind), kind == label.kind,
        )
        for place, kind in enumerate(ITEM_KINDS, start=1)
    ]  # fmt: skip
    likely = [code for code, _ in task.topics if code != label.topic][: GUESSES - len(kinds)]
    chances = dict(task.topics)
    topics = [
        Choice(
            words.topic(code), words.sureness(chances[code]), str(place),
            act("edit", edit="topic", topic=code),
        )
        for place, code in enumerate(likely, start=len(kinds) + 1)
    ]  # fmt: skip
    text = shown.text
    return {
        "kind": "item",
        "label": words.KINDS[label.kind],
        "topic": words.topic(label.topic) if label.topic else "",
        "item": label,
        "kinds": kinds,
        "topics": topics,
        "all_topics": [(code, words.topic(code)) for code in topic_codes()],
        "moves": _moves(text, label),
        "following": session.following(shown, label) is not None,
        "clauses": [words.printable(text[a:b]) for a, b in items.parts(text, label)],
        "guess": words.labels(task.guess, None),
    }


def _moves(text: str, label: ItemLabel) -> list[dict[str, Any]]:
    """The four moves of a border, each with whether it can be made."""
    ways = (
        ("start", -1, "开头往前一句", "Shift+ArrowLeft", "Shift+←"),
        ("start", 1, "开头往后一句", "Shift+ArrowRight", "Shift+→"),
        ("end", -1, "结尾往前一句", "ArrowLeft", "←"),
        ("end", 1, "结尾往后一句", "ArrowRight", "→"),
    )
    return [
        {
            "name": name, "key": key, "shown": shown, "act": act("edit", edit=border, steps=steps),
            "possible": items.moved(text, label, border, steps) is not None,
        }
        for border, steps, name, key, shown in ways
    ]  # fmt: skip


def _headings(shown: Shown) -> list[str]:
    return [
        words.printable(" ".join(section.heading.split()))
        for section in shown.opened.result.sections
        if section.start <= shown.task.start < section.end
    ]


def _others(session: Session, shown: Shown) -> list[tuple[str, str]]:
    """Who said what of a disputed task."""
    year = shown.opened.result.report.year
    said_of = answers(session.log).get(shown.task.name, [])
    return [(decision.by, words.labels(touched.labels, year)) for decision, touched in said_of]


def around(shown: Shown) -> list[Piece]:
    """The paragraph of a task with the sentence, the evidence and the figure marked."""
    task, text = shown.task, shown.text
    spans = {"sentence": task.span, "evidence": task.evidence, "figure": (task.start, task.end)}
    if task.is_item:
        label = next(one for one in shown.labels if isinstance(one, ItemLabel))
        spans = {"item": (label.start, label.end)}
    first = min(start for start, _ in spans.values())
    last = max(end for _, end in spans.values())
    low, high = _paragraph(shown, first, last)
    found = pieces(text, max(low, first - _AROUND), min(high, last + _AROUND), spans)
    before = [Piece("…")] if low < first - _AROUND else []
    behind = [Piece("…")] if high > last + _AROUND else []
    return [*before, *found, *behind]


def _paragraph(shown: Shown, first: int, last: int) -> tuple[int, int]:
    """The paragraphs from the one that holds `first` to the one that holds `last`; of an item also
    the one before and the one behind, since a border may be moved there."""
    passages = shown.opened.passages
    starts = [passage.offsets[0] for passage in passages]
    more = int(shown.task.is_item)
    before = max(0, bisect_right(starts, first) - 1 - more)
    behind = min(len(passages) - 1, max(0, bisect_left(starts, last) - 1 + more))
    if not passages:
        return first, last
    return min(first, starts[before]), max(last, passages[behind].offsets[-1] + 1)


def pieces(text: str, low: int, high: int, spans: dict[str, tuple[int, int]]) -> list[Piece]:
    """`text[low:high]` cut at the borders of the spans."""
    cuts = {low, high}
    for start, end in spans.values():
        cuts |= {at for at in (start, end) if low < at < high}
    places = sorted(cuts)
    return [
        Piece(
            words.printable(text[a:b]),
            " ".join(name for name, (start, end) in spans.items() if start <= a and b <= end),
        )
        for a, b in pairwise(places)
    ]


def head(session: Session) -> dict[str, Any]:
    """The line on top of every page: how far one is."""
    own = session.own
    read = [entry for entry in session.library.entries if entry.is_read]
    total, done = sum(len(entry.tasks) for entry in read), session.done
    return {
        "by": session.log.by,
        "done": done,
        "left": total - done,
        "total": total,
        "read": len(read),
        "reports": len(session.library.entries),
        "can_undo": bool(own.held),
    }
