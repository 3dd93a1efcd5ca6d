"""One annotator at work: which task is asked, and what each of the person's acts comes to."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import Any

from nlp.annotate import items
from nlp.annotate.agreement import disputed
from nlp.annotate.decisions import Decision, Log, Replay, Touched, now
from nlp.annotate.figures import table_free_task
from nlp.annotate.library import Entry, Library, Opened
from nlp.annotate.queue import Order, in_order, is_drawn, next_task
from nlp.annotate.requests import RequestError, fact_fields, item_kind, item_topic, metric_codes
from nlp.annotate.tasks import FactLabel, ItemLabel, Label, Task
from nlp.metrics import OTHER
from nlp.metrics import load as load_metrics
from nlp.numbers import convert, find_figures
from nlp.reading import fold
from nlp.records import Number

_GAP = 60  # characters between two items that may be one: an ordinal, a lead-in, no chapter
_KEY = re.compile(r"(?P<sort>[fmi])(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})")


@dataclass(frozen=True)
class Shown:
    """A task with its report, and what the annotator has said of it so far."""

    entry: Entry
    opened: Opened
    task: Task
    labels: tuple[Label, ...]
    done: bool

    @property
    def text(self) -> str:
        return self.opened.result.document.text


class Session:
    """The acts of one annotator. Every act is on the disk when its method returns."""

    def __init__(self, library: Library, log: Log, model: str) -> None:
        self.library, self.log, self.model = library, log, model
        self.lock = threading.RLock()
        self._order: tuple[int, Order] | None = None

    @property
    def own(self) -> Replay:
        return self.log.own

    # What is shown

    def next(self, queue: str = "all") -> Shown | None:
        """The next task of a queue: `all`, `disputes`, or `sentences` (those partly decided)."""
        with self.lock:
            self.log.catch_up()
            if queue == "disputes":
                return self._next_dispute()
            begun = self._begun() if queue == "sentences" else None
            wanted = (
                (lambda one: True) if begun is None else (lambda one: sentence_of(one) in begun)
            )
            task = self._undone() or next_task(self._in_order(), self.log, wanted)
            if queue == "all" and (task is None or task.name != self.own.undone):
                pending = self._pending()
                if pending is not None:
                    return self.show(pending, "rest")
            return self.show(task.name, task.reason) if task else None

    def _undone(self) -> Task | None:
        """The task that was undone last, until something else is decided."""
        task = self.library.find(self.own.undone)
        if task is None or self.own.is_done(task.name):
            return None
        return task.because("random") if is_drawn(task) else task

    def _in_order(self) -> Order:
        version = self.library.version
        if self._order is None or self._order[0] != version:
            self._order = (version, in_order(self.library.tasks()))
        return self._order[1]

    def _next_dispute(self) -> Shown | None:
        names = disputed(self.log)
        for name in sorted(names, key=lambda one: one != self.own.undone):
            if self.library.named(name.partition(":")[0]) is not None:
                return self.show(name, "dispute")
        return None

    def _pending(self) -> str | None:
        """What an edit left open: the item being edited, or the second half of one that was split."""
        return next(
            (
                touched.task
                for decision in reversed(self.own.held)
                if decision.action == "edit"
                for touched in decision.touched
                if self._is_open(touched.task)
            ),
            None,
        )

    def _is_open(self, name: str) -> bool:
        found = self.own.current(name)
        if found is None or found[1].done or found[0].action == "skip":
            return False
        return self.library.named(name.partition(":")[0]) is not None

    def _begun(self) -> set[tuple[str, tuple[int, int]]]:
        """The sentences of which a figure was decided."""
        tasks = (self.library.find(touched.task) for _, touched in self.own.settled())
        return {sentence_of(task) for task in tasks if task and not task.is_item}

    @property
    def done(self) -> int:
        """How many of the tasks at hand are decided."""
        return sum(self.library.find(one.task) is not None for _, one in self.own.settled())

    def show(self, name: str, reason: Any = "chosen") -> Shown:
        """A task by its name. Raises `RequestError` where there is none."""
        report, _, key = name.partition(":")
        entry = self.library.named(report)
        opened = self.library.open(entry) if entry else None
        if entry is None or opened is None:
            raise RequestError(f"没有这份报告：{report}")
        found = self.own.current(name)
        labels = found[1].labels if found else ()
        task = opened.tasks.get(key) or self._created(opened, key, name)
        task = replace(task, reason=reason)
        done = found is not None and found[1].done
        return Shown(entry, opened, task, labels or task.guess, done)

    def _created(self, opened: Opened, key: str, name: str) -> Task:
        """A task that no reader found: a part of an item that was split, or words marked by hand."""
        place = _KEY.fullmatch(key)
        known = any(name in replay.stacks for replay in self.log.all.values())
        if place is None or not (known or place["sort"] == "m" or name == self.own.undone):
            raise RequestError(f"没有这一处：{key[:40]}")
        start, end = int(place["start"]), int(place["end"])
        if not start < end <= opened.result.document.source.text_length:
            raise RequestError(f"没有这一处：{key}")
        if place["sort"] == "i":
            return items.item_task(
                opened.result, list(opened.passages), self.library.reader, opened.name,
                start, end,
            )  # fmt: skip
        return table_free_task(opened.result, opened.passages, opened.name, start, end)

    # Acts

    def decide_fact(self, shown: Shown, payload: dict[str, Any]) -> None:
        """Settle a figure. `payload` may name `metrics`, `year`, `subject`, `basis`; what it does not
        name stays as it was shown. Raises `RequestError`."""
        codes = metric_codes(payload)
        fields = fact_fields(payload)
        before = [one for one in shown.labels if isinstance(one, FactLabel)]
        if codes is None:
            labels = [replace(one, **fields) for one in before]
        else:
            labels = [replace(self._labelled(shown.task, code, before), **fields) for code in codes]
        self._record("decide", shown, (self._touched(shown.task, tuple(labels), done=True),))

    def _labelled(self, task: Task, code: str, before: list[FactLabel]) -> FactLabel:
        for label in before:
            if label.metric == code:
                return label
        model = before[0] if before else FactLabel(OTHER, 0, task.context.year)
        return replace(model, metric=code, value=value_of(task, code))

    def decide_item(self, shown: Shown, payload: dict[str, Any]) -> None:
        """Settle an item as it stands, or as the `kind` and `topic` of the payload say."""
        label = self._item(shown)
        kind = item_kind(payload) or label.kind
        topic = item_topic(payload) or label.topic
        label = replace(label, kind=kind, topic=None if kind == "neither" else topic)
        self._record("decide", shown, (self._touched_item(shown, shown.task, label, done=True),))

    def edit_item(self, shown: Shown, payload: dict[str, Any]) -> None:
        """Change kind, topic or border, merge with the next item, or split: not yet settled."""
        label = self._item(shown)
        operation = payload.get("edit")
        if operation in ("start", "end"):
            steps = payload.get("steps")
            if steps not in (-1, 1):
                raise RequestError("steps 只能是 1 或 -1")
            changed = items.moved(shown.text, label, operation, steps)
            if changed is None:
                raise RequestError("不能再移了")
            touched = [self._touched_item(shown, shown.task, changed)]
        elif operation == "kind":
            changed = replace(label, kind=item_kind(payload) or label.kind)
            touched = [self._touched_item(shown, shown.task, changed)]
        elif operation == "topic":
            changed = replace(label, topic=item_topic(payload))
            touched = [self._touched_item(shown, shown.task, changed)]
        elif operation == "merge":
            touched = self._merged(shown, label)
        elif operation == "split":
            touched = self._split(shown, label, payload.get("place"))
        else:
            raise RequestError(f"没有这种改法：{operation}")
        self._record("edit", shown, tuple(touched))

    def add_item(self, opened: Opened, start: int, end: int) -> Shown:
        """An item that no reader found, in the words `start:end`: not yet settled."""
        entry = self.library.named(opened.name)
        if entry is None:
            raise RequestError("没有这份报告")
        task = items.item_task(
            opened.result, list(opened.passages), self.library.reader, opened.name, start, end
        )
        shown = Shown(entry, opened, task.because("chosen"), task.guess, False)
        if task.key not in opened.tasks and self.own.current(task.name) is None:
            label = self._item(shown)
            self._record("edit", shown, (self._touched_item(shown, task, label),))
        return self.show(task.name)

    def _merged(self, shown: Shown, label: ItemLabel) -> list[Touched]:
        following = self.following(shown, label)
        if following is None:
            raise RequestError("后面没有可以合并的条目")
        name, other = following
        whole = replace(label, end=max(label.end, other.end))
        return [self._touched_item(shown, shown.task, whole), Touched(name, (), done=True)]

    def following(self, shown: Shown, label: ItemLabel) -> tuple[str, ItemLabel] | None:
        """The item right behind one, as the annotator has left it."""
        found = []
        for name, other in self.item_labels(shown.opened):
            if name != shown.task.name and 0 <= other.start - label.end <= _GAP:
                found.append((other.start, name, other))
        return min(found)[1:] if found else None

    def item_labels(self, opened: Opened) -> list[tuple[str, ItemLabel]]:
        """The items of a report as the annotator has left them, those swallowed left out."""
        labels: dict[str, tuple[Label, ...]] = {
            task.name: task.guess for task in opened.tasks.values() if task.is_item
        }
        for name, stack in self.own.stacks.items():
            if name.startswith(f"{opened.name}:i"):
                labels[name] = stack[-1][1].labels or (
                    () if stack[-1][1].done else labels.get(name, ())
                )
        return [
            (name, label)
            for name, said in labels.items()
            for label in said
            if isinstance(label, ItemLabel)
        ]

    def _split(self, shown: Shown, label: ItemLabel, place: Any) -> list[Touched]:
        two = items.split(shown.text, label, place) if isinstance(place, int) else None
        if two is None:
            raise RequestError("不能在这里切分")
        key = f"i{two[1].start}-{two[1].end}"
        task = replace(shown.task, key=key)
        return [
            self._touched_item(shown, shown.task, two[0]),
            self._touched_item(shown, task, two[1]),
        ]

    def skip(self, shown: Shown) -> None:
        self._record("skip", shown, (Touched(shown.task.name, (), done=False),))

    def undo(self) -> str | None:
        """Take back the last act that was not taken back; the name of its task, None where nothing
        is left."""
        with self.lock:
            self.log.catch_up()
            if not self.own.held:
                return None
            self.log.append(Decision("undo", self.log.by, now()))
            return self.own.undone

    def _item(self, shown: Shown) -> ItemLabel:
        label = next((one for one in shown.labels if isinstance(one, ItemLabel)), None)
        if label is None:
            raise RequestError("这一处不是条目")
        return label

    def _touched(self, task: Task, labels: tuple[Label, ...], *, done: bool) -> Touched:
        return Touched(task.name, labels, done, task.context)

    def _touched_item(
        self, shown: Shown, task: Task, label: ItemLabel, *, done: bool = False
    ) -> Touched:
        read = items.item_task(
            shown.opened.result, list(shown.opened.passages), None, task.report,
            label.start, label.end,
        )  # fmt: skip
        return Touched(task.name, (label,), done, read.context)

    def _record(self, action: Any, shown: Shown, touched: tuple[Touched, ...]) -> None:
        task = shown.task
        with self.lock:
            self.log.append(
                Decision(
                    action, self.log.by, now(), shown.entry.path.name, self.model, task.reason,
                    task.guess, task.ranked[0] if task.ranked else None, touched,
                )
            )  # fmt: skip


def sentence_of(task: Task) -> tuple[str, tuple[int, int]]:
    """The report and sentence of a figure."""
    return task.report, task.span


def value_of(task: Task, code: str) -> Number:
    """The printed figure in the unit of a metric; 0 of what denies."""
    words = fold(task.context.text[task.context.at : task.context.end])
    figures = find_figures(words)
    if not figures:
        return 0
    metric = load_metrics().get(code)
    money = metric is not None and metric.unit in ("元", "万元") and figures[0].unit.endswith("元")
    return convert(figures[0], metric.unit).value if money and metric else figures[0].value
