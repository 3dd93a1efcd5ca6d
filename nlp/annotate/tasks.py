"""What is put to a person: a figure or an item of a report, what was guessed of it, and why it is asked.

A task is named by the report's hash and the place of the figure (`f12-15`: a figure or a denial;
`m12-20`: words marked by hand; `i40-88`: an item), so that its decisions outlive a new model.
All offsets are code points of the document; those of `Context.text` are called `at`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from nlp.metrics import OTHER
from nlp.records import Number

Reason = Literal["disagree", "border", "differs", "rest", "random", "dispute", "chosen"]
REASONS: tuple[Reason, ...] = ("disagree", "border", "differs", "rest")
ITEM_KINDS = ("problem", "plan", "remedy", "neither")
BASES = ("total", "average", "part", "to_date", "target")


@dataclass(frozen=True, slots=True)
class FactLabel:
    """What a figure states. `metric` is a code or `other`; `subject` None is the reporting body."""

    metric: str
    value: Number
    year: int | None
    subject: str | None = None
    basis: str = "total"


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What a stretch of words `start:end` of the document is."""

    kind: str
    topic: str | None
    start: int
    end: int


Label = FactLabel | ItemLabel


@dataclass(frozen=True, slots=True)
class Context:
    """The words a task was judged by, enough to learn from without the report. `text[at:end]` is
    the figure, its denial or the item; `year` and `agency` are the report's."""

    text: str
    at: int
    end: int
    heading: str
    year: int | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class RuleSays:
    """A rule that read the figure, and what it takes it for."""

    rule: str
    metric: str
    why: str


@dataclass(frozen=True, slots=True)
class TableSide:
    """What the statistics table prints for the metric; `verdict` None where it was not compared."""

    metric: str
    value: Number
    label: str
    verdict: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Task:
    """A question. `start:end` is the figure or item, `span` the words around it to be shown;
    `ranked` are the classifier's labels with probabilities (of an item its kinds), `topics` likewise;
    `distance` tells how far the classifier is from changing its mind (0: on the border)."""

    report: str
    key: str
    start: int
    end: int
    evidence: tuple[int, int]
    span: tuple[int, int]
    guess: tuple[Label, ...]
    context: Context
    reason: Reason = "rest"
    distance: float = 1.0
    method: str = ""
    confidence: float = 0.0
    unit: str = ""
    rules: tuple[RuleSays, ...] = ()
    ranked: tuple[tuple[str, float], ...] = ()
    topics: tuple[tuple[str, float], ...] = ()
    table: TableSide | None = None

    @property
    def name(self) -> str:
        """The name among all reports."""
        return f"{self.report}:{self.key}"

    @property
    def is_item(self) -> bool:
        return self.key.startswith("i")

    def because(self, reason: Reason) -> Task:
        return replace(self, reason=reason)


def said(labels: tuple[Label, ...]) -> str:
    """Labels as one word, for counting and comparing annotators: metrics (with what departs from
    the report's own total), or the kind of an item."""
    parts = []
    for label in labels:
        if isinstance(label, ItemLabel):
            parts.append(label.kind)
        elif label.metric == OTHER:
            parts.append(OTHER)
        else:
            more = [label.basis] if label.basis != "total" else []
            more += [f"@{label.year}"] if label.year is not None else []
            more += [f"#{label.subject}"] if label.subject else []
            parts.append(" ".join((label.metric, *more)))
    return "+".join(sorted(parts))


def label_json(label: Label) -> dict[str, Any]:
    return asdict(label)


def label_from_json(record: dict[str, Any]) -> Label:
    """Raises `TypeError` for fields that are missing or unknown."""
    return ItemLabel(**record) if "kind" in record else FactLabel(**record)
